"""Secrets: the only room that knows the system's keyring. Nothing is imported here before it is needed."""
