"""Whose contact is it, and what may be done with it: product rule 2 as tables.

`ON_RING` says what an incoming call from a number nobody has named makes of it; `MAY` says who may do what.
Tests walk both completely.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Final, assert_never

from ringdesk.domain.call import Call, Direction
from ringdesk.domain.contact import Contact, Coworker, Me, Owner, Unclaimed
from ringdesk.domain.line import Department, Internal, Line, OtherPerson, Personal, UnknownLine
from ringdesk.domain.phone import Extension, Unparsable, Withheld
from ringdesk.domain.values import dataclass

UNKNOWN_CALLERS_AN_HOUR: Final = 30
"""More new callers than this from one source within an hour are listed, but make no further contacts."""


class Makes(Enum):
    """What an unknown caller's ring makes."""

    MINE = "an anonymous contact of mine"
    UNCLAIMED = "one unclaimed contact of the department"
    NOTHING = "no contact"


ON_RING: Final[Mapping[type[Line], Makes]] = {
    Personal: Makes.MINE,
    Department: Makes.UNCLAIMED,
    Internal: Makes.NOTHING,
    OtherPerson: Makes.NOTHING,
    UnknownLine: Makes.NOTHING,
}


def caller_makes(call: Call, *, found: bool, lately: int) -> Makes:
    """What this call makes of its caller.

    `found`: a contact has the number already, named or not. `lately`: contacts made within the last hour by calls of
    this source.
    """
    hidden = isinstance(call.number, Withheld | Extension | Unparsable)
    if found or hidden or call.direction is Direction.OUTGOING or lately >= UNKNOWN_CALLERS_AN_HOUR:
        return Makes.NOTHING
    return ON_RING[type(call.line)]


def owner_of(makes: Makes, line: Line) -> Owner:
    """Who owns the contact that a call makes. Raises ValueError for NOTHING, which has no owner."""
    match makes:
        case Makes.MINE:
            return Me()
        case Makes.UNCLAIMED:
            return Unclaimed(line.name if isinstance(line, Department) else "")
        case Makes.NOTHING:
            raise ValueError("no contact is made, so nobody owns it")
        case _:
            assert_never(makes)


class Deed(Enum):
    """What can be done with a contact."""

    EDIT = "edit its content"
    DELETE = "delete it"
    SHARE = "share or unshare it"
    MARK = "mark it VIP or blocked, or note on it privately"
    SYNC = "send it to my account"


MAY: Final[Mapping[tuple[type[Owner], Deed], bool]] = {
    (Me, Deed.EDIT): True,
    (Me, Deed.DELETE): True,
    (Me, Deed.SHARE): True,
    (Me, Deed.MARK): True,
    (Me, Deed.SYNC): True,
    (Coworker, Deed.EDIT): True,
    (Coworker, Deed.DELETE): False,
    (Coworker, Deed.SHARE): False,
    (Coworker, Deed.MARK): True,
    (Coworker, Deed.SYNC): False,
    (Unclaimed, Deed.EDIT): True,
    (Unclaimed, Deed.DELETE): False,
    (Unclaimed, Deed.SHARE): False,
    (Unclaimed, Deed.MARK): True,
    (Unclaimed, Deed.SYNC): False,
}


@dataclass(frozen=True, slots=True)
class Refusal:
    """What may not be done, and to whose contact."""

    deed: Deed
    owner: Owner


def refused(contact: Contact, deed: Deed, *, administrator: bool) -> Refusal | None:
    """Why a deed is not allowed on this contact, or None where it is.

    To an account goes only what is mine and known. Unclaimed contacts are the administrator's to delete; whoever
    works alone, without a team, is the administrator.
    """
    allowed = MAY[type(contact.owner), deed]
    if deed is Deed.DELETE and isinstance(contact.owner, Unclaimed):
        allowed = administrator
    if not allowed or (deed is Deed.SYNC and not contact.known):
        return Refusal(deed, contact.owner)
    return None


def owner_after_edit(contact: Contact) -> Owner:
    """Who owns a contact after this user has edited and saved it: an unclaimed one becomes mine, for ever."""
    return Me() if isinstance(contact.owner, Unclaimed) else contact.owner
