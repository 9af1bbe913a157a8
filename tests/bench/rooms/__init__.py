"""Stories that run inside the real rooms, each a process of its own, told apart from the clock outside."""
