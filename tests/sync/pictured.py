"""What the tests of pictures share: Ana, who has one on both sides, and who gives her which."""

from __future__ import annotations

from dataclasses import replace

from tests.sync.kit import Pair, card
from tests.sync.memory_remote import Held
from tests.sync.pictures import seen


def agreed(pair: Pair) -> Held:
    """Ana is on both sides, with picture 1."""
    pair.desk.add(pair.desk.unseen(card("Ana", "+34600111222", photo="photo1")))
    pair.settled()
    return pair.there("Ana")


def picture_here(pair: Pair, token: str) -> None:
    ana = pair.here("Ana")
    pair.desk.edit(ana.id, pair.desk.unseen(replace(ana.card, photo=token)))


def picture_there(pair: Pair, token: str) -> None:
    [one] = [one for one in pair.hand.all() if one.card.name.given == "Ana"]
    pair.hand.edit(one.remote, replace(one.card, photo=token))


def pictures(pair: Pair) -> tuple[str, str]:
    [one] = [one for one in pair.hand.all() if one.card.name.given == "Ana"]
    return pair.desk.seen(pair.here("Ana").card).photo, one.card.photo


def past(pair: Pair) -> set[str]:
    """Every picture in Ana's history."""
    rows = pair.desk.reader.connection.rows("SELECT old, new FROM change WHERE field = 'photo'")
    found = [pair.desk.replicas.photo(text.strip('"')) for row in rows for text in row]
    return {seen(data) for data in found if data}
