"""What stands before the colon of a vCard line: group, property name and parameters.

The same few heads come back on nearly every card, so a file's heads are parsed once and remembered.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from ringdesk.files import labels

Coding = Literal["", "quoted", "base64"]

_REMEMBERED_LETTERS: Final = 120
_REMEMBERED_HEADS: Final = 4096
_HEAD_LETTERS: Final = 8192
_CODINGS: Final[Mapping[str, Coding]] = {"QUOTED-PRINTABLE": "quoted", "BASE64": "base64", "B": "base64"}


@dataclass(frozen=True, slots=True)
class Head:
    """A property's name in capitals and what its parameters say."""

    name: str
    group: str = ""
    label: str = ""
    phone_label: str = ""
    coding: Coding = ""
    charset: str = ""
    plain: bool = True
    """True where the value needs no decoding."""

    parameters: Mapping[str, str] | None = None
    """The parameters that have a name, in capitals; None for none."""

    def parameter(self, name: str) -> str:
        """A parameter's text, or empty."""
        return self.parameters.get(name, "") if self.parameters else ""


def split_line(line: str) -> tuple[str, str]:
    """The head and value of a line. Colons in quotes belong to the head."""
    head, _, value = line.partition(":")
    if head.count('"') % 2:
        place = _outside_quotes(line, ":")
        if place >= 0:
            return line[:place], line[place + 1 :]
    return head, value


def _outside_quotes(text: str, mark: str) -> int:
    place = 0
    for number, piece in enumerate(text.split('"')):
        found = piece.find(mark) if number % 2 == 0 else -1
        if found >= 0:
            return place + found
        place += len(piece) + 1
    return -1


class Heads(dict[str, Head]):
    """The heads of a file by their text, each parsed when it is first asked for; a bounded number is remembered.

    `plain` has those whose values need no care, with what reads them.
    """

    def __init__(self) -> None:
        super().__init__()
        self.plain: dict[str, tuple[Head, Any]] = {}

    def __missing__(self, text: str) -> Head:
        head = parse_head(text)
        if len(text) <= _REMEMBERED_LETTERS and len(self) < _REMEMBERED_HEADS:
            self[text] = head
        return head


def parse_head(text: str) -> Head:
    """What a head says; what is longer than any head is passed over."""
    text = text[:_HEAD_LETTERS]
    name, *parameters = _split(text, ";")
    group, _, name = name.strip().rpartition(".")
    types: list[str] = []
    named: dict[str, str] = {}
    coding: Coding = ""
    for parameter in parameters:
        key, equals, value = parameter.partition("=")
        key, value = key.strip().upper(), value.strip()
        if not equals and key in _CODINGS and key != "B":
            coding = _CODINGS[key]
        elif not equals:
            types += [t.strip() for t in parameter.split(",")]
        elif key == "TYPE":
            types += [t.strip() for t in value.replace('"', "").replace("\\", "").split(",")]
        elif key == "ENCODING":
            coding = _CODINGS.get(value.upper(), "")
        else:
            named.setdefault(key, value.strip('"'))
    charset = named.get("CHARSET", "")
    return Head(
        name=name.strip().upper(),
        group=group.lower(),
        label=labels.label(types),
        phone_label=labels.phone_label(types),
        coding=coding,
        charset=charset,
        plain=not coding and not charset,
        parameters=named or None,
    )


def _split(text: str, separator: str) -> list[str]:
    if '"' not in text:
        return text.split(separator)
    pieces = [""]
    for number, piece in enumerate(text.split('"')):
        if number % 2:
            pieces[-1] += f'"{piece}"'
        else:
            first, *more = piece.split(separator)
            pieces[-1] += first
            pieces += more
    return pieces
