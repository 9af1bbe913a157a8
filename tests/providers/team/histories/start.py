"""How a history begins: the directory emptied, or as one that began before, whose beginning is kept beside the tables.

A beginning takes a quarter of what a history costs, and is always the same but for its ids. So it is played once for
fifty histories; the others take its rows, the desks' copies and the model as they were.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ringdesk.providers.team.rows import SharedContact
from ringdesk.providers.team.wire import Op
from tests.postgres import Team
from tests.providers.team.histories.rules import Rules

Sent = dict[str, dict[str, tuple[Op, str, object]]]
"""What every login has sent: operation id to the operation, the name on its card, the answer."""

TABLES = ("answered", "audit", "call", "call_gone", "number", "op", "gone", "contact", "membership")

EMPTIED = "; ".join(f"delete from rd.{table}" for table in TABLES)

WIPE = f"""
set session_replication_role = replica; {EMPTIED};
update rd.coworker set enabled = true, view_only = false, administrator = (login = 'dave'), view = view + 1;
insert into rd.membership select login, d.id from rd.department d, unnest(
    case d.name when 'Sales' then array['alice', 'bob'] else array['bob', 'carol'] end) as login;
set session_replication_role = origin"""

PLACE = f"""
create schema start;
{"; ".join(f"create table start.{table} (like rd.{table})" for table in (*TABLES, "coworker"))};
create function start.keep() returns void language plpgsql as $$
begin
    {"; ".join(f"delete from start.{table}; insert into start.{table} table rd.{table}" for table in TABLES)};
    delete from start.coworker;
    insert into start.coworker table rd.coworker;
end $$;
create function start.again() returns void language plpgsql set session_replication_role = replica as $$
begin
    {EMPTIED};
    {"; ".join(f"insert into rd.{table} overriding system value table start.{table}" for table in TABLES)};
    update rd.coworker c
    set enabled = k.enabled, view_only = k.view_only, administrator = k.administrator, view = k.view
    from start.coworker k
    where k.login = c.login
      and (c.enabled, c.view_only, c.administrator, c.view) <> (k.enabled, k.view_only, k.administrator, k.view);
end $$"""


@dataclass(frozen=True)
class Start:
    """What the model and the desks hold once a history has begun."""

    model: Rules
    ids: tuple[str, ...]
    call_ids: tuple[str, ...]
    sent: Sent
    desks: Mapping[str, tuple[Mapping[str, SharedContact], str | None]]


def make_place(team: Team) -> None:
    """Where the rows of a beginning are kept: nothing of it is a coworker's."""
    team.setup.execute(PLACE.encode())


def wipe(team: Team) -> None:
    """The directory as it was: by the superuser, past triggers and row security."""
    team.setup.execute(WIPE.encode())


def keep(team: Team) -> None:
    """Remember the directory's rows."""
    team.setup.execute("select start.keep()")


def again(team: Team) -> None:
    """The directory with the rows that were kept, to the transaction that wrote them."""
    team.setup.execute("select start.again()")


def trim(team: Team) -> None:
    """Thousands of histories leave dead rows behind."""
    for table in (*TABLES, "coworker"):
        team.setup.execute(f"vacuum full rd.{table}".encode())
