"""S21: edits by hand in Google's own pages, between any two requests."""

from __future__ import annotations

import pytest

from ringdesk.sandbox.google import Google, HandError, turned
from ringdesk.sandbox.google.pictures import painted
from tests.sandbox.google.app import App, names_of
from tests.sandbox.google.conftest import EMAIL


def test_s21_an_edit_makes_the_programs_etag_stale(google: Google, app: App) -> None:
    person = app.create()
    google.hand(EMAIL).edit(person["resourceName"], {"nicknames": [{"value": "Countess"}]})
    assert app.update(person, names=[{"givenName": "Late"}]).status == 400


def test_s21_an_edit_can_wait_for_a_request(google: Google, app: App) -> None:
    person = app.create()
    hand = google.hand(EMAIL)
    google.before(google.next_number + 1, lambda: hand.delete(person["resourceName"]))
    assert app.get(person["resourceName"])
    assert app.update(person, names=[{"givenName": "Late"}]).status == 404


def test_s21_edit_clears_with_an_empty_list(google: Google, app: App) -> None:
    name = app.create(phoneNumbers=[{"value": "+447700900121"}])["resourceName"]
    google.hand(EMAIL).edit(name, {"phoneNumbers": []})
    assert "phoneNumbers" not in app.get(name)


def test_s21_delete_and_restore(google: Google, app: App) -> None:
    name = app.create()["resourceName"]
    token = app.full()
    hand = google.hand(EMAIL)
    hand.delete(name)
    (gone,), token = app.delta(token)
    assert gone["metadata"]["deleted"] is True
    hand.restore(name)
    (back,), token = app.delta(token)
    assert back["names"][0]["givenName"] == "Ada"
    with pytest.raises(HandError, match="trash"):
        hand.restore(name)


@pytest.mark.parametrize(("switch", "ids"), [("both", {"1", "2"}), ("survivor", {"1"}), ("none", set())])
def test_s21_a_merge_is_one_changed_and_one_deleted(google: Google, app: App, switch: str, ids: set[str]) -> None:
    google.switches = turned(google.switches, {"merge_client_data": switch})
    keep = app.create("Ada", phoneNumbers=[{"value": "1111111"}], clientData=[{"key": "ringdesk.id", "value": "1"}])
    other = app.create("Ada L", phoneNumbers=[{"value": "2222222"}], clientData=[{"key": "ringdesk.id", "value": "2"}])
    token = app.full()
    google.hand(EMAIL).merge(keep["resourceName"], other["resourceName"])
    people, _ = app.delta(token)
    assert names_of(people) == {keep["resourceName"], other["resourceName"]}
    merged = app.get(keep["resourceName"])
    assert merged["names"][0]["givenName"] == "Ada"
    assert {item["value"] for item in merged["phoneNumbers"]} == {"1111111", "2222222"}
    assert {item["value"] for item in merged.get("clientData", ())} == ids


def test_s21_a_merged_contact_can_come_back_from_the_trash(google: Google, app: App) -> None:
    keep, other = app.create("Ada")["resourceName"], app.create("Ada L")["resourceName"]
    hand = google.hand(EMAIL)
    hand.merge(keep, other)
    assert app.get(other)["resourceName"] == keep
    assert hand.restore(other) == other
    assert app.get(other)["resourceName"] == other


def test_s21_labels(google: Google, app: App) -> None:
    hand = google.hand(EMAIL)
    name = app.create()["resourceName"]
    hand.label(name, "Customers")
    hand.rename_label("Customers", "Clients")
    group = next(g for g in app.ok("GET", "contactGroups")["contactGroups"] if g["name"] == "Clients")
    assert group["memberCount"] == 1
    hand.unlabel(name, "Clients")
    assert len(app.get(name)["memberships"]) == 1
    hand.label(name, "Clients")
    hand.delete_label("Clients", delete_contacts=True)
    assert name in google.dump(EMAIL)["trash"]


def test_s21_photo_link_mail_and_create(google: Google, app: App) -> None:
    hand = google.hand(EMAIL)
    name = hand.create({"names": [{"givenName": "By hand"}]}, ["Customers"])
    urls = {app.get(name, "photos")["photos"][0]["url"]}
    for picture in ({"data": painted("x", 20)}, {"key": "person1"}, {}):
        hand.photo(name, **picture)
        urls.add(app.get(name, "photos")["photos"][0]["url"])
    assert len(urls) == 3
    linked = hand.link(name, {"names": [{"givenName": "Linked"}]})
    assert hand.unlink(linked) not in {name, linked}
    assert hand.write_to({"emailAddresses": [{"value": "new@example.com"}]}).startswith("otherContacts/")
    hand.touch(name)


def test_s21_what_cannot_be_done_is_told(google: Google, app: App) -> None:
    hand = google.hand(EMAIL)
    name = app.create()["resourceName"]
    with pytest.raises(HandError, match="itself"):
        hand.merge(name, name)
    with pytest.raises(HandError, match="not a contact"):
        hand.delete("people/c404")
    with pytest.raises(HandError, match="more than one"):
        hand.edit(name, {"names": [{"givenName": "A"}, {"givenName": "B"}]})
    with pytest.raises(HandError, match="pictures"):
        hand.photo(name, b"GIF89a")
