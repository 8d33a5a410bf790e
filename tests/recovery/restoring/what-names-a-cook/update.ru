PREFIX ex: <https://example.org/ns#> PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
DELETE { ?r ex:cook ?c . ?c ?p ?o } INSERT { ?r ex:cook <https://example.org/cooks/example.net/bo/> . <https://example.org/cooks/example.net/bo/> a ex:Cook ; ex:name "Bo" ; ex:domain "example.net" } WHERE { ?r ex:cook ?c . ?c ?p ?o }
