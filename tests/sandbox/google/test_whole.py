"""What holds for the practice Google as a whole: the document, the switches, determinism, the judge, speed."""

from __future__ import annotations

import ast
import hashlib
import json
import os
import re
import subprocess
import sys
import time
from dataclasses import asdict, fields
from pathlib import Path
from random import Random
from typing import Any

import pytest
from jsonschema import ValidationError

import ringdesk.sandbox.google as package
from ringdesk.sandbox.google import (
    Google,
    Kind,
    Request,
    Response,
    Switches,
    UnknownSwitch,
    VirtualClock,
    at_random,
    turned,
)
from ringdesk.sandbox.google.document import document, document_path
from ringdesk.sandbox.google.endpoints import METHODS
from ringdesk.sandbox.google.fields import ITEM_SCHEMA, READABLE, WRITABLE
from tests.sandbox.google.app import CONTACT, MASK, App
from tests.sandbox.google.conftest import EMAIL, MakeGoogle
from tests.sandbox.google.judge import Judge, validators

HERE = Path(__file__).parent
PACKAGE = Path(package.__file__).parent


def test_every_method_of_the_document_is_served() -> None:
    assert set(METHODS) == set(document().methods)
    assert len(METHODS) == 24


def test_masks_are_those_of_the_document() -> None:
    raw = json.loads(document_path().read_text(encoding="utf-8"))
    people = raw["resources"]["people"]["methods"]

    def valid(description: str) -> list[str]:
        return re.findall(r"\* (\w+)", description.partition("Valid values are:")[2])

    assert valid(people["get"]["parameters"]["personFields"]["description"]) == list(READABLE)
    assert valid(people["updateContact"]["parameters"]["updatePersonFields"]["description"]) == list(WRITABLE)
    person = raw["schemas"]["Person"]["properties"]
    assert {field: person[field]["items"]["$ref"] for field in ITEM_SCHEMA} == ITEM_SCHEMA


def test_every_switch_is_turned_by_a_test() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in HERE.glob("test_*.py") if path.name != "test_whole.py")
    told = {each.name for each in fields(Switches)}
    assert {name for name in told if not re.search(rf"\b{name}\b", text)} == set()


def test_every_behaviour_has_a_test() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in HERE.glob("test_*.py"))
    assert {int(number) for number in re.findall(r"def test_s(\d+)_", text)} == set(range(1, 26))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("nope", 1),
        ("paging", "sideways"),
        ("quotas", 1),
        ("critical_reads", True),
        ("critical_reads", "60"),
        ("precondition_code", 404),
        ("propagation", [1]),
        ("propagation", ["a", "b"]),
        ("first_pages_per_minute", 1.5),
    ],
)
def test_wrong_switches_are_refused(name: str, value: object) -> None:
    with pytest.raises(UnknownSwitch, match=name):
        turned(Switches(), {name: value})


def test_switches_survive_json() -> None:
    switches = Switches(paging="offset", propagation=(1.0, 2.0), retry_after=None)
    assert turned(Switches(), json.loads(json.dumps(asdict(switches)))) == switches


def run(seed: int) -> str:
    """A long mixed run with faults; the digest of every answer."""
    google = Google(Switches(propagation=(0.0, 300.0), quotas=False), VirtualClock(), Random(seed))
    google.add_account(EMAIL, people=30)
    google.plan = at_random(Random(seed), dict.fromkeys(Kind, 0.02))
    app, seen = App(google, EMAIL), hashlib.sha256()
    dice = Random(seed)
    for number in range(120):
        person = {"names": [{"givenName": f"P{number}"}], "phoneNumbers": [{"value": "0770090012"}] * 3}
        target = dice.choice(("people/me/connections", "contactGroups", "people:createContact"))
        read = {"personFields": MASK, "pageSize": 10, "requestSyncToken": "true"}
        if target == "people:createContact":
            response = app.call("POST", target, person, personFields=MASK)
        else:
            response = app.call("GET", target, **(read if "people" in target else {}))
        seen.update(
            repr((response.status, response.body, dict(response.headers), response.delay, response.cut)).encode()
        )
        google.world.clock.advance(7.0)  # type: ignore[attr-defined]  # the stand-in's own part
    seen.update(json.dumps(google.dump(EMAIL)).encode())
    return seen.hexdigest()


