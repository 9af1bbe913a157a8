"""What the user chose, as one frozen value in one JSON file. Rooms get values out of it, never the object.

The file is written whole beside the old one and then renamed, so that a crash or a full disk leaves the old settings.
A file that cannot be read is never overwritten silently: it is set aside and named.
"""

from __future__ import annotations

import json
import locale
import os
from collections.abc import Mapping
from dataclasses import asdict, field, fields, replace
from pathlib import Path
from typing import Any, Final

from ringdesk.domain.choices import (
    CORNERS,
    LONGEST_KEEP,
    LONGEST_NOTE,
    LONGEST_STRIP,
    PORTS,
    SHORTEST_NOTE,
    HttpFeed,
    LineChoice,
    PhoneChoice,
    PopChoices,
)
from ringdesk.domain.line import Line, Lines, line_named
from ringdesk.domain.numbering import parse, regions
from ringdesk.domain.values import dataclass

FILE_NAME: Final = "settings.json"
PLACES: Final = 20


class SettingsError(Exception):
    """The settings file could not be read or written: which file, where in it, what was wrong."""


@dataclass(frozen=True, slots=True)
class PlaceEntry:
    """Where pops went with one set-up of screens, as `ui.desktop.screens` writes it."""

    setup: str
    corner: str = "bottom right"
    screen: str = ""

    def __post_init__(self) -> None:
        if self.corner not in CORNERS:
            raise ValueError(f"a place's corner is {self.corner!r}, expected one of {', '.join(CORNERS)}")


@dataclass(frozen=True, slots=True)
class Settings:
    """All choices. `region` is the home country, two letters; `keep_calls` the days calls are kept (0 to 730)."""

    region: str = "US"
    extension: str = ""
    default_line: str = "personal"
    lines: tuple[LineChoice, ...] = ()
    sources: tuple[PhoneChoice, ...] = ()
    pop: PopChoices = field(default_factory=PopChoices)
    places: tuple[PlaceEntry, ...] = ()
    http_feed: HttpFeed = field(default_factory=HttpFeed)
    keep_calls: int = 90
    language: str = ""
    welcomed: bool = False

    def __post_init__(self) -> None:
        if self.region not in regions():
            raise ValueError(f"region is {self.region!r}, expected a country code of two letters, such as GB")
        if not 0 <= self.keep_calls <= LONGEST_KEEP:
            raise ValueError(f"keep_calls is {self.keep_calls}, expected 0 to {LONGEST_KEEP} days")
        _check_pop(self.pop)
        if self.http_feed.port not in PORTS:
            raise ValueError(f"http_feed.port is {self.http_feed.port}, expected 0 to {PORTS[-1]}")
        line_named(self.default_line)
        for entry in self.lines:
            line_named(entry.line)
        if len({source.id for source in self.sources}) < len(self.sources):
            raise ValueError("two phones have the same name in sources")

    @property
    def table(self) -> Lines:
        """The table of lines that calls are sorted by."""
        called: dict[Any, Line] = {}
        queue: dict[str, Line] = {}
        for entry in self.lines:
            if entry.queue:
                queue[entry.match.lower()] = line_named(entry.line)
            else:
                called[parse(entry.match, self.region)] = line_named(entry.line)
        return Lines(self.region, self.extension, line_named(self.default_line), called, queue)


def _check_pop(pop: PopChoices) -> None:
    if pop.corner not in CORNERS:
        raise ValueError(f"pop.corner is {pop.corner!r}, expected one of {', '.join(CORNERS)}")
    for name, value, low, high in (
        ("strip_after", pop.strip_after, 0, LONGEST_STRIP),
        ("note_after", pop.note_after, SHORTEST_NOTE, LONGEST_NOTE),
    ):
        if not low <= value <= high:
            raise ValueError(f"pop.{name} is {value}, expected {low} to {high} seconds")


def placed(settings: Settings, setup: str) -> Settings:
    """The settings with where pops went when the screens were set up like this; unchanged where they never were."""
    for entry in settings.places:
        if entry.setup == setup:
            return replace(settings, pop=replace(settings.pop, corner=entry.corner, screen=entry.screen))
    return settings


