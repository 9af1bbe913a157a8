"""How the team stands, without Qt: who is in it, what may be done, what coworkers see, who spoke to whom."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import replace
from typing import Final, Protocol

from ringdesk.desk.team_view import TeamView
from ringdesk.domain.card import Card
from ringdesk.domain.contact import Contact, Me
from ringdesk.domain.document import from_document, to_document
from ringdesk.domain.news import News
from ringdesk.domain.orders import Order
from ringdesk.domain.sockets import CallWrites
from ringdesk.domain.syncing import RoundDone, SyncDead, SyncHalted, SyncWaiting
from ringdesk.domain.team import SHOWN, ClaimLost, CoworkerCall, EditRefused, TeamHeard, TeamMet
from ringdesk.domain.team_kept import TeamKept, rights_of

ACCOUNT: Final = "team"


class CoworkerReads(Protocol):
    """What the desk reads of the coworkers' book."""

    def calls_of(self, contact: str, limit: int = 20) -> Sequence[CoworkerCall]:
        """Coworkers' calls with a contact, newest first."""


Told = ClaimLost | EditRefused


class TeamDesk:
    """The presenter of the team. Belongs to the main thread."""

    def __init__(self, order: Callable[[Order], None], calls: CallWrites) -> None:
        self._order = order
        self._calls = calls
        self._book: CoworkerReads | None = None
        self._heard: list[Callable[[], None]] = []
        self._telling: list[Callable[[Told], None]] = []
        self.view = TeamView()
        self.chosen: frozenset[str] = frozenset()
        """Fields shown to coworkers besides the usual ones."""

    def listen(self, heard: Callable[[], None]) -> None:
        """Call this whenever `view` has become another one."""
        self._heard.append(heard)

    def on_told(self, told: Callable[[Told], None]) -> None:
        """Call this with what the user has to be told."""
        self._telling.append(told)

    def begin(self, book: CoworkerReads, kept: TeamKept) -> None:
        """This desk is in a team; `kept` is what was chosen and last heard."""
        self._book = book
        self.chosen = kept.chosen
        self._show(TeamView(joined=True, rights=kept.rights))

    def choose(self, chosen: frozenset[str]) -> None:
        """These fields are shown to coworkers besides the usual ones."""
        self.chosen = chosen
        for heard in self._heard:
            heard()

    def end(self) -> None:
        """This desk is in no team any more."""
        self._book = None
        self._show(TeamView())

    def take(self, news: News) -> None:
        """Hear of the team."""
        match news:
            case TeamMet(roster):
                self._show(replace(self.view, roster=roster, rights=rights_of(roster.me), online=True, trouble=""))
            case TeamHeard(True):
                self._show(replace(self.view, online=True, trouble=""))
            case TeamHeard(False, trouble):
                self._show(replace(self.view, online=False, trouble=trouble))
            case ClaimLost() | EditRefused():
                for told in self._telling:
                    told(news)
            case RoundDone() | SyncWaiting() | SyncDead() | SyncHalted() if news.account == ACCOUNT:
                self._account(news)
            case _:
                pass

    def _account(self, news: RoundDone | SyncWaiting | SyncDead | SyncHalted) -> None:
        match news:
            case RoundDone():
                self._show(replace(self.view, online=True, trouble=""))
            case SyncWaiting():
                self._show(replace(self.view, online=False, trouble="unreachable"))
            case SyncDead(_, cause, _):
                self._show(replace(self.view, online=False, trouble=cause.name.lower()))
            case SyncHalted(_, code, _):
                self._show(replace(self.view, online=False, trouble=code))

    def calls_of(self, contact: str, limit: int = 20) -> Sequence[CoworkerCall]:
        """Coworkers' calls with a contact, newest first."""
        return () if self._book is None else self._book.calls_of(contact, limit)

    def spoke(self, contact: str | None) -> CoworkerCall | None:
        """The newest call a coworker had with a contact."""
        return None if contact is None else next(iter(self.calls_of(contact, 1)), None)

    def coworker_at(self, extension: str) -> str:
        """The name of the coworker behind an extension; empty where there is none."""
        person = None if self.view.roster is None else self.view.roster.at_extension(extension)
        return "" if person is None else person.name

    def keep_private(self, call: str, on: bool) -> Future[None]:
        """Let coworkers see nothing of a call of mine, or let them see it again."""
        return self._calls.keep_private(call, on)

    def show_earlier(self, contact: str, on: bool) -> Future[None]:
        """Let coworkers see calls from before a contact was shared too, or no more."""
        return self._calls.show_earlier(contact, on)

    def seen(self, contact: Contact) -> Card | None:
        """Exactly what coworkers see of a contact of mine; None where they see nothing of it."""
        if not (self.view.joined and contact.shared and isinstance(contact.owner, Me)):
            return None
        return shown_part(contact.card, self.chosen)

    def _show(self, view: TeamView) -> None:
        if view != self.view:
            self.view = view
            for heard in self._heard:
                heard()


def shown_part(card: Card, chosen: frozenset[str] = frozenset()) -> Card:
    """The part of a card that leaves this desk when it is shared."""
    keep = {*SHOWN, *chosen}
    return from_document({field: value for field, value in to_document(card).items() if field in keep})
