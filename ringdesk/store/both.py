"""Both books as one: mine, and beside it the coworkers', where there is a team. Mine comes first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from dataclasses import replace
from functools import partial

from ringdesk.domain.card import Card
from ringdesk.domain.contact import Batch, Change, Contact, ContactRow, Coworker, Marks, Note, Origin, Owner
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
from ringdesk.store.shared import SharedBook
from ringdesk.store.writer import Work, Writer


class BothReads:
    """ContactReads over both; belongs to the thread of both."""

    def __init__(self, mine: Reads, connection: Connection, shared: SharedBook) -> None:
        self._mine = mine
        self._connection = connection
        self._book = shared
        self._theirs = shared.reads
        self._splits: dict[Show, dict[int, tuple[int, int]]] = {}
        self._stamp = (0, 0)

    def set_region(self, region: str) -> None:
        """The home region of searches for a number from now on."""
        self._mine.set_region(region)
        self._book.set_region(region)

    def find(self, number: Number) -> Sequence[Candidate]:
        """All contacts that may have this number, mine first."""
        mine = self._mine.find(number)
        known = {one.contact for one in mine}
        theirs = [replace(one, book=Whose.SHARED) for one in self._theirs.find(number) if one.contact not in known]
        return [*mine, *theirs]

    def get(self, id: str) -> Contact | None:
        """The whole contact."""
        return self._mine.get(id) or self._theirs.get(id)

    # The list ------------------------------------------------------------------------------------------------------

    def count(self, show: Show) -> int:
        """How many rows the list has."""
        return sum(self._sizes(show))

    def page(self, show: Show, start: int, count: int) -> Sequence[ContactRow]:
        """Rows of the list, both books in one order."""
        mine, theirs = self._sizes(show)
        if not theirs:
            return self._mine.page(show, start, count)
        if not mine:
            return self._owned(self._theirs.page(show, start, count))
        start = max(0, start)
        first = self._split(show, start)
        here, there = (reads.keys(show, at, count) for reads, at in ((self._mine, first[0]), (self._theirs, first[1])))
        order = sorted([(key, 0) for key in here] + [(key, 1) for key in there])[:count]
        taken = sum(1 for _, book in order if book == 0), sum(book for _, book in order)
        self._splits.setdefault(show, {})[start + len(order)] = (first[0] + taken[0], first[1] + taken[1])
        rows = (
            iter(self._mine.page(show, first[0], taken[0])),
            iter(self._owned(self._theirs.page(show, first[1], taken[1]))),
        )
        return [row for _, book in order for row in [next(rows[book], None)] if row is not None]

    def place(self, id: str, show: Show) -> int | None:
        """The row of a contact in the list."""
        mine, theirs = self._sizes(show)
        if mine:
            at = self._mine.place(id, show)
            if at is not None:
                return at + (self._before(self._theirs, show, (self._mine.keys(show, at, 1)[0], 0)) if theirs else 0)
        if theirs:
            at = self._theirs.place(id, show)
            if at is not None:
                return at + (self._before(self._mine, show, (self._theirs.keys(show, at, 1)[0], 1)) if mine else 0)
        return None

    def _sizes(self, show: Show) -> tuple[int, int]:
        """How many rows of each book the list has; what was remembered of it goes when that changes."""
        mine = 0 if show.book is Whose.SHARED else self._mine.count(show)
        theirs = 0 if show.book is Whose.MINE else self._theirs.count(show)
        stamp = self._mine.stamp(), self._theirs.stamp()
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
        there, here = self._theirs.keys(show, theirs, 1), self._mine.keys(show, mine, 1)
        return bool(there) and (not here or (there[0], 1) < (here[0], 0))

    @staticmethod
    def _before(reads: Reads, show: Show, key: tuple[Key, int]) -> int:
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

    def _owned(self, rows: Sequence[ContactRow]) -> Sequence[ContactRow]:
        """Rows with the names of those who share them."""
        owners = self._book.owners([row.id for row in rows])
        return [replace(row, owner=owners.get(row.id, "")) for row in rows]

    def search(self, text: str, show: Show, start: int, count: int) -> Sequence[ContactRow]:
        """Rows of a search: mine best first, then theirs."""
        if not text.strip():
            return self.page(show, start, count)
        start = max(0, start)
        mine: Sequence[ContactRow] = ()
        if show.book is not Whose.SHARED:
            mine = self._mine.search(text, show, 0, start + count)
        left = start + count - len(mine)
        if show.book is Whose.MINE or left <= 0:
            return mine[start:]
        skipped = max(0, start - len(mine))
        theirs = self._owned(self._theirs.search(text, show, skipped, left - skipped))
        known = {row.id for row in mine}
        return [*mine[start:], *(row for row in theirs if row.id not in known)]

    def groups(self) -> Sequence[str]:
        """All group names in use, ordered."""
        both = {*self._mine.groups(), *self._theirs.groups()}
        return sorted(both, key=lambda name: (name.casefold(), name))

    # One contact ---------------------------------------------------------------------------------------------------

    def changes(self, id: str, limit: int = 200) -> Sequence[Change]:
        """The contact's history; a coworker's has none here."""
        return self._mine.changes(id, limit)

    def notes(self, id: str) -> Sequence[Note]:
        """My notes on a contact, newest first."""
        return self._mine.notes(id) or aside.notes_on(self._connection, id)

    def latest_note(self, id: str) -> Note | None:
        """My newest note on a contact."""
        return self._mine.latest_note(id) or next(iter(aside.notes_on(self._connection, id, 1)), None)

    def photo(self, digest: str) -> bytes | None:
        """A picture's bytes; pictures do not travel."""
        return self._mine.photo(digest)

    def picked(self, number: Number) -> str | None:
        """The contact the user chose for this number."""
        return self._mine.picked(number) or aside.picked(self._connection, number)

    def last_change(self) -> Sequence[Change]:
        """The newest batch of changes that undo would take back."""
        return self._mine.last_change()

    def batches(self, limit: int = 100) -> Sequence[Batch]:
        """The last actions that undo may take back."""
        return self._mine.batches(limit)


