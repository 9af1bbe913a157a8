"""A contact while it is being read: lists to add to, and the card they become."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, NamedTuple

from ringdesk.domain.card import (
    Address,
    Birthday,
    Card,
    CustomField,
    Email,
    Name,
    Organization,
    PhoneEntry,
    Relation,
    Url,
    split_name,
)
from ringdesk.domain.dates import DayOrder
from ringdesk.files.labels import kept_groups
from ringdesk.files.parts import birthday, day_order


class Labelled(NamedTuple):
    """A value, its label, and the vCard group that may name it otherwise."""

    value: str
    label: str
    group: str = ""


@dataclass(slots=True)
class OrganizationDraft:
    """One organization whose parts come on several lines."""

    group: str = ""
    name: str = ""
    department: str = ""
    title: str = ""
    label: str = ""
    declared: bool = False
    """True once an ORG line was read, even an empty one."""


@dataclass(slots=True)
class AddressDraft:
    """One postal address in the order of a vCard: box, extended, street, city, region, code, country."""

    parts: tuple[str, str, str, str, str, str, str]
    label: str = ""
    group: str = ""
    formatted: str = ""


_NO_NAME: Final = Name()


@dataclass(slots=True)
class Draft:
    """All that was read of one contact so far."""

    name: Name | None = None
    full: str = ""
    phonetic: dict[str, str] = field(default_factory=dict)
    nicknames: list[str] = field(default_factory=list)
    phones: list[Labelled] = field(default_factory=list)
    emails: list[Labelled] = field(default_factory=list)
    organizations: list[OrganizationDraft] = field(default_factory=list)
    addresses: list[AddressDraft] = field(default_factory=list)
    urls: list[Labelled] = field(default_factory=list)
    birthday: Birthday | None = None
    relations: list[Labelled] = field(default_factory=list)
    dates: list[Labelled] = field(default_factory=list)
    custom: list[CustomField] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    groups: list[str] = field(default_factory=list)
    labels: dict[str, str] = field(default_factory=dict)
    """The label a vCard group gives to its properties."""

    order: DayOrder | None = None
    """How a date that can be read in two ways is to be read."""

    orders: list[DayOrder] = field(default_factory=list)
    """What dates told of the order in their file."""

    unclear: list[str] = field(default_factory=list)
    """Dates that can be read in two ways."""

    lost: dict[str, None] = field(default_factory=dict)
    """Names of what was read and has no place, in order."""

    def lose(self, name: str) -> None:
        """Remember that something has no place here."""
        self.lost[name] = None

    def day(self, text: str) -> Birthday | None:
        """The day a text means; remembers what it tells of the order of days and months."""
        order, either = day_order(text)
        if order is not None:
            self.orders.append(order)
        if either:
            self.unclear.append(text)
        return birthday(text, order=self.order)

    def card(self, photo: str = "") -> Card:
        """The card all this makes."""
        label = self._label
        plain = not self.labels
        return Card(
            name=self._name(),
            nicknames=tuple(self.nicknames),
            phones=tuple([PhoneEntry(p.value, p.label if plain else label(p)) for p in self.phones]),
            emails=tuple([Email(e.value, e.label if plain else label(e)) for e in self.emails]),
            organizations=self._organizations() if self.organizations else (),
            addresses=tuple([_address(a, self.labels.get(a.group, a.label)) for a in self.addresses]),
            urls=tuple([Url(u.value, label(u)) for u in self.urls]),
            birthday=self.birthday,
            relations=tuple([Relation(r.value, label(r)) for r in self.relations]),
            note="\n".join(self.notes),
            custom=self._custom(),
            groups=kept_groups(self.groups) if self.groups else (),
            photo=photo,
        )

    def _label(self, item: Labelled) -> str:
        return self.labels.get(item.group, item.label) if self.labels and item.group else item.label

    def _name(self) -> Name:
        """The structured name; where there is none, the full text, unless it only repeats something else."""
        name = self.name or _NO_NAME
        if self.full and not name.full and self.full not in self._repeated():
            name = split_name(self.full)
        if self.phonetic:
            name = Name(name.prefix, name.given, name.middle, name.family, name.suffix, **self.phonetic)
        return name

    def _repeated(self) -> set[str]:
        """What a full name may only repeat: a company; and where the file says that there is no name, anything."""
        companies = {o.name for o in self.organizations}
        if self.name is None:
            return companies
        return companies | {item.value for item in (*self.phones, *self.emails)} | set(self.nicknames)

    def _organizations(self) -> tuple[Organization, ...]:
        """Organizations that say something; titles that stand alone go to the organizations that have none."""
        if len(self.organizations) == 1:
            o = self.organizations[0]
            said = o.name or o.title or o.department
            return (Organization(o.name, o.title, o.department, self.labels.get(o.group, o.label)),) if said else ()
        kept: list[OrganizationDraft] = []
        free = [o for o in self.organizations if o.declared and not o.title and (o.name or o.department)]
        for draft in self.organizations:
            if not draft.declared and free:
                free.pop(0).title = draft.title
            elif draft.name or draft.title or draft.department:
                kept.append(draft)
        return tuple(Organization(o.name, o.title, o.department, self.labels.get(o.group, o.label)) for o in kept)

    def _custom(self) -> tuple[CustomField, ...]:
        if not self.dates:
            return tuple(self.custom)
        dates = (CustomField(self._label(d), d.value) for d in self.dates)
        return (*self.custom, *(d for d in dict.fromkeys(dates) if d not in self.custom))


def _address(draft: AddressDraft, label: str) -> Address:
    box, extended, street, city, region, code, country = draft.parts
    return Address(street, extended, box, city, region, code, country, draft.formatted, label)
