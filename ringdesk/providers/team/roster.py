"""Who is in the team, as values: coworkers with their extensions and rights, departments. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ringdesk.domain.team import Person, Roster, TeamDepartment


@dataclass(frozen=True, slots=True)
class Staff:
    """The team as those who look after it see it: every department's members, and until when an invitation is open.

    `invited` has the coworkers who have not joined yet, with the end of their invitation in seconds since 1970.
    """

    coworkers: tuple[Person, ...]
    departments: Mapping[str, tuple[str, ...]]
    invited: Mapping[str, float]

    def named(self, said: str) -> Person | None:
        """The coworker somebody means by a login or a name; None where nobody or more than one is called so."""
        wanted = said.strip().casefold()
        by_login = [person for person in self.coworkers if person.login == wanted]
        found = by_login or [person for person in self.coworkers if person.name.casefold() == wanted]
        return found[0] if len(found) == 1 else None


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One line of the audit: ids and logins, nothing of a contact's content."""

    n: int
    at: float
    who: str
    deed: str
    contact: str
    detail: Mapping[str, Any]


def read_roster(answer: Mapping[str, Any]) -> Roster:
    """The answer of api.hello. Raises one of `rows.BROKEN` where it is none."""
    return Roster(
        schema=int(answer["schema"]),
        store=str(answer["store"]),
        ring_salt=str(answer["ring_salt"]),
        me=_person(answer["me"]),
        departments=tuple(TeamDepartment(str(d["name"]), bool(d["mine"])) for d in answer["departments"]),
        coworkers=tuple(_person(c) for c in answer["coworkers"]),
    )


def _person(row: Mapping[str, Any]) -> Person:
    return Person(
        login=str(row["login"]),
        name=str(row["name"]),
        extensions=tuple(str(digits) for digits in row["extensions"]),
        administrator=bool(row["administrator"]),
        view_only=bool(row["view_only"]),
        google=bool(row["google"]),
        enabled=bool(row["enabled"]),
    )


def read_staff(answer: Mapping[str, Any]) -> Staff:
    """The answer of api.team. Raises one of `rows.BROKEN` where it is none."""
    rows = answer["coworkers"]
    return Staff(
        coworkers=tuple(_person(row) for row in rows),
        departments={str(d["name"]): tuple(str(login) for login in d["members"]) for d in answer["departments"]},
        invited={str(r["login"]): float(r["invited_until"]) for r in rows if r["invited_until"] is not None},
    )


def read_audit(answer: list[Mapping[str, Any]]) -> tuple[AuditRow, ...]:
    """The answer of api.audit. Raises one of `rows.BROKEN` where it is none."""
    return tuple(
        AuditRow(int(r["n"]), float(r["at"]), str(r["who"]), str(r["deed"]), str(r["contact"] or ""), dict(r["detail"]))
        for r in answer
    )
