"""Tools that make sites of records: how they are recognised, what they mean by their keys, and where their pages stand."""
