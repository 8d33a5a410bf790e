"""`owltype trace`: where the statements about a resource come from, and what checks them."""