class BothWrites:
    """ContactWrites for both books; what is not about a coworker's contact is my own book's."""

    def __init__(
        self, mine: Book, shared: SharedBook, writer: Writer, clock: Clock, ids: Ids, region: Callable[[], str]
    ) -> None:
        self._mine = mine
        self._shared = shared
        self._writer = writer
        self._clock = clock
        self._ids = ids
        self._region = region
        self.undo, self.restore, self.put_photo = mine.undo, mine.restore, mine.put_photo

    def add(
        self, card: Card, *, origin: Origin, owner: Owner, shared: bool = False, marks: Marks = Marks()
    ) -> Future[Contact]:
        """A new contact of mine."""
        return self._mine.add(card, origin=origin, owner=owner, shared=shared, marks=marks)

    def save(self, contact: Contact, *, read_revision: int) -> Future[Contact]:
        """Save a changed contact: mine here, a coworker's for its owner; an unclaimed one becomes mine."""
        held = self._shared.reads.get(contact.id)
        if held is None:
            return self._mine.save(contact, read_revision=read_revision)
        if contact.marks != held.marks:
            marked = self._mark(contact.id, contact.marks)
            if contact.card == held.card:
                return marked
            read_revision += held.revision == read_revision
        if isinstance(held.owner, Coworker):
            return self._shared.save(contact, read_revision=read_revision)
        return self._claim(contact, held)

    def _mark(self, id: str, marks: Marks) -> Future[Contact]:
        self._writer.submit(lambda work: aside.mark(work, id, marks))
        return self._shared.mark(id, marks)

    def _claim(self, contact: Contact, held: Contact) -> Future[Contact]:
        """It goes into my book first and then leaves the other: a kill between leaves it in both, never in none."""
        mine = replace(contact, updated=self._clock.now())
        made = self._writer.submit(partial(aside.take_over, contact=mine, was=held, region=self._region()))

        def leave(done: Future[Contact]) -> None:
            if done.exception() is None:
                self._shared.take_out(contact.id)

        made.add_done_callback(leave)
        return made

    def delete(self, ids: Iterable[str]) -> Future[int]:
        """Delete contacts of mine; a coworker's is not mine to delete."""
        return self._mine.delete([id for id in ids if not self._shared.holds(id)])

    def add_note(self, contact: str, text: str, call: str | None = None) -> Future[Note]:
        """A new note of mine on a contact."""
        if not self._shared.holds(contact):
            return self._mine.add_note(contact, text, call)
        said = storable(text), self._clock.now(), None if call is None else storable(call)
        note = Note(self._ids.new(), contact, *said)
        return self._writer.submit(lambda work: aside.add_note(work, note))

    def delete_note(self, note: str) -> Future[None]:
        """Delete a note of mine."""

        def job(work: Work) -> None:
            if not aside.delete_note(work, note):
                self._mine.delete_note(note)

        return self._writer.submit(job)

    def pick(self, number: Number, contact: str | None) -> Future[None]:
        """Remember the user's choice for a number, or forget it."""
        theirs = contact if contact is not None and self._shared.holds(contact) else None
        self._writer.submit(lambda work: aside.pick(work, number, theirs))
        return self._mine.pick(number, None if theirs else contact)

    def caller(self, number: Number, text: str, *, name: str, owner: Owner) -> Future[str]:
        """The id of the contact with this number: one that is there in either book, or a new anonymous one."""
        for one in self._shared.reads.find(number):
            if one.number == number:
                known: Future[str] = Future()
                known.set_result(one.contact)
                return known
        return self._mine.caller(number, text, name=name, owner=owner)
