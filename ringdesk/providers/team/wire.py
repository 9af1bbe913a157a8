"""Operations on the way to the directory and its results on the way back. Pure.

What leaves this desk is decided here: the fields of a shared contact, and nothing of a private one.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, assert_never

from ringdesk.domain.card import Card
from ringdesk.domain.document import from_document, to_document
from ringdesk.domain.phone import E164
from ringdesk.domain.team import BY_CHOICE, SHOWN
from ringdesk.providers.team.rows import BROKEN, SharedContact, Unreadable, read_contact


@dataclass(frozen=True, slots=True)
class Content:
    """What coworkers get of a contact: a card of nothing but chosen fields, and its numbers in E.164."""

    card: Card
    numbers: tuple[E164, ...] = ()


@dataclass(frozen=True, slots=True)
class Share:
    """Share a contact of mine; `rev` is the revision last seen, 0 where it was not shared before."""

    op: str
    contact: str
    rev: int
    content: Content


@dataclass(frozen=True, slots=True)
class Edit:
    """Change a shared contact, mine or a coworker's, from revision `rev`."""

    op: str
    contact: str
    rev: int
    content: Content


@dataclass(frozen=True, slots=True)
class Claim:
    """Make a department's unclaimed contact mine; `content` where it shall be shared, else nothing of it travels."""

    op: str
    contact: str
    content: Content | None = None


@dataclass(frozen=True, slots=True)
class Unshare:
    """Take a contact of mine back from the coworkers."""

    op: str
    contact: str


@dataclass(frozen=True, slots=True)
class Delete:
    """Delete a contact of mine, or, for an administrator, an unclaimed one."""

    op: str
    contact: str


Op = Share | Edit | Claim | Unshare | Delete


@dataclass(frozen=True, slots=True)
class Ok:
    """Done; the contact (or call) has revision `rev`. `again`: it had been done before."""

    rev: int
    again: bool = False


@dataclass(frozen=True, slots=True)
class Conflict:
    """Somebody else changed it since; `now` is what it has become. Merge and send a new operation."""

    now: SharedContact


@dataclass(frozen=True, slots=True)
class Gone:
    """It is not there, or not for this coworker's eyes; the server does not say which."""


@dataclass(frozen=True, slots=True)
class Refused:
    """Not allowed. `why`: owner, unclaimed, claimed (then `by` and `at`), private, taken, view only, department."""

    why: str
    by: str = ""
    at: float = 0.0


@dataclass(frozen=True, slots=True)
class Invalid:
    """The operation cannot be carried out as it is; `field` names what is wrong with it."""

    field: str


Result = Ok | Conflict | Gone | Refused | Invalid | Unreadable


def shared_part(card: Card, chosen: Iterable[str] = ()) -> Card:
    """What coworkers see of a card: the shared fields and, of those by choice, the chosen ones."""
    keep = {*SHOWN, *(set(BY_CHOICE) & set(chosen))}
    return from_document({field: value for field, value in to_document(card).items() if field in keep})


def encode_op(op: Op) -> dict[str, Any]:
    """An operation as api.push reads it."""
    base: dict[str, Any] = {"op": op.op, "contact": op.contact}
    match op:
        case Share(_, _, rev, content):
            return base | {"kind": "share", "rev": rev} | _content(content)
        case Edit(_, _, rev, content):
            return base | {"kind": "edit", "rev": rev} | _content(content)
        case Claim(_, _, content):
            return base | {"kind": "claim", "shared": content is not None} | (_content(content) if content else {})
        case Unshare():
            return base | {"kind": "unshare"}
        case Delete():
            return base | {"kind": "delete"}
        case _:
            assert_never(op)


def _content(content: Content) -> dict[str, Any]:
    document = to_document(content.card)
    document.pop("photo", None)
    return {"card": document, "numbers": [number.digits for number in content.numbers]}


def to_json(document: Mapping[str, Any]) -> str | None:
    """JSON that PostgreSQL takes, or None: its texts hold neither NUL nor half a surrogate pair."""
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    if "\\u0000" in text and "\0" in "".join(_texts(document)):
        return None
    try:
        text.encode()
    except UnicodeEncodeError:
        return None
    return text


def _texts(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, part in value.items():
            yield str(key)
            yield from _texts(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _texts(part)


def read_result(answer: Any, me: str) -> Result:
    """One result of api.push or api.calls_push."""
    try:
        return _read_result(answer, me)
    except BROKEN as error:
        return Unreadable("", str(error))


def _read_result(answer: Mapping[str, Any], me: str) -> Result:
    match answer["is"]:
        case "ok":
            return Ok(int(answer["rev"]), again=bool(answer.get("again")))
        case "conflict":
            return Conflict(read_contact(answer["now"], me))
        case "gone":
            return Gone()
        case "refused":
            return Refused(str(answer["why"]), str(answer.get("by") or ""), float(answer.get("at") or 0))
        case "invalid":
            return Invalid(str(answer["field"]))
        case other:
            raise ValueError(f"no such result: {other!r}")
