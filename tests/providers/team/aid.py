"""What the tests of the team directory share."""

from __future__ import annotations

import uuid
from typing import TypeVar

from ringdesk.domain.card import Card, Name, PhoneEntry
from ringdesk.domain.phone import E164
from ringdesk.providers.team.calls import AnsweredRing, CallItem, CoworkerCall, GoneCall
from ringdesk.providers.team.directory import Directory
from ringdesk.providers.team.rows import GoneContact, Page, SharedContact
from ringdesk.providers.team.wire import Content, Op, Result, Share
from tests.postgres import PASSWORD, Team

T = TypeVar("T")


def new_id() -> str:
    return str(uuid.uuid4())


def number(digits: str) -> E164:
    return E164(digits, 2)


def content(given: str, *digits: str) -> Content:
    phones = tuple(PhoneEntry(f"+{one}", "work") for one in digits)
    return Content(Card(name=Name(given=given), phones=phones), tuple(number(one) for one in digits))


def seat(team: Team, login: str) -> Directory:
    """A coworker's desk, closed with the team."""
    directory = Directory(team.cluster.local(team.name), login, PASSWORD)
    team.closing(directory.close)
    return directory


def one(directory: Directory, op: Op) -> Result:
    [result] = directory.push([op])
    return result


def share(directory: Directory, given: str = "Zoe", *digits: str, rev: int = 0, contact: str = "") -> str:
    contact = contact or new_id()
    result = one(directory, Share(new_id(), contact, rev, content(given, *digits)))
    assert type(result).__name__ == "Ok", result
    return contact


class Desk:
    """A desk's copy of the directory, kept by pulls as the engine will keep it."""

    def __init__(self, directory: Directory, page: int = 500) -> None:
        self.directory = directory
        self.contacts: dict[str, SharedContact] = {}
        self.cursor: str | None = None
        self.page = page

    def pull(self) -> int:
        """Pull until there is no more; gives how many items came."""
        came, listed, more = 0, set[str](), True
        while more:
            page = self.directory.pull(self.cursor, self.page)
            came += len(page.items)
            listed |= self._take(page)
            self.cursor, more = page.cursor, page.more
            if page.full and not more:
                self.contacts = {id: contact for id, contact in self.contacts.items() if id in listed}
        return came

    def _take(self, page: Page) -> set[str]:
        for item in page.items:
            if isinstance(item, SharedContact):
                self.contacts[item.id] = item
            elif isinstance(item, GoneContact):
                self.contacts.pop(item.id, None)
            else:
                raise AssertionError(item)
        return {item.id for item in page.items}

    @property
    def names(self) -> list[str]:
        """Given names of all contacts that have a card, sorted."""
        return sorted(c.card.name.given for c in self.contacts.values() if c.card)


class CallDesk:
    """A desk's list of coworkers' calls and of answered rings, kept by pulls."""

    def __init__(self, directory: Directory) -> None:
        self.directory = directory
        self.calls: dict[str, tuple[str, str]] = {}
        self.answered: dict[str, tuple[str, str]] = {}
        self.cursor: str | None = None
        self.page = 3

    def pull(self) -> None:
        listed, more = set[str](), True
        while more:
            page = self.directory.pull_calls(self.cursor, self.page)
            for item in page.items:
                listed.add(self.take(item))
            self.cursor, more = page.cursor, page.more
            if page.full and not more:
                self.calls = {id: call for id, call in self.calls.items() if id in listed}
                self.answered = {ring: told for ring, told in self.answered.items() if ring in listed}

    def take(self, item: CallItem) -> str:
        match item:
            case CoworkerCall():
                self.calls[item.id] = (item.who, item.contact)
                return item.id
            case GoneCall(id):
                self.calls.pop(id, None)
                return id
            case AnsweredRing():
                self.answered[item.ring] = (item.department, item.who)
                return item.ring
            case _:
                raise AssertionError(item)


def is_a(value: object, kind: type[T]) -> T:
    assert isinstance(value, kind), value
    return value
