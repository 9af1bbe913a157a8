"""The store's socket for the sync engine: it reads through `Replicas` and changes things only by `commit`.

A commit is a list of effects, done in one transaction or not at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Final, Protocol

from ringdesk.domain.card import Card
from ringdesk.domain.contact import Contact, Origin
from ringdesk.domain.remote import Container
from ringdesk.domain.replica import Account, Entry, Link, LinkState, Parked, Question, Review
from ringdesk.domain.values import dataclass


@dataclass(frozen=True, slots=True)
class PutAccount:
    """Keep an account, new or changed."""

    account: Account


@dataclass(frozen=True, slots=True)
class AddContact:
    """A new contact from the account; `clean`: nothing of it has to go back."""

    contact: Contact
    clean: bool = True


@dataclass(frozen=True, slots=True)
class SaveContact:
    """A changed contact; STALE where it was saved since `contact.revision`."""

    contact: Contact
    clean: bool = True


@dataclass(frozen=True, slots=True)
class RemoveContact:
    """Delete a contact here; STALE where it was saved since `revision`."""

    contact: str
    revision: int


@dataclass(frozen=True, slots=True)
class BringBack:
    """Put a deleted contact back as it was, with its notes and calls; STALE where it is there."""

    contact: str


@dataclass(frozen=True, slots=True)
class Absorb:
    """Two contacts are one: notes, calls, marks and sharing of `gone` go over to `into`."""

    into: str
    gone: str


@dataclass(frozen=True, slots=True)
class PutLink:
    """Keep a link, new or changed; it takes the place of any other link of its contact."""

    link: Link


@dataclass(frozen=True, slots=True)
class DropLink:
    """Forget a link; that the contact lay there under that id is remembered."""

    contact: str


@dataclass(frozen=True, slots=True)
class Told:
    """These ids there stand for a contact: its own, and those of others that were merged into it.

    Unless `anew`, only those that stand for nobody yet. What is absorbed leaves all its ids to what it is absorbed by.
    """

    contact: str
    remotes: tuple[str, ...]
    anew: bool = True


@dataclass(frozen=True, slots=True)
class PutEntry:
    """Keep an outbox entry, new or changed."""

    entry: Entry


@dataclass(frozen=True, slots=True)
class DropEntry:
    """Take an outbox entry out."""

    id: str


@dataclass(frozen=True, slots=True)
class Untouch:
    """The contact, as of this revision (None: gone), has nothing to send."""

    contact: str
    revision: int | None


@dataclass(frozen=True, slots=True)
class Touch:
    """Look at this contact again."""

    contact: str


@dataclass(frozen=True, slots=True)
class TouchAll:
    """Look at every contact again: the policy has changed."""


@dataclass(frozen=True, slots=True)
class Ask:
    """Put a question to the user, instead of an earlier one about the same."""

    question: Question


@dataclass(frozen=True, slots=True)
class Settle:
    """The questions of these kinds about a contact are settled."""

    contact: str
    kinds: frozenset[Review]
    field: str = ""
    remote: str = ""


@dataclass(frozen=True, slots=True)
class Park:
    """Let a contact wait."""

    parked: Parked


@dataclass(frozen=True, slots=True)
class Unpark:
    """A contact need not wait any more."""

    contact: str


@dataclass(frozen=True, slots=True)
class PutContainers:
    """These are the account's containers now."""

    containers: tuple[Container, ...]


@dataclass(frozen=True, slots=True)
class Lost:
    """A value that lost a clash: kept in the contact's history. Both as cards that hold that field only."""

    contact: str
    field: str
    lost: Card
    won: Card


@dataclass(frozen=True, slots=True)
class Logged:
    """What a contact was on both sides before a round changed it (None: was not there), for undo.

    `deed` says what the round did with it, in the words of `sync.plan.Deed`. Of a contact that was added here its link
    says what it was there, and of those that came together (`Arrive`) their ids there too: `remote` is empty. Older
    rounds are forgotten with the first of a newer one.
    """

    round: int
    contact: str
    remote: str
    here: Card | None
    there: Card | None
    deed: str = ""


@dataclass(frozen=True, slots=True)
class Arrive:
    """New contacts that come from the account, of which nothing has to go back: `AddContact`, `PutLink` and `Logged`.

    Each has the base of its link for a card, and is in no other link. They are `linked` where the account is one of
    one's own; `shared` are the ids of those that coworkers see.
    """

    links: tuple[Link, ...]
    shared: frozenset[str]
    origin: Origin
    linked: bool
    round: int
    deed: str

    def contacts(self) -> list[Contact]:
        """The contacts as they come."""
        return [
            Contact(
                id=link.contact,
                card=link.base,
                shared=link.contact in self.shared,
                origin=self.origin,
                linked=self.linked,
                revision=link.acknowledged,
            )
            for link in self.links
        ]


