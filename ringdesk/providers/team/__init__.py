"""The team directory: contacts shared with coworkers, kept by a PostgreSQL server that enforces the rules."""
