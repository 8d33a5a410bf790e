"""The graph as pages: their addresses, a view of the graph on disk, and the templates that it fills."""
