"""Cards and Google persons for property tests."""

from __future__ import annotations

import calendar
from typing import Any

from hypothesis import strategies as st

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

Item = dict[str, Any]

texts = st.text(st.characters(codec="utf-8"), max_size=12)
words = st.text(st.characters(codec="utf-8", min_codepoint=32), min_size=1, max_size=12)
labels = st.sampled_from(["", "home", "work", "mobile", "homeFax", "Yacht", "Büro"])


@st.composite
def birthdays(draw: st.DrawFn) -> Birthday:
    month = draw(st.integers(1, 12))
    day = draw(st.integers(1, calendar.monthrange(2000, month)[1]))
    return Birthday(month, day, draw(st.none() | st.integers(1, 9999)))


def listed(values: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(values, max_size=4).map(tuple)


organizations = st.builds(Organization, texts, texts, texts, labels).filter(lambda o: o.name or o.title or o.department)
streets = st.builds(Address, texts, texts, texts, texts, texts, texts, texts, st.just(""), labels).filter(
    lambda a: any((a.street, a.extended, a.po_box, a.city, a.region, a.postal_code, a.country))
)
wholes = st.builds(Address, formatted=words, label=labels)

cards = st.builds(
    Card,
    name=st.builds(Name, texts, texts, texts, texts, texts, texts, texts, texts),
    nicknames=listed(words),
    phones=listed(st.builds(PhoneEntry, words, labels)),
    emails=listed(st.builds(Email, words, labels)),
    organizations=listed(organizations),
    addresses=listed(streets | wholes),
    urls=listed(st.builds(Url, words, labels)),
    birthday=st.none() | birthdays(),
    relations=listed(st.builds(Relation, words, labels)),
    note=texts,
    custom=listed(st.builds(CustomField, words, words)),
)
"""Cards as Google can hold them: no empty items, and an address either whole or in parts."""

UNKNOWN: dict[str, dict[str, st.SearchStrategy[Any]]] = {
    "phoneNumbers": {},
    "emailAddresses": {"displayName": words},
    "organizations": {"location": words, "current": st.booleans(), "startDate": st.just({"year": 2020})},
    "addresses": {"countryCode": st.just("ES")},
    "urls": {},
    "relations": {},
    "userDefined": {},
    "nicknames": {"type": st.sampled_from(["DEFAULT", "INITIALS"])},
}
"""What items may say beyond the card."""
VALUED = {
    "phoneNumbers": ("value", "type"),
    "emailAddresses": ("value", "type"),
    "organizations": ("name", "title", "department", "type"),
    "addresses": ("streetAddress", "city", "country", "formattedValue", "type"),
    "urls": ("value", "type"),
    "relations": ("person", "type"),
    "userDefined": ("key", "value"),
    "nicknames": ("value",),
}
COMPUTED = {"formattedType": words, "canonicalForm": words}


def source(kind: str) -> Item:
    return {"type": kind, "id": "1f"}


@st.composite
def items(draw: st.DrawFn, field: str) -> Item:
    """An item as Google may send one: parts missing, unknown ones beside, of the contact or of a profile."""
    wanted = {**dict.fromkeys(VALUED[field], words), **UNKNOWN[field], **COMPUTED}
    item = draw(st.fixed_dictionaries({}, optional=wanted))
    kind = draw(st.sampled_from(["CONTACT", "CONTACT", "CONTACT", "PROFILE"]))
    metadata: Item = {"source": source(kind)}
    if draw(st.booleans()):
        metadata["primary"] = True
    if draw(st.integers(0, 3)) == 0:
        metadata["sourcePrimary"] = True
    return {"metadata": metadata, **item}


@st.composite
def persons(draw: st.DrawFn) -> Item:
    """A person as Google may send one."""
    person: Item = {
        "resourceName": "people/c31",
        "etag": "%person",
        "metadata": {"sources": [{"type": "PROFILE", "id": "9"}, {**source("CONTACT"), "etag": "#source"}]},
    }
    for field in VALUED:
        if draw(st.booleans()):
            person[field] = draw(st.lists(items(field), max_size=4))
    if draw(st.booleans()):
        parts = ("givenName", "familyName", "honorificPrefix", "phoneticGivenName", "phoneticHonorificPrefix",
                 "unstructuredName", "displayName", "phoneticFullName")  # several to a line  # fmt: skip
        name = draw(st.fixed_dictionaries({}, optional=dict.fromkeys(parts, words)))
        person["names"] = [{"metadata": {"source": source("CONTACT")}, **name}]
    if draw(st.booleans()):
        date = st.fixed_dictionaries({}, optional={"year": st.integers(0, 2020), "month": st.integers(0, 13)})
        birthday: Item = {"date": draw(date) | {"day": draw(st.integers(0, 31))}}
        person["birthdays"] = [draw(st.sampled_from([birthday, {"text": "in May"}, {**birthday, "text": "1 May"}]))]
    if draw(st.booleans()):
        kind = draw(st.sampled_from(["TEXT_PLAIN", "TEXT_HTML"]))
        person["biographies"] = [{"value": draw(words), "contentType": kind}]
    return person
