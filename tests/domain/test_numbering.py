"""Numbers: every way people write one leads to the same subscriber, and to no other."""

from __future__ import annotations

import csv
from itertools import combinations
from pathlib import Path

import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ringdesk.domain.numbering import (
    as_spelled,
    dialled_digits,
    display,
    parse,
    plain_digits,
    read_any,
    read_plain,
    regions,
    spell_any,
    spell_plain,
)
from ringdesk.domain.phone import E164, Extension, Number, Sameness, Unparsable, Withheld, sameness, tail
from ringdesk.domain.spelling import spelling

with (Path(__file__).parent / "numbers.csv").open(encoding="utf-8", newline="") as file:
    TABLE = [(row["home"], row["stored"], row["e164"]) for row in csv.DictReader(file)]


def test_the_table_is_large_enough_to_mean_something() -> None:
    assert len(TABLE) >= 200
    assert len({home for home, _, _ in TABLE}) >= 12


@pytest.mark.parametrize("home", sorted({home for home, _, _ in TABLE}))
def test_every_form_of_the_table_is_a_hit(home: str) -> None:
    wrong = [
        (stored, e164, parse(stored, home)) for h, stored, e164 in TABLE if h == home and str(parse(stored, h)) != e164
    ]
    assert wrong == []


def test_no_two_subscribers_of_the_table_are_taken_for_one() -> None:
    numbers = {e164: {parse(stored, home) for home, stored, e in TABLE if e == e164} for _, _, e164 in TABLE}
    for one, other in combinations(numbers, 2):
        pairs = [(a, b) for a in numbers[one] for b in numbers[other] if sameness(a, b) is not Sameness.NO]
        assert pairs == [], (one, other)


@pytest.mark.parametrize(
    ("text", "home", "number"),
    [
        ("201", "GB", Extension("201")),
        ("0201", "GB", Extension("0201")),
        ("123456", "US", Extension("123456")),
        (" 2 01 ", "GB", Extension("201")),
        ("anonymous", "GB", Withheld()),
        ("PRIVATE", "US", Withheld()),
        ("<unknown>", "US", Withheld()),
        ("", "US", Withheld()),
        ("OUT-OF-AREA", "US", Withheld()),
        ("123-1234", "US", Unparsable("123-1234", "1231234")),
        ("015228817386", "ES", Unparsable("015228817386", "15228817386")),
        ("*98", "GB", Unparsable("*98", "")),
        ("+1234", "US", Unparsable("+1234", "1234")),
        ("reception", "US", Unparsable("reception", "")),
        ("1-800-FLOWERS", "US", E164("18003569377", 1)),
        ("٠٢٠٧٩٤٦٠٧٧٧", "GB", E164("442079460777", 2)),
    ],
)
def test_kinds(text: str, home: str, number: Number) -> None:
    assert parse(text, home) == number


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("+34612345678", "+34612345678", Sameness.EXACT),
        ("+34612345678", "+44612345678", Sameness.NO),
        ("+14011231234", "123-1234", Sameness.MAYBE),
        ("+4915228817386", "015228817386", Sameness.MAYBE),
        ("+5215512345678", "+525512345678", Sameness.MAYBE),
        ("+34612345678", "345678", Sameness.NO),
        ("201", "201", Sameness.EXACT),
        ("201", "+442079460201", Sameness.NO),
        ("anonymous", "anonymous", Sameness.NO),
    ],
)
def test_sameness(one: str, other: str, same: Sameness) -> None:
    a, b = parse(one, "ES"), parse(other, "ES")
    assert sameness(a, b) is same
    assert sameness(b, a) is same


def test_a_maybe_is_always_found_by_its_tail() -> None:
    for one, other in combinations([parse(stored, home) for home, stored, _ in TABLE[::5]], 2):
        if sameness(one, other) is Sameness.MAYBE:
            assert tail(one) == tail(other)


digit_text = st.text("0123456789 +-()./", max_size=24)


@given(st.text(max_size=300), st.sampled_from(["US", "GB", "ES", "DE", "JP", "BR"]))
def test_reading_never_fails_and_can_be_shown(text: str, home: str) -> None:
    number = parse(text, home)
    assert isinstance(display(number, home), str)
    tail(number)


@given(digit_text, digit_text, st.sampled_from(["US", "GB", "ES", "DE"]))
def test_sameness_is_symmetric(one: str, other: str, home: str) -> None:
    a, b = parse(one, home), parse(other, home)
    assert sameness(a, b) is sameness(b, a)


international = st.sampled_from([e164 for _, _, e164 in TABLE])
LIBRARY = {
    phonenumbers.MatchType.EXACT_MATCH: Sameness.EXACT,
    phonenumbers.MatchType.NO_MATCH: Sameness.NO,
    phonenumbers.MatchType.SHORT_NSN_MATCH: Sameness.MAYBE,
}


@given(international, st.data())
def test_agrees_with_the_phone_library_on_international_numbers(one: str, data: st.DataObject) -> None:
    """Two numbers with a country code: ours and the library's verdict are equal, but for tails under seven digits."""
    cut = data.draw(st.integers(0, 5))
    digits = one[1:]
    country = len(str(phonenumbers.parse(one).country_code))
    other = data.draw(st.sampled_from([one, f"+{digits[:country]}{digits[country + cut :]}", data.draw(international)]))
    a, b = parse(one, "US"), parse(other, "US")
    if isinstance(a, E164) and isinstance(b, E164) and min(len(a.significant), len(b.significant)) >= 7:
        assert sameness(a, b) is LIBRARY[phonenumbers.is_number_match(one, other)]


