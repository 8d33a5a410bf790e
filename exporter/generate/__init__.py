"""What else an ontology says, written for other tools: shapes, and lines that would map what it leaves."""
