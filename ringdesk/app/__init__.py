"""The front door: builds every room, plugs them together, starts and stops them in order. It decides nothing."""
