"""Drift: where ontology, shapes, settings and content have grown apart."""
