"""Both books as one: mine, and beside it the coworkers', where there is a team. Mine comes first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import replace
from functools import partial
from typing import Protocol

from ringdesk.domain.contact import UNCLAIMED, Contact, ContactRow, Coworker, Marks, Me, Note, Owner
from ringdesk.domain.lookup import Book as Whose
from ringdesk.domain.lookup import Candidate
from ringdesk.domain.phone import Number
from ringdesk.domain.sockets import Clock, Ids, Show
from ringdesk.store import aside
from ringdesk.store.contacts_read import Reads
from ringdesk.store.contacts_write import Book
from ringdesk.store.database import Connection
from ringdesk.store.encode import storable
from ringdesk.store.listing import FIRST, Key
from ringdesk.store.writer import Writer


class Theirs(Protocol):
    """What both books together need of the coworkers' one (`store.shared.SharedBook`)."""

    @property
    def reads(self) -> Reads:
        """Its own reads."""

    def set_region(self, region: str) -> None:
        """The home region of numbers from now on."""

    def holds(self, id: str) -> bool:
        """Whether this is a contact of these."""

    def owners(self, ids: Sequence[str]) -> Mapping[str, str]:
        """Who shares these contacts, by contact."""

    def save(self, contact: Contact, *, read_revision: int) -> Future[Contact]:
        """Save an edit of a coworker's contact."""

    def mark(self, id: str, marks: Marks) -> Future[Contact]:
        """Show my marks on a contact."""

    def let_go(self, ids: Sequence[str]) -> Future[int]:
        """Delete unclaimed callers among these; gives how many."""

    def take_out(self, id: str) -> Future[None]:
        """The contact is mine now."""


