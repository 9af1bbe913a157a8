"""Cards become persons and persons cards; nothing that a card does not show is lost on the way back."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ringdesk.domain.card import Address, Birthday, Card, Email, Name, Organization, PhoneEntry
from ringdesk.domain.remote import Create, RemoteContact, RemoteGone, RemoteUnreadable, Update
from ringdesk.providers.google import fields, singles
from ringdesk.providers.google.fields import LISTS, PERSON_OF, PHONES, read_list
from ringdesk.providers.google.mapping import Raw, contact_of, created, sized, update_mask, updated
from ringdesk.providers.google.singles import read_name
from tests.providers.google.people import Item, cards, persons, source

quick = settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
ALL = frozenset(PERSON_OF) - {"groups"}


def answered(person: Item, **more: Any) -> RemoteContact:
    """The contact of a person as an answer would show it."""
    whole = {
        "resourceName": "people/c1",
        "etag": "%e",
        **person,
        "metadata": {"sources": [{**source("CONTACT"), "etag": "#s"}], **more},
    }
    item = contact_of(json.loads(json.dumps(whole)))
    assert isinstance(item, RemoteContact)
    return item


def sent(item: RemoteContact, card: Card, *mask: str, users: frozenset[str] = frozenset()) -> Item:
    op = Update(op="1", remote=item.remote, etag=item.etag, card=card, mask=frozenset(mask) or ALL, raw=item.raw)
    return updated(op, Raw.unpack(item.raw), users)


def bare(items: Sequence[Item]) -> list[str]:
    """The contact's own items as comparable texts, without what Google computes."""
    own = [one for one in items if one.get("metadata", {}).get("source", {}).get("type", "CONTACT") == "CONTACT"]
    computed = {"metadata", "formattedType", "canonicalForm", "displayNameLastFirst"}
    kept = [{key: part for key, part in one.items() if key not in computed} for one in own]
    return sorted(json.dumps(one, sort_keys=True) for one in kept if one)


@quick
@given(cards)
def test_a_card_comes_back_as_it_was(card: Card) -> None:
    person = created(Create(op="1", id="mine", card=card))
    item = answered(person)
    assert item.card == card
    assert item.id == "mine"


@quick
@given(persons())
def test_a_write_back_of_an_unchanged_list_changes_nothing(person: Item) -> None:
    item = contact_of(person)
    assert isinstance(item, RemoteContact)
    written = sent(item, item.card)
    for field in LISTS:
        assert bare(written[field.person]) == bare(person.get(field.person, []))


@quick
@given(persons(), cards)
def test_a_changed_list_keeps_what_a_card_does_not_show(person: Item, card: Card) -> None:
    """One item more, one item less: all others are as they lay there."""
    item = contact_of(person)
    assert isinstance(item, RemoteContact)
    longer = replace(item.card, phones=(*item.card.phones, PhoneEntry("+34600", "new")))
    written = sent(item, longer, "phones")
    added = json.dumps({"type": "new", "value": "+34600"}, sort_keys=True)
    assert bare(written["phoneNumbers"]) == sorted([*bare(person.get("phoneNumbers", [])), added])
    assert set(written) == {"phoneNumbers", "resourceName", "metadata", "etag"}
    again = answered(sent(item, card))
    for field in LISTS:
        assert set(getattr(again.card, field.card)) == set(getattr(card, field.card))


@quick
@given(persons())
def test_what_is_read_again_after_a_write_is_the_same_card(person: Item) -> None:
    item = contact_of(person)
    assert isinstance(item, RemoteContact)
    again = answered(sent(item, item.card)).card
    if item.card.birthday is None:
        again = replace(again, birthday=None)
    for name in ALL:
        mine, theirs = getattr(item.card, name), getattr(again, name)
        assert mine == theirs if not isinstance(mine, tuple) else sorted(map(repr, mine)) == sorted(map(repr, theirs))


NAMES = ["resourceName", "metadata", "sources", "names", "phoneNumbers", "date", "birthdays", "etag", "type", "value",
         "memberships", "photos", "url", "clientData", "previousResourceNames"]  # several to a line  # fmt: skip
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=5),
    max_leaves=25,
)


