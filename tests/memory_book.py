"""Contacts and calls in memory: a small working ContactReads, ContactWrites and CallReads for tests of desk and ui.

It behaves as the store does; every write is settled at once. `trouble` makes the next write fail.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from typing import TypeVar

from ringdesk.domain.card import Card, PhoneEntry
from ringdesk.domain.contact import (
    Batch,
    BatchKind,
    Change,
    Contact,
    ContactRow,
    Coworker,
    Marks,
    Me,
    Note,
    Origin,
    Owner,
    Skipped,
    Source,
    Undone,
    flags_of,
)
from ringdesk.domain.lookup import Book, Candidate
from ringdesk.domain.news import ContactsChanged, News, NotesChanged
from ringdesk.domain.numbering import dialled_digits, parse
from ringdesk.domain.ownership import owner_after_edit
from ringdesk.domain.phone import Number, Sameness, sameness
from ringdesk.domain.sockets import Clock, Ids, Show
from ringdesk.domain.status import StoreError, StoreTrouble
from ringdesk.domain.words import tokens
from tests.memory_changes import differences, value_of, with_values

T = TypeVar("T")


@dataclass
class _Batch:
    """One action: the contacts and notes before it, what it changed, and whether it was taken back."""

    id: str
    contacts: dict[str, Contact | None]
    notes: list[Note]
    changes: list[Change]
    undone: bool = False
    mine: bool = True
    """The user's next undo takes it back, if none is newer."""


