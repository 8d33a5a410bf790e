"""`owltype lsp`: what the terminal says of records, in an editor, of the text as it stands there."""
