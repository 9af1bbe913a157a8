"""What the directory tells of contacts, as values: rows of a pull, pages. Pure; nothing a server sends raises here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from ringdesk.domain.card import Card
from ringdesk.domain.contact import Coworker, Me, Owner, Unclaimed
from ringdesk.domain.document import from_document

BROKEN: Final = (KeyError, TypeError, ValueError, AttributeError)
"""What reading a document of another shape than expected raises."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedContact:
    """A contact as the directory holds it.

    `card` is None for one of mine that is not shared: the directory knows that it is mine and nothing else of it.
    `by` and `at` say who edited it last and when (seconds since 1970), empty and 0 where nobody has.
    """

    id: str
    owner: Owner
    shared: bool
    rev: int
    card: Card | None
    department: str = ""
    by: str = ""
    at: float = 0.0


@dataclass(frozen=True, slots=True)
class GoneContact:
    """A contact that this coworker does not see any more, or never saw."""

    id: str


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Something the server sent that this version cannot read; `id` where it can be told."""

    id: str
    detail: str


Item = SharedContact | GoneContact | Unreadable


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a pull.

    `full`: it belongs to a list of everything; what that list has not named by its end (`more` False) is gone.
    """

    items: tuple[Item, ...]
    full: bool
    more: bool
    cursor: str


def owner_of(login: str | None, department: str, me: str) -> Owner:
    """Whose a row is, seen from `me`. Coworkers' names are the roster's to give."""
    if login is None:
        return Unclaimed(department)
    return Me() if login == me else Coworker(login)


def read_contact(row: Mapping[str, Any], me: str) -> SharedContact:
    """A row of kind "contact". Raises one of BROKEN where it is none."""
    department = str(row.get("department") or "")
    card = row["card"]
    return SharedContact(
        id=str(row["contact"]),
        owner=owner_of(row["owner"], department, me),
        shared=bool(row["shared"]),
        rev=int(row["rev"]),
        card=None if card is None else from_document(card),
        department=department,
        by=str(row.get("by") or ""),
        at=float(row.get("at") or 0),
    )


def read_item(row: Any, me: str) -> Item:
    """Any row of a pull."""
    try:
        if row["is"] == "gone":
            return GoneContact(str(row["contact"]))
        return read_contact(row, me)
    except BROKEN as error:
        return Unreadable(id_in(row, "contact"), str(error))


def id_in(row: Any, key: str) -> str:
    """The id a row gives, as far as it can be told."""
    return str(row.get(key, "")) if isinstance(row, Mapping) else ""


def read_page(answer: Mapping[str, Any], me: str) -> Page:
    """The answer of api.pull. Raises one of BROKEN where the frame itself is not as agreed."""
    items = tuple(read_item(row, me) for row in answer["items"])
    return Page(items, bool(answer["full"]), bool(answer["more"]), str(answer["cursor"]))
