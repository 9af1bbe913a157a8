"""How values lie in the database, and back: ids, cards, owners, numbers, times."""

from __future__ import annotations

import json
import zlib
from functools import lru_cache
from typing import Any, Final

from ringdesk.domain.card import Card
from ringdesk.domain.contact import Coworker, Me, Origin, Owner, Unclaimed
from ringdesk.domain.document import from_document, to_json
from ringdesk.domain.phone import E164, Extension, Number, Unparsable, Withheld
from ringdesk.store.shorthand import MARK, lengthen, shorten, words_in

RowTexts = tuple[str, str, str]
"""name, company, first phone"""

Key = bytes | str
"""A contact's id as stored: the 16 bytes of a UUID; any other text as it is."""

ORIGINS: Final = (Origin.FILE, Origin.HAND, Origin.ACCOUNT, Origin.CALL, Origin.TEAM)
"""Stored by place: never reorder."""

_LONGEST_REMEMBERED: Final = 4096
"""Bytes of a document whose card is remembered: a note may be a megabyte, and hundreds of cards are."""

KIND_EXTENSION: Final = 0
KIND_UNPARSABLE: Final = 4
KIND_WITHHELD: Final = 5

# What cards are full of, most frequent last. Frozen: a changed dictionary cannot read what the old one wrote.
_LABELLED: Final = b"".join(
    b'"label":"%s"}],"organizations":[{"name":"","label":"%s"}],"organizations":[{"title":"",'
    b'"label":"%s"}],"emails":[{"value":"","label":"%s"},{"value":"' % (label, label, label, label)
    for label in (b"main", b"home", b"work", b"mobile")
)
_DICTIONARY: Final = (
    b'"relations":[{"person":"spouse"birthday":[0,1,"custom":[{"key":"urls":[{"value":"https://www."addresses":[{'
    b'"street":"","extended":"","po_box":"","city":"","region":"","postal_code":"","country":"","formatted":""}],'
    b'"note":"","groups":["","nicknames":["","photo":"","prefix":"","middle":"","suffix":"","phonetic_given":"",'
    b'"phonetic_family":"","department":""}],"organizations":[{"name":"","title":"Director"}],"emails":[{"value":"@'
    b'gmail.com","label":"work"},{"value":"info@example.com","label":"home"}],"phones":[{"value":"00","label":"main"}'
    b',{"value":"+1 ","label":"work"},{"value":"+44 ","label":"home"},{"value":"+34 9","label":"mobile"}],'
    b'"}],"note":"' + _LABELLED + b'"}],"organizations":[{"title":"","label":"mobile"}]}'
    b'{"name":{"given":"","family":""},"phones":[{"value":"+'
)
_WINDOW: Final = -12  # raw deflate, 4 KiB: cards are small, and a small window is quick to copy
_UNPRESS: Final = zlib.decompressobj(_WINDOW, _DICTIONARY)
_NEAR_LETTERS: Final = 400
"""Of a column that a document may refer to; all must stay within the window."""

_to_json: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode


@lru_cache(maxsize=1024)
def key_of(id: str) -> Key:
    """The stored form of a contact's id."""
    if len(id) == 36 and id[8] == id[13] == id[18] == id[23] == "-":
        digits = id.replace("-", "")
        try:
            key = bytes.fromhex(digits)
        except ValueError:
            return id
        if len(key) == 16 and key.hex() == digits:
            return key
    return id


def id_of(key: Key) -> str:
    """The inverse of `key_of`."""
    if isinstance(key, str):
        return key
    text = key.hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def json_of(value: object) -> str:
    """Compact JSON text."""
    return _to_json(value)


@lru_cache(maxsize=16)
def press(card: Card) -> tuple[Card, bytes]:
    """The card as a stored document, and the card that it now stands for.

    They differ from what was given only in letters that no file can hold (lone surrogates): those are replaced.
    """
    card, data = _settled(card)
    return card, _pressed(data, _DICTIONARY)


def _pressed(data: bytes, dictionary: bytes) -> bytes:
    press = zlib.compressobj(6, zlib.DEFLATED, _WINDOW, 4, zlib.Z_DEFAULT_STRATEGY, dictionary)
    return press.compress(data) + press.flush()


def unpress(document: bytes) -> Card:
    """The card of a stored document."""
    return _unpressed(document) if len(document) <= _LONGEST_REMEMBERED else _unpressed.__wrapped__(document)


@lru_cache(maxsize=128)
def _unpressed(document: bytes) -> Card:
    return from_document(json.loads(_UNPRESS.copy().decompress(document)))


