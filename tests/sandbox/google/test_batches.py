"""S15 to S17: lost answers, batches, overlapping mutations; and the other faults."""

from __future__ import annotations

from typing import Any

import pytest

from ringdesk.sandbox.google import Fault, Google, Kind, VirtualClock, at_numbers, turned
from tests.sandbox.google.app import CONTACT, MASK, App, names_of
from tests.sandbox.google.conftest import EMAIL

NAMES = {"names": [{"givenName": "Ada"}]}


def turn(google: Google, **changes: object) -> None:
    google.switches = turned(google.switches, changes)


# --- S15


def test_s15_the_same_body_twice_makes_two_contacts(app: App) -> None:
    assert app.create()["resourceName"] != app.create()["resourceName"]


@pytest.mark.parametrize("kind", [Kind.CUT_AFTER, Kind.CUT_MIDWAY, Kind.ERROR_AFTER])
def test_s15_written_and_the_answer_lost(google: Google, app: App, kind: Kind) -> None:
    person = app.create("Old")
    group = app.ok("POST", "contactGroups", {"contactGroup": {"name": "One"}})["resourceName"]
    name = person["resourceName"]
    update = {"etag": person["etag"], "metadata": person["metadata"], "names": [{"givenName": "New"}]}
    calls: list[tuple[str, str, object, dict[str, str]]] = [
        ("POST", "people:createContact", NAMES, {}),
        ("PATCH", f"{name}:updateContact", update, {"updatePersonFields": "names"}),
        ("POST", f"{group}/members:modify", {"resourceNamesToAdd": [name]}, {}),
        ("PUT", group, {"contactGroup": {"name": "Two"}}, {}),
        ("POST", "people:batchCreateContacts", {"contacts": [{"contactPerson": NAMES}], "readMask": "names"}, {}),
        ("DELETE", f"{name}:deleteContact", None, {}),
        ("DELETE", group, None, {}),
    ]
    google.plan = lambda number, request: Fault(kind) if request.method != "GET" else None
    for verb, path, body, query in calls:
        before = google.dump(EMAIL)
        response = app.call(verb, path, body, **query)
        assert not response.delivered or response.status == 503
        assert google.dump(EMAIL) != before
        assert google.log.entries[-1].committed


def test_s15_cut_before_the_work_changes_nothing(google: Google, app: App) -> None:
    google.plan = at_numbers({1: Fault(Kind.CUT_BEFORE)})
    response = app.call("POST", "people:createContact", NAMES)
    assert not response.delivered
    assert google.dump(EMAIL)["contacts"] == {}


# --- S16


def batch(count: int, **extra: Any) -> dict[str, Any]:
    contacts = [{"contactPerson": {"names": [{"givenName": f"P{n}"}], **extra}} for n in range(count)]
    return {"contacts": contacts, "readMask": "names,metadata"}


def test_s16_limits(app: App) -> None:
    assert len(app.ok("POST", "people:batchCreateContacts", batch(200))["createdPeople"]) == 200
    app.refused(400, "POST", "people:batchCreateContacts", batch(201))
    app.refused(400, "POST", "people:batchCreateContacts", batch(0))
    people, _ = app.everything(pageSize=1000)
    names = [person["resourceName"] for person in people]
    update = {"updateMask": "names", "readMask": "names"}
    app.refused(
        400, "POST", "people:batchUpdateContacts", {"contacts": {f"people/c{n}": {} for n in range(201)}, **update}
    )
    app.refused(400, "POST", "people:batchDeleteContacts", {"resourceNames": [f"people/c{n}" for n in range(501)]})
    app.ok("POST", "people:batchDeleteContacts", {"resourceNames": names})
    assert google_is_empty(app)


def google_is_empty(app: App) -> bool:
    return not app.google.dump(app.email)["contacts"]


@pytest.mark.parametrize("order", ["shuffled", "kept"])
def test_s16_the_order_of_created_people(google: Google, app: App, order: str) -> None:
    turn(google, batch_order=order)
    made = app.ok("POST", "people:batchCreateContacts", batch(50))["createdPeople"]
    givens = [response["person"]["names"][0]["givenName"] for response in made]
    wanted = [f"P{n}" for n in range(50)]
    assert (givens == wanted) is (order == "kept")
    assert sorted(givens) == sorted(wanted)


