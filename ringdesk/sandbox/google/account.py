"""One Google account: its contacts, groups, other contacts and directory, its quotas and what it counts."""

from __future__ import annotations

from collections.abc import Iterable

from ringdesk.sandbox.google.book import Book, Version
from ringdesk.sandbox.google.content import Content, check_whole
from ringdesk.sandbox.google.derive import Region
from ringdesk.sandbox.google.errors import Refusal, invalid
from ringdesk.sandbox.google.fields import OPEN_SYSTEM_GROUPS
from ringdesk.sandbox.google.groups import Group, GroupBook
from ringdesk.sandbox.google.pictures import Picture
from ringdesk.sandbox.google.quota import Quota
from ringdesk.sandbox.google.web import JsonObject
from ringdesk.sandbox.google.world import World

MY_CONTACTS = "myContacts"


class Account:
    """What one user has at Google."""

    def __init__(
        self, world: World, email: str, name: str, *, workspace: bool = False, calling_code: str = "44"
    ) -> None:
        self._world = world
        self._calling_code = calling_code
        self.email = email
        self.name = name
        self.id = str(world.number(66))
        self.workspace = workspace
        self.contacts = Book(world)
        self.others = Book(world, "otherContacts/c", "OTHER_CONTACT")
        self.directory = Book(world, "people/", "DOMAIN_PROFILE")
        self.groups = GroupBook(world)
        self.quota = Quota(world)
        self.searchable: list[Version] = []
        self.in_flight = 0
        self.violations = 0
        self.updates: dict[int, int] = {}

    @property
    def region(self) -> Region:
        """Where the account is at home, for the canonical form of its numbers."""
        return Region(self._calling_code, unparsable=self._world.switches.unparsable_numbers)

    def add_contact(self, content: Content, groups: Iterable[str], picture: Picture | None = None) -> Version:
        """A new contact in these groups. Raises Refusal when the account is full [T]."""
        self.check_room(1)
        check_whole(content, self._world.switches)
        return self.contacts.add(content, self.groups_of_new(groups), picture)

    def check_room(self, count: int) -> None:
        """Whether so many more fit; contacts in the trash count [T]. Raises Refusal."""
        switches = self._world.switches
        full = len(self.contacts.current) + len(self.contacts.trash) + count > switches.contact_cap
        if full and len(self.contacts.current) + len(self.contacts.trashed()) + count > switches.contact_cap:
            status = "FAILED_PRECONDITION" if switches.overflow_code == 400 else ""
            raise Refusal(switches.overflow_code, "MY_CONTACTS_OVERFLOW_COUNT", status)

    def groups_of_new(self, groups: Iterable[str]) -> tuple[str, ...]:
        """The groups of a new contact, by the two switches that concern it [U]."""
        switches = self._world.switches
        chosen = tuple(groups)
        if not chosen:
            return (MY_CONTACTS,) if switches.new_contacts == "my_contacts" else ()
        if switches.user_group_adds_my_contacts and MY_CONTACTS not in chosen:
            return (*chosen, MY_CONTACTS)
        return chosen

    def read_memberships(self, person: JsonObject, had: Iterable[str] = ()) -> tuple[str, ...]:
        """The groups a person is sent with. Raises Refusal: an unknown group, or a system group that is closed [D]."""
        found: dict[str, None] = {}
        for membership in person.get("memberships") or []:
            named = membership.get("contactGroupMembership")
            if named is None:
                continue
            group = self.groups.find(named.get("contactGroupResourceName") or "")
            if group is None:
                raise invalid("Contact group membership names a contact group that does not exist.")
            if group.id not in had:
                check_open(group)
            found[group.id] = None
        return tuple(found)

    def members(self, group: Group) -> list[Version]:
        """The contacts of a group."""
        if group.id == "all":
            return list(self.contacts.versions())
        return [version for version in self.contacts.versions() if group.id in version.groups]

    def member_count(self, group: Group) -> int:
        """How many contacts a group has."""
        return len(self.contacts.current) if group.id == "all" else self.contacts.members(group.id)

    def leave_group(self, group: Group, *, delete_contacts: bool) -> None:
        """Delete a group. Members lose it; one that loses its last group goes to myContacts [U]."""
        for version in self.members(group):
            if delete_contacts:
                self.contacts.delete(version)
            else:
                rest = tuple(each for each in version.groups if each != group.id)
                self.contacts.change(version, groups=rest or (MY_CONTACTS,))
        self.groups.delete(group)


def check_open(group: Group) -> None:
    """Whether a group takes new members: only the user's own, myContacts and starred do [D]. Raises Refusal."""
    if group.system and group.id not in OPEN_SYSTEM_GROUPS:
        raise invalid(f"Cannot add a contact to the deprecated system contact group {group.resource}.")
