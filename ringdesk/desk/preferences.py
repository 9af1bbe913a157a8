"""What the settings window edits, as values, and what may be wrong with them. Qt-free."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import field
from enum import Enum

from ringdesk.desk.hotkey import hotkey
from ringdesk.domain.choices import PORTS, HttpFeed, LineChoice, PhoneChoice, PopChoices
from ringdesk.domain.line import line_named
from ringdesk.domain.numbering import dialled_digits, parse, regions
from ringdesk.domain.phone import EXTENSION_DIGITS, Unparsable, Withheld
from ringdesk.domain.status import Finding
from ringdesk.domain.values import dataclass


@dataclass(frozen=True, slots=True)
class Preferences:
    """All the settings window shows."""

    region: str = "US"
    extension: str = ""
    default_line: str = "personal"
    lines: tuple[LineChoice, ...] = ()
    phones: tuple[PhoneChoice, ...] = ()
    pop: PopChoices = field(default_factory=PopChoices)
    http_feed: HttpFeed = field(default_factory=HttpFeed)
    keep_calls: int = 90


class Fault(Enum):
    """What is wrong with a preference."""

    NO_COUNTRY = "no such country"
    NO_EXTENSION = "not an extension"
    NO_LINE = "not a line"
    NO_DEPARTMENT = "a department without a name"
    NO_NUMBER = "not a number"
    EMPTY = "empty"
    TWICE = "there twice"
    NO_PORT = "not a port"
    NO_KEY = "not a key for all programs"


@dataclass(frozen=True, slots=True)
class Problem:
    """A fault, and where it is: "region", "http_feed", or "lines" or "phones" with a row and a column."""

    fault: Fault
    where: str
    row: int = -1
    column: str = ""


def problems(chosen: Preferences) -> Sequence[Problem]:
    """All that has to be put right before these preferences can be saved."""
    found: list[Problem] = []
    if chosen.region not in regions():
        found.append(Problem(Fault.NO_COUNTRY, "region"))
    if chosen.extension and not _is_extension(chosen.extension):
        found.append(Problem(Fault.NO_EXTENSION, "extension"))
    if fault := _line_fault(chosen.default_line):
        found.append(Problem(fault, "default_line"))
    if chosen.pop.key and hotkey(chosen.pop.key) is None:
        found.append(Problem(Fault.NO_KEY, "key"))
    found += _lines(chosen)
    found += _phones(chosen)
    if chosen.http_feed.port not in PORTS:
        found.append(Problem(Fault.NO_PORT, "http_feed"))
    return found


def _lines(chosen: Preferences) -> Iterator[Problem]:
    seen: set[object] = set()
    for row, entry in enumerate(chosen.lines):
        match = entry.match.strip()
        number = parse(match, chosen.region)
        key: object = match.lower() if entry.queue else number
        if not match:
            yield Problem(Fault.EMPTY, "lines", row, "match")
        elif not entry.queue and _no_number(number):
            yield Problem(Fault.NO_NUMBER, "lines", row, "match")
        elif (entry.queue, key) in seen:
            yield Problem(Fault.TWICE, "lines", row, "match")
        seen.add((entry.queue, key))
        if fault := _line_fault(entry.line):
            yield Problem(fault, "lines", row, "line")


def _phones(chosen: Preferences) -> Iterator[Problem]:
    seen: set[str] = set()
    for row, phone in enumerate(chosen.phones):
        if not phone.id.strip():
            yield Problem(Fault.EMPTY, "phones", row, "id")
        elif phone.id in seen:
            yield Problem(Fault.TWICE, "phones", row, "id")
        seen.add(phone.id)
        if not phone.host.strip():
            yield Problem(Fault.EMPTY, "phones", row, "host")
        if phone.port not in PORTS[1:]:
            yield Problem(Fault.NO_PORT, "phones", row, "port")


def _line_fault(text: str) -> Fault | None:
    if text.strip().lower() == "department":
        return Fault.NO_DEPARTMENT
    try:
        line_named(text)
    except ValueError:
        return Fault.NO_LINE
    return None


def _is_extension(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= EXTENSION_DIGITS


def _no_number(number: object) -> bool:
    return isinstance(number, Withheld) or (isinstance(number, Unparsable) and len(dialled_digits(number.text)) < 3)


@dataclass(slots=True)
class PreferencesPresenter:
    """What the settings window does, without Qt.

    `apply` keeps the preferences and goes by them; it gives None, or the sentence that says why it could not.
    `test` asks a phone and tells what it found. `sample` shows a pop with these choices. `feed_address` is where the
    HTTP feed listens now, or empty.
    """

    kept: Preferences
    apply: Callable[[Preferences], str | None]
    test: Callable[[PhoneChoice, Callable[[Finding], None]], None]
    sample: Callable[[PopChoices], None]
    feed_address: Callable[[], str] = str

    def save(self, chosen: Preferences) -> tuple[Sequence[Problem], str]:
        """Save, unless something is wrong: gives the problems, or what went wrong; both empty where all went well."""
        found = problems(chosen)
        if found:
            return found, ""
        failed = self.apply(chosen)
        if failed is None:
            self.kept = chosen
        return (), failed or ""
