"""Judges every answer by JSON Schemas made from Google's discovery document; unknown properties are forbidden."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.protocols import Validator

from ringdesk.sandbox.google import Request, Response
from ringdesk.sandbox.google.document import document_path

_FORMATS: Mapping[str, Mapping[str, object]] = {
    "google-datetime": {"pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$"},
    "int32": {"minimum": -(2**31), "maximum": 2**31 - 1},
    "byte": {"pattern": r"^[A-Za-z0-9+/_-]*=*$"},
    "google-fieldmask": {},
}

ERROR: Mapping[str, object] = {
    "type": "object",
    "required": ["error"],
    "additionalProperties": False,
    "properties": {
        "error": {
            "type": "object",
            "required": ["code", "message", "status"],
            "additionalProperties": False,
            "properties": {
                "code": {"type": "integer", "minimum": 400, "maximum": 599},
                "message": {"type": "string", "minLength": 1},
                "status": {"type": "string", "pattern": "^[A-Z_]+$"},
                "details": {
                    "type": "array",
                    "minItems": 1,
                    "items": {"type": "object", "required": ["@type"]},
                },
            },
        }
    },
}

_SEVERAL = 60


def converted(node: Mapping[str, Any]) -> dict[str, Any]:
    """A schema of the discovery document as a JSON Schema."""
    if "$ref" in node:
        return {"$ref": f"#/$defs/{node['$ref']}"}
    schema: dict[str, Any] = dict(_FORMATS[node["format"]]) if "format" in node else {}
    if node.get("type", "any") != "any":
        schema["type"] = node["type"]
    if "enum" in node:
        schema["enum"] = node["enum"]
    if "items" in node:
        schema |= {"items": converted(node["items"]), "minItems": 1}
    if node.get("type") == "object":
        schema["properties"] = {name: converted(part) for name, part in node.get("properties", {}).items()}
        extra = node.get("additionalProperties")
        schema["additionalProperties"] = converted(extra) if extra and extra.get("type") != "any" else bool(extra)
    return schema


@cache
def validators() -> tuple[Mapping[str, Validator], Mapping[str, str]]:
    """A validator for each schema, and the schema of each method's answer."""
    raw = json.loads(document_path().read_text(encoding="utf-8"))
    definitions = {name: converted(schema) for name, schema in raw["schemas"].items()}
    made: dict[str, Validator] = {
        name: Draft202012Validator({"$ref": f"#/$defs/{name}", "$defs": definitions}) for name in definitions
    }
    made["error"] = Draft202012Validator(ERROR)
    return made, {method["id"].removeprefix("people."): method["response"]["$ref"] for method in _methods(raw)}


def _methods(node: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield from node.get("methods", {}).values()
    for child in node.get("resources", {}).values():
        yield from _methods(child)


class Judge:
    """An observer of the practice Google; raises jsonschema.ValidationError at the first wrong answer.

    A page of many people is judged by its first sixty and by everything around them.
    """

    def __init__(self) -> None:
        self.judged = 0

    def __call__(self, method: str, request: Request, response: Response) -> None:
        if not method or not response.delivered:
            return
        made, answers = validators()
        body = response.json()
        for name, value in body.items():
            if isinstance(value, list):
                body[name] = value[:_SEVERAL]
        made[answers[method] if response.status == 200 else "error"].validate(body)
        if response.status != 200:
            assert body["error"]["code"] == response.status
        _no_defaults(body, f"{request.method} {request.path}")
        self.judged += 1


def _no_defaults(value: object, place: str) -> None:
    """Google leaves out what is empty, zero or false [R]; only a status says "all is well" by being empty."""
    if isinstance(value, dict):
        for name, inner in value.items():
            assert inner or (name == "status" and inner == {}), f"{place}: {name} is {inner!r}"
            _no_defaults(inner, f"{place}.{name}")
    elif isinstance(value, list):
        for inner in value:
            _no_defaults(inner, place)
