"""SPARQL on a graph, by processes that can be ended: preparing a query, running it, and writing its result."""
