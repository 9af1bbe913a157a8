"""The line across the top that says why the team is not reached; it goes by itself."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from ringdesk.desk.team_view import TeamView
from ringdesk.ui.team_words import trouble
from ringdesk.ui.theme import L, M, S, Theme, Tint
from ringdesk.ui.widgets_button import Button
from ringdesk.ui.widgets_frame import Frame, Glyph, row
from ringdesk.ui.widgets_text import PlainLabel, Role


class TeamBanner(Frame):
    """Shown while there is a team that is not reached. `again` is pressed to try at once."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__("banner", parent, "team_banner")
        self.setProperty("kind", "warn")
        self.text = PlainLabel("", Role.BODY, wrap=True)
        self.again = Button(theme, self.tr("&Try now"), "team_again", role="quiet")
        inside = row(self, margins=(L, S, S, S), gap=M)
        inside.addWidget(Glyph(theme, "warning", tint=Tint.WARN, size=20))
        inside.addWidget(self.text, 1)
        inside.addWidget(self.again)
        self.read = Button(theme, self.tr("&OK"), "team_out_read", role="quiet")
        self.read.clicked.connect(self.take_out_back)
        self.read.hide()
        inside.addWidget(self.read)
        self._out = False
        self.hide()

    def say_out(self, text: str) -> None:
        """Say that the team has shut this desk out, until the user has read it."""
        self._out = True
        self._say(text)
        self.again.hide()
        self.read.show()
        self.show()

    @Slot()
    def take_out_back(self) -> None:
        """It was read, or this desk has joined again: say how the team stands from now on."""
        if not self._out:
            return
        self._out = False
        self.read.hide()
        self.again.show()
        self.hide()

    def _say(self, text: str) -> None:
        self.text.setText(text)
        self.setAccessibleName(text)

    def show_team(self, view: TeamView) -> None:
        """Say why it is not reached, or go."""
        if self._out:
            return
        troubled = view.joined and not view.online and bool(view.trouble)
        if troubled:
            self._say(trouble(view.trouble))
        self.setVisible(troubled)
