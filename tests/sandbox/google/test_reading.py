"""S1 to S4, S9, S10: masks, etags, pages, sources, cut lists; and the reads around them."""

from __future__ import annotations

from typing import Any, Literal

import pytest

from ringdesk.sandbox.google import Google, Switches, turned
from tests.sandbox.google.app import CONTACT, MASK, App, etag_of, names_of
from tests.sandbox.google.conftest import EMAIL, MakeGoogle

DAY = 86_400.0


def turn(google: Google, **changes: object) -> None:
    google.switches = turned(google.switches, changes)


# --- S1


@pytest.mark.parametrize("path", ["people/me/connections", "people/c1", "people:batchGet"])
def test_s1_a_read_without_a_mask_is_refused(app: App, path: str) -> None:
    error = app.refused(400, "GET", path, **({"resourceNames": "people/c1"} if "batch" in path else {}))
    assert error["message"].startswith("personFields mask is required")


def test_s1_an_unknown_path_is_named(app: App) -> None:
    error = app.refused(400, "GET", "people/me/connections", personFields="names,shoeSize")
    assert error["status"] == "INVALID_ARGUMENT"
    assert '"shoeSize"' in error["message"]


def test_s1_only_masked_fields_come_and_always_name_and_etag(app: App) -> None:
    person = app.create(phoneNumbers=[{"value": "+44 7700 900123"}])
    shown = app.get(person["resourceName"], "phoneNumbers")
    assert set(shown) == {"resourceName", "etag", "phoneNumbers"}


def test_s1_an_unknown_query_parameter_is_refused(app: App) -> None:
    error = app.refused(400, "GET", "people/me/connections", personFields="names", shoeSize=44)
    assert "Cannot bind query parameter" in error["message"]


def test_s1_the_old_request_mask_still_reads(app: App) -> None:
    name = app.create(phoneNumbers=[{"value": "+44 7700 900123"}])["resourceName"]
    shown = app.ok("GET", name, **{"requestMask.includeField": "person.phone_numbers"})
    assert set(shown) == {"resourceName", "etag", "phoneNumbers"}


# --- S2


def test_s2_person_etag_depends_on_mask_and_sources_source_etag_does_not(app: App) -> None:
    name = app.create()["resourceName"]
    narrow, wide = app.get(name, "names,metadata"), app.get(name)
    mixed = app.get(name, sources=[CONTACT, "READ_SOURCE_TYPE_PROFILE"])
    assert len({narrow["etag"], wide["etag"], mixed["etag"]}) == 3
    assert etag_of(narrow) == etag_of(wide) == etag_of(mixed)


def test_s2_both_etags_change_with_the_content(app: App) -> None:
    before = app.create()
    after = app.updated(before, nicknames=[{"value": "Lovelace"}])
    assert before["etag"] != after["etag"]
    assert etag_of(before) != etag_of(after)


# --- S3


@pytest.mark.parametrize(("size", "shown"), [("0", 100), ("1000", 120), ("7", 7), (None, 100)])
def test_s3_page_size(make_google: MakeGoogle, size: str | None, shown: int) -> None:
    app = App(make_google(people=120), EMAIL)
    page = app.page(**({"pageSize": size} if size else {}))
    assert len(page["connections"]) == shown
    assert page["totalItems"] == page["totalPeople"] == 120


@pytest.mark.parametrize("paging", ["snapshot", "cursor", "offset"])
def test_s3_a_silent_new_etag_lets_no_contact_come_twice(
    make_google: MakeGoogle, paging: Literal["snapshot", "cursor", "offset"]
) -> None:
    """It stood where it had been, with the number of the last: a listing read on by numbers was never whole again."""
    google = make_google(Switches(quotas=False, paging=paging, phantom_in_delta=False), people=20)
    app = App(google, EMAIL)
    google.hand(EMAIL).touch(app.page(pageSize=1)["connections"][0]["resourceName"])
    page = app.page(pageSize=5)
    people = page["connections"]
    while "nextPageToken" in page:
        page = app.page(pageSize=5, pageToken=page["nextPageToken"])
        people += page["connections"]
    assert len(people) == len({person["resourceName"] for person in people}) == 20


