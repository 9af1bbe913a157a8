"""Text as it is compared and shown."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringdesk.domain.words import family_first, fold, for_display, initials, side_by_side, tokens


@pytest.mark.parametrize(
    ("text", "folded"), [("Ödön", "odon"), ("GROẞ", "gross"), ("Łukasz", "lukasz"), ("Ång", "ang"), ("ﬁn", "fin")]
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("text", "words"),
    [("O'Connor", ["o", "connor"]), ("Müller-Lüdenscheid", ["muller", "ludenscheid"]), ("山田 太郎", ["山田", "太郎"])],
)
def test_tokens(text: str, words: list[str]) -> None:
    assert tokens(text) == words


def test_vowel_marks_do_not_split_words() -> None:
    assert len(tokens("शर्मा")) == 1


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\u202eb", "ab"),
        ("a\u200bb", "ab"),
        ("a\x00\x1bb", "ab"),
        ("two\nlines", "two lines"),
        ("<b>bold</b>", "<b>bold</b>"),
        ("  much   room ", "much room"),
        ("क\u200dष", "क\u200dष"),
        ("a\u200db", "ab"),
    ],
)
def test_for_display(text: str, shown: str) -> None:
    assert for_display(text) == shown


def test_a_long_name_is_cut_with_a_mark() -> None:
    assert for_display("x" * 10_000) == "x" * 79 + "…"


@given(st.text(max_size=2000))
def test_what_is_shown_is_short_and_harmless(text: str) -> None:
    shown = for_display(text)
    assert len(shown) <= 80
    steering = [c for c in shown if unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp") and c not in "\u200c\u200d"]
    assert steering == []


@given(st.text(max_size=50))
def test_fold_is_stable(text: str) -> None:
    assert tokens(fold(text)) == tokens(text) or fold(fold(text)) != fold(text)


@pytest.mark.parametrize(("name", "letters"), [("Ana Ruiz Gil", "AG"), ("cher", "C"), ("+44 20", ""), ("", "")])
def test_initials(name: str, letters: str) -> None:
    assert initials(name) == letters


@pytest.mark.parametrize(
    ("given", "family", "wanted"),
    [
        ("太郎", "山田", True),
        ("小明", "王", True),
        ("민수", "김", True),
        ("はなこ", "すずき", True),
        ("ジョン", "スミス", False),
        ("John", "Smith", False),
        ("John", "山田", False),
        ("太郎", "Yamada", False),
        ("😀", "😎", False),
        ("", "山田", False),
    ],
)
def test_east_asian_names_are_said_family_first(given: str, family: str, wanted: bool) -> None:
    assert family_first(given, family) is wanted


def test_texts_stand_beside_each_other_as_they_are() -> None:
    assert side_by_side(("Ä & B", "", "020 7946 0812"), " · ") == "Ä & B · 020 7946 0812"
    assert side_by_side(("株式会社", "+81 3-1234-5678"), " · ") == "株式会社 · +81 3-1234-5678"


@pytest.mark.parametrize("company", ["شركة المثال", "חברה בע״מ"])
def test_a_number_beside_a_right_to_left_name_keeps_its_direction(company: str) -> None:
    number = "+966 11 123 4567"
    assert f"\u2068{number}\u2069" in side_by_side((company, number), " · ")
