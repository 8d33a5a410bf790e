"""Metadata of other tools at the top of a page, read where the setting `handlers` names the tool: it is never guessed."""
