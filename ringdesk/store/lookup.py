"""Number to contacts, straight from columns: the one read that stands between a ringing phone and its name."""

from __future__ import annotations

from typing import Final

from ringdesk.domain.contact import ANONYMOUS, BLOCKED, SHARED, VIP, Coworker
from ringdesk.domain.lookup import Book, Candidate
from ringdesk.domain.phone import Number, tail
from ringdesk.store.database import Connection, Row
from ringdesk.store.encode import id_of, owner_of, phone_key, phone_number, seconds

MOST_CANDIDATES: Final = 200

_SELECT: Final = (
    "SELECT c.uuid, c.name, c.company, c.title, p.stored, p.label, p.kind, p.number, c.flags, c.owner, c.photo, "
    "c.updated FROM phone p JOIN contact c ON c.id = p.contact WHERE "
)
_BY_NUMBER: Final = _SELECT + f"p.number = ?1 LIMIT {MOST_CANDIDATES}"
_BY_NUMBER_OR_TAIL: Final = (
    _SELECT + f"p.number = ?1 UNION ALL {_SELECT} p.tail = ?2 AND p.number <> ?1 LIMIT {MOST_CANDIDATES}"
)


def find(connection: Connection, number: Number) -> list[Candidate]:
    """All contacts that may have this number, those with exactly this number first."""
    _, key = phone_key(number)
    if key is None:
        return []
    end = tail(number)
    rows = connection.rows(_BY_NUMBER_OR_TAIL if end else _BY_NUMBER, (key, int(end)) if end else (key,))
    return [_candidate(row) for row in rows]


def _candidate(row: Row) -> Candidate:
    uuid, name, company, title, stored, label, kind, number, flags, owner_text, photo, updated = row
    owner = None if owner_text is None else owner_of(owner_text)
    foreign = isinstance(owner, Coworker)
    return Candidate(
        contact=id_of(uuid),
        name=name,
        company=company,
        title=title,
        stored=stored,
        label=label,
        number=phone_number(kind, number, stored),
        book=Book.SHARED if foreign else Book.MINE,
        owner_name=(owner.name or owner.login) if isinstance(owner, Coworker) else "",
        shared=bool(flags & SHARED),
        vip=bool(flags & VIP),
        blocked=bool(flags & BLOCKED),
        known=not flags & ANONYMOUS,
        photo=photo,
        updated=seconds(updated),
    )
