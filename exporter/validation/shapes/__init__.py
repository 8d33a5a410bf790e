"""Shapes: their files as one graph with positions, and what is wrong with them before an engine runs."""
