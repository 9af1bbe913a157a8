"""Coworkers' contacts: a database file of its own (shared.db), never backed up, rebuilt from the team's directory.

It has the tables of my own database, so that the same lookups, lists and searches run on it. What is taken out is
gone from the disk: freed pages are overwritten, and the log is cut to nothing afterwards.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Final
from uuid import uuid4

from ringdesk.domain.card import Card
from ringdesk.domain.contact import BLOCKED, VIP, Contact, Coworker, Marks, Unclaimed
from ringdesk.domain.news import CallsChanged, ContactsChanged
from ringdesk.domain.replica import Link, LinkState
from ringdesk.domain.sockets import Clock, SendNews
from ringdesk.domain.status import StoreError, StoreTrouble
from ringdesk.domain.team import CoworkerCall, Kept
from ringdesk.store import contacts, links
from ringdesk.store.contacts_read import Reads
from ringdesk.store.database import BUSY_MILLISECONDS, Connection, Row
from ringdesk.store.encode import id_of, json_of, key_of, millis, owner_of, owner_text, seconds, storable
from ringdesk.store.links import TEAM
from ringdesk.store.store import open_for_writing, open_reader, reorder
from ringdesk.store.writer import InlineWriter, ThreadWriter, Work

log = logging.getLogger(__name__)

_REBUILD: Final = frozenset({StoreTrouble.CORRUPT, StoreTrouble.NOT_OURS, StoreTrouble.NEWER})
_CALL: Final = "id, contact, who, name, direction, state, started, seconds, note"
_WAITING: Final = LinkState.GONE
"""How a link says that the contact holds an edit which is still to be sent."""
_LEAVING: Final = LinkState.TAKEN_BACK
"""How a link says that the caller was deleted here and is still to be deleted there; nothing of it is kept."""
_DUE: Final = "SELECT EXISTS (SELECT 1 FROM link WHERE account = ? AND state IN (?, ?) AND state <> 'active')"
_CUTS: Final = 5
_BEGIN: Final = (
    "INSERT OR IGNORE INTO meta (key, value) SELECT 'identity', ? UNION ALL SELECT 'region', ?"
    f" UNION ALL {contacts.NEW_IS_ORDERED}"
)
_ASKED: Final = 100
"""Contacts whose owners are asked for at once."""

MarksOf = Callable[[str], Marks]


class SharedBook:
    """The file: reads for the thread that opened it, writes for any, and a side for the team's worker."""

    def __init__(self, path: Path, *, region: str, clock: Clock, send_news: SendNews, inline: bool = False) -> None:
        self.path = path
        self._region = region
        self._clock = clock
        writing = _opened(path)
        try:
            writing.run(_BEGIN, (str(uuid4()), region))
            ordered = contacts.names_ordered(writing)
            self._reader = open_reader(path, region, BUSY_MILLISECONDS)
        except BaseException:
            writing.close()
            raise
        self._writer = (InlineWriter if inline else ThreadWriter)(writing, send_news)
        self.reads: Reads = self._reader.contacts
        self._closing = False
        self._reordering = None if ordered else reorder(self._writer, lambda: self._closing)

    @property
    def moved(self) -> int:
        """Rows that lay where a name was listed once, and are overwritten: some may have been of erased contacts."""
        return 0 if self._reordering is None else self._reordering.moved

    def close(self) -> None:
        """Finish what was asked for, then close. Blocks until it is done."""
        self._closing = True
        self._writer.stop()
        self._reader.close()

    def set_region(self, region: str) -> None:
        """The home region of numbers from now on. Contacts keep the reading they came with until they come again."""
        self._region = region
        self.reads.set_region(region)

    def holds(self, id: str) -> bool:
        """Whether this is a contact of these."""
        return self._reader.connection.value("SELECT 1 FROM contact WHERE uuid = ?", (key_of(id),)) is not None

    def owners(self, ids: Sequence[str]) -> Mapping[str, str]:
        """Who shares these contacts, by contact; nobody for unclaimed ones."""
        found: dict[str, str] = {}
        names: dict[str, str] = {}  # a coworker shares many
        for some in (ids[at : at + _ASKED] for at in range(0, len(ids), _ASKED)):
            sql = f"SELECT uuid, owner FROM contact WHERE uuid IN ({', '.join('?' * len(some))})"
            for key, text in self._reader.connection.rows(sql, [key_of(id) for id in some]):
                if text not in names:
                    owner = owner_of(text)
                    names[text] = owner.name or owner.login if isinstance(owner, Coworker) else ""
                if names[text]:
                    found[id_of(key)] = names[text]
        return found

    def calls_of(self, contact: str, limit: int = 20) -> Sequence[CoworkerCall]:
        """Coworkers' calls with a contact, newest first."""
        rows = self._reader.connection.rows(
            f"SELECT {_CALL} FROM coworker_call WHERE contact = ? ORDER BY started DESC, id LIMIT ?",
            (key_of(contact), limit),
        )
        return [_call(row) for row in rows]

    def save(self, contact: Contact, *, read_revision: int) -> Future[Contact]:
        """Save my edit of a coworker's contact; it waits here for the directory."""
        return self._writer.submit(lambda work: self._save(work, contact, read_revision))

    def mark(self, id: str, marks: Marks) -> Future[Contact]:
        """Show my marks on a contact."""
        return self._writer.submit(lambda work: self._mark(work, id, marks))

    def take_out(self, id: str) -> Future[None]:
        """The contact is mine now and lies in my own book."""

        def job(work: Work) -> None:
            _erase(work, [id], self._region)

        return self._writer.submit(job)

    def let_go(self, ids: Sequence[str]) -> Future[int]:
        """Delete unclaimed callers: gone here at once, and from the directory with the next round. Gives how many."""
        return self._writer.submit(lambda work: _let_go(work, ids, self._region))

    def due(self) -> bool:
        """Whether an edit or a deletion waits for the directory. On the thread that opened the file."""
        return bool(self._reader.connection.value(_DUE, (TEAM, _WAITING.value, _LEAVING.value)))

    def worker(self, marks: MarksOf) -> SharedWork:
        """The side of the team's worker, to be used and closed on its thread. `marks`: mine, on a contact."""
        reading = Connection(self.path, write=False)
        return SharedWork(self, reading, marks)

    def _save(self, work: Work, contact: Contact, read_revision: int) -> Contact:
        before = contacts.held(work.connection, contact.id)
        link = links.link(work.connection, TEAM, contact.id)
        if before is None or link is None:
            raise StoreError(StoreTrouble.GONE, contact.id)
        if before.contact.revision != read_revision:
            raise StoreError(StoreTrouble.STALE, f"revision {before.contact.revision}, read was {read_revision}")
        if contact.card == before.contact.card:
            return before.contact
        wanted = replace(before.contact, card=contact.card, revision=read_revision + 1, updated=self._now())
        after = contacts.change(work.connection, before, wanted, self._region).contact
        links.put(work.connection, TEAM, replace(link, state=_WAITING))
        work.news.append(ContactsChanged(frozenset({contact.id})))
        return after

    def _mark(self, work: Work, id: str, marks: Marks) -> Contact:
        before = contacts.held(work.connection, id)
        if before is None:
            raise StoreError(StoreTrouble.GONE, id)
        wanted = replace(before.contact, marks=marks, revision=before.contact.revision + 1)
        work.news.append(ContactsChanged(frozenset({id})))
        return contacts.change(work.connection, before, wanted, self._region).contact

    def _now(self) -> float:
        return seconds(millis(self._clock.now()))


