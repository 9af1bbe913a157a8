"""Messages inside a window: the undo bar, and empty states that say what to do next."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from ringdesk.ui.theme import CONTROL, XL, XXL, L, M, S, Theme, Tint
from ringdesk.ui.widgets_button import Button
from ringdesk.ui.widgets_frame import Frame, Glyph, column
from ringdesk.ui.widgets_text import PlainLabel, Role

SHOWN_MS: Final = 12_000


class UndoBar(Frame):
    """Says what was done, with one button that takes it back; goes away by itself, or by Esc in its button."""

    undo_asked = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__("undo", parent, "undo_bar")
        self._text = PlainLabel("")
        self._undo = QPushButton(self.tr("&Undo"))
        self._undo.setObjectName("undo_button")
        self._undo.setAccessibleName(self.tr("Undo"))
        self._undo.setMinimumHeight(CONTROL)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.hide)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(L, S, S, S)
        layout.addWidget(self._text, 1)
        layout.addWidget(self._undo)
        self._undo.clicked.connect(self._clicked)
        self.hide()

    @property
    def text(self) -> str:
        """What the bar says."""
        return self._text.text()

    def say(self, text: str, *, undo: bool) -> None:
        """Show a sentence, with or without the button."""
        self._text.setText(text)
        self._undo.setVisible(undo)
        self.show()
        self.raise_()
        self._timer.start(SHOWN_MS)

    @Slot()
    def _clicked(self) -> None:
        self.hide()
        self.undo_asked.emit()


class Banners(QWidget):
    """Where banners stand, one below the other, across the top; it takes no place while none is shown."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._banners: list[QWidget] = []
        self._layout = column(self, margins=(L, M, L, M), gap=S)
        self.hide()

    def add(self, banner: QWidget) -> None:
        """Take a banner in, shown or hidden."""
        self._banners.append(banner)
        self._layout.addWidget(banner)
        banner.installEventFilter(self)
        self._look()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A banner was shown or hidden."""
        if event.type() in (QEvent.Type.ShowToParent, QEvent.Type.HideToParent):
            self._look()
        return super().eventFilter(watched, event)

    def _look(self) -> None:
        self.setVisible(any(not banner.isHidden() for banner in self._banners))


class EmptyState(QWidget):
    """What stands where nothing is: an icon, a sentence, what to do next."""

    def __init__(self, theme: Theme, icon: str, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setObjectName(name)
        self.headline = PlainLabel("", Role.TITLE, wrap=True)
        self.text = PlainLabel("", Role.SOFT, wrap=True)
        self._actions = QHBoxLayout()
        self._actions.setSpacing(M)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(XXL, XXL, XXL, XXL)
        layout.setSpacing(M)
        layout.addStretch(2)
        layout.addWidget(Glyph(theme, icon, tint=Tint.ACCENT, size=48), 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addSpacing(S)
        for label in (self.headline, self.text):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            layout.addWidget(label)
        layout.addSpacing(XL - M)
        middle = QHBoxLayout()
        middle.addStretch(1)
        middle.addLayout(self._actions)
        middle.addStretch(1)
        layout.addLayout(middle)
        self.quiet = PlainLabel("", Role.SMALL, wrap=True)
        self.quiet.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        layout.addSpacing(S)
        layout.addWidget(self.quiet)
        layout.addStretch(3)

    def action(self, text: str, name: str, *, role: str = "", icon: str = "") -> Button:
        """Add a button."""
        button = Button(self._theme, text, name, role=role, icon=icon)
        self._actions.addWidget(button)
        return button
