"""A screen of pops over a desk that only writes down what it is told, for the tests that ask for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from ringdesk.desk.pops import Stack
from ringdesk.desk.popview import Action, PopView
from ringdesk.ui.pop_screen import PopScreen
from ringdesk.ui.pop_window import PopTaps, PopWindow
from ringdesk.ui.theme import Theme
from tests.ui.pop_views import NOW, a_call, a_view


@dataclass
class Desk:
    """A desk that only writes down what it is told."""

    acts: list[tuple[str, Action, str]] = field(default_factory=list)
    hovers: list[tuple[str, bool]] = field(default_factory=list)
    writes: list[tuple[str, str, bool]] = field(default_factory=list)
    more: int = 0
    now: float = NOW

    def more_wanted(self) -> None:
        self.more += 1

    def taps(self) -> PopTaps:
        return PopTaps(
            lambda id, action, argument: self.acts.append((id, action, argument)),
            lambda id, on: self.hovers.append((id, on)),
            lambda id, text, writing: self.writes.append((id, text, writing)),
            self.more_wanted,
        )


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def screen(theme: Theme, desk: Desk) -> Iterator[PopScreen]:
    made = PopScreen(theme, now=lambda: desk.now, photo=lambda _: None)
    made.taps = desk.taps()
    yield made
    made.show(Stack((), 0))
    for window in made._windows:
        window.deleteLater()
    made.deleteLater()
    QApplication.processEvents()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def shown(screen: PopScreen, *views: PopView, more: int = 0) -> list[PopWindow]:
    screen.show(Stack(views, more))
    QApplication.processEvents()
    return screen.windows


def numbered(count: int) -> list[PopView]:
    return [a_view(a_call(str(n))) for n in range(count)]