class SharedWork:
    """CoworkerStore over a connection of its own; belongs to the thread of the team's worker."""

    def __init__(self, book: SharedBook, reading: Connection, marks: MarksOf) -> None:
        self._book = book
        self._reading = reading
        self._marks = marks
        self._uncut = True  # a kill may have come between erasing and cutting the log
        self._moved = 0

    def close(self) -> None:
        """Close the connection."""
        self._reading.close()

    @property
    def identity(self) -> str:
        """Another one where the file was made anew."""
        return str(self._reading.value("SELECT value FROM meta WHERE key = 'identity'"))

    def kept(self, ids: Iterable[str]) -> Mapping[str, Kept]:
        """What is kept, of those asked for."""
        found: dict[str, Kept] = {}
        for id in ids:
            held, link = contacts.held(self._reading, id), links.link(self._reading, TEAM, id)
            if held is not None and link is not None:
                found[id] = Kept(
                    contact=held.contact, base=link.base, etag=link.etag, raw=link.raw, edited=link.state is _WAITING
                )
        return found

    def contact(self, id: str) -> Contact | None:
        """A contact, or None where it is none of these."""
        held = contacts.held(self._reading, id)
        return None if held is None else held.contact

    def edited(self) -> Sequence[str]:
        """Contacts with an edit that is still to be sent."""
        return [link.contact for link in links.in_state(self._reading, TEAM, _WAITING, 10_000)]

    def leaving(self) -> Sequence[str]:
        """Unclaimed callers that are still to be deleted there."""
        return [link.contact for link in links.in_state(self._reading, TEAM, _LEAVING, 10_000)]

    def left(self, id: str) -> None:
        """Nothing waits any more for such a caller."""
        self._book._writer.submit(lambda work: links.drop(work.connection, TEAM, id)).result()
        self._uncut = True
        self.cut()

    def ids(self) -> Sequence[str]:
        """All contacts."""
        return [id_of(key) for (key,) in self._reading.rows("SELECT uuid FROM contact")]

    def put(self, kept: Sequence[Kept]) -> None:
        """Keep contacts, new or changed, in one transaction."""
        if kept:
            changed = self._book._writer.submit(lambda work: self._put(work, kept)).result()
            self._uncut = self._uncut or changed  # what a contact held before is no business of this desk any more

    def erase(self, ids: Iterable[str]) -> int:
        """Forget contacts so that no byte of them stays in any file."""
        gone, region = list(ids), self._book._region
        count = self._book._writer.submit(lambda work: _erase(work, gone, region)).result() if gone else 0
        self._uncut = self._uncut or bool(count)
        self.cut()
        return count

    def cut(self) -> None:
        """Cut the log, which still holds what was erased; tried again with the next round where a reader is in it."""
        moved = self._book.moved
        self._uncut, self._moved = self._uncut or moved != self._moved, moved
        for _ in range(_CUTS if self._uncut else 0):
            busy = self._reading.value("PRAGMA wal_checkpoint(TRUNCATE)")
            if not busy:
                self._uncut = False
                return
        if self._uncut:
            log.info("the log of shared.db is in use; it is cut with the next round")

    def name_owners(self, names: Mapping[str, str]) -> None:
        """Call owners by these names, by login."""
        self._book._writer.submit(lambda work: _name_owners(work, names)).result()

    def calls(self, told: Sequence[CoworkerCall], gone: Sequence[str], *, full: bool) -> None:
        """Keep coworkers' calls and forget others."""
        if told or gone or full:
            forgotten = self._book._writer.submit(lambda work: _calls(work, told, gone, full=full)).result()
            self._uncut = self._uncut or forgotten
            self.cut()

    def cursor(self) -> str | None:
        """Where the next look at coworkers' calls begins."""
        found = self._reading.value("SELECT value FROM meta WHERE key = 'calls'")
        return None if found is None else str(found)

    def keep_cursor(self, cursor: str) -> None:
        """Keep that."""
        sql = "INSERT OR REPLACE INTO meta (key, value) VALUES ('calls', ?)"
        self._book._writer.submit(lambda work: work.connection.run(sql, (cursor,))).result()

    def _put(self, work: Work, kept: Sequence[Kept]) -> bool:
        """Keep them; gives whether one was there already and has changed."""
        connection, region, now = work.connection, self._book._region, self._book._now()
        fresh: list[Contact] = []
        for one in kept:
            contact = one.contact
            before = contacts.held(connection, contact.id)
            if (before.contact.revision if before else 0) != contact.revision:
                raise StoreError(StoreTrouble.STALE, contact.id)
            wanted = replace(contact, revision=contact.revision + 1, updated=now)
            if before is None:
                fresh.append(replace(wanted, created=now, marks=self._marks(contact.id)))
            else:
                contacts.change(connection, before, wanted, region)
            links.put(connection, TEAM, _link(one))
        contacts.insert(connection, fresh, batch=0, region=region)
        work.news.append(ContactsChanged(frozenset(one.contact.id for one in kept)))
        return len(fresh) < len(kept)


