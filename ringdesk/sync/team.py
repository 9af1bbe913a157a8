"""A round with the team's directory: who is in it, claims and callers, edits, my own contacts, calls together."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Collection
from dataclasses import replace
from typing import Final
from uuid import NAMESPACE_URL, uuid5

from ringdesk.domain.numbering import parse
from ringdesk.domain.phone import E164
from ringdesk.domain.remote import Claim, Gone, Ok, Refused, RemoteBook, Result
from ringdesk.domain.replica import Choice, Question
from ringdesk.domain.sockets import Clock, Ids
from ringdesk.domain.team import (
    CallDue,
    ClaimDue,
    ClaimLost,
    CoworkerCall,
    CoworkerStore,
    Handed,
    Roster,
    TeamDoor,
    TeamMet,
    TeamNews,
    TeamWaits,
)
from ringdesk.sync.context import Report
from ringdesk.sync.coworkers import Coworkers
from ringdesk.sync.engine import Engine
from ringdesk.sync.unasked import Unasked

log = logging.getLogger(__name__)

HELLO_EVERY: Final = 25.0
"""Seconds after which a round asks anew who is in the team."""

CALLS_AT_ONCE: Final = 100
ONCE_MORE: Final = frozenset({"department"})
"""Refusals of a caller that a change of the team may lift."""


class TeamRounds(Unasked):
    """What the team's worker runs. Everything it needs of the world is passed in."""

    def __init__(
        self,
        engine: Engine,
        book: RemoteBook,
        door: TeamDoor,
        coworkers: Coworkers,
        store: CoworkerStore,
        waits: TeamWaits,
        *,
        clock: Clock,
        ids: Ids,
        region: Callable[[], str],
        tell: Callable[[TeamNews], None],
    ) -> None:
        self._engine = engine
        self._book = book
        self._door = door
        self._coworkers = coworkers
        self._store = store
        self._waits = waits
        self._clock = clock
        self._ids = ids
        self._region = region
        self._tell = tell
        self._roster: Roster | None = None
        self._asked = 0.0
        self._turned_away: set[str] = set()
        self._heard: str | None = None
        """Where the next look at coworkers' calls begins."""

    def round(self, *, full: bool = False) -> Report:
        """One round. Raises RemoteError where the directory could not be asked."""
        try:
            self._meet(anew=full)
            self._hand_in()
            for due in self._waits.claims():
                self._claim(due)
            self._coworkers.delete(self._book)
            self._coworkers.push(self._book)
            report = self._engine.round(full=full)
            self._tell_calls()
            self._hear_calls()
        except Exception:
            self._asked = 0.0  # whatever it was, the team is met anew before anything else
            raise
        return report

    def answer(self, question: Question, choice: Choice) -> None:
        """What the user decided."""
        self._engine.answer(question, choice)

    def look_again(self) -> None:
        """What is shown of contacts has changed."""
        self._engine.look_again()

    def approve(self, deletions: int, kept: Collection[str]) -> None:
        """The user allows so many deletions, once, and wants these contacts kept."""
        self._engine.approve(deletions, kept)

    def close(self) -> None:
        """Hang up."""
        self._engine.close()

    # Who is in the team --------------------------------------------------------------------------------------------

    def _meet(self, *, anew: bool) -> None:
        now = self._clock.now()
        if self._roster is not None and not anew and now - self._asked < HELLO_EVERY:
            return
        roster = self._door.roster()
        self._asked = now
        if roster != self._roster:
            self._coworkers.go_by({person.login: person.name for person in roster.coworkers})
            self._roster = roster
            self._turned_away.clear()
            self._tell(TeamMet(roster))

    def _name(self, login: str) -> str:
        return login if self._roster is None else self._roster.name_of(login)

    # Callers and claims --------------------------------------------------------------------------------------------

    def _hand_in(self) -> None:
        """Tell the directory of departments' unknown callers: however many desks saw the ring, it has one contact."""
        for due in self._waits.callers():
            if due.contact in self._turned_away:
                continue
            handed = self._handed(due.department, due.number)
            if handed is None or handed.refused in ONCE_MORE:
                self._turned_away.add(due.contact)
            else:
                self._coworkers.sort_out(self._book.fetch([handed.id] if handed.id else []))
                self._waits.handed_in(due.contact, handed.id)

    def _handed(self, department: str, number: str) -> Handed | None:
        """What the directory has of a caller; None for one it cannot know."""
        read = parse(number, self._region())
        known = None if self._roster is None else self._roster.department(department)
        return self._door.hand_in(known, read) if known is not None and isinstance(read, E164) else None

    def _claim(self, due: ClaimDue) -> None:
        """Ask for a contact that was edited here; whoever comes first has it."""
        remote = due.contact
        if not due.known:
            handed = self._handed(due.department, due.number)
            if handed is None or handed.refused or handed.id is None:
                self._waits.claimed(due.contact)  # no caller of the team's: it is simply mine
                return
            remote = handed.id
        op = Claim(op=str(uuid5(NAMESPACE_URL, f"ringdesk:claim:{remote}")), remote=remote, etag="", card=None)
        self._settle(due, self._book.push([op])[0])

    def _settle(self, due: ClaimDue, result: Result) -> None:
        match result:
            case Ok():
                self._waits.claimed(due.contact)
            case Refused(why, by):
                self._lost(due, self._name(by) if by else "", why)
            case Gone():
                self._lost(due, "", "gone")
            case _:
                log.info("a claim is not settled: %s", type(result).__name__)

    def _lost(self, due: ClaimDue, by: str, why: str) -> None:
        """What was typed goes on as a private contact: its old id belongs to somebody else, or to nobody any more."""
        kept = self._waits.claim_lost(due.contact, self._ids.new())
        name = "" if kept is None else kept.card.display_name
        self._tell(ClaimLost(name, by, None if kept is None else kept.id, why))

    # Calls ---------------------------------------------------------------------------------------------------------

    def _tell_calls(self) -> None:
        """Tell of calls with shared contacts; take back what was told and is private now."""
        due = self._waits.calls(CALLS_AT_ONCE)
        ops: list[tuple[str, CallDue]] = []
        for one in due:
            said = digest(one)
            if said == one.told:
                self._waits.call_told(one.record.id, said)
            else:
                # An id of its own each time: what was taken back may be told again, and telling twice changes nothing.
                ops.append((self._ids.new(), one))
        if not ops:
            return
        for (_, one), settled in zip(ops, self._door.tell_calls(ops), strict=True):
            if settled:
                self._waits.call_told(one.record.id, digest(one))

    def _hear_calls(self) -> None:
        """Coworkers' calls, and rings that they have answered."""
        me = "" if self._roster is None else self._roster.me.login
        cursor, more, full = self._heard or self._store.cursor(), True, False
        told: dict[str, CoworkerCall] = {}
        gone: set[str] = set()
        while more:
            page = self._door.calls(cursor)
            cursor, more, full = page.cursor, page.more, page.full
            told |= {call.id: replace(call, name=self._name(call.who)) for call in page.calls if call.who != me}
            gone |= {*page.gone}
            for ring in page.answered:
                if ring.login != me:
                    self._tell(replace(ring, name=self._name(ring.login)))
        self._store.calls([call for id, call in told.items() if id not in gone], sorted(gone), full=full)
        if cursor is not None and (told or gone or full):
            self._store.keep_cursor(cursor)  # else the one that is kept finds the same: no write for each look
        self._heard = cursor


def digest(due: CallDue) -> str:
    """What would be told of a call, as a short text to compare; empty where nothing is."""
    if due.contact is None:
        return ""
    record = due.record
    said = (due.contact, record.state.value, record.direction.value, record.started, record.duration, due.note)
    return hashlib.sha256(repr(said).encode()).hexdigest()[:24]
