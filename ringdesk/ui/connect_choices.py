"""The choices of how an account is synced, as controls: each shows a part of `domain.choices.Choices`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from enum import Enum
from typing import Final, TypeVar

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QCheckBox, QComboBox, QWidget

from ringdesk.desk.connecting import SUGGESTED_SHARE_LABEL
from ringdesk.domain.account import EVERY
from ringdesk.domain.replica import Clash, Direction, GoneThere, Policy
from ringdesk.ui.connect_labels import LabelRow
from ringdesk.ui.theme import CONTROL, S, Theme
from ringdesk.ui.widgets_frame import column
from ringdesk.ui.widgets_text import PlainLabel, Role
from ringdesk.ui.words import QT_TRANSLATE_NOOP, count_text, say, shown

NAMED: Final = 3
"""Labels that are named in a sentence."""

E = TypeVar("E", bound=Enum)

DIRECTIONS: Final[Mapping[Direction, str]] = {
    Direction.BOTH: QT_TRANSLATE_NOOP("words", "Both ways: edits here go to Google, edits there come here"),
    Direction.FROM: QT_TRANSLATE_NOOP("words", "Only from Google: nothing is changed there"),
    Direction.TO: QT_TRANSLATE_NOOP("words", "Only to Google: nothing is changed here"),
}
CLASHES: Final[Mapping[Clash, str]] = {
    Clash.RECENT: QT_TRANSLATE_NOOP("words", "The most recent edit wins"),
    Clash.MINE: QT_TRANSLATE_NOOP("words", "RingDesk wins"),
    Clash.THEIRS: QT_TRANSLATE_NOOP("words", "Google wins"),
    Clash.ASK: QT_TRANSLATE_NOOP("words", "Ask me"),
}
GONE_THERE: Final[Mapping[GoneThere, str]] = {
    GoneThere.REVIEW: QT_TRANSLATE_NOOP("words", "List it under “Removed in Google”, so that I decide"),
    GoneThere.DELETE: QT_TRANSLATE_NOOP("words", "Delete it here too"),
    GoneThere.KEEP: QT_TRANSLATE_NOOP("words", "Keep it here"),
}


class EnumBox(QComboBox):
    """One of a few choices, each with its sentence."""

    def __init__(self, name: str, choices: Mapping[E, str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        for choice, text in choices.items():
            self.addItem(say(text), choice)

    def choose(self, choice: Enum) -> None:
        """Show a choice."""
        for place in range(self.count()):
            if self.itemData(place) is choice:
                self.setCurrentIndex(place)

    @property
    def choice(self) -> Enum:
        """What is chosen."""
        chosen: Enum = self.currentData()
        return chosen


class EveryBox(QComboBox):
    """How often a sync comes by itself."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        for minutes in EVERY:
            self.addItem(every_text(minutes), minutes)

    def choose(self, minutes: int | None) -> None:
        """Show the minutes; None is only by hand."""
        self.setCurrentIndex(EVERY.index(minutes))

    @property
    def minutes(self) -> int | None:
        """The minutes that are chosen; None: only by hand."""
        return EVERY[self.currentIndex()]


class LandingBox(QComboBox):
    """The label that contacts made here land in."""

    def show_labels(self, labels: Sequence[LabelRow], landing: str) -> None:
        """Offer these labels, and none."""
        self.clear()
        self.addItem(self.tr("No label"), "")
        for label in labels:
            self.addItem(shown(label.name), label.id)
        self.setCurrentIndex(max(0, self.findData(landing)))

    @property
    def landing(self) -> str:
        """The id of the chosen label, or nothing."""
        return str(self.currentData() or "")


