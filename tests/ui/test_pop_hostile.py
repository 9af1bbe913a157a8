"""The pop and five hundred hostile texts: only text is drawn, nothing grows, and the marker picture never appears."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication, QLabel

from ringdesk.desk.pops import Stack
from ringdesk.desk.popview import Phase, PopView
from ringdesk.ui.notify_words import Able, note_of
from ringdesk.ui.pop_screen import PopScreen
from ringdesk.ui.theme import Theme
from tests.ui.hostile import WANTED, corpus
from tests.ui.pop_views import NOW, a_call, a_candidate, a_view, unknown

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

MARKER = QColor("#ff00ff")
BYTES = b"\xff\x00\xff\xff"
"""The marker's colour as it lies in memory: blue, green, red, alpha."""


@pytest.fixture
def texts(tmp_path: Path) -> list[str]:
    image = QImage(300, 300, QImage.Format.Format_RGB32)
    image.fill(MARKER)
    image.save(str(tmp_path / "marker.png"))
    return corpus(str(tmp_path / "marker.png"))


@pytest.fixture
def screen(theme: Theme) -> Iterator[PopScreen]:
    made = PopScreen(theme, now=lambda: NOW, photo=lambda _: None)
    yield made
    made.show(Stack((), 0))
    for window in made._windows:
        window.deleteLater()
    made.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def drawn(image: QImage) -> bool:
    """Whether the marker's colour is anywhere in a picture."""
    whole = bytes(image.convertToFormat(QImage.Format.Format_ARGB32).constBits())
    at = whole.find(BYTES)
    while at >= 0 and at % 4:
        at = whole.find(BYTES, at + 1)
    return at >= 0


def views(text: str) -> list[PopView]:
    """Every place of a pop that foreign text comes to."""
    person = a_candidate("c1", text, text, text)
    return [
        a_view(a_call(name=text), person, note=text),
        unknown("1", name=text),
        replace(a_view(a_call(by=text), person), phase=Phase.ELSEWHERE, owner=text),
        a_view(a_call(name=text), *(a_candidate(f"c{n}", text, text, text) for n in range(3)), note=text),
    ]


def test_the_control_draws_the_marker(theme: Theme, texts: list[str]) -> None:
    """A bare label, as a program without care uses it, is caught by the same look."""
    label = QLabel()
    seen = 0
    for text in texts[:60]:
        label.setText(text)
        label.resize(320, 320)
        seen += drawn(label.grab().toImage())
    assert seen > 10


def test_five_hundred_texts_are_only_text(screen: PopScreen, texts: list[str]) -> None:
    assert len(texts) >= WANTED
    assert any(len(text) >= 1 << 20 for text in texts)
    for number, text in enumerate(texts):
        view = views(text)[number % 4]
        screen.show(Stack((), 0))
        screen.show(Stack((view,), 0))
        [window] = screen.windows
        assert not drawn(window.grab().toImage()), repr(text[:80])
        assert window.width() <= 380, repr(text[:80])
        assert window.height() < 400, repr(text[:80])
        for label in window.findChildren(QLabel):
            assert label.textFormat() is Qt.TextFormat.PlainText
            assert not set(label.text()) & set("\x00\x1b\u202e\u2066\u200b\ufeff"), repr(text[:80])


def test_five_hundred_texts_bring_no_markup_into_a_notification(texts: list[str]) -> None:
    for text in texts:
        for view in views(text)[:2]:
            note = note_of(view, Able(True, True, True), NOW, locked=False)
            assert note is not None
            assert "<" not in note.body, repr(text[:80])
            assert len(note.summary) + len(note.body) < 2000, repr(text[:80])
