"""Growing: what an ontology that a person wrote or edited lacks for the records that there are now, as additions to its files."""
