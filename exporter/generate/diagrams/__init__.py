"""Diagrams: an ontology as boxes and arrows, how they are laid out, and how they are drawn."""
