"""The stage of a history: what was said and seen on it, and every answer compared with the rules'."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import ClassVar

from hypothesis.stateful import RuleBasedStateMachine, rule

from ringdesk.providers.team.calls import CallOp
from ringdesk.providers.team.directory import Directory
from ringdesk.providers.team.link import Connection
from ringdesk.providers.team.rows import SharedContact, Unreadable
from ringdesk.providers.team.wire import Claim, Conflict, Delete, Edit, Ok, Op, Refused, Share, Unshare
from tests.postgres import Team
from tests.providers.team.aid import CallDesk, Desk, new_id
from tests.providers.team.histories.comparing import Inside, shown, shut_out, word
from tests.providers.team.histories.draws import LOGINS, rarely, who
from tests.providers.team.histories.rules import Rules
from tests.providers.team.histories.start import Sent, Start, again, keep, trim, wipe

FRESH = 50
"""Histories that begin with the same ids."""


@dataclass
class Field:
    """What a run's histories are played on: a team, connections of its desks, and the newest beginning."""

    team: Team
    seats: Mapping[str, Directory]
    slow: Mapping[str, Connection]
    played: int = 0
    ended: int = 0
    start: Start | None = None


class Stage(RuleBasedStateMachine):
    """Every user has two desks and an outbox; an outbox is sent as a whole, now or later, once or twice."""

    field: ClassVar[Field]

    def __init__(self) -> None:
        super().__init__()
        self.field.played += 1
        self.model = Rules({"dave"}, {"Sales": {"alice", "bob"}, "Support": {"bob", "carol"}})
        self.desks = {login: Desk(seat, page=3) for login, seat in self.field.seats.items()}
        self.second = {login: Desk(seat) for login, seat in self.field.seats.items()}
        self.heard = {login: CallDesk(seat) for login, seat in self.field.seats.items()}
        self.call_ids: list[str] = []
        self.outbox: dict[str, list[tuple[Op, str]]] = {login: [] for login in LOGINS}
        self.sent: Sent = {login: {} for login in LOGINS}
        self.ids: list[str] = []
        self.held: tuple[str, str, str] | None = None
        if self.field.played % FRESH == 0:
            self.field.start = None
            trim(self.field.team)
        if self.field.start is None:
            wipe(self.field.team)
        else:
            again(self.field.team)
            self.take(self.field.start)

    def keep(self) -> None:
        """For the histories that follow."""
        keep(self.field.team)
        desks = {login: (dict(desk.contacts), desk.cursor) for login, desk in self.desks.items()}
        sent = {login: dict(done) for login, done in self.sent.items()}
        self.field.start = Start(deepcopy(self.model), tuple(self.ids), tuple(self.call_ids), sent, desks)

    def take(self, start: Start) -> None:
        """As it was when `keep` was called: no desk had anything waiting, and only the first ones had pulled."""
        self.model = deepcopy(start.model)
        self.ids, self.call_ids = [*start.ids], [*start.call_ids]
        self.sent = {login: dict(done) for login, done in start.sent.items()}
        for login, (contacts, cursor) in start.desks.items():
            self.desks[login].contacts, self.desks[login].cursor = dict(contacts), cursor

    def any_id(self, n: int) -> str:
        return self.ids[n % len(self.ids)] if self.ids else new_id()

    def actor(self, who: str, id: str) -> str:
        """Half of what is done is done by whom the contact belongs to: others get nowhere."""
        thing = self.model.things.get(id)
        return who if who != "owner" else (thing and thing.owner) or "dave"

    def read_rev(self, login: str, id: str) -> int:
        """What the desk saw last, stale as it may be."""
        contact = self.desks[login].contacts.get(id)
        return contact.rev if contact else 0

    def put(self, who: str, op: Op, text: str, online: bool) -> None:
        """Into the outbox, which goes out at once where the desk is online."""
        self.outbox[who].append((op, text))
        if online:
            self.send(who, twice=False)

    def tell(self, who: str, op: CallOp, expected: Callable[[], str]) -> None:
        """Tell of calls, twice: the second is only answered."""
        if who in self.model.left:
            return
        first, second = self.desks[who].directory.push_calls([op, op])
        assert word(first) == expected(), (who, op, first)
        if isinstance(first, Ok):
            assert second == Ok(first.rev, again=True)
        self.check_inside()

    @rule(who=who, twice=rarely)
    def send(self, who: str, twice: bool) -> None:
        """The outbox goes out. Answers are those the rules give, in order."""
        waiting, self.outbox[who] = self.outbox[who], []
        if waiting:
            self.push(who, waiting * (2 if twice else 1))

    def push(self, who: str, ops: Sequence[tuple[Op, str]]) -> None:
        if who in self.model.left:
            shut_out(lambda: self.desks[who].directory.push([op for op, _ in ops]))
            return
        for (op, said), result in zip(ops, self.desks[who].directory.push([op for op, _ in ops]), strict=True):
            before = self.sent[who].get(op.op, (None, "", None))[2]
            if isinstance(before, Ok):
                assert result == Ok(before.rev, again=True)
                continue
            expected = self.expected(who, op, said)
            assert word(result) == expected, (who, op, result, expected)
            self.check_result(who, op, result)
            self.sent[who][op.op] = (op, said, result)
        self.check_inside()

    def expected(self, who: str, op: Op, said: str) -> str:
        match op:
            case Share():
                return self.model.share(who, op.contact, op.rev, said)
            case Edit():
                return self.model.edit(who, op.contact, op.rev, said)
            case Claim():
                return self.model.claim(who, op.contact, said if op.content else None)
            case Unshare() | Delete():
                return self.model.withdraw(who, op.contact, delete=isinstance(op, Delete))

    def check_result(self, who: str, op: Op, result: object) -> None:
        match result:
            case Ok(rev):
                assert rev == self.model.things[op.contact].rev
            case Conflict(now):
                assert (shown(who, now), now.rev) == (
                    self.model.visible(who)[op.contact],
                    self.model.things[op.contact].rev,
                )
            case Refused("claimed", by):
                assert by == self.model.things[op.contact].owner
            case _:
                assert not isinstance(result, Unreadable)

    def release(self) -> None:
        if self.held is not None:
            (who, id, text), self.held = self.held, None
            self.field.slow[who].execute("commit")
            assert self.model.share(who, id, 0, text) == "ok"
            self.ids.append(id)

    def check(self, login: str, held: Iterable[SharedContact]) -> None:
        assert {contact.id: shown(login, contact) for contact in held} == self.model.visible(login)

    def check_inside(self) -> None:
        """The directory's own tables, as the superuser reads them: what the rules say and nothing else."""
        if self.held is None:  # else it holds what nobody sees yet
            inside = Inside.of(self.field.team)
            assert inside.contacts == self.model.inside()
            assert inside.numbers == self.model.numbers()
            assert inside.gone == self.model.tombstones
            assert inside.calls == self.model.calls
            assert inside.calls_gone == self.model.taken_back
            assert inside.deeds == self.model.deeds
