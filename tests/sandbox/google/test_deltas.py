"""S5 to S8: what a sync token brings, when, and for how long."""

from __future__ import annotations

import pytest

from ringdesk.sandbox.google import Google, Switches, VirtualClock, turned
from tests.sandbox.google.app import CONTACT, MASK, App, names_of
from tests.sandbox.google.conftest import EMAIL, MakeGoogle

DAY = 86_400.0


def turn(google: Google, **changes: object) -> None:
    google.switches = turned(google.switches, changes)


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
        google.world.clock.advance(100.0)  # type: ignore[attr-defined]  # the stand-in's own part
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


def test_s8_a_new_name_that_arrives_late_is_still_told(google: Google, clock: VirtualClock, app: App) -> None:
    old = app.create()["resourceName"]
    token = app.full()
    google.world.late = 600.0
    new = google.hand(EMAIL).link(old, {})
    google.world.late = None
    google.hand(EMAIL).edit(new, {"nicknames": [{"value": "Countess"}]})
    (first,), token = app.delta(token)
    assert first["resourceName"] == new
    assert "previousResourceNames" not in first["metadata"]
    clock.advance(600.0)
    (second,), token = app.delta(token)
    assert second["metadata"]["previousResourceNames"] == [old]
    assert app.delta(token)[0] == []
