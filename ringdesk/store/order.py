"""The order of East Asian names: contacts written before it was family first, brought to what is written today.

Whoever changes a contact or takes it out works out from its document which rows it has in the lists. Rows that lie
elsewhere would stay behind, and with them a name that was erased; so such a contact is put in order before.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from ringdesk.domain.card import Card
from ringdesk.domain.words import EAST_ASIAN, family_first
from ringdesk.store.database import Connection
from ringdesk.store.derive import parts
from ringdesk.store.encode import press_row
from ringdesk.store.filing import category_ids, count
from ringdesk.store.wording import folded

_TAKE_OUT: Final = "DELETE FROM listed WHERE part = ? AND sort = ? AND contact = ?"
_PUT_IN: Final = "INSERT OR IGNORE INTO listed (part, sort, contact) VALUES (?, ?, ?)"


def sort_before(card: Card) -> str:
    """What a card was listed under when every name was put together given name first."""
    name = card.name
    if name.given < EAST_ASIAN or not family_first(name.given, name.family):
        return card.sort_key
    return folded(" ".join([part for part in (name.given, name.middle, name.family, name.suffix) if part]))


def parts_of(connection: Connection, card: Card, flags: int) -> frozenset[int]:
    """The lists a contact is in."""
    return parts(flags, category_ids(connection, [group for group in card.groups if group]).values())


def put_in_order(connection: Connection, row: int, card: Card, flags: int) -> None:
    """Move the rows of a contact that lie where its name once was, within the transaction of whoever changes it."""
    before = sort_before(card)
    if before != card.sort_key:
        for part in parts_of(connection, card, flags):
            move(connection, part, before, row, [card.sort_key])
    restate(connection, row, card)


def move(connection: Connection, part: int, sort: str, row: int, to: Iterable[str]) -> bool:
    """Take a row of a list to where it belongs, or nowhere; gives whether it was there.

    The list is as long as before: where a row was left behind, the contact itself was counted out, or in once.
    """
    if not connection.run(_TAKE_OUT, (part, sort, row)):
        return False
    connection.many(_PUT_IN, [(part, other, row) for other in to])
    count(connection, {part: 0})
    return True


def restate(connection: Connection, row: int, card: Card) -> bool:
    """Write the name beside a contact, and the document that is deflated behind it, as both are written today."""
    if connection.value("SELECT name FROM contact WHERE id = ?", (row,)) == card.display_name:
        return False
    _, (name, _, _), document = press_row(card)
    return bool(connection.run("UPDATE contact SET name = ?, document = ? WHERE id = ?", (name, document, row)))
