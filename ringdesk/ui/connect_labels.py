"""Choosing labels of a Google account: all contacts, or those of the labels that are ticked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QButtonGroup, QListView, QRadioButton, QWidget

from ringdesk.ui.connect_words import contacts_text
from ringdesk.ui.theme import CONTROL, S, Theme
from ringdesk.ui.widgets_frame import column
from ringdesk.ui.widgets_text import PlainLabel, Role
from ringdesk.ui.words import QT_TRANSLATE_NOOP, count_text, say, shown

Index = QModelIndex | QPersistentModelIndex
_NOWHERE: Final = QModelIndex()
_FLAGS: Final = Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsUserCheckable
SHOWN: Final = 6
"""Labels in sight at once."""


@dataclass(frozen=True, slots=True)
class LabelRow:
    """A label that can be chosen, and how many contacts are in it (None: nobody has counted)."""

    id: str
    name: str
    contacts: int | None = None


@dataclass(frozen=True, slots=True)
class PickerWords:
    """What a picker says: for all, for some, over the list, without any, for one that is gone (empty: its name)."""

    everything: str
    some: str
    title: str
    none: str
    gone: str = ""


LABELS: Final = PickerWords(
    QT_TRANSLATE_NOOP("words", "&All contacts"),
    QT_TRANSLATE_NOOP("words", "Only contacts with these &labels"),
    QT_TRANSLATE_NOOP("words", "Labels"),
    QT_TRANSLATE_NOOP("words", "This account has no labels yet. Make one in Google Contacts."),
    QT_TRANSLATE_NOOP("words", "A label that is no longer in Google"),
)
GROUPS: Final = PickerWords(
    QT_TRANSLATE_NOOP("words", "All &my contacts that have a name"),
    QT_TRANSLATE_NOOP("words", "Only contacts in these g&roups"),
    QT_TRANSLATE_NOOP("words", "Groups"),
    QT_TRANSLATE_NOOP("words", "There are no groups here yet. Add one in a contact's editor."),
)


class LabelsModel(QAbstractListModel):
    """Labels with a tick each."""

    ticked = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.labels: Sequence[LabelRow] = ()
        self.chosen: set[str] = set()

    def show(self, labels: Sequence[LabelRow], chosen: frozenset[str], gone: str = "") -> None:
        """Show these labels, and at the end, called `gone`, those that were chosen and are not there any more."""
        self.beginResetModel()
        lost = sorted(chosen - {one.id for one in labels})
        self.labels = (*labels, *(LabelRow(id, gone or id) for id in lost))
        self.chosen = set(chosen)
        self.endResetModel()

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        """How many labels there are."""
        return 0 if parent.isValid() else len(self.labels)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Every label can be ticked."""
        return _FLAGS if index.isValid() else Qt.ItemFlag.NoItemFlags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The name with its count, and the tick."""
        if not index.isValid() or index.row() >= len(self.labels):
            return None
        label = self.labels[index.row()]
        if role == Qt.ItemDataRole.CheckStateRole:
            return Qt.CheckState.Checked if label.id in self.chosen else Qt.CheckState.Unchecked
        if role == Qt.ItemDataRole.DisplayRole:
            return label_text(label)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            count = "" if label.contacts is None else contacts_text(label.contacts)
            return ", ".join(part for part in (shown(label.name), count) if part)
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Tick or untick."""
        if not index.isValid() or role != Qt.ItemDataRole.CheckStateRole:
            return False
        id = self.labels[index.row()].id
        if Qt.CheckState(value) == Qt.CheckState.Checked:
            self.chosen.add(id)
        else:
            self.chosen.discard(id)
        self.dataChanged.emit(index, index)
        self.ticked.emit()
        return True


