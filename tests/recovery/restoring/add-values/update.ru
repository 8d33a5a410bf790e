PREFIX ex: <https://example.org/ns#> PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
INSERT DATA { <https://example.org/bread/> ex:tags "white" , "10" ; ex:price 3.5 ; ex:vegan true .
  <https://example.org/rice/> ex:tags "grain" ; ex:next <https://example.org/soup/> .
  <https://example.org/soup/> ex:names "Suppe"@de }
