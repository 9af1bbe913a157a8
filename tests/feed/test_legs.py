"""The transition table walked completely, and how several sources' words become one state."""

from __future__ import annotations

from itertools import permutations, product

import pytest

from ringdesk.domain.call import Answered, Answerer, CallKey, CallState, Direction, Ended, EndReason, Rang
from ringdesk.domain.callstate import ANSWERS, ENDS, FINAL, TALKING
from ringdesk.feed import legs
from ringdesk.feed.legs import KNOWLEDGE, Leg

S = CallState
KEY = CallKey("s", "1")
OTHER = CallKey("t", "1")


def test_every_state_has_its_place_in_the_order() -> None:
    assert sorted(KNOWLEDGE, key=lambda s: s.value) == sorted(CallState, key=lambda s: s.value)


@pytest.mark.parametrize(("state", "who"), list(product(CallState, Answerer)))
def test_an_answer_follows_the_table_and_nothing_else(state: CallState, who: Answerer) -> None:
    leg = Leg(KEY, state, over=state in FINAL)
    after = legs.answer(leg, Answered(key=KEY, who=who))
    wanted = ANSWERS.get((state, who))
    assert after.state is (wanted or state)
    assert after.over is (leg.over or wanted in FINAL)


@pytest.mark.parametrize(("state", "reason"), list(product(CallState, EndReason)))
def test_an_end_follows_the_table_and_nothing_else(state: CallState, reason: EndReason) -> None:
    leg = Leg(KEY, state, over=state in FINAL)
    after = legs.end(leg, Ended(key=KEY, reason=reason))
    wanted = ENDS.get((state, reason))
    assert after.state is (wanted or state)
    assert after.over is (leg.over or wanted is not None)


@pytest.mark.parametrize("reason", EndReason)
def test_only_a_source_that_can_know_says_missed(reason: EndReason) -> None:
    after = legs.end(Leg(KEY, S.RINGING), Ended(key=KEY, reason=reason))
    assert (after.state is S.MISSED) is (reason in (EndReason.CANCELLED, EndReason.NO_ANSWER))


def test_a_dialled_call_comes_up_and_then_rings_there() -> None:
    fact = Rang(key=KEY, direction=Direction.OUTGOING, number="1", alerting=False)
    leg = legs.first(fact)
    assert leg.state is S.DIALING
    ringing = Rang(key=KEY, direction=Direction.OUTGOING, number="1")
    assert legs.rang_again(leg, ringing).state is S.REMOTE_RINGING
    assert legs.rang_again(legs.rang_again(leg, ringing), fact).state is S.REMOTE_RINGING


@pytest.mark.parametrize(
    ("softphone", "system", "state"),
    [
        (S.ENDED_UNKNOWN, S.MISSED, S.MISSED),
        (S.ENDED_UNKNOWN, S.ANSWERED_ELSEWHERE, S.ANSWERED_ELSEWHERE),
        (S.ENDED_UNKNOWN, S.RINGING, S.ENDED_UNKNOWN),
        (S.ENDED_UNKNOWN, S.BLOCKED, S.BLOCKED),
        (S.REJECTED, S.MISSED, S.REJECTED),
        (S.REJECTED, S.ANSWERED_ELSEWHERE, S.ANSWERED_ELSEWHERE),
        (S.ANSWERED_HERE, S.ANSWERED_ELSEWHERE, S.ANSWERED_HERE),
        (S.OUTGOING_CANCELLED, S.OUTGOING_BUSY, S.OUTGOING_BUSY),
        (S.REMOTE_RINGING, S.OUTGOING_NOT_PLACED, S.OUTGOING_NOT_PLACED),
    ],
)
def test_the_better_informed_source_decides(softphone: CallState, system: CallState, state: CallState) -> None:
    both = [Leg(k, s, over=s in FINAL) for k, s in ((KEY, softphone), (OTHER, system))]
    assert {legs.decide(order)[0] for order in permutations(both)} == {state}


def test_a_lost_source_has_no_say_while_another_speaks() -> None:
    lost = legs.lose(Leg(KEY, S.ANSWERED_HERE))
    assert legs.decide([lost, Leg(OTHER, S.ANSWERED_HERE)]) == (S.ANSWERED_HERE, False)


@pytest.mark.parametrize("state", [s for s in CallState if s not in FINAL])
def test_a_call_whose_sources_are_all_lost_is_over_and_never_missed(state: CallState) -> None:
    after, over = legs.decide([legs.lose(Leg(KEY, state))])
    assert over
    assert after in ({state} if state in TALKING else {S.ENDED_UNKNOWN, S.OUTGOING_FAILED})


def test_a_finished_leg_cannot_be_lost() -> None:
    leg = Leg(KEY, S.MISSED, over=True)
    assert legs.lose(leg) == leg


def test_a_lost_source_that_speaks_again_is_believed() -> None:
    lost = legs.lose(Leg(KEY, S.RINGING))
    assert legs.answer(lost, Answered(key=KEY)) == Leg(KEY, S.ANSWERED_HERE)
