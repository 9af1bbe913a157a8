"""How an account stands, as news for the main thread; the ui room turns it into words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from enum import Enum

from ringdesk.domain.remote import Death
from ringdesk.domain.signing import ClientFile, ClientTrouble, Ending, Keeping
from ringdesk.domain.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundDone:
    """What a round did, or (in `RehearsalDone`) would do, and what waits for the user.

    `counts`: how many of each deed ("added here", ...). `lines`: deed, contact id, name; at most a thousand after a
    round, every one of a rehearsal. `guard_here` and `guard_there`: so many deletions wait for the user's word;
    `guarded` are their lines, as many as there are of `lines`.
    `unclear` and `put_off`: contacts whose turn comes later, by itself. `stopped`: the user broke it off; the next
    round goes on from there.
    """

    account: str
    at: float
    counts: Mapping[str, int]
    lines: tuple[tuple[str, str, str], ...] = ()
    guard_here: int = 0
    guard_there: int = 0
    guarded: tuple[tuple[str, str, str], ...] = ()
    questions: int = 0
    invalid: int = 0
    unclear: int = 0
    put_off: int = 0
    unreadable: int = 0
    distrusted: bool = False
    stopped: bool = False


@dataclass(frozen=True, slots=True)
class SyncRunning:
    """A round is going on."""

    account: str


class Phase(Enum):
    """What a round, a rehearsal or a count is at."""

    READING = "reading contacts there"
    DECIDING = "deciding what is gone"
    SENDING = "sending changes"
    PHOTOS = "carrying pictures"
    COUNTING = "counting contacts there"


@dataclass(frozen=True, slots=True)
class SyncProgress:
    """How far it has come: `done` of `total` contacts (None: nobody knows yet)."""

    account: str
    phase: Phase
    done: int
    total: int | None = None


@dataclass(frozen=True, slots=True)
class SyncWaiting:
    """The last round broke off; the next try comes by itself."""

    account: str
    until: float
    detail: str


@dataclass(frozen=True, slots=True)
class SyncDead:
    """The user has to connect anew; nothing is lost, edits wait.

    `detail` is a finer code where there is one: "revoked", "unused", "testing", "invalid_rapt",
    "admin_policy_enforced", "account_disabled", "no_secret", ...
    """

    account: str
    cause: Death
    detail: str = ""


@dataclass(frozen=True, slots=True)
class SyncHalted:
    """Something else the user has to see to; *Sync now* tries again."""

    account: str
    code: str
    detail: str


SyncNews = RoundDone | SyncRunning | SyncProgress | SyncWaiting | SyncDead | SyncHalted

# Connecting -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ClientFileTaken:
    """A client file was chosen: it is in place now (`client`), or what is wrong with it (`trouble`, `detail`)."""

    client: ClientFile | None
    trouble: ClientTrouble | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class SignInAsked:
    """The user is asked at this address, in the browser, until then. `opened` False: there is no browser here."""

    kind: str
    address: str
    until: float
    opened: bool


@dataclass(frozen=True, slots=True)
class SignedInAs:
    """Signed in, and written down as `account`; `new` where it was not connected here before."""

    kind: str
    account: str
    name: str
    keeping: Keeping
    new: bool


@dataclass(frozen=True, slots=True)
class SignInFailed:
    """Not signed in, and why; `detail` is the provider's or the system's own word."""

    kind: str
    ending: Ending
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Label:
    """A label of the account: how many contacts are in it, and how many of these have a phone number."""

    id: str
    name: str
    contacts: int
    with_phones: int


@dataclass(frozen=True, slots=True)
class Surveyed:
    """What the account holds, counted before anything is fetched; `mine` is what is known and mine here."""

    account: str
    labels: tuple[Label, ...]
    contacts: int
    with_phones: int
    mine: int = 0


@dataclass(frozen=True, slots=True)
class RehearsalDone:
    """What the first round would do. Both sides are as they were. `stopped`: it was called off."""

    account: str
    would: RoundDone


@dataclass(frozen=True, slots=True)
class Disconnected:
    """Nothing is synced any more; contacts and links stay. `revoked`: the account itself took the permission back."""

    account: str
    revoked: bool


class Untaken(Enum):
    """Why something of the last sync could not be taken back."""

    CHANGED = "it was changed since"
    GONE = "it is not there any more"
    MERGED = "two became one, or both sides changed one field"
    PHOTO = "the picture that was there before was not kept"


@dataclass(frozen=True, slots=True)
class SyncUndone:
    """What *Undo the last sync* did.

    Counts by deed: "changed back", "taken out here", "brought back", "deleted there"; and what could not be taken back
    (name, why), at most a thousand.
    """

    account: str
    counts: Mapping[str, int] = field(default_factory=dict)
    skipped: tuple[tuple[str, Untaken], ...] = ()


@dataclass(frozen=True, slots=True)
class AccountChanged:
    """Something kept of the account has changed (choices, questions): read it again."""

    account: str


AccountNews = (
    SyncNews
    | ClientFileTaken
    | SignInAsked
    | SignedInAs
    | SignInFailed
    | Surveyed
    | RehearsalDone
    | Disconnected
    | SyncUndone
    | AccountChanged
)
