"""S12 to S14: replacement, singletons, etags."""

from __future__ import annotations

from typing import Any

import pytest

from ringdesk.sandbox.google import Fault, Google, Kind, at_numbers, turned
from tests.sandbox.google.app import MASK, App, etag_of

NAMES = {"names": [{"givenName": "Ada"}]}


def turn(google: Google, **changes: object) -> None:
    google.switches = turned(google.switches, changes)


# --- S12


def test_s12_a_masked_field_is_replaced_whole(app: App) -> None:
    person = app.create(
        names=[{"givenName": "Ada", "middleName": "King", "familyName": "Lovelace"}],
        phoneNumbers=[{"value": "+447700900121"}, {"value": "+447700900122"}],
    )
    after = app.updated(person, names=[{"givenName": "Ada"}], phoneNumbers=[{"value": "+447700900123"}])
    assert after["names"][0].get("familyName") is None
    assert [item["value"] for item in after["phoneNumbers"]] == ["+447700900123"]


def test_s12_an_empty_masked_field_is_cleared_and_others_stay(app: App) -> None:
    person = app.create(phoneNumbers=[{"value": "+447700900121"}], nicknames=[{"value": "Countess"}])
    app.updated(person, phoneNumbers=[])
    shown = app.get(person["resourceName"], f"{MASK},nicknames")
    assert "phoneNumbers" not in shown
    assert shown["nicknames"][0]["value"] == "Countess"


def test_s12_output_only_parts_are_ignored_and_computed_anew(app: App) -> None:
    person = app.create(
        names=[{"givenName": "Ada", "familyName": "Lovelace", "displayName": "Nobody"}],
        phoneNumbers=[{"value": "07700 900123", "canonicalForm": "+1", "type": "workFax", "formattedType": "x"}],
    )
    assert person["names"][0]["displayName"] == "Ada Lovelace"
    assert person["names"][0]["displayNameLastFirst"] == "Lovelace, Ada"
    number = person["phoneNumbers"][0]
    assert (number["canonicalForm"], number["formattedType"]) == ("+447700900123", "Work Fax")


def test_s12_names_as_recorded(app: App) -> None:
    name = {"honorificPrefix": "Dr.", "givenName": "John", "middleName": "Jay", "familyName": "Doe"}
    (shown,) = app.create(names=[{**name, "honorificSuffix": "III"}])["names"]
    assert shown["displayName"] == shown["unstructuredName"] == "Dr. John Jay Doe III"
    assert shown["displayNameLastFirst"] == "Doe, Dr. John Jay, III"


def test_s12_an_unstructured_name_is_taken_apart(app: App) -> None:
    (name,) = app.create(names=[{"unstructuredName": "Ada King Lovelace"}])["names"]
    assert (name["givenName"], name["familyName"]) == ("Ada King", "Lovelace")


def test_s12_what_else_is_computed(app: App) -> None:
    address = {"streetAddress": "1 High Street", "city": "Leeds", "country": "GB", "type": "home"}
    chat = {"username": "ada", "protocol": "googleTalk", "type": "work"}
    person = app.ok(
        "POST",
        "people:createContact",
        {
            "addresses": [address],
            "imClients": [chat],
            "genders": [{"value": "female"}],
            "biographies": [{"value": "x"}],
        },
        personFields="addresses,imClients,genders,biographies",
    )
    assert person["addresses"][0]["formattedValue"] == "1 High Street\nLeeds\nGB"
    assert person["imClients"][0]["formattedProtocol"] == "Google Talk"
    assert person["genders"][0]["formattedValue"] == "Female"
    assert person["biographies"][0]["contentType"] == "TEXT_PLAIN"


@pytest.mark.parametrize(("switch", "canonical"), [("absent", None), ("digits", "123")])
def test_s12_a_number_that_is_none(google: Google, app: App, switch: str, canonical: str | None) -> None:
    turn(google, unparsable_numbers=switch)
    (number,) = app.create(phoneNumbers=[{"value": "1-2-3"}])["phoneNumbers"]
    assert number["value"] == "1-2-3"
    assert number.get("canonicalForm") == canonical


@pytest.mark.parametrize("value", ["+44 (0)20", "☎", "0", "++", " ", "tel:+442079460000;ext=12", "1" * 40])
def test_s12_odd_numbers_are_kept_as_typed(app: App, value: str) -> None:
    (number,) = app.create(phoneNumbers=[{"value": value}])["phoneNumbers"]
    assert number["value"] == value


