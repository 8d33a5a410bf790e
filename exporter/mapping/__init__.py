"""Mapping: a plan and a record make blocks of triples, with everything that does not fit named."""
