"""The methods that write one contact: create, update, delete; and the rules batches share."""

from __future__ import annotations

from collections.abc import Sequence

from ringdesk.sandbox.google.book import Version
from ringdesk.sandbox.google.content import Content, check_whole, read_content
from ringdesk.sandbox.google.errors import invalid, not_found
from ringdesk.sandbox.google.etags import source_inside
from ringdesk.sandbox.google.fields import WRITABLE
from ringdesk.sandbox.google.masks import read_mask
from ringdesk.sandbox.google.service import Call
from ringdesk.sandbox.google.web import JsonObject, first

_NO_SOURCE = "Request must set person.etag or person.metadata.sources.etag for the source that is being updated."


def create_contact(call: Call) -> str:
    """people.createContact: not idempotent, the same body twice makes two contacts [D]."""
    view = call.write_view()
    content, groups = draft(call, call.body)
    version = call.account.add_contact(content, groups)
    return call.service.renderer.person(version, view)


def update_contact(call: Call) -> str:
    """people.updateContact: masked fields are replaced whole [D]."""
    view = call.write_view()
    mask = read_mask(first(call.query, "updatePersonFields"), "updatePersonFields", call.method.id, WRITABLE)
    old = target(call, call.resource)
    version = apply_update(call, *checked_update(call, old, call.body, mask))
    return call.service.renderer.person(version, view)


def delete_contact(call: Call) -> str:
    """people.deleteContact: into the trash [T]; 404 when it is gone [T]."""
    call.account.contacts.delete(target(call, call.resource))
    return "{}"


def target(call: Call, name: str) -> Version:
    """The contact of a resource name. Raises Refusal 404."""
    version = call.account.contacts.find(name)
    if version is None:
        raise not_found()
    return version


def draft(call: Call, person: JsonObject) -> tuple[Content, tuple[str, ...]]:
    """What a contact to be created would hold. Raises Refusal: see read_content; nothing in it [T]."""
    switches = call.world.switches
    sent = [field for field in WRITABLE if person.get(field)]
    content = read_content(person, sent, call.account.region, switches)
    groups = call.account.read_memberships(person)
    if not any(content.values()) and switches.empty_contact == "refuse":
        raise invalid("Must specify a non-metadata contact field on the person.")
    check_whole(content, switches)
    return {field: items for field, items in content.items() if items}, groups


def checked_update(
    call: Call, old: Version, person: JsonObject, mask: Sequence[str]
) -> tuple[Version, Content, tuple[str, ...]]:
    """An update that may be carried out: the contact, its new content and groups. Raises Refusal."""
    check_etags(call, old, person)
    content = {**old.content, **read_content(person, mask, call.account.region, call.world.switches)}
    check_whole(content, call.world.switches)
    groups = old.groups
    if "memberships" in mask:
        groups = call.account.read_memberships(person, had=old.groups)
        if not groups:
            raise invalid("A contact must always have at least one contact group membership.")
    return old, content, groups


def apply_update(call: Call, old: Version, content: Content, groups: tuple[str, ...]) -> Version:
    """Carry a checked update out."""
    return call.account.contacts.change(old, content=content, groups=groups)


def check_etags(call: Call, old: Version, person: JsonObject) -> None:
    """The source's etag must be there and current, person.etag must fit [D/T]. Raises Refusal."""
    switches = call.world.switches
    sources = [each for each in (person.get("metadata") or {}).get("sources") or [] if each.get("type") == "CONTACT"]
    whole: str = person.get("etag") or ""
    sent: str = (sources[0].get("etag") or "") if sources else ""
    if not sources and (switches.sources_required or not whole):
        raise invalid(_NO_SOURCE)
    if not sent and not whole:
        raise invalid(_NO_SOURCE)
    if sent and sent.removeprefix("#") != old.etag:
        raise call.stale()
    if whole and (switches.person_etag_checked or not sent) and source_inside(whole) != old.etag:
        raise call.stale()
    _check_spurious(call, old)


def _check_spurious(call: Call, old: Version) -> None:
    every = call.world.switches.spurious_every
    if call.spurious:
        raise call.stale()
    if not every:
        return
    count = call.account.updates.get(old.id, 0) + 1
    call.account.updates[old.id] = count
    if count % every == 0:
        raise call.stale()
