"""Number to contacts, with one query: the one read that stands between a ringing phone and its name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from ringdesk.domain.contact import ANONYMOUS, BLOCKED, SHARED, VIP, Coworker
from ringdesk.domain.lookup import Book, Candidate
from ringdesk.domain.numbering import parse
from ringdesk.domain.phone import Number, tail
from ringdesk.store.database import Connection, Row
from ringdesk.store.encode import id_of, owner_of, phone_key, row_document, seconds

MOST_CANDIDATES: Final = 200

_SELECT: Final = (
    "SELECT c.uuid, c.flags, c.owner, c.created + c.edited, c.name, c.company, c.phone, c.document,"
    " (SELECT n.text FROM note n WHERE n.contact = c.id ORDER BY n.at DESC, n.id DESC LIMIT 1) FROM"
)
_BY_NUMBER: Final = f"{_SELECT} phone p JOIN contact c ON c.id = p.contact WHERE p.number = ?1"
_BY_TAIL: Final = f"{_SELECT} tail t JOIN contact c ON c.id = t.contact WHERE t.tail = ?2"


def find(connection: Connection, number: Number, region: str) -> list[Candidate]:
    """All contacts that may have this number as read in a region, those with exactly this number first."""
    _, key = phone_key(number)
    if key is None:
        return []
    end = tail(number)
    if end is None:
        rows = connection.rows(f"{_BY_NUMBER} LIMIT {MOST_CANDIDATES}", (key,))
    else:
        sql = f"{_BY_NUMBER} UNION ALL {_BY_TAIL} LIMIT {MOST_CANDIDATES}"
        rows = connection.rows(sql, (key, int(end)))
    found = [one for row in dict.fromkeys(rows) for one in _candidates(row, key, end, region)]
    return sorted(found, key=lambda one: phone_key(one.number)[1] != key)


def _candidates(row: Row, key: int | str, end: str | None, region: str) -> Iterator[Candidate]:
    """A contact, once for each of its numbers that may be meant."""
    uuid, flags, owner_text, updated, name, company, phone, packed, note = row
    document = row_document(name, company, phone, packed)
    owner = None if owner_text is None else owner_of(owner_text)
    foreign = isinstance(owner, Coworker)
    for entry in document.get("phones", ()):
        stored = entry.get("value", "")
        number = parse(stored, region)
        if phone_key(number)[1] != key and (end is None or tail(number) != end):
            continue
        yield Candidate(
            contact=id_of(uuid),
            name=name,
            company=company,
            title=_title(document),
            stored=stored,
            label=entry.get("label", ""),
            number=number,
            book=Book.SHARED if foreign else Book.MINE,
            owner_name=(owner.name or owner.login) if isinstance(owner, Coworker) else "",
            shared=bool(flags & SHARED),
            vip=bool(flags & VIP),
            blocked=bool(flags & BLOCKED),
            known=not flags & ANONYMOUS,
            photo=document.get("photo", ""),
            updated=seconds(updated),
            note=note or "",
        )


def _title(document: dict[str, Any]) -> str:
    """`Card.title` of a document."""
    return next((title for one in document.get("organizations", ()) if (title := one.get("title"))), "")
