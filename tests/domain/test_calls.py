"""The life of a call as a table, and what lines make of it."""

from __future__ import annotations

from itertools import product

import pytest

from ringdesk.domain.call import Answerer, CallState, EndReason
from ringdesk.domain.callstate import ANSWERS, ENDS, FINAL, TALKING, answered, ended
from ringdesk.domain.line import Department, Internal, Lines, OtherPerson, Personal, UnknownLine, line_named, line_text
from ringdesk.domain.phone import E164, Extension, Withheld

LIVE = {CallState.RINGING, CallState.DIALING, CallState.REMOTE_RINGING}


def test_every_live_state_has_every_end() -> None:
    assert {key for key in ENDS if key[0] in LIVE} == set(product(LIVE, EndReason))


@pytest.mark.parametrize("state", [state for state in CallState if state in FINAL])
@pytest.mark.parametrize("reason", EndReason)
def test_what_has_ended_does_not_end_again(state: CallState, reason: EndReason) -> None:
    assert ended(state, reason) is None


@pytest.mark.parametrize("state", [state for state in CallState if state in TALKING])
@pytest.mark.parametrize("reason", EndReason)
def test_an_answered_call_stays_answered_whatever_ends_it(state: CallState, reason: EndReason) -> None:
    assert ended(state, reason) is state


def test_only_a_source_that_knows_says_missed() -> None:
    missed = {reason for reason in EndReason if ended(CallState.RINGING, reason) is CallState.MISSED}
    assert missed == {EndReason.CANCELLED, EndReason.NO_ANSWER}


@pytest.mark.parametrize("state", CallState)
@pytest.mark.parametrize("who", Answerer)
def test_answers(state: CallState, who: Answerer) -> None:
    after = answered(state, who)
    assert (after is None) == ((state, who) not in ANSWERS)
    if after is CallState.ANSWERED_HERE:
        assert (state, who) == (CallState.RINGING, Answerer.HERE)


@pytest.mark.parametrize("text", ["personal", "internal", "other person", "unknown", "department Sales"])
def test_lines_have_one_name(text: str) -> None:
    assert line_text(line_named(text)) == text


@pytest.mark.parametrize("text", ["", "department ", "deprtment x", "mine"])
def test_a_wrong_line_says_what_was_expected(text: str) -> None:
    with pytest.raises(ValueError, match="expected personal"):
        line_named(text)


TABLE = Lines(
    region="GB",
    extension="201",
    default=UnknownLine(),
    called={E164("442079460101", 2): Personal(), E164("442079460102", 2): OtherPerson()},
    queue={"support": Department("Support")},
)


@pytest.mark.parametrize(
    ("called", "queue", "line"),
    [
        ("020 7946 0101", None, Personal()),
        ("+442079460102", None, OtherPerson()),
        ("+442079460102", "SUPPORT", Department("Support")),
        (None, None, UnknownLine()),
        ("+442079460999", None, UnknownLine()),
    ],
)
def test_the_line_of_a_call(called: str | None, queue: str | None, line: object) -> None:
    assert TABLE.of(E164("14155550123", 1), called, queue) == line


def test_an_extension_calls_on_the_internal_line() -> None:
    assert TABLE.of(Extension("202"), None, None) == Internal()


def test_mine() -> None:
    assert TABLE.is_mine("201")
    assert TABLE.is_mine("+44 20 7946 0101")
    assert not TABLE.is_mine("+442079460102")
    assert not TABLE.is_mine("anonymous")
    assert TABLE.number("anonymous") == Withheld()
