"""Pops as notifications, against a small notification service on a bus of the test's own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from ringdesk.desk.pops import Stack
from ringdesk.desk.popview import Action, Phase, PopView
from ringdesk.domain.call import CallState
from ringdesk.ui.desktop.bus import Bus
from ringdesk.ui.notify_screen import NotifyScreen
from ringdesk.ui.notify_words import Able, Urgency, note_of
from ringdesk.ui.pop_window import PopTaps
from tests.bus import NOTIFICATIONS, Notifications, Service, Shown, private_bus
from tests.ui.pop_views import NOW, a_call, a_candidate, a_view, all_views, chooser, unknown

EVERYTHING = Able(True, True, True)


class Desk:
    """Writes down what it is told."""

    def __init__(self) -> None:
        self.acts: list[tuple[str, Action, str]] = []
        self.more = 0

    def taps(self) -> PopTaps:
        return PopTaps(lambda *act: self.acts.append(act), lambda *_: None, lambda *_: None, self._more)

    def _more(self) -> None:
        self.more += 1


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def address(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    with private_bus() as made:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", made)
        yield made


@pytest.fixture
def daemon(address: str) -> Iterator[Notifications]:
    service = Service(address, NOTIFICATIONS)
    made = Notifications()
    made.serve(service)
    service.start()
    yield made
    service.stop()


@pytest.fixture
def screen(qtbot: QtBot, daemon: Notifications, desk: Desk) -> Iterator[NotifyScreen]:
    bus = Bus.session()
    assert bus is not None
    made = NotifyScreen(bus, desk.taps(), now=lambda: NOW)
    qtbot.waitUntil(lambda: made.service.able.actions)
    yield made
    bus.close()


def the_only(daemon: Notifications) -> Shown:
    [shown] = list(daemon.open.values())
    return shown


def up(screen: NotifyScreen, qtbot: QtBot) -> None:
    """All notifications are on the screen, and we know it."""
    shown = screen.service._shown
    qtbot.waitUntil(lambda: bool(shown) and all(one.number and not one.waiting for one in shown.values()))


def put(screen: NotifyScreen, *views: PopView) -> None:
    screen.show(Stack(views, 0))


def test_a_call_is_one_critical_notification_that_stays(
    screen: NotifyScreen, daemon: Notifications, qtbot: QtBot
) -> None:
    put(screen, a_view())
    qtbot.waitUntil(lambda: len(daemon.open) == 1)
    shown = the_only(daemon)
    assert shown.summary == "Jane Doe"
    assert shown.body.splitlines()[:2] == ["Ringing, Sales line", "Acme Trading Ltd, Head of purchasing"]
    assert (shown.hints["urgency"], shown.hints["category"], shown.lasts) == (2, "call.incoming", 0)
    assert shown.actions[0::2] == ["default", "ANSWER", "DECLINE", "OPEN", "COPY"]


def test_a_call_keeps_its_notification_until_it_ends(screen: NotifyScreen, daemon: Notifications, qtbot: QtBot) -> None:
    put(screen, a_view(note="first"))
    put(screen, a_view(note="second"))
    qtbot.waitUntil(lambda: bool(daemon.open) and "second" in the_only(daemon).body)
    put(screen, a_view(a_call(state=CallState.ANSWERED_HERE, answered=NOW - 4), phase=Phase.TALKING))
    qtbot.waitUntil(lambda: the_only(daemon).hints["urgency"] == 1)
    put(screen)
    qtbot.waitUntil(lambda: not daemon.open)
    assert daemon.ids == [1]


def test_a_call_that_ends_at_once_leaves_nothing(screen: NotifyScreen, daemon: Notifications, qtbot: QtBot) -> None:
    for n in range(20):
        put(screen, a_view(a_call(str(n))))
        put(screen)
    qtbot.waitUntil(lambda: len(daemon.closed) == 20)
    assert not daemon.open


def test_three_calls_are_three_notifications(screen: NotifyScreen, daemon: Notifications, qtbot: QtBot) -> None:
    views = [a_view(a_call(str(n))) for n in range(3)]
    for upto in range(1, 4):
        screen.show(Stack(tuple(views[:upto]), 0))
    screen.show(Stack(tuple(views), 2))
    qtbot.waitUntil(lambda: len(daemon.open) == 3 and any("+2 more" in s.body for s in daemon.open.values()))
    assert len(daemon.ids) == 3


def test_a_click_on_a_button_is_done_and_closes_nothing(
    screen: NotifyScreen, daemon: Notifications, desk: Desk, qtbot: QtBot
) -> None:
    put(screen, a_view())
    up(screen, qtbot)
    daemon.click(1, "ANSWER")
    qtbot.waitUntil(lambda: bool(desk.acts))
    qtbot.wait(50)
    assert desk.acts == [("1", Action.ANSWER, "")]
    put(screen, a_view(a_call(state=CallState.ANSWERED_HERE, answered=NOW), phase=Phase.TALKING))
    qtbot.wait(50)
    assert daemon.ids == [1]


def test_dismissing_it_closes_the_pop(screen: NotifyScreen, daemon: Notifications, desk: Desk, qtbot: QtBot) -> None:
    put(screen, a_view())
    up(screen, qtbot)
    daemon.dismiss(1)
    qtbot.waitUntil(lambda: desk.acts == [("1", Action.CLOSE, "")])


def test_a_choice_is_a_button(screen: NotifyScreen, daemon: Notifications, desk: Desk, qtbot: QtBot) -> None:
    put(screen, chooser("1", 2))
    up(screen, qtbot)
    keys = the_only(daemon).actions[0::2]
    assert [key for key in keys if key.startswith("pick:")] == ["pick:c0", "pick:c1"]
    daemon.click(1, "pick:c1", closes=False)
    qtbot.waitUntil(lambda: desk.acts == [("1", Action.PICK, "c1")])


def test_a_missed_call_stays_until_it_is_read(
    screen: NotifyScreen, daemon: Notifications, desk: Desk, qtbot: QtBot
) -> None:
    put(screen, a_view())
    put(screen, all_views()["missed"])
    qtbot.waitUntil(lambda: bool(daemon.open) and the_only(daemon).hints["category"] == "call.unanswered")
    assert (the_only(daemon).hints["urgency"], the_only(daemon).actions[0::2]) == (1, ["default"])
    put(screen)
    up(screen, qtbot)
    assert len(daemon.open) == 1
    daemon.click(1, "default")
    qtbot.waitUntil(lambda: desk.more == 1)
    assert daemon.ids == [1]


def test_a_locked_screen_shows_no_name(screen: NotifyScreen, daemon: Notifications, qtbot: QtBot) -> None:
    put(screen, all_views()["missed"])
    put(screen, replace(a_view(), id="2"))
    qtbot.waitUntil(lambda: len(daemon.open) == 2)
    screen.locked = True
    qtbot.waitUntil(lambda: {s.summary for s in daemon.open.values()} == {"Missed call", "Incoming call"})
    assert {(s.body, len(s.actions)) for s in daemon.open.values()} == {("", 0)}
    screen.locked = False
    qtbot.waitUntil(lambda: {s.summary for s in daemon.open.values()} == {"Jane Doe"})
    assert len(daemon.ids) == 2


def test_another_service_gets_what_is_up(
    screen: NotifyScreen, daemon: Notifications, address: str, qtbot: QtBot
) -> None:
    put(screen, a_view())
    qtbot.waitUntil(lambda: bool(daemon.open))
    assert daemon.service is not None
    daemon.service.stop()
    other = Service(address, NOTIFICATIONS)
    fresh = Notifications(capabilities=["body"])
    fresh.serve(other)
    other.start()
    qtbot.waitUntil(lambda: bool(fresh.open))
    assert the_only(fresh).actions == []
    other.stop()
    daemon.service._stopping.set()


def test_no_service_is_told(qtbot: QtBot, address: str, desk: Desk) -> None:
    bus = Bus.session()
    assert bus is not None
    lonely = NotifyScreen(bus, desk.taps(), now=lambda: NOW)
    with qtbot.waitSignal(lonely.missing):
        pass
    bus.close()


@pytest.mark.parametrize("markup", [True, False])
def test_foreign_text_is_never_markup(markup: bool) -> None:
    view = a_view(None, a_candidate(name="<b>&x", company='<img src="http://x/">'))
    note = note_of(view, Able(True, True, markup), NOW, locked=False)
    assert note is not None
    assert note.summary.startswith("<b>&x")  # the summary is plain by the specification
    assert ("<img" in note.body) is not markup
    assert ("&lt;img" in note.body) is markup


@pytest.mark.parametrize("name", sorted(all_views()))
def test_every_pop_has_its_notification_or_none(name: str) -> None:
    view = all_views()[name]
    note = note_of(view, EVERYTHING, NOW, locked=False)
    assert (note is None) is (view.phase in (Phase.STRIP, Phase.NOTE))
    if note is not None:
        assert note.summary
        assert len(note.actions) // 2 <= 5
        assert (note.urgency is Urgency.CRITICAL) is (view.phase is Phase.RINGING)


def test_a_service_without_a_body_gets_all_in_the_summary() -> None:
    note = note_of(unknown(name="MUELLER GMBH"), Able(), NOW, locked=False)
    assert note is not None
    assert (note.body, note.actions) == ("", ())
    assert "MUELLER GMBH" in note.summary
    assert "Ringing" in note.summary
