"""One theme for all ui tests, and a window over a book in memory."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from ringdesk.ui.theme import Theme
from tests.ui.desk_fixtures import Office


@pytest.fixture(scope="session")
def theme(qapp: QApplication) -> Theme:
    return Theme(qapp)


@pytest.fixture
def office(theme: Theme) -> Iterator[Office]:
    made = Office(theme)
    yield made
    for window in QApplication.topLevelWidgets():
        window.hide()
        window.deleteLater()
    QApplication.processEvents()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