@pytest.mark.parametrize("size", ["1001", "-1", "ten", "9" * 30])
def test_s3_a_wrong_page_size_is_refused(app: App, size: str) -> None:
    app.refused(400, "GET", "people/me/connections", personFields="names", pageSize=size)


@pytest.mark.parametrize("other", [{"personFields": "names"}, {"pageSize": "8"}, {"requestSyncToken": "true"}])
def test_s3_a_page_token_is_bound_to_all_other_parameters(make_google: MakeGoogle, other: dict[str, str]) -> None:
    app = App(make_google(people=20), EMAIL)
    token = app.page(pageSize=7)["nextPageToken"]
    asked = {"personFields": MASK, "sources": CONTACT, "pageSize": "7", "pageToken": token, **other}
    app.refused(400, "GET", "people/me/connections", **asked)


@pytest.mark.parametrize(("seconds", "status"), [(3600.0, 400), (100_000.0, 200)])
def test_s3_a_page_token_expires_by_switch(make_google: MakeGoogle, seconds: float, status: int) -> None:
    google = make_google(Switches(page_token_seconds=seconds), people=20)
    app = App(google, EMAIL)
    token = app.page(pageSize=7)["nextPageToken"]
    google.world.clock.advance(3600.0)  # type: ignore[attr-defined]  # the stand-in's own part
    app.signed = google.sign_in(EMAIL)
    page = app.call("GET", "people/me/connections", personFields=MASK, sources=CONTACT, pageSize=7, pageToken=token)
    assert page.status == status


@pytest.mark.parametrize("token", ["", "x", "AAAA", "é", "nonsense.token"])
def test_s3_a_made_up_page_token_is_refused(app: App, token: str) -> None:
    expected = 200 if not token else 400
    assert app.call("GET", "people/me/connections", personFields="names", pageToken=token).status == expected


@pytest.mark.parametrize(
    ("paging", "seen", "skipped"), [("snapshot", 1, False), ("cursor", 2, False), ("offset", 1, True)]
)
def test_s3_an_edit_between_pages(
    make_google: MakeGoogle, paging: Literal["snapshot", "cursor", "offset"], seen: int, skipped: bool
) -> None:
    google = make_google(Switches(quotas=False, paging=paging), people=20)
    app = App(google, EMAIL)
    before = names_of(app.everything()[0])
    first = app.page(pageSize=10)
    edited = first["connections"][0]["resourceName"]
    google.hand(EMAIL).edit(edited, {"nicknames": [{"value": "New"}]})
    people, page = first["connections"], first
    while "nextPageToken" in page:
        page = app.page(pageSize=10, pageToken=page["nextPageToken"])
        people += page["connections"]
    names = [person["resourceName"] for person in people]
    assert bool(before - set(names)) is skipped
    if not skipped:
        assert names.count(edited) == seen


@pytest.mark.parametrize(("switch", "status"), [("reject", 400), ("ignore", 200)])
def test_s3_sort_order_with_a_sync_request(google: Google, app: App, switch: str, status: int) -> None:
    turn(google, sort_with_sync=switch)
    asked = {"personFields": MASK, "sortOrder": "FIRST_NAME_ASCENDING", "requestSyncToken": "true"}
    assert app.call("GET", "people/me/connections", **asked).status == status


def test_s3_sort_order_without_sync(app: App) -> None:
    for given in ("Zoe", "Ada", "Mia"):
        app.create(given)
    people = app.page(sortOrder="FIRST_NAME_ASCENDING")["connections"]
    assert [person["names"][0]["givenName"] for person in people] == ["Ada", "Mia", "Zoe"]
    people = app.page(sortOrder="LAST_MODIFIED_DESCENDING")["connections"]
    assert [person["names"][0]["givenName"] for person in people] == ["Mia", "Ada", "Zoe"]


