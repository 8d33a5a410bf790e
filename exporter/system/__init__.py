"""The process that we are and those that we start: where modules come from, and what a signal undoes."""
