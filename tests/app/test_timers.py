"""What is put off is done once, in order, unless it is called off or the rooms have closed."""

from __future__ import annotations

import uuid
from itertools import count
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from ringdesk.app.clockwork import RandomIds
from ringdesk.app.timers import QtTimers


def test_things_are_done_once_and_in_order(qtbot: QtBot) -> None:
    home, done = QObject(), list[str]()
    timers = QtTimers(home)
    timers.call_later(0.04, lambda: done.append("late"))
    timers.call_later(0.0, lambda: done.append("soon"))
    qtbot.waitUntil(lambda: "late" in done)
    assert done == ["soon", "late"]


def test_what_is_called_off_is_not_done(qtbot: QtBot) -> None:
    home, done = QObject(), list[str]()
    timers = QtTimers(home)
    first = timers.call_later(0.0, lambda: done.append("first"))
    timers.call_later(0.0, lambda: done.append("second")).cancel()
    qtbot.waitUntil(lambda: bool(done))
    kept = [timers.call_later(0.02, lambda: done.append("kept")) for _ in range(3)]
    first.cancel()  # over: its number may be another's by now
    qtbot.waitUntil(lambda: done.count("kept") == len(kept))
    assert done == ["first", "kept", "kept", "kept"]


def test_nothing_is_done_any_more_after_the_end(qtbot: QtBot) -> None:
    home, done = QObject(), list[str]()
    closed, running = QtTimers(home), QtTimers(home)
    closed.call_later(0.0, lambda: done.append("closed"))
    closed.stop()
    running.call_later(0.02, lambda: done.append("running"))
    qtbot.waitUntil(lambda: bool(done))
    assert done == ["running"]


def test_what_fails_is_told_to_the_hook_and_stops_nothing(qtbot: QtBot) -> None:
    home, done = QObject(), list[str]()
    timers = QtTimers(home)

    def fail() -> None:
        raise LookupError("no such thing")

    with qtbot.captureExceptions() as caught:
        timers.call_later(0.0, fail)
        timers.call_later(0.02, lambda: done.append("next"))
        qtbot.waitUntil(lambda: bool(done))
    assert [str(one[1]) for one in caught] == ["no such thing"]


def test_ids_are_random_uuids_that_sort_by_when_they_were_made(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = (1_767_225_600_000_000_000 + 1_000_000 * (turn // 100) for turn in count())
    monkeypatch.setattr("ringdesk.app.clockwork.time", SimpleNamespace(time_ns=lambda: next(clock)))
    made = [RandomIds().new() for _ in range(300)]
    assert len(set(made)) == len(made)
    assert max(made[:100]) < min(made[100:200]) < max(made[100:200]) < min(made[200:])
    assert {(uuid.UUID(id).version, uuid.UUID(id).variant, str(uuid.UUID(id)) == id) for id in made} == {
        (7, uuid.RFC_4122, True)
    }
