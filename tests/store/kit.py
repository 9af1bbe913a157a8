"""What the store's tests share: a store on a fresh file, and the check that lookup tables equal a rebuild."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from ringdesk.domain.card import Card, Email, Name, Organization, PhoneEntry
from ringdesk.domain.contact import Contact, Me, Origin, Owner, flags_of
from ringdesk.domain.news import News
from ringdesk.domain.sockets import Show
from ringdesk.store.contacts import held_at, note_texts
from ringdesk.store.database import Connection
from ringdesk.store.derive import derive, parts
from ringdesk.store.store import Store

REGION = "ES"
ALL = Show(anonymous=None)


@dataclass
class Clock:
    """A clock that moves a second with every look."""

    time: float = 1_700_000_000.0

    def now(self) -> float:
        self.time += 1.0
        return self.time


@dataclass
class Ids:
    """UUIDs that count."""

    made: int = 0

    def new(self) -> str:
        self.made += 1
        return str(UUID(int=(0xABC << 96) + self.made * 7919, version=4))


@dataclass
class Opened:
    """A store, and the news it sent."""

    store: Store
    news: list[News] = field(default_factory=list)

    def add(self, card: Card, *, owner: Owner | None = None, origin: Origin = Origin.HAND) -> Contact:
        return self.store.writes.add(card, origin=origin, owner=owner or Me()).result()

    def names(self, text: str, show: Show = ALL, start: int = 0, count: int = 50) -> list[str]:
        return [row.name for row in self.store.reads.search(text, show, start, count)]


def open_store(path: Path, *, inline: bool = True, region: str = REGION, busy: int = 100) -> Opened:
    news: list[News] = []
    ids, clock = Ids(), Clock()
    store = Store.open(path, region=region, clock=clock, ids=ids, send_news=news.append, inline=inline, busy=busy)
    return Opened(store, news)


OpenStore = Callable[..., Opened]


def card(name: str = "", *phones: str, company: str = "", email: str = "", note: str = "", groups: str = "") -> Card:
    """A card from a name of two words, phones and the rest as text."""
    given, _, family = name.partition(" ")
    return Card(
        name=Name(given=given, family=family),
        phones=tuple(PhoneEntry(phone, "mobile") for phone in phones),
        organizations=(Organization(company),) if company else (),
        emails=(Email(email),) if email else (),
        note=note,
        groups=tuple(groups.split()),
    )


def check_tables(path: Path, region: str = REGION) -> None:
    """Every lookup table of a file holds exactly what a rebuild from documents and notes gives."""
    connection = Connection(path, write=False)
    check_rows(connection, region)
    connection.close()


def check_rows(connection: Connection, region: str = REGION) -> None:
    """Every lookup table holds exactly what a rebuild from documents and notes gives."""
    wanted: dict[str, set[tuple[object, ...]]] = {
        name: set() for name in ("phone", "tail", "token", "email", "listed", "membership")
    }
    categories = {name: id for id, name in connection.rows("SELECT id, name FROM category")}
    rows = connection.rows("SELECT id, words, name, company, phone, flags FROM contact")
    for row, words, name, company, phone, flags in rows:
        one = held_at(connection, row)
        assert one is not None
        kept = one.contact.card
        derived = derive(kept, note_texts(connection, row), region)
        assert (words, name, company) == (derived.words, kept.display_name, kept.company)
        assert (phone, flags) == (kept.phones[0].value if kept.phones else "", flags_of(one.contact))
        assert derived.sort == kept.sort_key
        wanted["phone"] |= {(number, row) for number in derived.numbers}
        wanted["tail"] |= {(tail, row) for tail in derived.tails}
        wanted["token"] |= {(*token, row) for token in derived.tokens}
        wanted["email"] |= {(key, row) for key in derived.emails}
        inside = [categories[group] for group in derived.groups]
        wanted["membership"] |= {(row, category) for category in inside}
        wanted["listed"] |= {(part, derived.sort, row) for part in parts(flags, inside)}
    for name, expected in wanted.items():
        assert set(connection.rows(f"SELECT * FROM {name}")) == expected, name
    assert connection.rows("SELECT contact FROM unfiled") == []
    sizes = {part: size for part, size in connection.rows("SELECT part, size FROM tally") if size and part >= 0}
    assert sizes == Counter(part for part, _, _ in wanted["listed"])


def integrity(path: Path) -> str:
    """SQLite's own answer."""
    with closing(sqlite3.connect(path)) as raw:
        return str(raw.execute("PRAGMA integrity_check").fetchone()[0])
