"""The generic CTI webhook: the documented bodies in all three forms, who it rings, who answered, why it ended."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringdesk.domain.call import Answered, Answerer, CallKey, CallState, Direction, Ended, EndReason, Fact, Rang
from ringdesk.domain.line import Lines, Personal
from ringdesk.domain.phone import E164
from ringdesk.feed.tracker import Tracker
from ringdesk.feed.wire.http import ContentType
from ringdesk.feed.wire.local import Refused, Taken
from ringdesk.feed.wire.routes import CTI, JSON, MULTIPART, URLENCODED, read
from ringdesk.feed.wire.webhook import CAUSES, decode_json
from tests.fakes import CountingIds

MINE = Lines(region="DE", extension="201", called={E164("4930555716", 2): Personal()})
NOBODY = Lines(region="DE")
KEY = CallKey("http/pbx", "9f1840cb")
BASE = {"callId": "9f1840cb", "from": "493055571600", "to": "030555716", "direction": "in"}


def taken(event: str, lines: Lines = MINE, /, **fields: object) -> Taken:
    outcome = decode_json(json.dumps({**BASE, "event": event, **fields}).encode(), "http/pbx", lines)
    assert isinstance(outcome, Taken), outcome
    return outcome


def facts(event: str, lines: Lines = MINE, /, **fields: object) -> tuple[Fact, ...]:
    return taken(event, lines, **fields).facts


def refused(**fields: object) -> Refused:
    outcome = decode_json(json.dumps({**BASE, "event": "newCall", **fields}).encode(), "http/pbx", MINE)
    assert isinstance(outcome, Refused), outcome
    return outcome


def states(*told: Sequence[Fact]) -> list[CallState]:
    tracker = Tracker(MINE, CountingIds())
    return [change.call.state for some in told for fact in some for change in tracker.take(fact, 0.0)]


def test_a_new_call_rings() -> None:
    assert facts("newCall", queue="support", **{"user[]": ["Alice", "Bob"]}) == (
        Rang(
            key=KEY, direction=Direction.INCOMING, number="493055571600", called="030555716", queue="support",
        ),
    )  # several to a line  # fmt: skip


def test_a_call_one_makes_is_to_the_other_party() -> None:
    (rang,) = facts("newCall", direction="out", to="+442079460123", **{"from": "201"})
    assert rang == Rang(key=KEY, direction=Direction.OUTGOING, number="+442079460123", alerting=False)


def test_anonymous_is_withheld() -> None:
    (rang,) = facts("newCall", **{"from": "anonymous"})
    change = Tracker(MINE, CountingIds()).take(rang, 0.0)[0]
    assert change.call.withheld


@pytest.mark.parametrize(
    ("text", "region", "becomes"),
    [
        ("493055571600", "GB", "+493055571600"),
        ("493055571600", "DE", "493055571600"),
        ("02079460123", "GB", "02079460123"),
        ("202", "GB", "202"),
        ("jdoe", "GB", "jdoe"),
    ],
)
def test_digits_without_their_plus_are_read_as_an_international_number(text: str, region: str, becomes: str) -> None:
    (rang,) = facts("newCall", Lines(region=region), **{"from": text})
    assert isinstance(rang, Rang)
    assert rang.number == becomes


@pytest.mark.parametrize(
    ("users", "rings"),
    [
        ([], True),
        (["201"], True),
        (["202", "201"], True),
        (["202"], False),
        (["202", "203"], False),
        (["030555716"], True),
        (["Alice", "202"], True),
        (["alice@example.org"], True),
    ],
)
def test_a_call_that_rings_only_at_others_is_left_out(users: list[str], rings: bool) -> None:
    for name in ("user", "user[]"):
        assert bool(facts("newCall", **{name: users})) is rings
    assert facts("newCall", NOBODY, user=users), "while no number is known to be mine, every call is taken"


@pytest.mark.parametrize(("caller", "mine"), [("201", True), ("202", False), ("+493055500", True), ("anonymous", True)])
def test_a_call_another_extension_makes_is_left_out(caller: str, mine: bool) -> None:
    assert bool(facts("newCall", direction="out", **{"from": caller})) is mine


@pytest.mark.parametrize(
    ("by", "users", "who"),
    [
        ("201", [], Answerer.HERE),
        ("4930555716", [], Answerer.HERE),
        ("202", [], Answerer.ELSEWHERE),
        ("49221470351", [], Answerer.ELSEWHERE),
        ("emma@example.org", [], Answerer.SOMEBODY),
        ("jdoe", [], Answerer.SOMEBODY),
        ("", [], Answerer.SOMEBODY),
        ("", ["201"], Answerer.HERE),
        ("", ["202"], Answerer.ELSEWHERE),
        ("", ["201", "202"], Answerer.SOMEBODY),
    ],
)
def test_who_answered(by: str, users: list[str], who: Answerer) -> None:
    (answered,) = facts("answer", answeringNumber=by, user=users)
    assert isinstance(answered, Answered)
    assert answered.who is who


def test_who_answered_is_not_known_while_no_number_is_known_to_be_mine() -> None:
    (answered,) = facts("answer", NOBODY, answeringNumber="202")
    assert isinstance(answered, Answered)
    assert answered.who is Answerer.SOMEBODY


@pytest.mark.parametrize(
    ("cause", "incoming", "outgoing"),
    [
        ("normalClearing", CallState.ENDED_UNKNOWN, CallState.OUTGOING_CANCELLED),
        ("busy", CallState.REJECTED, CallState.OUTGOING_BUSY),
        ("cancel", CallState.MISSED, CallState.OUTGOING_CANCELLED),
        ("noAnswer", CallState.MISSED, CallState.OUTGOING_CANCELLED),
        ("congestion", CallState.ENDED_UNKNOWN, CallState.OUTGOING_FAILED),
        ("notFound", CallState.ENDED_UNKNOWN, CallState.OUTGOING_FAILED),
        ("forwarded", CallState.ENDED_UNKNOWN, CallState.OUTGOING_CANCELLED),
        ("", CallState.ENDED_UNKNOWN, CallState.OUTGOING_CANCELLED),
    ],
)
def test_why_it_ended(cause: str, incoming: CallState, outgoing: CallState) -> None:
    assert states(facts("newCall"), facts("hangup", cause=cause))[-1] is incoming
    out = {"direction": "out", "from": "201"}
    assert states(facts("newCall", **out), facts("hangup", cause=cause, **out))[-1] is outgoing


def test_a_whole_call() -> None:
    story = facts("newCall"), facts("answer", answeringNumber="201"), facts("hangup", cause="normalClearing")
    assert states(*story) == [CallState.RINGING, CallState.ANSWERED_HERE, CallState.ANSWERED_HERE]
    assert states(*(told for told in story for _ in range(3))) == states(*story)


def test_a_hangup_tells_who_answered_where_the_answer_was_lost() -> None:
    hung_up = facts("hangup", cause="normalClearing", answeringNumber="202")
    assert states(facts("newCall"), hung_up)[-1] is CallState.ANSWERED_ELSEWHERE
    cancelled = facts("hangup", cause="cancel", answeringNumber="202")
    assert states(facts("newCall"), cancelled)[-1] is CallState.MISSED


def test_an_unknown_cause_still_ends_the_call_and_claims_nothing() -> None:
    outcome = taken("hangup", cause="solarFlare")
    assert outcome == Taken((Ended(key=KEY, reason=EndReason.HANGUP),), "unknown_cause")
    assert all(not taken("hangup", cause=cause).warning for cause in (*CAUSES, ""))


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"event": "explode"}, "bad_value"),
        ({"event": None}, "missing_field"),
        ({"callId": ""}, "missing_field"),
        ({"callId": "a b"}, "bad_value"),
        ({"callId": "x" * 251}, "too_long"),
        ({"callId": 7}, "wrong_type"),
        ({"callId": ["7", "8"]}, "bad_value"),
        ({"direction": "up"}, "bad_value"),
        ({"from": {"number": "1"}}, "wrong_type"),
        ({"from": "1" * 65}, "too_long"),
        ({"user": [1]}, "wrong_type"),
        ({"user": ["x"] * 65}, "bad_value"),
        ({"contact": "x"}, "unknown_field"),
        ({"share": "yes"}, "unknown_field"),
    ],
)
def test_what_is_not_in_the_body_is_refused(fields: dict[str, object], error: str) -> None:
    assert refused(**fields).error == error


@pytest.mark.parametrize("body", [b"", b"[]", b"7", b"\xff", b'{"event":', b"[" * 9999])
def test_what_is_no_object_is_refused(body: bytes) -> None:
    assert isinstance(decode_json(body, "http/pbx", MINE), Refused)


FORM = b"event=newCall&from=493055571600&to=030555716&direction=in&callId=9f1840cb&user[]=Alice&user%5B%5D=J+Doe"
PARTS = b"".join(
    b'--x-7\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n' % part
    for part in (
        (b"event", b"newCall"), (b"from", b"493055571600"), (b"to", b"030555716"), (b"direction", b"in"),
        (b"callId", b"9f1840cb"), (b"user[]", b"Alice"), (b"user[]", b"J Doe"),
    )
)  # several to a line  # fmt: skip
WHOLE = PARTS + b"--x-7--\r\n"


def form(body: bytes, kind: str = MULTIPART, **parameters: str) -> Taken | Refused:
    return read(CTI, ContentType(kind, parameters), body, "http/pbx", MINE, 0.0)


def test_all_three_forms_say_the_same() -> None:
    said = Taken(facts("newCall", **{"user[]": ["Alice", "J Doe"]}))
    assert form(FORM, URLENCODED) == said
    assert form(FORM + b"\r\n", URLENCODED) == said
    assert form(WHOLE, boundary="x-7") == said
    assert form(json.dumps({**BASE, "event": "newCall"}).encode(), JSON) == said


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b"event", "not_form"),
        (b"event=newCall&&callId=7", "not_form"),
        (b"event=newCall&callId=%ff", "not_form"),
        (b"event=\xff", "not_form"),
        (b"&".join([b"user=1"] * 70), "not_form"),
        (b"event=newCall&callId=7&callId=8", "bad_value"),
        (b"event=newCall&callId=7&dial=112", "unknown_field"),
        (b"", "missing_field"),
    ],
)
def test_a_form_that_is_none_is_refused(body: bytes, error: str) -> None:
    outcome = form(body, URLENCODED)
    assert isinstance(outcome, Refused)
    assert outcome.error == error


@pytest.mark.parametrize(
    ("body", "boundary"),
    [
        (WHOLE, ""),
        (WHOLE, "x-8"),
        (WHOLE, "ö"),
        (PARTS, "x-7"),
        (b"preamble\r\n" + WHOLE, "x-7"),
        (WHOLE.replace(b'name="event"', b'name="event"; filename="x.exe"'), "x-7"),
        (WHOLE.replace(b"form-data", b"attachment"), "x-7"),
        (WHOLE.replace(b"\r\n\r\n", b"\r\n"), "x-7"),
        (WHOLE.replace(b"Alice", b"\xff"), "x-7"),
        (b"--x-7--\r\n", "x-7"),
        (b"--x-7--", "x-7"),
        (b"", "x-7"),
    ],
)
def test_a_form_in_parts_that_is_none_is_refused(body: bytes, boundary: str) -> None:
    assert isinstance(form(body, boundary=boundary), Refused)


@given(st.binary(max_size=400), st.sampled_from([JSON, URLENCODED, MULTIPART]))
def test_arbitrary_bodies_never_raise(body: bytes, kind: str) -> None:
    assert isinstance(form(body, kind, boundary="x"), Taken | Refused)


JSONS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
NAMES = st.sampled_from([*BASE, "event", "user", "user[]", "queue", "answeringNumber", "cause", "x"])


@given(st.dictionaries(NAMES, JSONS | st.sampled_from(["newCall", "answer", "hangup", "in", "201", *CAUSES])))
def test_arbitrary_fields_never_raise_and_a_taken_one_is_of_its_call(fields: dict[str, object]) -> None:
    outcome = decode_json(json.dumps(fields).encode(), "http/pbx", MINE)
    if isinstance(outcome, Taken):
        assert {fact.key for fact in outcome.facts if isinstance(fact, Rang | Answered | Ended)} <= {
            CallKey("http/pbx", str(fields["callId"]))
        }
        states(outcome.facts)
