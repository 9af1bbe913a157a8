"""Four users, two departments, offline outboxes and replays, as a state machine that plays against the rules."""

from __future__ import annotations

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import initialize, run_state_machine_as_test

from tests.postgres import Team
from tests.providers.team.aid import seat
from tests.providers.team.histories.draws import LOGINS
from tests.providers.team.histories.office import Office
from tests.providers.team.histories.stage import Field
from tests.providers.team.histories.start import make_place


class TeamMachine(Office):
    """A whole history: its beginning, all rules, and its end."""

    @initialize()
    def begin(self) -> None:
        """Something is there already, so that most of what follows is about something."""
        if self.field.start is not None:
            return
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
        self.keep()

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
            self.field.ended += 1
        finally:
            for slow in self.field.slow.values():
                slow.rollback()


def made_for(team: Team) -> type[TeamMachine]:
    """The machine that plays with a team."""
    make_place(team)
    seats = {login: seat(team, login) for login in LOGINS}
    slow = {login: team.connect(login) for login in LOGINS}
    return type("PlayedMachine", (TeamMachine,), {"field": Field(team, seats, slow)})


def run(machine: type[TeamMachine], runs: int, *, shrink: bool = True, number: int | None = None) -> None:
    """Play so many histories: those of a number, or, without one, the same ones every time."""
    machine.field.start = None  # what is kept was made by another directory, maybe a broken one
    run_state_machine_as_test(
        machine if number is None else seed(number)(machine),
        settings=settings(
            max_examples=runs,
            stateful_step_count=30,
            deadline=None,
            database=None,
            derandomize=number is None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate, *([Phase.shrink] if shrink else [])],
            report_multiple_bugs=False,
        ),
    )
