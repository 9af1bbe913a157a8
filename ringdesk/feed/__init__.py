"""The feed room: call sources, their wire formats, and the tracker that turns facts into calls."""
