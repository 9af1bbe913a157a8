"""A contact to vCard 3.0, the form most programs read. What vCard lacks goes into Apple's and RingDesk's own lines."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Final

from ringdesk.domain.card import Address, Card, Organization
from ringdesk.files.report import picture_kind

_PHONE_TYPES: Final = {
    "home": "HOME",
    "work": "WORK",
    "other": "OTHER",
    "mobile": "CELL",
    "main": "MAIN",
    "homeFax": "HOME,FAX",
    "workFax": "WORK,FAX",
    "otherFax": "FAX",
    "pager": "PAGER",
    "workMobile": "WORK,CELL",
    "workPager": "WORK,PAGER",
}
_TYPES: Final = {"home": "HOME", "work": "WORK", "other": "OTHER"}
_APPLE: Final = frozenset(
    {
        "spouse", "child", "mother", "father", "parent", "brother", "sister", "friend", "manager", "assistant",
        "partner", "homePage", "anniversary",
    }
)  # several to a line  # fmt: skip
"""Labels that Apple's programs show in the reader's language when they are wrapped."""

_FOLD: Final = 75


def vcard(card: Card, uid: str, photo: bytes | None) -> bytes:
    """One card, lines folded and ended as the standard asks."""
    lines = _Lines()
    if uid:
        lines.plain("UID", uid)
    _names(lines, card)
    _reachable(lines, card)
    _organizations(lines, card.organizations)
    _about(lines, card)
    if photo is not None:
        _photo(lines, photo)
    return lines.card()


class _Lines:
    """The lines of one card, and the groups that tie a label to its line."""

    def __init__(self) -> None:
        self._lines = ["BEGIN:VCARD", "VERSION:3.0", "PRODID:-//RingDesk//RingDesk//EN"]
        self._groups = 0

    def add(self, head: str, value: str) -> None:
        """Add a line whose value is escaped already."""
        self._lines.append(f"{head}:{value}")

    def plain(self, head: str, text: str) -> None:
        """Add a line of plain text."""
        self.add(head, escape(text))

    def labelled(self, head: str, value: str, label: str, types: Mapping[str, str]) -> None:
        """Add a line and say its label, as a type where there is one."""
        if not value:
            return
        if not label:
            self.add(head, value)
        elif label in types:
            self.add(f"{head};TYPE={types[label]}", value)
        else:
            group = self.group()
            self.add(f"{group}.{head}", value)
            self.label(group, label)

    def group(self) -> str:
        """A new group."""
        self._groups += 1
        return f"item{self._groups}"

    def label(self, group: str, label: str) -> None:
        """Give a group its label."""
        if label in _APPLE or label.startswith("_$!<"):  # the latter so that it comes back as it is
            label = f"_$!<{label[0].upper()}{label[1:]}>!$_"
        self.plain(f"{group}.X-ABLabel", label)

    def card(self) -> bytes:
        """The finished card."""
        self._lines += ["END:VCARD", ""]
        return b"\r\n".join(_folded(line.encode("utf-8", "replace")) for line in self._lines)


def escape(text: str) -> str:
    """Text as a vCard value: one line, separators behind backslashes."""
    text = text.strip().replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\0", "")
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\\n") if "\n" in text or "\r" in text else text


def _names(lines: _Lines, card: Card) -> None:
    name = card.name
    lines.plain("FN", card.display_name)
    lines.add("N", _structured((name.family, name.given, name.middle, name.prefix, name.suffix)))
    phonetic = {"FIRST": name.phonetic_given, "MIDDLE": name.phonetic_middle, "LAST": name.phonetic_family}
    for part, text in phonetic.items():
        if text:
            lines.plain(f"X-PHONETIC-{part}-NAME", text)
    if card.nicknames:
        lines.add("NICKNAME", _listed(card.nicknames))


def _reachable(lines: _Lines, card: Card) -> None:
    for phone in card.phones:
        lines.labelled("TEL", escape(phone.value), phone.label, _PHONE_TYPES)
    for email in card.emails:
        lines.labelled("EMAIL", escape(email.value), email.label, _TYPES)
    for address in card.addresses:
        _address(lines, address)
    for url in card.urls:
        lines.labelled("URL", escape(url.value), url.label, _TYPES)


def _about(lines: _Lines, card: Card) -> None:
    if card.birthday is not None:
        lines.add("BDAY", str(card.birthday))
    for relation in card.relations:
        lines.labelled("X-ABRELATEDNAMES", escape(relation.person), relation.label, {})
    for custom in card.custom:
        lines.add("X-RINGDESK-CUSTOM", _structured((custom.key, custom.value)))
    if card.note:
        lines.plain("NOTE", card.note)
    if card.groups:
        lines.add("CATEGORIES", _listed(card.groups))


def _structured(parts: tuple[str, ...]) -> str:
    return ";".join(escape(part) for part in parts)


def _listed(texts: tuple[str, ...]) -> str:
    return ",".join(escape(text) for text in texts)


def _organizations(lines: _Lines, organizations: tuple[Organization, ...]) -> None:
    """One organization plainly; several, or one with a label, in groups that keep each title with its company."""
    grouped = len(organizations) > 1 or any(o.label for o in organizations)
    for organization in organizations:
        group = lines.group() if grouped else ""
        start = f"{group}." if grouped else ""
        names = (organization.name, organization.department) if organization.department else (organization.name,)
        if grouped or any(names):
            lines.add(f"{start}ORG", _structured(names))
        if organization.title:
            lines.plain(f"{start}TITLE", organization.title)
        if organization.label:
            lines.label(group, organization.label)


def _address(lines: _Lines, address: Address) -> None:
    parts = (address.po_box, address.extended, address.street, address.city, address.region, address.postal_code,
             address.country)  # several to a line  # fmt: skip
    if not address.formatted:
        if any(parts):
            lines.labelled("ADR", _structured(parts), address.label, _TYPES)
        return
    group = lines.group()
    kind = f";TYPE={_TYPES[address.label]}" if address.label in _TYPES else ""
    lines.add(f"{group}.ADR{kind}", _structured(parts))
    lines.plain(f"{group}.LABEL{kind}", address.formatted)
    if address.label and not kind:
        lines.label(group, address.label)


def _photo(lines: _Lines, data: bytes) -> None:
    kind = picture_kind(data)
    if kind is not None:
        lines.add(f"PHOTO;ENCODING=b;TYPE={kind.upper()}", base64.b64encode(data).decode("ascii"))


def _folded(line: bytes) -> bytes:
    """The line in pieces of at most 75 bytes, never cut inside a letter."""
    if len(line) <= _FOLD:
        return line
    pieces: list[bytes] = []
    start, room = 0, _FOLD
    while start < len(line):
        end = start + room
        while end < len(line) and line[end] & 0xC0 == 0x80:
            end -= 1
        pieces.append(line[start:end])
        start, room = end, _FOLD - 1
    return b"\r\n ".join(pieces)
