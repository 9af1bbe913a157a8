"""Rows of a CSV file to contacts."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Final, TextIO

from ringdesk.domain.card import Card, CustomField, Name
from ringdesk.domain.dates import DayOrder
from ringdesk.files.csv_headers import Column, columns, known
from ringdesk.files.csv_rows import BadRow, delimiter_of, rows
from ringdesk.files.draft import AddressDraft, Draft, Labelled, OrganizationDraft
from ringdesk.files.encodings import mended
from ringdesk.files.labels import canonical
from ringdesk.files.limits import CARDS, LINE_LETTERS
from ringdesk.files.report import ReadCard, Refused, RefusedCode

_GUARD: Final = re.compile(r"'+[=+\-@\t\r]")
_SEVERAL: Final = " ::: "
_NO_VALUE: Final = frozenset({"unspecified", "normal", "false", "0/0/00"})
"""What Outlook writes into a cell that says nothing."""

_WHOLE: Final = frozenset({"name", "note", "birthday", "lost", "silent"})
"""What is one value however it is written."""

_NOTHING: Final = Card()
Parts = dict[str, str]


class CsvReader:
    """A CSV file whose headings are known; `known` says how many columns have a place in a card."""

    def __init__(self, text: TextIO) -> None:
        self._text = text
        self._first = 1
        heading = text.readline(LINE_LETTERS)
        if heading.lower().startswith("sep=") and len(heading.strip()) <= 5:
            heading = text.readline(LINE_LETTERS)
            self._first = 2
        while heading and not heading.strip():
            heading = text.readline(LINE_LETTERS)
            self._first += 1
        self._delimiter = delimiter_of(heading)
        self._columns = columns(_cells(heading, self._delimiter))
        self.known = known(self._columns)

    def cards(self, order: DayOrder | None = None) -> Iterator[ReadCard | Refused]:
        """Yield the contacts, one at a time, and what was refused; dates with two readings are read in this order."""
        for number, row in enumerate(rows(self._text, self._delimiter), start=self._first + 1):
            where = f"row {number}"
            if number - self._first > CARDS:
                yield Refused("the rest of the file", RefusedCode.TOO_MANY, f"more than {CARDS} rows")
                return
            if isinstance(row, BadRow):
                yield Refused(where, row.code, row.detail)
            elif any(row):
                yield read_row(row, self._columns, where, order)


def _cells(heading: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([mended(heading)], delimiter=delimiter, skipinitialspace=True), [])
    except csv.Error:
        return []


def read_row(row: list[str], plan: list[Column], where: str, order: DayOrder | None = None) -> ReadCard | Refused:
    """Read one row."""
    draft = Draft(order=order)
    for (family, _), parts in _values(row, plan).items():
        make = _MAKERS[family]
        for entry in _spread(parts) if _several(family, parts) else (parts,):
            make(draft, entry)
    if any(row[len(plan) :]):
        draft.lose("more cells than headings")
    card = draft.card()
    if card == _NOTHING:
        return Refused(where, RefusedCode.EMPTY, "nothing in this row that a contact can hold")
    return ReadCard(card, where, "", None, tuple(draft.lost), tuple(draft.orders), tuple(draft.unclear))


def _values(row: list[str], plan: list[Column]) -> dict[tuple[str, str], Parts]:
    """The row's cells that say something, those of one value together."""
    values: dict[tuple[str, str], Parts] = {}
    for column, cell in zip(plan, row, strict=False):
        if cell and (text := clean(cell)):
            parts = values.get(column.value)
            if parts is None:
                parts = values[column.value] = {"label": column.label} if column.label else {}
            parts.setdefault(column.part, text)
    return values


def _several(family: str, parts: Parts) -> bool:
    """True where Google put several values into one cell."""
    if family in _WHOLE:
        return False
    return any(_SEVERAL in text for text in parts.values())


def clean(cell: str) -> str:
    """A cell as it was meant: without the apostrophe that kept a spreadsheet from calculating it."""
    if cell[0] == "'" and _GUARD.match(cell):
        cell = cell[1:]
    if "\r" in cell:
        cell = cell.replace("\r\n", "\n").replace("\r", "\n")
    return cell.strip()


