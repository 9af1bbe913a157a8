"""Form bodies as fields: what a telephone system posts when it does not post JSON. Pure; small and strict.

Both forms that HTTP knows are read, because makers of telephone systems mean either by "form data". Files are refused.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import parse_qsl

FIELDS_MOST: Final = 64
Fields = dict[str, list[str]]

_DISPOSITION: Final = re.compile(r'form-data; ?name="([^"\r\n]{1,80})"', re.IGNORECASE)
_BOUNDARY: Final = re.compile(r"[0-9A-Za-z'()+_,./:=?-]{1,70}")


def urlencoded(body: bytes) -> Fields:
    """The fields of `application/x-www-form-urlencoded`. Raises ValueError."""
    text = body.decode("utf-8").rstrip("\r\n")
    pairs = parse_qsl(
        text, keep_blank_values=True, strict_parsing=bool(text), errors="strict", max_num_fields=FIELDS_MOST
    )
    return _grouped(pairs)


def multipart(body: bytes, boundary: str) -> Fields:
    """The fields of `multipart/form-data`. Raises ValueError."""
    if _BOUNDARY.fullmatch(boundary) is None:
        raise ValueError("the boundary of the form is not said")
    mark = b"\r\n--" + boundary.encode("ascii")
    first, *parts = (b"\r\n" + body).split(mark, FIELDS_MOST + 2)
    if first.strip() or not parts or parts.pop().strip() != b"--":
        raise ValueError("the form does not begin and end with its boundary")
    return _grouped([_part(part) for part in parts])


def _part(part: bytes) -> tuple[str, str]:
    start, head_ends, value = part.partition(b"\r\n\r\n")
    headers = start.removeprefix(b"\r\n").decode("utf-8").split("\r\n")
    found = [line.partition(":")[2].strip() for line in headers if line.lower().startswith("content-disposition:")]
    name = _DISPOSITION.fullmatch(found[0]) if len(found) == 1 else None
    if not start.startswith(b"\r\n") or not head_ends or name is None:
        raise ValueError("a part of the form is no plain field")
    return name[1], value.decode("utf-8")


def _grouped(pairs: list[tuple[str, str]]) -> Fields:
    fields: Fields = {}
    for name, value in pairs:
        fields.setdefault(name, []).append(value)
    return fields
