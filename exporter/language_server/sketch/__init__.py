"""Front matter as far as it can be made out while it is typed: most of the time it does not parse then."""