class OutwardBox(QComboBox):
    """Which contacts of this desk go to Google, where labels are chosen: those in groups of these names, or all."""

    def show_names(self, names: Sequence[str]) -> None:
        """Offer the groups of these names, and all contacts; what was chosen stays chosen."""
        place = max(0, self.currentIndex())
        self.clear()
        listed = ", ".join(f"“{shown(name, 30)}”" for name in names[:NAMED])
        if len(names) > NAMED:
            listed += " …"
        self.addItem(self.tr("Only contacts in the group {0} here").format(listed))
        self.addItem(self.tr("All my contacts that have a name; they get the label below"))
        self.setCurrentIndex(place)

    @property
    def everything(self) -> bool:
        """True where all go."""
        return self.currentIndex() == 1


class ShareLabel(QWidget):
    """Whether the members of one label are shared with coworkers. Off until the user asks for it."""

    changed = Signal()

    def __init__(self, theme: Theme, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.on = QCheckBox(self.tr("&Share the contacts of one label with coworkers"))
        self.on.setObjectName(f"{name}_on")
        self.on.setAccessibleName(self.on.text().replace("&", ""))
        self.label = QComboBox()
        self.label.setObjectName(f"{name}_label")
        self.label.setAccessibleName(self.tr("Label whose contacts are shared"))
        self.label.setEditable(True)
        self.label.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.label.setMinimumHeight(CONTROL)
        if (inner := self.label.lineEdit()) is not None:
            inner.setAccessibleName(self.label.accessibleName())
        self._hint = PlainLabel("", Role.SMALL, wrap=True)
        self._hint.setText(
            self.tr(
                "Every coworker sees them, with names, numbers, e-mails and addresses. "
                "Ticking “Clients: share with coworkers” on a contact adds this label in Google."
            )
        )
        self._off = PlainLabel(self.tr("Nothing is shared. Connecting Google shares nothing by itself."), Role.SMALL)
        layout = column(self, gap=S)
        for widget in (self.on, self.label, self._hint, self._off):
            layout.addWidget(widget)
        self.on.toggled.connect(self._switched)
        self.label.editTextChanged.connect(self.changed)
        self._switched()

    def show_labels(self, labels: Sequence[LabelRow], share_label: str) -> None:
        """Offer these labels; `share_label` is the one in use, or nothing."""
        self.label.clear()
        names = dict.fromkeys(
            (*([share_label] if share_label else []), SUGGESTED_SHARE_LABEL, *(one.name for one in labels))
        )
        self.label.addItems([shown(name) for name in names])
        self.label.setCurrentIndex(0)
        self.on.setChecked(bool(share_label))
        self._switched()

    @property
    def share_label(self) -> str:
        """The label whose members are shared, or nothing."""
        return self.label.currentText().strip() if self.on.isChecked() else ""

    @property
    def lacks(self) -> bool:
        """True where a label is to be named and none is."""
        return self.on.isChecked() and not self.label.currentText().strip()

    @Slot()
    def _switched(self) -> None:
        on = self.on.isChecked()
        self.label.setVisible(on)
        self._hint.setVisible(on)
        self._off.setVisible(not on)
        self.changed.emit()


def checkbox(name: str, text: str) -> QCheckBox:
    """A box with its name for screen readers."""
    box = QCheckBox(text)
    box.setObjectName(name)
    box.setAccessibleName(text.replace("&", ""))
    return box


def every_text(minutes: int | None) -> str:
    """How often, in words."""
    if minutes is None:
        return say(QT_TRANSLATE_NOOP("words", "Only when I press “Sync now”"))
    if minutes == 1:
        return say(QT_TRANSLATE_NOOP("words", "Every minute"))
    if minutes == 60:
        return say(QT_TRANSLATE_NOOP("words", "Every hour"))
    return say(QT_TRANSLATE_NOOP("words", "Every %1 minutes"), count_text(minutes))


def with_labels(policy: Policy, labels: Sequence[LabelRow], chosen: frozenset[str]) -> Policy:
    """The policy with these labels chosen; contacts made here land in the first of them, where they had no place."""
    landing = policy.landing if policy.landing in chosen or not chosen else ""
    first = next((one.id for one in labels if one.id in chosen), "")
    return replace(policy, labels=chosen, landing=landing or first)
