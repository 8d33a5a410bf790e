"""`owltype diff`: two states of the records, compared as records and keys and not as triples."""
