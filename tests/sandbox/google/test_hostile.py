"""Requests from a broken program: never an exception, never a 5xx, never a half-made change."""

from __future__ import annotations

import copy
import json
from random import Random
from typing import Any

import pytest

from ringdesk.sandbox.google import Google, Request
from tests.sandbox.google.app import MASK, App, Json
from tests.sandbox.google.conftest import EMAIL

ODD: tuple[Any, ...] = (
    None,
    "",
    "\ud800",
    "\0",
    0,
    -1,
    2**40,
    1.5,
    True,
    [],
    {},
    [None],
    [[]],
    [{}],
    {"x": 1},
    "x" * 5000,
)


def places(value: object, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place inside a JSON value."""
    inner = (
        list(value.items()) if isinstance(value, dict) else list(enumerate(value)) if isinstance(value, list) else []
    )
    return [path, *(place for key, part in inner for place in places(part, (*path, key)))]


def spoiled(body: Json, rng: Random) -> object:
    """The body with one or two odd values somewhere inside."""
    made: Any = copy.deepcopy(body)
    for _ in range(rng.choice((1, 1, 2))):
        place = rng.choice(places(made))
        if not place:
            continue
        parent = made
        for key in place[:-1]:
            parent = parent[key]
        parent[place[-1]] = copy.deepcopy(rng.choice(ODD))
    return made


def orders(app: App) -> list[tuple[str, str, Json]]:
    person = app.create("Ada", phoneNumbers=[{"value": "+447700900121", "type": "home"}])
    name = person["resourceName"]
    group = app.ok("POST", "contactGroups", {"contactGroup": {"name": f"G{len(app.google.log.entries)}"}})[
        "resourceName"
    ]
    fresh: Json = {
        "names": [{"givenName": "B"}],
        "birthdays": [{"date": {"year": 1990, "month": 2, "day": 3}}],
        "memberships": [{"contactGroupMembership": {"contactGroupResourceName": group}}],
        "organizations": [{"name": "Firm", "current": True, "startDate": {"year": 2001}}],
    }
    changed = {"etag": person["etag"], "metadata": {"sources": person["metadata"]["sources"]}, **fresh}
    one = {"contacts": [{"contactPerson": fresh}], "readMask": MASK, "sources": ["READ_SOURCE_TYPE_CONTACT"]}
    many = {"contacts": {name: changed}, "updateMask": "names,birthdays", "readMask": "names"}
    return [
        ("POST", "people:createContact", fresh),
        ("PATCH", f"{name}:updateContact?updatePersonFields=names,birthdays,memberships", changed),
        ("POST", "people:batchCreateContacts", one),
        ("POST", "people:batchUpdateContacts", many),
        ("POST", "people:batchDeleteContacts", {"resourceNames": [name]}),
        ("POST", f"{group}/members:modify", {"resourceNamesToAdd": [name], "resourceNamesToRemove": [name]}),
        ("PUT", group, {"contactGroup": {"name": "New", "etag": "x"}, "updateGroupFields": "name,clientData"}),
        ("POST", "contactGroups", {"contactGroup": {"name": "N", "clientData": [{"key": "k", "value": "v"}]}}),
        ("PATCH", f"{name}:updateContactPhoto", {"photoBytes": "AAAA", "personFields": "photos"}),
    ]


@pytest.mark.parametrize("seed", range(12))
def test_spoiled_bodies_are_refused_or_read_but_never_break_anything(google: Google, app: App, seed: int) -> None:
    rng = Random(seed)
    codes = set()
    for _ in range(4):
        for verb, path, body in orders(app):
            target = f"/v1/{path}"
            request = Request.api(verb, target, app.signed.access)
            data = json_bytes(spoiled(body, rng))
            before = google.dump(EMAIL)
            response = google.handle(Request(verb, request.path, request.query, request.headers, data))
            codes.add(response.status)
            assert response.status in {200, 400, 404, 409}, response.body
            if response.status != 200:
                assert google.dump(EMAIL) == before
    assert {200, 400} <= codes


def json_bytes(value: object) -> bytes:
    return json.dumps(value).encode()


@pytest.mark.parametrize("seed", range(4))
def test_spoiled_queries_are_refused_or_read(app: App, seed: int) -> None:
    rng = Random(seed)
    app.create()
    token = app.full()
    good = {"personFields": MASK, "pageSize": "5", "sources": "READ_SOURCE_TYPE_CONTACT", "syncToken": token}
    odd = ("", "\0", "é", "-1", "2147483648", "true", "null", "names", token[:-4], token[::-1], "A" * 3000)
    for _ in range(60):
        query = {**good, rng.choice([*good, "pageToken", "requestSyncToken", "sortOrder", "alt"]): rng.choice(odd)}
        assert app.call("GET", "people/me/connections", **query).status in {200, 400}
