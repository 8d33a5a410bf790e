"""YAML front matter: events to nodes to values, as YAML 1.2 core reads them, and what is wrong in an author's words."""
