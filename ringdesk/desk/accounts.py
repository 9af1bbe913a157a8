"""Accounts, without Qt: what windows show of one that is connected, and what they may ask of it.

The shape, for whoever builds windows or another kind of account:

* `AccountPorts` is what `app` provides (`app.accounts.Accounts`): orders that return at once and never block, and
  reads that are quick enough for the Qt thread. What becomes of an order comes as news (`domain.syncing.AccountNews`),
  on the main thread, through `take` of the presenters here.
* `AccountDesk` is one account, of any kind, from its first sync on: `view` (an `AccountView`, frozen) says everything
  a status line, a settings page and the review lists show; the methods are the user's orders. Call `listen` to be told
  when `view` is another one.
* How an account of a kind gets connected differs: Google's way is `desk.connecting.GoogleDesk`, which makes an
  `AccountDesk` at its end and hands news on to it. A further kind writes its own such desk beside it.

Codes, never sentences: `ui` has the words. Times are seconds since 1970.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import field, replace
from pathlib import Path
from typing import Final, Protocol

from ringdesk.domain.account import Choices, Kept
from ringdesk.domain.contact import Contact
from ringdesk.domain.outcome import changed
from ringdesk.domain.remote import Container, Death
from ringdesk.domain.replica import Choice, Question, Review
from ringdesk.domain.signing import ClientFile, Keeping
from ringdesk.domain.syncing import (
    AccountChanged,
    AccountNews,
    RoundDone,
    SyncDead,
    SyncHalted,
    SyncProgress,
    SyncRunning,
    SyncUndone,
    SyncWaiting,
)
from ringdesk.domain.values import dataclass

ANSWERS: Final[Mapping[Review, tuple[Choice, ...]]] = {
    Review.REMOVED: (Choice.DELETE, Choice.KEEP, Choice.CREATE),
    Review.DOUBTFUL: (Choice.SAME, Choice.DIFFERENT),
    Review.MERGED: (Choice.SAME, Choice.DIFFERENT),
    Review.CLASH: (Choice.MINE, Choice.THEIRS),
    Review.INVALID: (Choice.TRY_AGAIN,),
    Review.REFUSED: (Choice.TRY_AGAIN,),
}
"""What can be answered to each kind of question."""

# What is shown ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Quiet:
    """Nothing is going on; `last` of the view says what the last round did."""


@dataclass(frozen=True, slots=True)
class Running:
    """A round is going on; `progress` once it is known how far."""

    progress: SyncProgress | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """The last round broke off (no network, overload); it is tried again by itself at `until`."""

    until: float
    detail: str


@dataclass(frozen=True, slots=True)
class Dead:
    """The permission is gone: *Reconnect*. `detail` is a finer code than the cause, see `SyncDead`."""

    cause: Death
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Halted:
    """Something the user has to see to (`code`: "disabled", "full", "version", a StoreTrouble, "fault")."""

    code: str
    detail: str


Status = Quiet | Running | Waiting | Dead | Halted


@dataclass(frozen=True, slots=True)
class AccountView:
    """All that is shown of a connected account.

    `last`: what the last round did, whole ones also after a restart; None before the first. Its `guard_here` and
    `guard_there` are deletions that wait for *approve*. `waiting` counts the open questions by kind. `keeping` SESSION:
    there is no keyring, and the user signs in again after the next start. `undoable`: the last sync can be taken back;
    that is `did`, the last round that changed anything: the rounds after it had nothing to do.
    `undone`: what *Undo the last sync* did, until the next round. `practice`: not the real thing.
    """

    id: str
    kind: str
    name: str
    choices: Choices
    status: Status = Quiet()
    last: RoundDone | None = None
    did: RoundDone | None = None
    waiting: Mapping[Review, int] = field(default_factory=dict)
    keeping: Keeping = Keeping.KEYRING
    undoable: bool = False
    undone: SyncUndone | None = None
    practice: bool = False

    @property
    def guarded(self) -> int:
        """Deletions, both sides together, that wait for the user's word."""
        return 0 if self.last is None else self.last.guard_here + self.last.guard_there


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """One row of a review list: the question, the contact here (None where it is gone), and what may be answered."""

    question: Question
    here: Contact | None
    answers: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class AccountRecord:
    """What is kept of an account, as the main thread reads it: `last` is its last whole round, `did` as in the view."""

    id: str
    kind: str
    name: str
    kept: Kept
    last: RoundDone | None = None
    did: RoundDone | None = None
    undoable: bool = False


