"""The processes that answer queries: a fork server that loads the data once, and workers that can be ended."""
