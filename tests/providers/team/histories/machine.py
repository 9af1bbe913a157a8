"""Four users, two departments, offline outboxes and replays, as a state machine that plays against the rules."""

from __future__ import annotations

from itertools import count

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import initialize, run_state_machine_as_test

from tests.postgres import Team
from tests.providers.team.aid import seat
from tests.providers.team.histories.draws import LOGINS
from tests.providers.team.histories.office import Office


class TeamMachine(Office):
    """A whole history: its beginning, all rules, and its end."""

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