# --- S4


def test_s4_the_sync_token_comes_on_the_last_page_and_only_when_asked(make_google: MakeGoogle) -> None:
    app = App(make_google(people=20), EMAIL)
    assert "nextSyncToken" not in app.page()
    first = app.page(pageSize=15, requestSyncToken="true")
    assert "nextSyncToken" not in first
    last = app.page(pageSize=15, requestSyncToken="true", pageToken=first["nextPageToken"])
    assert last["nextSyncToken"]


@pytest.mark.parametrize("other", [{"personFields": "names"}, {"sources": "READ_SOURCE_TYPE_PROFILE"}])
def test_s4_a_sync_token_is_bound_to_mask_and_sources(app: App, other: dict[str, str]) -> None:
    token = app.full()
    asked = {"personFields": MASK, "sources": CONTACT, "syncToken": token, **other}
    app.refused(400, "GET", "people/me/connections", **asked)


@pytest.mark.parametrize(("bound", "status"), [(False, 200), (True, 400)])
def test_s4_whether_a_sync_token_is_bound_to_the_page_size(google: Google, app: App, bound: bool, status: int) -> None:
    turn(google, page_size_bound=bound)
    token = app.full(pageSize=50)
    asked = {"personFields": MASK, "sources": CONTACT, "syncToken": token, "pageSize": 60}
    assert app.call("GET", "people/me/connections", **asked).status == status


def test_s4_a_foreign_sync_token_is_refused(google: Google, app: App) -> None:
    google.add_account("sam@example.com")
    token = App(google, "sam@example.com").full()
    app.refused(400, "GET", "people/me/connections", personFields=MASK, sources=CONTACT, syncToken=token)


def test_s4_a_page_token_is_no_sync_token(make_google: MakeGoogle) -> None:
    app = App(make_google(people=20), EMAIL)
    token = app.page(pageSize=5)["nextPageToken"]
    app.refused(400, "GET", "people/me/connections", personFields=MASK, sources=CONTACT, syncToken=token)


# --- S9


def test_s9_profile_items_mix_in_unless_sources_are_restricted(google: Google, app: App) -> None:
    name = app.create(emailAddresses=[{"value": "ada@example.com"}])["resourceName"]
    google.hand(EMAIL).link(name, {"emailAddresses": [{"value": "ada@gmail.example"}], "names": [{"givenName": "A."}]})
    mixed = app.ok("GET", "people/me/connections", personFields=MASK)["connections"][0]
    kinds = sorted(item["metadata"]["source"]["type"] for item in mixed["emailAddresses"])
    assert kinds == ["CONTACT", "PROFILE"]
    assert [item["metadata"].get("primary") for item in mixed["names"]].count(True) == 1
    assert {source["type"] for source in mixed["metadata"]["sources"]} == {"CONTACT", "PROFILE"}
    pure = app.page()["connections"][0]
    assert [item["value"] for item in pure["emailAddresses"]] == ["ada@example.com"]


@pytest.mark.parametrize(("shuffle", "orders"), [(True, 2), (False, 1)])
def test_s9_items_come_in_another_order_each_time(google: Google, app: App, shuffle: bool, orders: int) -> None:
    turn(google, shuffle=shuffle)
    numbers: list[dict[str, Any]] = [{"value": f"+44770090012{n}"} for n in range(5)]
    name = app.create(phoneNumbers=numbers)["resourceName"]
    seen = {tuple(item["value"] for item in app.get(name)["phoneNumbers"]) for _ in range(30)}
    assert len(seen) >= orders
    assert len(seen) == 1 or shuffle
    assert len({frozenset(each) for each in seen}) == 1


