"""vCards to contacts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ringdesk.domain.card import Card
from ringdesk.files.draft import AddressDraft, OrganizationDraft
from ringdesk.files.limits import CARDS, LINE_LETTERS, LINES, PICTURE_BYTES, PROPERTIES
from ringdesk.files.report import Picture, ReadCard, Refused, RefusedCode, picture
from ringdesk.files.vcard_heads import Head, Heads, split_line
from ringdesk.files.vcard_lines import from_base64, logical_lines, value_of
from ringdesk.files.vcard_plain import read_plain
from ringdesk.files.vcard_properties import IGNORED, READERS, Reading
from ringdesk.files.vcard_split import CardSplitter, RawCard

_NOTHING: Final = Card()


def read_vcards(chunks: Iterator[bytes]) -> Iterator[ReadCard | Refused]:
    """Yield the cards of a vCard file, one at a time, and what was refused of it."""
    splitter = CardSplitter()
    heads = Heads()
    count = 0
    for chunk in chunks:
        for item in splitter.feed(chunk):
            count += 1
            if count > CARDS:
                yield Refused("the rest of the file", RefusedCode.TOO_MANY, f"more than {CARDS} cards")
                return
            yield read_card(item, heads) if isinstance(item, RawCard) else item
    yield from splitter.close()


def read_card(raw: RawCard, heads: Heads) -> ReadCard | Refused:
    """Read one card."""
    plain = read_plain(raw.data, heads)
    return read_any(raw, heads) if plain is None else ReadCard(plain[0], raw.where, plain[1], None, ())


def read_any(raw: RawCard, heads: Heads) -> ReadCard | Refused:
    """Read any card: the reference that `read_plain` must agree with wherever it answers."""
    if raw.data.count(b"\n") > LINES:
        return Refused(raw.where, RefusedCode.TOO_LARGE, f"this card has more than {LINES} lines")
    lines = logical_lines(raw.data)
    if len(lines) > PROPERTIES and _count(lines) > PROPERTIES:
        return Refused(raw.where, RefusedCode.TOO_LARGE, f"this card has more than {PROPERTIES} properties")
    reading = Reading()
    if b"\0" in raw.data:
        lines = _without_zeros(reading, lines)
        if not any(lines):
            return Refused(raw.where, RefusedCode.BAD_ENCODING, "every line of this card holds zero bytes")
    _read_lines(reading, lines, heads)
    return _finished(reading, raw.where)


def _count(lines: list[str]) -> int:
    return sum(":" in line and ".X-ABLABEL" not in line[:40].upper() for line in lines)


def _without_zeros(reading: Reading, lines: list[str]) -> list[str]:
    """The lines but for those with zero bytes (pictures that were written as they are): these are lost."""
    for line in lines:
        if "\0" in line:
            _lose(reading, line.partition(":")[0].partition(";")[0].upper())
    return [line for line in lines if "\0" not in line]


def _lose(reading: Reading, name: str) -> None:
    plain = name.isascii() and name.replace("-", "").replace(" ", "").isalnum()
    reading.draft.lose(name[:80] if plain else "unreadable line")


def _read_lines(reading: Reading, lines: list[str], heads: Heads) -> None:
    head = _NO_HEAD
    plain = heads.plain
    for line in lines:
        text, colon, value = line.partition(":")
        way = plain.get(text)
        if way is None or not colon or len(value) > LINE_LETTERS:
            head = _read_with_care(reading, line, head, heads)
        else:
            head, read = way
            read(reading, head, value)


_NO_HEAD: Final = Head("")


def _read_with_care(reading: Reading, line: str, before: Head, heads: Heads) -> Head:
    """Read a line whose head is not known to be plain; gives its head, that of the line before where it has none."""
    text, colon, value = line.partition(":")
    if not colon:
        _without_colon(reading, line, before)
        return before
    quotes = '"' in text
    if quotes:
        text, value = split_line(line)
    head = heads[text]
    read = READERS.get(head.name)
    if read is not None and head.plain and len(value) <= LINE_LETTERS:
        if not quotes and text in heads:
            heads.plain[text] = head, read
        read(reading, head, value)
    else:
        _read_unusual(reading, head, value)
    return head


def _read_unusual(reading: Reading, head: Head, value: str) -> None:
    """Read a value that is coded, too long, or of a property that a contact has no place for."""
    read = READERS.get(head.name)
    if read is None:
        if head.name not in IGNORED and value.strip():
            _lose(reading, head.name)
    elif len(value) > LINE_LETTERS:
        reading.draft.lose(head.name)
    else:
        read(reading, head, value if head.name == "PHOTO" else value_of(head, value))


def _without_colon(reading: Reading, line: str, before: Head) -> None:
    """Pictures of vCard 2.1 go on in lines that are not folded; anything else is no property."""
    if before.coding == "base64" and before.name == "PHOTO" and reading.pictures:
        reading.pictures[-1].append(line)
    elif line.strip() and before.coding != "base64":
        reading.draft.lose("unreadable line")


def _finished(reading: Reading, where: str) -> ReadCard | Refused:
    if reading.kind == "group":
        return Refused(where, RefusedCode.GROUP, "a list of contacts, not a contact")
    draft = reading.draft
    if reading.role or reading.kind == "org":
        _finish_organizations(reading)
    if draft.addresses or reading.address_labels:
        _finish_addresses(reading)
    if reading.bad_day and draft.birthday is None:
        draft.lose("BDAY")
    shown = _picture(reading) if reading.pictures else None
    card = draft.card(shown.digest if shown else "")
    if not card.phones and not card.emails and card == _NOTHING:
        return Refused(where, RefusedCode.EMPTY, "nothing in this card that a contact can hold")
    return ReadCard(card, where, reading.uid, shown, tuple(draft.lost))


def _finish_organizations(reading: Reading) -> None:
    draft = reading.draft
    if reading.kind == "org" and draft.full and not draft.organizations:
        draft.organizations.append(OrganizationDraft(name=draft.full))
    if reading.role:
        if any(o.title for o in draft.organizations):
            draft.lose("ROLE")
        else:
            draft.organizations.append(OrganizationDraft(title=reading.role))


def _finish_addresses(reading: Reading) -> None:
    """A LABEL is its address written whole; needed where the address has no parts of its own."""
    addresses = reading.draft.addresses
    written = {a.label for a in addresses}
    for text, label, group in reading.address_labels:
        same = next((a for a in addresses if group and a.group == group), None)
        if same is not None:
            same.formatted = text
        elif label not in written:
            addresses.append(AddressDraft(("",) * 7, label, group, text))
    reading.draft.addresses = [a for a in addresses if a.formatted or any(a.parts)]


def _picture(reading: Reading) -> Picture | None:
    """The first picture that can be shown; others are lost."""
    shown: Picture | None = None
    for lines in reading.pictures:
        data = from_base64("".join(lines))
        found = picture(data) if data is not None and len(data) <= PICTURE_BYTES else None
        if found is None or (shown is not None and shown != found):
            reading.draft.lose("PHOTO")
        shown = shown or found
    return shown
