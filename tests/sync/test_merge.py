"""The merge, by properties."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from ringdesk.domain.card import Address, Birthday, Card, CustomField, Email, Name, Organization, PhoneEntry
from ringdesk.sync.keys import keyed
from ringdesk.sync.merge import FIELDS, Rules, Side, differing, first_bases, merge, own_part

REGION = "ES"
RULES = Rules(region=REGION)
LABELS = st.sampled_from(["", "mobile", "work", "home"])
PHONES = st.builds(PhoneEntry, st.sampled_from([f"+3460011122{n}" for n in range(5)] + ["600 111 221", "55"]), LABELS)
CARDS = st.builds(
    Card,
    name=st.builds(Name, given=st.sampled_from(["", "Ana", "Eva"]), family=st.sampled_from(["", "Gil"])),
    phones=st.lists(PHONES, max_size=4).map(tuple),
    emails=st.lists(st.builds(Email, st.sampled_from(["a@b.c", "A@b.c", "d@e.f"]), LABELS), max_size=2).map(tuple),
    organizations=st.lists(
        st.builds(Organization, st.sampled_from(["Acme", "Bolt"]), st.sampled_from(["", "Boss"])), max_size=2
    ).map(tuple),
    addresses=st.lists(st.builds(Address, city=st.sampled_from(["Bilbao", "León"])), max_size=2).map(tuple),
    birthday=st.sampled_from([None, Birthday(2, 29), Birthday(2, 29, 1980)]),
    note=st.sampled_from(["", "one", "two\n", "two"]),
    custom=st.lists(st.builds(CustomField, st.sampled_from(["k", "l"]), st.sampled_from(["1", "2"])), max_size=2).map(
        tuple
    ),
    groups=st.lists(st.sampled_from(["Clients", "Friends"]), max_size=2, unique=True).map(tuple),
)


def same(one: Card, other: Card) -> bool:
    return not differing(one, other, REGION)


@given(CARDS)
def test_nothing_changed_nothing_moves(card: Card) -> None:
    merged = merge(card, card, card, card, RULES)
    assert (merged.here, merged.there, merged.base) == (card, card, card)
    assert not merged.clashes


@given(CARDS, CARDS)
def test_an_edit_on_one_side_reaches_the_other(base: Card, edited: Card) -> None:
    out = merge(base, edited, base, base, RULES)
    assert same(out.here, edited)
    assert same(out.there, edited)
    inward = merge(base, base, base, edited, RULES)
    assert same(inward.here, edited)
    assert same(inward.there, edited)
    assert not out.clashes | inward.clashes


@given(CARDS, CARDS, CARDS)
def test_both_sides_end_equal_and_stay_so(base: Card, here: Card, there: Card) -> None:
    merged = merge(base, here, base, there, RULES)
    assert same(merged.here, merged.there)
    again = merge(merged.here, merged.here, merged.there, merged.there, RULES)
    assert (again.here, again.there) == (merged.here, merged.there)


@given(CARDS, CARDS, CARDS)
def test_the_sides_may_be_exchanged(base: Card, one: Card, other: Card) -> None:
    left = merge(base, one, base, other, RULES, dict.fromkeys(FIELDS, Side.HERE))
    right = merge(base, other, base, one, RULES, dict.fromkeys(FIELDS, Side.THERE))
    assert same(left.here, right.here)
    assert left.clashes == right.clashes


@given(CARDS, CARDS, CARDS)
def test_what_is_to_be_sent_is_told_by_the_new_base(base: Card, here: Card, there: Card) -> None:
    merged = merge(base, here, base, there, RULES)
    pending = merge(merged.base, merged.here, there, there, RULES)
    assert same(pending.there, merged.there)
    assert same(pending.here, merged.here)


@given(CARDS, CARDS, CARDS)
def test_items_added_on_both_sides_all_survive(base: Card, here: Card, there: Card) -> None:
    merged = merge(base, here, base, there, RULES).here
    was, mine, theirs, now = keyed("phones", (base.phones, here.phones, there.phones, merged.phones), REGION)
    values = {key[0] for key in now}
    assert {key[0] for key in mine.keys() - was.keys()} <= values
    assert {key[0] for key in theirs.keys() - was.keys()} <= values


@given(CARDS, CARDS)
def test_a_first_comparison_loses_nothing(here: Card, there: Card) -> None:
    was_here, was_there = first_bases(here, there, REGION)
    merged = merge(was_here, here, was_there, there, RULES)
    mine, theirs, now = keyed("phones", (here.phones, there.phones, merged.here.phones), REGION)
    assert {key[0] for key in {**mine, **theirs}} == {key[0] for key in now}
    assert set(here.groups) | set(there.groups) == set(merged.here.groups)


@given(CARDS, CARDS)
def test_our_own_write_is_nobodys_edit(base: Card, sent: Card) -> None:
    assert same(own_part(base, sent, sent, REGION), sent)
    assert same(own_part(base, sent, base, REGION), base)


@given(CARDS, CARDS, CARDS)
def test_one_way_in_sends_nothing_and_one_way_out_takes_nothing(base: Card, here: Card, there: Card) -> None:
    only_in = merge(base, here, base, there, replace(RULES, outward=False))
    assert same(only_in.there, there)
    only_out = merge(base, here, base, there, replace(RULES, inward=False))
    assert same(only_out.here, here)


@given(CARDS, CARDS)
def test_held_fields_do_not_move(here: Card, there: Card) -> None:
    merged = merge(Card(), here, Card(), there, replace(RULES, held=frozenset(FIELDS)))
    assert (merged.here, merged.there) == (here, there)


def test_a_removed_value_can_be_kept() -> None:
    base = Card(phones=(PhoneEntry("+34600111222"), PhoneEntry("+34600111223")), note="n")
    there = Card(phones=(PhoneEntry("+34600111223"),))
    merged = merge(base, base, base, there, replace(RULES, keep_removed=True))
    assert merged.here == base
    assert merged.there == there
    edited = replace(base, phones=(*base.phones, PhoneEntry("+34600111224")))
    later = merge(merged.base, edited, there, there, replace(RULES, keep_removed=True))
    assert [phone.value for phone in later.there.phones] == ["+34600111223", "+34600111224"]


def test_an_edit_is_worth_more_than_a_removal() -> None:
    base = Card(phones=(PhoneEntry("+34600111222", "work"),))
    edited = Card(phones=(PhoneEntry("+34600111222", "home"),))
    assert merge(base, Card(), base, edited, RULES).here == edited
    assert merge(base, edited, base, Card(), RULES).there == edited


def test_a_clash_is_decided_as_said() -> None:
    base, mine, theirs = Card(note="old"), Card(note="mine"), Card(note="theirs")
    merged = merge(base, mine, base, theirs, RULES)
    assert merged.clashes == {"note"}
    assert merge(base, mine, base, theirs, RULES, {"note": Side.THERE}).here == theirs
    held = merge(base, mine, base, theirs, RULES, {"note": Side.NEITHER})
    assert (held.here, held.there) == (mine, theirs)
