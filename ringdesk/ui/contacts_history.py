"""History in sentences: which field became what, when and by whom."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

from ringdesk.desk.contacts_told import Farewell
from ringdesk.desk.holders import Holder
from ringdesk.domain.contact import Batch, BatchKind, Change
from ringdesk.ui.words import QT_TRANSLATE_NOOP, counted, say, shown

FIELDS: Final = {
    "name": QT_TRANSLATE_NOOP("words", "Name"),
    "nicknames": QT_TRANSLATE_NOOP("words", "Nicknames"),
    "phones": QT_TRANSLATE_NOOP("words", "Phone numbers"),
    "emails": QT_TRANSLATE_NOOP("words", "E-mail addresses"),
    "organizations": QT_TRANSLATE_NOOP("words", "Organizations"),
    "addresses": QT_TRANSLATE_NOOP("words", "Addresses"),
    "urls": QT_TRANSLATE_NOOP("words", "Web addresses"),
    "birthday": QT_TRANSLATE_NOOP("words", "Birthday"),
    "relations": QT_TRANSLATE_NOOP("words", "Relations"),
    "note": QT_TRANSLATE_NOOP("words", "Note"),
    "custom": QT_TRANSLATE_NOOP("words", "Own fields"),
    "groups": QT_TRANSLATE_NOOP("words", "Groups"),
    "photo": QT_TRANSLATE_NOOP("words", "Photo"),
}

_OTHERS: Final = {
    "shared": QT_TRANSLATE_NOOP("words", "Sharing"),
    "vip": QT_TRANSLATE_NOOP("words", "VIP"),
    "blocked": QT_TRANSLATE_NOOP("words", "Blocking"),
    "owner": QT_TRANSLATE_NOOP("words", "Owner"),
    "linked": QT_TRANSLATE_NOOP("words", "Account"),
    "note_added": QT_TRANSLATE_NOOP("words", "Dated note"),
}

_MARKS: Final = {
    ("shared", True): QT_TRANSLATE_NOOP("words", "Shared with coworkers"),
    ("shared", False): QT_TRANSLATE_NOOP("words", "No longer shared"),
    ("vip", True): QT_TRANSLATE_NOOP("words", "Marked as VIP"),
    ("vip", False): QT_TRANSLATE_NOOP("words", "No longer a VIP"),
    ("blocked", True): QT_TRANSLATE_NOOP("words", "Blocked"),
    ("blocked", False): QT_TRANSLATE_NOOP("words", "No longer blocked"),
    ("linked", True): QT_TRANSLATE_NOOP("words", "Linked to an account"),
    ("linked", False): QT_TRANSLATE_NOOP("words", "No longer linked to an account"),
    ("owner", True): QT_TRANSLATE_NOOP("words", "Changed hands"),
    ("owner", False): QT_TRANSLATE_NOOP("words", "Claimed by you"),
    ("contact", True): QT_TRANSLATE_NOOP("words", "Contact added"),
    ("contact", False): QT_TRANSLATE_NOOP("words", "Contact deleted"),
}
"""What is not on the card: the field, and whether it holds something afterwards."""

_SOURCES: Final = {
    "file": QT_TRANSLATE_NOOP("words", "from a file"),
    "account": QT_TRANSLATE_NOOP("words", "from an account"),
    "call": QT_TRANSLATE_NOOP("words", "from a call"),
    "undo": QT_TRANSLATE_NOOP("words", "by undo"),
    "team": QT_TRANSLATE_NOOP("words", "by a coworker"),
}


_OTHERS_DID: Final = {
    "account": QT_TRANSLATE_NOOP("words", "An account"),
    "call": QT_TRANSLATE_NOOP("words", "A call"),
    "team": QT_TRANSLATE_NOOP("words", "A coworker"),
}

_DID: Final = {
    BatchKind.ADDED: (QT_TRANSLATE_NOOP("words", "Added %1"), QT_TRANSLATE_NOOP("words", "Added %1")),
    BatchKind.CHANGED: (QT_TRANSLATE_NOOP("words", "Changed %1"), QT_TRANSLATE_NOOP("words", "Changed %1")),
    BatchKind.DELETED: (QT_TRANSLATE_NOOP("words", "Deleted %1"), QT_TRANSLATE_NOOP("words", "Deleted %1")),
    BatchKind.IMPORTED: (QT_TRANSLATE_NOOP("words", "Imported %1"), QT_TRANSLATE_NOOP("words", "Imported %1")),
    BatchKind.NOTED: (QT_TRANSLATE_NOOP("words", "Note on %1"), QT_TRANSLATE_NOOP("words", "Notes on %1")),
}
"""What an action did to one contact, and to several."""

_BROUGHT: Final = (QT_TRANSLATE_NOOP("words", "Brought %1 back"), QT_TRANSLATE_NOOP("words", "Brought %1 back"))
"""What an undo did that took a deletion back."""

_NOTHING: Final = frozenset({"", "null", "false", "0"})


def field_name(field: str) -> str:
    """A field in words."""
    known = FIELDS.get(field) or _OTHERS.get(field)
    return say(known) if known else shown(field)


def sentence(change: Change) -> str:
    """What a change did and where it came from, in one line."""
    return what(change) + _from(change)


def what(change: Change) -> str:
    """What a change did, in one line."""
    if change.field == "note_added":
        return _note_text(change)
    if change.field not in FIELDS:
        known = _MARKS.get((change.field, change.new not in _NOTHING))
        return say(known or QT_TRANSLATE_NOOP("words", "Saved"))
    old, new, name = value_text(change.old), value_text(change.new), field_name(change.field)
    if change.field == "photo":
        text = say(QT_TRANSLATE_NOOP("words", "Photo changed"))
    elif change.aside:
        empty = say(QT_TRANSLATE_NOOP("words", "(empty)"))
        text = say(
            QT_TRANSLATE_NOOP("words", "%1: %2 came at the same time and lost to %3"), name, old or empty, new or empty
        )
    elif not old:
        text = say(QT_TRANSLATE_NOOP("words", "%1: %2 added"), name, new)
    elif not new:
        text = say(QT_TRANSLATE_NOOP("words", "%1: %2 removed"), name, old)
    else:
        text = say(QT_TRANSLATE_NOOP("words", "%1: %2 became %3"), name, old, new)
    return text


def who(by: str, source: str) -> str:
    """Who did something, and from where: "You", "You, from a file", "An account"."""
    person = say(QT_TRANSLATE_NOOP("words", "You")) if by == "me" else shown(by)
    if by == "me" and source in _OTHERS_DID:
        return say(_OTHERS_DID[source])
    return f"{person}, {say(_SOURCES[source])}" if source in _SOURCES else person


def batch_text(batch: Batch) -> str:
    """What an action did, in one line: "Changed Anna Berg: Name, Phone numbers"."""
    one, several = _BROUGHT if (batch.kind, batch.source) == (BatchKind.ADDED, "undo") else _DID[batch.kind]
    if batch.count == 1:
        name = shown(batch.name, 60) or say(QT_TRANSLATE_NOOP("words", "a contact"))
        text = say(one, name)
    else:
        many = QT_TRANSLATE_NOOP("words", "%n contact"), QT_TRANSLATE_NOOP("words", "%n contacts")
        text = say(several, counted(*many, batch.count) if batch.count else say(QT_TRANSLATE_NOOP("words", "contacts")))
    fields = ", ".join(field_name(field) for field in batch.fields)
    return f"{text}: {fields}" if fields else text


def _note_text(change: Change) -> str:
    added = change.new not in _NOTHING
    try:
        body = json.loads(change.new if added else change.old)[1]
    except (ValueError, IndexError, TypeError):
        body = ""
    if added:
        return say(QT_TRANSLATE_NOOP("words", "Note added: %1"), shown(str(body), 80))
    return say(QT_TRANSLATE_NOOP("words", "Note deleted: %1"), shown(str(body), 80))


def what_follows(farewell: Farewell) -> str:
    """What a deletion takes with it, and what stays."""
    if farewell.everybodys:
        return say(
            QT_TRANSLATE_NOOP(
                "words", "The caller goes from every coworker's list. Calls stay. This cannot be taken back."
            )
        )
    match farewell.notes:
        case 0:
            first = say(QT_TRANSLATE_NOOP("words", "The contact is deleted."))
        case 1:
            first = say(QT_TRANSLATE_NOOP("words", "The contact and its note are deleted."))
        case count:
            first = say(QT_TRANSLATE_NOOP("words", "The contact and its %1 notes are deleted."), str(count))
    more = [holder_loses(holder) for holder in farewell.holders]
    stays = say(QT_TRANSLATE_NOOP("words", "Calls stay in the list."))
    return " ".join((first, *more, stays, say(QT_TRANSLATE_NOOP("words", "You can undo this."))))


def holder_loses(holder: Holder) -> str:
    """What becomes of a contact in an account when it is deleted here."""
    if holder.loses:
        return say(QT_TRANSLATE_NOOP("words", "Google loses it too (%1)."), shown(holder.name, 60))
    return say(QT_TRANSLATE_NOOP("words", "It stays in Google (%1)."), shown(holder.name, 60))


def undone_text(count: int, left: Sequence[str]) -> str:
    """What an undo did, and what it left alone because it was changed again since."""
    one, many = (
        QT_TRANSLATE_NOOP("words", "Taken back (%n contact)"),
        QT_TRANSLATE_NOOP("words", "Taken back (%n contacts)"),
    )
    done = [counted(one, many, count)] if count else []
    if "contact" in left:
        done.append(say(QT_TRANSLATE_NOOP("words", "Contacts changed since then, or an account's, were kept.")))
    names = [field_name(field) for field in left if field != "contact"]
    if names:
        done.append(say(QT_TRANSLATE_NOOP("words", "Kept, because changed again since: %1."), ", ".join(names)))
    return " ".join(part if part.endswith(".") else f"{part}." for part in done) if left else "".join(done)


def value_text(text: str, limit: int = 80) -> str:
    """A field's document form (JSON text) as plain words."""
    try:
        value = json.loads(text) if text else None
    except ValueError:
        value = text
    return shown(", ".join(_words(value)), limit)


def values_text(value: Any) -> list[str]:
    """A field's document form as lines of plain words: one a number, an address, a name."""
    return [shown(word, 200) for word in _words(value)]


def _words(value: Any) -> list[str]:
    match value:
        case None | "":
            return []
        case dict():
            return [" ".join(str(part) for key, part in value.items() if key != "label")]
        case [int(), int(), int()]:
            return ["-".join(str(part) for part in value if part)]
        case list():
            return [word for item in value for word in _words(item)]
        case _:
            return [str(value)]


def _from(change: Change) -> str:
    source = _SOURCES.get(change.source)
    return f" ({say(source)})" if source else ""
