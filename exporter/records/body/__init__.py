"""What a body says: its first heading, its tags, its inline fields and its links, each with its place (docs/mapping.md, "Keys")."""
