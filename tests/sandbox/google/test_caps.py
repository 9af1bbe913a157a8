"""S20: how much fits, and the trash that counts."""

from __future__ import annotations

import pytest

from ringdesk.sandbox.google import Google, VirtualClock, turned
from tests.sandbox.google.app import App
from tests.sandbox.google.conftest import EMAIL

DAY = 86_400.0
NAMES = {"names": [{"givenName": "Ada"}]}


@pytest.mark.parametrize("code", [400, 403, 429])
def test_s20_the_account_is_full_and_the_trash_counts(google: Google, clock: VirtualClock, app: App, code: int) -> None:
    google.switches = turned(google.switches, {"contact_cap": 3, "overflow_code": code})
    names = [app.create(f"P{n}")["resourceName"] for n in range(3)]
    assert "MY_CONTACTS_OVERFLOW_COUNT" in app.refused(code, "POST", "people:createContact", NAMES)["message"]
    app.ok("DELETE", f"{names[0]}:deleteContact")
    app.refused(code, "POST", "people:createContact", NAMES)
    clock.advance(30 * DAY)
    app.signed = google.sign_in(EMAIL)
    app.create("Fits")


def test_s20_the_cap_is_25_000_and_a_batch_is_all_or_none(google: Google, app: App) -> None:
    assert google.switches.contact_cap == 25_000
    google.switches = turned(google.switches, {"contact_cap": 2})
    body = {"contacts": [{"contactPerson": NAMES}] * 3, "readMask": "names"}
    app.refused(400, "POST", "people:batchCreateContacts", body)
    assert google.dump(EMAIL)["contacts"] == {}


def test_s20_an_emptied_trash_makes_room(google: Google, app: App) -> None:
    google.switches = turned(google.switches, {"contact_cap": 1})
    app.ok("DELETE", f"{app.create()['resourceName']}:deleteContact")
    assert google.hand(EMAIL).empty_trash() == 1
    app.create()


@pytest.mark.parametrize(("cap", "status"), [(500, 400), (600, 200)])
def test_s20_items_of_one_contact(google: Google, app: App, cap: int, status: int) -> None:
    google.switches = turned(google.switches, {"field_cap": cap})
    body = {"urls": [{"value": f"https://example.com/{n}"} for n in range(501)]}
    assert app.call("POST", "people:createContact", body, personFields="names").status == status


@pytest.mark.parametrize(("cap", "status"), [(1024, 400), (2048, 200)])
def test_s20_characters_of_one_value_notes_excepted(google: Google, app: App, cap: int, status: int) -> None:
    google.switches = turned(google.switches, {"character_cap": cap})
    long = "x" * 1025
    assert app.call("POST", "people:createContact", {"nicknames": [{"value": long}]}).status == status
    app.ok("POST", "people:createContact", {"biographies": [{"value": long}]}, personFields="names")


@pytest.mark.parametrize(("cap", "status"), [(128 * 1024, 400), (256 * 1024, 200)])
def test_s20_bytes_of_one_contact(google: Google, app: App, cap: int, status: int) -> None:
    google.switches = turned(google.switches, {"byte_cap": cap})
    body = {"biographies": [{"value": "x" * 130 * 1024}]}
    assert app.call("POST", "people:createContact", body, personFields="names").status == status


@pytest.mark.parametrize(("days", "there"), [(30.0, False), (60.0, True)])
def test_s20_how_long_the_trash_keeps(google: Google, clock: VirtualClock, app: App, days: float, there: bool) -> None:
    google.switches = turned(google.switches, {"trash_days": days})
    name = app.create()["resourceName"]
    app.ok("DELETE", f"{name}:deleteContact")
    assert name in google.dump(EMAIL)["trash"]
    clock.advance(30 * DAY)
    assert (name in google.dump(EMAIL)["trash"]) is there
