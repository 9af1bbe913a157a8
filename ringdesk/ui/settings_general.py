"""Settings > General: the home country, how long calls are kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QCompleter, QWidget

from ringdesk.desk.preferences import Preferences, Problem
from ringdesk.domain.choices import LONGEST_KEEP
from ringdesk.ui.settings_page import Field, Page, mark_fields, number_box
from ringdesk.ui.settings_words import countries
from ringdesk.ui.theme import Theme


class CountryBox(QComboBox):
    """Countries, found by typing any part of the name or the code."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setMaxVisibleItems(12)
        for text, region in countries():
            self.addItem(text, region)
        completer = QCompleter(self.model(), self)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setMaxVisibleItems(12)
        self.setCompleter(completer)

    @property
    def region(self) -> str:
        """The two letters of the country; what was typed, where that is no country of the list."""
        text = self.currentText().strip()
        place = self.findText(text, Qt.MatchFlag.MatchFixedString)
        return str(self.itemData(place)) if place >= 0 else text

    def choose(self, region: str) -> None:
        """Show a country."""
        place = self.findData(region)
        self.setCurrentIndex(place)
        if place < 0:
            self.setEditText(region)


class GeneralPage(Page):
    """General."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, "settings_general", parent)
        self.region = CountryBox("settings_region")
        self.keep = number_box("settings_keep_calls", 0, LONGEST_KEEP, self.tr(" days"))
        self.keep.setSpecialValueText(self.tr("Not kept after today"))
        self._fields = {
            "region": Field(
                self.tr("Home &country"),
                self.region,
                self.tr(
                    "Numbers without a country code are read as numbers of this country, for callers and contacts."
                ),
            ),
            "keep_calls": Field(
                self.tr("&Keep calls for"),
                self.keep,
                self.tr("Older calls leave the call list. Contacts and their notes stay."),
            ),
        }
        for field in self._fields.values():
            self.card().addWidget(field)
        self.fill_up()

    def take(self, kept: Preferences) -> None:
        """Show these preferences."""
        self.region.choose(kept.region)
        self.keep.setValue(kept.keep_calls)

    def give(self, chosen: Preferences) -> Preferences:
        """The preferences with this page's part as it is now."""
        return replace(chosen, region=self.region.region, keep_calls=self.keep.value())

    def mark(self, problems: Sequence[Problem]) -> QWidget | None:
        """Show the problems of this page."""
        return mark_fields(self._fields, problems)
