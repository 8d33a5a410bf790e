PREFIX ex: <https://example.org/ns#> PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
DELETE { ?s ex:text ?t } INSERT { ?s ex:text "Another text." } WHERE { ?s ex:text ?t }
