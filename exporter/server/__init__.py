"""`owltype serve`: the graph over HTTP, as pages for people and by the SPARQL 1.1 Protocol for programs."""
