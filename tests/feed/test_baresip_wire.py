from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringdesk.domain.call import Answered, CallKey, Direction, Ended, EndReason, Fact, Held, Rang, Resumed, Transferred
from ringdesk.domain.line import Lines
from ringdesk.feed.tracker import Tracker
from ringdesk.feed.wire.baresip import Reply, Wire, decode
from ringdesk.feed.wire.netstring import packed
from ringdesk.feed.wire.sip import Peer, peer, unquoted
from tests.fakes import CountingIds

KEY = CallKey("b", "id-1")


def event(kind: str, **fields: object) -> dict[str, object]:
    base: dict[str, object] = {"event": True, "type": kind, "class": "call", "id": "id-1", "direction": "incoming"}
    return {**base, "peeruri": "sip:+14155550123@127.0.0.1", **fields}


def said(kind: str, **fields: object) -> list[Fact | Reply]:
    return decode(json.dumps(event(kind, **fields)).encode(), "b")


def only(kind: str, **fields: object) -> Fact | Reply:
    (one,) = said(kind, **fields)
    return one


def test_an_incoming_call_rings() -> None:
    rang = Rang(key=KEY, direction=Direction.INCOMING, number="+14155550123", name="Bob")
    assert only("CALL_INCOMING", peerdisplayname="Bob") == rang


def test_newer_event_names_are_understood() -> None:
    assert only("CALL_ANSWERED") == Answered(key=KEY)
    assert only("CALL_HOLD") == Held(key=KEY)
    assert only("CALL_RESUME") == Resumed(key=KEY)
    assert only("CALL_REDIRECT", param="sip:202@pbx") == Transferred(key=KEY, to="202")
    dialled = only("CALL_OUTGOING", direction="outgoing")
    assert isinstance(dialled, Rang)
    assert (dialled.direction, dialled.alerting) == (Direction.OUTGOING, False)


def test_an_outgoing_call_is_answered_only_when_it_stands() -> None:
    assert said("CALL_ANSWERED", direction="outgoing") == []
    assert only("CALL_ESTABLISHED", direction="outgoing") == Answered(key=KEY)


def test_a_diverter_is_kept() -> None:
    rang = only("CALL_INCOMING", diverteruri="sip:+442079460911@pbx")
    assert isinstance(rang, Rang)
    assert rang.diverted_from == "+442079460911"


@pytest.mark.parametrize(
    ("direction", "param", "reason"),
    [
        ("incoming", "Connection reset by peer", EndReason.HANGUP),
        ("incoming", "Connection reset by user", EndReason.REJECTED),
        ("incoming", "486 Busy Here", EndReason.REJECTED),
        ("incoming", "Local timeout", EndReason.HANGUP),
        ("incoming", "", EndReason.HANGUP),
        ("outgoing", "Connection reset by user", EndReason.HANGUP),
        ("outgoing", "486 Busy Here", EndReason.BUSY),
        ("outgoing", "600 Busy Everywhere", EndReason.BUSY),
        ("outgoing", "603 Decline", EndReason.REJECTED),
        ("outgoing", "480 Temporarily Unavailable", EndReason.NO_ANSWER),
        ("outgoing", "404 Not Found", EndReason.FAILED),
        ("outgoing", "4861 x", EndReason.HANGUP),
    ],
)
def test_a_close_says_what_it_can_know(direction: str, param: str, reason: EndReason) -> None:
    assert said("CALL_CLOSED", direction=direction, param=param)[-1] == Ended(key=KEY, reason=reason)


def test_a_dialled_call_that_never_rang_comes_up_with_its_failure() -> None:
    facts = said("CALL_CLOSED", direction="outgoing", param="486 Busy Here")
    assert [type(fact) for fact in facts] == [Rang, Ended]


def test_an_incoming_close_alone_never_makes_a_ring() -> None:
    assert all(not isinstance(fact, Rang) for fact in said("CALL_CLOSED", param="486 Busy Here"))


