"""A line of the list looks the same at its first paint, which is the quick one, and at every later one."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QColor, QImage, QPainter

from ringdesk.ui.contacts_delegate import Line, Writing
from ringdesk.ui.theme import Text, Theme

TEXTS = [
    "Jane Doe", "AVATAR To. Yo", "Łukasz Grażyna  ·  +48 22 123", "Ibáñez, Núñez…", "山田 太郎", "עברית שלום",
    "العربية", "अनन्या", "😀 ok",
]  # several to a line  # fmt: skip


def painted(line: Line, writing: Writing) -> QImage:
    image = QImage(300, 60, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    painter.setFont(writing.font)
    painter.setPen(QColor("black"))
    line.paint(painter, 10, 10, writing.ascent)
    painter.end()
    return image


@pytest.mark.parametrize("role", [Text.STRONG, Text.SMALL])
@pytest.mark.parametrize("text", TEXTS)
def test_the_second_paint_is_as_the_first(theme: Theme, text: str, role: Text) -> None:
    for pixels in (9, 11, 13, 17, 26):
        font = theme.font(role)
        font.setPixelSize(pixels)
        line, writing = Line(text), Writing(font)
        first = painted(line, writing)
        assert first != painted(Line(""), writing)
        assert painted(line, writing) == first
        assert painted(line, writing) == first
