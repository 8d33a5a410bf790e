"""RDF's ground: the table of syntaxes, what reads them and tells places, prefixes, the border to rdflib, SPARQL's terminals."""
