"""Validation: SHACL over mapped records, with every result at the line that its author can fix it."""