def _link(kept: Kept) -> Link:
    return Link(
        contact=kept.contact.id,
        remote=kept.contact.id,
        etag=kept.etag,
        base=kept.base,
        raw=kept.raw,
        state=_WAITING if kept.edited else LinkState.ACTIVE,
    )


def _opened(path: Path) -> Connection:
    """The file, made anew where it cannot be used: everything in it can be fetched again."""
    try:
        writing = open_for_writing(path)
    except StoreError as error:
        if error.trouble not in _REBUILD:
            raise
        log.warning("shared.db is made anew: %s", error.trouble.value)
        for name in (path.name, f"{path.name}-wal", f"{path.name}-shm"):
            path.with_name(name).unlink(missing_ok=True)
        writing = open_for_writing(path)
    for copy in path.parent.glob(f"{path.name}.before-*"):  # coworkers' contacts are never kept twice
        with suppress(OSError):
            copy.unlink()
    return writing


def _erase(work: Work, ids: Sequence[str], region: str) -> int:
    connection, count = work.connection, 0
    for id in ids:
        held = contacts.held(connection, id)
        links.drop(connection, TEAM, id)
        connection.run("DELETE FROM coworker_call WHERE contact = ?", (key_of(id),))
        if held is not None:
            contacts.remove(connection, held, region)
            count += 1
    if count:
        connection.run("DELETE FROM category WHERE id NOT IN (SELECT category FROM membership)")
        work.news.append(ContactsChanged(frozenset(ids)))
    return count