@dataclass
class MemoryBook:
    """A book of contacts in memory."""

    clock: Clock
    ids: Ids
    send: Callable[[News], None] = lambda news: None
    region: str = "GB"
    trouble: StoreTrouble | None = None
    saves: int = 0
    contacts: dict[str, Contact] = field(default_factory=dict)
    _notes: list[Note] = field(default_factory=list)
    _photos: dict[str, bytes] = field(default_factory=dict)
    _picks: dict[Number, str] = field(default_factory=dict)
    _batches: list[_Batch] = field(default_factory=list)
    _past: list[Change] = field(default_factory=list)
    _order: list[Contact] | None = None

    # --- reads

    def find(self, number: Number) -> Sequence[Candidate]:
        return [
            _candidate(contact, entry, read)
            for contact in self.contacts.values()
            for entry in contact.card.phones
            if sameness(number, read := parse(entry.value, self.region)) is not Sameness.NO
        ]

    def get(self, id: str) -> Contact | None:
        return self.contacts.get(id)

    def count(self, show: Show) -> int:
        return len(self._list(show))

    def page(self, show: Show, start: int, count: int) -> Sequence[ContactRow]:
        return [row_of(contact) for contact in self._list(show)[start : start + count]]

    def place(self, id: str, show: Show) -> int | None:
        return next((place for place, contact in enumerate(self._list(show)) if contact.id == id), None)

    def search(self, text: str, show: Show, start: int, count: int) -> Sequence[ContactRow]:
        wanted = tokens(text)
        ranked = [(rank, c) for c in self._list(show) if (rank := self._rank(c, text, wanted)) is not None]
        ranked.sort(key=lambda pair: pair[0])
        return [row_of(contact) for _, contact in ranked[start : start + count]]

    def groups(self) -> Sequence[str]:
        return sorted({group for contact in self.contacts.values() for group in contact.card.groups})

    def changes(self, id: str, limit: int = 200) -> Sequence[Change]:
        return [change for change in reversed(self._past) if change.contact == id][:limit]

    def notes(self, id: str) -> Sequence[Note]:
        return sorted((n for n in self._notes if n.contact == id), key=lambda n: n.at, reverse=True)

    def latest_note(self, id: str) -> Note | None:
        return next(iter(self.notes(id)), None)

    def photo(self, digest: str) -> bytes | None:
        return self._photos.get(digest)

    def picked(self, number: Number) -> str | None:
        return self._picks.get(number)

    def last_change(self) -> Sequence[Change]:
        newest = self._newest()
        return () if newest is None else newest.changes

    def batches(self, limit: int = 100) -> Sequence[Batch]:
        return [self._told(batch) for batch in reversed(self._batches) if batch.changes][:limit]

    # --- writes

    def add(
        self, card: Card, *, origin: Origin, owner: Owner, shared: bool = False, marks: Marks = Marks()
    ) -> Future[Contact]:
        def do() -> Contact:
            now = self.clock.now()
            contact = Contact(
                id=self.ids.new(), card=card, owner=owner, shared=shared, marks=marks, origin=origin, revision=1,
                created=now, updated=now,
            )  # several to a line  # fmt: skip
            self._keep({contact.id: contact}, "hand" if origin is Origin.HAND else "file")
            return contact

        return self._settle(do)

    def save(self, contact: Contact, *, read_revision: int) -> Future[Contact]:
        def do() -> Contact:
            stored = self.contacts.get(contact.id)
            if stored is None:
                raise StoreError(StoreTrouble.GONE)
            if stored.revision != read_revision:
                raise StoreError(StoreTrouble.STALE)
            owner = owner_after_edit(contact) if contact.card != stored.card else contact.owner
            saved = replace(
                contact, owner=owner, revision=stored.revision + 1, created=stored.created, updated=self.clock.now()
            )
            self._keep({contact.id: saved}, "hand")
            return saved

        return self._settle(do)

    def delete(self, ids: Iterable[str]) -> Future[int]:
        there = [id for id in ids if id in self.contacts]

        def do() -> int:
            self._keep(dict.fromkeys(there), "hand")
            self._notes = [note for note in self._notes if note.contact not in there]
            return len(there)

        return self._settle(do)

    def share(self, ids: Iterable[str], on: bool) -> Future[int]:
        def do() -> int:
            mine = [one for id in ids if (one := self.contacts.get(id)) and isinstance(one.owner, Me)]
            changed = [one for one in mine if one.shared != on]
            if changed:
                self._keep({one.id: replace(one, shared=on, revision=one.revision + 1) for one in changed}, "hand")
            return len(changed)

        return self._settle(do)

    def undo(self, batch: str | None = None) -> Future[Undone]:
        def do() -> Undone:
            found = self._newest() if batch is None else self._open(batch)
            if found is None:
                return Undone()
            found.undone = True
            back: dict[str, Contact | None] = {}
            skipped: list[Skipped] = []
            for id, before in found.contacts.items():
                mine = [change for change in found.changes if change.contact == id]
                now = self.contacts.get(id)
                if mine[0].field == "contact":
                    back[id] = before
                elif now is None:
                    skipped += [Skipped(id, change.field) for change in mine]
                else:
                    stays = [change for change in mine if value_of(now, change.field) != change.new]
                    skipped += [Skipped(id, change.field) for change in stays]
                    if len(stays) < len(mine):
                        went = {change.field: change.old for change in mine if change not in stays}
                        back[id] = replace(with_values(now, went), revision=now.revision + 1)
            notes = [note for note in found.notes if note.contact in back and back[note.contact] is not None]
            if back:
                self._keep(back, "undo", mine=False)
                here = {note.id for note in self._notes}
                self._notes += [note for note in notes if note.id not in here]
            return Undone(tuple(back), tuple(skipped))

        return self._settle(do)

    def restore(self, contact: str, change: int) -> Future[Contact]:
        def do() -> Contact:
            now = self.contacts.get(contact)
            if now is None:
                raise StoreError(StoreTrouble.GONE)
            found = next((one for one in self._past if (one.contact, one.id) == (contact, change)), None)
            if found is None:
                raise StoreError(StoreTrouble.STALE)
            wanted = with_values(now, {found.field: found.old})
            if wanted != now:
                wanted = replace(wanted, revision=now.revision + 1)
                self._keep({contact: wanted}, "undo")
            return wanted

        return self._settle(do)

    def add_note(self, contact: str, text: str, call: str | None = None) -> Future[Note]:
        def do() -> Note:
            if contact not in self.contacts:
                raise StoreError(StoreTrouble.GONE)
            note = Note(self.ids.new(), contact, text, self.clock.now(), call)
            self._notes.append(note)
            self.send(NotesChanged(contact))
            return note

        return self._settle(do)

    def delete_note(self, note: str) -> Future[None]:
        def do() -> None:
            gone = [n for n in self._notes if n.id == note]
            self._notes = [n for n in self._notes if n.id != note]
            for n in gone:
                self.send(NotesChanged(n.contact))

        return self._settle(do)

    def put_photo(self, data: bytes) -> Future[str]:
        def do() -> str:
            digest = hashlib.sha256(data).hexdigest()
            self._photos[digest] = data
            return digest

        return self._settle(do)

    def pick(self, number: Number, contact: str | None) -> Future[None]:
        def do() -> None:
            if contact is None:
                self._picks.pop(number, None)
            else:
                self._picks[number] = contact

        return self._settle(do)

    def caller(self, number: Number, text: str, *, name: str, owner: Owner) -> Future[str]:
        for candidate in self.find(number):
            if sameness(number, candidate.number) is Sameness.EXACT:
                return settled(candidate.contact)
        card = Card(phones=(PhoneEntry(text),))
        return settled(self.add(card, origin=Origin.CALL, owner=owner).result().id)

    # --- inside

    def _list(self, show: Show) -> list[Contact]:
        if self._order is None:
            self._order = sorted(self.contacts.values(), key=lambda c: (c.card.sort_key, c.id))
        return [contact for contact in self._order if _shown(contact, show)]

    def _rank(self, contact: Contact, text: str, wanted: list[str]) -> int | None:
        digits = dialled_digits(text)
        if len(digits) >= 3 and any(_has_number(entry, digits, self.region) for entry in contact.card.phones):
            return 0
        card = contact.card
        fields = (
            card.name.full, " ".join(card.nicknames), card.company, " ".join(e.value for e in card.emails),
            card.note + " " + " ".join(note.text for note in self.notes(contact.id)),
        )  # several to a line  # fmt: skip
        words = [(rank, word) for rank, text in enumerate(fields) for word in tokens(text)]
        ranks = [min((rank for rank, word in words if word.startswith(w)), default=None) for w in wanted]
        if not ranks or any(rank is None for rank in ranks):
            return None
        return sum(rank for rank in ranks if rank is not None)

    def _newest(self) -> _Batch | None:
        return next((batch for batch in reversed(self._batches) if batch.mine and not batch.undone), None)

    def _open(self, id: str) -> _Batch | None:
        return next((batch for batch in self._batches if batch.id == id and not batch.undone), None)

    def _told(self, batch: _Batch) -> Batch:
        first = batch.changes[0]
        who = self.contacts.get(first.contact) or batch.contacts.get(first.contact)
        kind = BatchKind.CHANGED
        if first.field == "contact":
            kind = BatchKind.ADDED if first.old == "null" else BatchKind.DELETED
        fields = tuple(dict.fromkeys(change.field for change in batch.changes if change.field != "contact"))
        return Batch(
            id=batch.id, at=first.at, by=first.by, source=first.source, kind=kind, count=len(batch.contacts),
            contact=first.contact, name=who.card.display_name if who else "", fields=fields, undone=batch.undone,
        )  # several to a line  # fmt: skip

    def _keep(self, changed: dict[str, Contact | None], source: Source, *, mine: bool = True) -> None:
        before = {id: self.contacts.get(id) for id in changed}
        batch = self.ids.new()
        changes = [
            Change(len(self._past) + n, id, name, old, new, self.clock.now(), "me", source, batch)
            for n, (id, name, old, new) in enumerate(
                (id, *found) for id, after in changed.items() for found in differences(before[id], after)
            )
        ]
        self._past += changes
        self._batches.append(_Batch(batch, before, list(self._notes), changes, mine=mine))
        self.saves += 1
        for id, after in changed.items():
            self._put(id, after)
        self.send(ContactsChanged(frozenset(changed)))

    def _put(self, id: str, contact: Contact | None) -> None:
        self._order = None
        if contact is None:
            self.contacts.pop(id, None)
        else:
            self.contacts[id] = contact

    def _settle(self, do: Callable[[], T]) -> Future[T]:
        future: Future[T] = Future()
        if self.trouble is not None:
            future.set_exception(StoreError(self.trouble))
            self.trouble = None
            return future
        try:
            future.set_result(do())
        except StoreError as error:
            future.set_exception(error)
        return future


