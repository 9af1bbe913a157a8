"""The rows of a CSV text: a broken row costs that row, whatever the reader made of what follows it."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, TextIO

from ringdesk.files.encodings import mended
from ringdesk.files.limits import LINE_LETTERS
from ringdesk.files.report import RefusedCode

_DELIMITERS: Final = (",", ";", "\t")


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that cannot be read."""

    code: RefusedCode
    detail: str


class _Lines:
    """The lines of a text, of which some can be put back. Remembers the lines taken since `begin`."""

    def __init__(self, text: TextIO) -> None:
        self._text = text
        self._back: deque[str] = deque()
        self.taken: list[str] = []
        self.ended = False

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._back.popleft() if self._back else self._text.readline(LINE_LETTERS)
        if not line:
            self.ended = True
            raise StopIteration
        self.taken.append(line)
        return mended(line.replace("\0", ""))

    def begin(self) -> None:
        """Forget the lines taken."""
        self.taken.clear()
        self.ended = False

    def put_back(self) -> None:
        """Give all lines taken but the first again."""
        self._back.extendleft(reversed(self.taken[1:]))

    @property
    def cut(self) -> bool:
        """True where the last line taken was too long to be taken whole."""
        return bool(self.taken) and _partial(self.taken[-1])

    def end_line(self) -> None:
        """Pass over the rest of a line that was too long."""
        line = self.taken[-1]
        while _partial(line) and not self._back:
            line = self._text.readline(LINE_LETTERS)


def _partial(line: str) -> bool:
    return len(line) == LINE_LETTERS and not line.endswith(("\n", "\r"))


def rows(text: TextIO, delimiter: str) -> Iterator[list[str] | BadRow]:
    """Yield the rows; empty ones as empty lists."""
    lines = _Lines(text)
    while True:
        reader = csv.reader(lines, delimiter=delimiter, skipinitialspace=True)
        lines.begin()
        while True:
            try:
                row = next(reader, None)
            except csv.Error:
                yield _too_large(lines)
                break
            if row is None:
                return
            if lines.ended:  # the reader wanted more: only inside quotes does it ask beyond the end of a line
                lines.put_back()
                yield BadRow(RefusedCode.TRUNCATED, "a quotation mark is opened in this row and never closed")
                break
            if lines.cut:
                yield _too_large(lines)
                break
            yield row
            lines.begin()


def _too_large(lines: _Lines) -> BadRow:
    if len(lines.taken) > 1:
        lines.put_back()
        return BadRow(RefusedCode.TRUNCATED, "a quotation mark is opened in this row and not closed for long")
    lines.end_line()
    return BadRow(RefusedCode.TOO_LARGE, "a cell of this row is longer than any contact's")


def delimiter_of(line: str) -> str:
    """The delimiter of a heading row."""
    return max(_DELIMITERS, key=line.count)
