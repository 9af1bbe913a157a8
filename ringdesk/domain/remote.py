"""The socket of an account: what the sync engine needs of Google, of the team directory, of any address book.

The engine, never the provider, decides what a difference means. A provider translates: its answers into the values
below, its failures into the few errors at the end. Everything here is called on the account's own worker thread, one
call at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import Enum
from typing import Final, Protocol

from ringdesk.domain.card import Card
from ringdesk.domain.contact import Owner
from ringdesk.domain.document import FIELDS
from ringdesk.domain.values import dataclass

CARD_FIELDS: Final = frozenset(FIELDS) - {"photo", "groups"}
"""The fields of a card that travel inside it; groups travel as containers, the photo by itself."""


class ChangeFeed(Enum):
    """How a provider tells what changed."""

    CURSOR = "a cursor gives the changes since"
    LISTING = "every pull lists everything"


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What a provider can do; the engine plans by this and never asks which provider it is."""

    reads: bool = True
    """Direction: contacts can be fetched from it."""
    writes: bool = True
    """Direction: contacts can be changed in it."""
    fields: frozenset[str] = CARD_FIELDS
    """The card fields (names of `domain.document.FIELDS`) it can hold, without groups and photo."""
    feed: ChangeFeed = ChangeFeed.CURSOR
    cursor_life: float | None = None
    """Seconds after a full pull when its cursor dies, or None where it does not."""
    deletes_reported: bool = True
    """A pull by cursor names what was deleted."""
    guarded_updates: bool = True
    """An update with an old etag is refused with Conflict, not carried out."""
    guarded_deletes: bool = True
    """A delete with an old etag is refused with Conflict, not carried out."""
    groups: bool = True
    """It has containers (labels, folders), and can make them."""
    create_batch: int = 1
    """Contacts one request can create; the same for the next two."""
    update_batch: int = 1
    delete_batch: int = 1
    fetch_batch: int = 1
    one_mask_a_batch: bool = True
    """All updates of one batch must change the same fields."""
    small_batch: int = 0
    """Up to this many changes go cheaper one by one than in a batch."""
    parallel: int = 1
    """Mutations that may be in flight at once."""
    marks: bool = True
    """A created contact carries our id (`Create.id`, `was`) and shows it in listings (`RemoteContact.id`, `was`)."""
    idempotent: bool = False
    """A request repeated with the same `op` is carried out once; an unclear one may simply be sent again."""
    settles: float = 600.0
    """Seconds after which a write is sure to show in a pull."""
    phone_slots: Mapping[str, int] | None = None
    """How many phones a label takes, by label ("" for all others); None where there is no such limit."""
    keeps_unknown: bool = True
    """Fields the provider does not map stay untouched by an update."""
    photos: bool = False
    shares: bool = False
    """It is a directory of shared contacts: what goes out is what is ticked as shared, and unticking withdraws it."""
    activities: frozenset[str] = frozenset()
    """Kinds of activity (calls, notes) it can hold."""


# What lies there ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Container:
    """A label or folder. A `system` one is the provider's own: the engine neither shows nor changes it."""

    remote: str
    name: str
    system: bool = False
    members: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteContact:
    """A contact as the provider holds it.

    `card` has neither groups nor photo; `containers` holds the ids of all its containers, system ones too. `raw` is
    whatever the provider needs in order to write it back without touching what it does not map: the engine keeps it
    with the link and hands it back, and never looks inside. `whole` is False where the listing cut it: it is fetched
    before anything is decided. `former` are ids it had before (merges, moves). `id` is our own id, where the contact
    carries one; `also` are further ones, of contacts that were merged into it; `was` are the ids of deleted contacts
    that it was made again from, in the order in which `Create` told them. `updated` (seconds since 1970) says when it
    was last changed, where the provider tells.
    `photo` refers to a picture a person chose, for `RemoteBook.photo`, and changes when the picture does; generated
    pictures are no photo. `owner` and `shared` matter in directories of shared contacts only.
    """

    remote: str
    etag: str
    card: Card
    raw: bytes = b""
    containers: frozenset[str] = frozenset()
    former: tuple[str, ...] = ()
    id: str = ""
    also: tuple[str, ...] = ()
    was: tuple[str, ...] = ()
    updated: float | None = None
    photo: str = ""
    whole: bool = True
    owner: Owner | None = None
    shared: bool | None = None


@dataclass(frozen=True, slots=True)
class RemoteGone:
    """A tombstone: the provider says that this contact is deleted (or not for these eyes any more)."""

    remote: str


@dataclass(frozen=True, slots=True)
class RemoteUnreadable:
    """Something that this version cannot read; it is reported, and nothing is concluded from it."""

    remote: str
    detail: str


