"""Taking contacts in from a file, without Qt: look first, then take, then say what was refused and why.

The app plugs the rooms files and store in: `look` reads the file without keeping anything, `start` keeps it. Both
answer on the main thread through the methods of this presenter.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum
from typing import Final

from ringdesk.domain.dates import DayOrder
from ringdesk.domain.news import ImportProgress

SUFFIXES: Final = (".vcf", ".vcard", ".csv")


class Refusing(Enum):
    """Why a card of a file was not taken."""

    EMPTY = "empty"
    TRUNCATED = "truncated"
    TOO_LARGE = "too large"
    BAD_ENCODING = "bad encoding"
    STRAY = "stray"
    GROUP = "group"
    TOO_MANY = "too many"
    NOT_SAVED = "not saved"


@dataclass(frozen=True, slots=True)
class RefusedCard:
    """A card that was not taken: where in the file, why, and a short piece of it that tells which one it is."""

    where: str
    why: Refusing
    detail: str = ""


class Unreadable(Enum):
    """Why a whole file cannot be read."""

    NOT_THERE = "not there"
    NOT_ALLOWED = "not allowed"
    TOO_LARGE = "too large"
    UNKNOWN = "neither vCard nor CSV"
    BAD_ENCODING = "no text"
    NO_COLUMNS = "no column that a contact has"
    NOT_SAVED = "the store could not keep it"


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a file holds, before anything of it is kept."""

    path: str
    cards: int
    with_phones: int
    refused: tuple[RefusedCard, ...] = ()
    ignored: tuple[str, ...] = ()
    """Columns or properties that RingDesk has no place for."""

    order: DayOrder | None = None
    """What comes first in the file's dates, where other dates of it tell, or the user said so."""

    unclear: int = 0
    """Dates that can be read in two ways; where nothing tells which, the user is asked."""

    example: str = ""
    """One of them, as it is written in the file."""

    @property
    def asks(self) -> bool:
        """Whether the user has to say first what comes first in dates."""
        return self.unclear > 0 and self.order is None


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportResult:
    """What became of a file: contacts taken, contacts that were here already, cards refused."""

    taken: int
    already: int = 0
    refused: tuple[RefusedCard, ...] = ()


@dataclass(frozen=True, slots=True)
class Choosing:
    """No file is chosen yet."""


@dataclass(frozen=True, slots=True)
class Looking:
    """The file is being looked at."""

    path: str


@dataclass(frozen=True, slots=True)
class Asking:
    """The user sees what the file holds, and decides."""

    preview: Preview


@dataclass(frozen=True, slots=True)
class Taking:
    """Contacts are being taken."""

    preview: Preview
    progress: ImportProgress


@dataclass(frozen=True, slots=True)
class Finished:
    """The file was taken in."""

    result: ImportResult


@dataclass(frozen=True, slots=True)
class Failed:
    """The file could not be read at all; nothing was changed."""

    path: str
    why: Unreadable
    detail: str = ""


Stage = Choosing | Looking | Asking | Taking | Finished | Failed


class ImportPresenter:
    """The stages of an import. `look` and `start` are the app's; it answers by `looked`, `finished`, `failed`."""

    def __init__(self, look: Callable[[str], None], start: Callable[[str, DayOrder | None], None]) -> None:
        self._look, self._start = look, start
        self._show: Callable[[Stage], None] | None = None
        self.stage: Stage = Choosing()

    def attach(self, show: Callable[[Stage], None] | None) -> None:
        """Call `show` with every stage from now on; None when the dialog is closed."""
        self._show = show
        if show is not None:
            show(self.stage)

    def again(self) -> None:
        """Choose another file; while contacts are being taken this does nothing."""
        if not isinstance(self.stage, Taking):
            self._turn(Choosing())

    def choose(self, path: str) -> None:
        """Look at a file."""
        if isinstance(self.stage, Taking | Looking):
            return
        self._turn(Looking(path))
        self._look(path)

    def looked(self, preview: Preview) -> None:
        """The app has looked at the file."""
        if isinstance(self.stage, Looking) and self.stage.path == preview.path:
            self._turn(Asking(preview))

    def read_dates(self, order: DayOrder) -> None:
        """The user says what comes first in the file's dates."""
        if isinstance(self.stage, Asking) and self.stage.preview.unclear:
            self._turn(Asking(replace(self.stage.preview, order=order)))

    def take(self) -> None:
        """Take what the preview showed."""
        if isinstance(self.stage, Asking) and self.stage.preview.cards and not self.stage.preview.asks:
            preview = self.stage.preview
            self._turn(Taking(preview, ImportProgress(0, 0)))
            self._start(preview.path, preview.order)

    def progressed(self, progress: ImportProgress) -> None:
        """So many were taken so far."""
        if isinstance(self.stage, Taking):
            self._turn(Taking(self.stage.preview, progress))

    def finished(self, result: ImportResult) -> None:
        """Everything is taken or refused."""
        if isinstance(self.stage, Taking):
            self._turn(Finished(result))

    def failed(self, path: str, why: Unreadable, detail: str = "") -> None:
        """The file cannot be read, or nothing of it could be kept."""
        if isinstance(self.stage, Looking | Taking):
            self._turn(Failed(path, why, detail))

    def _turn(self, stage: Stage) -> None:
        self.stage = stage
        if self._show is not None:
            self._show(stage)
