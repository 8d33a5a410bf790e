PREFIX ex: <https://example.org/ns#> PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
PREFIX owl: <http://www.w3.org/2002/07/owl#> INSERT DATA { ex:Recipe a owl:Class . ex:title a owl:DatatypeProperty . <https://example.org/soup/> a owl:NamedIndividual }
