"""The desk: from a call to its pop, its row in the call list and, where the rules say so, an anonymous contact.

Nothing here writes before the pop was handed to the screen: the row and the contact follow a moment later.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import field
from typing import TYPE_CHECKING, Final, Protocol

from ringdesk.desk.awaited import Awaited
from ringdesk.desk.callers import Callers
from ringdesk.desk.lasting import Lasting
from ringdesk.desk.pops import Pops
from ringdesk.desk.popview import Phase, PopView, compose
from ringdesk.domain.call import Ability, Call, CallChanged, CallKey, CallState, Direction
from ringdesk.domain.calllog import CallRecord
from ringdesk.domain.line import Department, line_text
from ringdesk.domain.lookup import Book, Caller, Found
from ringdesk.domain.ownership import Makes, caller_makes, owner_of
from ringdesk.domain.phone import E164, Extension, Number
from ringdesk.domain.sockets import CallReads, CallWrites, Clock, ContactWrites, Deliver, Timers
from ringdesk.domain.team import CoworkerCall
from ringdesk.domain.values import dataclass

if TYPE_CHECKING:
    from concurrent.futures import Future

AFTER_PAINT: Final = 0.05
"""Seconds between handing a pop to the screen and writing the call down."""

FORGET_SECONDS: Final = 10.0
HOUR: Final = 3600.0
_UNANSWERED: Final = frozenset({CallState.RINGING, CallState.MISSED, CallState.ENDED_UNKNOWN})


@dataclass(frozen=True, slots=True)
class DeskChoices:
    """What of the settings the desk goes by."""

    region: str = "US"
    internal_pops: bool = True
    do_not_disturb: bool = False
    vips_pass: bool = True


class CallTeam(Protocol):
    """What the desk asks of the team; all of it is quick."""

    def spoke(self, contact: str | None) -> CoworkerCall | None:
        """The newest call a coworker had with a contact."""

    def coworker_at(self, extension: str) -> str:
        """The name of the coworker behind an extension; empty where there is none."""

    def answered(self, department: str, number: str) -> None:
        """I answered a department's ring."""


class NoTeam:
    """Whoever works alone."""

    def spoke(self, contact: str | None) -> CoworkerCall | None:
        """Nobody else calls."""
        return None

    def coworker_at(self, extension: str) -> str:
        """There are no coworkers."""
        return ""

    def answered(self, department: str, number: str) -> None:
        """There is nobody to tell."""


