"""Who is on the line, from what a source wrote: the withheld rule and the name rules, pure.

A withheld number must leave nothing behind: neither the number nor a name that carries its digits.
"""

from __future__ import annotations

from ringdesk.domain.line import Lines
from ringdesk.domain.numbering import dialled_digits
from ringdesk.domain.phone import E164, TAIL_DIGITS, Number, Withheld
from ringdesk.domain.values import dataclass
from ringdesk.domain.words import for_display

NAME_MOST = 200
"""The longest name a call carries, in letters."""

NUMBER_MOST = 64
"""The longest number text that is read, in characters."""

_NOT_YET = frozenset({"", "-", "<unknown>", "unknown", "none", "unavailable", "no number"})
"""What sources write before they know; a later fact may still bring the number."""


@dataclass(frozen=True, slots=True)
class Caller:
    """The other party: its number, the name that came along, and whether the number is hidden for good."""

    number: Number
    name: str = ""
    hidden: bool = False

    @property
    def told(self) -> bool:
        """True when the source has said who calls, be it that the caller hides; False while it does not know yet."""
        return self.hidden or not isinstance(self.number, Withheld)


def read(number: str, name: str, lines: Lines, *, withheld: bool) -> Caller:
    """Read the other party as a source wrote it."""
    text = for_display(number, NUMBER_MOST)
    parsed = lines.number(text)
    hidden = withheld or (isinstance(parsed, Withheld) and text.casefold() not in _NOT_YET)
    shown = clean_name(name, text, parsed, lines)
    if hidden:
        return Caller(Withheld(), "" if carries(name, text) else shown, hidden=True)
    return Caller(parsed, shown)


def clean_name(name: str, text: str, number: Number, lines: Lines) -> str:
    """The name as plain text, or nothing where it only says the number, or that there is none, again."""
    shown = for_display(name, NAME_MOST)
    if not shown:
        return ""
    as_number = lines.number(shown)
    if isinstance(as_number, Withheld) or as_number == number or shown == text:
        return ""
    letters = any(c.isalpha() for c in shown)
    return shown if letters or dialled_digits(shown) != dialled_digits(text) else ""


def carries(name: str, text: str) -> bool:
    """True when a name gives a number away: its digits hold the number's last digits."""
    digits = dialled_digits(text)
    return bool(digits) and digits[-TAIL_DIGITS:] in dialled_digits(name)


def merged(known: Caller, news: Caller) -> Caller:
    """What is known of a caller after a further fact about the same party; hidden stays hidden."""
    name = news.name or known.name
    if known.hidden or news.hidden:
        clear = " ".join(_digits(c.number) for c in (known, news))
        given_away = any(carries(name, number) for number in clear.split())
        return Caller(Withheld(), "" if given_away else name, hidden=True)
    number = known.number if isinstance(news.number, Withheld) else news.number
    return Caller(number, "" if _only_says(name, number) else name)


def _only_says(name: str, number: Number) -> bool:
    digits = _digits(number)
    return bool(digits) and not any(c.isalpha() for c in name) and dialled_digits(name).endswith(digits)


def _digits(number: Number) -> str:
    return number.significant if isinstance(number, E164) else dialled_digits(str(number))
