"""Mapped blocks become bytes: the table of formats, one writer per syntax, and files that are written whole or not at all."""
