"""The way back: front matter made again from the triples of an export, and what of it would not come back."""