RemoteItem = RemoteContact | RemoteGone | RemoteUnreadable


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page of a pull.

    `full`: part of a listing of everything (no tombstones), else of the changes since a cursor. The last page, and
    only it, is `complete` and has the next `cursor`. `total` is what the provider says the whole listing counts.
    """

    items: tuple[RemoteItem, ...]
    full: bool
    total: int | None = None
    complete: bool = False
    cursor: str | None = None

    def __post_init__(self) -> None:
        if self.cursor is not None and not self.complete:
            raise ValueError("a cursor comes with the last page only")


# What is asked of it --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Create:
    """Make a contact that carries our `id`, in these containers (ids) besides those every contact is in.

    `was` are the ids it had there before it was deleted; they are carried along, in this order (`Capabilities.marks`).
    """

    op: str
    id: str
    card: Card
    containers: frozenset[str] = frozenset()
    was: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """Make the fields named in `mask` as `card` has them, where the contact still has this etag.

    `card` is the whole contact as it shall lie there. "groups" in the mask means the user's `containers` (ids); system
    containers stay as they are. `raw` is what came with the contact.
    """

    op: str
    remote: str
    etag: str
    card: Card
    mask: frozenset[str]
    raw: bytes = b""
    containers: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Delete:
    """Delete a contact there."""

    op: str
    remote: str
    etag: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdraw:
    """Take a contact of mine back from a directory of shared contacts; it stays mine."""

    op: str
    remote: str
    etag: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """Make a department's unclaimed contact mine; `card` where it shall be shared from then on, else None."""

    op: str
    remote: str
    etag: str
    card: Card | None


Op = Create | Update | Delete | Withdraw | Claim


# What it answers ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Ok:
    """Done; `item` is the form now stored (None after a delete or a withdrawal)."""

    item: RemoteContact | None


@dataclass(frozen=True, slots=True)
class Conflict:
    """Not done: the contact has changed there, or says so; `item` is its current form."""

    item: RemoteContact


@dataclass(frozen=True, slots=True)
class Gone:
    """Not done: the contact is not there any more."""


@dataclass(frozen=True, slots=True)
class Invalid:
    """Not done, and will not be as long as the contact stays as it is; `field` where it can be told."""

    field: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Refused:
    """Not allowed. `claimed_by` says who was first, where a claim lost."""

    reason: str
    claimed_by: str = ""


@dataclass(frozen=True, slots=True)
class RetryAfter:
    """Not done now; worth trying again in so many seconds (None: whenever)."""

    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Unclear:
    """Nobody knows whether it was done: the connection broke after sending, or the answer could not be read."""

    detail: str = ""


Result = Ok | Conflict | Gone | Invalid | Refused | RetryAfter | Unclear


class RemoteBook(Protocol):
    """An account's address book."""

    @property
    def capabilities(self) -> Capabilities:
        """What it can do; the same as long as the program runs."""

    @property
    def form(self) -> str:
        """What a cursor is bound to (field mask, sources, store epoch); a cursor of another form is not used."""

    def pull(self, cursor: str | None) -> Iterator[Page]:
        """The changes since a cursor, or everything for None, page by page as they are asked for.

        Raises CursorExpired before the first item where the cursor is of no use any more. Where a page raised Retry, a
        provider of many pages asks for that one again when the next is asked for; others end there.
        """

    def push(self, ops: Sequence[Op]) -> Sequence[Result]:
        """Carry changes out: one result an op, in the order of the ops.

        The engine sends no more at once than the capabilities allow, all of one kind and (where asked for) of one
        mask. Raises RemoteError only where it is certain that none of them was carried out; whatever is not certain is
        Unclear. Never sends an op twice of its own accord after an unclear outcome, unless `idempotent`.
        """

    def fetch(self, remotes: Sequence[str]) -> Sequence[RemoteItem]:
        """The current form of contacts, one item an id in order; what is not there is RemoteGone.

        Shows one's own writes at once. An answer under another id names the id asked for in its `former`.
        """

    def photo(self, reference: str) -> bytes:
        """A picture's bytes. Raises NoPicture where it is the picture that fails."""

    def put_photo(self, remote: str, etag: str, data: bytes | None) -> Result:
        """Give a contact a picture (PNG or JPEG), or take it away (None)."""

    def containers(self) -> Sequence[Container]:
        """All containers."""

    def create_container(self, name: str) -> Container:
        """Make a container; where one of that name is there already, gives that one."""

    def rename_container(self, remote: str, name: str) -> Container:
        """Give a container another name."""

    def on_wake(self, wake: Callable[[], None] | None) -> None:
        """Call `wake`, from any thread, when there may be something to pull; where it cannot tell, does nothing."""

    def close(self) -> None:
        """Hang up; harmless when closed, and the next call would connect again."""


# Why it could not ----------------------------------------------------------------------------------------------


class RemoteError(Exception):
    """The account could not be asked; each leaf stands for another reaction."""


class Retry(RemoteError):
    """Worth trying again: no network, overload, quota. `after`: seconds the provider asked to wait, or None."""

    def __init__(self, detail: str = "", *, after: float | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.after = after


class NoPicture(Retry):
    """A picture cannot be had; everything else goes on. `gone`: trying again does not mend that."""

    def __init__(self, detail: str, *, gone: bool) -> None:
        super().__init__(detail)
        self.gone = gone


class CursorExpired(RemoteError):
    """The cursor is of no use any more: a full pull is needed."""


class Death(Enum):
    """Why a sign-in is dead."""

    REVOKED = "taken back, or not used for too long"
    POLICY = "the administrator does not allow it"
    SCOPE = "the permission for contacts was not given"
    PASSWORD = "the password is refused"
    DISABLED = "the account is shut"
    NO_SECRET = "nothing to sign in with is stored here"


class SignInDead(RemoteError):
    """The user has to connect anew; nothing more is sent until then."""

    def __init__(self, cause: Death, detail: str = "") -> None:
        super().__init__(f"{cause.value}: {detail}")
        self.cause = cause
        self.detail = detail


class Stop(RemoteError):
    """Something that trying again does not mend: API switched off, account full, a fault of this program.

    `code` is for ui's words ("disabled", "full", "version", ...), `detail` is what the provider said.
    """

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail
