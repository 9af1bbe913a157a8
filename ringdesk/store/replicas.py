"""The store's side of the sync engine: reads on the worker's own connection, effects through the writer."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace

from ringdesk.domain import effects
from ringdesk.domain.card import Card
from ringdesk.domain.contact import Contact, Marks
from ringdesk.domain.document import to_document
from ringdesk.domain.news import ContactsChanged
from ringdesk.domain.remote import Container
from ringdesk.domain.replica import Account, Entry, Link, LinkState, Parked, Question, Review
from ringdesk.domain.sockets import Clock
from ringdesk.domain.status import StoreError, StoreTrouble
from ringdesk.store import alike, contacts, history, links, notes, outbox
from ringdesk.store.database import Connection
from ringdesk.store.encode import id_of, json_of, key_of, millis, press, seconds, unpress
from ringdesk.store.roundlock import Lock
from ringdesk.store.snapshot import revive
from ringdesk.store.writer import Work, Writer


class AccountReplicas:
    """Replicas of one account; belongs to the thread of its worker."""

    def __init__(
        self, id: str, reading: Connection, writer: Writer, *, clock: Clock, region: Callable[[], str], lock: Lock
    ) -> None:
        self._id = id
        self._reading = reading
        self._writer = writer
        self._clock = clock
        self._region = region
        self._lock = lock

    def alone(self) -> AbstractContextManager[None]:
        """Hold the account against other programs over this store. Raises StoreError LOCKED where one holds it."""
        return self._lock.held()

    def account(self) -> Account:
        """The account; a new one where it is not kept yet."""
        return outbox.account(self._reading, self._id) or Account(id=self._id)

    def contact(self, id: str) -> Contact | None:
        """A contact, or None where it is gone."""
        found = contacts.held(self._reading, id)
        return None if found is None else found.contact

    def link(self, contact: str) -> Link | None:
        """The link of a contact."""
        return links.link(self._reading, self._id, contact)

    def links(self, remotes: Iterable[str]) -> Mapping[str, Link]:
        """Links by remote id."""
        return links.links(self._reading, self._id, remotes)

    def heirs(self, remotes: Iterable[str]) -> Mapping[str, str]:
        """Contacts by an id that theirs had there before."""
        return links.heirs(self._reading, self._id, remotes)

    def formers(self, contact: str) -> Sequence[str]:
        """The ids that a contact had there before."""
        return links.formers(self._reading, self._id, contact)

    def in_state(self, state: LinkState, limit: int) -> Sequence[Link]:
        """Some links in a state."""
        return links.in_state(self._reading, self._id, state, limit)

    def active(self, after: str, limit: int) -> Sequence[str]:
        """Remote ids of active links, in order from `after` on."""
        return links.active(self._reading, self._id, after, limit)

    def linked(self) -> int:
        """How many active links there are."""
        return links.linked(self._reading, self._id)

    def photos_due(self, limit: int) -> Sequence[Link]:
        """Links with a picture to carry."""
        return links.photos_due(self._reading, self._id, limit)

    def touched(self, after: str, limit: int) -> Sequence[str]:
        """Contacts that may have something to send."""
        return outbox.touched(self._reading, self._id, after, limit)

    def like(self, card: Card) -> Sequence[Contact]:
        """Contacts of mine with a phone, an e-mail or the whole name of this card."""
        return alike.like(self._reading, card, self._region())

    def any_free(self, cards: Iterable[Card]) -> bool:
        """Whether any contact without an active link is like any of these cards."""
        return alike.any_free(self._reading, self._id, cards, self._region())

    def members(self, group: str, after: str, limit: int) -> Sequence[Contact]:
        """Linked contacts in a group, by id."""
        rows = self._reading.rows(
            "SELECT c.id FROM category g JOIN membership m ON m.category = g.id JOIN contact c ON c.id = m.contact"
            " JOIN link l ON l.contact = c.uuid AND l.account = ? WHERE g.name = ? AND c.uuid > ?"
            " ORDER BY c.uuid LIMIT ?",
            (self._id, group, key_of(after), limit),
        )
        return [held.contact for (row,) in rows if (held := contacts.held_at(self._reading, row)) is not None]

    def entries(self) -> Sequence[Entry]:
        """The whole outbox, oldest first."""
        return outbox.entries(self._reading, self._id)

    def entry_of(self, contact: str) -> Entry | None:
        """The open request about a contact."""
        return outbox.entry_of(self._reading, self._id, contact)

    def questions(self, kind: Review | None = None, contact: str = "") -> Sequence[Question]:
        """Open questions."""
        return outbox.questions(self._reading, self._id, kind, contact)

    def asked(self) -> int:
        """How many questions are open."""
        return outbox.asked(self._reading, self._id)

    def parked(self, contact: str) -> Parked | None:
        """Whether and how long a contact waits."""
        return outbox.parked(self._reading, self._id, contact)

    def containers(self) -> Sequence[Container]:
        """The account's containers as last read."""
        return outbox.containers(self._reading, self._id)

    def edited(self, contact: str, field: str) -> float:
        """When the user last changed a field, or else when the contact came."""
        at = self._reading.value(
            "SELECT max(b.at) FROM change h JOIN batch b ON b.id = h.batch"
            " WHERE h.contact = ? AND h.field IN (?, 'contact') AND b.source <> 'account'",
            (key_of(contact), field),
        )
        found = self.contact(contact)
        return seconds(at) if at is not None else (found.created if found is not None else 0.0)

    def noted(self, contact: str) -> bool:
        """Whether somebody has written a note on a contact."""
        sql = "SELECT 1 FROM note n JOIN contact c ON c.id = n.contact WHERE c.uuid = ? LIMIT 1"
        return self._reading.value(sql, (key_of(contact),)) is not None

    def can_come_back(self, contact: str) -> bool:
        """Whether a contact was deleted, and history has all of it."""
        return self.contact(contact) is None and deleted_whole(self._reading, contact) is not None

    def photo(self, digest: str) -> bytes | None:
        """A picture's bytes."""
        data = self._reading.value("SELECT data FROM photo WHERE digest = ?", (digest,))
        return None if data is None else bytes(data)

    def put_photo(self, data: bytes) -> str:
        """Keep a picture; gives its digest."""
        digest = hashlib.sha256(data).hexdigest()
        sql = "INSERT OR IGNORE INTO photo (digest, data) VALUES (?, ?)"
        self._writer.submit(lambda work: work.connection.run(sql, (digest, data))).result()
        return digest

    def log(self) -> Sequence[effects.Logged]:
        """What the last round that changed something changed, newest first."""
        rows = self._reading.rows(
            "SELECT round, contact, remote, here, there, deed FROM sync_log WHERE account = ?1"
            " AND round = (SELECT max(round) FROM sync_log WHERE account = ?1) ORDER BY id DESC",
            (self._id,),
        )
        return [
            effects.Logged(round_, id_of(key), remote, _card(here), _card(there), deed)
            for round_, key, remote, here, there, deed in rows
        ]

    def commit(self, wanted: Sequence[effects.Effect]) -> None:
        """Do all of it in one transaction, or nothing."""
        if wanted:
            self._writer.submit(
                lambda work: _Commit(work, self._id, self._clock.now(), self._region()).run(wanted)
            ).result()


