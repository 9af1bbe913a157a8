"""What the columns of a contacts CSV mean, by their headings.

Known are Google's new and old layouts, Outlook's classic one, Thunderbird's, RingDesk's own (Google's new layout,
further organizations beside it) and the plain headings people type themselves, in any case and order.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ringdesk.domain.words import fold

_NUMBERED: Final = re.compile(
    r"(e-?mail|phone|address|website|relation|event|custom field|organization) (\d{1,4}) - (.{1,40})"
)
_COUNTED: Final = re.compile(r"(.*?\D) ?#?(\d{1,3})")

_FAMILIES: Final = {
    "e-mail": "email",
    "website": "url",
    "custom field": "custom",
}
_PARTS: Final = {
    "type": "label",
    "po box": "box",
    "postal code": "code",
    "extended address": "extended",
    "job title": "title",
}
_KNOWN_PARTS: Final = frozenset(
    {"label", "value", "formatted", "street", "city", "box", "region", "code", "country", "extended", "name", "title",
     "department"}
)  # several to a line  # fmt: skip


@dataclass(frozen=True, slots=True)
class Column:
    """One column: which part of which value it is.

    `value` is a field of the card and which of its values, or "lost" for what has no place and "silent" for what
    nobody misses. `label` is the label the heading gives; for a lost column the heading itself.
    """

    value: tuple[str, str]
    part: str = "value"
    label: str = ""


def columns(headings: Sequence[str]) -> list[Column]:
    """What each column means."""
    plain = [_plain(heading) for heading in headings]
    special = _special(frozenset(plain))
    found: list[Column] = []
    for index, text in enumerate(plain):
        lost = Column(("lost", str(index)), label=headings[index].strip()[:80] or f"column {index + 1}")
        found.append(_column(index, text, special) or lost)
    return found


def known(found: Sequence[Column]) -> int:
    """How many of the columns have a place in a card."""
    return sum(column.value[0] not in ("lost", "silent") for column in found)


def _plain(heading: str) -> str:
    text = fold(heading.strip().lstrip("\ufeff")).replace("\u2019", "'").replace("_", " ")
    return " ".join(text.split())


def _column(index: int, text: str, special: Mapping[str, str]) -> Column | None:
    numbered = _NUMBERED.fullmatch(text)
    if numbered is not None:
        family = _FAMILIES.get(numbered[1], numbered[1])
        part = _PARTS.get(numbered[3], numbered[3])
        return Column((family, numbered[2]), part) if part in _KNOWN_PARTS else None
    target = special.get(text) or _HEADINGS.get(text)
    number = "1" if target and target.startswith("organization") else ""
    if target is None and (counted := _COUNTED.fullmatch(text)):
        target, number = _HEADINGS.get(counted[1].strip()), counted[2]
    if target is None:
        return None
    family, part, label = (*target.split("|"), "", "")[:3]
    if family in _REPEATED:
        number = number if family == "organization" else f"{label} {number or index}"
    if family == "address":
        number = f"{label} "
    return Column((family, number), part or "value", label)


_REPEATED: Final = frozenset({"phone", "email", "url", "relation", "event", "organization"})


def _special(present: frozenset[str]) -> dict[str, str]:
    """Headings that mean something else beside certain others."""
    meanings: dict[str, str] = {}
    if "first name" in present and ("job title" in present or "suffix" in present):
        meanings["title"] = "name|prefix"
    for heading, beside, part in (
        ("name", "vorname", "family"),
        ("nom", "prenom", "family"),
        ("nombre", "apellidos", "given"),
        ("nombre", "apellido", "given"),
        ("name", "surname", "given"),
    ):
        if beside in present:
            meanings[heading] = f"name|{part}"
    return meanings


def _headings() -> Iterator[tuple[str, str]]:
    for target, headings in _PLAIN.items():
        for heading in headings.split(", "):
            yield heading, target
    for place, label in (("business", "work"), ("work", "work"), ("home", "home"), ("other", "other")):
        yield from ((f"{place} {heading}", f"address|{part}|{label}") for heading, part in _PLACES.items())
    for number in (2, 3, 4):
        yield f"e-mail {number} address", "email"


_PLACES: Final = {
    "street": "street",
    "street 2": "street 2",
    "street 3": "street 3",
    "address": "street",
    "address 2": "street 2",
    "city": "city",
    "state": "region",
    "postal code": "code",
    "zipcode": "code",
    "country": "country",
    "country/region": "country",
    "address po box": "box",
}

_PLAIN: Final = {
    "name|full": "name, full name, display name, contact, contact name, nombre, nombre completo, nom, nome",
    "name|given": "first name, given name, firstname, forename, vorname, prenom",
    "name|middle": "middle name, additional name, second name",
    "name|family": "last name, family name, lastname, surname, apellidos, apellido, nachname, familienname",
    "name|prefix": "name prefix, prefix, salutation, anrede",
    "name|suffix": "name suffix, suffix",
    "name|phonetic_given": "phonetic first name, given name yomi, given yomi",
    "name|phonetic_middle": "phonetic middle name, additional name yomi",
    "name|phonetic_family": "phonetic last name, family name yomi, surname yomi",
    "nickname": "nickname, nick, apodo, spitzname",
    "organization|name": "company, organization, organization name, organisation, company name, empresa, firma, "
    "unternehmen, entreprise, societe",
    "organization|title": "job title, title, organization title, position, role, puesto, cargo",
    "organization|department": "department, organization department, abteilung, departamento",
    "organization|label": "organization label",
    "birthday": "birthday, birth date, date of birth, cumpleanos, geburtstag",
    "note": "notes, note, comments, comment, notas, notizen, bemerkung",
    "groups": "labels, group membership, groups, group",
    "groups|categories": "categories, category",
    "email": "e-mail, email, e-mail address, email address, mail, primary email, secondary email, correo, "
    "correo electronico, courriel",
    "email||work": "work email, work e-mail, business email, business e-mail",
    "email||home": "home email, home e-mail, personal email, personal e-mail",
    "phone": "phone, telephone, tel, tel., phone number, telephone number, number, telefono, telefon, telefonnummer",
    "phone||mobile": "mobile, mobile phone, mobile number, cell, cell phone, cellphone, movil, mobil, handy, portable",
    "phone||work": "work phone, business phone, office phone, work",
    "phone||home": "home phone, home",
    "phone||main": "company main phone, main phone, primary phone",
    "phone||other": "other phone",
    "phone||workFax": "business fax, work fax",
    "phone||homeFax": "home fax",
    "phone||otherFax": "other fax, fax, fax number",
    "phone||pager": "pager, pager number",
    "phone||assistant": "assistant's phone",
    "phone||callback": "callback",
    "phone||car": "car phone",
    "phone||radio": "radio phone",
    "phone||isdn": "isdn",
    "phone||telex": "telex",
    "phone||tty": "tty/tdd phone",
    "url": "web page, website, url, web, homepage, web site, personal web page",
    "relation||spouse": "spouse",
    "relation||child": "children",
    "relation||manager": "manager's name",
    "relation||assistant": "assistant's name",
    "relation||referredBy": "referred by",
    "event||anniversary": "anniversary",
    "address|formatted": "address, postal address, direccion, adresse, anschrift",
    "address|street": "street, street address, calle, strasse",
    "address|city": "city, town, ciudad, ort, stadt, ville",
    "address|region": "state, region, province, county, provincia",
    "address|code": "zip, zip code, postal code, postcode, plz, codigo postal, code postal",
    "address|country": "country, pais, land, pays",
    "address|box": "po box",
    "silent": "file as, initials, yomi name, e-mail type, e-mail display name, e-mail 2 type, e-mail 2 display name, "
    "e-mail 3 type, e-mail 3 display name",
}

_HEADINGS: Final[Mapping[str, str]] = dict(_headings())
