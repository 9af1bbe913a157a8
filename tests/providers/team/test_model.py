"""Four users, two departments, offline outboxes and replays, against the rules as a small model."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import count
from typing import ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from ringdesk.domain.contact import Coworker, Me
from ringdesk.providers.team.calls import CoworkerCall, GoneCall, LogCall, WithdrawCall
from ringdesk.providers.team.directory import Directory
from ringdesk.providers.team.ring import Caller
from ringdesk.providers.team.wire import Claim, Conflict, Delete, Edit, Ok, Op, Result, Share, Unshare
from tests.postgres import Cluster, Team, new_team, rows
from tests.providers.team.aid import Desk, content, new_id, number, seat
from tests.providers.team.rules import Rules, Thing

pytestmark = pytest.mark.postgres

LOGINS = ("alice", "bob", "carol", "dave")
TABLES = ("answered", "audit", "call", "call_gone", "number", "op", "gone", "contact")

who = st.sampled_from(LOGINS)
pick = st.integers(0, 5)
text = st.sampled_from(["Zoe", "Yves", "Xaver"])
often = st.sampled_from([True, True, False])
rarely = st.sampled_from([False, False, True])


class TeamMachine(RuleBasedStateMachine):
    """Every user has a desk and an outbox; an outbox is sent as a whole, now or later, once or twice."""

    team: Team
    seats: Mapping[str, Directory]
    histories: ClassVar[count[int]]

    def __init__(self) -> None:
        super().__init__()
        if (n := next(self.histories)) % 500 == 0:
            print(f"{n} histories", flush=True)
        self.model = Rules("dave", {"Sales": {"alice", "bob"}, "Support": {"bob", "carol"}})
        wipe(self.team)
        self.desks = {login: Desk(self.seats[login], page=3) for login in LOGINS}
        self.second = {login: Desk(self.seats[login], page=2) for login in LOGINS}
        self.heard = {login: CallDesk(self.seats[login]) for login in LOGINS}
        self.call_ids: list[str] = []
        self.outbox: dict[str, list[tuple[Op, str]]] = {login: [] for login in LOGINS}
        self.sent: dict[str, list[tuple[Op, Result]]] = {login: [] for login in LOGINS}
        self.ids: list[str] = []
        self.callers: dict[tuple[str, str], str] = {}

    def any_id(self, n: int) -> str:
        return self.ids[n % len(self.ids)] if self.ids else new_id()

    def read_rev(self, login: str, id: str) -> int:
        """What the desk saw last, stale as it may be."""
        contact = self.desks[login].contacts.get(id)
        return contact.rev if contact else 0

    def put(self, who: str, op: Op, text: str, online: bool) -> None:
        """Into the outbox, which goes out at once where the desk is online."""
        self.outbox[who].append((op, text))
        if online:
            self.send(who)

    @initialize()
    def begin(self) -> None:
        """Something is there already, so that most of what follows is about something."""
        for who, text in (("alice", "Zoe"), ("bob", "Yves")):
            self.tick(who, text, 0, True, True)
        self.ring("alice", "Sales", "491")
        for who in LOGINS:
            self.pull(who)
            self.pull_calls(who)

    @rule(who=who, text=text, n=pick, fresh=rarely, online=often)
    def tick(self, who: str, text: str, n: int, fresh: bool, online: bool) -> None:
        id = new_id() if fresh else self.any_id(n)
        if id not in self.ids:
            self.ids.append(id)
        self.put(who, Share(new_id(), id, self.read_rev(who, id), content(text)), text, online)

    @rule(who=who, text=text, n=pick, online=often)
    def edit(self, who: str, text: str, n: int, online: bool) -> None:
        id = self.any_id(n)
        self.put(who, Edit(new_id(), id, self.read_rev(who, id), content(text)), text, online)

    @rule(who=who, n=pick, text=st.none() | text, online=often)
    def claim(self, who: str, n: int, text: str | None, online: bool) -> None:
        op = Claim(new_id(), self.any_id(n), content(text) if text else None)
        self.put(who, op, text or "", online)

    @rule(who=who, n=pick, delete=st.booleans(), online=often)
    def withdraw(self, who: str, n: int, delete: bool, online: bool) -> None:
        self.put(who, (Delete if delete else Unshare)(new_id(), self.any_id(n)), "", online)

    @rule(who=who, department=st.sampled_from(["Sales", "Support"]), digits=st.sampled_from(["491", "492"]))
    def ring(self, who: str, department: str, digits: str) -> None:
        if who in self.model.left:
            return
        expected = self.model.call(who, department, digits, self.callers)
        answer = self.desks[who].directory.department_call(department, number(digits))
        if not isinstance(answer, Caller):
            assert type(answer).__name__ == {"refused": "Refused", "claimed": "ClaimedPrivately"}[expected]
            return
        assert answer.made == (expected == "made")
        if answer.made:
            self.model.things[answer.contact.id] = Thing(None, department, text="+" + digits)
            self.callers[department, digits] = answer.contact.id
            self.ids.append(answer.contact.id)
        else:
            assert answer.contact.id == self.callers[department, digits]

    @rule(who=who, n=pick)
    def phone(self, who: str, n: int) -> None:
        if who in self.model.left:
            return
        contact, call = self.any_id(n), new_id()
        self.call_ids.append(call)
        expected = self.model.tell_call(who, call, contact)
        op = LogCall(op=new_id(), call=call, contact=contact, direction="in", state="missed", started=1_790_000_000.0)
        [result] = self.desks[who].directory.push_calls([op])
        assert type(result).__name__.lower() == expected, (who, op, result)

    @precondition(lambda self: self.call_ids)
    @rule(who=who, n=pick)
    def keep_call_private(self, who: str, n: int) -> None:
        if who in self.model.left:
            return
        call = self.call_ids[n % len(self.call_ids)]
        expected = self.model.withdraw_call(who, call)
        [result] = self.desks[who].directory.push_calls([WithdrawCall(new_id(), call)])
        assert type(result).__name__.lower() == expected, (who, call, result)

    @rule(who=who)
    def send(self, who: str) -> None:
        """The outbox goes out. Answers are those the rules give, in order."""
        waiting, self.outbox[who] = self.outbox[who], []
        if who in self.model.left or not waiting:
            return
        results = self.desks[who].directory.push([op for op, _ in waiting])
        for (op, said), result in zip(waiting, results, strict=True):
            expected = self.expected(who, op, said)
            assert type(result).__name__.lower() == expected, (who, op, result, expected)
            if isinstance(result, Conflict):
                assert result.now.rev == self.model.things[op.contact].rev
            self.sent[who].append((op, result))
        self.private_things_have_no_content()

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

    @rule(who=who)
    def send_again(self, who: str) -> None:
        """A lost answer: what was done is sent once more and must not be done twice."""
        done = [(op, result) for op, result in self.sent[who] if isinstance(result, Ok)]
        if who not in self.model.left and done:
            again = self.desks[who].directory.push([op for op, _ in done])
            assert again == [Ok(result.rev, again=True) for _, result in done]

    @rule(who=who)
    def pull(self, who: str) -> None:
        if who not in self.model.left:
            self.desks[who].pull()
            self.check(who, self.desks[who])

    @rule(who=who)
    def pull_at_the_other_desk(self, who: str) -> None:
        """A login may have two desks, each with its own cursor."""
        if who not in self.model.left:
            self.second[who].pull()
            self.check(who, self.second[who])

    @rule(who=who)
    def pull_calls(self, who: str) -> None:
        if who not in self.model.left:
            self.heard[who].pull()
            assert self.heard[who].calls == self.model.visible_calls()

    @rule(who=st.sampled_from(LOGINS[:3]), on=st.booleans())
    def rights(self, who: str, on: bool) -> None:
        self.desks["dave"].directory.set_coworker(who, view_only=on)
        (self.model.view_only.add if on else self.model.view_only.discard)(who)

    @rule(who=st.sampled_from(LOGINS[:3]), department=st.sampled_from(["Sales", "Support"]))
    def move(self, who: str, department: str) -> None:
        if who not in self.model.left:
            self.model.members[department] ^= {who}
            self.desks["dave"].directory.set_department(department, sorted(self.model.members[department]))

    @precondition(lambda self: not self.model.left)
    @rule(who=st.sampled_from(LOGINS[:2]))
    def leave(self, who: str) -> None:
        self.desks["dave"].directory.offboard(who, "carol")
        self.model.offboard(who, "carol")

    def private_things_have_no_content(self) -> None:
        found = rows(
            self.team.setup, "select id from rd.contact where not shared and owner is not null and card is not null"
        )
        assert found == []

    def teardown(self) -> None:
        """In the end everybody comes back online, and every desk shows what the rules say."""
        for login in LOGINS:
            self.send(login)
        self.private_things_have_no_content()
        for login in LOGINS:
            self.pull(login)
            self.pull_at_the_other_desk(login)
            self.pull_calls(login)

    def check(self, login: str, desk: Desk) -> None:
        held = {
            id: (
                login if isinstance(c.owner, Me) else c.owner.login if isinstance(c.owner, Coworker) else None,
                c.shared,
                (c.card.name.given or c.card.phones[0].value) if c.card else "",
            )
            for id, c in desk.contacts.items()
        }
        assert held == self.model.visible(login)


class CallDesk:
    """A desk's list of coworkers' calls, kept by pulls."""

    def __init__(self, directory: Directory) -> None:
        self.directory = directory
        self.calls: dict[str, tuple[str, str]] = {}
        self.cursor: str | None = None

    def pull(self) -> None:
        listed, more = set[str](), True
        while more:
            page = self.directory.pull_calls(self.cursor, 3)
            for item in page.items:
                if isinstance(item, CoworkerCall):
                    self.calls[item.id] = (item.who, item.contact)
                    listed.add(item.id)
                elif isinstance(item, GoneCall):
                    self.calls.pop(item.id, None)
                else:
                    raise AssertionError(item)
            self.cursor, more = page.cursor, page.more
            if page.full and not more:
                self.calls = {id: call for id, call in self.calls.items() if id in listed}


def wipe(team: Team) -> None:
    """The directory as it was: by the superuser, past triggers and row security."""
    with team.setup.transaction():
        team.setup.execute("set local session_replication_role = replica")
        for table in TABLES:
            team.setup.execute(f"delete from rd.{table}".encode())
        team.setup.execute("delete from rd.membership")
        team.setup.execute("update rd.coworker set enabled = true, view_only = false, view = view + 1")
        team.setup.execute("update rd.coworker set administrator = (login = 'dave')")
    team.department("Sales", "alice", "bob")
    team.department("Support", "bob", "carol")


@pytest.fixture(scope="module")
def machine(cluster: Cluster) -> Iterator[type[TeamMachine]]:
    with new_team(cluster) as team:
        yield type(
            "PlayedMachine",
            (TeamMachine,),
            {"team": team, "seats": {one: seat(team, one) for one in LOGINS}, "histories": count(1)},
        )


def run(machine: type[TeamMachine], runs: int) -> None:
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=runs,
            stateful_step_count=30,
            deadline=None,
            database=None,
            derandomize=runs < 1000,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.timeout(300)
def test_directory_keeps_the_rules(machine: type[TeamMachine]) -> None:
    run(machine, 100)


@pytest.mark.soak
@pytest.mark.timeout(6 * 3600)
@pytest.mark.parametrize("part", range(4), ids="part {}".format)
def test_directory_keeps_the_rules_ten_thousand_times(machine: type[TeamMachine], part: int) -> None:
    """In parts, so that several processors can share them."""
    run(machine, 2500)
