from __future__ import annotations

import json
import math
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from ringdesk.domain.call import (
    Answered,
    Answerer,
    CallKey,
    Direction,
    Ended,
    EndReason,
    Held,
    Rang,
    Resumed,
    Transferred,
)
from ringdesk.feed.wire.local import (
    CHOICES,
    FIELDS,
    LINE_MOST,
    TEXTS,
    LineBuffer,
    Refused,
    Taken,
    answer,
    check,
    decode,
)

SCHEMA = json.loads(
    (Path(__file__).parents[2] / "resources" / "schemas" / "call-event.json").read_text(encoding="utf-8")
)
VALIDATOR = Draft202012Validator(SCHEMA)
KEY, NOW = CallKey("feed", "7"), 1_700_000_000.0


def taken(**event: object) -> Taken:
    outcome = decode(json.dumps({"id": "7", **event}).encode(), "feed", lambda text: text == "201", NOW)
    assert isinstance(outcome, Taken), outcome
    return outcome


def refused(line: bytes | dict[str, object]) -> Refused:
    data = line if isinstance(line, bytes) else json.dumps({"event": "ringing", "id": "7", **line}).encode()
    outcome = decode(data, "feed", lambda text: False, NOW)
    assert isinstance(outcome, Refused), outcome
    return outcome


class TestEvents:
    def test_ringing(self) -> None:
        (fact,) = taken(
            event="ringing",
            **{"from": "+14155550123"},
            to="+442079460101",
            name="Bob",
            queue="sales",
            withheld=True,
            at=NOW,
        ).facts
        ring = Rang(key=KEY, direction=Direction.INCOMING, number="+14155550123", name="Bob", withheld=True, at=NOW)
        assert isinstance(fact, Rang)
        assert fact == Rang(
            key=ring.key, direction=ring.direction, number=ring.number, name=ring.name, withheld=True,
            called="+442079460101", queue="sales", at=NOW,
        )  # several to a line  # fmt: skip

    def test_an_outgoing_call_is_to_the_other_party(self) -> None:
        (fact,) = taken(event="ringing", direction="out", **{"from": "201"}, to="+14155550123").facts
        assert isinstance(fact, Rang)
        assert (fact.direction, fact.number, fact.called) == (Direction.OUTGOING, "+14155550123", None)

    @pytest.mark.parametrize(("by", "who"), [("", Answerer.HERE), ("201", Answerer.HERE), ("Rita", Answerer.ELSEWHERE)])
    def test_answered_by_me_or_somebody_else(self, by: str, who: Answerer) -> None:
        assert taken(event="answered", by=by).facts == (Answered(key=KEY, who=who, by=by),)

    def test_held_resumed_transferred(self) -> None:
        assert taken(event="held").facts == (Held(key=KEY),)
        assert taken(event="resumed").facts == (Resumed(key=KEY),)
        assert taken(event="transferred", to="202").facts == (Transferred(key=KEY, to="202"),)

    @pytest.mark.parametrize("reason", [r for r in EndReason if r is not EndReason.LOST])
    def test_ended(self, reason: EndReason) -> None:
        assert taken(event="ended", reason=reason.value).facts == (Ended(key=KEY, reason=reason),)

    def test_ended_because_a_coworker_answered_names_them(self) -> None:
        facts = taken(event="ended", reason="answered_elsewhere", by="Tomas").facts
        assert facts[0] == Answered(key=KEY, who=Answerer.ELSEWHERE, by="Tomas")

    def test_a_clock_that_is_off_is_marked_and_not_used(self) -> None:
        outcome = taken(event="held", at=NOW - 301)
        assert outcome == Taken((Held(key=KEY),), "clock_skew")
        assert json.loads(answer(outcome)) == {"ok": True, "warning": "clock_skew"}