@dataclass(slots=True, kw_only=True)
class CallDesk:
    """Takes every change of a call. All methods run on the main thread and return at once.

    `abilities` tells what a call's source can do now; `flooded` is called once an hour at most, with the source,
    when unknown callers come faster than contacts may be made of them.
    """

    callers: Callers
    pops: Pops
    calls: CallReads
    log: CallWrites
    contacts: ContactWrites
    deliver: Deliver
    clock: Clock
    timers: Timers
    choices: Callable[[], DeskChoices]
    abilities: Callable[[Call], frozenset[Ability]]
    flooded: Callable[[str], None]
    team: CallTeam = field(default_factory=NoTeam)
    _open: dict[str, Call] = field(default_factory=dict)
    _made: dict[str, deque[float]] = field(default_factory=dict)
    _contact_of: dict[str, str] = field(default_factory=dict)
    _told: dict[str, float] = field(default_factory=dict)
    _awaited: Awaited = field(default_factory=Awaited)
    _lasting: Lasting = field(init=False)

    def __post_init__(self) -> None:
        self._lasting = Lasting(self.deliver, self.timers)

    def take(self, changed: CallChanged) -> None:
        """A call came up or changed: the pop first, everything else after it was painted."""
        call = changed.call
        caller = self.callers.who(call.number)
        self._open[call.id] = call
        self._tell_answered(changed)
        if self._wanted(call, caller):
            if changed.before is None:
                self._clear_notices_of(call)
            self._put(call, caller)
        else:
            self.pops.drop(call.id)
        self.timers.call_later(AFTER_PAINT, lambda: self._write(call, caller, new=changed.before is None))

    def rehearse(self, number: Number) -> None:
        """Do for a number what a call does before it is painted, and show nothing: what that needs is then at hand."""
        call = Call(
            id="",
            keys=(CallKey("", ""),),
            direction=Direction.INCOMING,
            state=CallState.RINGING,
            number=number,
            started=self.clock.now(),
        )
        self._view(call, self.callers.who(number), Phase.RINGING)

    def refresh(self) -> None:
        """Look all open pops up again: contacts changed, a choice was made or a setting was."""
        for view in list(self.pops.views()):
            call = self._open.get(view.id, view.call)
            self._put(call, self.callers.who(call.number))

    def recall(self) -> bool:
        """Show the pops of running calls again that were closed or folded; False where there is none."""
        recalled = False
        for call in list(self._open.values()):
            caller = self.callers.who(call.number)
            if call.over or _blocked(caller) or self.pops.follow(call) in (None, Phase.ELSEWHERE, Phase.MISSED):
                continue
            if self.pops.was_closed(call.id):
                self.pops.reopen(call.id)
                self._put(call, caller)
                recalled = True
            recalled = self.pops.unfold(call.id) or recalled
        return recalled

    def forget_soon(self, call: str) -> None:
        """A call is over and its pop is gone: nothing more of it is kept but what a contact still to be made needs."""

        def forget() -> None:
            if not self.pops.holds(call):
                self._contact_of.pop(call, None)
                if gone := self._open.pop(call, None):
                    self._awaited.keep(gone)

        self.timers.call_later(FORGET_SECONDS, forget)

    def contact_of(self, call: str) -> str | None:
        """The contact a call belongs to for sure, once it is known."""
        return self._contact_of.get(call)

    def once_made(self, call: str, told: Callable[[str], None]) -> None:
        """Tell of the contact that a call is making once the store has it; never where the call makes none."""
        self._awaited.then(call, told)

    def department_rings(self) -> Sequence[tuple[Call, str, E164]]:
        """Calls on departments' lines that nobody here has answered: the call, the department, the number."""
        return [
            (call, call.line.name, call.number)
            for call in self._open.values()
            if call.state in _UNANSWERED and isinstance(call.line, Department) and isinstance(call.number, E164)
        ]

    def _tell_answered(self, changed: CallChanged) -> None:
        """A department's ring was answered here: coworkers whose phone cannot know it are told."""
        call, before = changed.call, changed.before
        here = call.state is CallState.ANSWERED_HERE and (before is None or before.state is not call.state)
        if here and isinstance(call.line, Department) and isinstance(call.number, E164):
            self.team.answered(call.line.name, str(call.number))

    def _wanted(self, call: Call, caller: Caller) -> bool:
        """Whether this call may have a pop now: what was never shown is not shown when it ends."""
        choices = self.choices()
        if self.pops.follow(call) is None or call.state is CallState.BLOCKED:
            return False
        if self.pops.holds(call.id):
            return True
        if call.over or call.state is CallState.ANSWERED_ELSEWHERE or _blocked(caller):
            return False
        if isinstance(call.number, Extension) and not choices.internal_pops:
            return False
        return not choices.do_not_disturb or (choices.vips_pass and _vip(caller))

    def _clear_notices_of(self, call: Call) -> None:
        """The same number rings again: the notice of its missed call has said what it had to."""
        for view in list(self.pops.views()):
            if view.phase is Phase.MISSED and view.call.number == call.number and not call.withheld and not view.draft:
                self.pops.drop(view.id)

    def _put(self, call: Call, caller: Caller) -> None:
        phase = self.pops.follow(call)
        if phase is not None:
            self.pops.put(self._view(call, caller, phase))

    def _view(self, call: Call, caller: Caller, phase: Phase) -> PopView:
        sure = _sure(caller)
        return compose(
            call,
            caller,
            phase=phase,
            region=self.choices().region,
            last=None if call.withheld else self.calls.last_contact(call.number, sure, call.started),
            note=self.callers.latest_note(caller.best.who) if isinstance(caller, Found) else "",
            abilities=self.abilities(call),
            spoke=self.team.spoke(sure),
            coworker=self.team.coworker_at(call.number.digits) if isinstance(call.number, Extension) else "",
        )

    def _write(self, call: Call, caller: Caller, *, new: bool) -> None:
        """Write the call down as it is now, and make a contact of an unknown caller once."""
        contact = _sure(caller) or self._contact_of.get(call.id)
        if contact is not None:
            self._contact_of[call.id] = contact
        self._log(self._record(call, caller, contact))
        if new:
            self._make_contact(call, caller)
        if call.over and not self.pops.holds(call.id):
            self.forget_soon(call.id)

    def _log(self, record: CallRecord) -> None:
        self._lasting.write(record.id, lambda: self.log.log(record), lambda _: None)

    def _make_contact(self, call: Call, caller: Caller) -> None:
        source = call.keys[0].source
        lately = self._lately(source)
        found = isinstance(caller, Found)
        makes = caller_makes(
            call, found=(found and _sure(caller) is not None) or _several_sure(caller), lately=len(lately)
        )
        if makes is Makes.NOTHING:
            if caller_makes(call, found=found, lately=0) is not Makes.NOTHING:
                self._tell_flood(source)
            return
        lately.append(self.clock.now())
        owner = owner_of(makes, call.line)

        def make() -> Future[str]:
            return self.contacts.caller(call.number, str(call.number), name=call.name, owner=owner)

        self._awaited.begin(call.id)
        made, given_up = (lambda id: self._belongs(call.id, id)), (lambda: self._belongs(call.id, None))
        self._lasting.write(f"caller {call.id}", make, made, given_up)

    def _tell_flood(self, source: str) -> None:
        now = self.clock.now()
        if now - self._told.get(source, 0.0) >= HOUR:
            self._told[source] = now
            self.flooded(source)

    def _belongs(self, id: str, contact: str | None) -> None:
        """The contact of a call was made, however late, or never will be (None)."""
        over, waiting = self._awaited.end(id)
        if contact is None:
            return
        call = self._open.get(id)
        if call is not None:
            self._contact_of[id] = contact
        if last := call or over:
            self._log(self._record(last, self.callers.who(last.number), contact))
        for told in waiting:
            told(contact)

    def _lately(self, source: str) -> deque[float]:
        times = self._made.setdefault(source, deque())
        while times and times[0] < self.clock.now() - HOUR:
            times.popleft()
        return times

    def _record(self, call: Call, caller: Caller, contact: str | None) -> CallRecord:
        unseen = call.state in (CallState.MISSED, CallState.ENDED_UNKNOWN) and not _blocked(caller)
        return CallRecord(
            id=call.id,
            source=call.keys[0].source,
            direction=call.direction,
            state=call.state,
            over=call.over,
            number=call.number,
            name="" if call.withheld else call.name,
            contact=contact,
            elsewhere=_elsewhere(caller),
            line=line_text(call.line),
            answered_by=call.answered_by,
            transferred_to=call.transferred_to,
            seen=not (unseen and call.direction is Direction.INCOMING),
            started=call.started,
            answered=call.answered,
            ended=call.ended,
        )


def _sure(caller: Caller) -> str | None:
    """The one contact a caller is for sure; a maybe or an open choice never logs or writes by itself."""
    if isinstance(caller, Found) and caller.best.sure and not caller.several:
        return caller.best.who.contact
    return None


def _elsewhere(caller: Caller) -> bool:
    return isinstance(caller, Found) and caller.best.who.book is Book.SHARED


def _several_sure(caller: Caller) -> bool:
    return isinstance(caller, Found) and caller.best.sure


def _blocked(caller: Caller) -> bool:
    return isinstance(caller, Found) and caller.best.sure and caller.best.who.blocked


def _vip(caller: Caller) -> bool:
    return isinstance(caller, Found) and caller.best.sure and any(m.who.vip for m in caller.matches)
