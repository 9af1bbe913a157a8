"""Parts of the connect pages: the head of a page, a banner, the bar of buttons at its foot."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from ringdesk.ui.connect_mark import Mark
from ringdesk.ui.theme import XL, L, M, S, Theme, Tint, restyle
from ringdesk.ui.widgets_frame import Frame, Glyph, column, row
from ringdesk.ui.widgets_text import PlainLabel, Role

_BANNERS = {"good": ("check", Tint.GOOD), "warn": ("warning", Tint.WARN), "bad": ("warning", Tint.BAD)}


class Banner(Frame):
    """A sentence that must be seen; hidden while there is none. Kinds: note, good, warn, bad."""

    def __init__(self, theme: Theme, name: str, kind: str = "note", parent: QWidget | None = None) -> None:
        super().__init__("banner", parent, name)
        self.setProperty("kind", kind)
        icon, tint = _BANNERS.get(kind, ("info", Tint.SOFT))
        self._icon = Glyph(theme, icon, tint=tint)
        self._text = PlainLabel("", wrap=True)
        inside = row(self, margins=(M, S, M, S), gap=M)
        inside.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        inside.addWidget(self._text, 1)
        self.beside: QHBoxLayout = inside
        self.hide()

    @property
    def text(self) -> str:
        """What it says."""
        return self._text.text()

    def say(self, text: str, kind: str = "") -> None:
        """Say it; an empty text hides the banner."""
        if kind:
            restyle(self, "kind", kind)
            self._icon.set_icon(*_BANNERS.get(kind, ("info", Tint.SOFT)))
            restyle(self._text, "kind", kind)
        self._text.setText(text)
        self.setAccessibleName(text)
        self.setVisible(bool(text))


def page_head(headline: PlainLabel, text: PlainLabel) -> QWidget:
    """What stands at the top of whatever is about Google: its mark, a headline, a text."""
    head = QWidget()
    top = row(head, margins=(XL, XL, XL, M), gap=L)
    top.addWidget(Mark(32), 0, Qt.AlignmentFlag.AlignTop)
    words = column(gap=S)
    words.addWidget(headline)
    words.addWidget(text)
    top.addLayout(words, 1)
    return head


class ConnectPage(QWidget):
    """One page of the connect window: a head, a body that scrolls, and buttons at the foot."""

    def __init__(self, theme: Theme, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.setObjectName(name)
        self.headline = PlainLabel("", Role.TITLE, wrap=True)
        self.text = PlainLabel("", Role.SOFT, wrap=True)
        head = page_head(self.headline, self.text)
        inner = QWidget()
        inner.setProperty("role", "page")
        self.body: QVBoxLayout = column(inner, margins=(XL, S, XL, L), gap=M)
        self.area = QScrollArea()
        self.area.setWidget(inner)
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        bar = Frame("bar")
        self.buttons: QHBoxLayout = row(bar, margins=(XL, M, XL, M), gap=S)
        layout = column(self, gap=0)
        layout.addWidget(head)
        layout.addWidget(self.area, 1)
        layout.addWidget(bar)

    def say(self, headline: str, text: str) -> None:
        """Say what the page is about."""
        self.headline.setText(headline)
        self.text.setText(text)
        self.text.setVisible(bool(text))
        self.setAccessibleName(headline)
        self.setAccessibleDescription(text)

    def card(self, title: str = "", text: str = "") -> QVBoxLayout:
        """A card on the page; gives the layout inside it."""
        frame = Frame("card")
        layout = column(frame, margins=(L, L, L, L), gap=S)
        if title:
            layout.addWidget(PlainLabel(title, Role.STRONG))
        if text:
            layout.addWidget(PlainLabel(text, Role.SMALL, wrap=True))
        self.body.addWidget(frame)
        return layout

    def begin(self) -> None:
        """Put the keyboard where one begins on this page."""