@given(st.sampled_from(TABLE), st.sampled_from(TABLE))
def test_every_form_agrees_with_the_library_in_its_home(one: tuple[str, str, str], other: tuple[str, str, str]) -> None:
    a, b = parse(one[1], one[0]), parse(other[1], other[0])
    assert (sameness(a, b) is Sameness.EXACT) == (
        phonenumbers.is_number_match(one[2], other[2]) == phonenumbers.MatchType.EXACT_MATCH
    )


REGIONS = regions()
EXAMPLES = [
    phonenumbers.format_number(number, form)
    for region in REGIONS
    for kind in (phonenumbers.PhoneNumberType.FIXED_LINE, phonenumbers.PhoneNumberType.MOBILE)
    if (number := phonenumbers.example_number_for_type(region, kind)) is not None
    for form in (phonenumbers.PhoneNumberFormat.INTERNATIONAL, phonenumbers.PhoneNumberFormat.NATIONAL)
]
written = st.one_of(
    st.builds(
        lambda start, text, cut, more: start + text[cut:] + more,
        st.sampled_from(["", "", "+", "00", "0", "(", "(+", "1", "011"]),
        st.sampled_from([stored for _, stored, _ in TABLE] + EXAMPLES),
        st.integers(0, 4),
        st.sampled_from(["", "", "0", "12", ")", "-", " ext 3"]),
    ),
    st.text("0123456789 +-()./", max_size=22),
    st.from_regex(r"\A(\+|00)?[0-9]{4,17}\Z"),
)


@settings(max_examples=500, deadline=None)
@given(written, st.sampled_from(["ES", "GB", "US", "DE", "IT", "BR", "AR", "MX", "JP", *REGIONS]))
def test_the_quick_reading_agrees_with_the_library(text: str, home: str) -> None:
    quick = read_plain(text.strip(), home)
    assert quick is None or quick == read_any(text.strip(), home)


@pytest.mark.parametrize("home", ["ES", "GB", "US", "AR", "MX", "GG", "AX", "SM"])
def test_the_quick_reading_of_every_example_is_the_librarys(home: str) -> None:
    quick = {text: read_plain(text, home) for text in EXAMPLES}
    assert {text: read_any(text, home) for text, number in quick.items() if number} == {
        text: number for text, number in quick.items() if number
    }
    assert sum(number is not None for number in quick.values()) > len(EXAMPLES) // 2


spelled_out = st.from_regex(r"\A\+[0-9]{1,17}\Z") | st.builds(
    lambda text, more: "+" + dialled_digits(text) + more,
    st.sampled_from([text for text in EXAMPLES if text.startswith("+")]),
    st.sampled_from(["", "0", "12"]),
)


@settings(max_examples=500, deadline=None)
@given(written | spelled_out)
def test_numbers_as_accounts_spell_them_are_read_by_their_length(text: str) -> None:
    quick = as_spelled(text)
    assert quick is None or quick == plain_digits(text, "ES")


def test_nearly_every_number_that_an_account_spells_is_read_by_its_length() -> None:
    spelled = ["+" + dialled_digits(text) for text in EXAMPLES if text.startswith("+")]
    quick = {text: as_spelled(text) for text in spelled}
    assert all(found == plain_digits(text, "ES") for text, found in quick.items() if found)
    assert sum(found is not None for found in quick.values()) > len(spelled) // 2


def test_display_is_national_at_home_and_international_abroad() -> None:
    number = parse("+442079460777", "GB")
    assert display(number, "GB") == "020 7946 0777"
    assert display(number, "ES") == "+44 20 7946 0777"


@settings(max_examples=500, deadline=None)
@given(st.sampled_from(EXAMPLES), st.integers(0, 3), st.sampled_from(["", "0", "12"]), st.booleans())
def test_the_quick_spelling_agrees_with_the_library(text: str, cut: int, more: str, national: bool) -> None:
    number = parse(text[: len(text) - cut] + more, "ES")
    if isinstance(number, E164):
        assert spell_plain(number, national=national) in ("", spell_any(number, national=national))


@pytest.mark.parametrize("national", [True, False])
def test_the_quick_spelling_of_every_example_is_the_librarys(national: bool) -> None:
    numbers = [number for text in EXAMPLES if isinstance(number := parse(text, "ES"), E164)]
    quick = {number: spell_plain(number, national=national) for number in numbers}
    told = {number: text for number, text in quick.items() if text}
    assert {number: spell_any(number, national=national) for number in told} == told
    assert len(told) > len(quick) * 0.9


@pytest.mark.parametrize(
    ("pattern", "form", "rule"),
    [(r"(\d{3})(\d*)", r"\1 \2", ""), (r"(\d{3})", r"\1 \2", ""), (r"(\d{3})", r"$1 \1", "")],
)
def test_a_way_of_writing_that_says_more_than_groups_is_left_to_the_library(pattern: str, form: str, rule: str) -> None:
    assert spelling("", pattern, form, rule) is None


def test_digits_of_any_script() -> None:
    assert dialled_digits("٠٢ x3") == "023"


def test_regions_are_two_letters() -> None:
    assert {"GB", "US", "ES"} <= set(regions())
    assert all(len(region) == 2 for region in regions())
