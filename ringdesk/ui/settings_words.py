"""The sentences of the settings window."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from PySide6.QtCore import QLocale

from ringdesk.desk.preferences import Fault
from ringdesk.domain.numbering import regions, trunk_and_country
from ringdesk.domain.status import Finding, Health
from ringdesk.ui.words import QT_TRANSLATE_NOOP, say, shown

FAULTS: Final[Mapping[Fault, str]] = {
    Fault.NO_COUNTRY: QT_TRANSLATE_NOOP("words", "Choose a country from the list."),
    Fault.NO_EXTENSION: QT_TRANSLATE_NOOP(
        "words", "An extension has one to six digits, such as 204. Leave it empty if you have none."
    ),
    Fault.NO_LINE: QT_TRANSLATE_NOOP("words", "Choose what this line is."),
    Fault.NO_DEPARTMENT: QT_TRANSLATE_NOOP("words", "Give the department a name, such as Sales."),
    Fault.NO_NUMBER: QT_TRANSLATE_NOOP(
        "words", "This is not a phone number. Write it as callers dial it, such as +44 20 7946 0123."
    ),
    Fault.EMPTY: QT_TRANSLATE_NOOP("words", "Fill this in, or remove the row."),
    Fault.TWICE: QT_TRANSLATE_NOOP("words", "This is there twice. Change or remove one of them."),
    Fault.NO_KEY: QT_TRANSLATE_NOOP(
        "words", "Choose a letter, digit or function key together with Ctrl, Alt or Meta, or leave it empty."
    ),
    Fault.NO_PORT: QT_TRANSLATE_NOOP("words", "A port is a number from 1 to 65535."),
}  # several to a line  # fmt: skip

TITLES: Final[Mapping[str, str]] = {
    "settings_general": QT_TRANSLATE_NOOP("words", "General"),
    "settings_lines": QT_TRANSLATE_NOOP("words", "Lines"),
    "settings_phone": QT_TRANSLATE_NOOP("words", "Phone"),
    "settings_pop": QT_TRANSLATE_NOOP("words", "Pop"),
    "settings_google": QT_TRANSLATE_NOOP("words", "Google"),
}
"""The pages by their object names."""

CORNERS: Final[Mapping[str, str]] = {
    "top left": QT_TRANSLATE_NOOP("words", "Top left"),
    "top right": QT_TRANSLATE_NOOP("words", "Top right"),
    "bottom left": QT_TRANSLATE_NOOP("words", "Bottom left"),
    "bottom right": QT_TRANSLATE_NOOP("words", "Bottom right"),
}

DEPARTMENT: Final = "department"
LINES: Final[Mapping[str, str]] = {
    "personal": QT_TRANSLATE_NOOP("words", "Your own"),
    DEPARTMENT: QT_TRANSLATE_NOOP("words", "A department’s"),
    "internal": QT_TRANSLATE_NOOP("words", "Internal"),
    "other person": QT_TRANSLATE_NOOP("words", "Somebody else’s"),
    "unknown": QT_TRANSLATE_NOOP("words", "Not known"),
}

_HEALTH: Final[Mapping[Health, str]] = {
    Health.GOOD: QT_TRANSLATE_NOOP("words", "It works: %1."),
    Health.NOTE: QT_TRANSLATE_NOOP("words", "It works, but: %1."),
    Health.BAD: QT_TRANSLATE_NOOP("words", "It does not work: %1."),
}


def fault(what: Fault) -> str:
    """What is wrong, and what to do."""
    return say(FAULTS[what])


def countries() -> Sequence[tuple[str, str]]:
    """All countries by name, each with its two letters: ("United Kingdom (+44)", "GB")."""
    named = ((_country(region), region) for region in regions())
    return sorted(named, key=lambda pair: pair[0].casefold())


def _country(region: str) -> str:
    territory = QLocale.codeToTerritory(region)
    name = QLocale.territoryToString(territory) if territory != QLocale.Country.AnyTerritory else region
    return f"{name} (+{trunk_and_country(region)[1]})"


def finding(found: Finding) -> str:
    """What a test of a phone found, and what to do."""
    told = say(_HEALTH[found.health], shown(found.seen, 200))
    return f"{told} {shown(found.advice, 300)}".strip()
