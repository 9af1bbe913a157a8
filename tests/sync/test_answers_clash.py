"""Answers to a clash: the one that goes stays in the history, and nothing goes that nobody disputed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ringdesk.domain.card import PhoneEntry
from ringdesk.domain.replica import Choice, Clash, Policy, Review
from tests.sync.kit import Pair, card
from tests.sync.memory_remote import Held

ANA = "+34600111222"
BOTH = "+34600777888", "+34600999000"
THEIRS, MINE = "+34600333444", "+34600555666"


def history(pair: Pair) -> str:
    rows = pair.desk.reader.connection.rows("SELECT old, new FROM change")
    return " ".join(str(text) for row in rows for text in row)


def clash(pair: Pair) -> Held:
    """Both sides changed her note and a label; while nobody says which, each adds a phone and takes one off."""
    pair.set(clash=Clash.ASK)
    held = pair.server.add(card("Ana", ANA, *BOTH, note="was"))
    pair.sync()
    ana = pair.here("Ana")
    pair.desk.edit(ana.id, replace(ana.card, note="mine", phones=(PhoneEntry(ANA, "home"), *ana.card.phones[1:])))
    pair.server.edit(
        held.remote, replace(held.card, note="theirs", phones=(PhoneEntry(ANA, "work"), *ana.card.phones[1:]))
    )
    pair.sync()
    ana = pair.here("Ana")
    pair.desk.edit(ana.id, replace(ana.card, phones=(*ana.card.phones[:2], PhoneEntry(MINE, "other"))))
    pair.server.edit(
        held.remote, replace(held.card, phones=(held.card.phones[0], held.card.phones[2], PhoneEntry(THEIRS, "other")))
    )
    pair.sync()
    return held


def answered(pair: Pair, field: str, choice: Choice) -> Held:
    """The contact there, once the clash about one field is answered."""
    held = clash(pair)
    [asked] = [one for one in pair.questions(Review.CLASH) if one.field == field]
    pair.answer(asked, choice)
    pair.sync()
    return held


@pytest.mark.parametrize("choice", [Choice.MINE, Choice.THEIRS])
def test_the_value_that_goes_stays_in_the_history(pair: Pair, choice: Choice) -> None:
    held = answered(pair, "note", choice)
    stays, goes = ("mine", "theirs") if choice is Choice.MINE else ("theirs", "mine")
    assert pair.here("Ana").card.note == held.card.note == stays
    assert goes in history(pair)


@pytest.mark.parametrize("choice", [Choice.MINE, Choice.THEIRS])
def test_what_was_added_to_a_list_or_taken_off_meanwhile_is_as_wanted(pair: Pair, choice: Choice) -> None:
    held = answered(pair, "phones", choice)
    label = "home" if choice is Choice.MINE else "work"
    wanted = {(ANA, label), (MINE, "other"), (THEIRS, "other")}
    for one in (pair.here("Ana").card, held.card):
        assert {(phone.value, phone.label) for phone in one.phones} == wanted


@pytest.mark.parametrize("choice", [Choice.MINE, Choice.THEIRS])
def test_an_answer_about_a_field_that_is_left_out_by_then_holds_once_it_is_synced_again(
    pair: Pair, choice: Choice
) -> None:
    held = clash(pair)
    pair.desk.map(Policy().fields - {"note"})
    pair.sync()
    [asked] = [one for one in pair.questions(Review.CLASH) if one.field == "note"]
    pair.answer(asked, choice)
    pair.sync()
    pair.desk.map(Policy().fields)
    pair.sync()
    stays = "mine" if choice is Choice.MINE else "theirs"
    assert pair.here("Ana").card.note == held.card.note == stays
