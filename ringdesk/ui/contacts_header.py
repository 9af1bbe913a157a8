"""The top of the details pane: who it is, at a glance, and what can be done."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from ringdesk.desk.contacts import Details
from ringdesk.desk.holders import Holder
from ringdesk.domain.contact import Contact, Coworker, Unclaimed
from ringdesk.domain.numbering import parse
from ringdesk.domain.ownership import Deed
from ringdesk.domain.words import side_by_side
from ringdesk.ui.theme import AVATAR_PAGE, XL, XS, M, S, Theme, Tint
from ringdesk.ui.widgets_avatar import Avatar
from ringdesk.ui.widgets_button import Button, IconButton
from ringdesk.ui.widgets_flow import FlowLayout
from ringdesk.ui.widgets_frame import clear, column, row
from ringdesk.ui.widgets_text import PlainLabel, Role
from ringdesk.ui.words import QT_TRANSLATE_NOOP, number, owner, say, shown


class Header(QWidget):
    """Avatar, name, role and company, chips, and the buttons."""

    edit_asked = Signal()
    delete_asked = Signal()
    call_asked = Signal()
    copy_asked = Signal()
    vip_asked = Signal(bool)
    block_asked = Signal(bool)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.avatar = Avatar(theme, AVATAR_PAGE)
        self.name = PlainLabel("", Role.HEADLINE, wrap=True, selectable=True)
        self.name.setObjectName("details_name")
        self.work = PlainLabel("", Role.SOFT, wrap=True, selectable=True)
        self.work.setObjectName("details_work")
        self.chips = FlowLayout(S)
        self._make_buttons(theme)
        texts = column(gap=XS)
        texts.addStretch(1)
        texts.addWidget(self.name)
        texts.addWidget(self.work)
        texts.addSpacing(XS)
        texts.addLayout(self.chips)
        texts.addStretch(1)
        top = row(gap=XL)
        top.addWidget(self.avatar, 0, Qt.AlignmentFlag.AlignTop)
        top.addLayout(texts, 1)
        layout = column(self, gap=M)
        layout.addLayout(top)
        layout.addLayout(self._button_row())

    def _make_buttons(self, theme: Theme) -> None:
        self.edit = Button(theme, self.tr("&Edit"), "edit_contact", role="primary", icon="edit")
        self.call = Button(theme, self.tr("Ca&ll"), "call_contact", icon="phone")
        self.copy = Button(theme, self.tr("C&opy number"), "copy_number", icon="copy")
        self.vip = IconButton(theme, "star", self.tr("VIP"), "vip_toggle")
        self.block = IconButton(theme, "block", self.tr("Block: calls do not pop"), "block_toggle")
        self.delete = IconButton(theme, "trash", self.tr("Delete contact"), "delete_contact")
        self.call.hide()
        for toggle in (self.vip, self.block):
            toggle.setCheckable(True)
        self.edit.clicked.connect(self.edit_asked)
        self.call.clicked.connect(self.call_asked)
        self.copy.clicked.connect(self.copy_asked)
        self.delete.clicked.connect(self.delete_asked)
        self.vip.clicked.connect(self.vip_asked)
        self.block.clicked.connect(self.block_asked)

    def _button_row(self) -> QHBoxLayout:
        buttons = row(gap=S)
        for button in (self.edit, self.call, self.copy):
            buttons.addWidget(button)
        buttons.addStretch(1)
        for icon in (self.vip, self.block, self.delete):
            buttons.addWidget(icon)
        return buttons

    def show_details(self, details: Details, photo: bytes | None, *, can_dial: bool) -> None:
        """Show who it is."""
        contact, card = details.contact, details.contact.card
        first = card.phones[0].value if card.phones else ""
        name = shown(card.display_name)
        if not card.named and first:
            name = number(parse(first, details.region), details.region)
        self.name.setText(name or say(QT_TRANSLATE_NOOP("words", "No name")))
        work = side_by_side(map(shown, (card.title, card.company)), " · ")
        self.work.setText("" if work == name else work)
        self.work.setVisible(bool(self.work.text()))
        self.avatar.show_contact(card.display_name, photo, ring=contact.marks.vip)
        self.vip.setChecked(contact.marks.vip)
        self.vip.set_icon("star-on" if contact.marks.vip else "star", Tint.STAR if contact.marks.vip else Tint.SOFT)
        self.block.setChecked(contact.marks.blocked)
        self.block.set_icon("block", Tint.BAD if contact.marks.blocked else Tint.SOFT)
        self._show_chips(contact, details.holders)
        self.edit.setVisible(Deed.EDIT in details.may)
        self.delete.setVisible(Deed.DELETE in details.may)
        for mark in (self.vip, self.block):
            mark.setVisible(Deed.MARK in details.may)
        self.copy.setVisible(bool(first))
        self.call.setVisible(bool(first) and can_dial)

    def _show_chips(self, contact: Contact, holders: Sequence[Holder]) -> None:
        clear(self.chips)
        for text, kind in chips(contact, holders):
            chip = PlainLabel(text, Role.CHIP)
            chip.setProperty("kind", kind)
            self.chips.addWidget(chip)


def chips(contact: Contact, holders: Sequence[Holder] = ()) -> list[tuple[str, str]]:
    """Short words about a contact, and the kind of chip each is."""
    found: list[tuple[str, str]] = []
    match contact.owner:
        case Coworker():
            found.append((say(QT_TRANSLATE_NOOP("words", "Shared by %1"), owner(contact.owner)), ""))
        case Unclaimed(department):
            found.append((say(QT_TRANSLATE_NOOP("words", "Unclaimed, %1"), shown(department)), "warn"))
        case _ if contact.shared:
            found.append((say(QT_TRANSLATE_NOOP("words", "Shared with coworkers")), ""))
        case _:
            found.append((say(QT_TRANSLATE_NOOP("words", "Private")), "plain"))
    if not contact.known:
        found.append((say(QT_TRANSLATE_NOOP("words", "Unknown caller")), "plain"))
    if contact.marks.vip:
        found.append((say(QT_TRANSLATE_NOOP("words", "VIP")), "star"))
    if contact.marks.blocked:
        found.append((say(QT_TRANSLATE_NOOP("words", "Blocked")), "bad"))
    if not isinstance(contact.owner, Coworker):
        in_google = QT_TRANSLATE_NOOP("words", "In Google: %1")
        found += [(say(in_google, shown(holder.name, 40)), "plain") for holder in holders]
    found += [(shown(group, 30), "plain") for group in contact.card.groups[:4]]
    return found
