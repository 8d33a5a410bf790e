"""The data of a validation: the run's triples in a file, parts of it, and RDF files taken as they are."""
