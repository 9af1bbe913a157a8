"""A card made ready for the tables: all that they hold of it, worked out without a database.

That is most of the work of an import, so that a process of its own can do it (`packed`, `unpacked`).
"""

from __future__ import annotations

import marshal
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from operator import attrgetter
from typing import Any, Final

from ringdesk.domain.card import Card
from ringdesk.domain.rightofway import WINDOW
from ringdesk.domain.values import dataclass, maker
from ringdesk.store.derive import Derived, derive
from ringdesk.store.encode import press_long, press_row, unpress_row

Incoming = tuple["Prepared", bytes | None]
"""What an import takes in: a card made ready, and the picture it names."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """The columns of a card, its document, and what it will be found by. `named`: somebody has said who it is."""

    name: str
    company: str
    phone: str
    document: bytes
    named: bool
    photo: str
    derived: Derived


def prepare(card: Card, region: str, notes: Sequence[str] = ()) -> tuple[Card, Prepared]:
    """The card as it will be stored, and all that the tables hold of it."""
    WINDOW.ask()
    card, (name, company, phone), document = press_row(card)
    return card, _made()(name, company, phone, document, card.named, card.photo, derive(card, notes, region))


_TOGETHER: Final = 64
"""Cards that go through one part of the work before the next part: it runs faster while all of it is at hand."""


def prepare_all(cards: Sequence[Card], region: str) -> list[Prepared]:
    """What the tables hold of each of many cards."""
    made = _made()
    found: list[Prepared] = []
    for start in range(0, len(cards), _TOGETHER):
        pressed = [press_row(card) for card in _let_others(cards[start : start + _TOGETHER])]
        derived = [derive(card, (), region) for card in _let_others([card for card, _, _ in pressed])]
        found += [
            made(name, company, phone, document, card.named, card.photo, said)
            for (card, (name, company, phone), document), said in zip(pressed, derived, strict=True)
        ]
    return found


def _let_others(cards: Iterable[Card]) -> Iterator[Card]:
    for card in cards:
        WINDOW.ask()
        yield card


@cache
def _made() -> Callable[..., Prepared]:
    return maker(Prepared)  # compiled with the first contact: no start waits for it


def pictured(card: Card, photo: bytes | None, region: str) -> Incoming:
    """A card made ready, naming the picture that comes with it."""
    return prepare(_naming(card, photo), region)[1], photo


def pictured_all(some: Sequence[tuple[Card, bytes | None]], region: str) -> list[Incoming]:
    """`pictured` of each of many cards."""
    ready = prepare_all([card if photo is None else _naming(card, photo) for card, photo in some], region)
    return [(one, photo) for one, (_, photo) in zip(ready, some, strict=True)]


def _naming(card: Card, photo: bytes | None) -> Card:
    if photo is None:
        return card
    import hashlib  # no start waits for it

    return replace(card, photo=hashlib.sha256(photo).hexdigest())


def again(one: Prepared, region: str) -> Prepared:
    """The same card made ready for another region."""
    return prepare(unpress_row(one.name, one.company, one.phone, one.document), region)[1]


def long_document(one: Prepared) -> bytes:
    """The document as it was written before schema 8."""
    return press_long(unpress_row(one.name, one.company, one.phone, one.document))[2]


def packed(some: Sequence[Incoming]) -> list[Any]:
    """As few plain values as `marshal` can write them: the words of a card are one text, their classes bytes."""
    return [(_COLUMNS(one), _found(one.derived), photo) for one, photo in some]


def _found(derived: Derived) -> tuple[Any, ...]:
    text = " ".join([word for _, word in derived.tokens])
    kinds = bytes([kind for kind, _ in derived.tokens])
    keys = [*derived.numbers], [*derived.tails], [*derived.emails], [*derived.groups]
    return derived.sort, derived.words, text, kinds, *keys


def unpacked(values: Sequence[Any]) -> list[Incoming]:
    """The inverse of `packed`."""
    return [
        (Prepared(name, company, phone, document, named, picture, _derived(*found)), photo)
        for (name, company, phone, document, named, picture), found, photo in values
    ]


def _derived(sort: str, words: int, text: str, kinds: bytes, *keys: list[Any]) -> Derived:
    tokens = tuple(zip(kinds, text.split(" "), strict=True)) if kinds else ()
    return Derived(sort, words, tokens, *[tuple(some) for some in keys])


_COLUMNS: Final = attrgetter("name", "company", "phone", "document", "named", "photo")


def written(value: Any) -> bytes:
    """Plain values as bytes, for a process of ours to read: not for files or networks."""
    return marshal.dumps(value, 2)


def read(data: bytes) -> Any:
    """The inverse of `written`."""
    return marshal.loads(data)  # written by a process this one started, through a pipe nobody else has