class BothReads(Reads):
    """ContactReads over both; belongs to the thread of both. Without a team it is my book alone."""

    def __init__(self, connection: Connection, region: str) -> None:
        super().__init__(connection, region)
        self._book: Theirs | None = None
        self._splits: dict[Show, dict[int, tuple[int, int]]] = {}
        self._stamp = (0, 0)

    def beside(self, book: Theirs | None) -> None:
        """Read the coworkers' book too, or no more."""
        self._book = book
        self._splits.clear()

    def set_region(self, region: str) -> None:
        """The home region of searches for a number from now on."""
        super().set_region(region)
        if self._book is not None:
            self._book.set_region(region)

    def find(self, number: Number) -> Sequence[Candidate]:
        """All contacts that may have this number, mine first."""
        mine = super().find(number)
        if self._book is None:
            return mine
        known = {one.contact for one in mine}
        mine = [replace(one, note=one.note or None) for one in mine]
        theirs = [one for one in self._book.reads.find(number) if one.contact not in known]
        return [*mine, *(replace(one, book=Whose.SHARED, note=None) for one in theirs)]

    def get(self, id: str) -> Contact | None:
        """The whole contact."""
        mine = super().get(id)
        return self._book.reads.get(id) if mine is None and self._book is not None else mine

    # The list ------------------------------------------------------------------------------------------------------

    def count(self, show: Show) -> int:
        """How many rows the list has."""
        return sum(self._sizes(show))

    def page(self, show: Show, start: int, count: int) -> Sequence[ContactRow]:
        """Rows of the list, both books in one order."""
        mine, theirs = self._sizes(show)
        if not theirs or self._book is None:
            return super().page(show, start, count) if mine else []
        if not mine:
            return self._owned(self._book.reads.page(show, start, count))
        start = max(0, start)
        first = self._split(show, start)
        here = self._listing.keys(show, first[0], count)
        there = self._book.reads.keys(show, first[1], count)
        order = sorted([(key, 0) for key in here] + [(key, 1) for key in there])[:count]
        taken = sum(1 for _, book in order if book == 0), sum(book for _, book in order)
        self._splits.setdefault(show, {})[start + len(order)] = (first[0] + taken[0], first[1] + taken[1])
        rows = (
            iter(super().page(show, first[0], taken[0])),
            iter(self._owned(self._book.reads.page(show, first[1], taken[1]))),
        )
        return [row for _, book in order for row in [next(rows[book], None)] if row is not None]

    def place(self, id: str, show: Show) -> int | None:
        """The row of a contact in the list."""
        mine, theirs = self._sizes(show)
        at = super().place(id, show) if mine else None
        if self._book is None or not theirs:
            return at
        if at is not None:
            return at + _before(self._book.reads, show, (self._listing.keys(show, at, 1)[0], 0))
        at = self._book.reads.place(id, show)
        if at is None or not mine:
            return at
        return at + _before(self._listing, show, (self._book.reads.keys(show, at, 1)[0], 1))

    def _sizes(self, show: Show) -> tuple[int, int]:
        """How many rows of each book the list has; what was remembered of it goes when a list changes."""
        mine = 0 if show.book is Whose.SHARED else super().count(show)
        if self._book is None:
            return mine, 0
        theirs = 0 if show.book is Whose.MINE else self._book.reads.count(show)
        stamp = self.stamp(), self._book.reads.stamp()
        if stamp != self._stamp:
            self._stamp = stamp
            self._splits.clear()
        return mine, theirs

    def _split(self, show: Show, start: int) -> tuple[int, int]:
        """How many of the first `start` rows are of each book."""
        known = self._splits.setdefault(show, {})
        if start in known or start == 0:
            return known.get(start, (0, 0))
        mine, theirs = self._sizes(show)
        low, high = max(0, start - mine), min(start, theirs)
        while low < high:
            middle = (low + high) // 2
            # row `middle` of theirs is among the first `start` where fewer than that come before it
            if self._comes_before(show, middle, start - middle - 1):
                low = middle + 1
            else:
                high = middle
        known[start] = (start - low, low)
        return known[start]

    def _comes_before(self, show: Show, theirs: int, mine: int) -> bool:
        """Whether a row of theirs stands before a row of mine."""
        there = [] if self._book is None else self._book.reads.keys(show, theirs, 1)
        here = self._listing.keys(show, mine, 1)
        return bool(there) and (not here or (there[0], 1) < (here[0], 0))

    def _owned(self, rows: Sequence[ContactRow]) -> Sequence[ContactRow]:
        """Rows with the names of those who share them."""
        owners = {} if self._book is None else self._book.owners([row.id for row in rows])
        return [
            replace(row, owner=owners[row.id]) if row.id in owners else replace(row, flags=row.flags | UNCLAIMED)
            for row in rows
        ]

    def search(self, text: str, show: Show, start: int, count: int) -> Sequence[ContactRow]:
        """Rows of a search: mine best first, then theirs."""
        if self._book is None or not text.strip():
            return super().search(text, show, start, count)
        start = max(0, start)
        mine = () if show.book is Whose.SHARED else super().search(text, show, 0, start + count)
        left = start + count - len(mine)
        if show.book is Whose.MINE or left <= 0:
            return mine[start:]
        skipped = max(0, start - len(mine))
        theirs = self._owned(self._book.reads.search(text, show, skipped, left - skipped))
        known = {row.id for row in mine}
        return [*mine[start:], *(row for row in theirs if row.id not in known)]

    def groups(self) -> Sequence[str]:
        """All group names in use, ordered."""
        both = {*super().groups(), *(() if self._book is None else self._book.reads.groups())}
        return sorted(both, key=lambda name: (name.casefold(), name))

    # One contact ---------------------------------------------------------------------------------------------------

    def notes(self, id: str) -> Sequence[Note]:
        """My notes on a contact, newest first."""
        return super().notes(id) or ([] if self._book is None else aside.notes_on(self._connection, id))

    def latest_note(self, id: str) -> Note | None:
        """My newest note on a contact."""
        mine = super().latest_note(id)
        if mine is not None or self._book is None:
            return mine
        return next(iter(aside.notes_on(self._connection, id, 1)), None)

    def picked(self, number: Number) -> str | None:
        """The contact the user chose for this number."""
        mine = super().picked(number)
        return aside.picked(self._connection, number) if mine is None and self._book is not None else mine


