"""What a coworker with raw SQL may read besides what is answered: plans, settings, cursors, what others are doing."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest

from ringdesk.providers.team import selfattack
from ringdesk.providers.team.attacks import Prey
from ringdesk.providers.team.link import Connection
from tests.postgres import Team, rows

pytestmark = pytest.mark.postgres


def push(raw: Connection, **op: object) -> Any:
    """One operation as raw SQL; its answer."""
    [(answer,)] = rows(raw, "select api.push(%s::jsonb) -> 0", json.dumps([{"op": str(uuid.uuid4()), **op}]))
    return answer


def test_what_others_are_doing_is_not_shown(field: tuple[Team, Connection, Prey]) -> None:
    team, bob, _ = field
    team.connect("alice").execute("select 'a word of hers'")
    seen = rows(bob, "select query, client_addr, xact_start, state from pg_stat_activity where usename <> 'bob'")
    assert seen
    assert {row for row in seen if row[1:] != (None, None, None) or "insufficient" not in row[0]} == set()
    for view in ("pg_stats", "pg_stats_ext"):
        assert rows(bob, f"select count(*) from {view} where schemaname = 'rd'") == [(0,)]
    assert rows(bob, "select count(*) from pg_sequences where last_value is not null") == [(0,)]


def test_plans_that_are_printed_tell_nothing(team: Team) -> None:
    """Whoever runs our functions may have their plans printed, with the values in them."""
    team.department(selfattack.CLOSED, "alice")
    team.department(selfattack.OPEN, "alice", "bob")
    prey = selfattack.prepare(team.connect("alice"), "alice", "bob")
    said: list[str] = []
    bob = team.connect("bob")
    bob.add_notice_handler(lambda told: said.append(f"{told.message_primary} {told.message_detail}"))
    for setting in ("client_min_messages = log", "debug_print_plan = on", "debug_print_rewritten = on"):
        bob.execute(f"set {setting}".encode())
    for query in ("select api.pull()", "select api.calls_pull()", "select api.hello()"):
        bob.execute(query.encode())
    for number in ("4930777", "4930777", prey.secret):
        bob.execute("select api.department_call('Sales', %s)", (number,))
    for kind in ("claim", "edit", "delete", "share"):
        for contact in (prey.closed, prey.private):
            push(bob, kind=kind, contact=contact, rev=1, card={})
    bob.execute("select api.fetch(%s::jsonb)", (json.dumps([prey.closed, prey.private]),))
    text = "\n".join(said)
    assert "PLANNEDSTMT" in text
    [(secret,)] = rows(team.setup, "select number_secret from rd.settings")
    [(key,)] = rows(team.setup, f"select number_key from rd.contact where id = '{prey.closed}'")
    for value in (secret, key):
        assert " ".join(str(byte - 256 if byte > 127 else byte) for byte in value) not in text


def test_a_forged_cursor_shows_no_more_than_an_honest_one(field: tuple[Team, Connection, Prey]) -> None:
    _, bob, prey = field
    [(honest, cursor)] = rows(bob, "select (p.j -> 'items')::text, p.j ->> 'cursor' from (select api.pull() as j) p")
    store, view, _ = cursor.split(":")
    nil, ones, last = "0" * 36, "f" * 36, "9" * 18
    forged = [f"{store}:{v}:{rest}" for v in (view, str(int(view) - 1), last) for rest in (
        "0", "1", last, f"0:{last}:0:{nil}", f"1:1:1:{ones}", f"1:{last}:1:{uuid.uuid4()}", f"0:0:0:{'-' * 36}",
    )]  # several to a line  # fmt: skip
    seen = {item["contact"] for item in json.loads(honest) if item["is"] == "contact"}
    for one in [*forged, "", ":", "x" * 100_000, f"{store}:{view}:-1", f"{store}:{view}:1e5", f"{'0' * 16}:{view}:0"]:
        for function in ("pull", "calls_pull"):
            [(page,)] = rows(bob, f"select api.{function}(%s, 2147483647)", one)
            shown = {item["contact"] for item in page["items"] if item["is"] == "contact"}
            assert shown <= seen, one
            assert prey.closed not in json.dumps(page), one


def test_settings_of_a_session_change_no_answer(field: tuple[Team, Connection, Prey]) -> None:
    team, bob, _ = field
    query = "select jsonb_build_array(api.hello() -> 'coworkers', api.pull() -> 'items')"
    honest = rows(bob, query)
    odd = team.connect("bob")
    for setting in (
        "timezone = 'Asia/Tokyo'", "datestyle = 'sql'", "intervalstyle = 'sql_standard'", "bytea_output = 'escape'",
        "extra_float_digits = -15", "standard_conforming_strings = off", "transform_null_equals = on",
        "array_nulls = off", "enable_indexscan = off", "enable_sort = off", "plan_cache_mode = force_generic_plan",
        "search_path = pg_temp, public", "check_function_bodies = off", "jit_above_cost = 0",
        "xmloption = document", "default_transaction_read_only = on", "row_security = on",
    ):  # several to a line  # fmt: skip
        odd.execute(f"set {setting}".encode())
    assert rows(odd, query) == honest
