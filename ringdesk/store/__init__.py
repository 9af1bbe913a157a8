"""The store: contacts, calls, notes and their history in one SQLite database; implements the sockets of the domain."""

import ringdesk.store.orm  # noqa: F401  # before any module of this room imports peewee
