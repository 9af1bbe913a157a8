"""Connecting Google, without Qt: client file, sign-in, set-up, rehearsal, and from then on the account itself.

`GoogleDesk.view` is one of the stages below; `listen` tells when it is another. The stages in their order:

    Unconnected --connect--> SigningIn --> SettingUp --rehearse--> Rehearsing --> Rehearsed --accept--> Connected
         ^  ^                   | (failed, cancel)      <--back--                     |                     |
         |  +-------------------+                                                     |                     |
         +------------------------------------- cancel (in any), disconnect --------------------------------+

* `Unconnected.client` None: the dialog asks for a client file first (`choose_client_file`) and explains how to get one;
  `client_trouble` says what was wrong with the one chosen last.
* In `SettingUp` the choices change only what is rehearsed; nothing is fetched or kept before `accept`. `survey` is None
  while contacts are being counted (`counted` so far). `trouble` says why counting or rehearsing did not work;
  `rehearse` or `count_again` tries again.
* *Cancel* anywhere leaves both sides as they were: the permission is taken back and the token forgotten.
* In `Connected`, `GoogleDesk.account` is the `AccountDesk` with everything else.
* When the permission has died (`AccountView.status` is `Dead`): `reconnect`; the stage stays Connected, with
  `signing_in` True, and `trouble` says why it did not work.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from ringdesk.desk.accounts import AccountDesk, AccountPorts, AccountRecord, Dead, Halted, Waiting, status_of
from ringdesk.domain.account import Choices, Standing
from ringdesk.domain.signing import ClientFile, ClientTrouble, Ending, Keeping
from ringdesk.domain.syncing import (
    AccountNews,
    ClientFileTaken,
    Disconnected,
    Label,
    RehearsalDone,
    RoundDone,
    SignedInAs,
    SignInAsked,
    SignInFailed,
    Surveyed,
    SyncDead,
    SyncHalted,
    SyncProgress,
    SyncWaiting,
)
from ringdesk.domain.values import dataclass

KIND: Final = "google"
SUGGESTED_SHARE_LABEL: Final = "Clients"


@dataclass(frozen=True, slots=True)
class Failed:
    """Why a sign-in did not work: a code and Google's or the system's own word."""

    ending: Ending
    detail: str = ""


Trouble = Waiting | Dead | Halted


@dataclass(frozen=True, slots=True)
class Unconnected:
    """No account is connected. `before`: the name of the one that was; connecting it again makes no duplicate."""

    client: ClientFile | None
    client_trouble: ClientTrouble | None = None
    client_detail: str = ""
    failed: Failed | None = None
    before: str = ""


@dataclass(frozen=True, slots=True)
class SigningIn:
    """The browser asks the user; this may take minutes. *Cancel* calls it off. `asked`: where, and until when."""

    asked: SignInAsked | None = None


@dataclass(frozen=True, slots=True)
class SettingUp:
    """Signed in; the user chooses. `practice`: not at the real Google."""

    name: str
    keeping: Keeping
    choices: Choices
    survey: Surveyed | None = None
    counted: int = 0
    trouble: Trouble | None = None
    practice: bool = False


@dataclass(frozen=True, slots=True)
class Rehearsing:
    """What would happen is being found out."""

    setting_up: SettingUp
    progress: SyncProgress | None = None


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """What would happen: `would.counts` and `would.lines` by deed; nothing has happened yet."""

    setting_up: SettingUp
    would: RoundDone


@dataclass(frozen=True, slots=True)
class Connected:
    """It is synced. `signing_in`: *Reconnect* is going on (`asked` as there); `failed`: why the last did not work."""

    signing_in: bool = False
    failed: Failed | None = None
    asked: SignInAsked | None = None


GoogleView = Unconnected | SigningIn | SettingUp | Rehearsing | Rehearsed | Connected


class GoogleDesk:
    """The way of a Google account from nothing to connected and back. Belongs to the main thread."""

    def __init__(self, ports: AccountPorts) -> None:
        self._ports = ports
        self._heard: Callable[[], None] = _nobody
        self._id = ""
        self.account: AccountDesk | None = None
        """The account's own desk while the view is Connected."""
        self.view: GoogleView = Unconnected(None)
        self.allowed = True
        """Whether the team lets this desk have a Google account."""
        self._begin()

    def allow(self, on: bool) -> None:
        """The team lets this desk have a Google account, or not; one that is there can still be disconnected."""
        if on != self.allowed:
            self.allowed = on
            self._heard()

    def listen(self, heard: Callable[[], None]) -> None:
        """Call this whenever `view` has become another one, or that of `account` has."""
        self._heard = heard
        if self.account is not None:
            self.account.listen(heard)

    # Orders

    def choose_client_file(self, path: Path) -> None:
        """Put a client file in place; what is wrong with it shows in the view."""
        self._ports.take_client_file(path)

    def connect(self) -> None:
        """Sign in in the browser."""
        match self.view:
            case Unconnected(client) if client is not None and self.allowed:
                self._show(SigningIn())
                self._ports.sign_in(KIND, "")
            case _:
                return

    def reconnect(self) -> None:
        """Sign in again to the account whose permission has died."""
        if self.allowed and isinstance(self.view, Connected) and not self.view.signing_in:
            self._show(Connected(signing_in=True))
            self._ports.sign_in(KIND, self._id)

    def choose(self, choices: Choices) -> None:
        """Other choices for the rehearsal."""
        if isinstance(self.view, SettingUp):
            self._show(replace(self.view, choices=choices))

    def count_again(self) -> None:
        """Count what the account holds once more."""
        if isinstance(self.view, SettingUp):
            self._show(replace(self.view, survey=None, counted=0, trouble=None))
            self._ports.survey(self._id)

    def rehearse(self) -> None:
        """Find out what would happen."""
        if isinstance(self.view, SettingUp):
            setting_up = replace(self.view, trouble=None)
            self._show(Rehearsing(setting_up))
            self._ports.rehearse(self._id, setting_up.choices)

    def back(self) -> None:
        """Back to the choices."""
        match self.view:
            case Rehearsing(setting_up):
                self._ports.break_off(self._id)
                self._show(setting_up)
            case Rehearsed(setting_up, _):
                self._show(setting_up)
            case _:
                return

    def accept(self) -> None:
        """Do it: the first round begins."""
        if isinstance(self.view, Rehearsed):
            self._ports.accept(self._id, self.view.setting_up.choices)
            self._connected()

    def cancel(self) -> None:
        """Leave everything as it was before *Connect*; while signing in again: as it was before that."""
        match self.view:
            case SigningIn() | Connected(signing_in=True):
                self._ports.cancel_sign_in(KIND)
            case SettingUp() | Rehearsing() | Rehearsed():
                self._ports.break_off(self._id)
                self._ports.disconnect(self._id)
            case _:
                return

    # News

    def take(self, news: AccountNews) -> None:
        """Hear of news, on the main thread."""
        match news:
            case ClientFileTaken(client, trouble, detail):
                self._client(client, trouble, detail)
            case SignInAsked(kind=kind) if kind == KIND:
                self._asked(news)
            case SignedInAs(kind=kind) if kind == KIND:
                self._signed_in(news)
            case SignInFailed(kind, ending, detail) if kind == KIND:
                self._failed(Failed(ending, detail))
            case Disconnected(account) if account == self._id:
                self._begin()
                self._heard()
            case _:
                self._about_account(news)

    def _about_account(self, news: AccountNews) -> None:
        if self.account is not None:
            self.account.take(news)
        elif getattr(news, "account", None) == self._id:
            self._setting_up(news)

    def _setting_up(self, news: AccountNews) -> None:
        match self.view, news:
            case SettingUp(), Surveyed():
                self._show(replace(self.view, survey=news, trouble=None))
            case SettingUp(survey=None), SyncProgress(done=done):
                self._show(replace(self.view, counted=done))
            case Rehearsing(), SyncProgress():
                self._show(replace(self.view, progress=news))
            case Rehearsing(setting_up), RehearsalDone(_, would):
                self._show(setting_up if would.stopped else Rehearsed(setting_up, would))
            case (SettingUp() | Rehearsing()) as view, SyncWaiting() | SyncDead() | SyncHalted():
                setting_up = view.setting_up if isinstance(view, Rehearsing) else view
                trouble = status_of(news)
                if isinstance(trouble, Waiting | Dead | Halted):
                    self._show(replace(setting_up, trouble=trouble))
            case _:
                return

    def _client(self, client: ClientFile | None, trouble: ClientTrouble | None, detail: str) -> None:
        if isinstance(self.view, Unconnected):
            kept = client or self.view.client
            self._show(replace(self.view, client=kept, client_trouble=trouble, client_detail=detail, failed=None))

    def _asked(self, news: SignInAsked) -> None:
        match self.view:
            case SigningIn() | Connected(signing_in=True):
                self._show(replace(self.view, asked=news))
            case _:
                return

    def _signed_in(self, news: SignedInAs) -> None:
        self._id = news.account
        record = self._record()
        if record is not None and record.kept.standing is Standing.CONNECTED:
            self._connected()
        elif record is not None:
            self._show(SettingUp(news.name, news.keeping, record.kept.choices, practice=self._practice))
            self._ports.survey(news.account)

    def _failed(self, failed: Failed) -> None:
        match self.view:
            case SigningIn():
                shown = None if failed.ending is Ending.CANCELLED else failed
                self._show(replace(self._unconnected(), failed=shown))
            case Connected(signing_in=True):
                self._show(Connected(failed=None if failed.ending is Ending.CANCELLED else failed))
            case _:
                return

    # Stages

    def _begin(self) -> None:
        """The stage that what is kept says: also after a restart."""
        records = [one for one in self._ports.accounts(KIND) if one.kept.standing is not Standing.DISCONNECTED]
        if not records:
            self._id, self.account, self.view = "", None, self._unconnected()
            return
        self._id = records[0].id
        if records[0].kept.standing is Standing.CONNECTED:
            self._connected()
        else:
            kept = records[0].kept
            self.view = SettingUp(records[0].name, kept.keeping, kept.choices, practice=self._practice)
            self._ports.survey(self._id)

    def _unconnected(self) -> Unconnected:
        before = [one.name for one in self._ports.accounts(KIND)]
        return Unconnected(self._ports.client(), before=before[0] if before else "")

    @property
    def _practice(self) -> bool:
        client = self._ports.client()
        return client is not None and client.practice

    def _record(self) -> AccountRecord | None:
        return next((one for one in self._ports.accounts(KIND) if one.id == self._id), None)

    def _connected(self) -> None:
        record = self._record()
        if record is None:
            self._begin()
        elif self.account is None or self.account.view.id != record.id:
            self.account = AccountDesk(self._ports, record, practice=self._practice)
            self.account.listen(self._heard)
        self._show(Connected())

    def _show(self, view: GoogleView) -> None:
        if view != self.view:
            self.view = view
            self._heard()


def labelled(choices: Choices, labels: Sequence[Label], *, others: bool = False) -> Choices:
    """The choices with these labels as the list that is synced; none of them: everything.

    Their members come here, members of the groups of the same names go there. `others`: so does everybody else who is
    mine and known, into the first of the labels.
    """
    policy = replace(
        choices.policy,
        labels=frozenset(one.id for one in labels),
        groups=frozenset() if others else frozenset(one.name for one in labels),
        landing=labels[0].id if labels else "",
    )
    return replace(choices, policy=policy)


def _nobody() -> None:
    """Nobody listens yet."""