class LabelsView(QListView):
    """The labels; Space ticks, Enter too, and so does a click anywhere on the row."""

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click beside the box ticks as one on the box does, which Qt sees to."""
        index = self.indexAt(event.position().toPoint())
        before = index.data(Qt.ItemDataRole.CheckStateRole) if index.isValid() else None
        pressed = self.currentIndex() == index and event.button() == Qt.MouseButton.LeftButton
        super().mouseReleaseEvent(event)
        if pressed and before is not None and index.data(Qt.ItemDataRole.CheckStateRole) == before:
            self._turn(index)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter ticks as Space does."""
        index = self.currentIndex()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and index.isValid():
            self._turn(index)
            return
        super().keyPressEvent(event)

    def _turn(self, index: QModelIndex) -> None:
        on = index.data(Qt.ItemDataRole.CheckStateRole) == Qt.CheckState.Checked
        state = Qt.CheckState.Unchecked if on else Qt.CheckState.Checked
        self.model().setData(index, state, Qt.ItemDataRole.CheckStateRole)


class LabelPicker(QWidget):
    """All contacts, or only those of chosen labels."""

    changed = Signal()

    def __init__(self, theme: Theme, name: str, words: PickerWords = LABELS, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._words = words
        self.everything = QRadioButton(say(words.everything))
        self.some = QRadioButton(say(words.some))
        self.none = PlainLabel("", Role.SMALL, wrap=True)
        self.none.setObjectName(f"{name}_none")
        self.model = LabelsModel(self)
        self.list = LabelsView()
        self._dress(name)
        layout = column(self, gap=S)
        for widget in (self.everything, self.some, self.list, self.none):
            layout.addWidget(widget)
        self.everything.toggled.connect(self._switched)
        self.model.ticked.connect(self.changed)
        self.everything.setChecked(True)

    def _dress(self, name: str) -> None:
        group = QButtonGroup(self)
        for button, end in ((self.everything, "all"), (self.some, "some")):
            button.setObjectName(f"{name}_{end}")
            button.setAccessibleName(button.text().replace("&", ""))
            group.addButton(button)
        self.list.setObjectName(f"{name}_list")
        self.list.setAccessibleName(say(self._words.title))
        self.list.setProperty("role", "boxed")
        self.list.setModel(self.model)
        self.list.setUniformItemSizes(True)
        self.list.setFixedHeight(SHOWN * (CONTROL + 2) + 2 * S)
        self.list.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)

    def show_labels(self, labels: Sequence[LabelRow], chosen: frozenset[str], total: int | None = None) -> None:
        """Show these labels, with those in `chosen` ticked; `total` contacts are in the account."""
        text = say(self._words.everything)
        self.everything.setText(text if total is None else f"{text} ({count_text(total)})")
        self.everything.setAccessibleName(self.everything.text().replace("&", ""))
        self.model.show(labels, chosen, say(self._words.gone))
        there = len(self.model.labels)
        self.some.setEnabled(there > 0)
        self.none.setText("" if there else say(self._words.none))
        self.none.setVisible(not there)
        (self.some if self.model.chosen else self.everything).setChecked(True)
        self.list.setFixedHeight(max(1, min(SHOWN, there)) * (CONTROL + 2) + 2 * S)
        self._switched()

    @property
    def labels(self) -> Sequence[LabelRow]:
        """The labels that can be chosen."""
        return self.model.labels

    @property
    def chosen(self) -> frozenset[str]:
        """Ids of the chosen labels; empty: all contacts."""
        return frozenset() if self.everything.isChecked() else frozenset(self.model.chosen)

    @property
    def lacks(self) -> bool:
        """True where labels are to be chosen and none is."""
        return self.some.isChecked() and not self.model.chosen

    @Slot()
    def _switched(self) -> None:
        self.list.setVisible(self.some.isChecked())
        self.changed.emit()


def label_text(label: LabelRow) -> str:
    """A label with its count: "Clients (12)"."""
    name = shown(label.name)
    return name if label.contacts is None else f"{name} ({count_text(label.contacts)})"