def _spread(parts: Parts) -> list[Parts]:
    """One entry for each of the values that Google puts into one cell."""
    lists = {part: text.split(_SEVERAL) for part, text in parts.items()}
    count = max(len(texts) for texts in lists.values())
    return [{part: _at(texts, place) for part, texts in lists.items()} for place in range(count)]


def _at(texts: list[str], place: int) -> str:
    """One text alone holds for all places."""
    if len(texts) == 1:
        return texts[0]
    return texts[place].strip() if place < len(texts) else ""


def _label(parts: Parts) -> str:
    label = parts.get("label", "")
    return canonical(label.removeprefix("*").strip()) if label else ""


def _labelled(parts: Parts) -> Labelled:
    return Labelled(parts["value"].strip(), _label(parts))


def _name(draft: Draft, parts: Parts) -> None:
    draft.full = parts.pop("full", "")
    if parts:
        draft.name = Name(**parts)


def _value(field: str) -> Callable[[Draft, Parts], None]:
    def make(draft: Draft, parts: Parts) -> None:
        if parts.get("value", "").strip():
            getattr(draft, field).append(_labelled(parts))

    return make


def _organization(draft: Draft, parts: Parts) -> None:
    draft.organizations.append(
        OrganizationDraft(
            name=parts.get("name", ""),
            department=parts.get("department", ""),
            title=parts.get("title", ""),
            label=_label(parts),
            declared=True,
        )
    )


def _address(draft: Draft, parts: Parts) -> None:
    streets = (parts.get(part, "") for part in ("street", "street 2", "street 3"))
    texts = (
        parts.get("box", ""),
        parts.get("extended", ""),
        "\n".join(street for street in streets if street),
        parts.get("city", ""),
        parts.get("region", ""),
        parts.get("code", ""),
        parts.get("country", ""),
    )
    formatted = parts.get("formatted", "")
    if formatted or any(texts):
        draft.addresses.append(AddressDraft(texts, _label(parts), formatted=formatted))


def _birthday(draft: Draft, parts: Parts) -> None:
    text = parts.get("value", "")
    day = draft.day(text)
    if day is not None:
        draft.birthday = day
    elif text.lower() not in _NO_VALUE:
        draft.lose("Birthday")


def _date(draft: Draft, parts: Parts) -> None:
    text = parts.get("value", "")
    day = draft.day(text)
    if text and text.lower() not in _NO_VALUE:
        draft.dates.append(Labelled(str(day) if day else text, _label(parts) or "date"))


def _custom(draft: Draft, parts: Parts) -> None:
    draft.custom.append(CustomField(parts.get("label", ""), parts.get("value", "")))


def _lost(draft: Draft, parts: Parts) -> None:
    if parts["value"].lower() not in _NO_VALUE:
        draft.lose(parts["label"])


def _silent(draft: Draft, parts: Parts) -> None:
    """Nobody misses it."""


def _groups(draft: Draft, parts: Parts) -> None:
    """Google joins groups by " ::: " (spread already), Outlook its categories by a semicolon."""
    draft.groups.append(parts.get("value", ""))
    draft.groups += parts.get("categories", "").split(";")


def _nickname(draft: Draft, parts: Parts) -> None:
    draft.nicknames.append(parts.get("value", ""))


def _note(draft: Draft, parts: Parts) -> None:
    draft.notes.append(parts.get("value", ""))


_MAKERS: Final[Mapping[str, Callable[[Draft, Parts], None]]] = {
    "name": _name,
    "nickname": _nickname,
    "phone": _value("phones"),
    "email": _value("emails"),
    "url": _value("urls"),
    "relation": _value("relations"),
    "organization": _organization,
    "address": _address,
    "birthday": _birthday,
    "event": _date,
    "custom": _custom,
    "groups": _groups,
    "note": _note,
    "lost": _lost,
    "silent": _silent,
}
