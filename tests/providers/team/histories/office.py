"""What the administrator does."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.providers.team.histories.draws import LOGINS, place, rights
from tests.providers.team.histories.ringing import Ringing


class Office(Ringing):
    """Rules about rights, departments and leavers."""

    @rule(who=st.sampled_from(LOGINS[:3]), given=rights)
    def rights(self, who: str, given: tuple[bool, bool]) -> None:
        if who not in self.model.left:
            view_only, administrator = given
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
        unclaimed = self.unclaimed()
        self.withdraw(who, unclaimed, True, True)
        self.claim(who, unclaimed, "Zoe", True)

    def unclaimed(self) -> int:
        """Which contact is still a caller nobody has claimed; the last one where there is none."""
        things = [self.model.things.get(id) for id in self.ids]
        found = [n for n, thing in enumerate(things) if thing and thing.owner is None and not thing.deleted]
        return found[0] if found else len(self.ids) - 1

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