def deleted_whole(connection: Connection, id: str) -> str | None:
    """All of a contact as it was when it was deleted last."""
    kept = connection.value(
        "SELECT old FROM change WHERE contact = ? AND field = ? AND new = ? ORDER BY id DESC LIMIT 1",
        (key_of(id), history.WHOLE, history.NOTHING),
    )
    return None if kept is None else str(kept)


def _card(document: bytes | None) -> Card | None:
    return None if document is None else unpress(document)


class _Commit:
    """One transaction of effects."""

    def __init__(self, work: Work, account: str, now: float, region: str) -> None:
        self._work = work
        self._connection = work.connection
        self._account = account
        self._now = seconds(millis(now))
        self._region = region
        self._batch: int | None = None
        self._aside: int | None = None
        self._changed: set[str] = set()

    def run(self, wanted: Sequence[effects.Effect]) -> None:
        """Do the effects in order, new contacts first and together."""
        added = [effect for effect in wanted if isinstance(effect, effects.AddContact)]
        if added:
            self._add(added)
        fresh = {effect.contact.id for effect in added}
        born = [one.link for one in wanted if isinstance(one, effects.PutLink) and one.link.contact in fresh]
        logged = [effect for effect in wanted if isinstance(effect, effects.Logged)]
        pressed = {id(card): press(card)[1] for one in logged for card in (one.there,) if card is not None}
        links.put_many(self._connection, self._account, born, pressed)
        self._log(logged, pressed)
        for effect in wanted:
            match effect:
                case effects.AddContact() | effects.Logged():
                    continue
                case effects.PutLink(link) if link.contact in fresh:
                    continue
            if not self._contact_effect(effect):
                self._row_effect(effect)
        if self._changed:
            self._work.news.append(ContactsChanged(frozenset(self._changed)))

    def _history(self) -> int:
        if self._batch is None:
            self._batch = history.open_batch(self._connection, millis(self._now), "account")
        return self._batch

    def _lost(self) -> int:
        """A value that lost a clash was never done, so undo of the round must not bring it in."""
        if self._aside is None:
            at = millis(self._now)
            self._aside = history.open_batch(self._connection, at, "account", state=history.ASIDE)
        return self._aside

    def _add(self, added: Sequence[effects.AddContact]) -> None:
        batch = self._history()
        made = [
            replace(effect.contact, revision=max(1, effect.contact.revision), created=self._now, updated=self._now)
            for effect in added
        ]
        contacts.insert(self._connection, made, batch=batch, region=self._region)
        history.write_added(self._connection, batch, [effect.contact.id for effect in added])
        self._changed |= {effect.contact.id for effect in added}
        self._clean(*(effect.contact.id for effect in added if effect.clean))

    def _clean(self, *ids: str) -> None:
        sql = "DELETE FROM touched WHERE account = ? AND contact = ?"
        self._connection.many(sql, [(self._account, key_of(id)) for id in ids])

    def _contact_effect(self, effect: effects.Effect) -> bool:
        match effect:
            case effects.SaveContact(contact, clean):
                self._save(contact, clean=clean)
            case effects.RemoveContact(id, revision):
                self._remove(self._held(id, revision))
            case effects.Absorb(into, gone):
                self._absorb(into, gone)
            case effects.BringBack(id):
                self._bring_back(id)
            case effects.Lost(id, field, lost, won):
                before, after = (json_of(to_document(card).get(field)) for card in (lost, won))
                history.write(self._connection, self._lost(), id, [(field, before, after)])
            case _:
                return False
        return True

    def _held(self, id: str, revision: int) -> contacts.Held:
        found = contacts.held(self._connection, id)
        if found is None:
            raise StoreError(StoreTrouble.STALE, f"{id} is gone")
        if found.contact.revision != revision:
            raise StoreError(StoreTrouble.STALE, f"revision {found.contact.revision}, read was {revision}")
        return found

    def _save(self, contact: Contact, *, clean: bool) -> None:
        before = self._held(contact.id, contact.revision)
        wanted = replace(contact, revision=contact.revision + 1, updated=self._now)
        after = contacts.change(self._connection, before, wanted, self._region).contact
        found = history.differences(before.contact, after)
        if found:
            history.write(self._connection, self._history(), contact.id, found)
        self._changed.add(contact.id)
        if clean:
            self._clean(contact.id)

    def _remove(self, gone: contacts.Held) -> None:
        text = history.snapshot(self._connection, gone)
        history.write(self._connection, self._history(), gone.contact.id, [(history.WHOLE, text, history.NOTHING)])
        contacts.remove(self._connection, gone, self._region)
        self._changed.add(gone.contact.id)

    def _bring_back(self, id: str) -> None:
        kept = deleted_whole(self._connection, id)
        if kept is None or contacts.held(self._connection, id) is not None:
            raise StoreError(StoreTrouble.STALE, f"{id} cannot come back")
        revive(self._connection, id, json.loads(kept), self._now, self._region)
        history.write(self._connection, self._history(), id, [(history.WHOLE, history.NOTHING, history.ADDED)])
        self._changed.add(id)

    def _absorb(self, into: str, gone: str) -> None:
        kept, lost = contacts.held(self._connection, into), contacts.held(self._connection, gone)
        if kept is None or lost is None:
            raise StoreError(StoreTrouble.STALE, f"{into} or {gone} is gone")
        for id, _, _, _ in self._connection.rows(
            "SELECT id, at, text, call FROM note WHERE contact = ? ORDER BY at", (lost.row,)
        ):
            note = notes.take(self._connection, id, self._region)
            if note is not None:
                notes.put(self._connection, replace(note, contact=into), self._region)
        self._connection.run("UPDATE call SET contact = ? WHERE contact = ?", (key_of(into), key_of(gone)))
        self._connection.run("UPDATE pick SET contact = ? WHERE contact = ?", (kept.row, lost.row))
        one, other = kept.contact.marks, lost.contact.marks
        marks = Marks(vip=one.vip or other.vip, blocked=one.blocked or other.blocked)
        shared = kept.contact.shared or lost.contact.shared
        if (marks, shared) != (one, kept.contact.shared):
            self._save(replace(kept.contact, marks=marks, shared=shared), clean=False)
        self._remove(lost)

    def _log(self, logged: Sequence[effects.Logged], pressed: links.Pressed) -> None:
        before = sorted({one.round for one in logged})
        sql = "DELETE FROM sync_log WHERE account = ? AND round < ?"
        self._connection.many(sql, [(self._account, round_) for round_ in before])
        self._connection.pour(
            "INSERT INTO sync_log (account, round, contact, remote, here, there, deed) VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    self._account,
                    one.round,
                    key_of(one.contact),
                    one.remote,
                    None if one.here is None else press(one.here)[1],
                    None if one.there is None else pressed[id(one.there)],
                    one.deed,
                )
                for one in logged
            ],
        )

    def _row_effect(self, effect: effects.Effect) -> None:
        connection, account = self._connection, self._account
        match effect:
            case effects.PutLink(kept):
                links.put(connection, account, kept)
            case effects.DropLink(contact):
                links.leave(connection, account, contact)
            case effects.PutEntry(entry):
                outbox.put_entry(connection, account, entry)
            case effects.DropEntry(id):
                outbox.drop_entry(connection, id)
            case effects.Untouch(contact, revision):
                outbox.untouch(connection, account, contact, revision)
            case _:
                self._other_effect(effect)

    def _other_effect(self, effect: effects.Effect) -> None:
        connection, account = self._connection, self._account
        match effect:
            case effects.PutAccount(kept):
                outbox.put_account(connection, kept)
            case effects.Unlog(contact):
                sql = "DELETE FROM sync_log WHERE account = ? AND contact = ?"
                connection.run(sql, (account, key_of(contact)))
            case effects.Touch(contact):
                connection.run(
                    "INSERT OR IGNORE INTO touched (account, contact) VALUES (?, ?)", (account, key_of(contact))
                )
            case effects.TouchAll():
                outbox.touch_all(connection, account)
            case effects.PutContainers(found):
                outbox.put_containers(connection, account, found)
            case _:
                self._question_effect(effect)

    def _question_effect(self, effect: effects.Effect) -> None:
        connection, account = self._connection, self._account
        match effect:
            case effects.Ask(question):
                outbox.ask(connection, account, question)
            case effects.Settle(contact, kinds, field, remote):
                outbox.settle(connection, account, contact, [kind.value for kind in kinds], field, remote)
            case effects.Park(waits):
                outbox.park(connection, account, waits)
            case effects.Unpark(contact):
                outbox.unpark(connection, account, contact)
            case _:
                raise TypeError(f"no such effect: {effect!r}")
