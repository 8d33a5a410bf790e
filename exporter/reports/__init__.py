"""Problems as people and programs want to read them: a table of formats."""
