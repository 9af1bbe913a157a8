"""How many contacts a group has is kept with every write, and is always what a walk over all of them would find."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from random import Random

import pytest

from ringdesk.sandbox.google import Google, HandError, turned
from ringdesk.sandbox.google.account import Account
from tests.sandbox.google.app import CONTACT, MASK, App, Json
from tests.sandbox.google.conftest import EMAIL, MakeGoogle

LABELS = ("Customers", "Suppliers", "Friends", "myContacts")
STEPS = 300
TOGETHER = {"personFields": MASK, "sources": CONTACT}


def walked(account: Account) -> dict[str, int]:
    """The counts of the groups by a walk over every contact."""
    counts = Counter(group for version in account.contacts.versions() for group in version.groups)
    counts["all"] = sum(1 for _ in account.contacts.versions())
    return {group.resource: counts[group.id] for group in account.groups.live()}


def told(app: App, **query: object) -> dict[str, int]:
    """The counts of the groups as they are listed."""
    groups = app.ok("GET", "contactGroups", pageSize=1000, **query).get("contactGroups", [])
    return {group["resourceName"]: group.get("memberCount", 0) for group in groups}


class Office:
    """A program and a person by hand, who do anything that changes who is in which group."""

    def __init__(self, google: Google, dice: Random) -> None:
        self.app = App(google, EMAIL)
        self._dice = dice
        self._hand = google.hand(EMAIL)
        self._account = google.accounts[EMAIL]
        self._acts: tuple[Callable[[], object], ...] = (
            *(self._create, self._create_by_hand, self._create_many, self._regroup, self._regroup_many, self._modify),
            *(self._delete, self._delete_many, self._delete_group, self._restore, self._merge, self._touch),
            *(self._relink, self._edit, self._label, self._unlabel, self._delete_label, self._empty_trash),
        )

    def act(self) -> None:
        """One act; that by hand may be impossible just now."""
        with suppress(HandError):
            self._dice.choice(self._acts)()

    def _name(self) -> str:
        names = [version.name for version in self._account.contacts.versions()]
        return self._dice.choice(names or ["people/c404"])

    def _names(self) -> list[str]:
        return sorted({self._name() for _ in range(self._dice.randrange(1, 6))})

    def _labels(self) -> list[str]:
        return self._dice.sample(LABELS, self._dice.randrange(len(LABELS)))

    def _group(self) -> str:
        return self._dice.choice([one for one in self._account.groups.live() if one.id != "all"]).resource

    def _memberships(self) -> list[Json]:
        open_ = [one for one in self._account.groups.live() if not one.system or one.id in ("myContacts", "starred")]
        chosen = self._dice.sample(open_, self._dice.randrange(1, 1 + min(3, len(open_))))
        return [{"contactGroupMembership": {"contactGroupResourceName": one.resource}} for one in chosen]

    def _changed(self, name: str) -> Json:
        person = self.app.get(name)
        return {"etag": person["etag"], "metadata": person["metadata"], "memberships": self._memberships()}

    def _create(self) -> None:
        self.app.create(memberships=self._dice.choice(([], self._memberships())))

    def _create_by_hand(self) -> None:
        self._hand.create({"names": [{"givenName": "By hand"}]}, self._labels())

    def _create_many(self) -> None:
        people: list[Json] = [{"names": [{"givenName": "Many"}], "memberships": self._memberships()} for _ in range(4)]
        self.app.ok("POST", "people:batchCreateContacts", {"contacts": [{"contactPerson": one} for one in people]})

    def _regroup(self) -> None:
        name = self._name()
        if name != "people/c404":
            query = {"updatePersonFields": "memberships", **TOGETHER}
            self.app.ok("PATCH", f"{name}:updateContact", self._changed(name), **query)

    def _regroup_many(self) -> None:
        names = self._names()
        if names != ["people/c404"]:
            contacts = {name: self._changed(name) for name in names}
            body = {"contacts": contacts, "updateMask": "memberships"}
            self.app.ok("POST", "people:batchUpdateContacts", body)

    def _modify(self) -> None:
        body = {"resourceNamesToAdd": self._names(), "resourceNamesToRemove": self._names()}
        self.app.call("POST", f"{self._group()}/members:modify", body)

    def _delete(self) -> None:
        self.app.call("DELETE", f"{self._name()}:deleteContact")

    def _delete_many(self) -> None:
        self.app.call("POST", "people:batchDeleteContacts", {"resourceNames": self._names()[:2]})

    def _delete_group(self) -> None:
        self.app.call("DELETE", self._group(), deleteContacts=self._dice.choice(("true", "false", "false", "false")))

    def _restore(self) -> None:
        for name in sorted(self._account.contacts.trashed())[:3]:
            self._hand.restore(name)

    def _merge(self) -> None:
        self._hand.merge(self._name(), self._name())

    def _touch(self) -> None:
        self._hand.touch(self._name())

    def _relink(self) -> None:
        name = self._hand.link(self._name(), {"names": [{"givenName": "Linked"}]})
        if self._dice.random() < 0.5:
            self._hand.unlink(name)

    def _edit(self) -> None:
        self._hand.edit(self._name(), {"nicknames": [{"value": "Countess"}]})
        self._hand.photo(self._name(), key=self._dice.choice(("", "person1")))

    def _label(self) -> None:
        self._hand.label(self._name(), self._dice.choice(LABELS))

    def _unlabel(self) -> None:
        self._hand.unlabel(self._name(), self._dice.choice(LABELS))

    def _delete_label(self) -> None:
        self._hand.delete_label(self._dice.choice(LABELS[:3]), delete_contacts=self._dice.random() < 0.2)

    def _empty_trash(self) -> None:
        self._hand.empty_trash()


@pytest.mark.parametrize("seed", range(3))
def test_counts_are_those_of_a_walk_whatever_has_happened(make_google: MakeGoogle, seed: int) -> None:
    google, dice = make_google(people=30, seed=seed), Random(seed)
    office, account = Office(google, dice), google.accounts[EMAIL]
    seen: set[tuple[int, ...]] = set()
    for _ in range(STEPS):
        turns = {name: dice.random() < 0.5 for name in ("user_group_adds_my_contacts", "phantom_in_delta")}
        google.switches = turned(google.switches, turns)
        office.act()
        counts = walked(account)
        assert told(office.app) == counts
        seen.add(tuple(counts.values()))
    assert len(seen) > STEPS / 4


def test_counts_are_left_out_where_they_are_not_asked_for(make_google: MakeGoogle) -> None:
    app = App(make_google(people=5), EMAIL)
    assert any(told(app).values())
    assert not any(told(app, groupFields="name,metadata").values())
