"""The store's side of the sync engine: reads on the worker's own connection, effects through the writer."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager

from ringdesk.domain import effects
from ringdesk.domain.card import Card
from ringdesk.domain.contact import Contact
from ringdesk.domain.remote import Container
from ringdesk.domain.replica import Account, Entry, Link, LinkState, Parked, Question, Review
from ringdesk.domain.sockets import Clock
from ringdesk.store import alike, contacts, links, outbox, synclog, told
from ringdesk.store.arrivals import Arrivals
from ringdesk.store.commit import Commit, deleted_whole
from ringdesk.store.database import Connection
from ringdesk.store.encode import Key, id_of, key_of, seconds
from ringdesk.store.leftovers import shrink, trim
from ringdesk.store.roundlock import Lock
from ringdesk.store.wording import forget
from ringdesk.store.writer import Writer


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
        self._arrivals = Arrivals(id, region)

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

    def heard(self) -> bool:
        """Whether there is any link of the account, or was."""
        return links.heard(self._reading, self._id)

    def heirs(self, remotes: Iterable[str]) -> Mapping[str, str]:
        """Contacts by an id that theirs had there before."""
        return links.heirs(self._reading, self._id, remotes)

    def formers(self, contact: str) -> Sequence[str]:
        """The ids that a contact had there before."""
        return links.formers(self._reading, self._id, contact)

    def told(self, remotes: Iterable[str]) -> Mapping[str, str]:
        """Contacts by an id that was told to stand for them."""
        return told.told(self._reading, self._id, remotes)

    def told_of(self, contact: str) -> Sequence[str]:
        """The ids that were told to stand for a contact."""
        return told.told_of(self._reading, self._id, contact)

    def in_state(self, state: LinkState, limit: int) -> Sequence[Link]:
        """Some links in a state."""
        return links.in_state(self._reading, self._id, state, limit)

    def active(self, after: str, limit: int) -> Sequence[str]:
        """Remote ids of active links, in order from `after` on."""
        return links.active(self._reading, self._id, after, limit)

    def linked(self) -> int:
        """How many active links there are."""
        return links.linked(self._reading, self._id)

    def newest(self) -> float | None:
        """The account's own time of the last change it has told of."""
        return links.newest(self._reading, self._id)

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
        return alike.any_free(self._reading, self._id, self._arrivals.derived([*cards]))

    def known(self, ids: Sequence[str], *, linked: bool = True) -> frozenset[str]:
        """Of these ids those that a contact here has, or (`linked`) a link."""
        unlinked = not alike.all_linked(self._reading, self._id)
        keys = [key_of(id) for id in ids] if unlinked or linked else []
        found: set[Key] = set()
        if keys and unlinked:
            found |= links.among(self._reading, "SELECT uuid FROM contact WHERE uuid", keys)
        if keys and linked:
            of_links = "SELECT contact FROM link WHERE account = ? AND contact"
            found |= links.among(self._reading, of_links, keys, self._id)
        return frozenset(id_of(key) for key in found)

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
        return synclog.read(self._reading, self._id)

    def logged(self, round: int) -> bool:
        """Whether anything was done in this round or a later one."""
        return synclog.reaches(self._reading, self._id, round)

    def commit(self, wanted: Sequence[effects.Effect]) -> None:
        """Do all of it in one transaction, or nothing."""
        if wanted:
            self._writer.submit(
                lambda work: Commit(work, self._id, self._clock.now(), self._region(), self._arrivals).run(wanted)
            ).result()

    def rest(self) -> None:
        """A round is over: memory that many new contacts have taken goes back to the system."""
        if self._arrivals.rest():
            self._writer.submit(lambda work: shrink(work.connection)).result()
            shrink(self._reading)
            forget()
            trim()
