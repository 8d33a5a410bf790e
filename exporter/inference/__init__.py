"""A first ontology, shapes and settings from the records themselves: what `owltype init` writes."""