def test_s16_an_empty_read_mask_brings_no_data(google: Google, app: App) -> None:
    assert app.ok("POST", "people:batchCreateContacts", {**batch(2), "readMask": ""}) == {}
    assert len(google.dump(EMAIL)["contacts"]) == 2


@pytest.mark.parametrize("switch", ["all_or_nothing", "per_element"])
@pytest.mark.parametrize("fault", [False, True])
def test_s16_one_bad_element_in_a_batch_create(google: Google, app: App, switch: str, fault: bool) -> None:
    turn(google, batch=switch)
    body = batch(3)
    if fault:
        google.plan = at_numbers({1: Fault(Kind.ELEMENTS, elements=frozenset({1}))})
    else:
        body["contacts"][1]["contactPerson"]["names"].append({"givenName": "Twice"})
    response = app.call("POST", "people:batchCreateContacts", body)
    if switch == "all_or_nothing":
        (detail,) = response.json()["error"]["details"]
        assert detail["@type"].endswith("BatchCreateContactsErrorDetails")
        assert set(detail["contactErrors"]) == {"1"}
        assert google_is_empty(app)
    else:
        codes = sorted(each["httpStatusCode"] for each in response.json()["createdPeople"])
        assert codes == [200, 200, 500 if fault else 400]
        assert len(google.dump(EMAIL)["contacts"]) == 2


def test_s16_one_mask_for_all_and_left_empty_is_cleared(app: App) -> None:
    one, two = (app.create(name, phoneNumbers=[{"value": "+447700900121"}]) for name in ("One", "Two"))
    contacts = {each["resourceName"]: {"etag": each["etag"], "metadata": each["metadata"]} for each in (one, two)}
    contacts[one["resourceName"]]["phoneNumbers"] = [{"value": "+447700900122"}]
    body = {"contacts": contacts, "updateMask": "phoneNumbers", "readMask": MASK, "sources": [CONTACT]}
    result = app.ok("POST", "people:batchUpdateContacts", body)["updateResult"]
    shown = {name: response["person"].get("phoneNumbers", []) for name, response in result.items()}
    assert [item["value"] for item in shown[one["resourceName"]]] == ["+447700900122"]
    assert shown[two["resourceName"]] == []


@pytest.mark.parametrize("switch", ["all_or_nothing", "per_element"])
def test_s16_one_stale_element_in_a_batch_update(google: Google, app: App, switch: str) -> None:
    turn(google, batch=switch)
    good, bad = app.create("Good"), app.create("Bad")
    app.updated(bad, nicknames=[{"value": "x"}])
    contacts = {
        each["resourceName"]: {"etag": each["etag"], "metadata": each["metadata"], "names": [{"givenName": "New"}]}
        for each in (good, bad)
    }
    body = {"contacts": contacts, "updateMask": "names", "readMask": "names"}
    response = app.call("POST", "people:batchUpdateContacts", body)
    if switch == "all_or_nothing":
        error = response.json()["error"]
        assert error["status"] == "FAILED_PRECONDITION"
        assert set(error["details"][0]["contactErrors"]) == {bad["resourceName"]}
    else:
        result = response.json()["updateResult"]
        assert result[bad["resourceName"]]["status"]["code"] == 9
    given = app.get(good["resourceName"])["names"][0]["givenName"]
    assert given == ("Good" if switch == "all_or_nothing" else "New")


@pytest.mark.parametrize(("switch", "status", "left"), [("ignore", 200, 0), ("refuse", 404, 1)])
def test_s16_a_batch_delete_with_an_unknown_name(google: Google, app: App, switch: str, status: int, left: int) -> None:
    turn(google, batch_delete_unknown=switch)
    names = [app.create()["resourceName"], "people/c404"]
    assert app.call("POST", "people:batchDeleteContacts", {"resourceNames": names}).status == status
    assert len(google.dump(EMAIL)["contacts"]) == left


