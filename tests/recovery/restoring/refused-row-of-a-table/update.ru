PREFIX ex: <https://example.org/ns#> PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
DELETE { ?s ex:title ?t } INSERT { ?s ex:title "Another book" } WHERE { ?s ex:title ?t FILTER(?t = "Soup book") }
