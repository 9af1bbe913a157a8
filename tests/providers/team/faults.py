"""Directories broken on purpose, each by a line that somebody might forget or get wrong in the functions' SQL.

A fault is planted in the newest source of a function and taken out again; it fails loudly where its line is not there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from ringdesk.providers.team import schema
from ringdesk.providers.team.link import Connection

Change = tuple[str, str, str]
"""A function, what stands in it, what shall stand there."""


@dataclass(frozen=True)
class Fault:
    """Changes of functions and, for what only a table's own checks would still hold, constraints that are missing."""

    name: str
    changes: tuple[Change, ...]
    unchecked: str = ""


def fault(name: str, *changes: Change, unchecked: str = "") -> Fault:
    return Fault(name, changes, unchecked)


REVISION = "c.rev is distinct from (op ->> 'rev')::bigint"
ALL_DEPARTMENTS: Change = (
    "rd.departments",
    """all_of_them
               or exists (select from rd.membership m where m.department = d.id and m.login = session_user::text)""",
    "true",
)
NO_GUARD: Change = ("rd.guard_contact", "and not (mine or left_us)", "and false")
EVERY_OWNER: Change = (
    "rd.guard_contact",
    "(old.owner is null and new.owner = asker and not old.deleted)",
    "(new.owner = asker)",
)
SEEN: Change = (
    "rd.claim",
    "not (rd.sees(me, c) or coalesce(c.department in (select rd.departments()), false))",
    "false",
)
IN_PULL: Change = ("api.pull", "c.department = any (places)))", "c.department is not null))")
LATE_CURSOR: Change = ("rd.place", "pg_snapshot_xmin(shot)", "pg_snapshot_xmax(shot)")

FAULTS = (
    # Ticking, editing, claiming
    fault("share asks no owner", ("rd.share", "rd.sees(me, c) and c.owner is distinct from me.login", "false")),
    fault("share asks no revision", ("rd.share", REVISION, "false")),
    fault("view-only shares", ("rd.share", "if me.view_only", "if false")),
    fault("edit asks no revision", ("rd.edit", REVISION, "false")),
    fault("edit of the unseen", ("rd.edit", "not rd.sees(me, c)", "c.id is null")),
    fault("edit of the private", ("rd.edit", "elsif not c.shared", "elsif false")),
    fault("edit takes over", ("rd.edit", "rd.contact set", "rd.contact set owner = me.login,"), EVERY_OWNER),
    fault("edit keeps old numbers", ("rd.edit", "numbers = rd.numbers(op),", "")),
    fault("view-only edits", ("rd.edit", "me.view_only and c.owner <> me.login", "false")),
    fault("view-only claims", ("rd.claim", "elsif me.view_only", "elsif false")),
    fault("claim of the owned", ("rd.claim", "elsif c.owner is not null", "elsif false")),
    fault(
        "claim of the owned, guard asleep",
        ("rd.claim", "elsif c.owner is not null", "elsif false"),
        ("rd.claim", "and owner is null", ""),
        EVERY_OWNER,
        NO_GUARD,
    ),
    fault("private claim deletes", ("rd.claim", "set owner = me.login,", "set owner = me.login, deleted = not open,")),
    fault("claim of the unseen, all departments", SEEN, ALL_DEPARTMENTS),
    # Taking back
    fault("anybody withdraws", ("rd.withdraw", "c.owner is not null and c.owner <> me.login", "false")),
    fault(
        "anybody withdraws, guard asleep",
        ("rd.withdraw", "c.owner is not null and c.owner <> me.login", "false"),
        NO_GUARD,
    ),
    fault("view-only administrator deletes", ("rd.withdraw", "c.owner is null and me.view_only", "false")),
    fault("unshare does nothing", ("rd.withdraw", "not c.shared and not erase", "not erase")),
    fault("unshare keeps the card", ("rd.withdraw", "card = null, numbers = '{}',", "numbers = '{}',")),
    fault(
        "unshare keeps the card, unchecked",
        ("rd.withdraw", "card = null, numbers = '{}', edited_by = null, edited_at = null", "numbers = '{}'"),
        unchecked="%card %",
    ),
    fault("unshare deletes", ("rd.withdraw", "deleted = erase", "deleted = true")),
    fault("deleted is seen", ("rd.sees", "not c.deleted", "true")),
    fault("numbers stay", ("rd.follow_contact", "delete from rd.number where contact = new.id;", "")),
    fault("no tombstone", ("rd.follow_contact", "old.card is not null and new.card is null", "false")),
    fault("no tombstone of the private", ("rd.follow_contact", "new.deleted and not old.deleted", "false")),
    fault(
        "tombstone for the department only",
        ("rd.follow_contact", "case when old.owner is null then old.department end", "new.department"),
    ),
    fault("tombstone outlives", ("rd.follow_contact", "delete from rd.gone where id = new.id;", "")),
    fault("tombstones not listed", ("api.pull", "and not here.whole and g.probe", "and false and g.probe")),
    # Once, and not lost
    fault("done twice", ("rd.once", "if result is not null", "if false")),
    fault(
        "done twice, silently",
        ("rd.once", "if result is not null", "if false"),
        ("rd.once", "raise exception using errcode = '40001', message = 'the same operation is being carried out';",
         "null;"),
    ),
    fault("refusals are remembered", ("rd.once", "result ->> 'is' <> 'ok'", "result ->> 'is' = 'gone'")),
    fault("cursor without horizon", LATE_CURSOR),
    fault("cursor without tie-break", ("api.pull", "(c.chg, c.id) > (here.chg, here.id)", "c.chg > here.chg")),
    fault("page ends at its transaction", ("rd.page", "last_chg::text || ':' || last_id::text",
          "last_chg::text || ':ffffffff-ffff-ffff-ffff-ffffffffffff'")),
    fault("any view's cursor", ("rd.place", "part[2] = view", "true")),
    # Departments and rights
    fault("all departments", ALL_DEPARTMENTS),
    fault("all departments in pull", IN_PULL, ALL_DEPARTMENTS),
    fault("membership changes no view", ("rd.follow_membership", "view = view + 1", "view = view")),
    fault("administration changes no view", ("rd.guard_coworker", "new.view := old.view + 1;", "")),
    fault("administrator lists the private", ("api.pull", "c.owner = me.login or", "c.owner is not null or")),
    fault("fetch shows the unseen", ("api.fetch", "rd.sees(me, c)", "c.id is not null")),
    fault("leaver stays in", ("api.offboard", "enabled = false, ", "")),
    fault("leaver keeps the private", ("api.offboard", "and not c.shared and not c.deleted", "and false")),
    fault("leaver keeps the shared", ("api.offboard", "c.shared;\n        get", "false;\n        get")),
    fault("audit forgets", ("rd.note_deed", "insert into", "return; insert into")),
    # Rings and calls
    fault("anybody rings", ("rd.department_named", " and d.id in (select rd.departments())", "")),
    fault("ring knows no shared", ("api.department_call", "known.shared", "false")),
    fault("ring shows the private", ("rd.caller", "not rd.sees(me, c)", "false")),
    fault("number never comes again", ("rd.guard_contact", "new.number_key := null;", "")),
    fault("calls of the private", ("rd.log_call", "and c.shared for update", "for update")),
    fault("view-only tells calls", ("rd.log_call", "elsif me.view_only", "elsif false")),
    fault("owner withdraws others' calls", ("rd.withdraw_call", "and who = me.login", "")),
    fault("calls outlive the share", ("rd.follow_contact", "delete from rd.call where contact = new.id;", "")),
    fault("calls without tombstone", ("rd.follow_call", "tg_op = 'DELETE'", "tg_op = 'UPDATE'")),
)  # several to a line  # fmt: skip