# What app provides -----------------------------------------------------------------------------------------------


class AccountPorts(Protocol):
    """What the presenters need of the program. Every order returns at once; what becomes of it comes as news."""

    # Reads, quick

    def accounts(self, kind: str) -> Sequence[AccountRecord]:
        """The accounts of a kind ("google", "team"), those connected before among them."""

    def waiting(self, account: str) -> Mapping[Review, int]:
        """How many questions of each kind are open."""

    def questions(self, account: str, kind: Review, start: int, count: int) -> Sequence[Question]:
        """Open questions of a kind, oldest first."""

    def contact(self, id: str) -> Contact | None:
        """A contact here."""

    def containers(self, account: str) -> Sequence[Container]:
        """The account's labels as last read, system ones among them."""

    def client(self) -> ClientFile | None:
        """The client file that is in place."""

    # Orders

    def take_client_file(self, path: Path) -> None:
        """Put a client file in place. News: ClientFileTaken."""

    def sign_in(self, kind: str, account: str) -> None:
        """Sign in at the provider, to a certain account unless `account` is empty.

        News: SignInAsked, then SignedInAs or SignInFailed.
        """

    def cancel_sign_in(self, kind: str) -> None:
        """Call the sign-in off. News: SignInFailed (CANCELLED)."""

    def survey(self, account: str) -> None:
        """Count what the account holds. News: SyncProgress, Surveyed; or SyncWaiting, SyncDead, SyncHalted."""

    def rehearse(self, account: str, choices: Choices) -> None:
        """Find out what the first round would do. News: SyncProgress, Rehearsed; or as for `survey`."""

    def accept(self, account: str, choices: Choices) -> None:
        """Keep the choices and begin to sync. News: AccountChanged, then those of rounds."""

    def keep_choices(self, account: str, choices: Choices) -> None:
        """Go by other choices from now on. News: AccountChanged, then those of rounds."""

    def sync_now(self, account: str, *, full: bool = False) -> None:
        """A round at once."""

    def break_off(self, account: str) -> None:
        """Break off what is going on at the next good moment; what was done stays done."""

    def answer(self, account: str, question: Question, choice: Choice) -> None:
        """The user's answer. News: AccountChanged, then those of a round."""

    def approve(self, account: str, deletions: int, kept: frozenset[str]) -> None:
        """Allow so many deletions, once; these contacts stay where they still are. News: those of a round."""

    def undo(self, account: str) -> None:
        """Take the last sync back, on both sides. News: SyncUndone, then those of a round."""

    def disconnect(self, account: str) -> None:
        """Take the permission back, forget the token, keep contacts and links. News: Disconnected."""


# The presenter ---------------------------------------------------------------------------------------------------


