"""What a phone number can be, and when two of them are one subscriber.

The values here know nothing of the phone library; `numbering` makes them from text.
"""

from __future__ import annotations

from enum import Enum

from ringdesk.domain.values import dataclass

TAIL_DIGITS = 7
"""Digits from the right that two numbers must share to be called a maybe (product rule 6)."""

EXTENSION_DIGITS = 6
"""A number of up to this many digits is an extension and never reaches the phone library."""


@dataclass(frozen=True, slots=True)
class E164:
    """A number in E.164 form, without its plus sign.

    `country` is the length of the country code, so that the national significant number can be cut off
    without asking the library again.
    """

    digits: str
    country: int

    def __post_init__(self) -> None:
        if not (self.digits.isascii() and self.digits.isdigit() and 1 < len(self.digits) <= 15):
            raise ValueError(f"not E.164: {self.digits!r}")
        if not 1 <= self.country <= 3:
            raise ValueError(f"no country code of {self.country} digits: {self.digits!r}")

    @property
    def significant(self) -> str:
        """The national significant number."""
        return self.digits[self.country :]

    def __str__(self) -> str:
        return f"+{self.digits}"


@dataclass(frozen=True, slots=True)
class Extension:
    """An internal number of up to six digits."""

    digits: str

    def __post_init__(self) -> None:
        if not (self.digits.isascii() and self.digits.isdigit() and 1 <= len(self.digits) <= EXTENSION_DIGITS):
            raise ValueError(f"not an extension: {self.digits!r}")

    def __str__(self) -> str:
        return self.digits


@dataclass(frozen=True, slots=True)
class Withheld:
    """The caller asked the network to hide the number, or the network sent none."""

    def __str__(self) -> str:
        return ""


@dataclass(frozen=True, slots=True)
class Unparsable:
    """A number that cannot become E.164 in the region it was read in.

    `digits` are its significant digits: leading zeros (trunk and dial-out prefixes) are gone.
    """

    text: str
    digits: str

    def __str__(self) -> str:
        return self.text


Number = E164 | Extension | Withheld | Unparsable


class Sameness(Enum):
    """How sure it is that two numbers are one subscriber."""

    EXACT = "exact"
    MAYBE = "maybe"
    NO = "no"


def tail(number: Number) -> str | None:
    """The last significant digits, by which a maybe is found; None where there are too few."""
    match number:
        case E164():
            digits = number.significant
        case Unparsable(_, digits):
            pass
        case _:
            return None
    return digits[-TAIL_DIGITS:] if len(digits) >= TAIL_DIGITS else None


def sameness(one: Number, other: Number) -> Sameness:
    """Tell whether two numbers are one subscriber.

    Two E.164 numbers of different countries never are, however alike their tails.
    A maybe needs the whole of the shorter number (seven digits or more) at the end of the longer one.
    """
    match one, other:
        case E164(), E164():
            if one.digits == other.digits:
                return Sameness.EXACT
            if one.digits[: one.country] != other.digits[: other.country]:
                return Sameness.NO
            return _suffix(one.significant, other.significant)
        case Extension(), Extension():
            return Sameness.EXACT if one == other else Sameness.NO
        case E164(), Unparsable():
            return _loosely(one, other.digits)
        case Unparsable(), E164():
            return sameness(other, one)
        case Unparsable(), Unparsable():
            return _suffix(one.digits, other.digits)
        case _:
            return Sameness.NO


def _loosely(number: E164, digits: str) -> Sameness:
    """Compare with digits that are no E.164: the end of the number, or the number with something between.

    The latter is how mobiles were written where a digit follows the country code: +52 1 55..., +54 9 11...
    """
    if len(digits) <= len(number.digits):
        return _suffix(digits, number.digits)
    inserted = digits.startswith(number.digits[: number.country]) and digits.endswith(number.significant)
    return Sameness.MAYBE if inserted and len(number.significant) >= TAIL_DIGITS else Sameness.NO


def _suffix(one: str, other: str) -> Sameness:
    short, long = sorted((one, other), key=len)
    return Sameness.MAYBE if len(short) >= TAIL_DIGITS and long.endswith(short) else Sameness.NO
