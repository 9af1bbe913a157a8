"""The accounts of a RingDesk without its windows: the real store, workers, provider and sign-in, and the test itself as
the main thread, on which everything arrives that threads have to tell."""

from __future__ import annotations

import asyncio
import queue
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from ringdesk.app.accounts import Accounts
from ringdesk.app.clockwork import Outside, RandomIds, SystemClock
from ringdesk.app.google import GoogleKind
from ringdesk.desk.accounts import AccountDesk, Quiet
from ringdesk.desk.connecting import Connected, GoogleDesk, GoogleView, Rehearsed, SettingUp
from ringdesk.domain.account import Choices
from ringdesk.domain.card import Card
from ringdesk.domain.contact import Contact, Me, Origin
from ringdesk.domain.news import ContactsChanged, News
from ringdesk.domain.sockets import Secrets, Show
from ringdesk.domain.syncing import AccountNews
from ringdesk.store.store import Store
from tests.fakes import FakeSecrets
from tests.providers.google.practice import Account, Practice
from tests.providers.google.test_signin import Visitor, consent

T = TypeVar("T")

PATIENCE = 60.0
REGION = "GB"


class PumpTimers:
    """Timers whose deeds arrive on the test's thread."""

    def __init__(self, arrive: Callable[[Callable[[], None]], None]) -> None:
        self._arrive = arrive
        self._timers: list[threading.Timer] = []

    def call_later(self, delay: float, do: Callable[[], None]) -> threading.Timer:
        timer = threading.Timer(delay, lambda: self._arrive(do))
        self._timers.append(timer)
        timer.start()
        return timer

    def stop(self) -> None:
        for timer in self._timers:
            timer.cancel()
            timer.join()


class House:
    """One RingDesk's accounts."""

    def __init__(self, folder: Path, visitor: Visitor, secrets: Secrets) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.visitor = visitor
        self.news: list[AccountNews] = []
        self._arrived: queue.Queue[Callable[[], None]] = queue.Queue()
        self._timers = PumpTimers(self._arrived.put)
        clock = SystemClock()
        self.store = Store.open(
            folder / "ringdesk.db", region=REGION, clock=clock, ids=RandomIds(), send_news=self._send
        )
        outside = Outside(clock, RandomIds(), self._timers, self._deliver, self._send, secrets, visitor)
        kind = GoogleKind(folder / "google-client.json", folder / "common" / "google-client.json", secrets, visitor)
        self.accounts = Accounts(self.store, outside, lambda: REGION, kind)
        self.accounts.desks.append(self.news.append)
        self.google: GoogleDesk = self.accounts.google
        self.accounts.start()

    def close(self) -> float:
        """Stop in order; gives how long the accounts took."""
        begun = time.monotonic()
        asyncio.run(self.accounts.stop())
        took = time.monotonic() - begun
        self._timers.stop()
        self.store.close()
        return took

    # The main thread

    def _send(self, news: News) -> None:
        if isinstance(news, ContactsChanged):
            self._arrived.put(lambda: self.accounts.triggers.contacts_changed())
        elif isinstance(news, AccountNews):
            self._arrived.put(lambda: self.accounts.heard(news))

    def _deliver(
        self, future: Future[Any], done: Callable[[Any], None], failed: Callable[[Exception], None] | None = None
    ) -> None:
        def settled() -> None:
            error = future.exception()
            if error is None:
                done(future.result())
            elif isinstance(error, Exception) and failed is not None:
                failed(error)
            else:
                raise error

        future.add_done_callback(lambda _: self._arrived.put(settled))

    def until(self, true: Callable[[], bool], what: str, seconds: float = PATIENCE) -> None:
        """Do what arrives until something is so."""
        end = time.monotonic() + seconds
        while not true():
            left = end - time.monotonic()
            if left <= 0:
                raise AssertionError(f"waited {seconds:g} s in vain: {what}; the view is {self.google.view}")
            try:
                do = self._arrived.get(timeout=min(left, 0.2))
            except queue.Empty:
                continue
            do()

    # What a user does

    @property
    def view(self) -> GoogleView:
        """What the windows show."""
        return self.google.view

    @property
    def account(self) -> AccountDesk:
        """The desk of the account that is connected."""
        assert self.google.account is not None
        return self.google.account

    def choose_client(self, practice: Practice) -> None:
        """Choose a client file in the dialog."""
        chosen = self.folder / "chosen.json"
        chosen.write_bytes(practice.client_file)
        self.google.choose_client_file(chosen)
        self.until(lambda: self.accounts.client() is not None, "the client file is in place")

    def sign_in(self) -> SettingUp:
        """Connect as far as the set-up page, with its counts."""
        self.google.connect()
        self.until(lambda: isinstance(self.view, SettingUp) and self.view.survey is not None, "the set-up page")
        assert isinstance(self.view, SettingUp)
        return self.view

    def rehearse(self, choices: Choices | None = None) -> Rehearsed:
        """Rehearse with these choices."""
        if choices is not None:
            self.google.choose(choices)
        self.google.rehearse()
        self.until(lambda: isinstance(self.view, Rehearsed), "the rehearsal")
        assert isinstance(self.view, Rehearsed)
        return self.view

    def connect(self, choices: Choices | None = None) -> None:
        """The whole way, with the first round."""
        self.sign_in()
        self.connect_from(choices)

    def connect_from(self, choices: Choices | None = None) -> None:
        """From the set-up page to the end of the first round."""
        self.rehearse(choices)
        self.google.accept()
        assert self.view == Connected()
        self.until(lambda: self.account.view.last is not None and self._quiet(), "the first round")

    def sync(self, *, full: bool = False) -> None:
        """*Sync now*, to its end."""
        before = self.account.view.last
        self.account.sync_now(full=full)
        self.until(lambda: self.account.view.last is not before and self._quiet(), "a round")

    def quiet(self) -> None:
        """Wait until nothing is to be sent and nothing goes on."""
        id = self.account.view.id
        self.until(lambda: self._quiet() and not self.store.accounts.touched(id), "quiet")

    def _quiet(self) -> bool:
        return isinstance(self.account.view.status, Quiet)

    def add(self, card: Card) -> Contact:
        return self.store.writes.add(card, origin=Origin.HAND, owner=Me()).result()

    def edit(self, contact: Contact, card: Card) -> Contact:
        held = self.get(contact.id)
        return self.store.writes.save(replace(held, card=card), read_revision=held.revision).result()

    def get(self, id: str) -> Contact:
        found = self.store.reads.get(id)
        assert found is not None
        return found

    def contacts(self) -> list[Contact]:
        """Everybody here."""
        return [self.get(row.id) for row in self.store.reads.page(Show(anonymous=None), 0, 100_000)]

    def names(self) -> list[str]:
        return sorted(one.card.name.given for one in self.contacts())


def names_there(account: Account) -> list[str]:
    """The given names of everybody at the practice Google."""
    people = account.dump()["contacts"].values()
    return sorted(person["names"][0]["givenName"] for person in people)


@contextmanager
def housed(folder: Path, practice: Practice, account: Account, secrets: Secrets | None = None) -> Iterator[House]:
    """A RingDesk whose user allows everything for an account."""
    practice.order("POST", "/consent", kind="allow", account=account.email)
    visitor = Visitor(consent)
    house = House(folder, visitor, secrets or FakeSecrets())
    try:
        yield house
    finally:
        house.close()
        visitor.end()
