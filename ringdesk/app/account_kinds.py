"""What a kind of account brings along, so that `app.accounts` can run it without knowing which it is.

A kind lives in a module of its own (`app.google`, ...). Importing that module is cheap: the provider's libraries are
imported inside `open`, `sign_in` and `revoke`, all of which run on threads of their own, never on the Qt thread.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import field
from typing import Protocol

from ringdesk.domain.account import Kept
from ringdesk.domain.remote import RemoteBook
from ringdesk.domain.replica import Account
from ringdesk.domain.signing import Ending, Keeping
from ringdesk.domain.sockets import Clock
from ringdesk.domain.syncing import Label
from ringdesk.domain.values import dataclass

Told = Callable[[int, int | None], None]
"""Hears how many contacts of how many (None: nobody knows) were counted."""


@dataclass(frozen=True, slots=True)
class Held:
    """What an account holds: its labels, its contacts, and how many of these have a phone number."""

    labels: Sequence[Label]
    contacts: int
    with_phones: int


class OpenBook(Protocol):
    """An address book that is open. On its worker's thread, but for `abort` and `break_off`."""

    @property
    def book(self) -> RemoteBook:
        """The book."""

    def held(self, told: Told, stopped: Callable[[], bool]) -> Held:
        """Count what is in it. Raises RemoteError."""

    def abort(self) -> None:
        """Give up what it waits for, because the program ends; callable from any thread."""

    def break_off(self) -> None:
        """Give up what it waits for, unless that is a change that was sent already; callable from any thread."""


@dataclass(frozen=True, slots=True)
class Consent:
    """The user is signed in, and the secret is kept: the account's id here, its name, how the secret is kept."""

    id: str
    name: str
    keeping: Keeping


@dataclass(frozen=True, slots=True)
class NoConsent:
    """The user is not signed in, and why."""

    ending: Ending
    detail: str = ""


@dataclass(slots=True)
class Wish:
    """A sign-in that is asked for: to this account (empty: any) of this name, unless it is called off."""

    account: str
    name: str
    asked: Callable[[str, float, bool], None]
    """Told the address at which the user is asked, the seconds that are left, and whether a browser was opened."""
    cancelled: bool = False
    _cancel: list[Callable[[], None]] = field(default_factory=list)

    def on_cancel(self, do: Callable[[], None]) -> None:
        """Do this when it is called off; at once where it was already. Called on the sign-in's thread."""
        self._cancel.append(do)
        if self.cancelled:
            do()

    def cancel(self) -> None:
        """Call it off; from any thread."""
        self.cancelled = True
        for do in list(self._cancel):
            do()


class AccountKind(Protocol):
    """A kind of account: Google, the team directory."""

    @property
    def kind(self) -> str:
        """Its name ("google", "team"); ids of its accounts begin with it and a colon."""

    def open(self, account: Account, kept: Kept, clock: Clock) -> OpenBook:
        """Open an account's book, on its worker's thread. Raises RemoteError."""

    def sign_in(self, wish: Wish) -> Consent | NoConsent:
        """Sign in and keep the secret; blocks, on the sign-in's thread, for as long as the user takes."""

    def revoke(self, account: Account) -> bool:
        """Have the provider take its permission back, and forget the secret; blocks, on a thread of its own.

        Gives whether the provider said yes; the secret is forgotten in any case.
        """