class TestRefusals:
    @pytest.mark.parametrize(
        ("fault", "error", "word"),
        [
            ({"form": "+1"}, "unknown_field", "'form'"),
            ({"from": 5}, "wrong_type", "'from'"),
            ({"from": "9" * 65}, "too_long", "64"),
            ({"name": "x" * 201}, "too_long", "'name'"),
            ({"id": ""}, "bad_value", "'id'"),
            ({"id": "a b"}, "bad_value", "'id'"),
            ({"id": "a\n"}, "bad_value", "'id'"),
            ({"id": None}, "wrong_type", "'id'"),
            ({"event": "ring"}, "bad_value", "ringing"),
            ({"event": ["ringing"]}, "wrong_type", "'event'"),
            ({"direction": "inbound"}, "bad_value", "in, out"),
            ({"reason": "lost"}, "bad_value", "hangup"),
            ({"withheld": "yes"}, "wrong_type", "true or false"),
            ({"at": True}, "wrong_type", "'at'"),
            ({"at": "now"}, "wrong_type", "'at'"),
            ({"at": -1}, "bad_value", "'at'"),
            ({"at": 10**400}, "bad_value", "'at'"),
        ],
    )
    def test_a_fault_is_named(self, fault: dict[str, object], error: str, word: str) -> None:
        outcome = refused(fault)
        assert outcome.error == error
        assert word in outcome.detail

    @pytest.mark.parametrize(
        ("line", "error"),
        [
            (b"", "not_json"),
            (b"hello", "not_json"),
            (b'{"event":"ringing","id":"7"', "not_json"),
            (b'{"at":NaN}', "not_json"),
            (b"[" * 16000, "not_json"),
            (b"[]", "not_object"),
            (b'"ringing"', "not_object"),
            (b'{"name":"\xff"}', "not_utf8"),
            (b"{}", "missing_field"),
            (b'{"event":"ringing"}', "missing_field"),
        ],
    )
    def test_what_is_no_event_is_answered(self, line: bytes, error: str) -> None:
        outcome = refused(line)
        assert outcome.error == error
        assert json.loads(answer(outcome))["error"] == error

    @given(st.binary(max_size=300))
    def test_arbitrary_bytes_never_raise(self, line: bytes) -> None:
        outcome = decode(line, "feed", lambda text: False, NOW)
        assert answer(outcome).endswith(b"\n")


texts = st.one_of(st.text(max_size=5), st.sampled_from([64, 65, 80, 81, 200, 201]).map(lambda n: "x" * n))
choices = st.sampled_from([value for values in CHOICES.values() for value in values])
junk = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), texts, choices,
    st.lists(texts, max_size=2), st.dictionaries(texts, texts, max_size=1), st.sampled_from([0, 1e11, 1.1e11, -0.1]),
)  # several to a line  # fmt: skip
good: dict[str, st.SearchStrategy[object]] = {
    **{name: texts for name in TEXTS if name != "id"},
    **{name: st.sampled_from(values) for name, values in CHOICES.items() if name != "event"},
    "withheld": st.booleans(),
    "at": st.floats(0, 1e11),
}
needed: dict[str, st.SearchStrategy[object]] = {
    "event": st.sampled_from(CHOICES["event"]),
    "id": st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=200),
}
valid = st.fixed_dictionaries(needed, optional=good)
spoilt = st.tuples(valid, st.dictionaries(st.one_of(st.sampled_from(sorted(FIELDS)), texts), junk, max_size=2))


class TestSchema:
    def test_it_is_a_schema_and_names_the_same_fields(self) -> None:
        Draft202012Validator.check_schema(SCHEMA)
        assert set(SCHEMA["properties"]) == FIELDS

    @given(spoilt.map(lambda pair: {**pair[0], **pair[1]}))
    @example({"event": "held", "id": "a\n"})
    @example({"event": "held", "id": "x" * 200, "at": math.pi})
    def test_decoder_and_schema_agree(self, event: dict[str, object]) -> None:
        assert (check(event) is None) is VALIDATOR.is_valid(event)

    @given(valid)
    def test_what_the_schema_allows_makes_facts(self, event: dict[str, object]) -> None:
        if VALIDATOR.is_valid(event):
            outcome = decode(json.dumps(event).encode(), "feed", lambda text: False, None)
            assert isinstance(outcome, Taken)
            assert outcome.facts


class TestLines:
    @given(st.lists(st.binary(max_size=30)), st.lists(st.integers(0), max_size=9))
    def test_any_cut_gives_the_same_lines(self, parts: list[bytes], cuts: list[int]) -> None:
        data = b"\n".join(parts)
        ends = sorted(cut % (len(data) + 1) for cut in cuts)
        buffer = LineBuffer()
        lines = [line for a, b in zip([0, *ends], [*ends, len(data)], strict=True) for line in buffer.feed(data[a:b])]
        whole = LineBuffer()
        assert [*lines, *buffer.rest()] == [*whole.feed(data), *whole.rest()]

    @pytest.mark.parametrize("ending", [b"\n", b"\r\n"])
    def test_the_longest_line_is_taken_and_one_more_byte_is_not(self, ending: bytes) -> None:
        fits, too_long = b"x" * LINE_MOST, b"x" * (LINE_MOST + 1)
        assert LineBuffer().feed(fits + ending) == [fits]
        buffer = LineBuffer()
        (refusal,) = buffer.feed(too_long + ending + b"{}\n")
        assert isinstance(refusal, Refused)
        assert refusal.error == "line_too_long"
        assert (buffer.stopped, buffer.feed(b"{}\n"), buffer.rest()) == (True, [], [])

    def test_a_mebibyte_without_an_end_is_refused_once_and_not_kept(self) -> None:
        buffer = LineBuffer()
        refusals = [line for _ in range(256) for line in buffer.feed(b"x" * 4096)]
        assert len(refusals) == 1
        assert len(buffer._buffer) == 0
