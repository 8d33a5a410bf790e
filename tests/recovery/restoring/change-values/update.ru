PREFIX ex: <https://example.org/ns#> PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
DELETE { ?s ex:title ?t } INSERT { ?s ex:title "A better title: Bread" } WHERE { ?s ex:title ?t FILTER(?s = <https://example.org/bread/>) } ;
DELETE { ?s ex:price ?p } INSERT { ?s ex:price 2.75 } WHERE { ?s ex:price ?p } ;
DELETE { ?s ex:vegan true } INSERT { ?s ex:vegan false } WHERE { ?s ex:vegan true } ;
DELETE { ?s ex:day ?d } INSERT { ?s ex:day "2026-09-01"^^xsd:date } WHERE { ?s ex:day ?d } ;
DELETE { ?s ex:tags "quick" } INSERT { ?s ex:tags "slow" } WHERE { ?s ex:tags "quick" } ;
DELETE { ?s ex:kinds "thick" } INSERT { ?s ex:kinds "clear" } WHERE { ?s ex:kinds "thick" } ;
DELETE { ?s ex:alt "second" } INSERT { ?s ex:alt "the second" } WHERE { ?s ex:alt "second" } ;
DELETE { ?s ex:names "Soupe"@fr } INSERT { ?s ex:names "Potage"@fr } WHERE { ?s ex:names "Soupe"@fr }
