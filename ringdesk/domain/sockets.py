"""The sockets between the rooms: what a room needs of another, as protocols that `app` plugs together.

Reads are plain calls on the caller's thread. Writes return a `Future` of the writer thread; whoever waits for one in
the main thread does it through `Deliver`, never by `.result()`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Protocol, TypeAlias, TypeVar

from ringdesk.domain.contact import Batch, Change, Contact, ContactRow, Marks, Note, Origin, Owner, Undone
from ringdesk.domain.values import dataclass

if TYPE_CHECKING:
    from concurrent.futures import Future

    from ringdesk.domain.call import Ability, CallKey, Fact, SourceChanged
    from ringdesk.domain.calllog import CallRecord, EarlierCalls, LastContact
    from ringdesk.domain.card import Card
    from ringdesk.domain.lookup import Book, Candidate
    from ringdesk.domain.news import News
    from ringdesk.domain.phone import Number
    from ringdesk.domain.signing import Keeping

T = TypeVar("T")


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> float:
        """Seconds since 1970, UTC."""


class Ids(Protocol):
    """Makes ids."""

    def new(self) -> str:
        """A new UUID in text form."""


class Timer(Protocol):
    """Something that will happen, and can be called off."""

    def cancel(self) -> None:
        """Call it off; harmless when it has happened."""


class Timers(Protocol):
    """Does things later, on the thread that asked."""

    def call_later(self, delay: float, do: Callable[[], None]) -> Timer:
        """Do it in `delay` seconds."""


class Deliver(Protocol):
    """Brings the outcome of a write back to the main thread."""

    def __call__(
        self, future: Future[T], done: Callable[[T], None], failed: Callable[[Exception], None] | None = None
    ) -> None:
        """Call one of the two on the main thread; without `failed` the failure becomes news (StoreTroubled)."""


SendNews: TypeAlias = "Callable[[News], None]"


@dataclass(frozen=True, slots=True)
class Show:
    """Which contacts a list shows.

    `group`: only its members (empty: all). `vip`: only VIPs. `anonymous`: True only callers nobody has named, False
    only known contacts, None both. `book`: only mine, or only what coworkers share and the departments' unclaimed
    callers; None both.
    """

    group: str = ""
    vip: bool = False
    anonymous: bool | None = False
    book: Book | None = None


class ContactReads(Protocol):
    """Reads contacts; every call is quick enough for the Qt thread."""

    def find(self, number: Number) -> Sequence[Candidate]:
        """All contacts that may have this number: by E.164, by extension, by the last seven significant digits."""

    def get(self, id: str) -> Contact | None:
        """The whole contact, or None where it is gone."""

    def count(self, show: Show) -> int:
        """How many rows the list has."""

    def page(self, show: Show, start: int, count: int) -> Sequence[ContactRow]:
        """Rows start .. start+count of the list, ordered by name."""

    def search(self, text: str, show: Show, start: int, count: int) -> Sequence[ContactRow]:
        """Rows of a search, best first: every word (or number in any format) must begin a word of the contact."""

    def place(self, id: str, show: Show) -> int | None:
        """The row of a contact in the list that `page` gives, or None where the list does not hold it."""

    def groups(self) -> Sequence[str]:
        """All group names in use, ordered."""

    def changes(self, id: str, limit: int = 200) -> Sequence[Change]:
        """The contact's history, newest first."""

    def notes(self, id: str) -> Sequence[Note]:
        """Notes on a contact, newest first."""

    def latest_note(self, id: str) -> Note | None:
        """The newest note on a contact."""

    def photo(self, digest: str) -> bytes | None:
        """A picture's bytes by their SHA-256 in hex."""

    def picked(self, number: Number) -> str | None:
        """The contact the user chose for this number in a chooser, or None."""

    def last_change(self) -> Sequence[Change]:
        """The newest batch of changes that undo would take back; empty when there is none."""

    def batches(self, limit: int = 100) -> Sequence[Batch]:
        """The last actions that `undo` may take back, newest first; what was taken back already among them."""


class CallReads(Protocol):
    """Reads the call list."""

    def recent(self, limit: int = 200, before: float | None = None) -> Sequence[CallRecord]:
        """Calls, newest first."""

    def of_contact(self, contact: str, limit: int = 50) -> Sequence[CallRecord]:
        """Calls with a contact: matched to it, or from one of its numbers."""

    def earlier(self, contact: str) -> EarlierCalls:
        """Calls with a contact of mine from before it was shared; none where it is not."""

    def last_contact(self, number: Number, contact: str | None, before: float) -> LastContact | None:
        """The newest finished call with this number or contact that began before a time."""

    def unseen_missed(self) -> int:
        """How many missed calls the user has not seen."""

    def unfinished(self) -> Sequence[CallRecord]:
        """Calls that were open when RingDesk last stopped."""

    def get(self, id: str) -> CallRecord | None:
        """One call, or None where it is gone."""

    def drafts(self) -> Sequence[tuple[str, str]]:
        """Calls with a note that no contact has got, and its text; oldest first."""

    def draft(self, call: str) -> str:
        """The note being written for a call, as last kept; empty when there is none."""


