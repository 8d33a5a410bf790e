PREFIX ex: <https://example.org/ns#> PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
DELETE { <https://example.org/bread/> ?p ?o } INSERT { <https://example.org/rye/> ?p ?o } WHERE { <https://example.org/bread/> ?p ?o } ;
DELETE { ?s ?p <https://example.org/bread/> } INSERT { ?s ?p <https://example.org/rye/> } WHERE { ?s ?p <https://example.org/bread/> } ;
DELETE { <https://example.org/rye/> ex:title ?t } INSERT { <https://example.org/rye/> ex:title "Rye" } WHERE { <https://example.org/rye/> ex:title ?t }
