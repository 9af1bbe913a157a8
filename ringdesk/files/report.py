"""What reading a file gives: cards, and what was refused of them and why."""

from __future__ import annotations

import hashlib
from enum import Enum
from typing import Final, Literal

from ringdesk.domain.card import Card
from ringdesk.domain.dates import DayOrder
from ringdesk.domain.values import dataclass
from ringdesk.domain.words import for_display

DETAIL_LETTERS: Final = 120
"""The longest detail of a refusal."""


class RefusedCode(Enum):
    """Why a card or row was not read; each is a different sentence for the user."""

    EMPTY = "empty"
    """Nothing in it that a contact can hold."""

    TRUNCATED = "truncated"
    """It does not end: the file stops or the next one begins inside it."""

    TOO_LARGE = "too large"
    """It is larger than any contact."""

    BAD_ENCODING = "bad encoding"
    """Its bytes are no text."""

    STRAY = "stray"
    """Text of a vCard file that belongs to no card."""

    GROUP = "group"
    """A list of other cards, not a contact."""

    TOO_MANY = "too many"
    """The file holds more than is read from one file; reading stopped here."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A part of a file that was not read: where it is and why. The detail is short plain text."""

    where: str
    code: RefusedCode
    detail: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "detail", for_display(self.detail, DETAIL_LETTERS))


@dataclass(frozen=True, slots=True)
class Picture:
    """A contact's picture; `digest` is the SHA-256 of its bytes in hex."""

    digest: str
    data: bytes
    kind: Literal["jpeg", "png"]


@dataclass(frozen=True, slots=True)
class ReadCard:
    """One contact of a file. `lost` names what the file says of it and RingDesk has no place for."""

    card: Card
    where: str
    uid: str
    picture: Picture | None
    lost: tuple[str, ...]
    orders: tuple[DayOrder, ...] = ()
    """What its dates tell of the order of days and months in the file."""

    unclear: tuple[str, ...] = ()
    """Dates that can be read in two ways, as they were written."""


def picture_kind(data: bytes) -> Literal["jpeg", "png"] | None:
    """Tell a JPEG or PNG by its first bytes, whatever the file calls it; None for anything else."""
    if data.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    return None


def picture(data: bytes) -> Picture | None:
    """The picture these bytes are, or None where they are neither JPEG nor PNG."""
    kind = picture_kind(data)
    return Picture(hashlib.sha256(data).hexdigest(), data, kind) if kind else None
