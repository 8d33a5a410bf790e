"""The export run: workers, the account of every file, shared resources, checks."""
