"""A stream of bytes to single vCards, still as bytes: where each begins and ends, and on which line.

Knows no file: bytes go in by `feed` in any chunks, and the same cards come out. Never holds more than one card of
the largest size and one chunk.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from ringdesk.domain.values import dataclass
from ringdesk.files.limits import CARD_BYTES
from ringdesk.files.report import Refused, RefusedCode

_BEGIN: Final = re.compile(rb"BEGIN[ \t]{0,8}:[ \t]{0,8}VCARD", re.I)
_MARK: Final = re.compile(rb"\n(?:(BEGIN)|END)[ \t]{0,8}:[ \t]{0,8}VCARD", re.I)
_NESTED: Final = re.compile(rb"\nBEGIN[ \t]{0,8}:[ \t]{0,8}VCARD.*?\nEND[ \t]{0,8}:[ \t]{0,8}VCARD", re.I | re.S)
_MARK_BYTES: Final = 32
"""More than the longest mark: so much of a chunk's end may be half a mark."""

_BLANK: Final = b" \t\n\x1a\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class RawCard:
    """The bytes between BEGIN and END of one card, lines ending in a line feed."""

    where: str
    data: bytes


class CardSplitter:
    """Cuts a growing text into cards."""

    def __init__(self) -> None:
        self._text = b""
        self._at = 0  # before this all is done with; inside a card, where its BEGIN is
        self._line = 1  # the line number at _at
        self._number = 0  # of the card
        self._inside = False
        self._skipping = False  # inside a card that is too large
        self._body = 0  # where the card's content begins
        self._seen = 0  # so far the card was searched for its end
        self._depth = 0  # of cards inside the card
        self._nested = False
        self._stray = 0  # line of text outside any card, 0 for none
        self._held = b""  # a carriage return whose line feed may be in the next chunk

    def feed(self, data: bytes) -> Iterator[RawCard | Refused]:
        """Yield what the new bytes complete."""
        data = self._held + data
        self._held = b"\r" if data.endswith(b"\r") else b""
        if b"\r" in data:
            data = data[: len(data) - len(self._held)].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        self._text += data
        while True:
            if not self._inside:
                yield from self._begin()
            mark = _MARK.search(self._text, self._seen) if self._inside else None
            if mark is None:
                break
            yield from self._marked(mark)
        yield from self._pause()

    def close(self) -> Iterator[Refused]:
        """Yield what is to be said at the end of the file."""
        if self._inside and not self._skipping:
            yield self._refused(RefusedCode.TRUNCATED, "the file ends inside this card")
        elif not self._inside:
            self._pass_outside(len(self._text))
            yield from self._stray_text()

    def _begin(self) -> Iterator[Refused]:
        begin = _BEGIN.search(self._text, self._at)
        if begin is not None:
            self._pass_outside(begin.start())
            yield from self._stray_text()
            self._open(begin.end())

    def _marked(self, mark: re.Match[bytes]) -> Iterator[RawCard | Refused]:
        self._seen = mark.end()
        yield from self._check_size(mark.start())
        if mark[1] is not None and self._follows_agent(mark.start()):
            self._depth += 1
            self._nested = True
        elif mark[1] is not None:
            if not self._skipping:
                yield self._refused(RefusedCode.TRUNCATED, "the next card begins inside this one")
            self._advance(mark.start() + 1)
            self._open(mark.end())
        elif self._depth:
            self._depth -= 1
        else:
            if not self._skipping:
                yield RawCard(self._where, self._content(mark.start()))
            self._advance(mark.end())
            self._inside = False

    def _follows_agent(self, at: int) -> bool:
        """A card inside a card follows a line that ends at its colon (AGENT of vCard 2.1)."""
        line = self._text[max(self._body, at - 100) : at].rpartition(b"\n")[2].strip()
        return line.upper().startswith(b"AGENT") and line.endswith(b":")

    def _content(self, end: int) -> bytes:
        content = self._text[self._body : end]
        return _NESTED.sub(b"", content) if self._nested else content

    def _open(self, body: int) -> None:
        self._inside, self._skipping, self._nested, self._depth = True, False, False, 0
        self._number += 1
        self._body = self._seen = body

    def _check_size(self, end: int) -> Iterator[Refused]:
        if not self._skipping and end - self._body > CARD_BYTES:
            self._skipping = True
            yield self._refused(RefusedCode.TOO_LARGE, "this card has more than 5 MiB")

    @property
    def _where(self) -> str:
        return f"card {self._number}, line {self._line}"

    def _refused(self, code: RefusedCode, detail: str) -> Refused:
        return Refused(self._where, code, detail)

    def _stray_text(self) -> Iterator[Refused]:
        if self._stray:
            yield Refused(f"line {self._stray}", RefusedCode.STRAY, "text outside any card")
            self._stray = 0

    def _pass_outside(self, end: int) -> None:
        text = self._text[self._at : end]
        rest = text.lstrip(_BLANK)
        if rest and not self._stray:
            self._stray = self._line + text.count(b"\n", 0, len(text) - len(rest))
        self._advance(end)

    def _advance(self, end: int) -> None:
        self._line += self._text.count(b"\n", self._at, end)
        self._at = end

    def _pause(self) -> Iterator[Refused]:
        """Forget what is done with, but for what may be half a mark."""
        tail = len(self._text) - _MARK_BYTES
        if self._inside:
            self._seen = max(self._seen, tail)
            yield from self._check_size(tail)
        if self._skipping:
            self._advance(max(self._at, tail))
        elif not self._inside:
            self._pass_outside(max(self._at, tail))
        gone, self._at = self._at, 0
        self._text = self._text[gone:]
        self._seen, self._body = max(0, self._seen - gone), max(0, self._body - gone)
