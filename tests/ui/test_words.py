"""Codes become sentences; every code has one."""

from __future__ import annotations

from datetime import datetime

import pytest

from ringdesk.domain.call import CallState, Direction, SourceState
from ringdesk.domain.contact import Coworker, Me, Unclaimed
from ringdesk.domain.line import Department, Internal, OtherPerson, Personal, UnknownLine
from ringdesk.domain.lookup import Book, Rule, Why
from ringdesk.domain.ownership import Deed, Refusal
from ringdesk.domain.phone import E164
from ringdesk.domain.status import StoreTrouble
from ringdesk.ui import words
from ringdesk.ui.words_time import ago, lasted, running

NOW = datetime(2026, 3, 12, 15, 0).timestamp()  # noqa: DTZ001  # the sentences tell local time


def test_every_code_has_a_sentence() -> None:
    sentences = [
        *(words.trouble(trouble) for trouble in StoreTrouble),
        *(
            words.refusal(Refusal(deed, owner))
            for deed in Deed
            for owner in (Me(), Coworker("rita"), Unclaimed("Sales"))
        ),
        *(words.call_state(state) for state in CallState),
        *(words.source(state, "Office phone") for state in SourceState),
        *(
            words.line_name(line)
            for line in (Personal(), Department("Sales"), Internal(), OtherPerson(), UnknownLine())
        ),
        *(
            words.why(Why(E164("442079460018", 2), rule, book, "work", "020 7946 0018", "GB"))
            for rule in Rule
            for book in Book
        ),
    ]
    assert all(sentences)
    assert not [sentence for sentence in sentences if "%" in sentence]


def test_foreign_text_cannot_steer_a_sentence() -> None:
    assert words.say("%1 and %2", "%2", "x") == "%2 and x"
    assert words.call_state(CallState.ANSWERED_ELSEWHERE, answered_by="Ri\u202eta") == "Answered by Rita"
    assert words.for_button("R&D") == "R&&D"


def test_answered_by_name() -> None:
    assert words.call_state(CallState.ANSWERED_HERE, direction=Direction.INCOMING) == "You answered"
    assert words.line_of_text("department Sales") == "Sales line"
    assert words.line_of_text("unknown") == ""


@pytest.mark.parametrize(
    ("before", "text"),
    [
        (5, "just now"), (20 * 60, "20 min ago"), (3 * 3600, "today 12:00"), (25 * 3600, "yesterday 14:00"),
        (3 * 86400, "Monday 15:00"), (40 * 86400, "31 Jan"), (400 * 86400, "5 Feb 2025"),
    ],
)  # several to a line  # fmt: skip
def test_when_something_was(before: float, text: str) -> None:
    assert ago(NOW - before, NOW) == text


@pytest.mark.parametrize(("seconds", "text"), [(45, "45 s"), (240, "4 min"), (3900, "1 h 5 min")])
def test_how_long_somebody_spoke(seconds: float, text: str) -> None:
    assert lasted(seconds) == text


def test_running_timer() -> None:
    assert [running(s) for s in (0, 42, 725, 3723)] == ["0:00", "0:42", "12:05", "1:02:03"]
