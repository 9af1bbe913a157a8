"""The table of lines as a TOML file: region, extension, default, what each called number and queue means."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from ringdesk.domain.line import Line, Lines, line_named
from ringdesk.domain.numbering import parse, regions
from ringdesk.domain.phone import Number

_KEYS: Final = ("region", "extension", "default", "called", "queue")


class LinesFileError(Exception):
    """A file of lines cannot be used; the text names the file, the key and what was expected."""


def load(path: Path) -> Lines:
    """Read a file of lines. Raises LinesFileError."""
    try:
        return read(path.read_bytes().decode("utf-8"))
    except (OSError, ValueError) as error:
        raise LinesFileError(f"{path}: {error}") from error


def read(text: str) -> Lines:
    """Read the text of such a file. Raises ValueError that names the key and what was expected."""
    table = tomllib.loads(text)
    unknown = sorted(table.keys() - set(_KEYS))
    if unknown:
        raise ValueError(f"{unknown[0]}: no such key, expected one of {', '.join(_KEYS)}")
    region = _text(table, "region", "US").upper()
    if region not in regions():
        raise ValueError(f"region: {region!r} is no country, expected two letters such as 'GB'")
    return Lines(
        region=region,
        extension=_text(table, "extension", ""),
        default=_line("default", _text(table, "default", "personal")),
        called={_number(key, region): line for key, line in _lines(table, "called")},
        queue={key.lower(): line for key, line in _lines(table, "queue")},
    )


def _text(table: Mapping[str, object], key: str, default: str) -> str:
    value = table.get(key, default)
    if not isinstance(value, str):
        raise ValueError(f"{key}: text expected, not {type(value).__name__}")
    return value


def _lines(table: Mapping[str, object], name: str) -> list[tuple[str, Line]]:
    entries = table.get(name, {})
    if not isinstance(entries, dict):
        raise ValueError(f"{name}: a table expected, not {type(entries).__name__}")
    return [(key, _line(f'{name}."{key}"', value)) for key, value in entries.items()]


def _line(key: str, value: object) -> Line:
    if not isinstance(value, str):
        raise ValueError(f"{key}: text expected, not {type(value).__name__}")
    try:
        return line_named(value)
    except ValueError as error:
        raise ValueError(f"{key}: {error}") from error


def _number(text: str, region: str) -> Number:
    number = parse(text, region)
    if not str(number):
        raise ValueError(f'called."{text}": a number expected')
    return number