def place_kept(settings: Settings, setup: str) -> Settings:
    """The settings with the place that pops have now kept for this set-up; the latest `PLACES` set-ups are kept."""
    others = [entry for entry in settings.places if entry.setup != setup]
    entry = PlaceEntry(setup, settings.pop.corner, settings.pop.screen)
    return replace(settings, places=tuple([*others, entry][-PLACES:]))


def home_region(environment: Mapping[str, str]) -> str:
    """The home country to begin with: the one in the system's language setting, else US."""
    for name in ("LC_ALL", "LC_TELEPHONE", "LC_CTYPE", "LANG"):
        value = environment.get(name, "")
        if "_" in value:
            region = value.split("_", 1)[1][:2].upper()
            return region if region in regions() else "US"
    system = locale.getlocale()[0] or ""
    region = system.split("_", 1)[1][:2].upper() if "_" in system else "US"
    return region if region in regions() else "US"


def load(folder: Path, environment: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings of a data folder; the defaults where there is no file yet.

    Raises SettingsError naming file and place; the file is left as it is.
    """
    path = folder / FILE_NAME
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return Settings(region=home_region(environment))
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: {error}") from error
    try:
        return _made(json.loads(text))
    except json.JSONDecodeError as error:
        raise SettingsError(f"{path}, line {error.lineno}: {error.msg}") from error
    except (TypeError, ValueError) as error:
        raise SettingsError(f"{path}: {error}") from error


def set_aside(folder: Path) -> Path:
    """Rename an unreadable settings file, so that defaults can be used and nothing is lost; gives the new path."""
    path = folder / FILE_NAME
    for number in range(1, 1000):
        aside = folder / f"settings.unreadable-{number}.json"
        if not aside.exists():
            path.rename(aside)
            return aside
    raise SettingsError(f"{path}: too many unreadable settings files in {folder}; move them away")


def save(folder: Path, settings: Settings) -> None:
    """Write the settings whole, or leave the old ones. Raises SettingsError."""
    path = folder / FILE_NAME
    fresh = folder / f".{FILE_NAME}.new"
    try:
        with fresh.open("w", encoding="utf-8") as file:
            json.dump(asdict(settings), file, indent=2, ensure_ascii=False)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    except OSError as error:
        raise SettingsError(f"{path}: {error}") from error


_ENTRIES: Final[dict[str, type[Any]]] = {"lines": LineChoice, "sources": PhoneChoice, "places": PlaceEntry}
_TABLES: Final[dict[str, type[Any]]] = {"pop": PopChoices, "http_feed": HttpFeed}


def _made(document: Any) -> Settings:
    if not isinstance(document, dict):
        raise TypeError("the file holds no table of settings")
    known = {f.name: f.type for f in fields(Settings)}
    values: dict[str, Any] = {}
    for name, value in document.items():
        if name not in known:
            continue  # written by a newer version; dropped only when the user saves here
        if name in _ENTRIES:
            values[name] = tuple(_entry(_ENTRIES[name], item, f"{name} {n}") for n, item in enumerate(value, 1))
        elif name in _TABLES:
            values[name] = _entry(_TABLES[name], value, name)
        else:
            values[name] = _checked(value, getattr(Settings(), name), name)
    return replace(Settings(), **values)


def _entry(kind: type[Any], item: Any, where: str) -> Any:
    if not isinstance(item, dict):
        raise TypeError(f"{where}: a table was expected")
    made = {}
    for f in fields(kind):
        if f.name in item:
            made[f.name] = _checked(item[f.name], None, f"{where}.{f.name}", str(f.type))
    try:
        return kind(**made)
    except TypeError as error:
        raise TypeError(f"{where}: {error}") from error


def _checked(value: Any, like: Any, where: str, kind: str = "") -> Any:
    wanted = kind or type(like).__name__
    if type(value).__name__ != wanted:
        raise TypeError(f"{where} is {value!r}, expected {wanted}")
    return value
