"""News of contacts: one is shown at once, a stream of them a few times a second, and never before a pop or a letter."""

from __future__ import annotations

import time

import pytest
from pytestqt.qtbot import QtBot

from ringdesk.domain.rightofway import Cause, RightOfWay
from ringdesk.ui import contacts_news
from ringdesk.ui.contacts_news import MOMENT_MS, STREAM_MS, GatheredNews


class Reader:
    """Keeps what was read, and when."""

    def __init__(self) -> None:
        self.read: list[frozenset[str]] = []
        self.at: list[float] = []
        self.selected = ""
        self.news = GatheredNews(self._take, lambda ids: self.selected in ids)

    def _take(self, ids: frozenset[str]) -> None:
        self.read.append(ids)
        self.at.append(time.monotonic())


@pytest.fixture
def reader(qtbot: QtBot) -> Reader:
    return Reader()


def way_of(monkeypatch: pytest.MonkeyPatch, longest: float) -> RightOfWay:
    """A right of way of the test's own."""
    way = RightOfWay(longest)
    monkeypatch.setattr(contacts_news, "WINDOW", way)
    return way


def test_the_first_is_read_at_once(reader: Reader, qtbot: QtBot) -> None:
    reader.news.take(frozenset({"a"}))
    assert reader.news._timer.interval() == 0
    qtbot.waitUntil(lambda: reader.read == [{"a"}])


def test_a_stream_is_read_a_few_times_a_second_and_nobody_is_left_out(reader: Reader, qtbot: QtBot) -> None:
    sent = 0
    until = time.monotonic() + 3 * STREAM_MS / 1000
    while time.monotonic() < until:
        reader.news.take(frozenset({str(sent)}), more=True)
        sent += 1
        qtbot.wait(5)
    qtbot.waitUntil(lambda: frozenset().union(*reader.read) == {str(number) for number in range(sent)})
    pauses = [after - before for before, after in zip(reader.at, reader.at[1:], strict=False)]
    assert pauses
    assert min(pauses) > 0.9 * STREAM_MS / 1000


def test_whom_the_user_looks_at_is_read_sooner(reader: Reader, qtbot: QtBot) -> None:
    reader.selected = "me"
    reader.news.take(frozenset({"a"}))
    qtbot.waitUntil(lambda: len(reader.read) == 1)
    reader.news.take(frozenset({"b"}), more=True)
    left = reader.news._timer.remainingTime()
    reader.news.take(frozenset({"me"}), more=True)
    assert reader.news._timer.remainingTime() < left
    qtbot.waitUntil(lambda: reader.read == [{"a"}, {"b", "me"}])


def test_what_somebody_does_is_read_soon_whoever_it_is_about(reader: Reader, qtbot: QtBot) -> None:
    """Coworkers' boxes, ticked one after the other, came to a row only every 200 ms."""
    reader.news.take(frozenset({"a"}))
    qtbot.waitUntil(lambda: len(reader.read) == 1)
    reader.news.take(frozenset(map(str, range(100))))
    assert reader.news._timer.remainingTime() > MOMENT_MS
    reader.news.take(frozenset({"b"}))
    assert reader.news._timer.remainingTime() <= MOMENT_MS


def test_where_anybody_may_have_changed_all_are_read(reader: Reader, qtbot: QtBot) -> None:
    reader.news.take(frozenset({"a"}))
    reader.news.take(frozenset())
    reader.news.take(frozenset({"b"}))
    qtbot.waitUntil(lambda: reader.read == [frozenset()])


def test_a_pop_that_comes_up_goes_first(reader: Reader, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    way = way_of(monkeypatch, 30.0)
    way.take(Cause.POP)
    reader.news.take(frozenset({"a"}))
    qtbot.wait(50)
    assert reader.read == []
    way.give(Cause.POP)
    qtbot.waitUntil(lambda: reader.read == [{"a"}])


def test_a_pop_that_is_never_painted_holds_nothing_up(
    reader: Reader, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    way_of(monkeypatch, 0.02).take(Cause.POP)
    reader.news.take(frozenset({"a"}))
    qtbot.waitUntil(lambda: reader.read == [{"a"}])


def test_nothing_is_read_when_the_window_has_closed_for_good(reader: Reader, qtbot: QtBot) -> None:
    reader.news.take(frozenset({"a"}))
    reader.news.rest()
    reader.news.rest()
    reader.news.take(frozenset({"b"}))
    qtbot.wait(50)
    assert reader.read == []
