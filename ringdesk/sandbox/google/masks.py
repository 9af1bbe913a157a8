"""Reads field masks and source masks, and refuses them by name."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from ringdesk.sandbox.google.errors import invalid
from ringdesk.sandbox.google.fields import NUMBERS, READABLE
from ringdesk.sandbox.google.web import Query

_READ_SOURCES = {
    "READ_SOURCE_TYPE_CONTACT": "CONTACT",
    "READ_SOURCE_TYPE_PROFILE": "PROFILE",
    "READ_SOURCE_TYPE_DOMAIN_CONTACT": "DOMAIN_CONTACT",
    "READ_SOURCE_TYPE_OTHER_CONTACT": "OTHER_CONTACT",
}
_SOURCE_NUMBERS = {"CONTACT": 1, "PROFILE": 2, "DOMAIN_PROFILE": 3, "DOMAIN_CONTACT": 5, "OTHER_CONTACT": 7}
_REFERENCE = "https://developers.google.com/people/api/rest/v1/people"


@dataclass(frozen=True, slots=True)
class View:
    """What a reader asked for: fields in the order of the reference, and sources.

    `plain` are the fields that are lists of stored items; `head` is the view's part of an etag [R].
    """

    fields: tuple[str, ...]
    plain: tuple[str, ...]
    metadata: bool
    photos: bool
    sources: frozenset[str]
    head: bytes


def make_view(fields: Collection[str], sources: Collection[str]) -> View:
    """A view; its head holds the field numbers and source numbers, as decoded from four real etags [R]."""
    ordered = tuple(field for field in READABLE if field in fields)
    numbers = bytes(NUMBERS[field] for field in ordered)
    kinds = bytes(sorted(_SOURCE_NUMBERS[source] for source in sources))
    head = b"\x12" + bytes([len(numbers)]) + numbers + b"\x1a" + bytes([len(kinds)]) + kinds
    plain = tuple(field for field in ordered if field not in {"metadata", "photos"})
    return View(ordered, plain, "metadata" in ordered, "photos" in ordered, frozenset(sources), head)


def read_mask(text: str, parameter: str, method: str, valid: Collection[str] = READABLE) -> tuple[str, ...]:
    """The paths of a mask. Raises Refusal: empty [D], or a path that is not valid, naming it [T: go-samples#15]."""
    paths = tuple(dict.fromkeys(path.strip() for path in text.split(",") if path.strip()))
    where = f"{_REFERENCE}/{method.rpartition('.')[2]}"
    if not paths:
        raise invalid(
            f"{parameter} mask is required. Please specify one or more valid paths. "
            f"Valid paths are documented at {where}."
        )
    for path in paths:
        if path not in valid:
            raise invalid(f'Invalid {parameter} mask path: "{path}". Valid paths are documented at {where}.')
    return paths


def query_mask(query: Query, parameter: str) -> str:
    """A mask parameter's text; instead of personFields the old requestMask.includeField counts too [D]."""
    if parameter in query or "requestMask.includeField" not in query:
        return ",".join(query.get(parameter, ()))
    paths = (path.strip().removeprefix("person.") for path in ",".join(query["requestMask.includeField"]).split(","))
    return ",".join(_camel(path) for path in paths if path)


def read_sources(named: Collection[str], default: Collection[str] = ("CONTACT", "PROFILE")) -> frozenset[str]:
    """The source types asked for; none means the default [D]. Raises Refusal for one that does not exist."""
    names = [name for part in named for name in part.split(",") if name and name != "READ_SOURCE_TYPE_UNSPECIFIED"]
    for name in names:
        if name not in _READ_SOURCES:
            raise invalid(
                f"Invalid value at 'sources' (type.googleapis.com/google.people.v1.ReadSourceType), \"{name}\""
            )
    return frozenset(_READ_SOURCES[name] for name in names) or frozenset(default)


def _camel(path: str) -> str:
    head, *rest = path.split("_")
    return head + "".join(part.capitalize() for part in rest)