@quick
@given(anything)
def test_no_answer_makes_it_fall(person: Any) -> None:
    contact_of(person)
    whole = {"metadata": {"sources": [{"type": "CONTACT", "etag": "#"}]}}
    contact_of({**person, **whole, "resourceName": "people/c1"} if isinstance(person, dict) else whole)


def test_profile_items_are_none_of_ours() -> None:
    phones = [{"value": "1", "metadata": {"source": source("PROFILE")}}, {"value": "2"}]
    assert answered({"phoneNumbers": phones}).card.phones == (PhoneEntry("2"),)


def test_a_tombstone_is_one_even_without_a_source() -> None:
    assert contact_of({"resourceName": "people/c1", "metadata": {"deleted": True}}) == RemoteGone("people/c1")


def test_a_person_that_is_no_contact_is_reported() -> None:
    person = {"resourceName": "people/c1", "metadata": {"sources": [{"type": "PROFILE", "etag": "#"}]}}
    assert contact_of(person) == RemoteUnreadable("people/c1", "no contact of one's own")


@pytest.mark.parametrize("date", [{"month": 5, "day": 9}, {"year": 0, "month": 5, "day": 9}])
def test_a_birthday_without_a_year_stays_without(date: Item) -> None:
    item = answered({"birthdays": [{"date": date}]})
    assert item.card.birthday == Birthday(5, 9)
    assert "year" not in sent(item, replace(item.card, birthday=Birthday(5, 10)))["birthdays"][0]["date"]


def test_changing_a_given_name_keeps_the_other_parts_and_drops_what_was_composed() -> None:
    name = {
        "givenName": "Ann", "middleName": "B", "familyName": "C", "honorificSuffix": "Jr", "phoneticGivenName": "an",
        "phoneticHonorificPrefix": "do", "unstructuredName": "Ann B C, Jr", "displayName": "Ann B C",
    }  # several to a line  # fmt: skip
    item = answered({"names": [name]})
    assert sent(item, replace(item.card, name=replace(item.card.name, given="Eve")), "name")["names"] == [
        {
            "givenName": "Eve", "middleName": "B", "familyName": "C", "honorificSuffix": "Jr",
            "phoneticGivenName": "an", "phoneticHonorificPrefix": "do",
        }
    ]  # several to a line  # fmt: skip


def test_a_name_that_is_only_written_whole_is_shown() -> None:
    assert answered({"names": [{"unstructuredName": "Ann"}]}).card.name == Name(given="Ann")


def test_an_edited_organization_keeps_its_start_date() -> None:
    item = answered({"organizations": [{"name": "Acme", "title": "Clerk", "startDate": {"year": 2019}}]})
    card = replace(item.card, organizations=(Organization("Acme", "Boss"),))
    assert sent(item, card, "organizations")["organizations"] == [
        {"name": "Acme", "title": "Boss", "startDate": {"year": 2019}}
    ]


def test_the_name_of_one_address_does_not_move_to_another() -> None:
    item = answered({"emailAddresses": [{"value": "a@x", "displayName": "Ann"}]})
    card = replace(item.card, emails=(Email("b@x"),))
    assert sent(item, card, "emails")["emailAddresses"] == [{"value": "b@x"}]


def test_a_composed_address_is_composed_anew_when_a_part_changes() -> None:
    lies = {"streetAddress": "1 A St", "city": "X", "country": "UK", "countryCode": "GB", "formattedValue": "1 A St\nX"}
    item = answered({"addresses": [lies]})
    assert item.card.addresses == (Address(street="1 A St", city="X", country="UK"),)
    moved = replace(item.card, addresses=(replace(item.card.addresses[0], city="Y"),))
    assert sent(item, moved, "addresses")["addresses"] == [
        {"streetAddress": "1 A St", "city": "Y", "country": "UK", "countryCode": "GB"}
    ]
    assert sent(item, item.card, "addresses")["addresses"] == [lies]


def test_the_chosen_number_stays_the_chosen_one() -> None:
    chosen = {"source": source("CONTACT"), "primary": True, "sourcePrimary": True}
    item = answered({"phoneNumbers": [{"value": "1"}, {"value": "2", "metadata": chosen}]})
    card = replace(item.card, phones=(PhoneEntry("1", "home"), *item.card.phones[1:]))
    assert sent(item, card, "phones")["phoneNumbers"] == [
        {"value": "1", "type": "home"},
        {"value": "2", "metadata": {"sourcePrimary": True}},
    ]


