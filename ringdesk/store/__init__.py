"""The store: contacts, calls, notes and their history in one SQLite database; implements the sockets of the domain."""
