"""Contacts merged there of which no phone and no e-mail was known here: the rest of their lists tells them."""

from __future__ import annotations

import pytest

from ringdesk.domain.card import CustomField, Organization
from ringdesk.domain.replica import Choice, Policy, Review
from tests.sync.kit import Pair, card, mail
from tests.sync.test_merged_there import ANA, BEA, edited
from tests.sync.test_mergers import NEW, asked, end_as

CUSTOMER = CustomField("Customer", "4711")
ACME = Organization("Acme")


def merged_unread(pair: Pair, custom: tuple[CustomField, ...], before: tuple[CustomField, ...]) -> None:
    """Her phone was left out when she was last read, then she was merged, with these fields of her user's own."""
    pair.set(fields=Policy().fields - {"phones"})
    ana = pair.server.add(card("Ana", ANA, custom=(CUSTOMER,), organizations=(ACME,)))
    bea = pair.server.add(card("Bea", BEA, custom=before))
    pair.sync()
    edited(pair, "Ana", emails=mail(NEW))
    pair.server.merge(bea.remote, ana.remote, card("Bea", BEA, ANA, custom=(*before, *custom), organizations=(ACME,)))
    bea.former = ()
    pair.set(fields=Policy().fields)


@pytest.mark.parametrize(("choice", "names"), [(Choice.SAME, ["Bea"]), (Choice.DIFFERENT, ["Ana", "Bea"])])
def test_one_whose_phone_was_left_out_when_it_was_merged_there_is_known_by_the_rest(
    pair: Pair, choice: Choice, names: list[str]
) -> None:
    """Seed 2205467: of its phone nothing was known here, and it was made again beside what it had become a part of."""
    merged_unread(pair, (CUSTOMER,), ())
    for _ in range(3):
        pair.sync()
    assert pair.names_there() == ["Bea"]
    pair.answer(asked(pair), choice)
    end_as(pair, *names)
    assert NEW in {one.value for held in pair.server.held.values() for one in held.card.emails}


@pytest.mark.parametrize(
    ("custom", "before"),
    [((CustomField("Customer", "4712"),), ()), ((), (CUSTOMER,))],
    ids=["a part came", "a part was there"],
)
def test_where_a_phone_was_left_out_the_rest_counts_only_as_a_whole(
    pair: Pair, custom: tuple[CustomField, ...], before: tuple[CustomField, ...]
) -> None:
    merged_unread(pair, custom, before)
    pair.sync()
    assert len(pair.questions(Review.MERGED)) == bool(before)


def test_one_that_shares_the_rest_with_another_from_before_is_put_back_unasked(pair: Pair) -> None:
    ana, bea = (pair.server.add(card(name, organizations=(ACME,))) for name in ("Ana", "Bea"))
    pair.sync()
    edited(pair, "Ana", emails=mail(NEW))
    pair.server.delete(ana.remote)
    pair.server.edit(bea.remote, card("Bea", organizations=(ACME,), note="theirs"))
    pair.sync()
    assert not pair.desk.replicas.questions()
    end_as(pair, "Ana", "Bea")


def test_one_with_a_phone_is_not_known_by_the_rest(pair: Pair) -> None:
    """One leaves, another one takes her place."""
    ana, bea = pair.server.add(card("Ana", ANA, organizations=(ACME,))), pair.server.add(card("Bea", BEA))
    pair.sync()
    edited(pair, "Ana", emails=mail(NEW))
    pair.server.delete(ana.remote)
    pair.server.edit(bea.remote, card("Bea", BEA, organizations=(ACME,)))
    pair.sync()
    assert not pair.desk.replicas.questions()
    end_as(pair, "Ana", "Bea")


@pytest.mark.parametrize("merged", [False, True])
def test_a_phone_that_is_left_out_stays_here_with_what_its_contact_has_become(pair: Pair, *, merged: bool) -> None:
    """It went over into one that had come without any phones, and nobody here had hers any more."""
    ana, bea = pair.server.add(card("Ana", ANA)), pair.server.add(card("Bea", BEA))
    pair.sync()
    pair.set(fields=Policy().fields - {"phones"})
    pair.sync()
    if merged:
        pair.server.merge(bea.remote, ana.remote, card("Bea", BEA, ANA))
    else:
        pair.server.rename(ana.remote)
        ana.former = ()
    there = [held.card for held in pair.server.held.values()]
    pair.sync()
    pair.settled()
    assert [held.card for held in pair.server.held.values()] == there
    had = {contact.card.name.given: {phone.value for phone in contact.card.phones} for contact in pair.desk.contacts()}
    assert had == ({"Bea": {ANA, BEA}} if merged else {"Ana": {ANA}, "Bea": {BEA}})
