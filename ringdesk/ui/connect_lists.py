"""What a sync did or would do, contact by contact: a list of deeds, and the contacts of the one that is chosen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from PySide6.QtCore import QSize, Slot
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from ringdesk.domain.values import dataclass
from ringdesk.ui.connect_rows import RowLine, RowList
from ringdesk.ui.connect_words import WOULD
from ringdesk.ui.theme import CONTROL, M, S, Theme
from ringdesk.ui.widgets_frame import column, row
from ringdesk.ui.widgets_text import PlainLabel, Role
from ringdesk.ui.words import QT_TRANSLATE_NOOP, count_text, say, shown

Line = tuple[str, str, str]
"""A deed, the id of a contact, its name."""

_FIRST: Final = ("deleted there", "deleted here", "asked about", "put up for review")
"""What one should see first stands at the top."""

SIDE: Final = 240


@dataclass(frozen=True, slots=True)
class Deeds:
    """One deed and its contacts; `count` may be more than are listed."""

    deed: str
    count: int
    lines: Sequence[Line]


def sorted_deeds(counts: Mapping[str, int], lines: Sequence[Line]) -> list[Deeds]:
    """The lines by deed: deletions and questions first, then as they are told."""
    by_deed: dict[str, list[Line]] = {}
    for line in lines:
        by_deed.setdefault(line[0], []).append(line)
    order = (*_FIRST, *(deed for deed in WOULD if deed not in _FIRST))
    named = [deed for deed in order if counts.get(deed) or deed in by_deed]
    return [Deeds(deed, max(counts.get(deed, 0), len(by_deed.get(deed, ()))), by_deed.get(deed, ())) for deed in named]


class DeedLists(QWidget):
    """Deeds at the left, their contacts at the right; worked by keyboard, quick at any length."""

    def __init__(self, theme: Theme, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._deeds: list[Deeds] = []
        self.deeds = QListWidget()
        self.deeds.setObjectName(f"{name}_deeds")
        self.deeds.setAccessibleName(self.tr("What happens"))
        self.deeds.setProperty("role", "boxed")
        self.deeds.setFixedWidth(SIDE)
        self.contacts = RowList(theme, f"{name}_contacts", self.tr("Contacts"), _line)
        self.contacts.setProperty("kind", "boxed")
        self.more = PlainLabel("", Role.SMALL)
        right = column(gap=S)
        right.addWidget(self.contacts, 1)
        right.addWidget(self.more)
        layout = row(self, gap=M)
        layout.addWidget(self.deeds)
        layout.addLayout(right, 1)
        self.deeds.currentRowChanged.connect(self._turned)

    def show_lines(self, counts: Mapping[str, int], lines: Sequence[Line]) -> None:
        """Show what was done with whom."""
        self._deeds = sorted_deeds(counts, lines)
        self.deeds.clear()
        for one in self._deeds:
            item = QListWidgetItem(f"{say(WOULD[one.deed])}  ({count_text(one.count)})")
            item.setSizeHint(QSize(SIDE - 3 * S, CONTROL + S))
            self.deeds.addItem(item)
        self.deeds.setCurrentRow(0 if self._deeds else -1)
        self._turned(self.deeds.currentRow())

    @property
    def empty(self) -> bool:
        """True where there is nothing to list."""
        return not self._deeds

    @Slot(int)
    def _turned(self, place: int) -> None:
        one = self._deeds[place] if 0 <= place < len(self._deeds) else None
        self.contacts.show_rows(one.lines if one else ())
        hidden = one.count - len(one.lines) if one else 0
        self.more.setText(self.tr("and {0} more").format(count_text(hidden)) if hidden > 0 else "")
        self.more.setVisible(hidden > 0)
        if one is not None:
            self.contacts.setAccessibleName(say(WOULD[one.deed]))


def _line(line: Line) -> RowLine:
    name = shown(line[2]) or say(QT_TRANSLATE_NOOP("words", "No name"))
    return RowLine(name, "", "person")
