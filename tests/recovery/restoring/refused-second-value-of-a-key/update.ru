PREFIX ex: <https://example.org/ns#> PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
INSERT DATA { <https://example.org/soup/> <https://w3id.org/owltype/key#other> 8 ; ex:day "2026-13-01"^^xsd:date }