# --- S17


@pytest.mark.parametrize(
    ("switch", "status", "delay"),
    [("allow", 200, 0.0), ("conflict", 409, 0.0), ("unavailable", 503, 0.0), ("slow", 200, 5.0)],
)
def test_s17_two_mutations_in_flight_are_counted(
    google: Google, app: App, switch: str, status: int, delay: float
) -> None:
    turn(google, concurrent=switch, slow_seconds=delay or 1.0)
    first = google.arrive(app.request("POST", "people:createContact", NAMES, personFields="names"))
    second = google.arrive(app.request("POST", "people:createContact", NAMES, personFields="names"))
    answer = google.carry_out(second)
    assert (answer.status, answer.delay) == (status, delay)
    assert google.carry_out(first).status == 200
    google.depart(first)
    google.depart(second)
    assert google.accounts[EMAIL].violations == 1
    app.create()
    assert google.accounts[EMAIL].violations == 1


def test_s17_reads_and_other_accounts_may_overlap(google: Google, app: App) -> None:
    google.add_account("sam@example.com")
    sam = App(google, "sam@example.com")
    flights = [
        google.arrive(app.request("POST", "people:createContact", NAMES)),
        google.arrive(app.request("GET", "people/me/connections", personFields="names")),
        google.arrive(sam.request("POST", "people:createContact", NAMES)),
    ]
    for flight in flights:
        google.carry_out(flight)
        google.depart(flight)
    assert [account.violations for account in google.accounts.values()] == [0, 0]


# --- faults that are not in the list above


@pytest.mark.parametrize("kind", [Kind.TRUNCATED, Kind.MALFORMED, Kind.HOSTILE, Kind.REORDERED, Kind.DUPLICATED])
def test_answers_can_be_mangled_after_the_work(google: Google, app: App, kind: Kind) -> None:
    for number in range(8):
        app.create(f"P{number}")
    plain = app.call("GET", "people/me/connections", personFields="names").body
    google.plan = at_numbers({google.next_number: Fault(kind)})
    mangled = app.call("GET", "people/me/connections", personFields="names")
    assert mangled.body != plain
    if kind in {Kind.REORDERED, Kind.DUPLICATED}:
        people = mangled.json()["connections"]
        assert len(names_of(people)) == 8
        assert len(people) == (8 if kind is Kind.REORDERED else 9)


def test_a_delay_is_told_and_the_work_done(google: Google, app: App) -> None:
    google.plan = at_numbers({1: Fault(Kind.DELAY, seconds=30.0)})
    assert app.call("POST", "people:createContact", NAMES).delay == 30.0
    assert len(google.dump(EMAIL)["contacts"]) == 1


def test_an_expired_sync_token_can_be_injected(google: Google, app: App) -> None:
    token = app.full()
    google.plan = at_numbers({google.next_number: Fault(Kind.EXPIRED)})
    asked = {"personFields": MASK, "sources": CONTACT, "syncToken": token}
    error = app.refused(400, "GET", "people/me/connections", **asked)
    assert error["details"][0]["reason"] == "EXPIRED_SYNC_TOKEN"


def test_one_write_can_be_late(google: Google, clock: VirtualClock, app: App) -> None:
    token = app.full()
    google.plan = at_numbers({google.next_number: Fault(Kind.LATE, seconds=120.0)})
    app.create("Late")
    app.create("Quick")
    assert len(app.delta(token)[0]) == 1
    clock.advance(120.0)
    assert len(app.delta(token)[0]) == 2


def test_a_phantom_etag_meets_what_a_batch_is_about_to_change(google: Google, app: App) -> None:
    others = [app.create(f"P{number}") for number in range(5)]
    victim = others[3]
    contacts = {victim["resourceName"]: {"etag": victim["etag"], "metadata": victim["metadata"]}}
    google.plan = at_numbers({google.next_number: Fault(Kind.PHANTOM)})
    body = {"contacts": contacts, "updateMask": "nicknames", "readMask": "names"}
    assert app.refused(400, "POST", "people:batchUpdateContacts", body)["status"] == "FAILED_PRECONDITION"
