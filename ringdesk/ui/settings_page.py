"""What pages of the settings window are made of: a headline, fields with a hint and a place for what is wrong."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QFrame, QScrollArea, QSpinBox, QVBoxLayout, QWidget

from ringdesk.desk.preferences import Preferences, Problem
from ringdesk.ui.settings_words import TITLES, fault
from ringdesk.ui.theme import XL, XS, L, M, S, Theme, restyle
from ringdesk.ui.widgets_frame import Frame, column
from ringdesk.ui.widgets_text import PlainLabel, Role
from ringdesk.ui.words import say


class Field(QWidget):
    """A control with its label above, a hint below, and a line that says what is wrong with it."""

    def __init__(self, label: str, control: QWidget, hint: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.control = control
        self._label = PlainLabel(label, Role.STRONG)
        self._label.setBuddy(control)
        self._wrong = PlainLabel("", Role.BAD, wrap=True)
        self._wrong.setObjectName(f"{control.objectName()}_wrong")
        self._wrong.hide()
        if not control.accessibleName():
            control.setAccessibleName(label.replace("&", ""))
        if isinstance(control, QComboBox) and (inner := control.lineEdit()) is not None:
            inner.setAccessibleName(control.accessibleName())
        layout = column(self, gap=XS)
        layout.addWidget(self._label)
        layout.addWidget(control)
        if hint:
            control.setAccessibleDescription(hint)
            layout.addWidget(PlainLabel(hint, Role.SMALL, wrap=True))
        layout.addWidget(self._wrong)

    @property
    def wrong(self) -> str:
        """What is said to be wrong."""
        return self._wrong.text()

    def mark(self, text: str) -> None:
        """Say what is wrong; an empty text takes it back."""
        self._wrong.setText(text)
        self._wrong.setVisible(bool(text))
        restyle(self.control, "wrong", bool(text))


class Page(QScrollArea):
    """One page. It shows preferences, gives them back with its own part changed, and shows what is wrong with them."""

    def __init__(self, theme: Theme, name: str, parent: QWidget | None = None) -> None:
        """`name` is the object name; the title of a page is looked up by it."""
        super().__init__(parent)
        title = say(TITLES.get(name, name))
        self.theme = theme
        self.setObjectName(name)
        self.setAccessibleName(title)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inner = QWidget()
        inner.setProperty("role", "page")
        self.body: QVBoxLayout = column(inner, margins=(XL, XL, XL, XL), gap=L)
        self.body.addWidget(PlainLabel(title, Role.TITLE))
        self.setWidget(inner)

    def card(self, title: str = "", text: str = "") -> QVBoxLayout:
        """A card on the page; gives the layout inside it."""
        frame = Frame("card")
        layout = column(frame, margins=(L, L, L, L), gap=M)
        if title:
            layout.addWidget(PlainLabel(title, Role.STRONG))
        if text:
            layout.addWidget(PlainLabel(text, Role.SMALL, wrap=True))
        layout.setSpacing(S + XS)
        self.body.addWidget(frame)
        return layout

    def fill_up(self) -> None:
        """Call it after the last card: what is left of the page stays empty."""
        self.body.addStretch(1)

    def take(self, kept: Preferences) -> None:
        """Show these preferences."""

    def give(self, chosen: Preferences) -> Preferences:
        """The preferences with this page's part as it is now."""
        return chosen

    @property
    def changed(self) -> bool:
        """True while a page that keeps something besides the preferences holds what is not kept yet."""
        return False

    def lacks(self) -> QWidget | None:
        """The control to go to where such a page cannot be kept as it is."""
        return None

    def saved(self) -> None:
        """Everything was saved: a page that keeps something besides the preferences keeps it now."""

    def mark(self, problems: Sequence[Problem]) -> QWidget | None:
        """Show the problems of this page; gives the control to go to, None where the page has none."""
        return None


def number_box(name: str, low: int, high: int, suffix: str = "") -> QSpinBox:
    """A box for a number from `low` to `high`."""
    box = QSpinBox()
    box.setObjectName(name)
    box.setRange(low, high)
    box.setSuffix(suffix)
    box.setMaximumWidth(200)
    box.lineEdit().setTextMargins(S, 0, S, 0)
    return box


def mark_fields(fields: dict[str, Field], problems: Sequence[Problem]) -> QWidget | None:
    """Mark single fields by the names of `Problem.where`."""
    first: QWidget | None = None
    by_place = {problem.where: problem for problem in problems if problem.row < 0}
    for name, field in fields.items():
        problem = by_place.get(name)
        field.mark(fault(problem.fault) if problem else "")
        if problem and first is None:
            first = field.control
    return first
