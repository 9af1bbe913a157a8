"""Four users, two departments, offline outboxes and replays, as a state machine that plays against the rules."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import ClassVar

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from ringdesk.domain.contact import Coworker, Me
from ringdesk.providers.team.calls import (
    AnsweredRing,
    CallItem,
    CallOp,
    CoworkerCall,
    GoneCall,
    LogCall,
    ReportAnswer,
    WithdrawCall,
)
from ringdesk.providers.team.directory import Directory
from ringdesk.providers.team.link import Connection
from ringdesk.providers.team.ring import Caller, ClaimedPrivately
from ringdesk.providers.team.rows import GoneContact, SharedContact, Unreadable
from ringdesk.providers.team.trouble import TeamError, TeamTrouble
from ringdesk.providers.team.wire import (
    Claim,
    Conflict,
    Content,
    Delete,
    Edit,
    Ok,
    Op,
    Refused,
    Share,
    Unshare,
    encode_op,
    to_json,
)
from tests.postgres import Team, rows
from tests.providers.team.aid import Desk, content, new_id, number, seat
from tests.providers.team.rules import NUMBERS, Row, Rules

LOGINS = ("alice", "bob", "carol", "dave")

who = st.sampled_from(LOGINS)
DEEDS = ["claim", "share", "edit", "unshare", "delete"]
doer = st.sampled_from([*LOGINS, *["owner"] * 4])
pick = st.integers(0, 5)
text = st.sampled_from([*NUMBERS])
place = st.sampled_from(["Sales", "Support"])
often = st.sampled_from([True, True, False])
rarely = st.sampled_from([False, False, True])
seldom = st.sampled_from([False, False, False, False, True])


class TeamMachine(RuleBasedStateMachine):
    """Every user has two desks and an outbox; an outbox is sent as a whole, now or later, once or twice."""

    team: Team
    seats: Mapping[str, Directory]
    slow: Mapping[str, Connection]
    histories: ClassVar[count[int]]

    def __init__(self) -> None:
        super().__init__()
        if (n := next(self.histories)) % 500 == 0:
            print(f"{n} histories", flush=True)
        if n % 200 == 0:
            trim(self.team)
        self.model = Rules({"dave"}, {"Sales": {"alice", "bob"}, "Support": {"bob", "carol"}})
        wipe(self.team)
        self.desks = {login: Desk(self.seats[login], page=3) for login in LOGINS}
        self.second = {login: Desk(self.seats[login]) for login in LOGINS}
        self.heard = {login: CallDesk(self.seats[login]) for login in LOGINS}
        self.call_ids: list[str] = []
        self.outbox: dict[str, list[tuple[Op, str]]] = {login: [] for login in LOGINS}
        self.sent: dict[str, dict[str, tuple[Op, str, object]]] = {login: {} for login in LOGINS}
        self.ids: list[str] = []
        self.held: tuple[str, str, str] | None = None

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

    @initialize()
    def begin(self) -> None:
        """Something is there already, so that most of what follows is about something."""
        for who in ("alice", "bob"):
            self.tick(who, "Zoe", 0, True, True)
        self.ring("alice", "Sales", "492")
        self.ring("bob", "Support", "492")
        self.ring("alice", "Sales", "491")
        self.claim("alice", 2, "Zoe", False)
        self.claim("bob", 3, None, False)
        for who in ("alice", "bob"):
            self.send(who, twice=False)
        self.ring("carol", "Support", "492")
        self.phone("alice", 0, False)
        for who in LOGINS:
            self.pull(who)

    # A desk's own deeds ----------------------------------------------------------------------------------------------

    @rule(who=doer, text=text, n=pick, fresh=seldom, online=often)
    def tick(self, who: str, text: str, n: int, fresh: bool, online: bool) -> None:
        id = new_id() if fresh else self.any_id(n)
        who = self.actor(who, id)
        if id not in self.ids:
            self.ids.append(id)
        self.put(who, Share(new_id(), id, self.read_rev(who, id), card(text)), text, online)

    @rule(who=doer, text=text, n=pick, online=often)
    def edit(self, who: str, text: str, n: int, online: bool) -> None:
        id = self.any_id(n)
        who = self.actor(who, id)
        self.put(who, Edit(new_id(), id, self.read_rev(who, id), card(text)), text, online)

    @rule(who=doer, n=pick, text=st.none() | text, online=often)
    def claim(self, who: str, n: int, text: str | None, online: bool) -> None:
        id = self.any_id(n)
        op = Claim(new_id(), id, card(text) if text else None)
        self.put(self.actor(who, id), op, text or "", online)

    @rule(who=doer, n=pick, delete=st.booleans(), online=often)
    def withdraw(self, who: str, n: int, delete: bool, online: bool) -> None:
        id = self.any_id(n)
        self.put(self.actor(who, id), (Delete if delete else Unshare)(new_id(), id), "", online)

    @rule(n=pick, by=who, text=text, deeds=st.lists(st.sampled_from(DEEDS), min_size=2, max_size=3))
    def life(self, n: int, by: str, text: str, deeds: list[str]) -> None:
        """One contact goes through its owner's hands while a coworker and the owner's other desk look on."""
        for deed in deeds:
            owner = self.actor("owner", self.any_id(n))
            if deed == "claim":
                self.claim(owner, n, text, True)
            elif deed == "share":
                self.tick(owner, text, n, False, True)
            elif deed == "edit":
                self.edit(owner, text, n, True)
            else:
                self.withdraw(owner, n, deed == "delete", True)
            self.pull_at_the_other_desk(owner)
            self.pull_at_the_other_desk(by)

    @rule(who=who, of=who, n=pick)
    def replay_a_coworkers(self, who: str, of: str, n: int) -> None:
        """An operation of somebody else, id and all, is one's own try at the same."""
        done = list(self.sent[of].values())
        if who not in self.model.left and who != of and done:
            op, said, _ = done[n % len(done)]
            if op.op not in self.sent[who] and all(op.op != waiting.op for waiting, _ in self.outbox[who]):
                self.put(who, op, said, online=True)

    @rule(who=who, twice=rarely)
    def send(self, who: str, twice: bool) -> None:
        """The outbox goes out. Answers are those the rules give, in order."""
        waiting, self.outbox[who] = self.outbox[who], []
        if waiting:
            self.push(who, waiting * (2 if twice else 1))

    @rule(who=who)
    def send_again(self, who: str) -> None:
        """Lost answers: what was done must not be done twice, what was refused is judged anew."""
        if self.sent[who]:
            self.push(who, [(op, said) for op, said, _ in list(self.sent[who].values())[-6:]])

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

    # A slow transaction ----------------------------------------------------------------------------------------------

    @precondition(lambda self: self.held is None)
    @rule(who=who, text=text)
    def begin_slowly(self, who: str, text: str) -> None:
        """A share whose transaction stays open while others go on: nobody sees it, and nobody may miss it later."""
        if who in self.model.left | self.model.view_only:
            return
        op = Share(new_id(), new_id(), 0, card(text))
        self.slow[who].execute("begin")
        self.slow[who].execute("select api.push(%s::jsonb)", (f"[{to_json(encode_op(op))}]",))
        self.held = (who, op.contact, text)

    @precondition(lambda self: self.held is not None)
    @rule()
    def commit_at_last(self) -> None:
        self.release()

    @precondition(lambda self: self.held is None)
    @rule(who=who, text=text, other=who)
    def overtake(self, who: str, text: str, other: str) -> None:
        """Somebody shares and looks while a slow transaction is open, and looks again once it has come to its end."""
        self.begin_slowly(who, text)
        self.tick(other, text, 0, True, True)
        self.pull(other)
        self.release()
        self.pull(other)

    def release(self) -> None:
        if self.held is not None:
            (who, id, text), self.held = self.held, None
            self.slow[who].execute("commit")
            assert self.model.share(who, id, 0, text) == "ok"
            self.ids.append(id)

    # Calls -----------------------------------------------------------------------------------------------------------

    @rule(who=who, department=place, digits=st.sampled_from(["491", "492"]))
    def ring(self, who: str, department: str, digits: str) -> None:
        if who in self.model.left:
            return
        expected, id = self.model.ring(who, department, digits)
        answer = self.desks[who].directory.department_call(department, number(digits))
        if isinstance(answer, Caller):
            assert expected == ("made" if answer.made else "found"), expected
            if answer.made:
                self.model.made(who, department, digits, answer.contact.id)
                self.ids.append(answer.contact.id)
            else:
                assert answer.contact.id == id
            assert shown(who, answer.contact) == self.model.visible(who)[answer.contact.id]
        else:
            assert expected == ("claimed" if isinstance(answer, ClaimedPrivately) else word(answer))

    @rule(department=place, digits=st.sampled_from(["491", "492"]), text=st.none() | text)
    def ring_again(self, department: str, digits: str, text: str | None) -> None:
        """A caller is claimed, comes up again, is deleted, and comes up once more."""
        for who in sorted(self.model.members[department] - self.model.left)[:1]:
            self.ring(who, department, digits)
            id = self.model.callers.get((department, digits), "")
            if id:
                self.put(who, Claim(new_id(), id, card(text) if text else None), text or "", True)
                self.ring(who, department, digits)
                self.put(self.actor("owner", id), Delete(new_id(), id), "", True)
                self.ring(who, department, digits)

    @rule(who=who, n=pick, again=rarely)
    def phone(self, who: str, n: int, again: bool) -> None:
        contact, call = self.any_id(n), new_id()
        if again and self.call_ids:
            call = self.call_ids[n % len(self.call_ids)]
        else:
            self.call_ids.append(call)
        op = LogCall(op=new_id(), call=call, contact=contact, direction="in", state="missed", started=1_790_000_000.0)
        self.tell(who, op, lambda: self.model.tell_call(who, call, contact))

    @precondition(lambda self: self.call_ids)
    @rule(who=doer, n=pick)
    def keep_call_private(self, who: str, n: int) -> None:
        call = self.call_ids[n % len(self.call_ids)]
        who = self.actor(who, self.model.calls.get(call, ("", ""))[1])
        self.tell(who, WithdrawCall(new_id(), call), lambda: self.model.withdraw_call(who, call))

    @rule(who=who, department=place)
    def answer(self, who: str, department: str) -> None:
        ring = uuid.uuid4().hex * 2
        self.tell(who, ReportAnswer(new_id(), department, ring), lambda: self.model.answer(who, department, ring))

    def tell(self, who: str, op: CallOp, expected: Callable[[], str]) -> None:
        """Tell of calls, twice: the second is only answered."""
        if who in self.model.left:
            return
        first, second = self.desks[who].directory.push_calls([op, op])
        assert word(first) == expected(), (who, op, first)
        if isinstance(first, Ok):
            assert second == Ok(first.rev, again=True)
        self.check_inside()

    # Desks look ------------------------------------------------------------------------------------------------------

    @rule(who=who)
    def pull(self, who: str) -> None:
        if who in self.model.left:
            shut_out(self.desks[who].pull)
        else:
            self.desks[who].pull()
            self.check(who, self.desks[who].contacts.values())

    @rule(who=who)
    def pull_at_the_other_desk(self, who: str) -> None:
        """A login may have two desks, each with its own cursor."""
        if who not in self.model.left:
            self.second[who].pull()
            self.check(who, self.second[who].contacts.values())

    @rule(who=who)
    def fetch(self, who: str) -> None:
        """Asked for by id, a contact is there or not as in a pull."""
        if who not in self.model.left:
            asked = [*self.ids, new_id()]
            found = self.desks[who].directory.fetch(asked)
            assert [one.id for one in found if isinstance(one, GoneContact | SharedContact)] == asked
            self.check(who, [one for one in found if isinstance(one, SharedContact)])

    @rule(who=who)
    def pull_calls(self, who: str) -> None:
        if who not in self.model.left:
            self.heard[who].pull()
            assert self.heard[who].calls == self.model.visible_calls()
            assert self.heard[who].answered == self.model.visible_answers(who)

    def check(self, login: str, held: Iterable[SharedContact]) -> None:
        assert {contact.id: shown(login, contact) for contact in held} == self.model.visible(login)

    def check_inside(self) -> None:
        """The directory's own tables, as the superuser reads them: what the rules say and nothing else."""
        if self.held is None:  # else it holds what nobody sees yet
            inside = Inside.of(self.team)
            assert inside.contacts == self.model.inside()
            assert inside.numbers == self.model.numbers()
            assert inside.gone == self.model.tombstones
            assert inside.calls == self.model.calls
            assert inside.calls_gone == self.model.taken_back
            assert inside.deeds == self.model.deeds

    # The administrator -----------------------------------------------------------------------------------------------

    @rule(who=st.sampled_from(LOGINS[:3]), view_only=often, administrator=rarely)
    def rights(self, who: str, view_only: bool, administrator: bool) -> None:
        if who not in self.model.left:
            self.release()  # rights are held still under a running push
            self.desks["dave"].directory.set_coworker(who, view_only=view_only, administrator=administrator)
            self.model.rights("dave", who, view_only=view_only, administrator=administrator)
            self.try_rights(who)

    def try_rights(self, who: str) -> None:
        """What rights are about, tried at once: a fault in them would hide for hundreds of histories."""
        self.pull(who)
        self.phone(who, 0, again=False)
        self.tick(who, "Zoe", 0, True, True)
        for n in (0, 1):  # whoever it is, one of these is somebody else's
            self.edit(who, "Zoe", n, True)
        self.withdraw(who, 4, True, True)  # an unclaimed caller, at first
        self.claim(who, 4, "Zoe", True)

    @rule(who=st.sampled_from(LOGINS[:3]), department=place)
    def move(self, who: str, department: str) -> None:
        if who not in self.model.left:
            self.release()
            self.model.move("dave", department, who)
            self.desks["dave"].directory.set_department(department, sorted(self.model.members[department]))
            self.pull(who)

    @precondition(lambda self: not self.model.left)
    @rule(who=st.sampled_from(LOGINS[:2]), heir=st.sampled_from(["carol", "carol", None]))
    def leave(self, who: str, heir: str | None) -> None:
        self.release()
        self.desks["dave"].directory.offboard(who, heir)
        self.model.offboard("dave", who, heir)
        self.check_inside()

    def teardown(self) -> None:
        """In the end everybody comes back online, and every desk shows what the rules say."""
        try:
            self.release()
            for login in LOGINS:
                self.send(login, twice=False)
            self.check_inside()
            for login in LOGINS:
                self.heard[login].page = 500
                self.pull(login)
                self.pull_at_the_other_desk(login)
                self.pull_calls(login)
        finally:
            for slow in self.slow.values():
                slow.rollback()