@pytest.mark.parametrize(
    ("date", "status"),
    [
        ({"year": 0, "month": 2, "day": 29}, 200),
        ({"month": 12, "day": 31}, 200),
        ({"year": 2023, "month": 2, "day": 29}, 400),
        ({"year": 1990, "month": 13, "day": 1}, 400),
        ({"year": 1990}, 200),
        ({"day": 4}, 400),
    ],
)
def test_s12_dates(app: App, date: dict[str, int], status: int) -> None:
    body = {"birthdays": [{"date": date}]}
    response = app.call("POST", "people:createContact", body, personFields="birthdays")
    assert response.status == status


def test_s12_client_data_may_repeat_and_comes_back(app: App) -> None:
    data = [{"key": "ringdesk.id", "value": "1"}, {"key": "ringdesk.id", "value": "1"}]
    shown = app.create(clientData=data)["clientData"]
    assert [(item["key"], item["value"]) for item in shown] == [("ringdesk.id", "1")] * 2


def test_s12_an_unwritable_path_is_refused(app: App) -> None:
    person = app.create()
    body = {"etag": person["etag"], "metadata": person["metadata"]}
    name = f"{person['resourceName']}:updateContact"
    for mask in ("photos", "metadata", "names,shoeSize", ""):
        app.refused(400, "PATCH", name, body, updatePersonFields=mask)


@pytest.mark.parametrize(
    "body",
    [
        {"shoeSize": 44},
        {"names": {"givenName": "A"}},
        {"names": [{"givenName": 3}]},
        {"names": [{"nope": "A"}]},
        {"nicknames": [{"value": "A", "type": "NO_SUCH"}]},
        {"events": [{"date": {"year": "1990"}}]},
        [],
        "text",
    ],
)
def test_s12_a_body_that_does_not_fit_the_schema_is_refused(app: App, body: object) -> None:
    app.refused(400, "POST", "people:createContact", body)


@pytest.mark.parametrize(("switch", "status"), [("refuse", 400), ("accept", 200)])
def test_s12_a_contact_without_any_field(google: Google, app: App, switch: str, status: int) -> None:
    turn(google, empty_contact=switch)
    assert app.call("POST", "people:createContact", {}, personFields="names").status == status


# --- S13


@pytest.mark.parametrize(
    "items",
    [
        {"names": [{"givenName": "A"}, {"givenName": "B"}]},
        {"genders": [{"value": "male"}, {"value": "female"}]},
        {"birthdays": [{"date": {"year": 1990}}, {"date": {"year": 1991}}]},
        {"biographies": [{"value": "a"}, {"value": "b"}]},
    ],
)
def test_s13_a_second_item_in_a_singleton_is_refused(app: App, items: dict[str, Any]) -> None:
    error = app.refused(400, "POST", "people:createContact", items)
    assert error["message"].startswith("Cannot have more than one person.")
    assert app.update(app.create(), **items).status == 400


def member(group: str) -> dict[str, Any]:
    return {"contactGroupMembership": {"contactGroupResourceName": f"contactGroups/{group}"}}


@pytest.mark.parametrize(("group", "status"), [("starred", 200), ("friends", 400), ("all", 400), ("nope", 400)])
def test_s13_only_two_system_groups_take_members(app: App, group: str, status: int) -> None:
    assert app.update(app.create(), memberships=[member(group)]).status == status


def test_s13_memberships_that_leave_none_are_refused(app: App) -> None:
    assert app.update(app.create(), memberships=[]).status == 400


@pytest.mark.parametrize(("switch", "groups"), [("my_contacts", ["myContacts"]), ("no_group", [])])
def test_s13_where_a_contact_without_memberships_lands(
    google: Google, app: App, switch: str, groups: list[str]
) -> None:
    turn(google, new_contacts=switch)
    shown = app.create().get("memberships", [])
    assert [item["contactGroupMembership"]["contactGroupId"] for item in shown] == groups


@pytest.mark.parametrize(("switch", "count"), [(False, 1), (True, 2)])
def test_s13_whether_a_user_group_brings_my_contacts(google: Google, app: App, switch: bool, count: int) -> None:
    turn(google, user_group_adds_my_contacts=switch)
    group = app.ok("POST", "contactGroups", {"contactGroup": {"name": "One"}})["resourceName"]
    shown = app.create(memberships=[{"contactGroupMembership": {"contactGroupResourceName": group}}])
    assert len(shown["memberships"]) == count


# --- S14


def test_s14_an_update_without_source_or_etag_is_refused(app: App) -> None:
    name = f"{app.create()['resourceName']}:updateContact"
    for body in (NAMES, {**NAMES, "metadata": {"sources": [{"type": "PROFILE", "etag": "#x"}]}}):
        error = app.refused(400, "PATCH", name, body, updatePersonFields="names")
        assert error["status"] == "INVALID_ARGUMENT"


