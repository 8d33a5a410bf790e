"""The plan: the ontology compiled to what mapping runs."""
