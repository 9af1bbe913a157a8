"""Documents of the cards that most are, written in a fraction of the time that JSON and deflate take, and shorter.

A card with a plain name, numbers, addresses, one organization and a note, all with usual labels, is written as what
it has beyond the name, company and first phone that stand beside it in its row. All other cards are left to `encode`.

Frozen: what is written here is read by every later version. A document is MARK, one more than the letters of what comes
first in the name (0 for no name), then items: a kind with a label in its low bits, and behind most of them how long the
value is, and the value: in UTF-8, or packed as half a byte (signs of a number) or three quarters (plain letters) each.
"""

from __future__ import annotations

from binascii import a2b_base64, a2b_hex, b2a_base64
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from ringdesk.domain.card import Card, Email, Name, PhoneEntry
from ringdesk.domain.document import Document

MARK: Final = 7
"""No deflated document begins like this: the bits say a kind of block that there is not."""

_HEAD_BYTES: Final = 2

_LABELS: Final = (
    "", "mobile", "work", "home", "main", "other", "homeFax", "workFax", "otherFax", "pager", "workMobile", "workPager",
    "googleVoice", "iPhone", "private", "school",
)  # several to a line  # fmt: skip
_CODES: Final = {label: code for code, label in enumerate(_LABELS)}
_LABEL_BITS: Final = 15

_FIRST_PHONE, _SIGNS, _PHONE, _ADDRESS, _EMAIL, _COMPANY, _TITLE, _NOTE, _FAMILY_FIRST = range(0, 0x90, 0x10)
_PLAIN: Final = 1
"""In place of a label: a title or note is packed."""

_NO_LETTER: Final = b"!"
"""What no packing writes: it stands for every letter that a packing has no place for."""


def _packing(same: str, others: str, written: str) -> bytes:
    """For `bytes.translate`: letters that stay `same`, `others` with what is `written` for them, no others."""
    table = bytearray(_NO_LETTER * 256)
    for letter, one in zip((same + others).encode(), (same + written).encode(), strict=True):
        table[letter] = one
    return bytes(table)


_DIGITS: Final = "0123456789"
_SMALL: Final = "abcdefghijklmnopqrstuvwxyz"
_PACK_SIGNS: Final = _packing(_DIGITS, " +-.()", "abcdef")
_UNPACK_SIGNS: Final = str.maketrans("abcdef", " +-.()")
_PACK_ADDRESS: Final = _packing(_DIGITS + _SMALL, ".@-_", "ABCD")
_UNPACK_ADDRESS: Final = str.maketrans("ABCD", ".@-_")
_PACK_PLAIN: Final = _packing(_DIGITS + _SMALL + _SMALL.upper(), " .", "+/")
_UNPACK_PLAIN: Final = str.maketrans("+/", " .")


def shorten(card: Card, name: str, company: str, phone: str) -> bytes | None:
    """The document of a card beside these columns, None where the card has more than this can say."""
    if card.nicknames or card.addresses or card.urls or card.birthday or card.relations or card.custom or card.groups:
        return None
    if card.photo or len(card.organizations) > 1:
        return None
    said = card.name
    if said.prefix or said.middle or said.suffix or said.phonetic_given or said.phonetic_middle or said.phonetic_family:
        return None
    try:
        if not (name.isascii() and company.isascii() and phone.isascii()):
            f"{name}{company}{phone}".encode()
        return _short(card, name)
    except (KeyError, ValueError):
        return None  # a label of its own; an empty or long text, or one that no file can hold


def _short(card: Card, shown: str) -> bytes:
    out = bytearray(_head(card.name, shown))
    first = True
    for phone in card.phones:
        if first and phone.value:
            out.append(_FIRST_PHONE | _CODES[phone.label])
        else:
            out += _phone(phone)
        first = False
    for email in card.emails:
        out += _email(email)
    for organization in card.organizations:
        if organization.department or organization.label:
            raise KeyError(organization.label)
        out += _title(organization.title)
    if card.note:
        out += _text(_NOTE, card.note)
    return bytes(out)


def _head(name: Name, shown: str) -> tuple[int, ...]:
    given, family = name.given, name.family
    if not (given or family):
        return MARK, 0
    if shown == (f"{given} {family}" if given and family else given or family):
        return MARK, len(given) + 1
    if shown == f"{family} {given}":
        return MARK, len(family) + 1, _FAMILY_FIRST
    raise ValueError("the name is shown otherwise")


