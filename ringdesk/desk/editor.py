"""The editor without Qt: a card as rows of a form, and back; what is wrong with a form; what changed.

The form holds what the user typed. Rows that say nothing are dropped, unless the card came with them: what was there
before and was not touched is saved as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields, replace
from enum import Enum
from typing import Any, Final

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
)
from ringdesk.domain.contact import Contact, Marks
from ringdesk.domain.document import FIELDS
from ringdesk.domain.numbering import parse
from ringdesk.domain.phone import Number

LISTS: Final = (
    "nicknames", "phones", "emails", "organizations", "addresses", "urls", "relations", "custom", "groups",
)  # several to a line  # fmt: skip
"""The fields of a card that are rows of a form."""


NOTHING: Final = Card()
NO_MARKS: Final = Marks()


@dataclass(frozen=True, slots=True)
class BirthdayText:
    """A birthday as it is typed: day and year as text, the month chosen (0: none)."""

    day: str = ""
    month: int = 0
    year: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """What the editor shows. The lists hold the values of `domain.card`, some of them still empty."""

    name: Name = field(default_factory=Name)
    nicknames: tuple[str, ...] = ()
    phones: tuple[PhoneEntry, ...] = ()
    emails: tuple[Email, ...] = ()
    organizations: tuple[Organization, ...] = ()
    addresses: tuple[Address, ...] = ()
    urls: tuple[Url, ...] = ()
    birthday: BirthdayText = field(default_factory=BirthdayText)
    relations: tuple[Relation, ...] = ()
    note: str = ""
    custom: tuple[CustomField, ...] = ()
    groups: tuple[str, ...] = ()
    photo: str = ""
    shared: bool = False
    marks: Marks = field(default_factory=Marks)


class Wrong(Enum):
    """What is wrong with a field of the form."""

    NOTHING = "the whole card is empty"
    NO_SUCH_DAY = "the calendar has no such day"
    BAD_YEAR = "the year is no year"
    HALF_BIRTHDAY = "day or month is missing"
    NO_AT = "an e-mail address has an @"
    NO_KEY = "the own field has no name"


@dataclass(frozen=True, slots=True)
class Fault:
    """A field that has to be put right: which field of the form, which row of it, and what is wrong."""

    field: str
    row: int
    wrong: Wrong


def form_of(card: Card, *, shared: bool = False, marks: Marks = NO_MARKS) -> Form:
    """The form that shows a card."""
    born = card.birthday
    typed = BirthdayText() if born is None else BirthdayText(str(born.day), born.month, str(born.year or ""))
    plain = {f.name: getattr(card, f.name) for f in fields(Card) if f.name != "birthday"}
    return Form(birthday=typed, shared=shared, marks=marks, **plain)


def form_of_contact(contact: Contact) -> Form:
    """The form that shows a contact."""
    return form_of(contact.card, shared=contact.shared, marks=contact.marks)


def card_of(form: Form, original: Card = NOTHING) -> Card:
    """The card a form stands for. Raises ValueError where `faults` finds something in the birthday."""
    lists: dict[str, Any] = {name: _kept(getattr(form, name), getattr(original, name)) for name in LISTS}
    name = form.name if form.name == original.name else _trimmed(form.name)
    note = form.note if form.note == original.note else form.note.strip()
    return Card(name=name, note=note, photo=form.photo, birthday=_birthday(form.birthday), **lists)


def changed(form: Form, original: Form) -> bool:
    """True when closing the editor would lose something."""
    before, now = _essence(original), _essence(form)
    return before != now


def faults(form: Form, original: Card = NOTHING) -> Sequence[Fault]:
    """Everything that has to be put right before a form can be saved, in the order of the form."""
    found = [*_email_faults(form, original), *_birthday_faults(form.birthday), *_custom_faults(form, original)]
    if not found and card_of(form, original) == NOTHING:
        found = [Fault("name", 0, Wrong.NOTHING)]
    return found


def reading(text: str, region: str) -> Number | None:
    """How a number is understood while it is typed; None for nothing."""
    return parse(text, region) if text.strip() else None


@dataclass(frozen=True, slots=True)
class Rebased:
    """My edit put on top of somebody else's: the card, and the fields that both changed, where mine stands."""

    card: Card
    clashes: tuple[str, ...]


