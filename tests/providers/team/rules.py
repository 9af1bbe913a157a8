"""The rules of product section 2 and 3 as a small model, against which the directory is tested.

It knows no SQL, no cursor and no revision: who owns what, who sees it, what is written on it.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Thing:
    """A contact as the rules see it; `text` is empty where the directory must hold nothing."""

    owner: str | None
    department: str | None = None
    shared: bool = False
    deleted: bool = False
    text: str = ""
    rev: int = 1


@dataclass
class Rules:
    """Four users, two departments; `administrator` holds the unclaimed."""

    administrator: str
    members: dict[str, set[str]]
    view_only: set[str] = field(default_factory=set)
    left: set[str] = field(default_factory=set)
    things: dict[str, Thing] = field(default_factory=dict)
    calls: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Calls that were told: whose, and with which contact."""

    def in_department(self, who: str, department: str | None) -> bool:
        return department is not None and (who == self.administrator or who in self.members[department])

    def sees(self, who: str, id: str) -> bool:
        thing = self.things.get(id)
        if thing is None or thing.deleted or who in self.left:
            return False
        mine = thing.owner == who
        return mine or thing.shared or (thing.owner is None and self.in_department(who, thing.department))

    def visible(self, who: str) -> dict[str, tuple[str | None, bool, str]]:
        """What a desk must hold: id to owner, shared, text."""
        return {id: (t.owner, t.shared, t.text) for id, t in self.things.items() if self.sees(who, id)}

    def share(self, who: str, id: str, rev: int, text: str) -> str:
        thing = self.things.get(id)
        if who in self.view_only:
            return "refused"
        if thing is None:
            self.things[id] = Thing(who, shared=True, text=text)
            return "ok"
        if thing.owner != who:
            return "refused"
        if thing.shared and thing.rev != rev:
            return "conflict"
        return self._set(thing, shared=True, deleted=False, text=text)

    def edit(self, who: str, id: str, rev: int, text: str) -> str:
        if not self.sees(who, id):
            return "gone"
        thing = self.things[id]
        if thing.owner is None:
            return self.claim(who, id, None)
        if (who in self.view_only and thing.owner != who) or not thing.shared:
            return "refused"
        return "conflict" if thing.rev != rev else self._set(thing, text=text)

    def claim(self, who: str, id: str, text: str | None) -> str:
        thing = self.things.get(id)
        if thing is None or thing.deleted:
            return "gone"
        if not (self.sees(who, id) or self.in_department(who, thing.department)):
            return "gone"
        if thing.owner == who:
            return "conflict" if thing.shared else "ok"
        if thing.owner is not None or who in self.view_only:
            return "refused"
        thing.owner = who
        return self._set(thing, shared=text is not None, text=text or "")

    def withdraw(self, who: str, id: str, *, delete: bool) -> str:
        if not self.sees(who, id):
            return "gone"
        thing = self.things[id]
        if thing.owner != who and not (thing.owner is None and delete and who == self.administrator):
            return "refused"
        if not thing.shared and not delete:
            return "ok"
        return self._set(thing, shared=False, deleted=delete, text="")

    def call(self, who: str, department: str, digits: str, ids: dict[tuple[str, str], str]) -> str:
        """What a ring gives; `ids` says which contact a department's number has made last."""
        if not self.in_department(who, department):
            return "refused"
        thing = self.things.get(ids.get((department, digits), ""))
        if thing is None or thing.deleted:
            return "made"
        return "found" if self.sees(who, ids[department, digits]) else "claimed"

    def tell_call(self, who: str, call: str, id: str) -> str:
        thing = self.things.get(id)
        if who in self.view_only or thing is None or not thing.shared:
            return "refused"
        self.calls[call] = (who, id)
        return "ok"

    def withdraw_call(self, who: str, call: str) -> str:
        if self.calls.get(call, ("", ""))[0] != who:
            return "gone"
        del self.calls[call]
        return "ok"

    def visible_calls(self) -> dict[str, tuple[str, str]]:
        """What every desk must hold of calls: those with contacts that are shared."""
        return {call: (who, id) for call, (who, id) in self.calls.items() if self.things[id].shared}

    def offboard(self, who: str, heir: str) -> None:
        self.left.add(who)
        for members in self.members.values():
            members.discard(who)
        for thing in self.things.values():
            if thing.owner == who and thing.shared:
                thing.owner = heir
                thing.rev += 1
            elif thing.owner == who and not thing.deleted:
                self._set(thing, deleted=True)

    def _set(self, thing: Thing, **what: object) -> str:
        for name, value in what.items():
            setattr(thing, name, value)
        thing.rev += 1
        if not thing.shared:  # taken back with the contact, for good
            self.calls = {call: told for call, told in self.calls.items() if self.things[told[1]] is not thing}
        return "ok"
