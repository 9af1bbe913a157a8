"""The methods of Other contacts and of a Workspace directory."""

from __future__ import annotations

from collections.abc import Iterator

from ringdesk.sandbox.google.book import Version
from ringdesk.sandbox.google.errors import Refusal, invalid, not_found
from ringdesk.sandbox.google.fields import COPYABLE, OTHER_READABLE
from ringdesk.sandbox.google.listing import Shape, list_book
from ringdesk.sandbox.google.masks import View, make_view, read_mask
from ringdesk.sandbox.google.reading import matches, results
from ringdesk.sandbox.google.service import Call
from ringdesk.sandbox.google.web import first

OTHERS = Shape("otherContacts", "otherContacts", ("totalSize",))
DIRECTORY = Shape("directory", "people")
FOUND = Shape("directory search", "people", ("totalSize",))


def list_others(call: Call) -> bytes:
    """otherContacts.list: people the user wrote to and never saved [D]."""
    return list_book(call, call.account.others, OTHERS, _other_view(call))


def search_others(call: Call) -> str:
    """otherContacts.search: prefixes of names, addresses and numbers [D]."""
    size = min(call.integer("pageSize", 10, 10**6), 30)
    query = first(call.query, "query").strip().casefold()
    view = _other_view(call)
    return results(call, view, matches(call.account.others.versions(), query, _texts), size) if query else "{}"


def copy_other(call: Call) -> str:
    """otherContacts.copyOtherContactToMyContactsGroup: names, addresses and numbers only [D]."""
    other = call.account.others.find(call.resource)
    if other is None:
        raise not_found()
    mask = read_mask(call.body.get("copyMask", ""), "copyMask", call.method.id, COPYABLE)
    view = call.view("readMask", default=(*mask, "metadata", "memberships"))
    copied = {field: items for field, items in other.content.items() if field in mask}
    return call.service.renderer.person(call.account.add_contact(copied, ("myContacts",)), view)


def list_directory(call: Call) -> bytes:
    """people.listDirectoryPeople: Workspace accounts only [D]."""
    return list_book(call, call.account.directory, DIRECTORY, _directory_view(call))


def search_directory(call: Call) -> str:
    """people.searchDirectoryPeople: prefixes, at most 500 a page [D]; all results on one page here."""
    view = _directory_view(call)
    query = first(call.query, "query").strip().casefold()
    size = call.integer("pageSize", 100, 500)
    found = list(matches(call.account.directory.versions(), query, _texts))[:size]
    if not found:
        return "{}"
    people = ",".join(call.service.renderer.person(version, view) for version in found)
    return f'{{"people":[{people}],"totalSize":{len(found)}}}'


def _other_view(call: Call) -> View:
    mask = read_mask(first(call.query, "readMask"), "readMask", call.method.id, OTHER_READABLE)
    return make_view(mask, {"OTHER_CONTACT"})


def _directory_view(call: Call) -> View:
    if not call.account.workspace:
        raise Refusal(403, "Must be a G Suite domain user.")
    if not call.query.get("sources"):
        raise invalid("Must specify at least one directory source.")
    mask = read_mask(first(call.query, "readMask"), "readMask", call.method.id)
    return make_view(mask, {"DOMAIN_PROFILE"})


def _texts(version: Version) -> Iterator[str]:
    for field in COPYABLE:
        for item in version.content.get(field, ()):
            for part in ("displayName", "value", "canonicalForm"):
                if text := item.get(part):
                    yield text
