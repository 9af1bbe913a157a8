"""Power cuts under the real store: a run is recorded once, then cut at many points, and each rest is looked at.

What a run keeps is known by a digest of the whole database after every transaction. After a cut the database must be
as it was after the last transaction that was acknowledged, or after the one in progress: nothing else, not even a
row of an index. The lookup tables behind each digest are compared with a rebuild, once a digest.
"""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from hashlib import blake2b
from typing import Final

from ringdesk.domain.effects import PutAccount, PutLink
from ringdesk.domain.replica import Account, Link, LinkState
from ringdesk.domain.status import StoreError
from ringdesk.store.database import Connection
from ringdesk.store.encode import press, press_long, unpress_row
from ringdesk.store.migrations import migrate, steps
from ringdesk.store.store import Store
from tests.disk.deeds import Deeds
from tests.disk.media import Disk, Faults
from tests.disk.session import DATABASE, Session
from tests.store.kit import ALL, REGION, Clock, Ids, check_rows

SHORT: Final = 8
"""The schema from which on documents may be written short."""

CHECKPOINTS: Final = (1, 8, 40, 1000)
"""Pages of log after which SQLite brings them into the database: seldom in earnest, often here."""


@dataclass
class Run:
    """A recorded run: the disk with its journal, and what was kept when."""

    disk: Disk
    kept: list[tuple[int, bytes]] = field(default_factory=list)
    """How long the journal was when a transaction had been acknowledged, and the digest of everything then."""

    opened: int = 0
    """The place in `kept` of the moment when the store was open and brought to the newest schema."""

    def note(self, connection: Connection) -> None:
        """A transaction was kept; where it changed nothing there is nothing to remember."""
        seen = digest(connection)
        if not self.kept or self.kept[-1][1] != seen:
            self.kept.append((len(self.disk.journal), seen))

    def allowed(self, at: int) -> set[bytes]:
        """What may be found, once the store is open again, after a cut in the change number `at`."""
        last = sum(length <= at for length, _ in self.kept) - 1
        return {self.kept[min(max(n, self.opened), len(self.kept) - 1)][1] for n in (last, last + 1)}


def digest(connection: Connection) -> bytes:
    """Stands for everything that is in a database."""
    made = connection.rows("SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name")
    all_of_it = blake2b(repr((connection.value("PRAGMA user_version"), made)).encode(), digest_size=16)
    for kind, name, *_ in made:
        if kind == "table":
            all_of_it.update(repr((name, connection.rows(f'SELECT * FROM "{name}"'))).encode())
    return all_of_it.digest()


def open_on(session: Session, first: int = 0) -> Store:
    """The real store, writing inline, on a simulated disk; the ids it gives begin after `first`."""
    return Store.open(
        DATABASE,
        region=REGION,
        clock=Clock(),
        ids=Ids(first),
        send_news=lambda _: None,
        inline=True,
        connect=session.connect,
    )


def record(image: Mapping[str, bytes], seed: int, deeds: int, faults: Faults | None = None, **pragmas: object) -> Run:
    """Run the store on a disk that holds these files, and do some things by chance, or as far as the disk lets it."""
    chance = random.Random(seed)
    disk = Disk({name: bytearray(data) for name, data in image.items()}, faults or Faults())
    run = Run(disk)
    checkpoint = chance.choice(CHECKPOINTS)
    with Session(disk, kept=run.note, wal_autocheckpoint=checkpoint, **pragmas) as session, suppress(StoreError):
        store = open_on(session, first=(seed + 1) * 1000)
        run.opened = len(run.kept) - 1
        Deeds(store, chance).some(deeds)
        if chance.random() < 0.5:
            store.close()
    return run


def wrong_after(run: Run, at: int, chance: random.Random, known: set[bytes]) -> str:
    """Cut a run, start again (sometimes cutting that start, too), and say what is wrong; empty where nothing is."""
    disk = run.disk.cut(at, chance)
    if chance.random() < 0.3:
        with Session(disk) as session:
            try:
                open_on(session)
            except (StoreError, sqlite3.Error) as error:
                return f"cannot be opened: {error}"
        disk = disk.cut(chance.randrange(len(disk.journal) + 1), chance)
    with Session(disk, synchronous="OFF") as session:
        try:
            return _wrong_with(open_on(session), run.allowed(at), known)
        except (StoreError, sqlite3.Error) as error:
            return f"cannot be opened or read: {error}"


def _wrong_with(store: Store, allowed: set[bytes], known: set[bytes]) -> str:
    connection = store._reader.connection
    said = str(connection.value("PRAGMA integrity_check"))
    if said != "ok":
        return f"damaged: {said[:200]}"
    found = digest(connection)
    if found not in allowed:
        return "lost or half kept"
    if found not in known:
        check_rows(connection)
        known.add(found)
    return ""


@cache
def landed(version: int) -> Mapping[str, bytes]:
    """A database with content, of a schema that once landed; version 0 is no file at all.

    The content is made by today's store and brought over column by column, so every later schema gets its test by
    being there. There is something of everything: the seed was looked for.
    """
    if version == 0:
        return {}
    newest = record({}, -11, 40)
    with Session(newest.disk) as session:
        _connect_account(open_on(session))
    disk = Disk()
    with Session(newest.disk) as now, Session(disk) as then:
        today, old = now.connect(DATABASE, write=True, busy=0), then.connect(DATABASE, write=True, busy=0)
        old.run("PRAGMA journal_mode = WAL")
        migrate(old, steps()[:version])
        old.run("PRAGMA foreign_keys = OFF")
        with old.transaction():
            _bring(today, old)
        if version < SHORT:
            _write_long(old)
        old.close()
    return disk.image()


def _connect_account(store: Store) -> None:
    """An account that has some of the contacts."""
    reader = store.reader()
    account = store.replicas("google:me", reader)
    contacts = [contact for row in store.reads.page(ALL, 0, 5) if (contact := store.reads.get(row.id)) is not None]
    linked = [
        Link(contact=contact.id, remote=f"people/c{number}", etag="1", base=contact.card, state=state)
        for number, (contact, state) in enumerate(zip(contacts, LinkState, strict=False))
    ]
    account.commit([PutAccount(Account(id="google:me", kind="google")), *map(PutLink, linked)])
    reader.close()


def _write_long(old: Connection) -> None:
    """Write contacts' documents, and links' bases, as all were before they could be short or left out."""
    with old.transaction():
        for id, uuid, *row in old.rows("SELECT id, uuid, name, company, phone, document FROM contact"):
            card, texts, document = press_long(unpress_row(*row))
            old.run("UPDATE link SET base = ? WHERE contact = ? AND base IS NULL", (press(card)[1], uuid))
            sql = "UPDATE contact SET name = ?, company = ?, phone = ?, document = ? WHERE id = ?"
            old.run(sql, (*texts, document, id))


def _bring(today: Connection, old: Connection) -> None:
    triggers = old.rows("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    for name, _ in triggers:
        old.run(f"DROP TRIGGER {name}")
    for (table,) in old.rows("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"):
        here = {name for (name,) in today.rows("SELECT name FROM pragma_table_info(?)", (table,))}
        both = [name for (name,) in old.rows("SELECT name FROM pragma_table_info(?)", (table,)) if name in here]
        names, marks = ", ".join(f'"{name}"' for name in both), ", ".join("?" * len(both))
        if both:
            rows = today.rows(f"SELECT {names} FROM {table}")
            old.many(f"INSERT OR REPLACE INTO {table} ({names}) VALUES ({marks})", rows)
    for _, sql in triggers:
        old.run(sql)