class ContactWrites(Protocol):
    """Changes contacts. Every save is one transaction with its history; `by` is who did it."""

    def add(
        self, card: Card, *, origin: Origin, owner: Owner, shared: bool = False, marks: Marks = Marks()
    ) -> Future[Contact]:
        """A new contact."""

    def save(self, contact: Contact, *, read_revision: int) -> Future[Contact]:
        """Save a changed contact; STALE where the stored revision is not `read_revision`, GONE where it was deleted."""

    def delete(self, ids: Iterable[str]) -> Future[int]:
        """Delete contacts; they can be brought back by `undo`. Gives how many were there."""

    def share(self, ids: Iterable[str], on: bool) -> Future[int]:
        """Share contacts of mine with coworkers, or share them no more, as one change; gives how many it changed."""

    def undo(self, batch: str | None = None) -> Future[Undone]:
        """Take a batch of changes back, the newest where none is named.

        A field that was changed again since then stays as it is and is told in `Undone.skipped`, and so does a
        contact that the batch made and somebody has changed. What undo does is a batch too and can be taken back.
        """

    def restore(self, contact: str, change: int) -> Future[Contact]:
        """Set one field back to the old value of a change (`Change.id`), as a change of its own that undo knows.

        GONE where the contact was deleted, STALE where its history does not hold that change.
        """

    def add_note(self, contact: str, text: str, call: str | None = None) -> Future[Note]:
        """A new note on a contact."""

    def delete_note(self, note: str) -> Future[None]:
        """Delete a note."""

    def put_photo(self, data: bytes) -> Future[str]:
        """Keep a picture; gives its digest for `Card.photo`."""

    def pick(self, number: Number, contact: str | None) -> Future[None]:
        """Remember the user's choice for a number, or forget it (None)."""

    def caller(self, number: Number, text: str, *, name: str, owner: Owner) -> Future[str]:
        """The id of the contact with this number: an existing one, or a new anonymous one with `text` as its phone."""


class CallWrites(Protocol):
    """Changes the call list."""

    def log(self, record: CallRecord) -> Future[None]:
        """Write a call, or write it again with what is known now."""

    def see(self, ids: Iterable[str] | None = None) -> Future[None]:
        """Mark missed calls as seen; all of them where no id is named."""

    def keep_private(self, call: str, on: bool) -> Future[None]:
        """Let coworkers see nothing of a call, or let them see it again; it stays so when the call is written again."""

    def show_earlier(self, contact: str, on: bool) -> Future[None]:
        """Let coworkers see the calls from before a contact was shared too, or no more."""

    def keep_draft(self, call: str, text: str) -> Future[None]:
        """Keep the note being written for a call, so that a crash does not lose it; an empty text drops it."""

    def forget_before(self, at: float) -> Future[int]:
        """Delete calls that began before a time."""


class CallSource(Protocol):
    """A phone system RingDesk listens to."""

    @property
    def id(self) -> str:
        """Its name in settings, unique."""

    @property
    def abilities(self) -> frozenset[Ability]:
        """What it can do on command right now."""

    async def run(self, take: Callable[[Fact], None], changed: Callable[[SourceChanged], None]) -> None:
        """Connect, report facts, reconnect; returns only when cancelled."""

    async def answer(self, key: CallKey) -> None:
        """Answer a ringing call; raises SourceRefused where it cannot be done."""

    async def decline(self, key: CallKey) -> None:
        """Decline a ringing call or hang up; raises SourceRefused where it cannot be done."""

    async def dial(self, number: str) -> None:
        """Call a number from the user's own phone; raises SourceRefused where it cannot be done."""


class SourceRefused(Exception):
    """A call source did not do what it was asked; `why` is a short reason code, `detail` what the source said."""

    def __init__(self, why: str, detail: str = "") -> None:
        super().__init__(f"{why}: {detail}")
        self.why = why
        self.detail = detail


class Browser(Protocol):
    """Opens pages outside RingDesk."""

    def open(self, address: str) -> bool:
        """Open an address in the user's browser; False where there is none."""


class Secrets(Protocol):
    """Keeps the few secrets there are, by key ("google:robin@example.com"). Blocks: never on the Qt thread."""

    def keep(self, key: str, secret: str) -> Keeping:
        """Keep a secret instead of the one before; what cannot be kept is not left in its old form either."""

    def get(self, key: str) -> str | None:
        """The secret, or None where there is none. Raises SecretsUnavailable where nobody can tell now."""

    def forget(self, key: str) -> bool:
        """Forget a secret; False where the keyring could not be asked to."""


class SecretsUnavailable(Exception):
    """The keyring does not answer now; `why` is a code ("locked", "silent", "broken"), `detail` what it said."""

    def __init__(self, why: str, detail: str = "") -> None:
        super().__init__(f"{why}: {detail}")
        self.why = why
        self.detail = detail
