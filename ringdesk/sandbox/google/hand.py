"""What people do by hand in Google's own pages, between any two requests of a program."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ringdesk.sandbox.google.account import MY_CONTACTS, Account
from ringdesk.sandbox.google.book import Profile, Version
from ringdesk.sandbox.google.content import Content, read_content
from ringdesk.sandbox.google.errors import Refusal
from ringdesk.sandbox.google.fields import SINGLETONS, WRITABLE
from ringdesk.sandbox.google.groups import Group
from ringdesk.sandbox.google.pictures import NoPicture, Picture, make_picture
from ringdesk.sandbox.google.picturing import NO_PICTURE
from ringdesk.sandbox.google.web import JsonObject
from ringdesk.sandbox.google.world import World


class HandError(ValueError):
    """What was to be done by hand cannot be done; the message says why."""


class Hand:
    """A person at contacts.google.com, signed in to one account. Names are resource names."""

    def __init__(self, world: World, account: Account) -> None:
        self._world = world
        self._account = account

    def create(self, person: JsonObject, labels: Sequence[str] = ()) -> str:
        """Add a contact with these labels; the new resource name. It also lands in myContacts."""
        content = self._read(person, WRITABLE)
        groups = [MY_CONTACTS, *(self._label(label).id for label in labels)]
        try:
            return self._account.add_contact(content, groups).name
        except Refusal as refusal:
            raise HandError(refusal.message) from refusal

    def edit(self, name: str, person: JsonObject) -> str:
        """Replace the fields the person has; an empty list clears a field."""
        version = self._find(name)
        content = {**version.content, **self._read(person, [field for field in WRITABLE if field in person])}
        return self._account.contacts.change(version, content=content).name

    def delete(self, name: str) -> str:
        """Put a contact in the trash."""
        self._account.contacts.delete(self._find(name))
        return name

    def restore(self, name: str) -> str:
        """Take a contact out of the trash."""
        version = self._account.contacts.trashed().get(name)
        if version is None:
            raise HandError(f"{name} is not in the trash")
        return self._account.contacts.restore(version).name

    def empty_trash(self) -> int:
        """Delete for good what is in the trash; how many."""
        count = len(self._account.contacts.trash)
        self._account.contacts.trash.clear()
        return count

    def merge(self, keep: str, other: str) -> str:
        """Merge two contacts: one changes, the other is deleted [T]."""
        kept, lost = self._find(keep), self._find(other)
        if kept.id == lost.id:
            raise HandError("a contact cannot be merged with itself")
        contacts = self._account.contacts
        groups = tuple(dict.fromkeys([*kept.groups, *lost.groups]))
        picture = kept.picture or lost.picture
        merged = contacts.change(kept, content=self._merged(kept, lost), groups=groups, picture=picture)
        contacts.delete(lost)
        if self._world.switches.merge_lists_previous:
            contacts.former(merged, lost.name)
        return merged.name

    def label(self, name: str, label: str) -> str:
        """Put a contact under a label; the label is made when it does not exist."""
        version, group = self._find(name), self._label(label)
        groups = tuple(dict.fromkeys([*version.groups, group.id]))
        return self._account.contacts.change(version, groups=groups).name

    def unlabel(self, name: str, label: str) -> str:
        """Take a label off a contact; without any it stays in myContacts."""
        version, group = self._find(name), self._label(label)
        groups = tuple(each for each in version.groups if each != group.id)
        return self._account.contacts.change(version, groups=groups or (MY_CONTACTS,)).name

    def create_label(self, label: str) -> str:
        """Make a label, or find it; its resource name."""
        return self._label(label).resource

    def rename_label(self, label: str, new: str) -> str:
        """Rename a label."""
        if self._account.groups.named(new):
            raise HandError(f"there is a label {new} already")
        return self._account.groups.rename(self._label(label), new).resource

    def delete_label(self, label: str, *, delete_contacts: bool = False) -> str:
        """Delete a label, and its contacts when so wished."""
        group = self._label(label)
        self._account.leave_group(group, delete_contacts=delete_contacts)
        return group.resource

    def photo(self, name: str, data: bytes = b"", key: str = "") -> str:
        """Change a contact's photo: to this PNG or JPEG, to a painted one of this key, or to none."""
        try:
            picture = make_picture(data) if data else Picture(key) if key else NO_PICTURE
        except NoPicture as error:
            raise HandError(str(error)) from error
        self._world.pictures[picture.key] = picture
        return self._account.contacts.change(self._find(name), picture=picture).name

    def touch(self, name: str) -> str:
        """Write the contact a mail: its etag changes, its content does not [T]."""
        silent = not self._world.switches.phantom_in_delta
        return self._account.contacts.touch(self._find(name), silent=silent).name

    def link(self, name: str, profile: JsonObject) -> str:
        """Link a contact to a Google account by a verified address: it gets a new resource name [D]."""
        content = self._read(profile, WRITABLE)
        identity = str(self._world.number(66))
        linked = Profile(identity, content, Picture(f"profile{identity}"))
        return self._account.contacts.relink(self._find(name), linked).name

    def unlink(self, name: str) -> str:
        """Undo a link: again a new resource name [D]."""
        return self._account.contacts.relink(self._find(name), None).name

    def write_to(self, person: JsonObject) -> str:
        """Write a mail to someone unknown: an Other contact comes to be."""
        return self._account.others.add(self._read(person, WRITABLE), ()).name

    def _merged(self, kept: Version, lost: Version) -> Content:
        content: Content = {}
        for field in dict.fromkeys([*kept.content, *lost.content]):
            ours, theirs = kept.content.get(field, ()), lost.content.get(field, ())
            if field in SINGLETONS:
                content[field] = ours or theirs
            else:
                content[field] = ours + tuple(item for item in theirs if item not in ours)
        return content | self._merged_client_data(kept, lost)

    def _merged_client_data(self, kept: Version, lost: Version) -> Content:
        ours, theirs = kept.content.get("clientData", ()), lost.content.get("clientData", ())
        match self._world.switches.merge_client_data:
            case "both":
                return {"clientData": ours + tuple(item for item in theirs if item not in ours)}
            case "survivor":
                return {"clientData": ours}
            case "none":
                return {"clientData": ()}

    def _find(self, name: str) -> Version:
        version = self._account.contacts.find(name)
        if version is None:
            raise HandError(f"{name} is not a contact of {self._account.email}")
        return version

    def _label(self, label: str) -> Group:
        return self._account.groups.named(label) or self._account.groups.add(label)

    def _read(self, person: Mapping[str, object], fields: Sequence[str]) -> Content:
        try:
            return read_content(dict(person), fields, self._account.region, self._world.switches)
        except Refusal as refusal:
            raise HandError(refusal.message) from refusal
