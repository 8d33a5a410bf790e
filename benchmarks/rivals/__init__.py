"""What a user could run instead of `owltype export`, written as such a user would."""
