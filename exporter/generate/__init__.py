"""What else an ontology says, written for other tools and for people: shapes, schemas, plain OWL, pages, diagrams."""
