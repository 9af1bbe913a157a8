"""Puts all East Asian names of a database in today's order, once: in the background, a hundred rows a transaction.

Every row of a list that begins with a letter of these scripts is looked at, and found through the lists' own index, so
that nobody else's contact is read. A row that lies elsewhere than its contact's name says is moved; one that a program
between the two orders left behind, of a contact that was renamed or deleted, is taken out.
"""

from __future__ import annotations

import logging
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from typing import Final, TypeVar

from ringdesk.domain.contact import flags_of
from ringdesk.domain.news import ContactsChanged
from ringdesk.store.contacts import held_at, names_ordered
from ringdesk.store.database import Connection
from ringdesk.store.order import move, parts_of, restate
from ringdesk.store.writer import Step, Work, Writer

log = logging.getLogger(__name__)
T = TypeVar("T")

MOST_AT_ONCE: Final = 100
"""Rows in one transaction: whoever else waits for the writer, waits for no more than these."""

_SPANS: Final = (("\u1100", "\U0010ffff"), ("(", ")"))
"""Where folded names of these scripts lie: Hangul is folded to single letters, the sign of a company to brackets."""

_NEXT: Final = (
    "SELECT sort, contact FROM listed WHERE part = ? AND (sort, contact) > (?, ?) AND sort < ?"
    " ORDER BY sort, contact LIMIT ?"
)
_DONE: Final = "INSERT OR REPLACE INTO meta (key, value) VALUES ('names', 'family first')"


class Reordering:
    """The pass over one database, as steps of a chain. `ended` before a step leaves the rest to the next start."""

    def __init__(self, ended: Callable[[], bool]) -> None:
        self._ended = ended
        self._rows: Iterator[tuple[int, list[tuple[str, int]]]] | None = None
        self._count = 0
        self.moved = 0
        """Rows that lay elsewhere, of those whose transaction is over."""

    def start(self, writer: Writer) -> Future[bool]:
        """Queue it; gives whether all is in order."""
        return self._restarting(writer.chain(self.step))

    def ahead_of(self, writer: Writer, step: Step[T]) -> Future[T]:
        """Queue a chain that must find all names in order: what is left of the pass is done as its first steps."""

        def both(work: Work) -> T | None:
            return None if self.step(work) is None else step(work)

        return self._restarting(writer.chain(both))

    def step(self, work: Work) -> bool | None:
        """Look at the next rows; True once all are in order, False where the rest is put off."""
        connection, self.moved = work.connection, self._count
        if names_ordered(connection):
            return True
        if self._ended():
            return False
        if self._rows is None:
            self._rows = _spans(connection)
        part, some = next(self._rows, (0, []))
        for sort, row in some:
            self._count += _looked_at(connection, part, sort, row)
        if some:
            return None
        connection.run(_DONE)
        if self.moved:
            work.news.append(ContactsChanged(frozenset()))
        return True

    def _restarting(self, future: Future[T]) -> Future[T]:
        """A step that was taken back did nothing: whoever comes next begins anew."""

        def settled(done: Future[T]) -> None:
            if not done.cancelled() and done.exception() is not None:
                self._rows = None

        future.add_done_callback(settled)
        return future


def _spans(connection: Connection) -> Iterator[tuple[int, list[tuple[str, int]]]]:
    """The rows to look at, list by list, some at a time."""
    for (part,) in connection.rows("SELECT part FROM tally WHERE part >= 0 ORDER BY part"):
        for first, end in _SPANS:
            last = first, -1
            while rows := connection.rows(_NEXT, (part, *last, end, MOST_AT_ONCE)):
                yield part, [(sort, row) for sort, row in rows]
                last = rows[-1][0], rows[-1][1]


def _looked_at(connection: Connection, part: int, sort: str, row: int) -> bool:
    """Put one row where it belongs; gives whether it lay elsewhere. A damaged contact stays where it lies."""
    try:
        one = held_at(connection, row)
    except (ValueError, LookupError, TypeError, zlib.error):
        log.warning("contact row %d cannot be read, its name is left where it is listed", row, exc_info=True)
        return False
    if one is None:
        return move(connection, part, sort, row, [])
    card = one.contact.card
    restate(connection, row, card)
    if sort == card.sort_key:
        return False
    inside = part in parts_of(connection, card, flags_of(one.contact))
    return move(connection, part, sort, row, [card.sort_key] if inside else [])
