"""References by name (`map:match`): what a person types for another record, which record that is, and what a run makes of it."""
