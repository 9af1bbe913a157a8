"""A window over a book in memory, for tests of the contacts pane."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import chain

from PySide6.QtWidgets import QApplication

from ringdesk.desk.contacts import ContactsPresenter
from ringdesk.desk.contacts_calls import RecentCalls
from ringdesk.desk.importing import ImportPresenter
from ringdesk.domain.card import Card, Name, Organization, PhoneEntry
from ringdesk.domain.contact import Contact
from ringdesk.domain.dates import DayOrder
from ringdesk.domain.sockets import CallWrites
from ringdesk.ui.main_window import Doors, MainWindow
from ringdesk.ui.post import Post
from ringdesk.ui.theme import Theme
from tests.fakes import CountingIds, FakeTime
from tests.memory_book import MemoryBook, person
from tests.memory_calls import MemoryCalls


@dataclass
class Asked:
    """What the window asked of the app."""

    settings: int = 0
    quit: int = 0
    dialled: list[str] = field(default_factory=list)
    looked: list[str] = field(default_factory=list)
    started: list[tuple[str, DayOrder | None]] = field(default_factory=list)

    def want_settings(self) -> None:
        self.settings += 1

    def want_quit(self) -> None:
        self.quit += 1


class Office:
    """Book, presenters and window, plugged together as the app does it."""

    def __init__(self, theme: Theme) -> None:
        self.theme = theme
        self.region = "GB"
        self.time = FakeTime()
        self.post = Post()
        self.book = MemoryBook(self.time, CountingIds(), self.post.send)
        self.calls = MemoryCalls(self.book)
        self.contacts = ContactsPresenter(
            self.book, self.book, self.calls, self.post.deliver, self.time, lambda: self.region
        )
        self.asked = Asked()
        self.imports = ImportPresenter(
            self.asked.looked.append, lambda path, order: self.asked.started.append((path, order))
        )

    def begin(self, *, held: bool = False) -> MainWindow:
        """Show the window with what is in its first picture."""
        doors = Doors(self.asked.want_settings, self.asked.want_quit, self.asked.dialled.append)
        calls, imports = RecentCalls(self.calls, self.book), lambda: self.imports
        window = MainWindow(self.theme, self.contacts, lambda: calls, imports, doors, self.post, self.time, held=held)
        window.show()
        return window

    def open(self) -> MainWindow:
        """Show the window and finish it."""
        window = self.begin()
        for step in chain(*window.finish()):
            step()
        QApplication.processEvents()
        return window

    def call_writes(self) -> CallWrites:
        """What changes the calls."""
        return self.calls

    def person(self, given: str, family: str = "", phone: str = "", company: str = "") -> Contact:
        """Put somebody into the book."""
        card = Card(
            name=Name(given=given, family=family),
            phones=(PhoneEntry(phone, "work"),) if phone else (),
            organizations=(Organization(name=company),) if company else (),
        )
        return person(self.book, card)
