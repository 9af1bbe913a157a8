"""The methods that read people: get, batchGet, connections.list, searchContacts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from ringdesk.sandbox.google.book import Version
from ringdesk.sandbox.google.errors import Refusal, invalid, not_found
from ringdesk.sandbox.google.listing import Shape, list_book
from ringdesk.sandbox.google.masks import View
from ringdesk.sandbox.google.service import Call
from ringdesk.sandbox.google.web import JsonObject, encode, first

CONNECTIONS = Shape("connections", "connections", ("totalPeople", "totalItems"), sortable=True)
MOST_NAMES = 200
"""Resource names in one batchGet [D]."""


def list_connections(call: Call) -> bytes:
    """people.connections.list [D]; only people/me has connections."""
    if call.resource != "people/me":
        raise invalid("Must be a request for the authenticated user: people/me.")
    return list_book(call, call.account.contacts, CONNECTIONS, call.view())


def get_person(call: Call) -> str:
    """people.get [D]; 400 without personFields, every number and address whatever their count."""
    view = call.view()
    if call.resource == "people/me":
        return me(call, view)
    version = call.account.contacts.find(call.resource)
    if version is None:
        raise not_found()
    return call.service.renderer.person(version, view)


def get_batch(call: Call) -> str:
    """people.getBatchGet [D]: one response for each name, those not found with a status."""
    view = call.view()
    names = call.query.get("resourceNames", [])
    if not names:
        raise invalid("Must specify at least one resource name.")
    if len(names) > MOST_NAMES:
        raise invalid(f"Must specify at most {MOST_NAMES} resource names.")
    return '{"responses":[' + ",".join(_response(call, view, name) for name in names) + "]}"


def _response(call: Call, view: View, name: str) -> str:
    version = call.account.contacts.find(name)
    if name == "people/me":
        return person_response(me(call, view), name)
    if version is None:
        return refused_response(not_found(), name)
    return person_response(call.service.renderer.person(version, view), name)


def person_response(person: str, requested: str = "") -> str:
    """A PersonResponse for something that worked; the name asked for may differ from the person's [D]."""
    asked = f'"requestedResourceName":{encode(requested)},' if requested else ""
    inner = f'"person":{person},' if person else ""
    return "{" + asked + inner + '"httpStatusCode":200,"status":{}}'


def refused_response(refusal: Refusal, requested: str = "") -> str:
    """A PersonResponse for something that did not work [D]."""
    body: JsonObject = {"requestedResourceName": requested} if requested else {}
    return encode(body | {"httpStatusCode": refusal.code, "status": refusal.rpc_status()})


def me(call: Call, view: View) -> str:
    """The signed-in user's own profile, with name and address only."""
    account = call.account
    meta = {"primary": True, "verified": True, "source": {"type": "PROFILE", "id": account.id}}
    given, _, family = account.name.partition(" ")
    name = {"metadata": meta, "displayName": account.name, "givenName": given, "familyName": family or given}
    source = {"type": "PROFILE", "id": account.id, "etag": "#profile"}
    fields: JsonObject = {
        "names": [name],
        "emailAddresses": [{"metadata": meta, "value": account.email}],
        "metadata": {"sources": [source], "objectType": "PERSON"},
    }
    shown = {field: fields[field] for field in view.fields if field in fields}
    return encode({"resourceName": f"people/{account.id}", "etag": "%profile", **shown})


def search_contacts(call: Call) -> str:
    """people.searchContacts: prefix phrases in five fields [D]; an empty query warms the cache up first [D]."""
    view = call.view("readMask", default=None)
    size = min(call.integer("pageSize", 10, 10**6), 30)
    query = first(call.query, "query").strip().casefold()
    if not query:
        call.account.searchable = list(call.account.contacts.versions())
        return "{}"
    found = matches(call.account.searchable, query, _searched)
    return results(call, view, found, size)


def results(call: Call, view: View, found: Iterable[Version], size: int) -> str:
    """A SearchResponse of at most so many people [D]."""
    people = [version for version, _ in zip(found, range(size), strict=False)]
    if not people:
        return "{}"
    inner = (f'{{"person":{call.service.renderer.person(version, view)}}}' for version in people)
    return '{"results":[' + ",".join(inner) + "]}"


def matches(versions: Iterable[Version], query: str, texts: Callable[[Version], Iterator[str]]) -> Iterator[Version]:
    """The versions with a text in which the query is the beginning of a word or phrase [D]."""
    for version in versions:
        if any(f" {text.casefold()}".find(f" {query}") >= 0 for text in texts(version)):
            yield version


def _searched(version: Version) -> Iterator[str]:
    for field in ("names", "nicknames", "emailAddresses", "phoneNumbers", "organizations"):
        for item in version.content.get(field, ()):
            for part in ("displayName", "value", "canonicalForm", "name", "title"):
                if text := item.get(part):
                    yield text
