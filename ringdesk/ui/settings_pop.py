"""Settings > Pop: where and how long pops are shown, and for whom."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import Slot
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QCheckBox, QComboBox, QKeySequenceEdit, QLineEdit, QToolButton, QVBoxLayout, QWidget

from ringdesk.desk.preferences import Preferences, Problem
from ringdesk.domain.choices import LONGEST_NOTE, LONGEST_STRIP, SHORTEST_NOTE, PopChoices
from ringdesk.ui.settings_corner import CornerPicker
from ringdesk.ui.settings_page import Field, Page, mark_fields, number_box
from ringdesk.ui.theme import XL, S, Theme
from ringdesk.ui.widgets_button import Button
from ringdesk.ui.widgets_frame import column, row
from ringdesk.ui.widgets_text import PlainLabel, Role
from ringdesk.ui.words import shown


class PopPage(Page):
    """Pop. `screens` gives the names of the screens, `sample` shows a pop with what is chosen now."""

    def __init__(
        self,
        theme: Theme,
        screens: Callable[[], Sequence[str]],
        sample: Callable[[PopChoices], None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, "settings_pop", parent)
        self._screens, self._sample = screens, sample
        self.corner = CornerPicker(theme)
        self.screen_box = QComboBox()
        self.screen_box.setObjectName("settings_screen")
        self.show_me = Button(theme, self.tr("Sho&w me"), "settings_show_me", icon="ringing")
        self.show_me.clicked.connect(self._show_me)
        self.strip = number_box("settings_strip_after", 0, LONGEST_STRIP, self.tr(" seconds"))
        self.strip.setSpecialValueText(self.tr("Never"))
        self.note = number_box("settings_note_after", SHORTEST_NOTE, LONGEST_NOTE, self.tr(" seconds"))
        self.internal = _box("settings_internal", self.tr("Show pops for calls from coworkers’ &extensions"))
        self.quiet = _box("settings_do_not_disturb", self.tr("&Do Not Disturb: show no pops, only list the calls"))
        self.vips = _box("settings_vips_pass", self.tr("&VIPs pop up all the same"))
        self.quiet.toggled.connect(self.vips.setEnabled)
        self.key = QKeySequenceEdit()
        self.key.setObjectName("settings_key")
        self.key.setMaximumSequenceLength(1)
        self.key.setClearButtonEnabled(True)
        for inner in self.key.findChildren(QLineEdit):
            inner.setAccessibleName(self.tr("Key for the newest call"))
        for clear in self.key.findChildren(QToolButton):
            clear.setAccessibleName(self.tr("No key"))
            clear.setObjectName("settings_no_key")
        self._key_field = Field(
            self.tr("&Key for the newest call"),
            self.key,
            self.tr("From any program: moves into the newest pop, Esc goes back. Empty for none."),
        )
        self._place()
        self._times()
        self._who()
        self.fill_up()

    def _place(self) -> None:
        card = self.card(self.tr("Where pops come up"))
        beside = column(gap=S)
        beside.addWidget(
            Field(
                self.tr("&Screen"),
                self.screen_box,
                self.tr("If the screen is not there, pops come up where you work."),
            )
        )
        beside.addStretch(1)
        button = row()
        button.addWidget(self.show_me)
        button.addStretch(1)
        beside.addLayout(button)
        both = row(gap=XL)
        both.addWidget(self.corner)
        both.addLayout(beside, 1)
        card.addLayout(both)

    def _times(self) -> None:
        card: QVBoxLayout = self.card()
        card.addWidget(
            Field(
                self.tr("Fold an &answered call to a strip after"),
                self.strip,
                self.tr("A pop never goes while the phone rings."),
            )
        )
        card.addWidget(
            Field(
                self.tr("After a call, keep the &note box open for"),
                self.note,
                self.tr("Longer while the mouse is over it or you are writing."),
            )
        )

    def _who(self) -> None:
        self.card().addWidget(self._key_field)
        card = self.card()
        card.setSpacing(0)
        for box in (self.internal, self.quiet, self.vips):
            card.addWidget(box)
        card.addWidget(PlainLabel(self.tr("RingDesk rings no bell of its own; the phone does."), Role.SMALL, wrap=True))

    def take(self, kept: Preferences) -> None:
        """Show these preferences."""
        pop = kept.pop
        self.corner.choose(pop.corner)
        self.screen_box.clear()
        self.screen_box.addItem(self.tr("The one with the window I work in"), "")
        names = list(self._screens())
        if pop.screen and pop.screen not in names:
            names.append(pop.screen)
        for name in names:
            self.screen_box.addItem(shown(name), name)
        self.screen_box.setCurrentIndex(max(0, self.screen_box.findData(pop.screen)))
        self.strip.setValue(pop.strip_after)
        self.note.setValue(pop.note_after)
        self.internal.setChecked(pop.internal)
        self.quiet.setChecked(pop.do_not_disturb)
        self.vips.setChecked(pop.vips_pass)
        self.vips.setEnabled(pop.do_not_disturb)
        self.key.setKeySequence(QKeySequence.fromString(pop.key))

    def mark(self, found: Sequence[Problem]) -> QWidget | None:
        """Show what is wrong with the key."""
        return mark_fields({"key": self._key_field}, found)

    def give(self, chosen: Preferences) -> Preferences:
        """The preferences with this page's part as it is now."""
        return replace(chosen, pop=self.pop)

    @property
    def pop(self) -> PopChoices:
        """What is chosen now."""
        return PopChoices(
            corner=self.corner.corner,
            screen=str(self.screen_box.currentData() or ""),
            strip_after=self.strip.value(),
            note_after=self.note.value(),
            internal=self.internal.isChecked(),
            do_not_disturb=self.quiet.isChecked(),
            vips_pass=self.vips.isChecked(),
            key=self.key.keySequence().toString(),
        )

    @Slot()
    def _show_me(self) -> None:
        self._sample(self.pop)


def _box(name: str, text: str) -> QCheckBox:
    box = QCheckBox(text)
    box.setObjectName(name)
    box.setAccessibleName(text.replace("&", ""))
    return box
