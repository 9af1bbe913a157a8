"""What is logged before there is a log: the first steps of the start go without its handlers, which load slowly."""

from __future__ import annotations

import logging
import time


class Kept(logging.Handler):
    """Keeps what is said until the log is there."""

    def __init__(self) -> None:
        super().__init__()
        self._records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep it."""
        self._records.append(record)

    def hand_on(self) -> None:
        """Have the log's handlers write all of it down, in its order."""
        root = logging.getLogger()
        root.removeHandler(self)
        for record in self._records:
            if logging.getLogger(record.name).isEnabledFor(record.levelno):
                root.handle(record)
        self._records.clear()


def keep() -> Kept:
    """Keep everything that is logged from now on."""
    root, kept = logging.getLogger(), Kept()
    root.setLevel(logging.INFO)
    root.addHandler(kept)
    return kept


def mark(what: str, at: int | None = None) -> None:
    """Write down when a step of the start was reached, in seconds:milliseconds:microseconds of the monotonic clock.

    `at` is that moment in nanoseconds, where it is not now.
    """
    seconds, micros = divmod((time.monotonic_ns() if at is None else at) // 1000, 1_000_000)
    logging.getLogger("ringdesk.start").info("%s at %d:%03d:%03d", what, seconds, micros // 1000, micros % 1000)