def test_s9_the_primary_item_stays_the_same_wherever_it_stands(app: App) -> None:
    numbers = [{"value": "+447700900121"}, {"value": "+447700900122", "metadata": {"sourcePrimary": True}}]
    name = app.create(phoneNumbers=numbers)["resourceName"]
    for _ in range(10):
        (primary,) = [item for item in app.get(name)["phoneNumbers"] if item["metadata"].get("primary")]
        assert primary["value"] == "+447700900122"


# --- S10


@pytest.mark.parametrize("field", ["phoneNumbers", "emailAddresses"])
def test_s10_lists_are_cut_at_100_and_get_is_not(app: App, field: str) -> None:
    items: Any = [{"value": f"+4477009{n:05d}" if field == "phoneNumbers" else f"a{n}@example.com"} for n in range(103)]
    name = app.create("Ada", **{field: items})["resourceName"]
    assert len(app.page()["connections"][0][field]) == 100
    assert len(app.get(name)[field]) == 103


def test_s10_the_cap_can_be_made_small(google: Google, app: App) -> None:
    turn(google, list_item_cap=2)
    app.create(phoneNumbers=[{"value": f"+44770090012{n}"} for n in range(5)])
    assert len(app.page()["connections"][0]["phoneNumbers"]) == 2


# --- search, and what else reads


def test_search_needs_a_warm_up_and_matches_prefixes_of_five_fields(app: App) -> None:
    app.create("Ada", organizations=[{"name": "Analytical Engines"}], clientData=[{"key": "k", "value": "hidden"}])

    def found(query: str) -> int:
        answer = app.ok("GET", "people:searchContacts", query=query, readMask="names")
        return len(answer.get("results", ()))

    assert found("ada") == 0
    assert found("") == 0
    assert [found(query) for query in ("ada", "engi", "ngi", "hidden")] == [1, 1, 0, 0]


def test_batch_get_tells_who_is_not_found(app: App) -> None:
    name = app.create()["resourceName"]
    answer = app.ok("GET", "people:batchGet", personFields="names", resourceNames=[name, "people/c404"])
    assert [response["httpStatusCode"] for response in answer["responses"]] == [200, 404]
    assert answer["responses"][1]["status"]["code"] == 5
    app.refused(400, "GET", "people:batchGet", personFields="names", resourceNames=[f"people/c{n}" for n in range(201)])


def test_me_is_who_is_signed_in(app: App) -> None:
    me = app.ok("GET", "people/me", personFields="names,emailAddresses")
    assert me["emailAddresses"][0]["value"] == EMAIL


def test_other_contacts_and_directory(make_google: MakeGoogle) -> None:
    google = make_google(people=30, workspace=True)
    other = "https://www.googleapis.com/auth/contacts.other.readonly"
    directory = "https://www.googleapis.com/auth/directory.readonly"
    contacts = "https://www.googleapis.com/auth/contacts"
    app = App(google, EMAIL, (other, directory, contacts))
    page = app.ok("GET", "otherContacts", readMask="names,emailAddresses,metadata", pageSize=5, requestSyncToken="true")
    assert page["totalSize"] == 20
    source = page["otherContacts"][0]["resourceName"]
    body = {"copyMask": "names,emailAddresses"}
    copied = app.ok("POST", f"{source}:copyOtherContactToMyContactsGroup", body)
    assert copied["memberships"][0]["contactGroupMembership"]["contactGroupId"] == "myContacts"
    assert app.ok("GET", "otherContacts:search", readMask="names", query="a").get("results")
    listed = app.ok(
        "GET", "people:listDirectoryPeople", readMask="names", sources="DIRECTORY_SOURCE_TYPE_DOMAIN_PROFILE"
    )
    assert len(listed["people"]) == 30
    found = app.ok("GET", "people:searchDirectoryPeople", readMask="names", query="a", sources="x")
    assert found["totalSize"] == len(found["people"])
