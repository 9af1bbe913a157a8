"""Attacks a team directory as one of its coworkers, with raw SQL, and says what got through.

Two temporary coworkers ("probes") play victim and attacker. They live in a world of their own inside the directory:
what they share is in nobody's list, and nothing the attack could break is anybody's. Fails closed: where the attack
cannot be carried out, `attack` raises instead of finding nothing.
"""

from __future__ import annotations

import json
import secrets
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields
from typing import Any, Final

import psycopg
from psycopg import sql

from ringdesk.providers.team import admin
from ringdesk.providers.team.attacks import ASKED, FORBIDDEN, REFUSAL, Asked, Forbidden, Prey
from ringdesk.providers.team.link import Connection, translated
from ringdesk.providers.team.trouble import TeamError, TeamTrouble

CLOSED: Final = "Self-attack closed"
OPEN: Final = "Self-attack open"
STALE: Final = "write from an old snapshot"

Connect = Callable[[str, str], Connection]
"""Connects as a login with a password, the way a coworker's desktop does."""


@dataclass(frozen=True, slots=True)
class Broken:
    """An attack that got through, or that failed for another reason than a refusal."""

    what: str
    seen: str


def attack(setup: Connection, connect: Connect) -> list[Broken]:
    """Try everything; an empty list means that all of it was refused. Raises TeamError where it cannot be tried."""
    with (
        _probes(setup) as (victim, attacker),
        translated(),
        connect(*victim) as prey_side,
        connect(*attacker) as raw,
    ):
        prey = prepare(prey_side, victim[0], attacker[0])
        before = _state(prey_side)
        broken = [*_forbidden(raw, prey), *_asked(raw, prey), *_leaks(raw, prey), *_stale(setup, raw, prey)]
        if _state(prey_side) != before:
            broken.append(Broken("the victim's contacts", "are not what they were"))
    return broken


@contextmanager
def _probes(setup: Connection) -> Iterator[tuple[tuple[str, str], tuple[str, str]]]:
    """Two temporary coworkers, gone afterwards whatever happens; those of a run that was killed go too."""
    _sweep(setup)
    mark = secrets.token_hex(3)
    victim = admin.NewCoworker(f"rd_probe_v{mark}", "Self-attack victim", departments=(CLOSED, OPEN))
    attacker = admin.NewCoworker(f"rd_probe_a{mark}", "Self-attack attacker", departments=(OPEN,))
    try:
        made = [admin.invite(setup, who, probe=True) for who in (victim, attacker)]
        yield (made[0].login, made[0].password), (made[1].login, made[1].password)
    finally:
        _sweep(setup)


def _sweep(setup: Connection) -> None:
    with translated(), setup.transaction():
        logins = [row[0] for row in setup.execute("select login from rd.coworker where probe").fetchall()]
        setup.execute("select api.sweep_probes()")
        for login in logins:
            setup.execute(sql.SQL("drop role if exists {}").format(sql.Identifier(login)))


def _one(connection: Connection, query: str, *values: object) -> Any:
    row = connection.execute(query.encode(), values).fetchone()
    return row[0] if row else None


def _push(connection: Connection, op: Mapping[str, object]) -> Any:
    return _one(connection, "select api.push(%s::jsonb) -> 0", json.dumps({"op": str(uuid.uuid4()), **op}).join("[]"))


def prepare(victim: Connection, victim_login: str, attacker_login: str) -> Prey:
    """Give the attacker something to attack; the victim must be in both departments. Raises TeamError."""
    shared, private, op = (str(uuid.uuid4()) for _ in range(3))
    secret = f"888{secrets.randbelow(10**9):09d}"
    card = {"name": {"given": "Self-attack"}}
    done = [
        _push(victim, {"kind": "share", "contact": shared, "rev": 0, "card": card, "op": op}),
        _push(victim, {"kind": "share", "contact": private, "rev": 0, "card": card}),
        _push(victim, {"kind": "unshare", "contact": private}),
    ]
    calls = [
        _one(victim, "select api.department_call(%s, %s)", department, number)
        for department, number in ((CLOSED, secret), (OPEN, "4930123456"))
    ]
    if [one["is"] for one in (*done, *calls)] != ["ok", "ok", "ok", "made", "made"]:
        raise TeamError(TeamTrouble.SERVER, f"the self-attack found no prey: {[*done, *calls]}")
    closed, open_ = (call["now"]["contact"] for call in calls)
    return Prey(victim_login, attacker_login, shared, private, closed, open_, op, secret)


def _state(victim: Connection) -> Any:
    """What the victim sees, without the cursor."""
    return _one(victim, "select jsonb_build_array(api.pull() -> 'items', api.hello() -> 'departments')")


def _filled(text: str, prey: Prey) -> str:
    for field in fields(prey):
        text = text.replace("{{" + field.name + "}}", getattr(prey, field.name))
    return text


def _forbidden(raw: Connection, prey: Prey) -> Iterator[Broken]:
    for one in FORBIDDEN:
        if (seen := refusal(raw, one, prey)) is not None:
            yield Broken(one.what, seen)


def refusal(raw: Connection, one: Forbidden, prey: Prey) -> str | None:
    """None where the statements are refused as they must be, else what happened; undone, should it have worked."""
    raw.execute("begin")
    try:
        for statement in one.statements:
            raw.execute(_filled(statement, prey).encode())
    except psycopg.Error as error:
        return None if error.sqlstate == REFUSAL else f"{error.sqlstate}: {error}"
    finally:
        raw.execute("rollback")
    return "was carried out"


def _asked(raw: Connection, prey: Prey) -> Iterator[Broken]:
    for one in ASKED:
        if (seen := answer(raw, one, prey)) is not None:
            yield Broken(one.what, seen)


def answer(raw: Connection, one: Asked, prey: Prey) -> str | None:
    """None where an operation is answered as it must be, else the answer."""
    given = _push(raw, json.loads(_filled(one.op, prey)))
    return None if given["is"] in one.answers else str(given)


def _leaks(raw: Connection, prey: Prey) -> Iterator[Broken]:
    """What the attacker may read, searched for what they must not see."""
    for query in ("select api.pull()", "select api.calls_pull()", "select api.hello()"):
        text = json.dumps(_one(raw, query))
        if prey.secret in text or prey.private in text or prey.closed in text:
            yield Broken(query, "tells what is not the attacker's")
    asked = _one(raw, "select api.department_call(%s, %s)", CLOSED, prey.secret)
    if asked != {"is": "refused", "why": "department", "by": None, "at": None}:
        yield Broken("ask another department for a caller", str(asked))


def _stale(setup: Connection, raw: Connection, prey: Prey) -> Iterator[Broken]:
    """A transaction that began before its coworker was shut out must not write from its old snapshot."""
    raw.execute("begin isolation level repeatable read")
    raw.execute("select api.hello()")
    setup.execute("select api.offboard(%s, null)", (prey.attacker,))
    for query, wanted in (
        ("select api.push('[]')", "25001"),
        ("rollback", None),
        ("select api.push('[]')", REFUSAL),
        ("select api.pull()", REFUSAL),
    ):
        state = None
        try:
            raw.execute(query.encode())
        except psycopg.Error as error:
            state = error.sqlstate
        if state != wanted:
            yield Broken(STALE, f"{query}: {state or 'was carried out'}")
