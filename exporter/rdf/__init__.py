"""What every part knows of RDF's texts: SPARQL's terminals, and which of them leave the machine."""