@pytest.mark.parametrize(("required", "status"), [(True, 400), (False, 200)])
def test_s14_whether_person_etag_alone_is_enough(google: Google, app: App, required: bool, status: int) -> None:
    turn(google, sources_required=required)
    person = app.create()
    name = f"{person['resourceName']}:updateContact"
    body = {**NAMES, "etag": person["etag"]}
    response = app.call("PATCH", name, body, updatePersonFields="names", personFields="names")
    assert response.status == status


@pytest.mark.parametrize("names", ["person.etag", "person.metadata.sources.etag"])
@pytest.mark.parametrize("code", [400, 403])
def test_s14_a_stale_source_etag_is_a_failed_precondition(google: Google, app: App, names: str, code: int) -> None:
    turn(google, precondition_names=names, precondition_code=code)
    stale = app.create()
    app.updated(stale, nicknames=[{"value": "Countess"}])
    response = app.update(stale, names=[{"givenName": "Late"}])
    error = response.json()["error"]
    assert (response.status, error["status"]) == (code, "FAILED_PRECONDITION")
    assert error["message"].startswith(f"Request {names} is different than the current {names}.")


@pytest.mark.parametrize(("checked", "status"), [(True, 400), (False, 200)])
@pytest.mark.parametrize("wrong", ["stale", "source etag", "garbage"])
def test_s14_whether_person_etag_counts_beside_the_source(
    google: Google, app: App, checked: bool, status: int, wrong: str
) -> None:
    turn(google, person_etag_checked=checked)
    stale = app.create()
    fresh = app.updated(stale, nicknames=[{"value": "Countess"}])
    etag = {"stale": stale["etag"], "source etag": etag_of(fresh), "garbage": "%not base64"}[wrong]
    assert app.update({**fresh, "etag": etag}, names=[{"givenName": "Ada"}]).status == status


def test_s14_a_person_etag_of_another_mask_is_still_current(app: App) -> None:
    person = app.create()
    other = app.get(person["resourceName"], "names")
    assert app.update({**person, "etag": other["etag"]}, names=[{"givenName": "Ada"}]).status == 200


def test_s14_the_etag_of_an_answer_is_good_for_the_next_update(app: App) -> None:
    person = app.create()
    for number in range(5):
        person = app.updated(person, nicknames=[{"value": str(number)}])


def test_s14_a_spurious_failure_can_be_injected(google: Google, app: App) -> None:
    person = app.create()
    google.plan = at_numbers({2: Fault(Kind.SPURIOUS)})
    assert app.update(person, nicknames=[{"value": "x"}]).json()["error"]["status"] == "FAILED_PRECONDITION"
    assert app.update(person, nicknames=[{"value": "x"}]).status == 200


@pytest.mark.parametrize(("every", "failures"), [(3, 2), (0, 0)])
def test_s14_spurious_failures_after_a_few_rounds(google: Google, app: App, every: int, failures: int) -> None:
    turn(google, spurious_every=every)
    name = app.create()["resourceName"]
    codes = [app.update(app.get(name), nicknames=[{"value": str(n)}]).status for n in range(7)]
    assert codes.count(400) == failures


@pytest.mark.parametrize(("tells", "count"), [(True, 1), (False, 0)])
def test_s14_an_etag_can_change_without_content(google: Google, app: App, tells: bool, count: int) -> None:
    turn(google, phantom_in_delta=tells)
    before = app.create()
    token = app.full()
    google.plan = at_numbers({google.next_number: Fault(Kind.PHANTOM)})
    assert app.update(before, nicknames=[{"value": "x"}]).status == 400
    after = app.get(before["resourceName"])
    assert etag_of(after) != etag_of(before)
    assert after["names"] == before["names"]
    assert len(app.delta(token)[0]) == count


@pytest.mark.parametrize(("verb", "suffix"), [("PATCH", "updateContact"), ("DELETE", "deleteContact")])
def test_s14_a_contact_that_is_gone_is_404(app: App, verb: str, suffix: str) -> None:
    person = app.create()
    name = person["resourceName"]
    app.ok("DELETE", f"{name}:deleteContact")
    body = {**NAMES, "etag": person["etag"], "metadata": person["metadata"]} if verb == "PATCH" else None
    query = {"updatePersonFields": "names"} if verb == "PATCH" else {}
    error = app.refused(404, verb, f"{name}:{suffix}", body, **query)
    assert error["message"] == "Requested entity was not found."
