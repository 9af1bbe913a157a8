"""Databases as they were before East Asian names were put together family first: every name given name first.

`put_back` writes what that program wrote, as today's code cannot: the name, the document that is deflated behind it,
and the place in every list. (Its words, numbers and counts were the same as today's.)
"""

from __future__ import annotations

from ringdesk.domain.card import Card, Email, Name, PhoneEntry
from ringdesk.domain.document import to_json
from ringdesk.domain.words import fold
from ringdesk.store.contacts import held_at
from ringdesk.store.database import Connection
from ringdesk.store.encode import _DICTIONARY, _near, _pressed
from tests.store.kit import card

TARO = Card(name=Name(given="太郎", family="山田"), phones=(PhoneEntry("600 111 222", "mobile"),), note="お得意様")
BOOK = (
    TARO,
    Card(name=Name(given="花子", family="佐藤")),
    Card(name=Name(given="민수", family="김"), emails=(Email("kim@mail.example"),), groups=("Clients",)),
    Card(name=Name(prefix="Dr.", given="小明", middle="大", family="王", suffix="Jr."), nicknames=("Ming",)),
    Card(name=Name(given="㈱", family="山田商事"), groups=("Clients", "work")),
    Card(name=Name(given="林", family="林")),
    Card(name=Name(given="ジョン", family="スミス")),
    card("Ana Gil", "600111223", groups="Clients"),
    card("O'Connor (Bo)"),
    card("", "600111224"),
)
"""Five of these were listed elsewhere."""
MOVED = 5


def shown_before(card: Card) -> str:
    """What stood beside a card, whose name was read aloud in one order only."""
    name = card.name
    parts = (name.prefix, name.given, name.middle, name.family, name.suffix)
    return " ".join(part for part in parts if part) or card.display_name


def listed_before(card: Card) -> str:
    """What a card was listed under."""
    name = card.name
    parts = (name.given, name.middle, name.family, name.suffix)
    return fold(" ".join(part for part in parts if part)) or card.sort_key


def put_back(connection: Connection) -> int:
    """Bring a database into the order of before; gives how many contacts stand elsewhere now."""
    moved = 0
    with connection.transaction():
        connection.run("DELETE FROM meta WHERE key = 'names'")
        for row, company, phone in connection.rows("SELECT id, company, phone FROM contact"):
            one = held_at(connection, row)
            assert one is not None
            kept = one.contact.card
            name, sort = shown_before(kept), listed_before(kept)
            document = _pressed(to_json(kept).encode(), _DICTIONARY + _near(name, company, phone))
            connection.run("UPDATE contact SET name = ?, document = ? WHERE id = ?", (name, document, row))
            connection.run("UPDATE listed SET sort = ? WHERE contact = ?", (sort, row))
            moved += sort != kept.sort_key
    return moved
