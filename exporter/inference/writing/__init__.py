"""What is written: ontology, shapes and settings as texts, and the files that they go to."""
