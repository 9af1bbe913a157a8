"""What is kept of an account's rounds."""

from __future__ import annotations

import pytest

from ringdesk.domain.outcome import last_change, outcome_of, outcome_text, undone_text
from ringdesk.domain.syncing import RoundDone

ANA = (("added here", "c", "Ana"),)
FIRST = RoundDone(account="a", at=1.0, counts={"added here": 1}, lines=ANA)
IDLE = RoundDone(account="a", at=2.0, counts={})


def test_the_last_round_and_the_last_change_outlive_the_program() -> None:
    text = outcome_text(FIRST)
    assert outcome_of("a", text) == last_change("a", text) == FIRST
    for _ in range(3):
        text = outcome_text(IDLE, text)
        assert outcome_of("a", text) == IDLE
        assert last_change("a", text) == FIRST
    again = RoundDone(account="a", at=3.0, counts={"changed there": 1})
    assert last_change("a", outcome_text(again, text)) == again


def test_what_changed_nothing_is_no_change() -> None:
    asked = RoundDone(account="a", at=2.0, counts={"asked about": 2, "put off": 1})
    assert last_change("a", outcome_text(asked, outcome_text(FIRST))) == FIRST
    assert last_change("a", outcome_text(asked)) is None


def test_what_was_taken_back_is_no_change_any_more() -> None:
    text = undone_text(outcome_text(IDLE, outcome_text(FIRST)))
    assert last_change("a", text) is None
    assert outcome_of("a", text) == IDLE


@pytest.mark.parametrize("text", ["", "null", "[]", "{", '{"at": 1}', '{"did": 7}', "7"])
def test_what_cannot_be_read_is_nothing(text: str) -> None:
    assert outcome_of("a", text) is None
    assert last_change("a", text) is None
    assert undone_text(text) == ""
    assert outcome_of("a", outcome_text(IDLE, text)) == IDLE