def _let_go(work: Work, ids: Sequence[str], region: str) -> int:
    found = [held for id in ids if (held := contacts.held(work.connection, id)) is not None]
    gone = [held.contact.id for held in found if isinstance(held.contact.owner, Unclaimed)]
    _erase(work, gone, region)
    for id in gone:
        links.put(work.connection, TEAM, Link(contact=id, remote=id, etag="", base=Card(), state=_LEAVING))
    return len(gone)


def _name_owners(work: Work, names: Mapping[str, str]) -> None:
    changed = 0
    for login, name in names.items():
        changed += work.connection.run(
            "UPDATE contact SET owner = ?1 WHERE owner LIKE '[\"coworker%' AND owner ->> 1 = ?2 AND owner <> ?1",
            (owner_text(Coworker(login, storable(name))), login),
        )
    if changed:
        work.news.append(ContactsChanged(frozenset()))


def _calls(work: Work, told: Sequence[CoworkerCall], gone: Sequence[str], *, full: bool) -> bool:
    connection, forgotten = work.connection, 0
    if full:
        kept = json_of([call.id for call in told])
        forgotten = connection.run(
            "DELETE FROM coworker_call WHERE id NOT IN (SELECT value FROM json_each(?))", (kept,)
        )
    forgotten += sum(connection.run("DELETE FROM coworker_call WHERE id = ?", (id,)) for id in gone)
    connection.many(
        f"INSERT OR REPLACE INTO coworker_call ({_CALL}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [_row(call) for call in told],
    )
    if told or forgotten:
        work.news.append(CallsChanged(frozenset()))
    return bool(forgotten)


def _row(call: CoworkerCall) -> Row:
    texts = storable(call.name), call.direction, call.state
    return (call.id, key_of(call.contact), call.who, *texts, call.started, call.seconds, storable(call.note))


def _call(row: Row) -> CoworkerCall:
    id, contact, who, name, direction, state, started, spoken, note = row
    return CoworkerCall(
        id=id,
        contact=id_of(contact),
        who=who,
        name=name,
        direction=direction,
        state=state,
        started=started,
        seconds=spoken,
        note=note,
    )


def marks_of(flags: int) -> Marks:
    """Marks from the bits they are stored as."""
    return Marks(vip=bool(flags & VIP), blocked=bool(flags & BLOCKED))
