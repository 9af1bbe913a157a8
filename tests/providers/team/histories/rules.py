"""The rules of product section 2 and 3 as a small model, against which the directory is tested.

It knows no SQL and no cursor: who owns what, who sees it, what is written on it, and what the directory may remember.
An answer is a word, a refusal the word and why: "ok", "conflict", "gone", "refused owner".
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

NUMBERS = {"Zoe": (), "Yves": ("491",), "Xaver": ("492",)}
"""The numbers on a card of that name."""


@dataclass
class Thing:
    """A contact as the rules see it; `text` is empty where the directory must hold nothing."""

    owner: str | None
    department: str | None = None
    shared: bool = False
    deleted: bool = False
    text: str = ""
    rev: int = 1


Row = tuple[str | None, str | None, bool, bool, str, int]


@dataclass
class Rules:
    """Users and departments; administrators hold the unclaimed."""

    administrators: set[str]
    members: dict[str, set[str]]
    view_only: set[str] = field(default_factory=set)
    left: set[str] = field(default_factory=set)
    things: dict[str, Thing] = field(default_factory=dict)
    callers: dict[tuple[str, str], str] = field(default_factory=dict)
    """Which contact stands for a department's number."""
    tombstones: dict[str, str | None] = field(default_factory=dict)
    """What desks are told to forget: the department whose desks, None for everybody's."""
    calls: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Calls that were told: whose, and with which contact."""
    taken_back: set[str] = field(default_factory=set)
    """Calls that were told and are no more."""
    answered: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Rings of departments and who answered them."""
    deeds: Counter[tuple[str, str, str | None]] = field(default_factory=Counter)
    """The audit: who, what, which contact."""

    # What is seen ----------------------------------------------------------------------------------------------------

    def in_department(self, who: str, department: str | None) -> bool:
        return department is not None and (who in self.administrators or who in self.members[department])

    def sees(self, who: str, id: str) -> bool:
        thing = self.things.get(id)
        if thing is None or thing.deleted or who in self.left:
            return False
        mine = thing.owner == who
        return mine or thing.shared or (thing.owner is None and self.in_department(who, thing.department))

    def visible(self, who: str) -> dict[str, tuple[str | None, bool, str]]:
        """What a desk must hold: id to owner, shared, text."""
        return {id: (t.owner, t.shared, t.text) for id, t in self.things.items() if self.sees(who, id)}

    def visible_calls(self) -> dict[str, tuple[str, str]]:
        """What every desk must hold of calls: those with contacts that are shared."""
        return {call: (who, id) for call, (who, id) in self.calls.items() if self.things[id].shared}

    def visible_answers(self, who: str) -> dict[str, tuple[str, str]]:
        return {ring: told for ring, told in self.answered.items() if self.in_department(who, told[0])}

    def inside(self) -> dict[str, Row]:
        """Every row the directory must have, as whoever runs it would see it."""
        return {
            id: (t.owner, t.department, t.shared, t.deleted, t.text, t.rev) for id, t in self.things.items()
        }  # several to a line  # fmt: skip

    def numbers(self) -> set[tuple[str, str]]:
        """The numbers it must know."""
        shared = [(id, thing) for id, thing in self.things.items() if thing.shared]
        return {(number, id) for id, thing in shared for number in NUMBERS[thing.text]}

    # What is done ----------------------------------------------------------------------------------------------------

    def share(self, who: str, id: str, rev: int, text: str) -> str:
        thing = self.things.get(id)
        if who in self.view_only:
            return "refused view only"
        if thing is None:
            self.things[id] = Thing(who, shared=True, text=text)
            return self._noted(who, "share", id)
        if thing.owner != who:
            if not self.sees(who, id):
                return "refused taken"
            return "refused unclaimed" if thing.owner is None else "refused owner"
        if not thing.shared:
            self._noted(who, "share", id)
        elif thing.rev != rev:
            return "conflict"
        return self._set(thing, shared=True, deleted=False, text=text)

    def edit(self, who: str, id: str, rev: int, text: str) -> str:
        if not self.sees(who, id):
            return "gone"
        thing = self.things[id]
        if thing.owner is None:
            return self.claim(who, id, None)
        if who in self.view_only and thing.owner != who:
            return "refused view only"
        if not thing.shared:
            return "refused private"
        if thing.rev != rev:
            return "conflict"
        if thing.owner != who:
            self._noted(who, "edit", id)
        return self._set(thing, text=text)

    def claim(self, who: str, id: str, text: str | None) -> str:
        thing = self.things.get(id)
        if thing is None or thing.deleted:
            return "gone"
        if not (self.sees(who, id) or self.in_department(who, thing.department)):
            return "gone"
        if thing.owner == who:
            return "conflict" if thing.shared else "ok"
        if thing.owner is not None:
            return "refused claimed" if self.in_department(who, thing.department) else "refused owner"
        if who in self.view_only:
            return "refused view only"
        self._noted(who, "claim", id)
        self._set(thing, owner=who, shared=text is not None, text=text or "")
        if text is None:
            self.tombstones[id] = thing.department  # nobody else has seen it
        return "ok"

    def withdraw(self, who: str, id: str, *, delete: bool) -> str:
        if not self.sees(who, id):
            return "gone"
        thing = self.things[id]
        if thing.owner is None and not (delete and who in self.administrators):
            return "refused unclaimed"
        if thing.owner is None and who in self.view_only:
            return "refused view only"
        if thing.owner is not None and thing.owner != who:
            return "refused owner"
        if not thing.shared and not delete:
            return "ok"
        self._noted(who, "delete" if delete else "unshare", id)
        self._set(thing, shared=False, deleted=delete, text="")
        self.tombstones[id] = thing.department if thing.owner is None else None
        return "ok"

    # Calls -----------------------------------------------------------------------------------------------------------

    def ring(self, who: str, department: str, digits: str) -> tuple[str, str]:
        """What a ring gives, and the contact it finds."""
        if not self.in_department(who, department):
            return "refused department", ""
        known = sorted(id for id, t in self.things.items() if t.shared and digits in NUMBERS[t.text])
        id = known[0] if known else self.callers.get((department, digits), "")
        if not id:
            return "made", ""
        return ("found", id) if self.sees(who, id) else ("claimed", id)

    def made(self, who: str, department: str, digits: str, id: str) -> None:
        """A ring made a contact."""
        self.things[id] = Thing(None, department, text="+" + digits)
        self.callers[department, digits] = id
        self._noted(who, "caller", id)

    def tell_call(self, who: str, call: str, id: str) -> str:
        thing = self.things.get(id)
        if who in self.view_only:
            return "refused view only"
        if thing is None or not thing.shared:
            return "refused private"
        if self.calls.get(call, (who, ""))[0] != who:
            return "refused taken"
        self.calls[call] = (who, id)
        self.taken_back.discard(call)
        return "ok"

    def withdraw_call(self, who: str, call: str) -> str:
        if self.calls.get(call, ("", ""))[0] != who:
            return "gone"
        del self.calls[call]
        self.taken_back.add(call)
        return "ok"

    def answer(self, who: str, department: str, ring: str) -> str:
        if not self.in_department(who, department):
            return "refused department"
        self.answered[ring] = (department, who)
        return "ok"

    # The administrator -----------------------------------------------------------------------------------------------

    def rights(self, by: str, who: str, *, view_only: bool, administrator: bool) -> None:
        (self.view_only.add if view_only else self.view_only.discard)(who)
        (self.administrators.add if administrator else self.administrators.discard)(who)
        self._noted(by, "rights", None)

    def move(self, by: str, department: str, who: str) -> None:
        self.members[department] ^= {who}
        self._noted(by, "department", None)

    def offboard(self, by: str, who: str, heir: str | None) -> None:
        self.left.add(who)
        self.administrators.discard(who)
        for members in self.members.values():
            members.discard(who)
        for id, thing in self.things.items():
            if thing.owner == who and thing.shared and heir:
                thing.owner = heir
                thing.rev += 1
                self._noted(by, "reassign", id)
            elif thing.owner == who and not thing.shared and not thing.deleted:
                self._set(thing, deleted=True)
                self.tombstones[id] = None
        self._noted(by, "offboard", None)

    def _noted(self, who: str, deed: str, id: str | None) -> str:
        self.deeds[who, deed, id] += 1
        return "ok"

    def _set(self, thing: Thing, **what: object) -> str:
        for name, value in what.items():
            setattr(thing, name, value)
        thing.rev += 1
        if thing.shared:
            self.tombstones = {id: told for id, told in self.tombstones.items() if self.things[id] is not thing}
        else:  # calls are taken back with the contact, for good
            gone = {call for call, (_, id) in self.calls.items() if self.things[id] is thing}
            self.taken_back |= gone
            self.calls = {call: told for call, told in self.calls.items() if call not in gone}
        if thing.deleted:  # the number may come up again, also beside this one brought back
            self.callers = {number: id for number, id in self.callers.items() if self.things[id] is not thing}
        return "ok"
