"""The way back: what a graph gives back of the front matter that it was made of."""
