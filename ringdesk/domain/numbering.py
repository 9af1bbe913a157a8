"""Text to number and back, with the phone library (the only module that imports it).

Facts (phonenumbers 9, a port of libphonenumber): numbers of up to six digits parse to nonsense there,
so they are taken out first; a number in international form is kept when its length is possible, because number
ranges younger than the library's tables are real.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat, ValidationResult

from ringdesk.domain.phone import E164, EXTENSION_DIGITS, Extension, Number, Unparsable, Withheld

LONGEST = 250
"""The phone library reads no longer text (phonenumbers.phonenumberutil._MAX_INPUT_STRING_LENGTH)."""

_WITHHELD = frozenset(
    {
        "", "-", "anonymous", "blocked", "no number", "none", "out-of-area", "out of area", "p", "private",
        "restricted", "unavailable", "unknown", "<unknown>", "withheld", "o", "anonymous.invalid",
    }
)  # fmt: skip


def parse(text: str, region: str) -> Number:
    """Read a number as somebody in `region` (two letters, ISO 3166) would dial or store it. Never fails."""
    return _parse(text[: LONGEST + 1].strip(), region.upper())


@lru_cache(maxsize=4096)
def _parse(text: str, region: str) -> Number:
    if text.casefold() in _WITHHELD:
        return Withheld()
    digits = dialled_digits(text)
    if _is_extension(text, digits):
        return Extension(digits)
    if any(c in "*#" for c in text):
        return Unparsable(text, "")  # a feature code, nobody's number
    return _e164(text, region) or Unparsable(text, digits.lstrip("0"))


def _is_extension(text: str, digits: str) -> bool:
    plain = not any(c in "+*#" or unicodedata.category(c).startswith("L") for c in text)
    return plain and 1 <= len(digits) <= EXTENSION_DIGITS


def _e164(text: str, region: str) -> E164 | None:
    """The reading that the tables know for a real number, else the first whose length is possible."""
    made = [n for reading in _readings(text, region) if (n := _read(reading, region)) is not None]
    known = next((n for n in made if phonenumbers.is_valid_number(n)), None)
    number = known or next((n for n in made if _plausible(n, text)), None)
    if number is None:
        return None
    e164 = phonenumbers.format_number(number, PhoneNumberFormat.E164)[1:]
    return E164(e164, len(str(number.country_code)))


def _readings(text: str, region: str) -> list[str]:
    """As the region reads it; with 00 as the whole world's dial-out prefix; with the country code but no plus.

    The last two are how people store numbers and how gateways send them. Where 00 means something else (a carrier
    in Brazil, nothing in Japan) the world's meaning still wins when it makes a real number.
    """
    bare = text.lstrip(" (")
    if bare.startswith("00"):
        return ["+" + bare[2:], text]
    code = str(phonenumbers.country_code_for_region(region))
    return [text, "+" + text] if bare.startswith(code) else [text]


def _read(text: str, region: str) -> phonenumbers.PhoneNumber | None:
    try:
        number = phonenumbers.parse(text, region)
    except NumberParseException:
        return None
    possible = phonenumbers.is_possible_number_with_reason(number) == ValidationResult.IS_POSSIBLE
    short = len(str(number.country_code)) + len(str(number.national_number)) <= 15
    return number if possible and short else None


def _plausible(number: phonenumbers.PhoneNumber, text: str) -> bool:
    """Whether a number that no table knows is taken for one: ranges younger than the tables are real.

    Written internationally its length decides; written nationally it must have eight digits or more.
    """
    international = text.lstrip(" (").startswith(("+", "\uff0b", "00"))
    return international or len(str(number.national_number)) >= 8


def dialled_digits(text: str) -> str:
    """All decimal digits of a text as ASCII, whatever script they are written in."""
    return "".join(str(unicodedata.decimal(c)) for c in text if unicodedata.decimal(c, None) is not None)


@lru_cache(maxsize=256)
def trunk_and_country(region: str) -> tuple[str, str]:
    """The trunk prefix (often "0", may be empty) and the country code of a region, both digits."""
    code = phonenumbers.country_code_for_region(region.upper())
    metadata = phonenumbers.PhoneMetadata.metadata_for_region(region.upper(), None)
    trunk = (metadata.national_prefix or "") if metadata is not None else ""
    return trunk, str(code or "")


@lru_cache(maxsize=1024)
def display(number: Number, region: str) -> str:
    """The number as people in `region` write it: home numbers nationally, others internationally."""
    match number:
        case E164(digits, country):
            code = int(digits[:country])
            parsed = phonenumbers.parse(f"+{digits}", None)
            home = phonenumbers.country_code_for_region(region.upper()) == code
            form = PhoneNumberFormat.NATIONAL if home else PhoneNumberFormat.INTERNATIONAL
            return phonenumbers.format_number(parsed, form)
        case Extension(digits):
            return digits
        case Unparsable(text, _):
            return text
        case Withheld():
            return ""


def regions() -> list[str]:
    """All regions a home country can be chosen from, two letters each, sorted."""
    return sorted(phonenumbers.SUPPORTED_REGIONS)


def country_of(number: Number) -> str | None:
    """The region a number belongs to, or None where it cannot be told."""
    if not isinstance(number, E164):
        return None
    region: str | None = phonenumbers.region_code_for_number(phonenumbers.parse(f"+{number.digits}", None))
    return region
