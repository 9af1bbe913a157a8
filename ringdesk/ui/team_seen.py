"""What do coworkers see? Exactly the fields of a contact that leave this desk, all I share, and what else may leave."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QCheckBox, QDialog, QListWidget, QListWidgetItem, QScrollArea, QStackedWidget, QWidget

from ringdesk.domain.card import Card
from ringdesk.domain.contact import ContactRow
from ringdesk.domain.team import BY_CHOICE
from ringdesk.domain.values import dataclass
from ringdesk.ui.contacts_fields import CardFields, lines
from ringdesk.ui.contacts_history import field_name
from ringdesk.ui.contacts_model import shown_name
from ringdesk.ui.theme import CONTROL, XL, L, M, S, Theme
from ringdesk.ui.widgets_bars import EmptyState
from ringdesk.ui.widgets_button import Button
from ringdesk.ui.widgets_flow import FlowLayout
from ringdesk.ui.widgets_frame import Frame, column, row
from ringdesk.ui.widgets_text import PlainLabel, Role
from ringdesk.ui.words import QT_TRANSLATE_NOOP, counted, shown

_SHARED: Final = (
    QT_TRANSLATE_NOOP("words", "You share %n contact"),
    QT_TRANSLATE_NOOP("words", "You share %n contacts"),
)


@dataclass(frozen=True, slots=True)
class Seeing:
    """What the window asks of the program.

    `seen` gives the part of a contact that coworkers see, `shared` all contacts that I share, `chosen` the fields
    that are shown besides the usual ones; `choose` shows others from now on.
    """

    seen: Callable[[str], Card | None]
    shared: Callable[[], Sequence[ContactRow]]
    chosen: Callable[[], frozenset[str]]
    choose: Callable[[frozenset[str]], None]


class SeenDialog(QDialog):
    """All I share at the left, what is seen of one at the right, and below what else the user wants to be seen."""

    def __init__(self, theme: Theme, region: str, seeing: Seeing, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("what_coworkers_see")
        self.setWindowTitle(self.tr("What do coworkers see?"))
        self.setAccessibleName(self.windowTitle())
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(820, 680)
        self._theme, self._region, self._seeing = theme, region, seeing
        self.all = QListWidget()
        self.all.setObjectName("all_i_share")
        self.all.setAccessibleName(self.tr("All you share"))
        self.name = PlainLabel("", Role.TITLE, wrap=True)
        self.fields = CardFields(theme)
        self.count = PlainLabel("", Role.STRONG)
        self.boxes: dict[str, QCheckBox] = {}
        self._lay_out(theme)
        self.all.currentItemChanged.connect(lambda item, _: self._show(item))

    def _lay_out(self, theme: Theme) -> None:
        layout = column(self, margins=(XL, XL, XL, L), gap=L)
        text = self.tr(
            "These fields, and nothing else of a contact, leave this desk. Calls with them from the moment "
            "you share, and notes written in a call, are seen too unless you keep the call private; earlier ones where "
            "you say so in the contact's details. Whoever runs the team's database can read it all. "
            "Pictures, marks and your other notes stay here."
        )
        layout.addWidget(PlainLabel(text, Role.SOFT, wrap=True))
        self._pages = QStackedWidget()
        self._pages.addWidget(self._both())
        nothing = EmptyState(theme, "share", "nothing_shared")
        nothing.headline.setText(self.tr("You share nothing"))
        nothing.text.setText(self.tr("Tick Clients on a contact, or choose several in the list and tick it for all."))
        self._pages.addWidget(nothing)
        layout.addWidget(self._pages, 1)
        layout.addWidget(self._choices())
        close = Button(theme, self.tr("&Close"), "seen_close", role="primary")
        close.clicked.connect(self.accept)
        foot = row()
        foot.addStretch(1)
        foot.addWidget(close)
        layout.addLayout(foot)

    def _both(self) -> QWidget:
        page = QWidget()
        both = row(page, gap=L)
        left = column(gap=S)
        left.addWidget(self.count)
        left.addWidget(self.all, 1)
        both.addLayout(left, 2)
        card = Frame("card")
        inside = column(card, margins=(XL, L, XL, L), gap=M)
        inside.addWidget(self.name)
        inside.addWidget(self.fields)
        inside.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(card)
        scroll.setAccessibleName(self.tr("What is seen of the contact"))
        both.addWidget(scroll, 3)
        return page

    def _choices(self) -> QWidget:
        card = Frame("card")
        inside = column(card, margins=(XL, M, XL, M), gap=S)
        inside.addWidget(PlainLabel(self.tr("Let coworkers also see, of all you share:"), Role.STRONG))
        boxes = QWidget()
        flow = FlowLayout(M, boxes)
        chosen = self._seeing.chosen()
        for field in BY_CHOICE:
            box = QCheckBox(field_name(field))
            box.setObjectName(f"also_{field}")
            box.setAccessibleName(self.tr("Let coworkers also see: {0}").format(field_name(field)))
            box.setChecked(field in chosen)
            box.setMinimumHeight(CONTROL)
            box.clicked.connect(self._choose)
            self.boxes[field] = box
            flow.addWidget(box)
        inside.addWidget(boxes)
        return card

    def show_contact(self, id: str) -> None:
        """List all that is shared and show what is seen of one; of the first where that is none of them."""
        self.all.clear()
        rows = self._seeing.shared()
        self.count.setText(counted(*_SHARED, len(rows)))
        self._pages.setCurrentIndex(0 if rows else 1)
        current = 0
        for place, contact in enumerate(rows):
            item = QListWidgetItem(shown_name(contact))
            item.setData(Qt.ItemDataRole.UserRole, contact.id)
            self.all.addItem(item)
            current = place if contact.id == id else current
        self.all.setCurrentRow(current)

    @Slot()
    def _choose(self) -> None:
        self._seeing.choose(frozenset(field for field, box in self.boxes.items() if box.isChecked()))
        self._show(self.all.currentItem())

    def _show(self, item: QListWidgetItem | None) -> None:
        card = None if item is None else self._seeing.seen(str(item.data(Qt.ItemDataRole.UserRole)))
        self.name.setText("" if card is None else shown(card.display_name))
        found = () if card is None else lines(card, self._region)
        self.fields.show_lines(tuple(replace(line, link="", copy="", dial="") for line in found))