def _phone(phone: PhoneEntry) -> bytes:
    data, label = phone.value.encode(), _CODES[phone.label]
    signs = data.translate(_PACK_SIGNS)
    if not data or _NO_LETTER in signs:
        return _raw(_PHONE | label, data)
    return bytes((_SIGNS | label, len(signs))) + a2b_hex(signs + b"0" * (len(signs) % 2))


def _email(email: Email) -> bytes:
    data, label = email.value.encode(), _CODES[email.label]
    letters = data.translate(_PACK_ADDRESS)
    if not data or _NO_LETTER in letters:
        return _raw(_EMAIL | label, data)
    return _packed(_ADDRESS | label, letters)


@lru_cache(maxsize=512)
def _title(text: str) -> bytes:
    """An organization; few are the titles that come again and again."""
    return _text(_TITLE, text) if text else bytes((_COMPANY,))


def _text(kind: int, text: str) -> bytes:
    data = text.encode()
    letters = data.translate(_PACK_PLAIN)
    return _raw(kind, data) if _NO_LETTER in letters else _packed(kind | _PLAIN, letters)


def _raw(kind: int, data: bytes) -> bytes:
    if not data:
        raise ValueError("nothing to write")
    return bytes((kind, len(data))) + data


def _packed(kind: int, letters: bytes) -> bytes:
    """Letters of base64 as three quarters of a byte each."""
    count = len(letters)
    return bytes((kind, count)) + a2b_base64(letters + _FILLED[count & 3])[: (3 * count + 3) // 4]


_FILLED: Final = (b"", b"AAA", b"AA", b"A")
"""What makes letters of base64 whole groups of four, by how many there are beyond such groups."""


def _unpacked(data: bytes, count: int) -> str:
    return b2a_base64(data + bytes(-len(data) % 3), newline=False)[:count].decode()


def _packed_size(letters: int) -> int:
    return (3 * letters + 3) // 4


def lengthen(name: str, company: str, phone: str, data: bytes) -> Document:
    """The inverse of `shorten`, as a document of JSON values. Raises ValueError where nothing like it was written."""
    if len(data) < _HEAD_BYTES:
        raise ValueError("the document is cut off")
    first = data[1] - 1
    document: Document = {"name": _name(name, first)} if first >= 0 else {}
    for kind, label, text in _items(data):
        if kind <= _EMAIL:
            item = {"value": text if kind else phone}
            if label:
                item["label"] = _LABELS[label]
            document.setdefault("phones" if kind <= _PHONE else "emails", []).append(item)
        elif kind == _NOTE:
            document["note"] = text
        elif kind == _FAMILY_FIRST:
            document["name"] = {"given": name[first + 1 :], "family": name[:first]}
        else:
            document["organizations"] = [{k: v for k, v in (("name", company), ("title", text)) if v}]
    return document


def words_in(name: str, company: str, data: bytes) -> str:
    """A text in which every word stands that the contact is found by."""
    return " ".join([name, company, *[text for kind, _, text in _items(data) if kind > _PHONE]])


def _name(name: str, given: int) -> dict[str, str]:
    if not given:
        return {"family": name}
    return {"given": name[:given], "family": name[given + 1 :]} if given < len(name) else {"given": name}


def _items(data: bytes) -> Iterator[tuple[int, int, str]]:
    """Kind, label and value of each item."""
    at, end = _HEAD_BYTES, len(data)
    while at < end:
        kind, label = data[at] & ~_LABEL_BITS, data[at] & _LABEL_BITS
        if kind in (_FIRST_PHONE, _COMPANY, _FAMILY_FIRST):
            yield kind, label, ""
            at += 1
            continue
        count = data[at + 1] if at + 1 < end else end
        at += 2
        size, text = _value(kind, label, data[at : at + count], count)
        if size > end - at:
            raise ValueError("the document is cut off")
        yield kind, label, text
        at += size


def _value(kind: int, label: int, data: bytes, count: int) -> tuple[int, str]:
    """How many bytes a value takes, and the value; `data` are as many bytes as it has letters."""
    if kind == _SIGNS:
        return (count + 1) // 2, data[: (count + 1) // 2].hex()[:count].translate(_UNPACK_SIGNS)
    if kind == _ADDRESS:
        return _packed_size(count), _unpacked(data[: _packed_size(count)], count).translate(_UNPACK_ADDRESS)
    if kind in (_TITLE, _NOTE) and label == _PLAIN:
        return _packed_size(count), _unpacked(data[: _packed_size(count)], count).translate(_UNPACK_PLAIN)
    if kind > _NOTE:
        raise ValueError(f"no kind of item: {kind}")
    return count, data.decode()
