"""An office for tests of the desk: real tracker, real desk, real store (written inline), a clock moved by hand."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from ringdesk.desk.callers import Callers
from ringdesk.desk.calls import CallDesk, DeskChoices
from ringdesk.desk.popactions import PopActions
from ringdesk.desk.pops import Pops, PopTimes, Stack
from ringdesk.desk.popview import PopView
from ringdesk.domain.call import Ability, Call, CallKey, Direction, Ended, EndReason, Fact, Rang
from ringdesk.domain.card import Card, Name, Organization, PhoneEntry
from ringdesk.domain.contact import Contact, Me, Origin
from ringdesk.domain.line import Lines
from ringdesk.domain.news import News
from ringdesk.domain.sockets import Deliver
from ringdesk.feed.tracker import Tracker
from ringdesk.store.store import Store
from tests.fakes import CountingIds, FakeTime
from tests.fakes import deliver as at_once


@dataclass
class Doors:
    """Where pop actions led."""

    opened: list[str] = field(default_factory=list)
    edited: list[tuple[Card, str | None]] = field(default_factory=list)
    added: list[tuple[str, str]] = field(default_factory=list)
    copied: list[str] = field(default_factory=list)
    commanded: list[tuple[str, Ability]] = field(default_factory=list)

    def open_contact(self, contact: str) -> None:
        self.opened.append(contact)

    def new_contact(self, card: Card, contact: str | None) -> None:
        self.edited.append((card, contact))

    def add_to_existing(self, number: str, call: str) -> None:
        self.added.append((number, call))

    def copy(self, text: str) -> None:
        self.copied.append(text)

    def command(self, call: Call, ability: Ability) -> None:
        self.commanded.append((call.id, ability))


class Office:
    """One desk with everything behind it. `stack` is what the screen shows."""

    def __init__(self, folder: Path, lines: Lines | None = None, *, deliver: Deliver = at_once) -> None:
        self.time = FakeTime()
        self.lines = lines or Lines(region="GB")
        self.choices = DeskChoices(region="GB")
        self.news: list[News] = []
        self.store = Store.open(
            folder / "ringdesk.db",
            region="GB",
            clock=self.time,
            ids=CountingIds("contact"),
            send_news=self.news.append,
            inline=True,
        )
        self.stack = Stack((), 0)
        self.shown: list[Stack] = []
        self.flooded: list[str] = []
        self.cleared: list[str] = []
        self.abilities: frozenset[Ability] = frozenset()
        self.tracker = Tracker(lambda: self.lines, CountingIds("call"))
        self.doors = Doors()
        self.pops = Pops(self.time, PopTimes, self._show, lambda view: self.actions.left(view))
        self.desk = CallDesk(
            callers=Callers(self.store.reads, lambda: "GB"),
            pops=self.pops,
            calls=self.store.calls,
            log=self.store.call_writes,
            contacts=self.store.writes,
            deliver=deliver,
            clock=self.time,
            timers=self.time,
            choices=lambda: self.choices,
            abilities=lambda _: self.abilities,
            flooded=self.flooded.append,
        )
        self.actions = PopActions(
            desk=self.desk,
            contacts=self.store.reads,
            writes=self.store.writes,
            log=self.store.call_writes,
            deliver=deliver,
            timers=self.time,
            doors=self.doors,
            send=self.news.append,
            cleared=self.cleared.append,
        )

    def close(self) -> None:
        self.store.close()

    def _show(self, stack: Stack) -> None:
        self.stack = stack
        self.shown.append(stack)

    @property
    def pop(self) -> PopView:
        """The only pop there is."""
        [view] = self.stack.pops
        return view

    def hear(self, *facts: Fact, after: float = 0.0) -> None:
        """Facts arrive, and the time after them goes by."""
        for fact in facts:
            for change in self.tracker.take(fact, self.time.now()):
                self.desk.take(change)
        self.time.pass_(after)

    def ring(self, id: str, number: str, name: str = "", *, after: float = 1.0, **more: object) -> None:
        """A call rings."""
        fact = Rang(key=CallKey("feed", id), direction=Direction.INCOMING, number=number, name=name, **more)  # type: ignore[arg-type]  # test convenience: checked when run
        self.hear(fact, after=after)

    def end(self, id: str, reason: EndReason = EndReason.HANGUP, *, after: float = 1.0) -> None:
        """A call ends."""
        self.hear(Ended(key=CallKey("feed", id), reason=reason), after=after)

    def person(self, given: str, number: str, company: str = "", **marks: bool) -> Contact:
        """A known contact of mine."""
        from ringdesk.domain.contact import Marks

        card = Card(
            name=Name(given=given),
            phones=(PhoneEntry(number, "work"),),
            organizations=(Organization(company),) if company else (),
        )
        return self.store.writes.add(card, origin=Origin.HAND, owner=Me(), marks=Marks(**marks)).result()
