"""The parts of SIP that softphones pass through raw: URIs and quoted display names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote

_ANONYMOUS_HOST: Final = "anonymous.invalid"
_ESCAPED: Final = re.compile(r"\\(.)", re.DOTALL)
_SCHEME: Final = re.compile(r"\A<?\s*(sips?|tel):", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Peer:
    """The other party of a SIP call as its URI names it."""

    number: str
    withheld: bool


def peer(uri: str) -> Peer:
    """Read the number out of a `sip:`, `sips:` or `tel:` URI; anything else is taken as the number itself."""
    text = uri.strip()
    scheme = _SCHEME.match(text)
    if scheme is None:
        return Peer(text, text.casefold() == "anonymous")
    rest = text[scheme.end() :].split(">")[0]
    user, at, host = rest.partition("@")
    if not at and scheme[1].lower() != "tel":
        user, host = "", rest
    number = unquote(re.split("[;:?]", user)[0], errors="replace").strip()
    hidden = number.casefold() == "anonymous" or re.split("[;:?]", host)[0].casefold() == _ANONYMOUS_HOST
    return Peer(number, hidden)


def unquoted(name: str) -> str:
    """A display name without the backslashes of its quoted string."""
    text = name.strip()
    if len(text) > 1 and text[0] == text[-1] == '"':
        text = text[1:-1]
    return _ESCAPED.sub(r"\1", text)
