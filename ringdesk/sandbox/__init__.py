"""Stand-ins for practice and tests: programs of their own, started as a process."""
