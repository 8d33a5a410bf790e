"""Records in the words of schema.org: the terms that it has, and the documents that web pages hold."""
