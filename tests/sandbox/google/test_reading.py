"""S1 to S10: masks, etags, pages, deltas, tombstones, sources, cut lists."""

from __future__ import annotations

from typing import Any, Literal

import pytest

from ringdesk.sandbox.google import Google, Switches, VirtualClock, turned
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
    google.world.clock.advance(3600.0)  # type: ignore[attr-defined]
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


# --- S5


@pytest.mark.parametrize(
    ("switch", "code", "status"),
    [
        ("failed_precondition", 400, "FAILED_PRECONDITION"),
        ("invalid_argument", 400, "INVALID_ARGUMENT"),
        ("gone", 410, "FAILED_PRECONDITION"),
    ],
)
@pytest.mark.parametrize("details", [True, False])
def test_s5_an_expired_sync_token(
    google: Google, clock: VirtualClock, app: App, switch: str, code: int, status: str, details: bool
) -> None:
    turn(google, expired_token=switch, expired_token_details=details)
    token = app.full()
    clock.advance(7 * DAY)
    app.signed = google.sign_in(EMAIL)
    asked = {"personFields": MASK, "sources": CONTACT, "syncToken": token}
    error = app.refused(code, "GET", "people/me/connections", **asked)
    assert error["status"] == status
    assert error["message"].startswith("Sync token is expired.")
    assert [detail["reason"] for detail in error.get("details", ())] == (["EXPIRED_SYNC_TOKEN"] if details else [])


def test_s5_incremental_syncs_do_not_prolong_it(google: Google, clock: VirtualClock, app: App) -> None:
    token = app.full()
    for _ in range(6):
        clock.advance(DAY)
        app.signed = google.sign_in(EMAIL)
        token = app.delta(token)[1]
    clock.advance(DAY)
    app.signed = google.sign_in(EMAIL)
    app.refused(400, "GET", "people/me/connections", personFields=MASK, sources=CONTACT, syncToken=token)


# --- S6


def test_s6_a_write_shows_in_deltas_after_its_delay_and_only_once(
    google: Google, clock: VirtualClock, app: App
) -> None:
    token = app.full()
    google.world.late = 300.0
    person = app.create()
    people, token = app.delta(token)
    assert people == []
    clock.advance(299.0)
    assert app.delta(token)[0] == []
    clock.advance(1.0)
    people, token = app.delta(token)
    assert names_of(people) == {person["resourceName"]}
    assert app.delta(token)[0] == []


def test_s6_a_slow_write_is_not_lost_to_a_quicker_one(google: Google, clock: VirtualClock, app: App) -> None:
    token = app.full()
    google.world.late = 600.0
    slow = app.create("Slow")
    google.world.late = None
    quick = app.create("Quick")
    people, token = app.delta(token)
    assert names_of(people) == {quick["resourceName"]}
    clock.advance(600.0)
    assert names_of(app.delta(token)[0]) == {slow["resourceName"]}


def test_s6_delays_are_drawn_for_each_write(make_google: MakeGoogle) -> None:
    google = make_google(Switches(quotas=False, propagation=(10.0, 600.0)))
    app = App(google, EMAIL)
    token = app.full()
    for _ in range(20):
        app.create()
    sizes = []
    for _ in range(6):
        google.world.clock.advance(100.0)  # type: ignore[attr-defined]
        people, token = app.delta(token)
        sizes.append(len(people))
    assert sum(sizes) == 20
    assert max(sizes) < 20


@pytest.mark.parametrize(("shows", "given"), [("current", "Second"), ("replica", "First")])
def test_s6_what_a_delta_shows_of_a_contact_written_again(
    google: Google, clock: VirtualClock, app: App, shows: str, given: str
) -> None:
    turn(google, delta_shows=shows)
    token = app.full()
    person = app.create("First")
    google.world.late = 300.0
    app.updated(person, names=[{"givenName": "Second"}])
    people, token = app.delta(token)
    assert people[0]["names"][0]["givenName"] == given
    clock.advance(300.0)
    assert app.delta(token)[0][0]["names"][0]["givenName"] == "Second"


def test_s6_an_older_write_that_arrives_late_does_not_undo_a_newer_one(
    google: Google, clock: VirtualClock, app: App
) -> None:
    turn(google, delta_shows="replica", full_listing="lags")
    person = app.create("First")
    google.world.late = 600.0
    person = app.updated(person, names=[{"givenName": "Late"}])
    google.world.late = None
    app.updated(person, names=[{"givenName": "Newest"}])
    clock.advance(600.0)
    assert app.page()["connections"][0]["names"][0]["givenName"] == "Newest"


@pytest.mark.parametrize(("listing", "plain", "syncing"), [("fresh", 1, 1), ("lags_in_sync", 1, 0), ("lags", 0, 0)])
def test_s6_whether_a_full_listing_sees_a_write_at_once(
    google: Google, app: App, listing: str, plain: int, syncing: int
) -> None:
    turn(google, full_listing=listing)
    google.world.late = 300.0
    app.create()
    assert len(app.page().get("connections", ())) == plain
    assert len(app.page(requestSyncToken="true").get("connections", ())) == syncing


