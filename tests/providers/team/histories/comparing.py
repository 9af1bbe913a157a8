"""What is compared: answers, what a desk shows, and what the directory's tables hold inside."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from ringdesk.domain.contact import Coworker, Me
from ringdesk.providers.team.rows import SharedContact
from ringdesk.providers.team.trouble import TeamError, TeamTrouble
from ringdesk.providers.team.wire import Refused
from tests.postgres import Team, rows
from tests.providers.team.histories.rules import Row


def shut_out(do: Callable[[], object]) -> None:
    """A leaver gets nowhere."""
    trouble: TeamTrouble | None = None
    try:
        do()
    except TeamError as error:
        trouble = error.trouble
    assert trouble is TeamTrouble.OUT, "a leaver was let in"


def word(result: object) -> str:
    """An answer as the rules say it."""
    return f"refused {result.why}" if isinstance(result, Refused) else type(result).__name__.lower()


def shown(login: str, contact: SharedContact) -> tuple[str | None, bool, str]:
    owner, card = contact.owner, contact.card
    by = login if isinstance(owner, Me) else owner.login if isinstance(owner, Coworker) else None
    return by, contact.shared, (card.name.given or card.phones[0].value) if card else ""


@dataclass
class Inside:
    """What the directory holds, read past every rule."""

    contacts: dict[str, Row]
    numbers: set[tuple[str, str]]
    gone: dict[str, str | None]
    calls: dict[str, tuple[str, str]]
    calls_gone: set[str]
    deeds: Counter[tuple[str, str, str | None]]

    @classmethod
    def of(cls, team: Team) -> Inside:
        found = {kind: [tuple(row) for row in held] for kind, held in rows(team.setup, INSIDE)}
        return cls(
            {id: tuple(row) for id, *row in found["contact"]},
            {(number, id) for number, id in found["number"]},
            dict(found["gone"]),
            {id: (who, contact) for id, who, contact in found["call"]},
            {id for (id,) in found["call_gone"]},
            Counter({(who, deed, contact): n for who, deed, contact, n in found["audit"]}),
        )


INSIDE = """
select 'contact', coalesce(jsonb_agg(jsonb_build_array(c.id, c.owner, d.name, c.shared, c.deleted,
    coalesce(c.card #>> '{name,given}', c.card #>> '{phones,0,value}', ''), c.rev)), '[]')
    from rd.contact c left join rd.department d on d.id = c.department
union all select 'number', coalesce(jsonb_agg(jsonb_build_array(e164, contact)), '[]') from rd.number
union all select 'gone', coalesce(jsonb_agg(jsonb_build_array(g.id, d.name)), '[]')
    from rd.gone g left join rd.department d on d.id = g.department
union all select 'call', coalesce(jsonb_agg(jsonb_build_array(id, who, contact)), '[]') from rd.call
union all select 'call_gone', coalesce(jsonb_agg(jsonb_build_array(id)), '[]') from rd.call_gone
union all select 'audit', coalesce(jsonb_agg(jsonb_build_array(who, deed, contact, n)), '[]')
    from (select who, deed, contact, count(*) as n from rd.audit group by 1, 2, 3) as deeds"""
