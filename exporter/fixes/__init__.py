"""`owltype fix`: what can be repaired in the text of records, and the proof that nothing else changes."""
