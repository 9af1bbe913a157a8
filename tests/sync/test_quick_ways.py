"""Quick ways of a first pull say what the long ways say."""

from __future__ import annotations

from uuid import UUID

from hypothesis import example, given
from hypothesis import strategies as st

from ringdesk.domain.card import Card, CustomField, Email, Name, Organization, PhoneEntry
from ringdesk.domain.remote import Capabilities, RemoteContact, RemoteGone, RemoteItem
from ringdesk.domain.replica import Policy
from ringdesk.sync.items import our_id, turn
from ringdesk.sync.keys import value_of
from ringdesk.sync.view import View, _says

TEXTS = st.text(max_size=12) | st.sampled_from(
    ["", " ", "+34 600 111 222", "0", "-", "\x00", "\x1c", "a@b", "№", "\u0301"]
)


@given(TEXTS)
@example("\x00")
@example("\u0301")
def test_an_item_says_something_where_it_has_a_value(text: str) -> None:
    for field, item in (("phones", PhoneEntry(text)), ("emails", Email(text))):
        assert _says(field, item, "ES") == (value_of(field, item, "ES") != "")


@given(st.uuids().map(str) | st.uuids().map(lambda id: id.hex) | st.text("0123456789abcdefABCDEF-{}\n", max_size=38))
def test_an_id_of_ours_is_what_a_uuid_says(text: str) -> None:
    try:
        expected = text if str(UUID(text)) == text else ""
    except ValueError:
        expected = ""
    assert our_id(text) == expected


def view(**policy: object) -> View:
    return View(Policy(**policy), Capabilities(), "ES")  # type: ignore[arg-type]  # given by name


def test_a_card_of_which_all_is_synced_is_seen_as_it_is() -> None:
    card = Card(name=Name(given="Ana"), phones=(PhoneEntry("600111222"),), note="x", groups=("A",))
    assert view().visible(card) is card
    assert view().visible(Card()) == Card()
    assert view(fields=frozenset({"name"})).visible(card) == Card(name=Name(given="Ana"))
    assert view(share_label="A").visible(card).groups == ()
    assert view(share_label="A").visible(card, shared=True).groups == ("A",)


ITEMS = st.builds(PhoneEntry, TEXTS, TEXTS)
FIRMS = st.builds(Organization, TEXTS, TEXTS, TEXTS)


@given(st.tuples(ITEMS) | st.just(()), st.tuples(FIRMS) | st.just(()), TEXTS, st.just(()) | st.just(("A", "A")))
@example((PhoneEntry("600"),), (Organization(" ", "Chief"),), "", ())
def test_a_usual_card_is_seen_as_any_other(
    phones: tuple[PhoneEntry, ...], firms: tuple[Organization, ...], text: str, groups: tuple[str, ...]
) -> None:
    card = Card(phones=phones, emails=(Email(text),), organizations=firms, note=text, groups=groups)
    for policy in ({}, {"share_label": "A"}, {"fields": frozenset({"phones", "note"})}):
        one, other = view(**policy), view(**policy)
        other.__dict__["_usual"] = False
        assert one.visible(card) == other.visible(card)


def test_what_says_nothing_or_is_private_is_left_out() -> None:
    said = CustomField("caller says", "Bob")
    card = Card(phones=(PhoneEntry(" "), PhoneEntry("600")), groups=("A", "A"), custom=(said, CustomField("k", "v")))
    seen = view().visible(card)
    assert (seen.phones, seen.groups, seen.custom) == ((PhoneEntry("600"),), ("A",), (CustomField("k", "v"),))
    assert view().visible(Card(photo="digest")) == Card()


def test_tombstones_come_first_and_neighbours_together() -> None:
    gone = RemoteGone("people/c9")
    marked = RemoteContact(remote="people/c1", etag="", card=Card(), id="b")
    bare = RemoteContact(remote="a", etag="", card=Card())
    items: list[RemoteItem] = [marked, bare, gone]
    assert sorted(items, key=turn) == [gone, bare, marked]
