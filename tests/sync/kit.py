"""What the engine's tests share: a desk and an account, and words for what one does with them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

from ringdesk.domain.card import Card, Email, Name, PhoneEntry
from ringdesk.domain.contact import Contact
from ringdesk.domain.remote import Capabilities
from ringdesk.domain.replica import Choice, Policy, Question, Review
from ringdesk.sync.context import Report
from tests.sync.desk import Desk, VirtualClock
from tests.sync.judge import Judge
from tests.sync.memory_hand import MemoryHand
from tests.sync.memory_remote import Held, MemoryBook, Server
from tests.sync.world import Ledger


def card(given: str = "", *phones: str, **more: Any) -> Card:
    """A card with a name and mobiles."""
    return Card(name=Name(given=given), phones=tuple(PhoneEntry(phone, "mobile") for phone in phones), **more)


def mail(address: str) -> tuple[Email, ...]:
    return (Email(address, "work"),)


class Pair:
    """One desk, one account; `second` opens another desk."""

    def __init__(self, folder: Path, capabilities: Capabilities | None = None, **policy: Any) -> None:
        self.folder = folder
        self.clock = VirtualClock()
        self.server = Server(self.clock)
        self.hand = MemoryHand(self.server)
        self.book = MemoryBook(self.server, capabilities=capabilities)
        self.desk = Desk(folder / "a.db", self.book, self.clock, policy=Policy(**policy))
        self.desks = [self.desk]

    def second(self) -> Desk:
        made = Desk(self.folder / "b.db", MemoryBook(self.server, desk=1), self.clock, Random(2))
        self.desks.append(made)
        return made

    def close(self) -> None:
        for desk in self.desks:
            desk.close()

    def set(self, **policy: Any) -> None:
        """Change the policy, as the settings page does."""
        self.desk.policy = replace(self.desk.policy, **policy)
        self.desk.engine.look_again()

    def sync(self, *, full: bool = False) -> Report:
        """A round, some time after the last one."""
        self.clock.pass_(700.0)
        return self.desk.sync(full=full)

    def there(self, given: str) -> Held:
        [found] = [held for held in self.server.held.values() if held.card.name.given == given]
        return found

    def here(self, given: str) -> Contact:
        [found] = [contact for contact in self.desk.contacts() if contact.card.name.given == given]
        return found

    def names(self) -> list[str]:
        return sorted(contact.card.name.given for contact in self.desk.contacts())

    def names_there(self) -> list[str]:
        return sorted(held.card.name.given for held in self.server.held.values())

    def questions(self, kind: Review) -> list[Question]:
        return [*self.desk.replicas.questions(kind)]

    def answer(self, question: Question, choice: Choice) -> None:
        self.desk.engine.answer(question, choice)

    def settled(self) -> None:
        """Both sides are equal, and the next round sends nothing."""
        self.sync()
        before = self.server.mutations
        report = self.sync()
        assert self.server.mutations == before
        assert not report.counts
        assert not Judge(Ledger(), self.hand, self.desks[:1]).apart()
