"""`owltype publish`: the graph as a folder of pages for any static host."""
