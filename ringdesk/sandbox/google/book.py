"""One book of contacts: its versions, its trash, and the slower replica that sync requests read.

A version is never changed, only followed by the next one. A write is current at once and arrives at the replica
later [D: several minutes]. What has arrived is numbered in the order of arrival, not of writing, so that a write
with a long delay is not lost to a sync token given out while it was on its way.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from ringdesk.sandbox.google.clock import DAY
from ringdesk.sandbox.google.content import Content
from ringdesk.sandbox.google.etags import source_etag
from ringdesk.sandbox.google.pictures import Picture
from ringdesk.sandbox.google.world import World

Pieces = tuple[str, ...]
"""The items of one field, each as JSON text."""


@dataclass(frozen=True, slots=True)
class Profile:
    """The Google account a contact is linked to, which mixes its own items in [D]."""

    id: str
    content: Content
    picture: Picture | None = None


@dataclass(slots=True)
class Version:
    """One state of one contact. Nothing but the cache of serialised pieces ever changes in it."""

    id: int
    name: str
    content: Content
    groups: tuple[str, ...] = ()
    picture: Picture | None = None
    profile: Profile | None = None
    kind: str = "CONTACT"
    number: int = 0
    etag: str = ""
    updated: int = 0
    deleted: bool = False
    pieces: dict[str, Pieces] = field(default_factory=dict)

    @property
    def hex(self) -> str:
        """The id of its contact source: the number of its first resource name in hexadecimal [R]."""
        return f"{self.id:x}"


@dataclass(frozen=True, slots=True)
class Change:
    """What arrived at the replica: a version, and the name it had before when that changed.

    `farewell`: only a former name is gone, the contact lives on under another.
    """

    version: Version
    former: str = ""
    farewell: bool = False


class Book:
    """The contacts of one kind in one account."""

    def __init__(self, world: World, prefix: str = "people/c", kind: str = "CONTACT") -> None:
        self._world = world
        self._prefix = prefix
        self._kind = kind
        self._pending: list[tuple[float, int, Change]] = []
        self._arrived: dict[int, int] = {}
        self._log: list[Change] = []
        self._by_name: dict[str, int] = {}
        self._members: dict[str, int] = {}
        self.current: dict[int, Version] = {}
        self.replica: dict[int, Version] = {}
        self.trash: dict[int, tuple[float, Version]] = {}

    def add(self, content: Content, groups: tuple[str, ...], picture: Picture | None = None) -> Version:
        """A new contact."""
        identity = self._world.number(63)
        draft = Version(identity, f"{self._prefix}{identity}", content, groups, picture, kind=self._kind)
        self._by_name[draft.name] = identity
        return self._write(draft)

    def change(
        self,
        old: Version,
        *,
        content: Content | None = None,
        groups: tuple[str, ...] | None = None,
        picture: Picture | None = None,
    ) -> Version:
        """The next version of a contact, with what is given replaced; `picture` with an empty key takes it away."""
        kept = {name: items for name, items in (old.content if content is None else content).items() if items}
        shown = old.picture if picture is None else (picture if picture.key else None)
        return self._write(
            replace(old, content=kept, groups=old.groups if groups is None else groups, picture=shown, pieces={})
        )

    def relink(self, old: Version, profile: Profile | None) -> Version:
        """Link a contact to an account or unlink it; its resource name changes [D]."""
        name = f"{self._prefix}{self._world.number(63)}"
        self._by_name[name] = old.id
        if self._world.switches.relink_tombstone:
            self._push(Change(replace(old, deleted=True, pieces={}), farewell=True))
        return self._write(replace(old, name=name, profile=profile, pieces={}), former=old.name)

    def repaint(self, old: Version, picture: Picture | None) -> Version:
        """Another photo that leaves etag and deltas alone [U]."""
        version = replace(old, picture=picture, pieces={})
        self.current[old.id] = version
        if old.id in self.replica:
            self.replica[old.id] = version
        return version

    def touch(self, old: Version, *, silent: bool = False) -> Version:
        """A new etag without new content [T]; silent: deltas do not tell [U]."""
        if not silent:
            return self._write(replace(old, pieces={}))
        version = self._stamped(replace(old, pieces={}))
        del self.current[old.id]
        self.current[old.id] = version  # last changed last, so that a listing can be read on from any of them
        if old.id in self.replica:
            self.replica[old.id] = version
        return version

    def delete(self, old: Version) -> None:
        """Put a contact in the trash; sync requests will show a tombstone."""
        gone = self._stamped(replace(old, deleted=True, pieces={}))
        self._drop(old.id)
        self.trash[old.id] = (self._world.now(), old)
        self._push(Change(gone))

    def tombstone(self, last: Version) -> Version:
        """How a deleted contact is told of, whatever of it had arrived before."""
        return last if last.deleted else replace(last, deleted=True, pieces={})

    def restore(self, old: Version) -> Version:
        """Take a contact out of the trash."""
        del self.trash[old.id]
        self._by_name[old.name] = old.id
        return self._write(replace(old, pieces={}))

    def former(self, version: Version, name: str) -> None:
        """Say that a contact once had this name, as a merge does; the next delta tells."""
        self._by_name[name] = version.id
        self._push(Change(version, name))

    def find(self, name: str) -> Version | None:
        """The contact of a resource name, former ones included by switch [U]."""
        version = self.current.get(self._by_name.get(name, 0))
        if version is None or (version.name != name and not self._world.switches.old_names_resolve):
            return None
        return version

    def trashed(self) -> dict[str, Version]:
        """What is in the trash, by resource name; what is too old is gone [T: 30 days]."""
        limit = self._world.now() - self._world.switches.trash_days * DAY
        for identity in [each for each, (when, _) in self.trash.items() if when <= limit]:
            del self.trash[identity]
        return {version.name: version for _, version in self.trash.values()}

    def settle(self, *, everything: bool = False) -> int:
        """Let arrive what is due, or everything; how much has arrived, which a sync token remembers."""
        now = self._world.now()
        while self._pending and (everything or self._pending[0][0] <= now):
            self._arrive(heapq.heappop(self._pending)[2])
        return len(self._log)

    def changes_after(self, arrived: int) -> list[Change]:
        """What arrived since then, in the order of arrival."""
        return self._log[arrived:]

    def versions(self) -> Iterator[Version]:
        """Every live contact, last changed last [D: LAST_MODIFIED_ASCENDING]."""
        return iter(self.current.values())

    def members(self, group: str) -> int:
        """How many live contacts a group has; kept with every write, so that a large book is not walked for it."""
        return self._members.get(group, 0)

    def _stamped(self, draft: Version) -> Version:
        number = self._world.next_sequence()
        return replace(draft, number=number, etag=source_etag(draft.id, number), updated=self._world.next_stamp())

    def _write(self, draft: Version, former: str = "") -> Version:
        version = self._stamped(draft)
        self._drop(version.id)
        self.current[version.id] = version
        for group in version.groups:
            self._members[group] = self._members.get(group, 0) + 1
        self._push(Change(version, former))
        return version

    def _drop(self, identity: int) -> None:
        last = self.current.pop(identity, None)
        for group in last.groups if last else ():
            self._members[group] -= 1

    def _push(self, change: Change) -> None:
        heapq.heappush(self._pending, (self._world.next_arrival(), self._world.next_sequence(), change))
        self.settle()

    def _arrive(self, change: Change) -> None:
        version = change.version
        if change.farewell:
            self._log.append(change)
        elif self._arrived.get(version.id, 0) <= version.number:
            self._arrived[version.id] = version.number
            self.replica.pop(version.id, None)
            if not version.deleted:
                self.replica[version.id] = version
            self._log.append(change)
        elif change.former and version.id in self.replica:
            self._log.append(Change(self.replica[version.id], change.former))
