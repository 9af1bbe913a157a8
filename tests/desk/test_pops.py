"""The life of pops: it follows the call; the clock only ends what the call no longer needs."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ringdesk.desk.pops import SHOWN, Pops, PopTimes, Stack
from ringdesk.desk.popview import Phase, PopView, phase_of
from ringdesk.domain.call import Call, CallKey, CallState, Direction
from ringdesk.domain.phone import E164
from tests.fakes import FakeTime

RINGING = Call(
    id="a",
    keys=(CallKey("s", "1"),),
    direction=Direction.INCOMING,
    state=CallState.RINGING,
    number=E164("442079460777", 2),
)
ANSWERED = replace(RINGING, state=CallState.ANSWERED_HERE, answered=1.0)
TALKED = replace(ANSWERED, over=True, ended=2.0)


class Screen:
    """What the user sees, and which pops have gone."""

    def __init__(self, times: PopTimes | None = None) -> None:
        self.time = FakeTime()
        self.stack = Stack((), 0)
        self.left: list[PopView] = []
        self.pops = Pops(self.time, lambda: times or PopTimes(), self.see, self.left.append)

    def see(self, stack: Stack) -> None:
        self.stack = stack

    def call(self, call: Call) -> None:
        phase = self.pops.follow(call)
        if phase is None:
            self.pops.drop(call.id)
        else:
            self.pops.put(PopView(id=call.id, phase=phase, call=call))

    @property
    def phases(self) -> list[str]:
        return [view.phase.value for view in self.stack.pops]


def test_a_ringing_pop_stays_as_long_as_it_rings() -> None:
    screen = Screen()
    screen.call(RINGING)
    screen.time.pass_(3600)
    assert screen.phases == ["ringing"]


def test_an_answered_pop_becomes_a_strip_after_ten_seconds() -> None:
    screen = Screen()
    screen.call(RINGING)
    screen.call(ANSWERED)
    screen.time.pass_(9.9)
    assert screen.phases == ["talking"]
    screen.time.pass_(0.2)
    assert screen.phases == ["strip"]


def test_hold_and_resume_leave_a_strip_a_strip() -> None:
    screen = Screen()
    screen.call(ANSWERED)
    screen.time.pass_(11)
    screen.call(replace(ANSWERED, held=True))
    assert screen.phases == ["strip"]


def test_never_a_strip_when_so_set() -> None:
    screen = Screen(PopTimes(strip_after=0))
    screen.call(ANSWERED)
    screen.time.pass_(3600)
    assert screen.phases == ["talking"]


def test_the_note_box_stays_eight_seconds_after_the_end() -> None:
    screen = Screen()
    screen.call(ANSWERED)
    screen.call(TALKED)
    screen.time.pass_(7.9)
    assert screen.phases == ["note"]
    screen.time.pass_(0.2)
    assert screen.phases == []


def test_a_hovered_note_box_stays_and_its_time_begins_anew() -> None:
    screen = Screen()
    screen.call(TALKED)
    screen.pops.hover("a", on=True)
    screen.time.pass_(60)
    assert screen.phases == ["note"]
    screen.pops.hover("a", on=False)
    screen.time.pass_(8.1)
    assert screen.phases == []


def test_a_note_being_written_is_never_taken_away() -> None:
    screen = Screen()
    screen.call(TALKED)
    screen.pops.write("a", "wants an off", writing=True)
    screen.time.pass_(600)
    screen.call(replace(TALKED, name="late"))
    assert screen.stack.pops[0].draft == "wants an off"
    screen.pops.write("a", "wants an offer", writing=False)
    screen.time.pass_(8.1)
    assert screen.phases == []
    assert screen.left[0].draft == "wants an offer"


@pytest.mark.parametrize(
    ("state", "seconds"), [(CallState.MISSED, 8), (CallState.ENDED_UNKNOWN, 8), (CallState.ANSWERED_ELSEWHERE, 2)]
)
def test_how_long_an_unanswered_pop_stays(state: CallState, seconds: float) -> None:
    screen = Screen()
    screen.call(RINGING)
    screen.call(replace(RINGING, state=state, over=True))
    screen.time.pass_(seconds - 0.1)
    assert len(screen.stack.pops) == 1
    screen.time.pass_(0.2)
    assert screen.phases == []


def test_a_declined_call_has_no_pop() -> None:
    screen = Screen()
    screen.call(RINGING)
    screen.call(replace(RINGING, state=CallState.REJECTED, over=True))
    assert screen.phases == []


def test_a_closed_pop_stays_closed_through_its_call() -> None:
    screen = Screen()
    screen.call(RINGING)
    screen.pops.close("a")
    screen.call(ANSWERED)
    screen.call(TALKED)
    assert screen.phases == []


def test_the_fourth_pop_is_counted_and_comes_up_when_there_is_room() -> None:
    screen = Screen()
    for id in "abcde":
        screen.call(replace(RINGING, id=id))
    assert [view.id for view in screen.stack.pops] == list("abc")
    assert screen.stack.more == 5 - SHOWN
    screen.pops.close("a")
    assert [view.id for view in screen.stack.pops] == list("bcd")
    assert screen.stack.more == 1


def test_every_shape_has_its_states() -> None:
    shapes = {state: phase_of(replace(RINGING, state=state)) for state in CallState}
    assert shapes[CallState.REJECTED] is shapes[CallState.BLOCKED] is shapes[CallState.OUTGOING_BUSY] is None
    assert {phase for phase in shapes.values() if phase} == set(Phase) - {Phase.NOTE}


def test_clearing_keeps_the_notes_and_leaves_no_timer() -> None:
    screen = Screen()
    screen.call(TALKED)
    screen.pops.write("a", "half a", writing=True)
    screen.pops.clear()
    assert screen.left[0].draft == "half a"
    assert screen.time.waiting == 0
