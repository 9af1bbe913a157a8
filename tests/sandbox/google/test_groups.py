"""S18: contact groups."""

from __future__ import annotations

import pytest

from ringdesk.sandbox.google import Google, VirtualClock, turned
from tests.sandbox.google.app import App, etag_of, names_of
from tests.sandbox.google.conftest import EMAIL

DAY = 86_400.0


def add(app: App, name: str) -> str:
    resource: str = app.ok("POST", "contactGroups", {"contactGroup": {"name": name}})["resourceName"]
    return resource


def test_s18_names_are_unique(app: App) -> None:
    add(app, "Customers")
    other = add(app, "Suppliers")
    for verb, path in (("POST", "contactGroups"), ("PUT", other)):
        error = app.refused(409, verb, path, {"contactGroup": {"name": "Customers"}})
        assert error["status"] == "ALREADY_EXISTS"
    app.ok("PUT", other, {"contactGroup": {"name": "Suppliers"}})


def test_s18_system_groups_have_neither_etag_nor_metadata(app: App) -> None:
    add(app, "Customers")
    groups = {group["name"]: group for group in app.ok("GET", "contactGroups")["contactGroups"]}
    assert set(groups) >= {"myContacts", "starred", "friends", "Customers"}
    assert not {"etag", "metadata"} & set(groups["myContacts"])
    assert {"etag", "metadata"} <= set(groups["Customers"])
    assert groups["Customers"]["groupType"] == "USER_CONTACT_GROUP"


@pytest.mark.parametrize(("verb", "body"), [("DELETE", None), ("PUT", {"contactGroup": {"name": "Mine"}})])
def test_s18_system_groups_cannot_be_changed(app: App, verb: str, body: object) -> None:
    app.refused(400, verb, "contactGroups/myContacts", body)


def test_s18_members_modify_tells_two_kinds_of_failure(app: App) -> None:
    group = add(app, "Customers")
    name = app.create()["resourceName"]
    answer = app.ok("POST", f"{group}/members:modify", {"resourceNamesToAdd": [name, "people/c404"]})
    assert answer == {"notFoundResourceNames": ["people/c404"]}
    app.ok("POST", "contactGroups/myContacts/members:modify", {"resourceNamesToRemove": [name]})
    answer = app.ok("POST", f"{group}/members:modify", {"resourceNamesToRemove": [name]})
    assert answer == {"canNotRemoveLastContactGroupResourceNames": [name]}


def test_s18_members_modify_takes_a_thousand(app: App) -> None:
    group = add(app, "Customers")
    names = [f"people/c{number}" for number in range(1001)]
    body = {"resourceNamesToAdd": names[:500], "resourceNamesToRemove": names[500:]}
    app.refused(400, "POST", f"{group}/members:modify", body)
    body["resourceNamesToRemove"].pop()
    assert len(app.ok("POST", f"{group}/members:modify", body)["notFoundResourceNames"]) == 1000


def test_s18_deprecated_system_groups_only_lose_members(app: App) -> None:
    name = app.create()["resourceName"]
    app.refused(400, "POST", "contactGroups/friends/members:modify", {"resourceNamesToAdd": [name]})
    app.ok("POST", "contactGroups/starred/members:modify", {"resourceNamesToAdd": [name]})
    app.ok("POST", "contactGroups/friends/members:modify", {"resourceNamesToRemove": [name]})


def test_s18_membership_changes_the_contact(app: App) -> None:
    group = add(app, "Customers")
    before = app.create()
    token = app.full()
    app.ok("POST", f"{group}/members:modify", {"resourceNamesToAdd": [before["resourceName"]]})
    (after,) = app.delta(token)[0]
    assert etag_of(after) != etag_of(before)
    assert len(after["memberships"]) == 2


