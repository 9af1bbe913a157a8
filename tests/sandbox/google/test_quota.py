"""S11: what requests cost, and what happens when nothing is left."""

from __future__ import annotations

import pytest

from ringdesk.sandbox.google import Fault, Google, Kind, Request, Switches, VirtualClock, at_numbers, turned
from ringdesk.sandbox.google.document import document
from ringdesk.sandbox.google.quota import COSTS
from tests.sandbox.google.app import CONTACT, App
from tests.sandbox.google.conftest import EMAIL, MakeGoogle


def advance(google: Google, seconds: float) -> None:
    assert isinstance(google.world.clock, VirtualClock)
    google.world.clock.advance(seconds)


def test_s11_every_method_has_its_cost() -> None:
    assert set(COSTS) == set(document().methods)


@pytest.mark.parametrize(("limit", "status"), [(2, 429), (None, 200)])
def test_s11_the_first_page_of_a_full_sync_has_a_quota_of_its_own(
    make_google: MakeGoogle, limit: int | None, status: int
) -> None:
    google = make_google(Switches(first_pages_per_minute=limit), people=30)
    app = App(google, EMAIL)
    token = app.full(pageSize=10)
    app.full(pageSize=10)
    asked = {"personFields": "names", "requestSyncToken": "true"}
    assert app.call("GET", "people/me/connections", **asked).status == status
    assert app.delta(token, pageSize=10)[0] == []
    assert app.page()
    advance(google, 60)
    assert app.call("GET", "people/me/connections", **asked).status == 200
    assert google.log.entries[0].cost == {"critical_reads": 1, "first_pages_per_minute": 1}


def test_s11_a_write_also_spends_a_read(make_google: MakeGoogle) -> None:
    app = App(make_google(Switches(critical_reads=3)), EMAIL)
    for _ in range(3):
        app.create()
    error = app.refused(429, "GET", "people/me/connections", personFields="names")
    assert "Critical read requests" in error["message"]


@pytest.mark.parametrize(("writes", "batches"), [(12, 2), (30, 5)])
def test_s11_a_batch_costs_six(make_google: MakeGoogle, writes: int, batches: int) -> None:
    google = make_google(Switches(critical_writes=writes))
    app = App(google, EMAIL)
    body = {"contacts": [{"contactPerson": {"names": [{"givenName": "A"}]}}], "readMask": "names"}
    for _ in range(batches):
        app.ok("POST", "people:batchCreateContacts", body)
    app.refused(429, "POST", "people:batchCreateContacts", body)
    assert google.log.units()["critical_writes"] == 6 * batches


def test_s11_deletes_groups_and_photos_have_their_own_buckets(make_google: MakeGoogle) -> None:
    app = App(make_google(Switches(writes=1, group_reads=1, photo_writes=1)), EMAIL)
    name = app.create()["resourceName"]
    app.ok("POST", "contactGroups", {"contactGroup": {"name": "One"}})
    app.refused(429, "DELETE", f"{name}:deleteContact")
    app.ok("GET", "contactGroups")
    app.refused(429, "GET", "contactGroups")
    app.ok("DELETE", f"{name}:deleteContactPhoto")
    app.refused(429, "DELETE", f"{name}:deleteContactPhoto")


def test_s11_a_minute_later_the_bucket_is_full_again(make_google: MakeGoogle) -> None:
    google = make_google(Switches(critical_writes=1))
    app = App(google, EMAIL)
    app.create()
    app.refused(429, "POST", "people:createContact", {"names": [{"givenName": "B"}]})
    advance(google, 60)
    app.create()


def test_s11_quotas_are_for_each_user(make_google: MakeGoogle) -> None:
    google = make_google(Switches(critical_writes=1))
    google.add_account("sam@example.com")
    App(google, EMAIL).create()
    App(google, "sam@example.com").create()


def test_s11_no_quotas_at_all_by_switch(make_google: MakeGoogle) -> None:
    app = App(make_google(Switches(quotas=False, critical_writes=1)), EMAIL)
    app.create()
    app.create()


@pytest.mark.parametrize("shape", ["rate_limit", "exhausted"])
@pytest.mark.parametrize("day", [False, True])
def test_s11_the_two_bodies_of_429(make_google: MakeGoogle, shape: str, day: bool) -> None:
    limits = {"daily_contact_writes": 1, "daily_shape": shape} if day else {"critical_writes": 1, "minute_shape": shape}
    app = App(make_google(turned(Switches(), limits)), EMAIL)
    app.create()
    error = app.refused(429, "POST", "people:createContact", {"names": [{"givenName": "B"}]})
    assert error["status"] == "RESOURCE_EXHAUSTED"
    (detail,) = error["details"]
    if shape == "rate_limit":
        assert detail["reason"] == "RATE_LIMIT_EXCEEDED"
        assert ("per day" if day else "per minute") in error["message"]
    else:
        assert detail["violations"][0]["description"] == "FBS quota limit exceeded"


@pytest.mark.parametrize("seconds", [None, 7])
def test_s11_retry_after_by_switch(make_google: MakeGoogle, seconds: int | None) -> None:
    app = App(make_google(Switches(critical_reads=1, retry_after=seconds)), EMAIL)
    app.page()
    response = app.call("GET", "people/me/connections", personFields="names")
    assert response.headers.get("retry-after") == (None if seconds is None else "7")


@pytest.mark.parametrize(("code", "status"), [(429, "RESOURCE_EXHAUSTED"), (500, "INTERNAL"), (503, "UNAVAILABLE")])
@pytest.mark.parametrize("kind", [Kind.ERROR_BEFORE, Kind.ERROR_AFTER])
def test_s11_injected_errors_before_and_after_the_work(
    google: Google, app: App, code: int, status: str, kind: Kind
) -> None:
    google.plan = at_numbers({1: Fault(kind, code=code, retry_after=3)})
    response = app.call("POST", "people:createContact", {"names": [{"givenName": "A"}]})
    assert response.status == code
    assert response.json()["error"]["status"] == status
    assert response.headers.get("retry-after") == (None if code == 500 else "3")
    assert len(app.page(sources=CONTACT).get("connections", ())) == (0 if kind is Kind.ERROR_BEFORE else 1)
    assert google.log.entries[0].committed is (kind is Kind.ERROR_AFTER)


def test_s11_what_is_refused_costs_nothing(make_google: MakeGoogle) -> None:
    google = make_google(Switches(critical_writes=1))
    app = App(google, EMAIL)
    app.create()
    app.refused(429, "POST", "people:createContact", {"names": [{"givenName": "B"}]})
    google.handle(Request.of("GET", "/v1/contactGroups"))
    assert [dict(entry.cost) for entry in google.log.entries[1:]] == [{}, {}]