def _before(reads: _Keyed, show: Show, key: tuple[Key, int]) -> int:
    """How many rows of a book come before a key of the other one (the second part: 0 mine, 1 theirs)."""
    low, high = 0, reads.count(show)
    while low < high:
        middle = (low + high) // 2
        found = reads.keys(show, middle, 1)
        if (found[0] if found else FIRST, 1 - key[1]) < key:
            low = middle + 1
        else:
            high = middle
    return low


class _Keyed(Protocol):
    """Either book's list."""

    def count(self, show: Show) -> int:
        """How many rows."""

    def keys(self, show: Show, start: int, count: int) -> Sequence[Key]:
        """What they are ordered by."""


class BothWrites(Book):
    """ContactWrites for both books; what is not about a coworker's contact is my own book's."""

    def __init__(self, writer: Writer, *, clock: Clock, ids: Ids, region: Callable[[], str]) -> None:
        super().__init__(writer, clock=clock, ids=ids, region=region)
        self._shared: Theirs | None = None

    def beside(self, book: Theirs | None) -> None:
        """Write for the coworkers' book too, or no more."""
        self._shared = book

    def save(self, contact: Contact, *, read_revision: int) -> Future[Contact]:
        """Save a changed contact: mine here, a coworker's for its owner; an unclaimed one becomes mine."""
        shared = self._shared
        held = None if shared is None else shared.reads.get(contact.id)
        if held is None or shared is None:
            return super().save(contact, read_revision=read_revision)
        if contact.marks != held.marks:
            self._writer.submit(lambda work: aside.mark(work, contact.id, contact.marks))
            marked = shared.mark(contact.id, contact.marks)
            if contact.card == held.card:
                return marked
            read_revision += held.revision == read_revision
        if isinstance(held.owner, Coworker):
            return shared.save(contact, read_revision=read_revision)
        return self._claim(shared, contact, held)

    def _claim(self, shared: Theirs, contact: Contact, held: Contact) -> Future[Contact]:
        """It goes into my book first and then leaves the other: a kill between leaves it in both, never in none."""
        mine = replace(contact, owner=Me(), updated=self._clock.now())
        made = self._writer.submit(partial(aside.take_over, contact=mine, was=held, region=self._region()))

        def leave(done: Future[Contact]) -> None:
            if done.exception() is None:
                shared.take_out(contact.id)

        made.add_done_callback(leave)
        return made

    def delete(self, ids: Iterable[str]) -> Future[int]:
        """Delete contacts of mine, and departments' callers that nobody owns; a coworker's is not mine to delete."""
        shared, wanted = self._shared, list(ids)
        theirs = [] if shared is None else [id for id in wanted if shared.holds(id)]
        if shared is not None and theirs:
            gone = shared.let_go(theirs)
            if len(theirs) == len(wanted):
                return gone
        return super().delete([id for id in wanted if id not in theirs])

    def add_note(self, contact: str, text: str, call: str | None = None) -> Future[Note]:
        """A new note of mine on a contact."""
        if self._shared is None or not self._shared.holds(contact):
            return super().add_note(contact, text, call)
        said = storable(text), self._clock.now(), None if call is None else storable(call)
        note = Note(self._ids.new(), contact, *said)
        return self._writer.submit(lambda work: aside.add_note(work, note))

    def delete_note(self, note: str) -> Future[None]:
        """Delete a note of mine."""
        if self._shared is None:
            return super().delete_note(note)
        return self._writer.submit(
            lambda work: None if aside.delete_note(work, note) else self._delete_note(work, note)
        )

    def pick(self, number: Number, contact: str | None) -> Future[None]:
        """Remember the user's choice for a number, or forget it."""
        if self._shared is None:
            return super().pick(number, contact)
        theirs = contact if contact is not None and self._shared.holds(contact) else None
        self._writer.submit(lambda work: aside.pick(work, number, theirs))
        return super().pick(number, None if theirs else contact)

    def caller(self, number: Number, text: str, *, name: str, owner: Owner) -> Future[str]:
        """The id of the contact with this number: one that is there in either book, or a new anonymous one."""
        for one in () if self._shared is None else self._shared.reads.find(number):
            if one.number == number:
                known: Future[str] = Future()
                known.set_result(one.contact)
                return known
        return super().caller(number, text, name=name, owner=owner)
