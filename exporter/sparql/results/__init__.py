"""Answers: the values, the table of formats, and the bytes."""
