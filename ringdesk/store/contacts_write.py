"""Changes contacts: every save is one transaction with its history."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from ringdesk.domain.card import Card, CustomField, PhoneEntry
from ringdesk.domain.contact import Contact, Marks, Note, Origin, Owner, Undone
from ringdesk.domain.news import ContactsChanged, NotesChanged
from ringdesk.domain.numbering import parse
from ringdesk.domain.ownership import owner_after_edit
from ringdesk.domain.phone import Number, Withheld
from ringdesk.domain.sockets import Clock, Ids
from ringdesk.domain.status import StoreError, StoreTrouble
from ringdesk.store import contacts, history, notes, tables
from ringdesk.store.bulk import Import, Imported
from ringdesk.store.encode import id_of, key_of, millis, number_text, phone_key, seconds, storable
from ringdesk.store.putback import put_back
from ringdesk.store.ready import Incoming, pictured
from ringdesk.store.sharing import Sharing
from ringdesk.store.undo import Undo
from ringdesk.store.writer import Work, Writer

if TYPE_CHECKING:
    from ringdesk.store.reorder import Reordering

CALLER_SAYS: Final = "caller says"
"""The custom field that keeps the name an unknown caller sent along; it makes nobody known."""

MOST_AT_ONCE: Final = 100
"""Contacts in one transaction: whoever else waits for the writer, waits for no more than these."""


class Book:
    """ContactWrites through the writer."""

    def __init__(self, writer: Writer, *, clock: Clock, ids: Ids, region: Callable[[], str]) -> None:
        self._writer = writer
        self._clock = clock
        self._ids = ids
        self._region = region
        self.reordering: Reordering | None = None
        """Where names may still stand in an earlier order: what puts them in today's."""

    def add(
        self, card: Card, *, origin: Origin, owner: Owner, shared: bool = False, marks: Marks = Marks()
    ) -> Future[Contact]:
        """A new contact."""
        now = self._now()
        contact = Contact(
            id=self._ids.new(),
            card=card,
            owner=owner,
            shared=shared,
            marks=marks,
            origin=origin,
            linked=False,
            revision=1,
            created=now,
            updated=now,
        )
        return self._writer.submit(lambda work: self._add(work, contact))

    def save(self, contact: Contact, *, read_revision: int) -> Future[Contact]:
        """Save a changed contact."""
        return self._writer.submit(lambda work: self._save(work, contact, read_revision))

    def delete(self, ids: Iterable[str]) -> Future[int]:
        """Delete contacts; they can be brought back by `undo`."""
        left = list(dict.fromkeys(ids))
        batch: int | None = None
        count = 0

        def step(work: Work) -> int | None:
            nonlocal batch, count
            some = [found for id in left[:MOST_AT_ONCE] if (found := contacts.held(work.connection, id))]
            if some and batch is None:
                made = history.open_batch(work.connection, millis(self._now()), "hand")
            else:
                made = batch or 0
            self._delete(work, made, some)
            del left[:MOST_AT_ONCE]
            batch, count = made or None, count + len(some)
            return None if left else count

        return self._writer.chain(step)

    def share(self, ids: Iterable[str], on: bool) -> Future[int]:
        """Share contacts of mine with coworkers, or share them no more, as one change."""
        return self._writer.chain(Sharing(ids, on, self._now, self._region, MOST_AT_ONCE).step)

    def undo(self, batch: str | None = None) -> Future[Undone]:
        """Take a batch of changes back, the newest where none is named."""
        return self._writer.chain(Undo(self._region, self._now, MOST_AT_ONCE, batch).step)

    def restore(self, contact: str, change: int) -> Future[Contact]:
        """Set one field back to the old value of a change."""
        return self._writer.submit(lambda work: put_back(work, contact, change, self._now(), self._region()))

    def add_note(self, contact: str, text: str, call: str | None = None) -> Future[Note]:
        """A new note on a contact."""
        note = Note(self._ids.new(), contact, storable(text), self._now(), None if call is None else storable(call))
        return self._writer.submit(lambda work: self._add_note(work, note))

    def delete_note(self, note: str) -> Future[None]:
        """Delete a note."""
        return self._writer.submit(lambda work: self._delete_note(work, note))

    def put_photo(self, data: bytes) -> Future[str]:
        """Keep a picture; gives its digest."""
        import hashlib  # no start waits for it

        digest = hashlib.sha256(data).hexdigest()

        def job(work: Work) -> str:
            work.connection.apply(tables.Photo.insert(digest=digest, data=data).on_conflict_ignore())
            return digest

        return self._writer.submit(job)

    def pick(self, number: Number, contact: str | None) -> Future[None]:
        """Remember the user's choice for a number, or forget it (None)."""
        return self._writer.submit(lambda work: _pick(work, number, contact))

    def caller(self, number: Number, text: str, *, name: str, owner: Owner) -> Future[str]:
        """The id of the contact with this number: an existing one, or a new anonymous one."""
        if isinstance(number, Withheld):
            raise ValueError("a withheld number makes no contact")
        phone = text if parse(text, self._region()) == number else str(number)
        hint = (CustomField(CALLER_SAYS, name),) if name else ()
        now = self._now()
        made = Contact(
            id=self._ids.new(),
            card=Card(phones=(PhoneEntry(phone),), custom=hint),
            owner=owner,
            origin=Origin.CALL,
            revision=1,
            created=now,
            updated=now,
        )
        return self._writer.submit(lambda work: self._caller(work, number, made))

    def import_cards(
        self,
        cards: Iterable[tuple[Card, bytes | None]],
        *,
        origin: Origin,
        progress: Callable[[Imported], None] | None = None,
        stop: Callable[[], bool] = lambda: False,
    ) -> Future[Imported]:
        """Take many cards in, a hundred a transaction, other writes between; one batch for undo.

        The cards are asked for on the writer thread, and `progress` is called there. A card with the name of a
        contact that is here and one of its phone numbers or e-mails is not doubled; `stop` is asked before each
        hundred.
        """

        def ready(region: str) -> Iterator[Incoming]:
            return (pictured(card, photo, region) for card, photo in cards)

        return self.import_ready(ready, origin=origin, progress=progress, stop=stop)

    def import_ready(
        self,
        cards: Callable[[str], Iterator[Incoming]],
        *,
        origin: Origin,
        progress: Callable[[Imported], None] | None = None,
        stop: Callable[[], bool] = lambda: False,
    ) -> Future[Imported]:
        """`import_cards` of cards that somebody makes ready, for the region he is given."""
        self.settle()
        region = self._region()
        job = Import(cards(region), region, origin, self._ids, self._region, self._now, progress, stop, MOST_AT_ONCE)
        if self.reordering is None:
            return self._writer.chain(job.step)
        return self.reordering.ahead_of(self._writer, job.step)

    def reindex(self, region: str) -> Future[int]:
        """Read all phone numbers anew in another home region, a hundred contacts a transaction; gives how many."""
        reached = count = 0
        begun = False

        def step(work: Work) -> int | None:
            nonlocal reached, count, begun
            if not begun:
                _begin_reading(work, region)
                begun = True
            done = contacts.reindex(work.connection, reached, MOST_AT_ONCE, region)
            if done:
                reached, count = done[-1], count + len(done)
                return None
            work.connection.run("INSERT OR REPLACE INTO meta (key, value) VALUES ('region', ?)", (region,))
            work.connection.run("DELETE FROM meta WHERE key = 'reading' AND value LIKE ?", (f"%{region}",))
            work.news.append(ContactsChanged(frozenset()))
            return count

        return self._writer.chain(step)

    def settle(self) -> Future[int]:
        """File the contacts that an import left unfiled when it was cut short; gives how many."""
        count = 0

        def step(work: Work) -> int | None:
            nonlocal count
            done = contacts.settle_some(work.connection, MOST_AT_ONCE, self._region())
            count += done
            if done:
                return None
            if count:
                work.news.append(ContactsChanged(frozenset()))
            return count

        return self._writer.chain(step)

    def _now(self) -> float:
        return seconds(millis(self._clock.now()))

    def _add(self, work: Work, contact: Contact) -> Contact:
        batch = history.open_batch(work.connection, millis(contact.created), history.source_of(contact.origin))
        (made,) = contacts.insert(work.connection, [contact], batch=batch, region=self._region())
        history.write(work.connection, batch, contact.id, [(history.WHOLE, history.NOTHING, history.ADDED)])
        work.news.append(ContactsChanged(frozenset({contact.id})))
        return made.contact

    def _save(self, work: Work, contact: Contact, read_revision: int) -> Contact:
        before = contacts.held(work.connection, contact.id)
        if before is None:
            raise StoreError(StoreTrouble.GONE, contact.id)
        old = before.contact
        if old.revision != read_revision:
            raise StoreError(StoreTrouble.STALE, f"revision {old.revision}, read was {read_revision}")
        edited = (contact.card, contact.shared) != (old.card, old.shared)
        wanted = replace(
            contact,
            owner=owner_after_edit(contact) if edited else contact.owner,
            origin=old.origin,
            created=old.created,
            updated=self._now(),
            revision=old.revision + 1,
        )
        if not history.differences(old, wanted):
            return old
        after = contacts.change(work.connection, before, wanted, self._region()).contact
        batch = history.open_batch(work.connection, millis(wanted.updated), "hand")
        history.write(work.connection, batch, contact.id, history.differences(old, after))
        work.news.append(ContactsChanged(frozenset({contact.id})))
        return after

    def _delete(self, work: Work, batch: int, some: Sequence[contacts.Held]) -> None:
        for gone in some:
            text = history.snapshot(work.connection, gone)
            history.write(work.connection, batch, gone.contact.id, [(history.WHOLE, text, history.NOTHING)])
            contacts.remove(work.connection, gone, self._region())
        if some:
            work.news.append(ContactsChanged(frozenset(gone.contact.id for gone in some)))

    def _add_note(self, work: Work, note: Note) -> Note:
        notes.put(work.connection, note, self._region())
        if note.call is not None:
            work.connection.run("DELETE FROM draft WHERE call = ?", (note.call,))
        batch = history.open_batch(work.connection, millis(note.at), "hand")
        history.write(work.connection, batch, note.contact, [(history.NOTE, history.NOTHING, notes.to_json(note))])
        work.news.append(NotesChanged(note.contact))
        return note

    def _delete_note(self, work: Work, id: str) -> None:
        gone = notes.take(work.connection, id, self._region())
        if gone is None:
            return
        batch = history.open_batch(work.connection, millis(self._now()), "hand")
        history.write(work.connection, batch, gone.contact, [(history.NOTE, notes.to_json(gone), history.NOTHING)])
        work.news.append(NotesChanged(gone.contact))

    def _caller(self, work: Work, number: Number, made: Contact) -> str:
        _, key = phone_key(number)
        known = work.connection.value(
            "SELECT c.uuid FROM phone p JOIN contact c ON c.id = p.contact WHERE p.number = ?"
            " ORDER BY c.owner LIKE '[\"coworker%', c.flags & 16, c.created + c.edited DESC LIMIT 1",
            (key,),
        )
        return id_of(known) if known is not None else self._add(work, made).id


def _begin_reading(work: Work, region: str) -> None:
    """Write down which regions numbers may stand in while they are read anew; the newest is last."""
    now_in = work.connection.value("SELECT value FROM meta WHERE key = 'region'")
    before = contacts.regions_read(work.connection) or [str(now_in or region)]
    known = " ".join(dict.fromkeys([*(one for one in before if one != region), region]))
    work.connection.run("INSERT OR REPLACE INTO meta (key, value) VALUES ('reading', ?)", (known,))


def _pick(work: Work, number: Number, contact: str | None) -> None:
    text, _ = number_text(number)
    if text is None:
        return
    if contact is None:
        work.connection.apply(tables.Pick.delete().where(tables.Pick.number == text))
        return
    row = work.connection.value("SELECT id FROM contact WHERE uuid = ?", (key_of(contact),))
    if row is None:
        raise StoreError(StoreTrouble.GONE, contact)
    work.connection.apply(tables.Pick.insert(number=text, contact=row).on_conflict_replace())