def press_row(card: Card) -> tuple[Card, RowTexts, bytes]:
    """A contact's card, the columns that stand beside its document, and the document, which refers to these."""
    texts = _texts(card)
    short = shorten(card, *texts)
    return (card, texts, short) if short is not None else press_long(card)


def press_long(card: Card) -> tuple[Card, RowTexts, bytes]:
    """`press_row` of any card; before schema 8 all documents were written like this."""
    card, data = _settled(card)
    texts = _texts(card)
    return card, texts, _pressed(data, _DICTIONARY + _near(*texts))


def _texts(card: Card) -> RowTexts:
    firms, phones = card.organizations, card.phones
    return card.display_name, card.company if firms else "", phones[0].value if phones else ""


def row_document(name: str, company: str, phone: str, document: bytes) -> dict[str, Any]:
    """A contact's document as JSON values."""
    if document[0] == MARK:
        return lengthen(name, company, phone, document)
    found: dict[str, Any] = json.loads(_row_json(name, company, phone, document))
    return found


def row_text(name: str, company: str, phone: str, document: bytes) -> str:
    """A text in which every word of a contact's document stands."""
    if document[0] == MARK:
        return words_in(name, company, document)
    return _row_json(name, company, phone, document).decode()


def _row_json(name: str, company: str, phone: str, document: bytes) -> bytes:
    return zlib.decompressobj(_WINDOW, _DICTIONARY + _near(name, company, phone)).decompress(document)


def unpress_row(name: str, company: str, phone: str, document: bytes) -> Card:
    """The inverse of `press_row`."""
    unpressed = _unpressed_row if len(document) <= _LONGEST_REMEMBERED else _unpressed_row.__wrapped__
    return unpressed(name, company, phone, document)


@lru_cache(maxsize=128)
def _unpressed_row(name: str, company: str, phone: str, document: bytes) -> Card:
    return from_document(row_document(name, company, phone, document))


def _settled(card: Card) -> tuple[Card, bytes]:
    text = to_json(card)
    try:
        return card, text.encode()
    except UnicodeEncodeError:
        data = text.encode("utf-8", "replace")
        return from_document(json.loads(data)), data


def _near(name: str, company: str, phone: str) -> bytes:
    """A guess at the document from what stands beside it: the closer it comes, the shorter is what is kept."""
    given, _, family = name[:_NEAR_LETTERS].partition(" ")
    whom = f'{{"name":{{"given":"{given}","family":"{family}"}},'
    work = f'"organizations":[{{"name":"{company[:_NEAR_LETTERS]}","title":"' if company else ""
    reach = f'"phones":[{{"value":"{phone[:_NEAR_LETTERS]}","label":"mobile"}}],' if phone else ""
    return f'{work}{whom}{reach}"emails":[{{"value":"'.encode()


def storable(text: str) -> str:
    """The text with letters that no file can hold (lone surrogates) replaced."""
    if text.isascii():
        return text
    return text.encode("utf-8", "replace").decode()


def millis(seconds: float) -> int:
    """A time as stored."""
    return round(seconds * 1000)


def seconds(millis: int) -> float:
    """A stored time in seconds."""
    return millis / 1000


def owner_text(owner: Owner) -> str | None:
    """The stored form of an owner; None for me."""
    match owner:
        case Me():
            return None
        case Coworker(login, name):
            return _to_json(["coworker", login, name])
        case Unclaimed(department):
            return _to_json(["unclaimed", department])


def owner_of(text: str | None) -> Owner:
    """The inverse of `owner_text`."""
    if text is None:
        return Me()
    kind, *rest = json.loads(text)
    return Coworker(*rest) if kind == "coworker" else Unclaimed(*rest)


def number_text(number: Number) -> tuple[str | None, int | None]:
    """A number as calls and picks keep it, and the length of its country code; nothing of a withheld one."""
    match number:
        case E164(digits, country):
            return f"+{digits}", country
        case Extension(digits):
            return digits, None
        case Unparsable(text, digits):
            return f"?{digits}?{storable(text)}", None
        case Withheld():
            return None, None


def number_of(text: str | None, country: int | None) -> Number:
    """The inverse of `number_text`."""
    if text is None:
        return Withheld()
    if text.startswith("+") and country is not None:
        return E164(text[1:], country)
    if text.startswith("?"):
        digits, _, written = text[1:].partition("?")
        return Unparsable(written, digits)
    return Extension(text)


def phone_key(number: Number) -> tuple[int, int | str | None]:
    """The kind of a number (of E.164 the length of its country code), and the key by which contacts are found."""
    match number:
        case E164(digits, country):
            return country, int(digits)
        case Extension(digits):
            return KIND_EXTENSION, digits
        case Unparsable(_, digits):
            return KIND_UNPARSABLE, digits
        case Withheld():
            return KIND_WITHHELD, None
