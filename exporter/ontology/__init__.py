"""The ontology: loading it into a model, and where its terms stand in the files."""