def row_of(contact: Contact) -> ContactRow:
    """The list's row of a contact."""
    card = contact.card
    phone = card.phones[0].value if card.phones else ""
    return ContactRow(contact.id, card.display_name, card.company, phone, flags_of(contact))


def _shown(contact: Contact, show: Show) -> bool:
    return (
        (not show.group or show.group in contact.card.groups)
        and (not show.vip or contact.marks.vip)
        and (show.anonymous is None or show.anonymous is not contact.known)
    )


def _has_number(entry: PhoneEntry, digits: str, region: str) -> bool:
    plain = dialled_digits(entry.value)
    read = dialled_digits(str(parse(entry.value, region)))
    return plain.startswith(digits) or read.startswith(digits) or read.endswith(digits.lstrip("0"))


def _candidate(contact: Contact, entry: PhoneEntry, number: Number) -> Candidate:
    owner = contact.owner
    return Candidate(
        contact=contact.id, name=contact.card.display_name, company=contact.card.company, title=contact.card.title,
        stored=entry.value, label=entry.label, number=number,
        book=Book.SHARED if isinstance(owner, Coworker) else Book.MINE,
        owner_name=owner.name or owner.login if isinstance(owner, Coworker) else "",
        shared=contact.shared, vip=contact.marks.vip, blocked=contact.marks.blocked, known=contact.known,
        photo=contact.card.photo, updated=contact.updated,
    )  # several to a line  # fmt: skip


def settled(value: T) -> Future[T]:
    future: Future[T] = Future()
    future.set_result(value)
    return future


def person(book: MemoryBook, card: Card, **more: object) -> Contact:
    """Put a contact into the book as it is, without history; gives it."""
    contact = Contact(id=book.ids.new(), card=card, owner=Me(), revision=1, created=book.clock.now())
    contact = replace(contact, **more)  # type: ignore[arg-type]  # given by name, checked when run
    book._put(contact.id, contact)
    return contact