def test_one_seed_is_one_run() -> None:
    assert run(3) == run(3)
    assert run(3) != run(4)


@pytest.mark.parametrize("salt", ["0", "1"])
def test_one_seed_is_one_run_in_another_process_too(salt: str) -> None:
    order = "from tests.sandbox.google.test_whole import run; print(run(3))"
    environment = {**os.environ, "PYTHONHASHSEED": salt, "PYTHONPATH": "."}
    done = subprocess.run(
        [sys.executable, "-c", order], capture_output=True, text=True, cwd=HERE.parents[2], env=environment, check=True
    )
    assert done.stdout.strip() == run(3)


def test_the_judge_catches_what_the_schema_does_not_know() -> None:
    judge, request = Judge(), Request.of("GET", "/v1/people/c1")
    judge("people.get", request, Response(200, b'{"resourceName":"people/c1"}'))
    for body in (b'{"shoeSize":44}', b'{"names":{}}', b'{"names":[]}', b'{"metadata":{"deleted":"yes"}}'):
        with pytest.raises(ValidationError):
            judge("people.get", request, Response(200, body))
    for body in (b'{"etag":""}', b'{"photos":[{"default":false}]}'):
        with pytest.raises(AssertionError):
            judge("people.get", request, Response(200, body))
    assert judge.judged == 1
    assert set(validators()[1]) == set(METHODS)


def test_the_judge_sees_every_answer(google: Google, app: App) -> None:
    app.create()
    app.refused(404, "GET", "people/c404", personFields="names")
    (judge,) = google.observers
    assert isinstance(judge, Judge)
    assert judge.judged == 2


def test_it_imports_nothing_but_the_standard_library_and_the_domain() -> None:
    """The standard library and itself: no Qt, no Google library, no other room."""
    for path in PACKAGE.glob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        names = [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
        names += [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
        for name in names:
            ours = name.startswith(("ringdesk.sandbox.google", "ringdesk.domain"))
            assert ours or name.partition(".")[0] in sys.stdlib_module_names, f"{path.name} imports {name}"


def test_a_request_with_a_huge_or_deep_body_is_refused(app: App) -> None:
    for body in (b"[" * 100_000, b'{"names":' * 5000, b"\xff\xfe", b"{", b'{"a":1e999}'):
        request = Request.of("POST", "/v1/people:createContact", {"authorization": f"Bearer {app.signed.access}"}, body)
        assert app.google.handle(request).status == 400


@pytest.mark.parametrize("path", ["/v1/people/c1:noSuchVerb", "/v1/nowhere", "/v2/people/me", "/batch"])
def test_an_unknown_path_is_not_found(google: Google, path: str) -> None:
    assert google.handle(Request.of("POST", path)).status == 404


def test_only_me_has_connections(app: App) -> None:
    app.refused(400, "GET", "people/c1/connections", personFields="names")
    app.refused(400, "GET", "people/me/connections", personFields="names", sources="NO_SUCH")
    app.refused(400, "GET", "people/me/connections", personFields="names", fields="connections")


@pytest.mark.bench
def test_25_000_contacts_in_pages_of_a_thousand(make_google: MakeGoogle) -> None:
    """The target is 60 ms a page on a quiet machine; a busy one gets four times as much before the test fails."""
    google = make_google(people=25_000)
    google.observers.clear()
    app = App(google, EMAIL)
    query: dict[str, Any] = {"personFields": f"{MASK},photos,addresses", "sources": CONTACT, "pageSize": 1000}
    times, count, token = [], 0, ""
    while True:
        request = app.request("GET", "people/me/connections", **query, **({"pageToken": token} if token else {}))
        begin = time.perf_counter()
        response = google.handle(request)
        times.append(time.perf_counter() - begin)
        page = response.json()
        count += len(page["connections"])
        token = page.get("nextPageToken", "")
        if not token:
            break
    times.sort()
    print(f"a page of 1000: median {times[12] * 1000:.0f} ms, slowest {times[-1] * 1000:.0f} ms")
    assert count == 25_000
    assert times[12] < 0.060 * 4
