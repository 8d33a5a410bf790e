"""JSON Schemas: what the keys of records take, as JSON Schema and JavaScript say it."""
