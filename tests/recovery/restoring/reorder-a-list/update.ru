PREFIX ex: <https://example.org/ns#> PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
DELETE { ?s ex:steps ?l } INSERT { ?s ex:steps ( "wait" "stir" "serve" ) } WHERE { ?s ex:steps ?l } ;
DELETE { ?c ?p ?o } WHERE { ?c rdf:rest ?r . ?c ?p ?o FILTER NOT EXISTS { ?x ?q ?c } } ;
DELETE { ?c ?p ?o } WHERE { ?c rdf:rest ?r . ?c ?p ?o FILTER NOT EXISTS { ?x ?q ?c } } ;
DELETE { ?c ?p ?o } WHERE { ?c rdf:rest ?r . ?c ?p ?o FILTER NOT EXISTS { ?x ?q ?c } }
