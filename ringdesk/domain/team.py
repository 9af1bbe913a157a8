"""Working with coworkers: who they are, what is kept of their contacts and calls, and the sockets of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, Protocol

from ringdesk.domain.calllog import CallRecord
from ringdesk.domain.card import Card
from ringdesk.domain.contact import Contact, Owner
from ringdesk.domain.phone import E164
from ringdesk.domain.values import dataclass

SHOWN: Final = ("name", "organizations", "phones", "emails", "addresses", "groups")
"""The fields of a shared contact that coworkers see without being asked (product rule 3)."""

BY_CHOICE: Final = ("nicknames", "urls", "birthday", "relations", "note", "custom")
"""What the owner may add to that. Pictures and marks never travel."""


# Who they are ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A coworker; `google` says whether they may sync with a Google account."""

    login: str
    name: str
    extensions: tuple[str, ...] = ()
    administrator: bool = False
    view_only: bool = False
    google: bool = True
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class TeamDepartment:
    """A department; `mine` where I am a member."""

    name: str
    mine: bool


@dataclass(frozen=True, slots=True)
class Roster:
    """The team as its directory tells it. `store` names the directory's life; `ring_salt` goes into ring keys."""

    schema: int
    store: str
    ring_salt: str
    me: Person
    departments: tuple[TeamDepartment, ...]
    coworkers: tuple[Person, ...]

    def name_of(self, login: str) -> str:
        """A coworker's name; the login where they are not known."""
        return next((person.name for person in self.coworkers if person.login == login), login)

    def at_extension(self, digits: str) -> Person | None:
        """Who is behind an extension, leavers excluded."""
        return next((p for p in self.coworkers if p.enabled and digits in p.extensions), None)

    def department(self, name: str) -> str | None:
        """The name of a department of mine as the directory spells it, or None."""
        wanted = " ".join(name.casefold().split())
        return next((d.name for d in self.departments if d.mine and d.name.casefold() == wanted), None)


# What is kept of their contacts ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A contact of a coworker, or of nobody yet, as it is kept here.

    `contact` is what the user sees, with an edit that is still to be sent; `base`, `etag` and `raw` are what lies in
    the directory. `revision` of the contact is 0 where it is not kept yet.
    """

    contact: Contact
    base: Card
    etag: str
    raw: bytes = b""
    edited: bool = False


class CoworkerStore(Protocol):
    """The coworkers' book as the team's worker fills it. Belongs to one thread."""

    @property
    def identity(self) -> str:
        """Another one where the book was made anew, so that everything has to be fetched."""

    def kept(self, ids: Iterable[str]) -> Mapping[str, Kept]:
        """What is kept, of those asked for."""

    def edited(self) -> Sequence[str]:
        """Contacts with an edit that is still to be sent."""

    def ids(self) -> Sequence[str]:
        """All contacts."""

    def leaving(self) -> Sequence[str]:
        """Unclaimed callers that were deleted here and are still to be deleted there."""

    def left(self, id: str) -> None:
        """The directory has deleted such a caller, or will not: nothing waits any more."""

    def put(self, kept: Sequence[Kept]) -> None:
        """Keep contacts, new or changed, in one transaction. Raises StoreError STALE where one was saved meanwhile."""

    def erase(self, ids: Iterable[str]) -> int:
        """Forget contacts so that no byte of them stays in any file; gives how many there were."""

    def name_owners(self, names: Mapping[str, str]) -> None:
        """Call owners by these names, by login."""

    def calls(self, told: Sequence[CoworkerCall], gone: Sequence[str], *, full: bool) -> None:
        """Keep coworkers' calls and forget others; `full`: these are all there are."""

    def cursor(self) -> str | None:
        """Where the next look at coworkers' calls begins."""

    def keep_cursor(self, cursor: str) -> None:
        """Keep that."""


# What waits for the directory ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ClaimDue:
    """An unclaimed contact that was edited here: it is mine as soon as the directory agrees.

    `known`: the directory knows the contact by its id. Else it is the caller `number` of a department who rang while
    the directory could not be reached.
    """

    contact: str
    department: str
    number: str
    known: bool


