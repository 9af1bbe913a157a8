"""Text to number and back, with the phone library (`phone_library`; nobody else imports it).

Facts (phonenumbers 9, a port of libphonenumber): numbers of up to six digits parse to nonsense there,
so they are taken out first; a number in international form is kept when its length is possible, because number
ranges younger than the library's tables are real.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from ringdesk.domain.phone import E164, EXTENSION_DIGITS, Extension, Number, Unparsable, Withheld
from ringdesk.domain.phone_library import REGIONS, PhoneMetadata, country_code, phonenumbers, supported
from ringdesk.domain.spelling import Spelling, spelled, spelling
from ringdesk.domain.values import dataclass

LONGEST = 250
"""The phone library reads no longer text (phonenumbers.phonenumberutil._MAX_INPUT_STRING_LENGTH)."""

_WITHHELD = frozenset(
    {
        "", "-", "anonymous", "blocked", "no number", "none", "out-of-area", "out of area", "p", "private",
        "restricted", "unavailable", "unknown", "<unknown>", "withheld", "o", "anonymous.invalid",
    }
)  # several to a line  # fmt: skip


def parse(text: str, region: str) -> Number:
    """Read a number as somebody in `region` (two letters, ISO 3166) would dial or store it. Never fails."""
    return _parse(text[: LONGEST + 1].strip(), region.upper())


@lru_cache(maxsize=4096)
def _parse(text: str, region: str) -> Number:
    return read_plain(text, region) or read_any(text, region)


def read_any(text: str, region: str) -> Number:
    """Read any text, with the phone library: the reference that `read_plain` must agree with wherever it answers."""
    if text.casefold() in _WITHHELD:
        return Withheld()
    digits = dialled_digits(text)
    if _is_extension(text, digits):
        return Extension(digits)
    if any(c in "*#" for c in text):
        return Unparsable(text, "")  # a feature code, nobody's number
    return _e164(text, region) or Unparsable(text, digits.lstrip("0"))


_PLAIN = re.compile(r"[ (]*(\+|00)?[0-9 ().\-/]*[0-9][ )]*", re.ASCII)
_E164_DIGITS = 15
_SURE_DIGITS = 8
"""A national number of as many digits is taken for one though no table knows it (`_plausible`)."""


@dataclass(frozen=True, slots=True)
class _Plan:
    """What the library knows of a numbering plan and `read_plain` needs."""

    code: str
    international: re.Pattern[str]
    prefix: re.Pattern[str] | None
    transforms: bool
    general: re.Pattern[str]
    lengths: frozenset[int]
    country_lengths: frozenset[int]
    """Of the whole country code: islands and dependencies share one."""

    def significant(self, digits: str) -> str | None:
        """The digits without a trunk prefix, as the library cuts it; None where its answer takes more thought."""
        match = self.prefix.match(digits) if self.prefix is not None else None
        if match is not None and match.end():
            if self.transforms and match.group(match.re.groups) is not None:
                return None
            cut = digits[match.end() :]
            if not self.general.fullmatch(digits) or self.general.fullmatch(cut):
                digits = cut
        return digits if len(digits) in self.lengths else None


def read_plain(text: str, region: str) -> E164 | None:
    """Read what most numbers are: digits, blanks and brackets, of a possible length. None for all others.

    Takes a tenth of the library's time, by its own tables. A number with a country code needs no more than a
    possible length, and so does a national one of eight digits or more; the rest is left to `read_any`.
    """
    found = plain_digits(text, region)
    return None if found is None else E164(*found)


def plain_digits(text: str, region: str) -> tuple[str, int] | None:
    """What makes the number of `read_plain`, for whoever reads many of them and needs no number."""
    digits = text[1:]
    if text.startswith("+") and digits.isdigit() and digits.isascii():  # as nearly all lie in an account
        return _with_country(digits) if len(digits) > EXTENSION_DIGITS else None
    match = _PLAIN.fullmatch(text)
    if match is None:
        return None
    digits = text.encode().translate(None, _SIGNS).decode()
    if len(digits) <= EXTENSION_DIGITS:
        return None
    if match[1] == "+":
        return _with_country(digits)
    home = _plan_of_region(region)
    if home is None:
        return None
    if match[1]:
        return _with_country(digits[2:]) if home.international.pattern == "00" else None
    if digits.startswith(home.code) or home.international.match(digits):
        return None
    return _of_plan(home, digits, sure=False)


_SIGNS = b" +().-/"


def as_spelled(text: str) -> tuple[str, int] | None:
    """`plain_digits` of a number as accounts spell nearly all, plus and digits, where its length alone decides."""
    digits = text[1:]
    if not (text.startswith("+") and digits.isdigit() and digits.isascii()):
        return None
    code, lengths, trunk = _STARTS[digits[:3]]
    return (digits, code) if len(digits) in lengths and not digits.startswith(trunk, code) else None


class _Starts(dict[str, tuple[int, frozenset[int], str | tuple[()]]]):
    """By their first three digits: how long the country code is, the lengths of whole numbers, and the trunk prefix.

    No lengths where more than that decides. At most a thousand are remembered.
    """

    def __missing__(self, start: str) -> tuple[int, frozenset[int], str | tuple[()]]:
        found = self[start] = _start(_plan_at(start))
        return found


_STARTS = _Starts()


def _start(plan: _Plan | None) -> tuple[int, frozenset[int], str | tuple[()]]:
    prefix = plan.prefix.pattern if plan is not None and plan.prefix is not None else ""
    if plan is None or not (prefix == "" or (prefix.isdigit() and prefix.isascii())):
        return 0, frozenset(), ()
    code = len(plan.code)
    lengths = [code + length for length in plan.lengths & plan.country_lengths]
    fitting = frozenset(length for length in lengths if EXTENSION_DIGITS < length <= _E164_DIGITS)
    return code, fitting, prefix or ()


def _with_country(digits: str) -> tuple[str, int] | None:
    plan = _plan_at(digits[:3])
    return None if plan is None else _of_plan(plan, digits[len(plan.code) :], sure=True)


def _of_plan(plan: _Plan, digits: str, *, sure: bool) -> tuple[str, int] | None:
    significant = plan.significant(digits)
    if significant is None or len(significant) not in plan.country_lengths:
        return None
    whole = plan.code + significant
    if len(whole) > _E164_DIGITS or not (sure or len(significant.lstrip("0")) >= _SURE_DIGITS):
        return None
    return whole, len(plan.code)


@lru_cache(maxsize=1024)
def _plan_at(start: str) -> _Plan | None:
    """The plan of the country code that a number begins with, None where there is no such code."""
    if start.startswith("0"):
        return None
    for size in (1, 2, 3):
        if regions := REGIONS.get(int(start[:size])):
            return _plan(_metadata(int(start[:size]), regions[0]))
    return None


def _metadata(code: int, region: str) -> PhoneMetadata | None:
    return PhoneMetadata.metadata_for_region_or_calling_code(code, region)


@lru_cache(maxsize=256)
def _plan_of_region(region: str) -> _Plan | None:
    return _plan(PhoneMetadata.metadata_for_region(region, None))


def _plan(metadata: PhoneMetadata | None) -> _Plan | None:
    if metadata is None or metadata.international_prefix is None or metadata.general_desc is None:
        return None
    prefix = metadata.national_prefix_for_parsing
    country = metadata.country_code or 0
    main = _metadata(country, REGIONS[country][0])
    return _Plan(
        code=str(country),
        international=re.compile(metadata.international_prefix),
        prefix=re.compile(prefix) if prefix else None,
        transforms=bool(metadata.national_prefix_transform_rule),
        general=re.compile(metadata.general_desc.national_number_pattern or "$."),
        lengths=frozenset(metadata.general_desc.possible_length),
        country_lengths=frozenset(main.general_desc.possible_length if main and main.general_desc else ()),
    )


def _is_extension(text: str, digits: str) -> bool:
    plain = not any(c in "+*#" or unicodedata.category(c).startswith("L") for c in text)
    return plain and 1 <= len(digits) <= EXTENSION_DIGITS


def _e164(text: str, region: str) -> E164 | None:
    """The reading that the tables know for a real number, else the first whose length is possible."""
    made = [n for reading in _readings(text, region) if (n := _read(reading, region)) is not None]
    taken = next((n for n in made if _plausible(n, text)), None)
    decided = len(made) == 1 and taken is not None
    known = None if decided else next((n for n in made if phonenumbers.is_valid_number(n)), None)
    number = known or taken
    if number is None:
        return None
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)[1:]
    return E164(e164, len(str(number.country_code)))


def _readings(text: str, region: str) -> list[str]:
    """As the region reads it; with 00 as the whole world's dial-out prefix; with the country code but no plus.

    The last two are how people store numbers and how gateways send them. Where 00 means something else (a carrier
    in Brazil, nothing in Japan) the world's meaning still wins when it makes a real number.
    """
    bare = text.lstrip(" (")
    if bare.startswith("00"):
        return ["+" + bare[2:], text]
    code = str(country_code(region))
    return [text, "+" + text] if bare.startswith(code) else [text]


def _read(text: str, region: str) -> phonenumbers.PhoneNumber | None:
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    possible = phonenumbers.is_possible_number_with_reason(number) == phonenumbers.ValidationResult.IS_POSSIBLE
    short = len(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)) <= _E164_DIGITS + 1
    return number if possible and short else None


def _plausible(number: phonenumbers.PhoneNumber, text: str) -> bool:
    """Whether a number that no table knows is taken for one: ranges younger than the tables are real.

    Written internationally its length decides; written nationally it must have eight digits or more.
    """
    international = text.lstrip(" (").startswith(("+", "\uff0b", "00"))
    return international or len(str(number.national_number)) >= _SURE_DIGITS


def dialled_digits(text: str) -> str:
    """All decimal digits of a text as ASCII, whatever script they are written in."""
    return "".join(str(unicodedata.decimal(c)) for c in text if unicodedata.decimal(c, None) is not None)


@lru_cache(maxsize=256)
def trunk_and_country(region: str) -> tuple[str, str]:
    """The trunk prefix (often "0", may be empty) and the country code of a region, both digits."""
    code = country_code(region.upper())
    metadata = PhoneMetadata.metadata_for_region(region.upper(), None)
    trunk = (metadata.national_prefix or "") if metadata is not None else ""
    return trunk, str(code or "")


@lru_cache(maxsize=1024)
def display(number: Number, region: str) -> str:
    """The number as people in `region` write it: home numbers nationally, others internationally."""
    match number:
        case E164(digits, country):
            home = _code_of_region(region) == digits[:country]
            return spell_plain(number, national=home) or spell_any(number, national=home)
        case Extension(digits):
            return digits
        case Unparsable(text, _):
            return text
        case Withheld():
            return ""


def spell_any(number: E164, *, national: bool) -> str:
    """Write a number, with the phone library: the reference that `spell_plain` must agree with."""
    form = phonenumbers.PhoneNumberFormat.NATIONAL if national else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(phonenumbers.parse(f"+{number.digits}", None), form)


def spell_plain(number: E164, *, national: bool) -> str:
    """Write a number of a possible length by the library's own tables; empty where that takes more thought."""
    code, significant = number.digits[: number.country], number.significant
    plan = _plan_at(number.digits[:3])
    if plan is None or plan.code != code or len(significant) not in plan.country_lengths:
        return ""
    if plan.significant(significant) != significant or not significant.strip("0"):
        return ""
    ways = _spellings(code, national)
    if ways is None:
        return ""
    written = spelled(significant, ways)
    return written if national else f"+{code} {written}"


@lru_cache(maxsize=512)
def _spellings(code: str, national: bool) -> tuple[Spelling, ...] | None:
    """The ways to write the numbers of a country code; None where one of them is more than groups of digits."""
    main = _metadata(int(code), REGIONS[int(code)][0])
    if main is None:
        return None
    forms = main.number_format if national or not main.intl_number_format else main.intl_number_format
    ways: list[Spelling] = []
    for form in forms:
        leads = form.leading_digits_pattern[-1] if form.leading_digits_pattern else ""
        rule = (form.national_prefix_formatting_rule or "") if national else ""
        way = spelling(leads, form.pattern or "", form.format or "", rule)
        if way is None:
            return None
        ways.append(way)
    return tuple(ways)


@lru_cache(maxsize=256)
def _code_of_region(region: str) -> str:
    return str(country_code(region.upper()))


def regions() -> list[str]:
    """All regions a home country can be chosen from, two letters each, sorted."""
    return sorted(supported())


def country_of(number: Number) -> str | None:
    """The region a number belongs to, or None where it cannot be told."""
    if not isinstance(number, E164):
        return None
    region: str | None = phonenumbers.region_code_for_number(phonenumbers.parse(f"+{number.digits}", None))
    return region
