"""Google's discovery document, read for routes, parameters and the shapes of requests."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from ringdesk.sandbox.google.web import JsonObject

_PACKAGE = Path(__file__).resolve().parents[2]
_PLACES = (_PACKAGE / "resources", _PACKAGE.parent / "resources")
_NAME = "google/people.v1.json"


class DocumentMissing(Exception):
    """The discovery document is not where it was installed; the message says where it was looked for."""


@dataclass(frozen=True, slots=True)
class Method:
    """One method of the API: where it is, what it takes, whether it changes something."""

    id: str
    verb: str
    pattern: re.Pattern[str]
    parameters: frozenset[str]
    scopes: frozenset[str]
    request: str
    response: str

    @property
    def mutating(self) -> bool:
        """Whether the method writes; such methods want to come one after the other [D]."""
        return self.verb != "GET"


@dataclass(frozen=True, slots=True)
class Property:
    """One property of a schema: a JSON type, and for objects and lists what is inside."""

    kind: str
    ref: str
    read_only: bool
    enum: frozenset[str]
    items: Property | None = None
    values: Property | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """The parts of the discovery document that the practice Google lives by."""

    methods: Mapping[str, Method]
    schemas: Mapping[str, Mapping[str, Property]]
    common: frozenset[str]

    def route(self, verb: str, path: str) -> tuple[Method, str] | None:
        """The method of a request and the resource name in its path."""
        for method in self.methods.values():
            if method.verb == verb and (match := method.pattern.fullmatch(path)):
                return method, match.groupdict().get("resourceName") or ""
        return None


def document_path() -> Path:
    """Where the discovery document lies: beside the package in a checkout, inside a wheel. Raises DocumentMissing."""
    for place in _PLACES:
        path = place / _NAME
        if path.is_file():
            return path
    raise DocumentMissing(f"{_NAME} is missing: looked in {' and '.join(map(str, _PLACES))}")


@cache
def document() -> Document:
    """The document, read once; revision 20251117 [D]."""
    raw: JsonObject = json.loads(document_path().read_text(encoding="utf-8"))
    methods = {method.id: method for method in _methods(raw)}
    schemas = {name: _properties(schema) for name, schema in raw["schemas"].items()}
    return Document(methods, schemas, frozenset(raw["parameters"]))


@lru_cache(maxsize=1024)
def route(verb: str, path: str) -> tuple[Method, str] | None:
    """`Document.route`, remembered: most requests are like one before."""
    return document().route(verb, path)


def _methods(node: JsonObject) -> Iterator[Method]:
    for raw in node.get("methods", {}).values():
        yield Method(
            raw["id"].removeprefix("people."),
            raw["httpMethod"],
            _pattern(raw),
            frozenset(name for name, spec in raw["parameters"].items() if spec["location"] == "query"),
            frozenset(raw["scopes"]),
            raw.get("request", {}).get("$ref", ""),
            raw["response"]["$ref"],
        )
    for child in node.get("resources", {}).values():
        yield from _methods(child)


def _pattern(raw: JsonObject) -> re.Pattern[str]:
    before, brace, after = raw["path"].partition("{+resourceName}")
    if not brace:
        return re.compile("/" + re.escape(before))
    inner = raw["parameters"]["resourceName"]["pattern"].strip("^$").replace("[^/]+", "[^/:]+")
    return re.compile(f"/{re.escape(before)}(?P<resourceName>{inner}){re.escape(after)}")


def _properties(schema: JsonObject) -> dict[str, Property]:
    return {name: _property(spec) for name, spec in schema.get("properties", {}).items()}


def _property(spec: JsonObject) -> Property:
    ref = spec.get("$ref", "")
    items, values = spec.get("items"), spec.get("additionalProperties")
    return Property(
        "object" if ref else spec.get("type", "any"),
        ref,
        spec.get("readOnly", False),
        frozenset(spec.get("enum", ())),
        _property(items) if items else None,
        _property(values) if values else None,
    )