@pytest.mark.parametrize("listing", ["fresh", "lags_in_sync", "lags"])
def test_s6_no_change_is_lost_between_a_full_listing_and_its_first_delta(
    google: Google, clock: VirtualClock, app: App, listing: str
) -> None:
    turn(google, full_listing=listing)
    google.world.late = 300.0
    person = app.create()
    people, token = app.everything(requestSyncToken="true")
    clock.advance(300.0)
    assert names_of(people + app.delta(token)[0]) == {person["resourceName"]}


def test_s6_a_get_sees_a_write_at_once(google: Google, app: App) -> None:
    google.world.late = 300.0
    assert app.get(app.create("Now")["resourceName"])["names"][0]["givenName"] == "Now"


@pytest.mark.parametrize("totals", [True, False])
def test_s6_totals_in_a_delta(google: Google, app: App, totals: bool) -> None:
    turn(google, delta_totals=totals)
    app.create()
    token = app.full()
    app.create()
    page = app.page(syncToken=token)
    assert page.get("totalItems") == (1 if totals else None)


def test_s6_an_idle_delta_says_nothing_but_its_token(app: App) -> None:
    token = app.full()
    assert set(app.page(syncToken=token, requestSyncToken="true")) == {"nextSyncToken"}


# --- S7


def test_s7_a_deletion_is_a_tombstone_in_deltas_only(app: App) -> None:
    person = app.create()
    token = app.full()
    app.ok("DELETE", f"{person['resourceName']}:deleteContact")
    (gone,) = app.delta(token)[0]
    assert gone["resourceName"] == person["resourceName"]
    assert gone["metadata"]["deleted"] is True
    assert "names" not in gone
    assert "connections" not in app.page()


@pytest.mark.parametrize(("switch", "count", "flagged"), [("bare", 1, False), ("absent", 0, False), ("shown", 1, True)])
def test_s7_a_tombstone_without_metadata_in_the_mask(
    google: Google, app: App, switch: str, count: int, flagged: bool
) -> None:
    turn(google, bare_tombstones=switch)
    person = app.create()
    token = app.full(personFields="names")
    app.ok("DELETE", f"{person['resourceName']}:deleteContact")
    people = app.delta(token, personFields="names")[0]
    assert len(people) == count
    assert any("metadata" in each for each in people) is flagged


def test_s7_created_and_deleted_between_two_deltas(app: App) -> None:
    token = app.full()
    person = app.create()
    app.ok("DELETE", f"{person['resourceName']}:deleteContact")
    assert all(each["metadata"]["deleted"] for each in app.delta(token)[0])


# --- S8


@pytest.mark.parametrize("lists", [True, False])
def test_s8_a_merge_tells_the_former_name_once(google: Google, app: App, lists: bool) -> None:
    turn(google, merge_lists_previous=lists)
    keep, other = app.create("Ada"), app.create("Ada L.")
    token = app.full()
    google.hand(EMAIL).merge(keep["resourceName"], other["resourceName"])
    people, token = app.delta(token)
    by_name = {person["resourceName"]: person["metadata"] for person in people}
    assert by_name[other["resourceName"]]["deleted"] is True
    former = by_name[keep["resourceName"]].get("previousResourceNames", [])
    assert former == ([other["resourceName"]] if lists else [])
    app.updated(app.get(keep["resourceName"]), nicknames=[{"value": "Countess"}])
    (again,) = app.delta(token)[0]
    assert "previousResourceNames" not in again["metadata"]


@pytest.mark.parametrize("tombstone", [True, False])
def test_s8_a_relink_changes_the_name(google: Google, app: App, tombstone: bool) -> None:
    turn(google, relink_tombstone=tombstone)
    old = app.create()["resourceName"]
    token = app.full()
    new = google.hand(EMAIL).link(old, {"emailAddresses": [{"value": "ada@gmail.example"}]})
    assert new != old
    people = {person["resourceName"]: person["metadata"] for person in app.delta(token)[0]}
    assert people[new]["previousResourceNames"] == [old]
    assert (old in people) is tombstone
    listed = app.page()["connections"][0]
    assert listed["resourceName"] == new
    assert "previousResourceNames" not in listed["metadata"]


@pytest.mark.parametrize(("resolve", "status"), [(True, 200), (False, 404)])
def test_s8_whether_an_old_name_still_finds_the_contact(google: Google, app: App, resolve: bool, status: int) -> None:
    turn(google, old_names_resolve=resolve)
    old = app.create()["resourceName"]
    new = google.hand(EMAIL).link(old, {})
    assert app.call("GET", old, personFields="names").status == status
    (response,) = app.ok("GET", "people:batchGet", personFields="names", resourceNames=old)["responses"]
    assert response["requestedResourceName"] == old
    assert response.get("person", {}).get("resourceName") == (new if resolve else None)


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
