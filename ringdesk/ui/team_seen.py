"""What do coworkers see? Exactly the fields of a contact that leave this desk, and a list of all I share."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QListWidget, QListWidgetItem, QWidget

from ringdesk.domain.card import Card
from ringdesk.domain.contact import ContactRow
from ringdesk.ui.contacts_fields import CardFields, lines
from ringdesk.ui.contacts_model import shown_name
from ringdesk.ui.theme import XL, L, M, S, Theme
from ringdesk.ui.widgets_button import Button
from ringdesk.ui.widgets_frame import Frame, column, row
from ringdesk.ui.widgets_text import PlainLabel, Role
from ringdesk.ui.words import shown


class SeenDialog(QDialog):
    """`seen` gives the part of a contact that coworkers see; `shared` all contacts that I share."""

    def __init__(
        self,
        theme: Theme,
        region: str,
        seen: Callable[[str], Card | None],
        shared: Callable[[], list[ContactRow]],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("what_coworkers_see")
        self.setWindowTitle(self.tr("What do coworkers see?"))
        self.setAccessibleName(self.windowTitle())
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(760, 520)
        self._theme, self._region, self._seen, self._shared = theme, region, seen, shared
        self.all = QListWidget()
        self.all.setObjectName("all_i_share")
        self.all.setAccessibleName(self.tr("All you share"))
        self.name = PlainLabel("", Role.TITLE, wrap=True)
        self.fields = CardFields(theme)
        self.count = PlainLabel("", Role.STRONG)
        self._lay_out(theme)
        self.all.currentItemChanged.connect(lambda item, _: self._show(item))

    def _lay_out(self, theme: Theme) -> None:
        layout = column(self, margins=(XL, XL, XL, L), gap=M)
        layout.addWidget(
            PlainLabel(
                self.tr(
                    "These fields, and nothing else of a contact, leave this desk. Whoever runs the team's database "
                    "can read them too. Your own notes, pictures and marks stay here."
                ),
                Role.SOFT,
                wrap=True,
            )
        )
        both = row(gap=L)
        left = column(gap=S)
        left.addWidget(self.count)
        left.addWidget(self.all, 1)
        both.addLayout(left, 2)
        card = Frame("card")
        inside = column(card, margins=(XL, L, XL, L), gap=M)
        inside.addWidget(self.name)
        inside.addWidget(self.fields)
        inside.addStretch(1)
        both.addWidget(card, 3)
        layout.addLayout(both, 1)
        close = Button(theme, self.tr("&Close"), "seen_close", role="primary")
        close.clicked.connect(self.accept)
        foot = row()
        foot.addStretch(1)
        foot.addWidget(close)
        layout.addLayout(foot)

    def show_contact(self, id: str) -> None:
        """List all that is shared and show what is seen of one."""
        self.all.clear()
        rows = self._shared()
        self.count.setText(self.tr("All you share: {0}").format(len(rows)))
        for one in rows:
            item = QListWidgetItem(shown_name(one))
            item.setData(Qt.ItemDataRole.UserRole, one.id)
            self.all.addItem(item)
            if one.id == id:
                self.all.setCurrentItem(item)

    def _show(self, item: QListWidgetItem | None) -> None:
        card = None if item is None else self._seen(str(item.data(Qt.ItemDataRole.UserRole)))
        self.name.setText("" if card is None else shown(card.display_name))
        self.fields.show_lines(() if card is None else tuple(lines(card, self._region)))
