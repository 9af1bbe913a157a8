"""The story, without Qt: one presenter a pane, and the desk that takes a call from its ring to its note."""
