"""The details pane: everything RingDesk knows of one contact, on one calm page."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QCheckBox, QFrame, QScrollArea, QVBoxLayout, QWidget

from ringdesk.desk.contacts import ContactsPresenter, Details
from ringdesk.domain.calllog import EarlierCalls
from ringdesk.domain.contact import Coworker, Unclaimed
from ringdesk.domain.ownership import Deed
from ringdesk.ui.contacts_fields import CardFields, lines
from ringdesk.ui.contacts_header import Header
from ringdesk.ui.contacts_lines import LineList
from ringdesk.ui.contacts_notes import NotesBox
from ringdesk.ui.contacts_saves import HistoryList
from ringdesk.ui.theme import CONTROL, XL, XS, XXL, L, M, Theme
from ringdesk.ui.widgets_button import Button
from ringdesk.ui.widgets_frame import Frame, column
from ringdesk.ui.widgets_text import PlainLabel, Role
from ringdesk.ui.words import QT_TRANSLATE_NOOP, counted, owner

WIDEST = 760
EARLIER: Final = (
    QT_TRANSLATE_NOOP("words", "Let coworkers see %n call from before you shared it too"),
    QT_TRANSLATE_NOOP("words", "Let coworkers see %n calls from before you shared it too"),
)


class ContactsDetails(QScrollArea):
    """One contact. What is typed into the note box survives every change of the contact."""

    edit_asked = Signal()
    delete_asked = Signal()
    copy_asked = Signal(object)
    link_asked = Signal(object)
    dial_asked = Signal(object)
    seen_asked = Signal(object)
    """What do coworkers see of this (`Details`)?"""

    def __init__(self, theme: Theme, presenter: ContactsPresenter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._presenter = presenter
        self._details: Details | None = None
        self._can_dial = False
        self.header = Header(theme)
        self.fields = CardFields(theme)
        self.share = QCheckBox(self.tr("&Clients: share with coworkers"))
        self.share_line = PlainLabel("", Role.SMALL, wrap=True)
        self.earlier = QCheckBox()
        self.seen = Button(theme, self.tr("&What do coworkers see?"), "what_is_seen", role="link")
        self.spoke = LineList(theme, "coworkers_calls")
        self.notes = NotesBox(theme)
        self.calls = LineList(theme, "details_calls")
        self.history = HistoryList(theme)
        self._dress()
        self._connect()

    def _dress(self) -> None:
        self.setObjectName("contact_details")
        self.setAccessibleName(self.tr("Contact details"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.share.setObjectName("share_box")
        self.share.setAccessibleName(self.tr("Clients: share with coworkers"))
        self.share.setMinimumHeight(CONTROL)
        self.earlier.setObjectName("earlier_box")
        self.earlier.setMinimumHeight(CONTROL)
        page = QWidget()
        page.setProperty("role", "page")
        page.setMaximumWidth(WIDEST)
        layout = column(page, margins=(XXL, XXL, XXL, XXL), gap=L)
        layout.addWidget(self.header)
        self._fields_card = _card(layout, "", self.fields)
        self._share_card = _card(layout, self.tr("Sharing"), self.share, self.share_line, self.earlier, self.seen)
        _card(layout, self.tr("Notes"), self.notes)
        self._calls_card = _card(layout, self.tr("Calls"), self.spoke, self.calls)
        self._history_card = _card(layout, self.tr("History"), self.history)
        layout.addStretch(1)
        self.setWidget(page)

    def _connect(self) -> None:
        self.header.edit_asked.connect(self.edit_asked)
        self.header.delete_asked.connect(self.delete_asked)
        self.header.vip_asked.connect(self._presenter.vip)
        self.header.block_asked.connect(self._presenter.block)
        self.header.copy_asked.connect(self._copy_first)
        self.header.call_asked.connect(self._call_first)
        self.share.clicked.connect(self._presenter.share)
        self.earlier.clicked.connect(self._presenter.show_earlier)
        self.seen.clicked.connect(self._show_seen)
        self.fields.copy_asked.connect(self.copy_asked)
        self.fields.link_asked.connect(self.link_asked)
        self.fields.dial_asked.connect(self.dial_asked)
        self.notes.add_asked.connect(self._add_note)
        self.notes.delete_asked.connect(self._presenter.delete_note)
        self.history.restore_asked.connect(self._presenter.restore)
        self.calls.private_asked.connect(self._presenter.keep_private)

    def set_can_dial(self, can: bool) -> None:
        """Show buttons that call, where a phone can dial."""
        self._can_dial = can
        self.fields.set_can_dial(can)
        if self._details is not None:
            self.show_details(self._details)

    def show_details(self, details: Details) -> None:
        """Show a contact, or the same one as it is now."""
        other = self._details is None or self._details.contact.id != details.contact.id
        self._details = details
        contact, card = details.contact, details.contact.card
        photo = self._presenter.reads.photo(card.photo) if card.photo else None
        self.header.show_details(details, photo, can_dial=self._can_dial)
        shown_lines = tuple(lines(card, details.region))
        self.fields.show_lines(shown_lines)
        self._fields_card.setVisible(bool(shown_lines))
        self.share.setVisible(Deed.SHARE in details.may)
        self.share.setChecked(contact.shared)
        self.share_line.setText(self._share_sentence(details))
        self._show_earlier(details.earlier)
        self.notes.show_notes(contact.id, details.notes, details.now)
        self.calls.show_calls(details.calls, details.now, seen=details.team.joined and contact.shared)
        self.spoke.show_spoken(details.spoke, details.now)
        self.spoke.setVisible(bool(details.spoke))
        self._calls_card.setVisible(bool(details.calls or details.spoke))
        self.seen.setVisible(details.seen is not None)
        self.history.show_history(details)
        self._history_card.setVisible(bool(details.history))
        if other:
            self.verticalScrollBar().setValue(0)

    def _show_earlier(self, earlier: EarlierCalls) -> None:
        """The choice is there where there is something to choose."""
        text = counted(*EARLIER, earlier.count)
        self.earlier.setText(text)
        self.earlier.setAccessibleName(text)
        self.earlier.setChecked(earlier.shown)
        self.earlier.setVisible(earlier.count > 0)

    def _share_sentence(self, details: Details) -> str:
        contact = details.contact
        match contact.owner:
            case Coworker():
                return self.tr("{0} shares this contact with you. Your marks and notes on it stay here.").format(
                    owner(contact.owner)
                )
            case Unclaimed():
                return self.tr("Nobody owns this caller yet. Whoever edits and saves it first does.")
            case _ if contact.shared and details.team.joined:
                if details.team.online:
                    return self.tr("Every coworker has this contact in their list.")
                return self.tr("Coworkers see this contact as soon as the team is reached again.")
            case _ if contact.shared:
                return self.tr("Kept here until you join a team.")
            case _:
                return self.tr("Private: nobody but you sees this contact.")

    @Slot()
    def _show_seen(self) -> None:
        if self._details is not None and self._details.seen is not None:
            self.seen_asked.emit(self._details)

    @Slot()
    def _copy_first(self) -> None:
        self.copy_asked.emit(self._presenter.number())

    @Slot()
    def _call_first(self) -> None:
        self.dial_asked.emit(self._presenter.number())

    @Slot(object)
    def _add_note(self, text: str) -> None:
        self._presenter.add_note(text, self.notes.kept, self.notes.not_kept)


def _card(page: QVBoxLayout, title: str, *inside: QWidget) -> QWidget:
    """A card with a title; gives it, to be shown and hidden."""
    frame = Frame("card")
    layout = column(frame, margins=(XL, L, XL, L), gap=XS)
    if title:
        layout.addWidget(PlainLabel(title, Role.STRONG))
        layout.addSpacing(M - XS)
    for widget in inside:
        layout.addWidget(widget)
    page.addWidget(frame)
    return frame
