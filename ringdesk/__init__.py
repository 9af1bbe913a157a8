"""RingDesk: who is calling, before the second ring."""

__version__ = "0.1.0"
