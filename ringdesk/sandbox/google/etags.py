"""Etags as Google makes them: one for a source's content, one for a person that also depends on the question."""

from __future__ import annotations

import base64
import binascii
import hashlib

from ringdesk.sandbox.google.masks import View


def source_etag(identity: int, version: int) -> str:
    """The etag of a source, without its leading #: eight bytes that change with every version [R]."""
    digest = hashlib.blake2b(f"{identity}/{version}".encode(), digest_size=8).digest()
    return base64.b64encode(digest).decode()


def person_etag(view: View, source: str) -> str:
    """person.etag: the fields and sources asked for, and the source's own etag [R: decoded from four samples]."""
    inner = source.encode()
    return "%" + base64.b64encode(view.head + b'"' + bytes([len(inner)]) + inner).decode()


def source_inside(etag: str) -> str:
    """The source etag inside a person.etag; "" when it is no person.etag at all."""
    if not etag.startswith("%"):
        return ""
    try:
        raw = base64.b64decode(etag[1:], validate=True)
    except (ValueError, binascii.Error):
        return ""
    _, mark, rest = raw.rpartition(b'"')
    if not mark or not rest or rest[0] != len(rest) - 1:
        return ""
    return rest[1:].decode("ascii", "replace")
