"""The examples in docs/mapping.md."""
