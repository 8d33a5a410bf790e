"""Validation in parts: what each shape can see of the data, and runs of an engine over no more than that."""
