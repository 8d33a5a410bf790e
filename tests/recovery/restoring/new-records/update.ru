PREFIX ex: <https://example.org/ns#> PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
INSERT DATA { <https://example.org/stew/> a ex:Recipe ; ex:title "Stew" ; ex:price 4.5 ; ex:vegan false ; ex:steps ( "cut" "cook" ) ; ex:tags "true" , "a: b" ; ex:next <https://example.org/soup/> ;
    ex:text "Cook it.\n" .
  <https://example.org/notes/two/> a ex:Note ; ex:title "Second" }
