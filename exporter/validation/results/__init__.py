"""From an engine's result to a problem: the leaf that failed, its place in the record, and the sentence."""