def rebase(before: Card, mine: Card, theirs: Card) -> Rebased:
    """Put my edit of a card on top of what it became meanwhile, field by field."""
    made: dict[str, Any] = {}
    clashes: list[str] = []
    for name in FIELDS:
        old, ours, other = getattr(before, name), getattr(mine, name), getattr(theirs, name)
        made[name] = other if ours == old else ours
        if old not in (ours, other) and ours != other:
            clashes.append(name)
    return Rebased(Card(**made), tuple(clashes))


def _kept(rows: Sequence[Any], before: Sequence[Any]) -> tuple[Any, ...]:
    return tuple(new for row in rows if _says_something(new := row if row in before else _trimmed(row), before))


def _says_something(row: Any, before: Sequence[Any]) -> bool:
    return row in before or any(_texts(row, without_label=True))


def _texts(row: Any, *, without_label: bool) -> list[str]:
    if isinstance(row, str):
        return [row]
    return [getattr(row, f.name) for f in fields(row) if not (without_label and f.name == "label")]


def _trimmed(row: Any) -> Any:
    if isinstance(row, str):
        return row.strip()
    return replace(row, **{f.name: getattr(row, f.name).strip() for f in fields(row)})


def _birthday(typed: BirthdayText) -> Birthday | None:
    if not _begun(typed):
        return None
    year = typed.year.strip()
    return Birthday(typed.month, int(typed.day), int(year) if year else None)


def _begun(typed: BirthdayText) -> bool:
    return bool(typed.day.strip() or typed.month or typed.year.strip())


def _birthday_faults(typed: BirthdayText) -> list[Fault]:
    if not _begun(typed):
        return []
    if not typed.day.strip() or not typed.month:
        return [Fault("birthday", 0, Wrong.HALF_BIRTHDAY)]
    year = typed.year.strip()
    if year and not (year.isascii() and year.isdigit() and 1 <= int(year[:6]) <= 9999):
        return [Fault("birthday", 0, Wrong.BAD_YEAR)]
    return [] if _possible(typed) else [Fault("birthday", 0, Wrong.NO_SUCH_DAY)]


def _possible(typed: BirthdayText) -> bool:
    day, year = typed.day.strip(), typed.year.strip()
    if not (day.isascii() and day.isdigit() and len(day) <= 2):
        return False
    leap = not year or (int(year) % 4 == 0 and (int(year) % 100 != 0 or int(year) % 400 == 0))
    longest = (31, 29 if leap else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)[typed.month - 1]
    return 1 <= int(day) <= longest


def _email_faults(form: Form, original: Card) -> list[Fault]:
    def good(value: str) -> bool:
        name, _, host = value.strip().rpartition("@")
        return bool(name and host) and " " not in value.strip()

    return _row_faults(
        form.emails, original.emails, Wrong.NO_AT, "emails", lambda e: not e.value.strip() or good(e.value)
    )


def _custom_faults(form: Form, original: Card) -> list[Fault]:
    return _row_faults(
        form.custom, original.custom, Wrong.NO_KEY, "custom", lambda c: bool(c.key.strip() or not c.value.strip())
    )


def _row_faults(
    rows: Sequence[Any], before: Sequence[Any], wrong: Wrong, name: str, good: Callable[[Any], bool]
) -> list[Fault]:
    return [Fault(name, place, wrong) for place, row in enumerate(rows) if row not in before and not good(row)]


def _essence(form: Form) -> Form:
    """The form without rows that say nothing, so that an added empty row is no change."""
    lists: dict[str, Any] = {
        name: tuple(row for row in getattr(form, name) if any(_texts(row, without_label=True))) for name in LISTS
    }
    return replace(form, **lists)
