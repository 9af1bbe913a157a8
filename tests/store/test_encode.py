"""Values as they lie in the database: an id is sixteen bytes where it is a UUID as one is written."""

from __future__ import annotations

from random import Random
from uuid import UUID

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ringdesk.domain.card import Card, Name
from ringdesk.store.encode import id_of, key_of, press, press_row, unpress, unpress_row


@given(st.uuids().map(str) | st.text("0123456789abcdefABCDEF-{} \n", max_size=38))
@example("c0ffee00-0000-4000-8000-00000000000-")
@example("c0ffee00-0000-4000-8000-0000000000- ")
@example("C0FFEE00-0000-4000-8000-000000000000")
@example("c0ffee000-000-4000-8000-000000000000")
def test_a_key_is_that_of_its_id(text: str) -> None:
    try:
        canonical = str(UUID(text)) == text
    except ValueError:
        canonical = False
    assert key_of(text) == (UUID(text).bytes if canonical else text)
    assert id_of(key_of(text)) == text


@pytest.mark.parametrize(("words", "remembered"), [(5, True), (50_000, False)])
def test_the_card_of_a_long_document_is_not_remembered(words: int, remembered: bool) -> None:
    """Some hundred cards are, and a note may be a megabyte."""
    dice = Random(words)
    card = Card(name=Name(given="Ana"), note=" ".join([str(dice.random()) for _ in range(words)]))
    _, document = press(card)
    _, texts, row = press_row(card)
    assert unpress(document) == unpress_row(*texts, row) == card
    assert (unpress(document) is unpress(document)) is remembered
    assert (unpress_row(*texts, row) is unpress_row(*texts, row)) is remembered
