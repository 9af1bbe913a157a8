"""Reads a request body as Google does: JSON that fits the schema, or 400 with the place that does not."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import lru_cache

from ringdesk.sandbox.google.document import Property, document
from ringdesk.sandbox.google.errors import violation
from ringdesk.sandbox.google.web import JsonObject

_UPPER = re.compile(r"(?<=[a-z0-9])([A-Z])")
_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "boolean": (bool,),
    "integer": (int,),
    "number": (int, float),
}


@lru_cache(maxsize=1024)
def snake(name: str) -> str:
    """A name as the messages of the API spell it: phoneNumbers is phone_numbers."""
    return _UPPER.sub(r"_\1", name).lower()


def read_body(body: bytes, schema: str) -> JsonObject:
    """The JSON object of a request. Raises Refusal: not JSON, an unknown name, a wrong type [G: JSON transcoding]."""
    if not body.strip():
        return {}
    try:
        parsed = json.loads(body)
        json.dumps(parsed, ensure_ascii=False).encode()  # half a surrogate pair is no text
    except (ValueError, RecursionError) as error:
        raise violation("Invalid JSON payload received. Unexpected token.") from error
    if not isinstance(parsed, dict):
        raise violation("Invalid JSON payload received. Root element must be a message.")
    _check_object(parsed, document().schemas[schema], "")
    return {name: value for name, value in parsed.items() if value is not None}


def _check_object(value: JsonObject, properties: Mapping[str, Property], place: str) -> None:
    for name, inner in value.items():
        spec = properties.get(name)
        if spec is None:
            where = f" at '{place}'" if place else ""
            raise violation(f'Invalid JSON payload received. Unknown name "{name}"{where}: Cannot find field.')
        if inner is not None:
            _check(inner, spec, f"{place}.{snake(name)}" if place else snake(name))


def _check(value: object, spec: Property, place: str) -> None:
    if spec.items is not None:
        if not isinstance(value, list):
            raise _wrong(place, "list", value)
        for index, item in enumerate(value):
            _check(item, spec.items, f"{place}[{index}]")
    elif spec.kind == "object":
        _check_message(value, spec, place)
    else:
        _check_scalar(value, spec, place)


def _check_message(value: object, spec: Property, place: str) -> None:
    if not isinstance(value, dict):
        raise _wrong(place, spec.ref or "object", value)
    if spec.ref:
        _check_object(value, document().schemas[spec.ref], place)
    elif spec.values is not None:
        for key, inner in value.items():
            _check(inner, spec.values, f"{place}[{key}]")


def _check_scalar(value: object, spec: Property, place: str) -> None:
    allowed = _TYPES[spec.kind]
    if not isinstance(value, allowed) or (isinstance(value, bool) and spec.kind != "boolean"):
        raise _wrong(place, f"TYPE_{spec.kind.upper()}", value)
    if spec.enum and value not in spec.enum:
        raise _wrong(place, "TYPE_ENUM", value)
    if spec.kind == "integer" and isinstance(value, int) and not -(2**31) <= value < 2**31:
        raise _wrong(place, "TYPE_INT32", value)


def _wrong(place: str, kind: str, value: object) -> Exception:
    return violation(f"Invalid value at '{place}' ({kind}), {json.dumps(value)[:80]}")