def shut_out(do: Callable[[], object]) -> None:
    """A leaver gets nowhere."""
    trouble: TeamTrouble | None = None
    try:
        do()
    except TeamError as error:
        trouble = error.trouble
    assert trouble is TeamTrouble.OUT, "a leaver was let in"


def card(text: str) -> Content:
    return content(text, *NUMBERS[text])


def word(result: object) -> str:
    """An answer as the rules say it."""
    return f"refused {result.why}" if isinstance(result, Refused) else type(result).__name__.lower()


def shown(login: str, contact: SharedContact) -> tuple[str | None, bool, str]:
    owner, card = contact.owner, contact.card
    by = login if isinstance(owner, Me) else owner.login if isinstance(owner, Coworker) else None
    return by, contact.shared, (card.name.given or card.phones[0].value) if card else ""


class CallDesk:
    """A desk's list of coworkers' calls and of answered rings, kept by pulls."""

    def __init__(self, directory: Directory) -> None:
        self.directory = directory
        self.calls: dict[str, tuple[str, str]] = {}
        self.answered: dict[str, tuple[str, str]] = {}
        self.cursor: str | None = None
        self.page = 3

    def pull(self) -> None:
        listed, more = set[str](), True
        while more:
            page = self.directory.pull_calls(self.cursor, self.page)
            for item in page.items:
                listed.add(self.take(item))
            self.cursor, more = page.cursor, page.more
            if page.full and not more:
                self.calls = {id: call for id, call in self.calls.items() if id in listed}
                self.answered = {ring: told for ring, told in self.answered.items() if ring in listed}

    def take(self, item: CallItem) -> str:
        match item:
            case CoworkerCall():
                self.calls[item.id] = (item.who, item.contact)
                return item.id
            case GoneCall(id):
                self.calls.pop(id, None)
                return id
            case AnsweredRing():
                self.answered[item.ring] = (item.department, item.who)
                return item.ring
            case _:
                raise AssertionError(item)


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


def made_for(team: Team) -> type[TeamMachine]:
    """The machine that plays with a team."""
    seats = {login: seat(team, login) for login in LOGINS}
    slow = {login: team.connect(login) for login in LOGINS}
    return type("PlayedMachine", (TeamMachine,), {"team": team, "seats": seats, "slow": slow, "histories": count(1)})


def run(machine: type[TeamMachine], runs: int, *, shrink: bool = True) -> None:
    """Play so many histories; the same ones every time where there are few."""
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=runs,
            stateful_step_count=30,
            deadline=None,
            database=None,
            derandomize=runs < 1000,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate, *([Phase.shrink] if shrink else [])],
            report_multiple_bugs=False,
        ),
    )