class AccountDesk:
    """One connected account. Belongs to the main thread."""

    def __init__(self, ports: AccountPorts, record: AccountRecord, *, practice: bool = False) -> None:
        self._ports = ports
        self._heard: Callable[[], None] = _nobody
        self.view = AccountView(
            id=record.id,
            kind=record.kind,
            name=record.name,
            choices=record.kept.choices,
            last=record.last,
            did=record.did,
            waiting=ports.waiting(record.id),
            keeping=record.kept.keeping,
            undoable=record.undoable,
            practice=practice,
        )

    def listen(self, heard: Callable[[], None]) -> None:
        """Call this whenever `view` has become another one."""
        self._heard = heard

    # Orders

    def sync_now(self, *, full: bool = False) -> None:
        """A round at once; `full`: look at everything there."""
        self._ports.sync_now(self.view.id, full=full)

    def break_off(self) -> None:
        """*Cancel* beside the progress: the round breaks off, the next one goes on from there."""
        self._ports.break_off(self.view.id)

    def choose(self, choices: Choices) -> None:
        """Go by other choices."""
        if choices != self.view.choices:
            self._show(replace(self.view, choices=choices))
            self._ports.keep_choices(self.view.id, choices)

    def approve(self, kept: Collection[str] = ()) -> None:
        """Allow the deletions that wait (`view.guarded`), once, but those of these contacts.

        `kept` are ids from `view.last.guarded`: they stay on the side where they still are. Where all that are listed
        are kept, nothing is allowed; what is not listed waits on.
        """
        if self.view.guarded and self.view.last is not None:
            none = len(kept) >= len(self.view.last.guarded) > 0
            self._ports.approve(self.view.id, 0 if none else self.view.guarded - len(kept), frozenset(kept))

    def answer(self, question: Question, choice: Choice) -> None:
        """Answer a question. Raises ValueError for an answer that does not fit."""
        if choice not in ANSWERS[question.kind]:
            raise ValueError(f"{choice.value} is no answer to a question about {question.kind.value}")
        self._ports.answer(self.view.id, question, choice)

    def undo(self) -> None:
        """Take the last sync back, on both sides."""
        if self.view.undoable:
            self._ports.undo(self.view.id)

    def disconnect(self) -> None:
        """Take the permission back; contacts stay."""
        self._ports.disconnect(self.view.id)

    def reviews(self, kind: Review, start: int = 0, count: int = 200) -> Sequence[QuestionRow]:
        """Rows of a review list."""
        asked = self._ports.questions(self.view.id, kind, start, count)
        return [QuestionRow(one, self._ports.contact(one.contact), ANSWERS[one.kind]) for one in asked]

    def labels(self) -> Sequence[Container]:
        """The account's own labels, by name."""
        own = (one for one in self._ports.containers(self.view.id) if not one.system and one.name)
        return sorted(own, key=lambda one: one.name.casefold())

    # News

    def take(self, news: AccountNews) -> None:
        """Hear of this account's news; others' are let pass."""
        if getattr(news, "account", None) != self.view.id:
            return
        status = status_of(news)
        match news:
            case SyncRunning():
                self._show(replace(self.view, status=Running(), undone=None))
            case _ if status is not None:
                self._show(replace(self.view, status=status))
            case SyncUndone():
                self._read(replace(self.view, undone=news, did=None))
            case RoundDone():
                did = news if changed(news) else self.view.did
                self._read(replace(self.view, status=Quiet(), last=news, did=did))
            case AccountChanged():
                self._read(self.view)
            case _:
                return

    def _read(self, view: AccountView) -> None:
        """Show a view with what is read anew."""
        found = [one for one in self._ports.accounts(view.kind) if one.id == view.id]
        for record in found:
            view = replace(
                view,
                name=record.name,
                choices=record.kept.choices,
                keeping=record.kept.keeping,
                undoable=record.undoable,
                waiting=self._ports.waiting(view.id),
            )
        self._show(view)

    def _show(self, view: AccountView) -> None:
        if view != self.view:
            self.view = view
            self._heard()


def status_of(news: AccountNews) -> Status | None:
    """The status that news stands for, if any."""
    match news:
        case SyncProgress():
            return Running(news)
        case SyncWaiting(_, until, detail):
            return Waiting(until, detail)
        case SyncDead(_, cause, detail):
            return Dead(cause, detail)
        case SyncHalted(_, code, detail):
            return Halted(code, detail)
        case _:
            return None


def _nobody() -> None:
    """Nobody listens yet."""
