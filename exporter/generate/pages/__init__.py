"""Pages for those who write records: their words, their examples, and the template that they fill."""
