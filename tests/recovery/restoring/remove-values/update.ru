PREFIX ex: <https://example.org/ns#> PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
DELETE WHERE { ?s ex:tags "quick" } ; DELETE WHERE { ?s ex:price ?p } ; DELETE WHERE { ?s ex:next ?n } ; DELETE WHERE { ?s <https://w3id.org/owltype/key#other> ?o }
