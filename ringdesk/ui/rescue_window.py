"""The data is damaged: says so in plain words, offers the newest sound backup, and waits for what the user wants."""

from __future__ import annotations

from typing import assert_never

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QDialog, QWidget

from ringdesk.desk.rescue import Later, Looking, NoBackup, Offering, Refused, Restored, Restoring, Sound, State
from ringdesk.ui.theme import XL, L, M, S, Theme, Tint
from ringdesk.ui.widgets_button import Button
from ringdesk.ui.widgets_frame import Glyph, column, row
from ringdesk.ui.widgets_text import PlainLabel, Role
from ringdesk.ui.words import counted, shown, trouble
from ringdesk.ui.words_time import moment


class RescueWindow(QDialog):
    """One window for all of it. `running`: RingDesk runs already, so it can also go on without saving."""

    restore_asked = Signal()
    empty_asked = Signal()
    reading_asked = Signal()
    """Go on, and save nothing."""
    quit_asked = Signal()

    def __init__(self, theme: Theme, path: str, *, running: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._running, self._path = running, path
        self.setObjectName("rescue")
        headline = self.tr("RingDesk’s data is damaged")
        self.setWindowTitle(headline)
        self.setWindowIcon(theme.window_icon())
        # Whoever types while it comes up must not press one of its buttons by that.
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating, running)
        self.setAccessibleName(headline)
        self.setMinimumWidth(560)
        self._text = PlainLabel("", Role.SOFT, wrap=True)
        self._text.setObjectName("rescue_text")
        self._file = PlainLabel(shown(path, 200), Role.SMALL, wrap=True, selectable=True)
        self.quit = Button(theme, self.tr("&Quit RingDesk"), "rescue_quit")
        self.reading = Button(theme, self.tr("&Go on without saving"), "rescue_reading")
        self.empty = Button(theme, self.tr("&Begin with no contacts"), "rescue_empty")
        self.restore = Button(theme, self.tr("&Restore this backup"), "rescue_restore", role="primary")
        self._lay_out(theme, headline)
        for button, asked in (
            (self.quit, self.quit_asked),
            (self.reading, self.reading_asked),
            (self.empty, self.empty_asked),
            (self.restore, self.restore_asked),
        ):
            button.clicked.connect(asked)
        self.show_state(Looking())

    def _lay_out(self, theme: Theme, headline: str) -> None:
        top = row(gap=M)
        top.addWidget(Glyph(theme, "warning", tint=Tint.WARN, size=40), 0, Qt.AlignmentFlag.AlignTop)
        words = column(gap=S)
        words.addWidget(PlainLabel(headline, Role.TITLE, wrap=True))
        words.addWidget(self._text)
        words.addWidget(self._file)
        top.addLayout(words, 1)
        buttons = row(gap=S)
        buttons.addWidget(self.quit)
        buttons.addStretch(1)
        for button in (self.reading, self.empty, self.restore):
            buttons.addWidget(button)
        layout = column(self, margins=(XL, XL, XL, L), gap=M)
        layout.addLayout(top)
        layout.addSpacing(S)
        layout.addLayout(buttons)

    @property
    def text(self) -> str:
        """What it says."""
        return self._text.text()

    def show_state(self, state: State) -> None:
        """Say how things stand, and offer what can be done now."""
        self._text.setText(self._words(state))
        self.setAccessibleDescription(self._text.text())
        busy = isinstance(state, Restoring | Restored)
        self.quit.setEnabled(not busy)
        self.reading.setVisible(self._running and not busy)
        self.empty.setVisible(isinstance(state, NoBackup) and not self._running)
        self.restore.setVisible(isinstance(state, Offering | Refused))
        self.restore.setText(self.tr("&Try again") if isinstance(state, Refused) else self.tr("&Restore this backup"))
        if isinstance(state, Offering | Refused):
            self.restore.setFocus()
        self._fit()

    def _fit(self) -> None:
        """As tall as the words need at this width."""
        if (layout := self.layout()) is not None:
            layout.activate()
            width = max(self.width(), self.minimumWidth(), layout.minimumSize().width())
            self.resize(width, layout.totalHeightForWidth(width))

    def _words(self, state: State) -> str:
        match state:
            case Looking():
                return self.tr("It was left as it is. Looking for the newest backup that is whole…")
            case Offering(sound):
                return self._offer(sound)
            case NoBackup():
                begin = "" if self._running else " " + self.tr("You can begin with no contacts and import them anew.")
                return (
                    self.tr("It was left as it is, and there is no backup that can be used.")
                    + begin
                    + " "
                    + self.tr(
                        "The damaged file is kept in any case; somebody who knows databases may save parts of it."
                    )
                )
            case Restoring():
                return self.tr("Putting the backup into place. The damaged file is kept beside it…")
            case Restored():
                return self.tr("The backup is in place.")
            case Refused(why, path):
                text = self.tr("The backup could not be put into place, and nothing was changed.")
                return f"{text} {trouble(why, path)}"
            case _:
                assert_never(state)

    def _offer(self, sound: Sound) -> str:
        people = counted("%n contact", "%n contacts", sound.contacts)
        calls = counted("%n call", "%n calls", sound.calls)
        lines = [
            self.tr(
                "It was left as it is. The newest backup that is whole was made on {0}; it has {1} and {2}."
            ).format(moment(sound.made), people, calls),
            self._missing(sound.later),
            self.tr("The damaged file is kept beside it, so nothing is thrown away."),
        ]
        return "\n\n".join(lines)

    def _missing(self, later: Later | None) -> str:
        if later is None:
            return self.tr("What was saved after that moment would be missing.")
        parts = [
            counted("%n change of contacts", "%n changes of contacts", later.saves) if later.saves else "",
            counted("%n note", "%n notes", later.notes) if later.notes else "",
            counted("%n call", "%n calls", later.calls) if later.calls else "",
        ]
        found = ", ".join(part for part in parts if part)
        if not found:
            return self.tr("As far as can be seen, nothing was saved after that moment.")
        return self.tr("Saved after that moment, and missing then: {0}.").format(found)

    def showEvent(self, event: QShowEvent) -> None:
        """Fit once the fonts are those of the screen."""
        super().showEvent(event)
        self._fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses the button that has the focus, no other."""
        focus = self.focusWidget()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if isinstance(focus, Button):
                focus.click()
            return
        super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Closing the window is the calm way out: reading goes on where it can, else RingDesk ends."""
        event.ignore()
        self.reject()

    def reject(self) -> None:
        """Esc, or the window's own close button."""
        if self.quit.isEnabled():
            (self.reading_asked if self._running else self.quit_asked).emit()
