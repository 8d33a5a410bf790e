"""The way back to the text: changes of front matter as values, made at their spans, checked, and written."""
