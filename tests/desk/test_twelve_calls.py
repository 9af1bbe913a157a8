"""Twelve calls, one of every way a call can go: each ends with the right label, and its pop lived as it should."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from ringdesk.domain.call import (
    Answered,
    Answerer,
    CallKey,
    CallState,
    Direction,
    Ended,
    EndReason,
    Fact,
    Held,
    Rang,
    Resumed,
    SourceLost,
    Transferred,
)
from ringdesk.ui.words import call_state
from tests.office import Office

LONDON = "+442079460777"
KEY = CallKey("feed", "1")
RINGS = Rang(key=KEY, direction=Direction.INCOMING, number=LONDON)
DIALS = Rang(key=KEY, direction=Direction.OUTGOING, number=LONDON)
HERE = Answered(key=KEY, who=Answerer.HERE)
MARIA = Answered(key=KEY, who=Answerer.ELSEWHERE, by="Maria")


def ends(reason: EndReason) -> Ended:
    return Ended(key=KEY, reason=reason)


@dataclass(frozen=True)
class Script:
    """A call: facts, each a second after the one before, the label it ends with and the shapes of its pop.

    A shape is followed by how many seconds it was seen; `unseen` calls are counted on the badge.
    """

    facts: tuple[Fact, ...]
    state: CallState
    label: str
    life: tuple[tuple[str, float], ...]
    unseen: int = 0
    gap: float = 1.0


SCRIPTS = {
    "answered here, short": Script(
        (RINGS, HERE, ends(EndReason.HANGUP)), CallState.ANSWERED_HERE, "You answered",
        (("ringing", 1), ("talking", 1), ("note", 8)),
    ),
    "answered here, long: a strip": Script(
        (RINGS, HERE, ends(EndReason.HANGUP)), CallState.ANSWERED_HERE, "You answered",
        (("ringing", 30), ("talking", 10), ("strip", 20), ("note", 8)), gap=30,
    ),
    "held and resumed": Script(
        (RINGS, HERE, Held(key=KEY), Resumed(key=KEY), ends(EndReason.HANGUP)), CallState.ANSWERED_HERE,
        "You answered", (("ringing", 1), ("talking", 3), ("note", 8)),
    ),
    "passed on": Script(
        (RINGS, Transferred(key=KEY, via="Tomas"), HERE, ends(EndReason.HANGUP)), CallState.ANSWERED_HERE,
        "You answered", (("ringing", 2), ("talking", 1), ("note", 8)),
    ),
    "answered by a coworker": Script(
        (RINGS, MARIA, ends(EndReason.HANGUP)), CallState.ANSWERED_ELSEWHERE, "Answered by Maria",
        (("ringing", 5), ("elsewhere", 2)), gap=5,
    ),
    "the caller gave up": Script(
        (RINGS, ends(EndReason.CANCELLED)), CallState.MISSED, "Missed", (("ringing", 1), ("missed", 8)), unseen=1,
    ),
    "rang out": Script(
        (RINGS, ends(EndReason.NO_ANSWER)), CallState.MISSED, "Missed", (("ringing", 20), ("missed", 8)), unseen=1,
        gap=20,
    ),
    "declined here": Script(
        (RINGS, ends(EndReason.REJECTED)), CallState.REJECTED, "Declined", (("ringing", 1),),
    ),
    "a softphone that cannot say why": Script(
        (RINGS, ends(EndReason.HANGUP)), CallState.ENDED_UNKNOWN, "Not answered here",
        (("ringing", 1), ("missed", 8)), unseen=1,
    ),
    "blocked by the phone": Script(
        (RINGS, ends(EndReason.BLOCKED)), CallState.BLOCKED, "Blocked", (("ringing", 1),),
    ),
    "dialled and busy": Script(
        (DIALS, ends(EndReason.BUSY)), CallState.OUTGOING_BUSY, "Busy", (("strip", 1),),
    ),
    "dialled and answered": Script(
        (DIALS, Answered(key=KEY), ends(EndReason.HANGUP)), CallState.OUTGOING_ANSWERED, "You called",
        (("strip", 31), ("note", 8)), gap=15.5,
    ),
}  # several to a line  # fmt: skip


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = Office(tmp_path)
    made.person("Ana", LONDON)
    yield made
    made.close()


def life(office: Office, seconds: float, watch: Callable[[], None]) -> None:
    """Let time go by in tenths of seconds, looking at the screen after each."""
    for _ in range(round(seconds * 10)):
        watch()
        office.time.pass_(0.1)


def test_there_are_twelve() -> None:
    assert len(SCRIPTS) == 12


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_call_ends_with_its_label_and_its_pop_lived_as_it_should(office: Office, name: str) -> None:
    script = SCRIPTS[name]
    seen: list[tuple[str, float]] = []

    def watch() -> None:
        for view in office.stack.pops:
            shape = view.phase.value
            if not seen or seen[-1][0] != shape:
                seen.append((shape, 0.0))
            seen[-1] = shape, seen[-1][1] + 0.1

    for fact in script.facts[:-1]:
        office.hear(fact)
        life(office, script.gap, watch)
    office.hear(script.facts[-1])
    life(office, 20, watch)
    assert office.stack.pops == ()
    assert [shape for shape, _ in seen] == [shape for shape, _ in script.life]
    assert [lasted for _, lasted in seen] == pytest.approx([lasted for _, lasted in script.life], abs=0.15)
    [row] = office.store.calls.recent()
    assert row.state is script.state
    assert call_state(row.state, answered_by=row.answered_by, direction=row.direction) == (script.label)
    assert office.store.calls.unseen_missed() == script.unseen


def test_the_twelve_one_after_another_leave_twelve_rows_and_nothing_else(office: Office) -> None:
    for n, script in enumerate(SCRIPTS.values()):
        for fact in script.facts:
            key = CallKey("feed", str(n))
            office.hear(_of(fact, key), after=script.gap)
        office.time.pass_(30)
    assert len(office.store.calls.recent()) == 12
    assert office.store.calls.unseen_missed() == 3
    assert (office.stack.pops, office.time.waiting, office.desk._open) == ((), 0, {})


def _of(fact: Fact, key: CallKey) -> Fact:
    assert not isinstance(fact, SourceLost)
    return replace(fact, key=key)
