"""Which texts of a card may become links: only mailto, https and tel, and only on a click."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

from ringdesk.domain.numbering import parse
from ringdesk.domain.phone import E164, Extension


def mail_link(address: str) -> str | None:
    """A mailto link, or None where the text is no address."""
    text = address.strip()
    name, _, host = text.rpartition("@")
    plain = text.isprintable() and not any(c.isspace() for c in text)
    return f"mailto:{quote(text, safe='@+._-~')}" if name and host and plain and len(text) < 320 else None


def web_link(text: str) -> str | None:
    """An https link; an address without a scheme gets it. None for every other scheme."""
    address = text.strip()
    if not address or not address.isprintable() or any(c.isspace() for c in address) or len(address) > 2000:
        return None
    if "://" not in address and ":" not in address.split("/")[0]:
        address = "https://" + address
    try:
        parts = urlsplit(address)
        good = parts.scheme == "https" and "." in (parts.hostname or "") and parts.username is None
    except ValueError:
        return None
    return address if good else None


def phone_link(text: str, region: str) -> str | None:
    """A tel link for a number or an extension."""
    number = parse(text, region)
    return f"tel:{number}" if isinstance(number, E164 | Extension) else None