def test_one_number_under_two_labels_stays_two() -> None:
    phones = (PhoneEntry("1", "home"), PhoneEntry("1", "work"), PhoneEntry("1", "home"))
    assert answered(created(Create(op="", id="", card=Card(phones=phones)))).card.phones == phones


def test_a_note_in_html_is_read_as_text_and_left_alone_until_it_is_edited() -> None:
    lies = {"value": "<b>Two</b> &amp; three<br>four", "contentType": "TEXT_HTML"}
    item = answered({"biographies": [lies]})
    assert item.card.note == "Two & three\nfour"
    assert sent(item, item.card, "note")["biographies"] == [lies]
    assert sent(item, replace(item.card, note="x"), "note")["biographies"] == [
        {"value": "x", "contentType": "TEXT_PLAIN"}
    ]


def test_cleared_fields_are_sent_empty() -> None:
    item = answered({"names": [{"givenName": "A"}], "birthdays": [{"date": {"month": 1, "day": 2}}]})
    written = sent(item, Card(), "name", "birthday", "phones", "note")
    assert {field: written[field] for field in update_mask({"name", "birthday", "phones", "note"}).split(",")} == {
        "names": [], "birthdays": [], "phoneNumbers": [], "biographies": [],
    }  # several to a line  # fmt: skip


def member(group: str) -> Item:
    return {"contactGroupMembership": {"contactGroupResourceName": f"contactGroups/{group}"}}


def groups_of(person: Item) -> set[str]:
    return {one["contactGroupMembership"]["contactGroupResourceName"][14:] for one in person["memberships"]}


def test_memberships_that_nobody_here_knows_stay() -> None:
    item = answered({"memberships": [member("myContacts"), member("friends"), member("new"), member("old")]})
    op = Update(
        op="", remote="", etag="", card=Card(), mask=frozenset({"groups"}), containers=frozenset({"contactGroups/vip"})
    )
    users = frozenset({"contactGroups/old", "contactGroups/vip"})
    assert groups_of(updated(op, Raw.unpack(item.raw), users)) == {"myContacts", "friends", "new", "vip"}


def test_the_last_label_is_never_taken() -> None:
    item = answered({"memberships": [member("old")]})
    assert groups_of(sent(item, Card(), "groups", users=frozenset({"contactGroups/old"}))) == {"myContacts"}


def test_both_etags_go_back_as_they_were_read_and_an_old_one_alone() -> None:
    item = answered({})
    assert sent(item, Card(), "note")["etag"] == "%e"
    assert sent(item, Card(), "note")["metadata"] == {"sources": [{"type": "CONTACT", "id": "1f", "etag": "#s"}]}
    assert "etag" not in sent(replace(item, etag="#t"), Card(), "note")


@pytest.mark.parametrize("field", ["phoneNumbers", "emailAddresses"])
def test_a_list_of_a_hundred_may_have_been_cut(field: str) -> None:
    assert not answered({field: [{"value": str(n)} for n in range(100)]}).whole
    assert answered({field: [{"value": str(n)} for n in range(99)]}).whole


def test_a_picture_is_known_by_its_address_without_the_size() -> None:
    urls = ["https://x/p/abc=s100", "https://x/p/abc=s100-c-k", "https://x/p/abc"]
    references = {answered({"photos": [{"url": url}]}).photo for url in urls}
    assert references == {"https://x/p/abc"}
    assert sized("https://x/p/abc", 720) == "https://x/p/abc=s720"
    old = answered({"photos": [{"url": "https://x/p/s100/photo.jpg"}]}).photo
    assert sized(old, 720) == "https://x/p/s100/photo.jpg?sz=720"


def test_generated_letters_and_profile_pictures_are_no_pictures() -> None:
    letter = {"url": "https://x/l=s100", "default": True}
    profile = {"url": "https://x/m=s100", "metadata": {"source": source("PROFILE")}}
    assert answered({"photos": [letter, profile]}).photo == ""


