PREFIX ex: <https://example.org/ns#> PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
INSERT DATA { <https://example.org/pages/p/> a ex:Page ; ex:title "No place" . <https://example.org/notes/..%2F..%2Fup/> a ex:Note ; ex:title "Up" .
  <https://example.org/.hidden/> a ex:Recipe ; ex:title "Hidden" }