@dataclass(frozen=True, slots=True)
class Unlog:
    """What the last round did with a contact is taken back, or cannot be."""

    contact: str


Effect = (
    PutAccount
    | AddContact
    | Arrive
    | SaveContact
    | RemoveContact
    | BringBack
    | Absorb
    | PutLink
    | DropLink
    | Told
    | PutEntry
    | DropEntry
    | Untouch
    | Touch
    | TouchAll
    | Ask
    | Settle
    | Park
    | Unpark
    | PutContainers
    | Lost
    | Logged
    | Unlog
)

MOST_AT_ONCE: Final = 100
"""Contacts in one transaction."""


class Replicas(Protocol):
    """What the store keeps of one account, for its worker's thread."""

    def alone(self) -> AbstractContextManager[None]:
        """Hold the account against other programs over this store. Raises StoreError LOCKED where one holds it."""

    def account(self) -> Account:
        """The account."""

    def contact(self, id: str) -> Contact | None:
        """A contact, or None where it is gone."""

    def link(self, contact: str) -> Link | None:
        """The link of a contact."""

    def links(self, remotes: Iterable[str]) -> Mapping[str, Link]:
        """Links by remote id, of those asked for that there are."""

    def heard(self) -> bool:
        """Whether any contact there is or was known here, by whatever id."""

    def heirs(self, remotes: Iterable[str]) -> Mapping[str, str]:
        """Contacts by an id that theirs had there before it was made there again, of those asked for that there are."""

    def formers(self, contact: str) -> Sequence[str]:
        """The ids that a contact had there before it was made there again."""

    def told(self, remotes: Iterable[str]) -> Mapping[str, str]:
        """Contacts by an id that was told to stand for them, of those asked for that there are."""

    def told_of(self, contact: str) -> Sequence[str]:
        """The ids that were told to stand for a contact."""

    def in_state(self, state: LinkState, limit: int) -> Sequence[Link]:
        """Some links in a state."""

    def active(self, after: str, limit: int) -> Sequence[str]:
        """Remote ids of active links, in order from `after` on."""

    def linked(self) -> int:
        """How many active links there are."""

    def newest(self) -> float | None:
        """The account's own time of the last change it has told of, as far as links say; None where they do not."""

    def photos_due(self, limit: int) -> Sequence[Link]:
        """Links with a picture to carry."""

    def touched(self, after: str, limit: int) -> Sequence[str]:
        """Contacts that may have something to send, by id from `after` on."""

    def like(self, card: Card) -> Sequence[Contact]:
        """Contacts with a phone, an e-mail or the whole name of this card; a few dozen at most."""

    def any_free(self, cards: Iterable[Card]) -> bool:
        """Whether any contact without an active link is like any of these cards: one question for many."""

    def known(self, ids: Sequence[str], *, linked: bool = True) -> frozenset[str]:
        """Of these ids those that a contact here has, or (`linked`) a link: one question for many."""

    def members(self, group: str, after: str, limit: int) -> Sequence[Contact]:
        """Linked contacts in a group, by id from `after` on."""

    def entries(self) -> Sequence[Entry]:
        """The whole outbox, oldest first."""

    def entry_of(self, contact: str) -> Entry | None:
        """The open request about a contact."""

    def questions(self, kind: Review | None = None, contact: str = "") -> Sequence[Question]:
        """Open questions: all, of a kind, about a contact."""

    def parked(self, contact: str) -> Parked | None:
        """Whether and how long a contact waits."""

    def containers(self) -> Sequence[Container]:
        """The account's containers as last read."""

    def edited(self, contact: str, field: str) -> float:
        """When the user last changed a field, or the contact's last save."""

    def noted(self, contact: str) -> bool:
        """Whether somebody has written a note on a contact."""

    def can_come_back(self, contact: str) -> bool:
        """Whether a contact was deleted, and history has all of it."""

    def photo(self, digest: str) -> bytes | None:
        """A picture's bytes."""

    def put_photo(self, data: bytes) -> str:
        """Keep a picture; gives its digest."""

    def log(self) -> Sequence[Logged]:
        """What the last round that changed something changed, newest first."""

    def logged(self, round: int) -> bool:
        """Whether anything was done in this round or a later one."""

    def commit(self, effects: Sequence[Effect]) -> None:
        """Do all of it in one transaction, or nothing. Raises StoreError STALE where a contact was saved meanwhile."""

    def rest(self) -> None:
        """A round is over: keep no more memory than it takes to wait for the next."""
