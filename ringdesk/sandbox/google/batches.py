"""The methods that write many contacts at once, with both readings of what one bad element does [U]."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from ringdesk.sandbox.google.errors import Refusal, internal, invalid
from ringdesk.sandbox.google.fields import WRITABLE
from ringdesk.sandbox.google.masks import View, read_mask
from ringdesk.sandbox.google.reading import person_response, refused_response
from ringdesk.sandbox.google.service import Call
from ringdesk.sandbox.google.web import JsonObject, encode
from ringdesk.sandbox.google.writing import apply_update, checked_update, draft, target

MOST_CONTACTS = 200
"""Contacts in one batch create or update [D]."""

MOST_DELETES = 500
"""Names in one batch delete [D]."""

_TYPE = "type.googleapis.com/google.people.v1."
_T = TypeVar("_T")


def batch_create(call: Call) -> str:
    """people.batchCreateContacts: createdPeople in an order of its own [U]; empty readMask, empty answer [D]."""
    contacts: list[JsonObject] = call.body.get("contacts") or []
    _check_count(len(contacts), MOST_CONTACTS, "contacts")
    view = _read_view(call)
    keyed = {str(index): contact.get("contactPerson") or {} for index, contact in enumerate(contacts)}
    good, bad = _sort_out(call, keyed, lambda _, person: draft(call, person))
    _refuse_whole(call, bad, "BatchCreateContactsErrorDetails")
    call.account.check_room(len(good))
    made = [call.account.add_contact(*content) for content in good.values()]
    if view is None:
        return "{}"
    responses = [person_response(call.service.renderer.person(v, view), v.name) for v in made]
    responses += [refused_response(refusal) for refusal in bad.values()]
    if call.world.switches.batch_order == "shuffled":
        call.world.rng.shuffle(responses)
    return '{"createdPeople":[' + ",".join(responses) + "]}"


def batch_update(call: Call) -> str:
    """people.batchUpdateContacts: one mask for all, a masked field left empty is cleared [D]."""
    contacts: dict[str, JsonObject] = call.body.get("contacts") or {}
    _check_count(len(contacts), MOST_CONTACTS, "contacts")
    mask = read_mask(call.body.get("updateMask", ""), "updateMask", call.method.id, WRITABLE)
    view = _read_view(call)
    good, bad = _sort_out(
        call, contacts, lambda name, person: checked_update(call, target(call, name), person or {}, mask)
    )
    _refuse_whole(call, bad, "BatchUpdateContactsErrorDetails")
    made = {name: apply_update(call, *update) for name, update in good.items()}
    if view is None:
        return "{}"
    render = call.service.renderer
    parts = [f"{encode(name)}:{person_response(render.person(made[name], view), name)}" for name in made]
    parts += [f"{encode(name)}:{refused_response(refusal, name)}" for name, refusal in bad.items()]
    return '{"updateResult":{' + ",".join(parts) + "}}"


def batch_delete(call: Call) -> str:
    """people.batchDeleteContacts: Empty [D]; what an unknown name does is a switch [U]."""
    names: list[str] = call.body.get("resourceNames") or []
    _check_count(len(names), MOST_DELETES, "resource names")
    contacts = call.account.contacts
    found = {name: version for name in dict.fromkeys(names) if (version := contacts.find(name))}
    if len(found) < len(set(names)) and call.world.switches.batch_delete_unknown == "refuse":
        raise Refusal(404, "Requested entity was not found.")
    for version in {version.id: version for version in found.values()}.values():
        contacts.delete(version)
    return "{}"


def _check_count(count: int, most: int, what: str) -> None:
    if not count:
        raise invalid(f"Must specify {what}.")
    if count > most:
        raise invalid(f"Must specify at most {most} {what} in a single request.")


def _read_view(call: Call) -> View | None:
    return call.view("readMask") if (call.body.get("readMask") or "").strip() else None


def _sort_out(
    call: Call, elements: Mapping[str, JsonObject], check: Callable[[str, JsonObject], _T]
) -> tuple[dict[str, _T], dict[str, Refusal]]:
    """Which elements may be written, and why the others may not."""
    good: dict[str, _T] = {}
    bad: dict[str, Refusal] = {}
    for index, (key, person) in enumerate(elements.items()):
        try:
            if index in call.broken:
                raise internal()
            good[key] = check(key, person)
        except Refusal as refusal:
            bad[key] = refusal
    return good, bad


def _refuse_whole(call: Call, bad: Mapping[str, Refusal], details: str) -> None:
    """All or nothing: one error, with the list of errors in its details [D; their form is T]."""
    if not bad or call.world.switches.batch == "per_element":
        return
    worst = next(iter(bad.values()))
    errors = {key: refusal.rpc_status() for key, refusal in bad.items()}
    raise Refusal(worst.code, worst.message, worst.status, [{"@type": _TYPE + details, "contactErrors": errors}])
