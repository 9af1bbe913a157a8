"""The fields of a contact as a history of changes tells them."""

from __future__ import annotations

import json
from dataclasses import replace

from ringdesk.domain.contact import (
    Contact,
    Marks,
)
from ringdesk.domain.document import FIELDS, from_document, to_document


def fields_of(contact: Contact) -> dict[str, object]:
    marks = {"shared": contact.shared, "vip": contact.marks.vip, "blocked": contact.marks.blocked}
    return to_document(contact.card) | {name: True for name, on in marks.items() if on}


def value_of(contact: Contact, field: str) -> str:
    return json.dumps(fields_of(contact).get(field))


def with_values(contact: Contact, values: dict[str, str]) -> Contact:
    fields = fields_of(contact) | {name: json.loads(value) for name, value in values.items()}
    return replace(
        contact,
        card=from_document({name: value for name, value in fields.items() if name in FIELDS and value is not None}),
        shared=bool(fields.get("shared")),
        marks=Marks(vip=bool(fields.get("vip")), blocked=bool(fields.get("blocked"))),
    )


def differences(before: Contact | None, after: Contact | None) -> list[tuple[str, str, str]]:
    if before is None or after is None:
        return [("contact", json.dumps(before and True), json.dumps(after and True))]
    names = (*FIELDS, "shared", "vip", "blocked")
    pairs = [(name, value_of(before, name), value_of(after, name)) for name in names]
    return [pair for pair in pairs if pair[1] != pair[2]] or [("contact", "true", "true")]
