"""How a directory is made empty again between two histories."""

from __future__ import annotations

from tests.postgres import Team

TABLES = ("answered", "audit", "call", "call_gone", "number", "op", "gone", "contact", "membership")

WIPE = "; ".join(
    (
        "set session_replication_role = replica",
        *(f"delete from rd.{table}" for table in TABLES),
        "update rd.coworker set enabled = true, view_only = false, administrator = (login = 'dave'), view = view + 1",
        """insert into rd.membership select login, d.id from rd.department d, unnest(
            case d.name when 'Sales' then array['alice', 'bob'] else array['bob', 'carol'] end) as login""",
        "set session_replication_role = origin",
    )
)


def wipe(team: Team) -> None:
    """The directory as it was: by the superuser, past triggers and row security."""
    team.setup.execute(WIPE.encode())


def trim(team: Team) -> None:
    """Thousands of histories leave dead rows behind."""
    for table in (*TABLES, "coworker"):
        team.setup.execute(f"vacuum full rd.{table}".encode())
