"""The ports of the team's window, held in memory: a small team that does what is asked at once."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from ringdesk.desk.team_people import Done, Failed, People
from ringdesk.domain.team import Person

ADA = Person(login="ada", name="Ada Moreno", extensions=("11",), administrator=True)
BOB = Person(login="bob", name="Bob Li", extensions=("12", "112"))
CLEO = Person(login="cleo", name="Cleo Okafor", view_only=True, google=False)
GONE = Person(login="dan", name="Dan Left", enabled=False)


@dataclass
class MemoryTeam:
    """`desk.team_people.TeamPorts`. `me` is who sits here; `broken` makes the next order fail with a code."""

    me: Person = ADA
    joined: bool = True
    coworkers: dict[str, Person] = field(default_factory=lambda: {one.login: one for one in (ADA, BOB, CLEO, GONE)})
    departments: dict[str, tuple[str, ...]] = field(
        default_factory=lambda: {"Sales": ("ada", "bob"), "Support": ("cleo",)}
    )
    broken: str = ""
    known: People | None = None

    def invitation(self, path: str) -> str | Failed:
        return Failed("invitation") if "no" in path else f"{self.me.name} ({self.me.login}), db.office.example"

    def join(self, path: str, password: str, done: Done) -> None:
        self.joined = password == "right"
        done(self._people() if self.joined else Failed("login refused"))

    def people(self, done: Done) -> None:
        self._do(done)

    def change(self, login: str, done: Done, **change: bool) -> None:
        if not self.broken:
            self.coworkers[login] = replace(self.coworkers[login], **change)  # type: ignore[arg-type]  # checked when run
        self._do(done)

    def set_department(self, name: str, members: tuple[str, ...], done: Done) -> None:
        if not self.broken:
            self.departments[name] = members
        self._do(done)

    def leave(self, done: Done) -> None:
        self.joined = False
        done(None)

    def _do(self, done: Done) -> None:
        code, self.broken = self.broken, ""
        done(Failed(code) if code else self._people())

    def _people(self) -> People:
        me = self.coworkers[self.me.login]
        inside = self.departments if me.administrator else {n: () for n, m in self.departments.items() if me.login in m}
        return People(me.login, me.administrator, tuple(self.coworkers.values()), dict(inside))
