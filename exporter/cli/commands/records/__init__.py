"""Commands that lead from the graph back to the records: what made it, what differs, what can be repaired and restored."""