@dataclass(frozen=True, slots=True)
class CallerDue:
    """A department's unknown caller that the directory has not heard of yet."""

    contact: str
    department: str
    number: str


@dataclass(frozen=True, slots=True)
class CallDue:
    """A call to be told or to be taken back; `contact` None where it may not be told."""

    record: CallRecord
    contact: str | None
    note: str
    told: str
    """What was told of it last, empty where nothing was."""


class TeamWaits(Protocol):
    """What of my own book waits for the directory. Belongs to the worker's thread."""

    def claims(self) -> Sequence[ClaimDue]:
        """Claims to be made."""

    def claimed(self, contact: str) -> None:
        """A claim was granted."""

    def claim_lost(self, contact: str, new_id: str) -> Contact | None:
        """A claim was lost: what was edited stays as a private contact of mine with an id of its own."""

    def callers(self) -> Sequence[CallerDue]:
        """Callers to be handed in."""

    def handed_in(self, contact: str, instead: str | None) -> None:
        """The directory has the caller, as `instead` where I may see it: calls and notes go over to that."""

    def calls(self, limit: int) -> Sequence[CallDue]:
        """Calls that changed and may have to be told or taken back."""

    def call_told(self, call: str, said: str) -> None:
        """What was told of a call; empty where nothing of it is there any more."""


# Calls together ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class CoworkerCall:
    """A call that somebody of the team (`who`, a login) had with a shared contact; `state` as `CallState` is stored."""

    id: str
    contact: str
    who: str
    name: str = ""
    direction: str
    state: str
    started: float
    seconds: int | None
    note: str


def ring_key(salt: str, department: str, number: E164) -> str:
    """What desktops that saw one ring agree on without the server learning the number. `salt` is the roster's."""
    import hashlib  # only who has a team needs it

    said = f"{salt} {' '.join(department.lower().split())} {number.digits}"
    return hashlib.sha256(said.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class RingAnswered:
    """A department's ring that a coworker answered; `ring` is its key."""

    ring: str
    login: str
    name: str
    at: float


@dataclass(frozen=True, slots=True)
class CallsPage:
    """One page of coworkers' calls."""

    calls: tuple[CoworkerCall, ...]
    gone: tuple[str, ...]
    answered: tuple[RingAnswered, ...]
    full: bool
    more: bool
    cursor: str


@dataclass(frozen=True, slots=True)
class Handed:
    """What the directory has of a department's caller: `id` None where a coworker keeps them private."""

    id: str | None
    owner: Owner | None = None
    refused: str = ""


class TeamDoor(Protocol):
    """What the directory does besides holding contacts; as `RemoteBook`, it raises RemoteError."""

    def roster(self) -> Roster:
        """The team and my rights in it."""

    def hand_in(self, department: str, number: E164) -> Handed:
        """An unknown caller rings a department."""

    def tell_calls(self, calls: Sequence[tuple[str, CallDue]]) -> Sequence[bool]:
        """Tell of calls or take them back, each with the id of its operation; whether each is settled."""

    def tell_answered(self, op: str, department: str, number: E164) -> None:
        """I answered a department's ring."""

    def calls(self, cursor: str | None) -> CallsPage:
        """Coworkers' calls since a cursor."""


# News ----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TeamMet:
    """The directory was reached: the team as it is now."""

    roster: Roster


@dataclass(frozen=True, slots=True)
class ClaimLost:
    """A claim was not granted: `kept` is my edit as a private contact of mine, None where there was nothing to keep.

    `by` is the coworker who was first; empty where there was none, and `why` says what the directory said.
    """

    name: str
    by: str
    kept: str | None
    why: str = ""


@dataclass(frozen=True, slots=True)
class EditRefused:
    """My edit of a coworker's contact was not taken; the contact is as its owner has it."""

    contact: str
    name: str
    why: str


@dataclass(frozen=True, slots=True)
class TeamHeard:
    """Whether the directory's notifications are heard; `trouble` is a code where not."""

    heard: bool
    trouble: str = ""


TeamNews = TeamMet | ClaimLost | EditRefused | RingAnswered | TeamHeard