@pytest.mark.parametrize(
    ("query", "left"), [({}, 1), ({"deleteContacts": "false"}, 1), ({"deleteContacts": "true"}, 0)]
)
def test_s18_deleting_a_group_with_and_without_its_contacts(app: App, query: dict[str, str], left: int) -> None:
    group = add(app, "Customers")
    membership = {"contactGroupMembership": {"contactGroupResourceName": group}}
    name = app.create(memberships=[membership])["resourceName"]
    app.ok("DELETE", group, **query)
    people = app.page().get("connections", [])
    assert names_of(people) == ({name} if left else set())
    assert not any(
        item["contactGroupMembership"]["contactGroupResourceName"] == group for p in people for item in p["memberships"]
    )


def test_s18_a_group_sync_token_comes_unasked_and_brings_tombstones(app: App) -> None:
    gone, kept = add(app, "Gone"), add(app, "Kept")
    token = app.ok("GET", "contactGroups")["nextSyncToken"]
    app.ok("DELETE", gone)
    app.ok("PUT", kept, {"contactGroup": {"name": "Renamed"}})
    page = app.ok("GET", "contactGroups", syncToken=token)
    groups = {group["resourceName"]: group for group in page["contactGroups"]}
    assert groups[gone]["metadata"]["deleted"] is True
    assert groups[kept]["name"] == "Renamed"
    assert "contactGroups" not in app.ok("GET", "contactGroups", syncToken=page["nextSyncToken"])
    assert gone not in {group["resourceName"] for group in app.ok("GET", "contactGroups")["contactGroups"]}


@pytest.mark.parametrize(("days", "status"), [(0.0, 200), (7.0, 400)])
def test_s18_whether_group_sync_tokens_expire(
    google: Google, clock: VirtualClock, app: App, days: float, status: int
) -> None:
    google.switches = turned(google.switches, {"group_token_days": days})
    token = app.ok("GET", "contactGroups")["nextSyncToken"]
    clock.advance(8 * DAY)
    app.signed = google.sign_in(EMAIL)
    assert app.call("GET", "contactGroups", syncToken=token).status == status


def test_s18_pages_and_their_tokens(app: App) -> None:
    for number in range(5):
        add(app, f"G{number}")
    first = app.ok("GET", "contactGroups", pageSize=10)
    assert "nextSyncToken" not in first
    assert first["totalItems"] == 13
    rest = app.ok("GET", "contactGroups", pageSize=10, pageToken=first["nextPageToken"])
    assert len(first["contactGroups"]) + len(rest["contactGroups"]) == 13
    assert rest["nextSyncToken"]
    app.refused(400, "GET", "contactGroups", pageSize=11, pageToken=first["nextPageToken"])
    app.refused(400, "GET", "contactGroups", syncToken=app.full())


def test_s18_members_show_only_with_max_members(app: App) -> None:
    name = app.create()["resourceName"]
    app.create("Other")
    group = app.ok("GET", "contactGroups/myContacts")
    assert group["memberCount"] == 2
    assert "memberResourceNames" not in group
    assert app.ok("GET", "contactGroups/myContacts", maxMembers=1)["memberResourceNames"] == [name]
    answer = app.ok("GET", "contactGroups:batchGet", resourceNames=["contactGroups/myContacts", "contactGroups/x"])
    assert [response["status"].get("code") for response in answer["responses"]] == [None, 5]


@pytest.mark.parametrize(("checked", "status"), [(False, 200), (True, 400)])
def test_s18_whether_a_stale_group_etag_is_refused(google: Google, app: App, checked: bool, status: int) -> None:
    google.switches = turned(google.switches, {"group_etag_checked": checked})
    group = app.ok("POST", "contactGroups", {"contactGroup": {"name": "One"}})
    google.hand(EMAIL).rename_label("One", "Two")
    body = {"contactGroup": {"name": "Three", "etag": group["etag"]}}
    assert app.call("PUT", group["resourceName"], body).status == status


def test_s18_a_mask_that_is_not_valid_and_a_group_that_is_not_there(app: App) -> None:
    app.refused(400, "GET", "contactGroups", groupFields="name,shoeSize")
    app.refused(404, "GET", "contactGroups/nope")
    app.refused(400, "POST", "contactGroups", {"contactGroup": {}})
