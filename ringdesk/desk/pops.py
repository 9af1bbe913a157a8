"""The life of pops on the screen: which are shown, in what order, in which shape and for how long.

A pop follows its call, not a clock: while it rings it stays. The clock only ends what the call no longer needs, and
it stands still while the mouse is over the pop or a note is being written in it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import field, replace
from typing import Final

from ringdesk.desk.popview import Phase, PopView, phase_of
from ringdesk.domain.call import Call
from ringdesk.domain.sockets import Timer, Timers
from ringdesk.domain.values import dataclass

SHOWN: Final = 3
"""Pops on the screen at once; more are counted as "+2 more"."""

ELSEWHERE_SECONDS: Final = 2.0
MISSED_SECONDS: Final = 8.0


@dataclass(frozen=True, slots=True)
class PopTimes:
    """How long shapes last, in seconds: `strip_after` an answer (0: never), `note_after` the end of a call."""

    strip_after: float = 10.0
    note_after: float = 8.0


@dataclass(frozen=True, slots=True)
class Stack:
    """What the screen shows: the oldest pop first (nearest the corner), and how many more there are."""

    pops: tuple[PopView, ...]
    more: int


@dataclass(slots=True)
class _Pop:
    """A pop, and what happens to it next."""

    view: PopView
    timer: Timer | None = None
    hovered: bool = False
    writing: bool = False


@dataclass(slots=True)
class Pops:
    """All pops there are. `show` is called with the whole stack whenever it changed.

    `left` is called with the last view of every pop that goes, so that its note can be kept.
    """

    timers: Timers
    times: Callable[[], PopTimes]
    show: Callable[[Stack], None]
    left: Callable[[PopView], None]
    _pops: dict[str, _Pop] = field(default_factory=dict)
    _closed: dict[str, None] = field(default_factory=dict)

    def put(self, view: PopView) -> None:
        """Show a pop for its call, or bring the shown one up to date. A pop the user closed stays closed."""
        if view.id in self._closed:
            return
        pop = self._pops.get(view.id)
        if pop is None:
            pop = self._pops[view.id] = _Pop(view)
            self._wind(pop)
        else:
            fresh = view.phase is not pop.view.phase
            pop.view = replace(view, draft=pop.view.draft or view.draft)
            if fresh:
                self._wind(pop)
        self._tell()

    def follow(self, call: Call) -> Phase | None:
        """The shape the pop of a call should have now; None where it should go.

        A strip stays a strip when its call is put on hold or passed on.
        """
        wanted = phase_of(call)
        pop = self._pops.get(call.id)
        if pop is not None and wanted is Phase.TALKING and pop.view.phase is Phase.STRIP:
            return Phase.STRIP
        return wanted

    def holds(self, id: str) -> bool:
        """True while the call has a pop."""
        return id in self._pops

    def views(self) -> Sequence[PopView]:
        """All pops, oldest first, those beyond the screen included."""
        return [pop.view for pop in self._pops.values()]

    def hover(self, id: str, on: bool) -> None:
        """The mouse came over a pop or left it."""
        if pop := self._pops.get(id):
            pop.hovered = on
            self._wind(pop)

    def write(self, id: str, text: str, *, writing: bool) -> None:
        """The note of a pop is being written (the box has the keyboard) or was left with this text."""
        if pop := self._pops.get(id):
            pop.view = replace(pop.view, draft=text)
            pop.writing = writing
            self._wind(pop)

    def close(self, id: str) -> None:
        """Take a pop away at the user's wish, for good."""
        self._closed[id] = None
        while len(self._closed) > 1000:
            del self._closed[next(iter(self._closed))]
        self.drop(id)

    def was_closed(self, id: str) -> bool:
        """True where the user took this pop away."""
        return id in self._closed

    def reopen(self, id: str) -> None:
        """The user wants a pop back that they closed: `put` shows it again."""
        self._closed.pop(id, None)

    def unfold(self, id: str) -> bool:
        """Make a strip whole again, for as long as after an answer; False where there is none."""
        pop = self._pops.get(id)
        if pop is None or pop.view.phase is not Phase.STRIP:
            return False
        pop.view = replace(pop.view, phase=Phase.TALKING)
        self._wind(pop)
        self._tell()
        return True

    def drop(self, id: str) -> None:
        """Take a pop away; it may come back when its call changes."""
        pop = self._pops.pop(id, None)
        if pop is not None:
            _stop(pop)
            self.left(pop.view)
            self._tell()

    def clear(self) -> None:
        """Take all pops away, notes kept: RingDesk stops."""
        for id in list(self._pops):
            self.drop(id)

    def _wind(self, pop: _Pop) -> None:
        """Set the clock anew for the shape the pop has; none runs while it is hovered or written in."""
        _stop(pop)
        if pop.hovered or pop.writing:
            return
        seconds = self._seconds(pop.view)
        if seconds is not None:
            id = pop.view.id
            pop.timer = self.timers.call_later(seconds, lambda: self._time_up(id))

    def _seconds(self, view: PopView) -> float | None:
        times = self.times()
        match view.phase:
            case Phase.RINGING | Phase.STRIP:
                return None
            case Phase.TALKING:
                return times.strip_after or None
            case Phase.NOTE:
                return times.note_after
            case Phase.MISSED:
                return MISSED_SECONDS
            case Phase.ELSEWHERE:
                return ELSEWHERE_SECONDS

    def _time_up(self, id: str) -> None:
        pop = self._pops.get(id)
        if pop is None:
            return
        pop.timer = None
        if pop.view.phase is Phase.TALKING:
            pop.view = replace(pop.view, phase=Phase.STRIP)
            self._tell()
        else:
            self.drop(id)

    def _tell(self) -> None:
        views = [pop.view for pop in self._pops.values()]
        self.show(Stack(tuple(views[:SHOWN]), max(0, len(views) - SHOWN)))


def _stop(pop: _Pop) -> None:
    if pop.timer is not None:
        pop.timer.cancel()
        pop.timer = None