@pytest.mark.parametrize(
    "frame",
    [
        b"", b"[]", b"null", b"{", b"{}", b'{"type":5,"id":"x"}', b'{"type":"CALL_INCOMING"}', b"[" * 60000,
        b'{"type":"CALL_INCOMING","id":"x","direction":"sideways"}', b'{"type":"REGISTER_OK","id":"x"}',
        b'{"type":"CALL_INCOMING","id":["x"],"direction":"incoming"}', b"1e999999", b"9" * 9000,
    ],
)  # several to a line  # fmt: skip
def test_what_says_nothing_about_a_call_is_left_out(frame: bytes) -> None:
    assert decode(frame, "b") == []


def test_a_latin_1_name_does_not_cost_the_call() -> None:
    frame = json.dumps(event("CALL_INCOMING", peerdisplayname="Zo@")).encode().replace(b'@"', b'\xeb"')
    (rang,) = decode(frame, "b")
    assert isinstance(rang, Rang)
    assert rang.name == "Zo\ufffd"


def test_a_reply_carries_its_token() -> None:
    assert decode(b'{"response":true,"ok":true,"data":"x","token":"t"}', "b") == [Reply("t", ok=True, data="x")]


@pytest.mark.parametrize(
    ("uri", "number", "withheld"),
    [
        ("sip:+14155550123@127.0.0.1;transport=udp", "+14155550123", False),
        ("sips:201@[::1]:5061", "201", False),
        ("<sip:201@pbx>;tag=1", "201", False),
        ("sip:+1-415%2D555;phone-context=x@pbx", "+1-415-555", False),
        ("sip:%2a8201@pbx", "*8201", False),
        ("tel:+14155550123;isub=1", "+14155550123", False),
        ("sip:anonymous@127.0.0.1", "anonymous", True),
        ("sip:Anonymous@anonymous.invalid", "Anonymous", True),
        ("sip:+14155550123@anonymous.invalid", "+14155550123", True),
        ("sip:127.0.0.1:5060", "", False),
        ("sip:201:secret@pbx", "201", False),
        ("sip:%ff%fe@pbx", "\ufffd\ufffd", False),
        ("+14155550123", "+14155550123", False),
        ("", "", False),
    ],
)
def test_the_number_is_read_out_of_the_uri(uri: str, number: str, withheld: bool) -> None:
    assert peer(uri) == Peer(number, withheld)


@pytest.mark.parametrize(
    ("raw", "name"),
    [(r"<b>Bob \"Boss\"</b> \\ Co", r'<b>Bob "Boss"</b> \ Co'), ('"Bob"', "Bob"), ("\\", "\\"), ("", "")],
)
def test_sip_escapes_of_a_name_are_undone(raw: str, name: str) -> None:
    assert unquoted(raw) == name


kinds = st.sampled_from(["CALL_INCOMING", "CALL_RINGING", "CALL_ESTABLISHED", "CALL_CLOSED", "CALL_OUTGOING", "X"])
values = st.one_of(st.text(max_size=20), st.none(), st.integers(), st.booleans(), st.lists(st.integers(), max_size=2))
events = st.fixed_dictionaries(
    {"type": st.one_of(kinds, values)},
    optional={
        "id": st.one_of(st.sampled_from(["a", "b"]), values),
        "direction": st.one_of(st.sampled_from(["incoming", "outgoing"]), values),
        "peeruri": values,
        "peerdisplayname": values,
        "param": values,
        "response": values,
    },
)


@given(st.lists(events))
def test_any_events_make_only_calls_that_rang(stream: list[dict[str, object]]) -> None:
    tracker, rang = Tracker(Lines(), CountingIds()), set[CallKey]()
    wire = Wire("b")
    for item in stream:
        for fact in wire.feed(packed(json.dumps(item).encode())):
            if isinstance(fact, Rang):
                rang.add(fact.key)
            changes = [] if isinstance(fact, Reply) else tracker.take(fact, 0.0)
            assert all(set(change.call.keys) <= rang for change in changes)


@given(st.binary(max_size=400))
def test_arbitrary_bytes_never_raise_and_never_ring(data: bytes) -> None:
    assert Wire("b").feed(data) == []
