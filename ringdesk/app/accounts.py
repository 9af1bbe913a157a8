"""Accounts in the running program: a seat each, sign-ins, and what makes them sync.

The shape, for whoever adds a kind of account:

* A kind is an `app.account_kinds.AccountKind` (`app.google.GoogleKind`): how its book is opened, how one signs in, how
  the permission is taken back. It is given to `Accounts` in `Core`; nothing here knows which kind it serves.
* Each account that is kept has a `Seat`: its `sync.worker.Worker` with its own thread, and what the user chose. The
  worker starts by itself for a connected account, with the first order for one that is being set up.
* `Accounts` is the `desk.accounts.AccountPorts` of all presenters, and belongs to the main thread. Every order goes to
  a worker or to a thread of its own and returns at once. What becomes of it is news: `Post` brings it to `heard` on the
  main thread, which hands it to every desk in `desks`.
* `triggers` (`app.account_triggers`): saved, looked at, calling, woken up, network back. Besides them, each worker has
  its own interval.
* `stop` ends all workers off the loop, two seconds at most; nothing is lost by that, because every request that changes
  something stands in the outbox before it is sent.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from ringdesk.app.account_kinds import AccountKind, Consent, NoConsent, Wish
from ringdesk.app.account_label import share_members
from ringdesk.app.account_seat import Seat
from ringdesk.app.account_triggers import Triggers
from ringdesk.app.clockwork import Outside
from ringdesk.desk.accounts import AccountRecord
from ringdesk.desk.connecting import GoogleDesk
from ringdesk.desk.holders import Holder
from ringdesk.domain.account import Choices, Kept, Standing, kept_of, kept_text
from ringdesk.domain.contact import Contact
from ringdesk.domain.orders import (
    Answer,
    Approve,
    Begin,
    Order,
    PolicyChanged,
    Rehearse,
    Survey,
    SyncNow,
    SyncSoon,
    Undo,
)
from ringdesk.domain.outcome import last_change, outcome_of
from ringdesk.domain.remote import Container
from ringdesk.domain.replica import Account, Choice, Question, Review
from ringdesk.domain.signing import ClientFile, ClientTrouble, Ending, Keeping
from ringdesk.domain.syncing import (
    AccountChanged,
    AccountNews,
    ClientFileTaken,
    Disconnected,
    SignedInAs,
    SignInAsked,
    SignInFailed,
)
from ringdesk.domain.team_kept import FREE, Rights
from ringdesk.store.store import Store

if TYPE_CHECKING:
    from ringdesk.app.google import GoogleKind

log = logging.getLogger(__name__)

T = TypeVar("T")

START_AFTER: Final = 1.0
"""Seconds after the phones are heard before the first worker starts: the provider's libraries take a moment to import,
and the first pop must not wait behind them."""
_WIDER: Final = ("labels", "only_with_phones", "direction", "fields", "view_only")
"""The policies whose change may bring in what no change feed will ever report: everything is listed once."""


class Accounts:
    """All accounts. Belongs to the main thread."""

    def __init__(
        self,
        store: Store,
        outside: Outside,
        region: Callable[[], str],
        google: GoogleKind,
        others: Sequence[AccountKind] = (),
    ) -> None:
        self._store, self._outside, self._region = store, outside, region
        self._kinds: dict[str, AccountKind] = {kind.kind: kind for kind in (google, *others)}
        self._google = google
        self._client: ClientFile | None = None
        self._seats: dict[str, Seat] = {}
        self._wishes: dict[str, Wish] = {}
        self._stopped = False
        self._running = False
        self._rights = FREE
        self.triggers = Triggers(self._connected, store.accounts.touched, outside)
        self.desks: list[Callable[[AccountNews], None]] = []
        """Who hears news of accounts, on the main thread."""
        for account in store.accounts.all():
            if account.kind in self._kinds:
                self._seat(account, kept_of(account))

    @cached_property
    def google(self) -> GoogleDesk:
        """The desk of the Google account, for the windows; made when it is first asked for."""
        desk = GoogleDesk(self)
        desk.allow(self._rights.google)
        self.desks.append(desk.take)
        self.find_client()
        return desk

    @property
    def any_connected(self) -> bool:
        """Whether there is an account to give orders to."""
        return bool(self._connected())

    # Life

    def start(self) -> None:
        """Begin to sync what is connected, a moment later."""
        self._outside.timers.call_later(START_AFTER, self._start)
        self.triggers.watch_sleep()

    def _start(self) -> None:
        self._running = True
        for seat in self._connected():
            seat.start()

    async def stop(self) -> None:
        """Stop every worker; takes two seconds at most."""
        self._stopped = True
        for wish in self._wishes.values():
            wish.cancel()
        loop = asyncio.get_running_loop()
        ends = [loop.run_in_executor(None, seat.end) for seat in self._seats.values()]
        await asyncio.gather(*ends)

    def heard(self, news: AccountNews) -> None:
        """News of accounts has come to the main thread."""
        if isinstance(news, ClientFileTaken) and news.client is not None:
            self._client = news.client
        for take in list(self.desks):
            take(news)

    def allow(self, rights: Rights) -> None:
        """The team lets this desk do so much with its accounts; what goes on beyond that is broken off."""
        before, self._rights = self._rights, rights
        if "google" in self.__dict__:
            self.google.allow(rights.google)
        for seat in self._connected() if self._running and rights != before else ():
            if not rights.google:
                seat.break_off()
            seat.order(PolicyChanged())
            seat.order(SyncNow(full=True))

    # Reads (AccountPorts)

    def accounts(self, kind: str) -> Sequence[AccountRecord]:
        """The accounts of a kind."""
        accounts = self._store.accounts
        found = [one for one in accounts.all() if one.kind == kind]
        return [
            AccountRecord(
                one.id,
                one.kind,
                one.name,
                self._seats[one.id].kept if one.id in self._seats else kept_of(one),
                outcome_of(one.id, one.outcome),
                last_change(one.id, one.outcome),
                accounts.undoable(one.id),
            )
            for one in found
        ]

    def waiting(self, account: str) -> Mapping[Review, int]:
        """How many questions of each kind are open."""
        return self._store.accounts.waiting(account)

    def questions(self, account: str, kind: Review, start: int, count: int) -> Sequence[Question]:
        """Open questions of a kind."""
        return self._store.accounts.questions(account, kind, start, count)

    def contact(self, id: str) -> Contact | None:
        """A contact here."""
        return self._store.reads.get(id)

    def containers(self, account: str) -> Sequence[Container]:
        """The account's labels as last read."""
        return self._store.accounts.containers(account)

    def client(self) -> ClientFile | None:
        """The client file that is in place, as far as it has been looked for."""
        return self._client

    # What the contacts pane asks

    def holders(self, contact: str) -> Sequence[Holder]:
        """The connected accounts that have a contact."""
        held = self._store.accounts.holding(contact)
        return [seat.holder for seat in self._connected() if seat.account.id in held]

    @property
    def connected(self) -> Sequence[Holder]:
        """The connected accounts, as holders of whatever they have."""
        return [seat.holder for seat in self._connected()]

    # Client file and sign-in (AccountPorts)

    def find_client(self) -> None:
        """Look for the client file that is in place. News: ClientFileTaken."""
        self._outside.aside("client file", self._google.find_client, self._outside.send, self._no_client)

    def take_client_file(self, path: Path) -> None:
        """Put a client file in place."""
        self._outside.aside("client file", lambda: self._google.take_client(path), self._outside.send, self._no_client)

    def practise(self, path: Path) -> None:
        """Put the client file of a practice Google in place, unless a real one is. News: ClientFileTaken."""
        self._outside.aside(
            "client file", lambda: self._google.take_practice(path), self._outside.send, self._no_client
        )

    def _no_client(self, error: Exception) -> None:
        self.heard(ClientFileTaken(None, ClientTrouble.UNREADABLE, type(error).__name__))

    def sign_in(self, kind: str, account: str) -> None:
        """Sign in, on a thread of its own."""
        known = self._store.accounts.get(account) if account else None
        now, send = self._outside.clock.now, self._outside.send
        wish = Wish(
            account,
            known.name if known is not None else "",
            lambda address, left, opened: send(SignInAsked(kind, address, now() + left, opened)),
        )
        self._wishes[kind] = wish
        self._outside.aside(
            "sign-in",
            lambda: self._kinds[kind].sign_in(wish),
            lambda outcome: self._signed(kind, outcome),
            lambda error: self._not_signed(kind, Ending.NOT_KEPT, type(error).__name__),
        )

    def cancel_sign_in(self, kind: str) -> None:
        """Call the sign-in off."""
        wish = self._wishes.get(kind)
        if wish is not None:
            wish.cancel()

    def _signed(self, kind: str, outcome: Consent | NoConsent) -> None:
        self._wishes.pop(kind, None)
        if isinstance(outcome, NoConsent):
            self._not_signed(kind, outcome.ending, outcome.detail)
            return
        held = self._store.accounts.get(outcome.id)
        before = Kept() if held is None else kept_of(held)
        standing = Standing.CONNECTED if before.standing is Standing.CONNECTED else Standing.SETTING_UP
        kept = replace(before, standing=standing, keeping=outcome.keeping, granted=self._outside.clock.now())
        account = Account(id=outcome.id, kind=kind, name=outcome.name, settings=kept_text(kept))
        news = SignedInAs(kind, outcome.id, outcome.name, outcome.keeping, held is None)
        self._outside.deliver(
            self._store.accounts.keep(account),
            lambda _: self._ready(account, kept, news),
            lambda error: self._not_signed(kind, Ending.NOT_KEPT, str(error)[:200]),
        )

    def _ready(self, account: Account, kept: Kept, news: SignedInAs) -> None:
        """The account is written down: it has a seat from now on, and goes on where it was connected before."""
        seat = self._seats.get(account.id)
        if seat is None:
            self._seat(account, kept)
        else:
            seat.kept = kept
        self.heard(news)
        if kept.standing is Standing.CONNECTED:
            self._order(account.id, SyncNow())

    def _not_signed(self, kind: str, ending: Ending, detail: str) -> None:
        self._wishes.pop(kind, None)
        log.info("no sign-in: %s", ending.value)
        self.heard(SignInFailed(kind, ending, detail))

    # Set-up (AccountPorts)

    def survey(self, account: str) -> None:
        """Count what the account holds."""
        self._order(account, Survey())

    def rehearse(self, account: str, choices: Choices) -> None:
        """Find out what the first round would do."""
        self._order(account, Rehearse(choices.policy))

    def accept(self, account: str, choices: Choices) -> None:
        """Keep the choices and begin to sync."""

        def begin() -> None:
            self._keep(account, choices, Standing.CONNECTED, anew=True)
            self._order(account, PolicyChanged())
            self._order(account, Begin())

        self._labelled(account, choices, begin)

    def keep_choices(self, account: str, choices: Choices) -> None:
        """Go by other choices from now on."""
        self._labelled(account, choices, lambda: self._go_by(account, choices))

    def _labelled(self, account: str, choices: Choices, then: Callable[[], None]) -> None:
        """Go on, once the members of a share label that is newly named are shared."""
        seat = self._seats.get(account)
        if seat is not None:
            share_members(self._store, self._outside, seat.kept.choices.policy, choices.policy, then)

    def _go_by(self, account: str, choices: Choices) -> None:
        seat = self._seats.get(account)
        if seat is None:
            return
        before = seat.kept.choices
        changed = choices.policy != before.policy
        self._keep(account, choices, seat.kept.standing, anew=changed)
        if changed:
            self._order(account, PolicyChanged())
        if any(getattr(choices.policy, name) != getattr(before.policy, name) for name in _WIDER):
            self._order(account, SyncNow(full=True))
        elif choices.every is not None:
            self._order(account, SyncSoon())

    def _keep(self, account: str, choices: Choices, standing: Standing, *, anew: bool = False) -> None:
        seat = self._seats.get(account)
        if seat is not None:
            seat.kept = replace(seat.kept, choices=choices, standing=standing)
            written = self._store.accounts.describe(account, seat.account.name, kept_text(seat.kept), anew=anew)
            self._outside.deliver(written, lambda _: self.heard(AccountChanged(account)))

    # Orders (AccountPorts)

    def sync_now(self, account: str, *, full: bool = False) -> None:
        """A round at once."""
        self._order(account, SyncNow(full))

    def break_off(self, account: str) -> None:
        """Break off what is going on."""
        if account in self._seats:
            self._seats[account].break_off()

    def answer(self, account: str, question: Question, choice: Choice) -> None:
        """The user's answer."""
        self._order(account, Answer(question, choice))

    def approve(self, account: str, deletions: int, kept: frozenset[str]) -> None:
        """Allow so many deletions, once, but none of these contacts'."""
        self._order(account, Approve(deletions, kept))

    def undo(self, account: str) -> None:
        """Take the last sync back."""
        self._order(account, Undo())

    def disconnect(self, account: str) -> None:
        """Take the permission back and forget the secret; contacts and links stay."""
        seat = self._seats.pop(account, None)
        if seat is None:
            return
        seat.break_off()
        kind = self._kinds[seat.account.kind]

        def leave() -> bool:
            seat.end()
            return kind.revoke(seat.account)

        self._outside.aside(
            "disconnect",
            leave,
            lambda revoked: self._left(seat, revoked=revoked),
            lambda error: self._left(seat, revoked=False),
        )

    def _left(self, seat: Seat, *, revoked: bool) -> None:
        id, accounts = seat.account.id, self._store.accounts
        kept = replace(seat.kept, standing=Standing.DISCONNECTED, keeping=Keeping.KEYRING, granted=None)
        synced = accounts.linked(id)
        written = accounts.describe(id, seat.account.name, kept_text(kept)) if synced else accounts.forget(id)
        self._outside.deliver(written, lambda _: self.heard(Disconnected(id, revoked)))

    # Below

    def _connected(self) -> list[Seat]:
        return [seat for seat in self._seats.values() if seat.kept.standing is Standing.CONNECTED]

    def _seat(self, account: Account, kept: Kept) -> None:
        kind = self._kinds[account.kind]
        self._seats[account.id] = Seat(
            account, kept, kind, self._store, self._outside, self._region, lambda: self._rights
        )

    def _order(self, account: str, order: Order) -> None:
        """Give a worker an order."""
        if account in self._seats and not self._stopped:
            self._seats[account].order(order)
