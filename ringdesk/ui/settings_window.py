"""The settings window: pages on the left, one Save and one Cancel for all of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QStackedWidget, QWidget

from ringdesk.desk.preferences import Preferences, PreferencesPresenter
from ringdesk.ui.desktop.windows import fit
from ringdesk.ui.settings_general import GeneralPage
from ringdesk.ui.settings_lines import LinesPage
from ringdesk.ui.settings_page import Page
from ringdesk.ui.settings_phone import PhonePage
from ringdesk.ui.settings_pop import PopPage
from ringdesk.ui.theme import XL, M, S, Theme
from ringdesk.ui.widgets_button import Button
from ringdesk.ui.widgets_frame import Frame, column, row
from ringdesk.ui.widgets_text import PlainLabel, Role

WIDTH: Final = 860
HEIGHT: Final = 660
SIDE: Final = 190


class SettingsWindow(QWidget):
    """Settings. Nothing changes before Save; what cannot be saved stays as it was typed, and is marked.

    `screens` gives the names of the screens; `feed_path` is where the local feed listens.
    """

    def __init__(
        self,
        theme: Theme,
        presenter: PreferencesPresenter,
        *,
        screens: Callable[[], Sequence[str]],
        feed_path: str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self._theme, self._presenter = theme, presenter
        self.setObjectName("settings")
        self.setProperty("role", "window")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setWindowTitle(self.tr("Settings"))
        self.setMinimumSize(640, 440)
        fit(self, WIDTH, HEIGHT)
        self._list = QListWidget()
        self._list.setObjectName("settings_pages")
        self._list.setAccessibleName(self.tr("Pages"))
        self._list.setFixedWidth(SIDE)
        self._list.setIconSize(QSize(20, 20))
        self._stack = QStackedWidget()
        self._pages: list[Page] = []
        self._icons: list[str] = []
        self._names: list[str] = []
        self._told = PlainLabel("", Role.BAD, wrap=True)
        self._told.setObjectName("settings_told")
        self.save_button = Button(theme, self.tr("&Save"), "settings_save", role="primary")
        self.cancel_button = Button(theme, self.tr("&Cancel"), "settings_cancel")
        self.save_button.clicked.connect(self.save)
        self.cancel_button.clicked.connect(self.cancel)
        self._list.currentRowChanged.connect(self._stack.setCurrentIndex)
        self._lay_out()
        self.add_page(self.tr("General"), "globe", GeneralPage(theme))
        self.add_page(self.tr("Lines"), "tag", LinesPage(theme))
        self.add_page(self.tr("Phone"), "phone", PhonePage(theme, presenter.test, feed_path, presenter.feed_address))
        self.add_page(self.tr("Pop"), "ringing", PopPage(theme, screens, presenter.sample))
        self._list.setCurrentRow(0)
        theme.changed.connect(self._draw_icons)
        self._take(presenter.kept)

    def add_page(self, title: str, icon: str, widget: QWidget) -> None:
        """Add a page; one that is a `Page` is saved with the others."""
        item = QListWidgetItem(self._theme.icon(icon), title)
        item.setSizeHint(QSize(SIDE - 2 * S, 40))
        self._list.addItem(item)
        self._icons.append(icon)
        self._names.append(widget.objectName())
        self._stack.addWidget(widget)
        if isinstance(widget, Page):
            self._pages.append(widget)
        self._buttons_last()

    def _buttons_last(self) -> None:
        """Have Tab lead from the list into the page, and to Cancel and Save at its end."""
        last = self.previousInFocusChain()
        if last is not None:
            self.setTabOrder(last, self.cancel_button)
        self.setTabOrder(self.cancel_button, self.save_button)

    def open(self, page: str = "") -> None:
        """Bring the window up, with this page in front (its object name) where one is named."""
        if not self.isVisible():
            self._take(self._presenter.kept)
        if page in self._names:
            self._list.setCurrentRow(self._names.index(page))
        self._buttons_last()
        self.show()
        self.raise_()
        self.activateWindow()

    @property
    def chosen(self) -> Preferences:
        """What the pages say now."""
        chosen = self._presenter.kept
        for page in self._pages:
            chosen = page.give(chosen)
        return chosen

    @property
    def told(self) -> str:
        """What is said to be wrong, beside the buttons."""
        return self._told.text()

    def refresh(self) -> None:
        """The preferences were changed elsewhere: show them, unless the user is in the middle of changing them."""
        if self.chosen == self._shown and not any(page.changed for page in self._pages):
            self._take(self._presenter.kept)

    @Slot()
    def save(self) -> None:
        """Save and go; where something is wrong, stay and show it."""
        lacking = [(page, here) for page in self._pages if (here := page.lacks()) is not None]
        if lacking:
            self._stay(*lacking[0])
            return
        problems, failed = self._presenter.save(self.chosen)
        self._told.setText(failed)
        wrong = [(page, here) for page in self._pages if (here := page.mark(problems)) is not None]
        if wrong:
            self._stay(*wrong[0])
        elif not failed:
            for page in self._pages:
                page.saved()
            self.hide()

    def _stay(self, page: Page, here: QWidget) -> None:
        """Say that something is missing, and go there."""
        self._list.setCurrentRow(self._stack.indexOf(page))
        self._told.setText(self.tr("Something has to be put right first."))
        here.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def cancel(self) -> None:
        """Go back to what is kept, and close."""
        self._take(self._presenter.kept)
        self.hide()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc cancels."""
        if event.key() == Qt.Key.Key_Escape:
            self.cancel()
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Closing the window is the same as Cancel."""
        super().closeEvent(event)
        self._take(self._presenter.kept)

    def _take(self, kept: Preferences) -> None:
        self._told.setText("")
        for page in self._pages:
            page.take(kept)
            page.mark(())
        self._shown = self.chosen

    def _lay_out(self) -> None:
        side = Frame("pane")
        column(side, margins=(S, M, S, M)).addWidget(self._list)
        bar = Frame("bar")
        buttons = row(bar, margins=(XL, M, XL, M), gap=S)
        buttons.addWidget(self._told, 1)
        buttons.addWidget(self.cancel_button)
        buttons.addWidget(self.save_button)
        both = row(gap=0)
        both.addWidget(side)
        both.addWidget(Frame("upright"))
        both.addWidget(self._stack, 1)
        layout = column(self, gap=0)
        layout.addLayout(both, 1)
        layout.addWidget(bar)

    @Slot()
    def _draw_icons(self) -> None:
        for place, icon in enumerate(self._icons):
            self._list.item(place).setIcon(self._theme.icon(icon))
