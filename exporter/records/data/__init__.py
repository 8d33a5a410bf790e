"""Data files: files that hold many records (`map:records`)."""
