"""Whatever order, however often: no answer without an answer fact, one call an id, nothing leaks."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ringdesk.domain.call import (
    Answered,
    Answerer,
    Call,
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
from ringdesk.domain.line import Lines
from ringdesk.feed.tracker import Tracker
from tests.fakes import CountingIds

ANSWERED = {CallState.ANSWERED_HERE, CallState.ANSWERED_ELSEWHERE, CallState.ANSWERED, CallState.OUTGOING_ANSWERED}
keys = st.builds(CallKey, st.sampled_from(["a", "b"]), st.sampled_from(["1", "2", "long-sip-call-id"]))
numbers = st.sampled_from(["+14155550123", "+442079460777", "202", "anonymous", "", "*8", "abc"])
rings = st.builds(
    Rang,
    key=keys,
    direction=st.sampled_from(Direction),
    number=numbers,
    name=st.text(max_size=8),
    withheld=st.booleans(),
    called=st.none() | numbers,
    alerting=st.booleans(),
)
answers = st.builds(Answered, key=keys, who=st.sampled_from(Answerer))
ends = st.builds(Ended, key=keys, reason=st.sampled_from(EndReason))
others = st.one_of(
    st.builds(Held, key=keys),
    st.builds(Resumed, key=keys),
    st.builds(Transferred, key=keys, to=numbers, number=st.none() | numbers),
    st.builds(SourceLost, source=st.sampled_from(["a", "b"])),
)
steps = st.lists(
    st.tuples(st.one_of(rings, answers, ends, others), st.sampled_from([0.0, 0.5, 3.0, 700.0])), max_size=40
)


def told(steps: list[tuple[Fact, float]]) -> list[Call]:
    tracker, calls, now = Tracker(Lines(), CountingIds()), dict[str, Call](), 0.0
    for fact, pause in steps:
        now += pause
        for change in tracker.take(fact, now):
            assert calls.get(change.call.id) == change.before, "every change starts from what was said last"
            assert change.call != change.before
            calls[change.call.id] = change.call
    assert {c.id for c in tracker.open_calls()} <= {c.id for c in calls.values() if not c.over}
    return list(calls.values())


@given(steps)
def test_no_call_is_answered_without_an_answer_of_one_of_its_keys(steps: list[tuple[Fact, float]]) -> None:
    said = {fact.key for fact, _ in steps if isinstance(fact, Answered)}
    said |= {fact.key for fact, _ in steps if isinstance(fact, Ended) and fact.reason is EndReason.ELSEWHERE}
    for call in told(steps):
        assert call.state not in ANSWERED or said & set(call.keys)


@given(steps)
def test_every_call_rang_and_no_key_is_in_two_open_calls(steps: list[tuple[Fact, float]]) -> None:
    rang = {fact.key for fact, _ in steps if isinstance(fact, Rang)}
    open_keys = [key for call in told(steps) if not call.over for key in call.keys]
    assert set(open_keys) <= rang
    assert len(open_keys) == len(set(open_keys))


@given(steps)
def test_each_call_has_one_key_a_source_and_times_in_order(steps: list[tuple[Fact, float]]) -> None:
    for call in told(steps):
        sources = [key.source for key in call.keys]
        assert len(sources) == len(set(sources))
        assert call.over is (call.ended is not None)
        assert call.answered is None or call.started <= call.answered


@given(st.permutations([0, 1, 2, 3, 4, 5]), st.lists(st.integers(0, 5), max_size=12))
def test_a_shuffled_and_repeated_call_is_one_call_or_none(order: list[int], repeats: list[int]) -> None:
    key = CallKey("a", "long-sip-call-id")
    story: list[Fact] = [
        Rang(key=key, direction=Direction.INCOMING, number="+14155550123"),
        Rang(key=key, direction=Direction.INCOMING, number="+14155550123", name="Green"),
        Held(key=key),
        Resumed(key=key),
        Transferred(key=key, to="202"),
        Ended(key=key, reason=EndReason.HANGUP),
    ]
    calls = told([(story[i], 0.0) for i in (*order, *repeats)])
    assert len(calls) <= 1
    assert all(call.state in (CallState.RINGING, CallState.ENDED_UNKNOWN) for call in calls)


@given(st.lists(rings, min_size=1, max_size=6), st.text(max_size=5))
def test_a_withheld_number_is_nowhere_in_the_call(repeats: list[Rang], words: str) -> None:
    key, secret = CallKey("a", "long-sip-call-id"), "+442079461234"
    leak = Rang(key=key, direction=Direction.INCOMING, number=secret, name=f"{words}020 7946 1234", withheld=True)
    again = Rang(key=key, direction=Direction.INCOMING, number=secret, name=f"{words} 02079461234")
    for call in told([(leak, 0.0), (again, 0.0), *((r, 0.0) for r in repeats), (again, 0.0)]):
        digits = "".join(c for c in f"{call.number}{call.name}{call.called}{call.via}" if c.isdigit())
        assert "79461234" not in digits or key not in call.keys
