"""Wire formats as pure functions: bytes in, facts out, no socket and no exception."""
