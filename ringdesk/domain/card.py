"""The contact card: everything that can be written on it, as plain values.

The fields are those of Google's People API v1 (discovery document, revision 20251117) that a contact source may
hold, so that a sync maps them one to one. Lists keep the order they were entered in; merging treats them as sets.
"""

from __future__ import annotations

from ringdesk.domain.values import dataclass
from ringdesk.domain.words import EAST_ASIAN, family_first, fold


@dataclass(frozen=True, slots=True)
class Name:
    """All parts of a personal name; any of them may be empty."""

    prefix: str = ""
    given: str = ""
    middle: str = ""
    family: str = ""
    suffix: str = ""
    phonetic_given: str = ""
    phonetic_middle: str = ""
    phonetic_family: str = ""

    @property
    def full(self) -> str:
        """The name as one reads it aloud: prefix, given, middle, family, suffix; in East Asia the family first."""
        first, last = self.given, self.family
        if first >= EAST_ASIAN and family_first(first, last):
            first, last = last, first
        if not (self.prefix or self.middle or self.suffix):
            return f"{first} {last}" if first and last else first or last
        parts = (self.prefix, first, self.middle, last, self.suffix)
        return " ".join([part for part in parts if part])

    @property
    def sort_key(self) -> str:
        """Folded text by which a list of people is ordered: in the order it is shown, without its prefix."""
        first, last = self.given, self.family
        if first >= EAST_ASIAN and family_first(first, last):
            first, last = last, first
        return fold(" ".join(part for part in (first, self.middle, last, self.suffix) if part) or self.full)


def split_name(text: str) -> Name:
    """A name that is known as one text only: the last word is taken for the family name, in East Asia the first.

    Right for most names; where it is wrong, the name still reads and sorts as it was written.
    """
    words = text.split()
    if len(words) < 2:
        return Name(given=" ".join(words))
    if family_first(words[-1], words[0]):
        return Name(given=" ".join(words[1:]), family=words[0])
    return Name(given=" ".join(words[:-1]), family=words[-1])


@dataclass(frozen=True, slots=True)
class PhoneEntry:
    """A phone number as typed, with its label (mobile, work, ... or free text)."""

    value: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Email:
    """An e-mail address with its label."""

    value: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Organization:
    """A company or body the contact works for or belongs to."""

    name: str = ""
    title: str = ""
    department: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class Address:
    """A postal address; `formatted` holds it whole where only that is known."""

    street: str = ""
    extended: str = ""
    po_box: str = ""
    city: str = ""
    region: str = ""
    postal_code: str = ""
    country: str = ""
    formatted: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class Url:
    """A web address with its label."""

    value: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Birthday:
    """A day of birth; the year is None where only the day is known (year 0 in the People API)."""

    month: int
    day: int
    year: int | None = None

    def __post_init__(self) -> None:
        longest = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
        if not (1 <= self.month <= 12 and 1 <= self.day <= longest[self.month - 1]):
            raise ValueError(f"no such day: month {self.month}, day {self.day}")
        if self.year is not None and not 1 <= self.year <= 9999:
            raise ValueError(f"no such year: {self.year}")

    def __str__(self) -> str:
        year = "--" if self.year is None else f"{self.year:04d}-"
        return f"{year}{self.month:02d}-{self.day:02d}"


@dataclass(frozen=True, slots=True)
class Relation:
    """Another person, and what they are to the contact (spouse, assistant, ...)."""

    person: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class CustomField:
    """A field the user named."""

    key: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One contact's content. Two cards are equal when everything written on them is."""

    name: Name = Name()
    nicknames: tuple[str, ...] = ()
    phones: tuple[PhoneEntry, ...] = ()
    emails: tuple[Email, ...] = ()
    organizations: tuple[Organization, ...] = ()
    addresses: tuple[Address, ...] = ()
    urls: tuple[Url, ...] = ()
    birthday: Birthday | None = None
    relations: tuple[Relation, ...] = ()
    note: str = ""
    custom: tuple[CustomField, ...] = ()
    groups: tuple[str, ...] = ()
    photo: str = ""
    """The SHA-256 of the picture's bytes in hex, or empty; the bytes live in the store."""

    @property
    def company(self) -> str:
        """The first organization that has a name."""
        for organization in self.organizations:
            if organization.name:
                return organization.name
        return ""

    @property
    def title(self) -> str:
        """The role at the first organization that has one."""
        return next((o.title for o in self.organizations if o.title), "")

    @property
    def named(self) -> bool:
        """True when a person has said who this is: a name, a nickname, an organization or an e-mail."""
        return bool(self.emails or self.nicknames or self.name.full or self.company)

    @property
    def display_name(self) -> str:
        """What the list shows: the name, else nickname, company, e-mail, number; empty for an empty card."""
        if full := self.name.full:
            return full
        candidates = (
            *self.nicknames[:1],
            self.company,
            *(e.value for e in self.emails[:1]),
            *(p.value for p in self.phones[:1]),
        )
        return next((text for text in candidates if text), "")

    @property
    def sort_key(self) -> str:
        """Folded text by which the list is ordered."""
        return self.name.sort_key or fold(self.display_name)
