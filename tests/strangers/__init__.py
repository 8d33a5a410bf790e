"""Sites that others wrote, in folders, and what is true of them; see `test_sites`."""
