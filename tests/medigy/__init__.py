"""The Medigy ontology, its examples and its competency questions."""
