"""What is kept of an account here: links, the outbox, questions, and the choices of how to sync."""

from __future__ import annotations

from enum import Enum

from ringdesk.domain.card import Card
from ringdesk.domain.document import FIELDS
from ringdesk.domain.values import dataclass

EMPTY = Card()

# The choices -----------------------------------------------------------------------------------------------------


class Direction(Enum):
    """Which way edits travel."""

    BOTH = "two-way"
    FROM = "only from the account"
    TO = "only to the account"


class Clash(Enum):
    """Who wins where both sides changed one field."""

    RECENT = "the most recent edit"
    MINE = "RingDesk"
    THEIRS = "the account"
    ASK = "ask me"


class GoneThere(Enum):
    """What becomes here of a contact that was deleted there."""

    REVIEW = "moved to a list for review"
    DELETE = "deleted here"
    KEEP = "kept here"


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """How one account is synced; every default is the product's.

    `labels`: ids of the containers whose contacts come here (empty: all). `groups`: only members of these groups here
    go there (empty: all that is mine and known). `landing`: the container that contacts created from here land in.
    `share_label`: the name of the container whose members are shared. `private_custom`: custom fields that never
    leave. `view_only`: the team gave this coworker no right to bring contacts in.
    """

    direction: Direction = Direction.BOTH
    clash: Clash = Clash.RECENT
    keep_removed: bool = False
    gone_there: GoneThere = GoneThere.REVIEW
    delete_there: bool = True
    labels: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()
    landing: str = ""
    share_label: str = ""
    only_with_phones: bool = False
    unknown_callers: bool = False
    fields: frozenset[str] = frozenset(FIELDS)
    private_custom: frozenset[str] = frozenset({"caller says"})
    view_only: bool = False


# What is kept ----------------------------------------------------------------------------------------------------


class LinkState(Enum):
    """How a link stands. The text is how it is stored."""

    ACTIVE = "active"
    GONE = "gone"
    """A tombstone came; what to do is decided at the end of the pull, after asking once more."""
    REVIEW = "review"
    """Deleted there, waiting for the user's word."""
    KEPT = "kept"
    """Deleted there, kept here; never sent again."""
    IGNORED = "ignored"
    """Deleted here, kept there; never brought again."""
    TAKEN_BACK = "taken back"
    """Made there by a sync that was taken back since: to be deleted there, and kept here."""
    DELETED = "deleted"
    """Deleted on both sides; remembered, because old news of it may still come."""
    DOUBLE = "double"
    """There twice, made by two desks: this one is to be deleted there. The contact is linked to the other one, and this
    link is about none of here. Without an etag it still has to be merged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One replica of a contact.

    `base` is the content both sides last agreed on, groups included. `there` is what the account holds where that
    differs from the base on purpose (kept values, one-way sync), else None. `held` are fields that wait for the user's
    word. `updated` is the account's own time of its last change; `others`: of the last one by others, where ours came
    after it and before a picture of theirs has come here. `photo` and `photo_ref` are the picture both sides
    last agreed on; `photo_due`: a picture is to be carried. `seen`: the last full listing that had it.
    """

    contact: str
    remote: str
    etag: str
    base: Card
    there: Card | None = None
    raw: bytes = b""
    state: LinkState = LinkState.ACTIVE
    acknowledged: int = 0
    held: frozenset[str] = frozenset()
    updated: float | None = None
    written: float = 0.0
    """When this desk last wrote it there, or heard that it is gone; within `settles` of that, old news may come."""
    photo: str = ""
    photo_ref: str = ""
    photo_due: bool = False
    others: float | None = None

    def changed_there(self, etag: str, updated: float | None) -> float | None:
        """When others last changed the contact there, which has this etag now and this time of its last change."""
        return updated if self.others is None or etag != self.etag else self.others

    @property
    def lies_there(self) -> Card:
        """What the account holds, as far as is known."""
        return self.base if self.there is None else self.there


class Intent(Enum):
    """What a request is for. The text is how it is stored."""

    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"
    WITHDRAW = "withdraw"
    CLAIM = "claim"
    PHOTO = "photo"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A request in the outbox: written before it is sent, taken out with its result.

    `base` is what this desk had, `sent` what was asked to lie there. `absent` is when a listing first did not have it.
    """

    id: str
    contact: str
    intent: Intent
    remote: str = ""
    base: Card = EMPTY
    sent: Card = EMPTY
    mask: frozenset[str] = frozenset()
    at: float = 0.0
    tries: int = 0
    absent: float | None = None


class Review(Enum):
    """Why the user is asked. The text is how it is stored."""

    REMOVED = "removed"
    """Deleted there: delete here, keep here, or create there again?"""
    DOUBTFUL = "doubtful"
    """Maybe the same contact as one here: link, or two contacts?"""
    MERGED = "merged"
    """Not there any more, maybe a part of another one there: one contact, or two?"""
    CLASH = "clash"
    """Both sides changed this field: mine or theirs?"""
    INVALID = "invalid"
    """The account does not take this field as it is."""
    REFUSED = "refused"
    """The account does not allow it."""


@dataclass(frozen=True, slots=True)
class Question:
    """Something only the user can decide. `theirs` is a card with the account's value, where there is one."""

    kind: Review
    contact: str
    remote: str = ""
    field: str = ""
    detail: str = ""
    theirs: Card | None = None
    at: float = 0.0


class Choice(Enum):
    """What the user can say to a question."""

    MINE = "keep mine"
    THEIRS = "take theirs"
    DELETE = "delete it here too"
    KEEP = "keep it here only"
    CREATE = "create it there again"
    SAME = "one contact"
    DIFFERENT = "two contacts"
    TRY_AGAIN = "try again"


@dataclass(frozen=True, slots=True)
class Parked:
    """A contact that waits while the others go on: until a time, or (None) until it is edited past `revision`."""

    contact: str
    revision: int
    until: float | None
    tries: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """An account as the store keeps it.

    `round` counts the rounds that changed something and came to their end; `reset`: a cursor had expired, so absence
    is to be asked about.
    """

    id: str
    kind: str = ""
    name: str = ""
    settings: str = ""
    cursor: str | None = None
    form: str = ""
    round: int = 0
    full_at: float | None = None
    reset: bool = False
    synced_at: float | None = None
    outcome: str = ""
    approved: int = 0
    """Deletions the user has allowed once, beyond the guard."""
