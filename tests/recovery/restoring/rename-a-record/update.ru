PREFIX ex: <https://example.org/ns#> PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
DELETE { <https://example.org/rice/> ?p ?o } INSERT { <https://example.org/brown-rice/> ?p ?o } WHERE { <https://example.org/rice/> ?p ?o }
