"""Where the actions of pops lead: the main window, the clipboard, the phone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication

from ringdesk.app.core import Core
from ringdesk.desk.contacts import ContactsPresenter
from ringdesk.domain.call import Ability, Call
from ringdesk.domain.card import Card, PhoneEntry
from ringdesk.domain.numbering import display
from ringdesk.ui.theme import Theme

if TYPE_CHECKING:
    from ringdesk.ui.main_window import MainWindow

WORK: Final = "work"


class PopWays(QObject):
    """The doors of `desk.popactions.PopDoors`, opened on the windows there are."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._window: Callable[[], MainWindow] | None = None
        self._core: Core | None = None
        self._presenter: ContactsPresenter | None = None

    def use(self, window: Callable[[], MainWindow], core: Core, presenter: ContactsPresenter) -> None:
        """Lead to this window from now on (made when it is asked for); `presenter` is the chooser's own."""
        self._window, self._core, self._presenter = window, core, presenter

    def open_contact(self, contact: str) -> None:
        """Show a contact in the main window."""
        if self._window is not None:
            self._window().show_contact(contact)

    def new_contact(self, card: Card, contact: str | None) -> None:
        """Open the editor with this card."""
        if self._window is None or self._core is None:
            return
        known = self._core.store.reads.get(contact) if contact else None
        if known is None:
            self._window().new_contact(card)
        else:
            self._window().edit_contact(known, card)

    def add_to_existing(self, number: str, call: str) -> None:
        """Let the user choose a contact; its editor then opens with the number in it."""
        if self._window is None or self._presenter is None or self._core is None:
            return
        core, window = self._core, self._window()
        shown = display(core.lines().number(number), core.settings.region)

        def picked(id: str) -> None:
            contact = core.store.reads.get(id)
            if contact is not None:
                phones = (*contact.card.phones, PhoneEntry(number, WORK))
                window.edit_contact(contact, replace(contact.card, phones=phones))

        from ringdesk.ui.call_chooser import ContactChooser  # not needed to start

        window.bring_up()
        chooser = ContactChooser(self._theme, self._presenter, shown, window)
        chooser.picked.connect(picked)
        chooser.open()

    def copy(self, text: str) -> None:
        """Put text on the clipboard."""
        QGuiApplication.clipboard().setText(text)

    def command(self, call: Call, ability: Ability) -> None:
        """Have the phone answer or decline."""
        if self._core is not None:
            self._core.phones.command(call, ability)