SLOW = frozenset(
    (
        "administration changes no view",
        "any view's cursor",
        "cursor without horizon",
        "leaver keeps the shared",
        "membership changes no view",
        "number never comes again",
        "owner withdraws others' calls",
        "page ends at its transaction",
        "ring knows no shared",
        "tombstone for the department only",
        "tombstone outlives",
    )
)
"""Faults that show after dozens of histories only."""

BELTED = (
    fault("department dropped in pull", IN_PULL),
    fault("claim of the unseen", SEEN),
    fault("call overwritten", ("rd.log_call", "where id = call_id and who = me.login", "where id = call_id")),
    fault("answers of all departments", ("api.calls_pull", "a.department = any (places)", "true")),
    fault("operations of others", ("rd.done", "o.who = me.login and o.id = op_id", "o.id = op_id")),
)
"""What the functions forget and row security still holds: nothing is to be seen of these."""

LOCKS: tuple[Change, ...] = (
    ("rd.carry_out", "where id = rd.as_uuid(op ->> 'contact') for update", "where id = rd.as_uuid(op ->> 'contact')"),
    ("rd.each_once", "order by id for update", "order by id"),
)
NO_LOCK = fault("no lock", *LOCKS)
NO_LOCK_AT_ALL = fault("no lock and no second look", *LOCKS, ("rd.claim", "and owner is null", ""), EVERY_OWNER)


@contextmanager
def planted(connection: Connection, fault: Fault) -> Iterator[None]:
    """The directory with a fault, by the superuser; sound again afterwards."""
    broken: dict[str, str] = {}
    for name, old, new in fault.changes:
        text = broken.get(name) or source(name)
        assert old in text, f"{fault.name}: {old!r} does not stand in {name}"
        broken[name] = text.replace(old, new)
    checks = constraints(connection, fault.unchecked) if fault.unchecked else {}
    _change(connection, [*broken.values(), *(f"alter table rd.contact drop constraint {name}" for name in checks)])
    try:
        yield
    finally:
        again = [f"alter table rd.contact add constraint {name} {text} not valid" for name, text in checks.items()]
        _change(connection, [*(source(name) for name in broken), *again])


def _change(connection: Connection, statements: list[str]) -> None:
    with connection.transaction():
        connection.execute("set local role rd_owner")
        for statement in statements:
            connection.execute(statement.encode())


def constraints(connection: Connection, like: str) -> dict[str, str]:
    """Checks of rd.contact whose text is like this."""
    query = """select conname::text, pg_get_constraintdef(oid) from pg_constraint
        where conrelid = 'rd.contact'::regclass and contype = 'c' and pg_get_constraintdef(oid) like %s"""
    found: dict[str, str] = dict(connection.execute(query, (like,)).fetchall())
    assert found, f"no check like {like!r}"
    return found


def source(name: str) -> str:
    """The newest source of a function in the schema's files."""
    texts = [found for step in schema.steps() for found in _functions(step.text, name)]
    assert texts, f"no function {name}"
    return re.sub("^create (or replace )?function", "create or replace function", texts[-1])


def _functions(text: str, name: str) -> list[str]:
    starts = re.finditer(rf"^create (?:or replace )?function {re.escape(name)}\(", text, re.M)
    return [_cut(text[start.start() :]) for start in starts]


def _cut(text: str) -> str:
    """A function from its `create` to its end, whichever of the three forms its body has."""
    head = text.split("\n\n", 1)[0]
    if " as $$" in head:
        return text[: text.index("\n$$;") + 4]
    if "begin atomic" in head:
        return text[: text.index("\nend;") + 5]
    return text[: text.index(";\n") + 1]
