"""The practice Google's account as its user works with it by hand, for the simulator."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ringdesk.domain.card import Card, CustomField, Email, Name, PhoneEntry
from ringdesk.providers.google.mapping import were
from ringdesk.sandbox.google import Google
from ringdesk.sandbox.google.book import Version
from ringdesk.sandbox.google.web import JsonObject
from tests.sync.pictures import drawn, seen
from tests.sync.world import TELLS_WITHIN, Made, There

MUTATING = frozenset({"POST", "PATCH", "PUT", "DELETE"})
FOREIGN = "interests"
"""A field that RingDesk does not know; it has to stay as it is."""


class GoogleHand:
    """HandSide of an account at the practice Google."""

    def __init__(self, google: Google, email: str) -> None:
        self._google = google
        self._email = email
        self._account = google.accounts[email]
        self._hand = google.hand(email)
        self._foreign: dict[int, str] = {}
        self._made: list[Made] = []
        self._back: dict[str, float] = {}
        self.repeated: list[str] = []
        """Contacts that the program made again while they were there."""

    def all(self) -> list[There]:
        return [self._there(version) for version in self._account.contacts.versions()]

    def trash(self) -> list[There]:
        return [self._there(version) for version in self._account.contacts.trashed().values()]

    def _there(self, version: Version) -> There:
        content = version.content
        labels = {group.id: group.name for group in self._account.groups.live() if not group.system}
        names = tuple(sorted(labels[one] for one in version.groups if one in labels))
        picture = version.picture
        token = seen(picture.data) if picture is not None and picture.data else ""
        return There(version.name, _card(content, names, token), _mark(version))

    def marked(self) -> dict[str, str]:
        """Our id on every contact, by the contact's own."""
        return {version.name: _mark(version) for version in self._account.contacts.versions()}

    def add(self, card: Card) -> None:
        foreign = f"foreign{len(self._foreign)}"
        name = self._hand.create({**_person(card), FOREIGN: [{"value": foreign}]}, card.groups)
        if card.photo:
            self._hand.photo(name, drawn(card.photo))
        self._foreign[self._found(name).id] = foreign

    def edit(self, remote: str, card: Card) -> None:
        before = self._there(self._found(remote)).card
        self._hand.edit(remote, _person(card))
        if card.photo != before.photo:
            self._hand.photo(remote, drawn(card.photo) if card.photo else b"")
        for label in sorted({*card.groups} - {*before.groups}):
            self._hand.label(remote, label)
        for label in sorted({*before.groups} - {*card.groups}):
            self._hand.unlabel(remote, label)

    def delete(self, remote: str) -> None:
        self._hand.delete(remote)

    def restore(self, remote: str) -> None:
        self._hand.restore(remote)
        self._back[remote] = self._google.world.clock.now()

    def just_back(self, remote: str) -> bool:
        """Whether it was taken out of the trash so short a time ago that a listing need not tell."""
        return self._google.world.clock.now() - self._back.get(remote, -TELLS_WITHIN) < TELLS_WITHIN

    def merge(self, into: str, gone: str, card: Card) -> None:
        del card
        self._hand.merge(into, gone)

    def phantom(self, remote: str) -> None:
        self._hand.touch(remote)

    def rename(self, remote: str) -> None:
        version = self._found(remote)
        if version.profile is None:
            self._hand.link(remote, {"names": [{"givenName": "Profile"}]})
        else:
            self._hand.unlink(remote)

    def came(self, desk: int, remotes: Iterable[str]) -> None:
        """A desk has made these just now."""
        at = self._google.world.clock.now()
        for version in map(self._found, remotes):
            there = self._there(version)
            self._made.append(Made(desk, at, there.card, there.id, _was(version)))

    def made(self) -> list[Made]:
        return self._made

    def current(self, remote: str) -> str:
        version = self._account.contacts.find(remote)
        return remote if version is None else version.name

    def mutations(self) -> int:
        return sum(one.verb in MUTATING and bool(one.method) for one in self._google.log.entries)

    def sent(self) -> str:
        return "\n".join(one.body.decode("utf-8", "replace") for one in self._google.log.entries if one.body)

    def harmed(self) -> list[str]:
        versions = {version.id: version for version in self._account.contacts.versions()}
        wrong = [
            f"{foreign} of {versions[id].name} was changed"
            for id, foreign in self._foreign.items()
            if id in versions and {"value": foreign} not in versions[id].content.get(FOREIGN, ())
        ]
        if self._account.violations:
            wrong.append(f"{self._account.violations} mutations while another was in flight")
        return wrong + self.repeated

    def _found(self, name: str) -> Version:
        version = self._account.contacts.find(name)
        if version is None:
            raise LookupError(name)
        return version


def _mark(version: Version) -> str:
    return _own(version, "ringdesk.id")


def _own(version: Version, key: str) -> str:
    """What the program has written there for itself."""
    return next((one["value"] for one in version.content.get("clientData", ()) if one.get("key") == key), "")


def _was(version: Version) -> frozenset[str]:
    """The ids under which the program says that it lay there before."""
    return frozenset(were((one.get("key"), one["value"]) for one in version.content.get("clientData", ())))


def _card(content: Mapping[str, Sequence[JsonObject]], groups: tuple[str, ...], photo: str) -> Card:
    def values(field: str, make: Any, *keys: str) -> tuple[Any, ...]:
        return tuple([make(*[item.get(key, "") for key in keys]) for item in content.get(field, ())])

    names = values("names", Name, "honorificPrefix", "givenName", "middleName", "familyName", "honorificSuffix")
    return Card(
        name=names[0] if names else Name(),
        phones=values("phoneNumbers", PhoneEntry, "value", "type"),
        emails=values("emailAddresses", Email, "value", "type"),
        custom=values("userDefined", CustomField, "key", "value"),
        note=next((item.get("value", "") for item in content.get("biographies", ())), ""),
        groups=groups,
        photo=photo,
    )


def _person(card: Card) -> JsonObject:
    name = {"givenName": card.name.given, "familyName": card.name.family}
    return {
        "names": [{key: part for key, part in name.items() if part}] if card.name.full else [],
        "phoneNumbers": [_valued(phone.value, phone.label) for phone in card.phones],
        "emailAddresses": [_valued(email.value, email.label) for email in card.emails],
        "userDefined": [{"key": one.key, "value": one.value} for one in card.custom],
        "biographies": [{"value": card.note, "contentType": "TEXT_PLAIN"}] if card.note else [],
    }


def _valued(value: str, label: str) -> JsonObject:
    return {"value": value, **({"type": label} if label else {})}
