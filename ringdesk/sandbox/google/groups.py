"""Contact groups: the system's own, the user's, their names, etags and tombstones."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from ringdesk.sandbox.google.clock import stamp
from ringdesk.sandbox.google.etags import source_etag
from ringdesk.sandbox.google.fields import SYSTEM_GROUPS
from ringdesk.sandbox.google.web import JsonObject
from ringdesk.sandbox.google.world import World

DEFAULT_FIELDS = ("metadata", "groupType", "memberCount", "name")
"""What groupFields is when not set [D]."""

VALID_FIELDS = ("clientData", *DEFAULT_FIELDS)
"""The valid paths of groupFields [D]."""


@dataclass(slots=True)
class Group:
    """One contact group; a system group has neither etag nor metadata [R]."""

    id: str
    name: str
    formatted: str
    system: bool = False
    etag: str = ""
    updated: int = 0
    change: int = 0
    deleted: bool = False
    client_data: list[JsonObject] = field(default_factory=list)

    @property
    def resource(self) -> str:
        """Its resource name."""
        return f"contactGroups/{self.id}"


class GroupBook:
    """The groups of one account."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._number = 0
        self._groups: dict[str, Group] = {
            name: Group(name, name, formatted, system=True) for name, formatted in SYSTEM_GROUPS.items()
        }

    def live(self) -> list[Group]:
        """Every group that is not deleted, the system's first."""
        return [group for group in self._groups.values() if not group.deleted]

    def changes_after(self, number: int) -> list[Group]:
        """The groups changed or deleted since a sync token was made."""
        return [group for group in self._groups.values() if group.change > number]

    @property
    def number(self) -> int:
        """The number of the newest change, which a group sync token remembers."""
        return self._number

    def find(self, resource: str) -> Group | None:
        """The live group of a resource name."""
        group = self._groups.get(resource.removeprefix("contactGroups/"))
        return group if group and not group.deleted and resource == group.resource else None

    def named(self, name: str) -> Group | None:
        """The live group of a name; names are unique for a user [D]."""
        return next((group for group in self.live() if group.name == name), None)

    def add(self, name: str, client_data: Iterable[JsonObject] = ()) -> Group:
        """A new group of the user."""
        identity = f"{self._world.number(61):x}"
        group = Group(identity, name, name, client_data=list(client_data))
        self._groups[identity] = group
        return self.changed(group)

    def rename(self, group: Group, name: str) -> Group:
        """Give a group another name."""
        group.name = group.formatted = name
        return self.changed(group)

    def delete(self, group: Group) -> None:
        """Delete a group; its tombstone stays for those who sync."""
        group.deleted = True
        self.changed(group)

    def changed(self, group: Group) -> Group:
        """Give a group a new etag and a place in the next delta."""
        self._number += 1
        group.change = self._number
        group.updated = self._world.next_stamp()
        group.etag = source_etag(int(group.id, 16), self._world.next_sequence()) if not group.system else ""
        return group


def group_json(group: Group, fields: Iterable[str], members: int = 0, names: Iterable[str] = ()) -> JsonObject:
    """A group as Google shows it: zero and empty are left out, as in all of its JSON [R]."""
    wanted = frozenset(fields)
    shown: JsonObject = {"resourceName": group.resource}
    if group.etag:
        shown["etag"] = group.etag
    if "metadata" in wanted and not group.system:
        shown["metadata"] = {"updateTime": stamp(group.updated)} | ({"deleted": True} if group.deleted else {})
    if group.deleted:
        return shown
    if "groupType" in wanted:
        shown["groupType"] = "SYSTEM_CONTACT_GROUP" if group.system else "USER_CONTACT_GROUP"
    if "name" in wanted:
        shown |= {"name": group.name, "formattedName": group.formatted}
    if "memberCount" in wanted and members:
        shown["memberCount"] = members
    return shown | _extras(group, wanted, list(names))


def _extras(group: Group, wanted: frozenset[str], names: list[str]) -> JsonObject:
    extras: JsonObject = {}
    if names:
        extras["memberResourceNames"] = names
    if "clientData" in wanted and group.client_data:
        extras["clientData"] = group.client_data
    return extras
