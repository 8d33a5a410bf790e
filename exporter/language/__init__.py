"""The mapping language: key paths, templates, datatypes and conversions, as the ontology writes them."""
