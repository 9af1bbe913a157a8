"""How a country writes its numbers: the digits of a number set into groups, as the phone library would.

Pure, and without the library: it is given what the library's tables say (`numbering` reads them). Ten times as quick
as asking the library, which counts when a list shows a dozen numbers at every keystroke.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from ringdesk.domain.values import dataclass

_GROUP = re.compile(r"\(\\d(?:\{(\d+)(?:,(\d+))?\})?\)")
_PLACE = re.compile(r"\\(\d)")


@dataclass(frozen=True, slots=True)
class Spelling:
    """One way to write numbers: for numbers that begin like `leads`, of digits in groups of these sizes."""

    leads: str
    sizes: tuple[tuple[int, int], ...]
    parts: tuple[str | int, ...]
    """What is written: text, and groups by their place."""
    least: int
    most: int
    """How many digits it takes."""

    def fits(self, digits: str) -> bool:
        """Whether a number is written so; its length is looked at first, because that costs nothing."""
        fitting = self.least <= len(digits) <= self.most
        return fitting and (not self.leads or _leading(self.leads).match(digits) is not None)

    def write(self, digits: str) -> str:
        """The digits in their groups; each takes as many as it may and leaves the later ones what they need."""
        groups: list[str] = []
        at, needed = 0, self.least
        for least, most in self.sizes:
            needed -= least
            end = min(at + most, len(digits) - needed)
            groups.append(digits[at:end])
            at = end
        return "".join([part if isinstance(part, str) else groups[part] for part in self.parts])


@lru_cache(maxsize=512)
def _leading(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def spelling(leads: str, pattern: str, form: str, first_rule: str) -> Spelling | None:
    r"""A way to write numbers from the library's tables; None where they say more than groups of digits.

    `pattern` is like `(\d{3})(\d{2,4})`, `form` like `\1 \2`, and `first_rule` like `(0\1)` says how the first group
    is written, empty where that is as the form says.
    """
    sizes = tuple((int(m[1] or 1), int(m[2] or m[1] or 1)) for m in _GROUP.finditer(pattern))
    if _GROUP.sub("", pattern) or not sizes or "$" in form + first_rule:
        return None
    first = _PLACE.search(form)
    if first_rule and first is not None:
        form = form[: first.start()] + first_rule.replace(r"\1", first[0]) + form[first.end() :]
    pieces = _PLACE.split(form)
    parts: list[str | int] = [int(piece) - 1 if place % 2 else piece for place, piece in enumerate(pieces)]
    if any(isinstance(part, int) and not 0 <= part < len(sizes) for part in parts):
        return None
    least, most = sum(size[0] for size in sizes), sum(size[1] for size in sizes)
    return Spelling(leads, sizes, tuple(part for part in parts if part != ""), least, most)


def spelled(digits: str, spellings: Iterable[Spelling]) -> str:
    """The digits as the first way writes them that fits; as they are where none does."""
    for way in spellings:
        if way.fits(digits):
            return way.write(digits)
    return digits