def test_former_names_our_id_and_the_time_are_read() -> None:
    data = [{"key": "other", "value": "x"}, {"key": "ringdesk.id", "value": "y"}]
    item = answered({"clientData": data}, previousResourceNames=["people/c0"])
    assert (item.id, item.also, item.former) == ("y", (), ("people/c0",))
    merged = [*data, {"key": "ringdesk.was", "value": "people/c9"}, {"key": "ringdesk.id", "value": "z"}]
    item = answered({"clientData": merged})
    assert (item.id, item.also, item.was) == ("y", ("z",), ("people/c9",))
    stamped = {"sources": [{**source("CONTACT"), "etag": "#s", "updateTime": "1970-01-02T00:00:00.5Z"}]}
    read = contact_of({"resourceName": "people/c1", "metadata": stamped})
    assert isinstance(read, RemoteContact)
    assert read.updated == 86400.5


@given(st.permutations(range(21)))
def test_ids_of_before_are_told_in_their_order_though_google_keeps_none(order: list[int]) -> None:
    """Seed 2016170: what had been merged into it was taken for what it had been, where that came first."""
    were = tuple(f"people/c{number * 7 % 20}" for number in range(20))
    told = created(Create(op="op", id="y", card=Card(), was=were))["clientData"]
    item = answered({"clientData": [told[place] for place in order]})
    assert (item.id, item.was) == ("y", were)


@given(st.text(), st.text(), st.text(), st.lists(st.text(), max_size=2))
def test_what_is_kept_to_write_back_is_json_in_one_form(person: str, etag: str, source: str, groups: list[str]) -> None:
    raw = Raw(person, etag, source, groups=groups)
    kept = {"e": person, "t": etag, "i": source, "g": groups}
    text = json.dumps(kept, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    assert raw.pack() == text


@pytest.mark.parametrize(
    ("item", "value", "told"),
    [
        ({"value": "600", "type": "work", "canonicalForm": "+34600"}, PhoneEntry("600", "work"), True),
        ({"value": "600", "metadata": {"sourcePrimary": True}}, PhoneEntry("600"), False),
        ({"value": "600", "type": 7}, PhoneEntry("600"), False),
        ({"value": "600", "displayName": "x"}, PhoneEntry("600"), False),
        ({"value": "600", "metadata": "odd"}, PhoneEntry("600"), True),
        ({"value": 600}, None, False),
        ({"type": "work"}, None, False),
    ],
)
def test_an_item_of_a_list_says_its_value_and_whether_that_is_all(
    item: dict[str, Any], value: PhoneEntry | None, told: bool
) -> None:
    assert read_list(PHONES, [item, "no item"]) == (() if value is None else (value,), told)


PART = st.sampled_from(["", " ", "a", "Ω", None, 3, ["a"]])
PIECE = st.sampled_from(["value", "type", "name", "title", "department", "formattedType", "location"])
MINE: Final = {"source": {"type": "CONTACT"}}
ABOUT: tuple[Any, ...] = (
    None, "x", {}, {"sourcePrimary": True}, {"source": {"type": "PROFILE"}}, {"primary": True},
    MINE, {**MINE, "sourcePrimary": True}, {**MINE, "sourcePrimary": False}, {"source": {}}, {"source": "CONTACT"},
)  # several to a line  # fmt: skip


@given(st.dictionaries(PIECE, PART, max_size=5), st.sampled_from(ABOUT), st.booleans())
def test_usual_items_are_read_as_any_other(item: Item, metadata: Any, about: bool) -> None:
    items = [{**item, "metadata": metadata}] if about else [item]
    for field in LISTS:
        quickly = read_list(field, items)
        with patch.object(fields, "_USUAL", {}):
            assert quickly == read_list(field, items)


NAME_PIECE = st.sampled_from(["givenName", "familyName", "middleName", "displayName", "unstructuredName", "other"])


@given(st.dictionaries(NAME_PIECE, PART, max_size=5))
def test_a_usual_name_is_read_as_any_other(item: Item) -> None:
    quickly = read_name([item])
    with patch.object(singles, "_USUAL", frozenset[str]()):
        assert quickly == read_name([item])
