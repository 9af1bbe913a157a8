"""What each property of a vCard means to RingDesk."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, cast

from ringdesk.domain.card import CustomField, Name
from ringdesk.files import labels
from ringdesk.files.draft import AddressDraft, Draft, Labelled, OrganizationDraft
from ringdesk.files.parts import birthday
from ringdesk.files.vcard_heads import Head
from ringdesk.files.vcard_lines import split_escaped, unescape


@dataclass(slots=True)
class Reading:
    """One card while its lines go by: the contact so far, and what is decided at the card's end."""

    draft: Draft = field(default_factory=Draft)
    uid: str = ""
    version: str = ""
    kind: str = ""
    role: str = ""
    bad_day: bool = False
    pictures: list[list[str]] = field(default_factory=list)
    """Each in base64, in pieces."""

    address_labels: list[Labelled] = field(default_factory=list)


def _full(reading: Reading, head: Head, value: str) -> None:
    reading.draft.full = reading.draft.full or unescape(value)


def _name(reading: Reading, head: Head, value: str) -> None:
    parts = split_escaped(value, ";") + _PARTS
    if "," in value:
        family, given, middle, prefix = (_joined(part, " ") for part in parts[:4])
        name = Name(prefix, given, middle, family, _joined(parts[4], ", "))
    elif "\\" in value:
        family, given, middle, prefix, suffix = (unescape(part) for part in parts[:5])
        name = Name(prefix, given, middle, family, suffix)
    else:
        name = Name(parts[3].strip(), parts[1].strip(), parts[2].strip(), parts[0].strip(), parts[4].strip())
    if reading.draft.name is None or not reading.draft.name.full:
        reading.draft.name = name


_PARTS: Final = ["", "", "", ""]


def _joined(part: str, by: str) -> str:
    return by.join(text for piece in split_escaped(part, ",") if (text := unescape(piece)))


def _phonetic(part: str) -> Callable[[Reading, Head, str], None]:
    def read(reading: Reading, head: Head, value: str) -> None:
        if text := unescape(value):
            reading.draft.phonetic[part] = text

    return read


def _phone(reading: Reading, head: Head, value: str) -> None:
    text = unescape(value)
    if text[:4].lower() == "tel:" and (reading.version == "4.0" or head.parameter("VALUE").lower() in ("uri", "url")):
        text, _, more = text[4:].partition(";")
        extension = next((p[4:] for p in more.split(";") if p[:4].lower() == "ext="), "")
        text = f"{text} ext. {extension}" if extension else text
    if text:
        reading.draft.phones.append(Labelled(text, head.phone_label, head.group))


def _email(reading: Reading, head: Head, value: str) -> None:
    if text := unescape(value):
        reading.draft.emails.append(Labelled(text, head.label, head.group))


def _url(reading: Reading, head: Head, value: str) -> None:
    if text := unescape(value):
        reading.draft.urls.append(Labelled(text, head.label, head.group))


def _organization(reading: Reading, head: Head, value: str) -> None:
    name, *units = [unescape(part) for part in split_escaped(value, ";")]
    found = _slot(reading, head.group, lambda o: not o.declared)
    found.name, found.department = name, ", ".join([unit for unit in units if unit])
    found.declared, found.label = True, head.label


def _title(reading: Reading, head: Head, value: str) -> None:
    if text := unescape(value):
        _slot(reading, head.group, lambda o: not o.title).title = text


def _slot(reading: Reading, group: str, free: Callable[[OrganizationDraft], bool]) -> OrganizationDraft:
    """The organization a line belongs to: the first of its group that still lacks it, else a new one."""
    drafts = reading.draft.organizations
    for draft in drafts:
        if draft.group == group and free(draft):
            return draft
    drafts.append(OrganizationDraft(group))
    return drafts[-1]


def _role(reading: Reading, head: Head, value: str) -> None:
    reading.role = reading.role or unescape(value)


def _address(reading: Reading, head: Head, value: str) -> None:
    texts = [unescape(part) for part in split_escaped(value, ";")][:7]
    whole = unescape(head.parameter("LABEL").replace("^n", "\n").replace("^'", '"').replace("^^", "^"))
    parts = cast("tuple[str, str, str, str, str, str, str]", tuple(texts + [""] * (7 - len(texts))))
    reading.draft.addresses.append(AddressDraft(parts, head.label, head.group, "" if any(texts) else whole))


def _address_label(reading: Reading, head: Head, value: str) -> None:
    if text := unescape(value):
        reading.address_labels.append(Labelled(text, head.label, head.group))


def _birthday(reading: Reading, head: Head, value: str) -> None:
    day = birthday(value, head.parameter("X-APPLE-OMIT-YEAR"))
    if day is None:
        reading.bad_day = reading.bad_day or bool(value.strip())
    elif reading.draft.birthday is None:
        reading.draft.birthday = day


def _date(reading: Reading, head: Head, value: str) -> None:
    """Dates other than the birthday have no field of their own: they are kept as custom fields."""
    text = unescape(value)
    day = birthday(text, head.parameter("X-APPLE-OMIT-YEAR"))
    if text:
        label = head.label or ("date" if head.name == "X-ABDATE" else "anniversary")
        reading.draft.dates.append(Labelled(str(day) if day else text, label, head.group))


def _note(reading: Reading, head: Head, value: str) -> None:
    if text := unescape(value):
        reading.draft.notes.append(text)


def _list(field: str) -> Callable[[Reading, Head, str], None]:
    def read(reading: Reading, head: Head, value: str) -> None:
        texts = (unescape(piece) for piece in split_escaped(value, ","))
        getattr(reading.draft, field).extend(text for text in texts if text)

    return read


def _related(reading: Reading, head: Head, value: str) -> None:
    text = unescape(value)
    if head.name == "RELATED" and text[:4].lower() == "urn:":
        reading.draft.lose(head.name)
    elif text:
        label = _RELATED.get(head.name, head.label)
        reading.draft.relations.append(Labelled(text, label, head.group))


def _android(reading: Reading, head: Head, value: str) -> None:
    """Android writes what vCard 2.1 lacks as item type;value;kind;own label;..."""
    kind, text, number, own, *_ = (*(unescape(part) for part in split_escaped(value, ";")), "", "", "", "")
    if kind.endswith("/nickname") and text:
        reading.draft.nicknames.append(text)
    elif kind.endswith("/relation") and text:
        reading.draft.relations.append(Labelled(text, own or _android_relation(number)))
    elif kind.endswith("/contact_event") and text:
        day = birthday(text)
        label = own or ("anniversary" if number == "1" else "date")
        reading.draft.dates.append(Labelled(str(day) if day else text, label))
    else:
        reading.draft.lose(head.name)


def _android_relation(number: str) -> str:
    place = int(number) - 1 if number.isascii() and number.isdigit() and len(number) < 3 else -1
    return _ANDROID_RELATIONS[place] if 0 <= place < len(_ANDROID_RELATIONS) else ""


def _custom(reading: Reading, head: Head, value: str) -> None:
    key, text, *_ = (*(unescape(part) for part in split_escaped(value, ";")), "")
    if key or text:
        reading.draft.custom.append(CustomField(key, text))


def _group_label(reading: Reading, head: Head, value: str) -> None:
    if head.group and (text := unescape(value)):
        reading.draft.labels[head.group] = labels.unwrapped(text)


def _uid(reading: Reading, head: Head, value: str) -> None:
    reading.uid = reading.uid or unescape(value)


def _version(reading: Reading, head: Head, value: str) -> None:
    reading.version = value.strip()


def _kind(reading: Reading, head: Head, value: str) -> None:
    reading.kind = value.strip().lower()


def _photo(reading: Reading, head: Head, value: str) -> None:
    """A picture in the file itself; one that lies elsewhere is never fetched."""
    if head.coding == "base64":
        reading.pictures.append([value])
        return
    text = value.strip()
    if text[:5].lower() == "data:":
        kind, comma, data = text.replace("\\,", ",", 1).replace("\\;", ";").partition(",")
        if comma and kind.lower().endswith(";base64"):
            reading.pictures.append([data])
            return
    reading.draft.lose("PHOTO")


_RELATED: Final = {
    f"{start}{word.upper()}": word
    for start in ("X-", "X-MS-", "X-EVOLUTION-", "X-KADDRESSBOOK-X-")
    for word in ("spouse", "assistant", "manager", "child")
} | {"X-KADDRESSBOOK-X-SPOUSESNAME": "spouse", "X-KADDRESSBOOK-X-ASSISTANTSNAME": "assistant",
     "X-KADDRESSBOOK-X-MANAGERSNAME": "manager"}  # several to a line  # fmt: skip

_ANDROID_RELATIONS: Final = (
    "assistant", "brother", "child", "domesticPartner", "father", "friend", "manager", "mother", "parent", "partner",
    "referredBy", "relative", "sister", "spouse",
)  # several to a line  # fmt: skip
"""By Android's number, counted from 1."""

_DATES: Final = ("ANNIVERSARY", "X-ANNIVERSARY", "X-EVOLUTION-ANNIVERSARY", "X-MS-ANNIVERSARY",
                 "X-KADDRESSBOOK-X-ANNIVERSARY", "X-ABDATE")  # several to a line  # fmt: skip

READERS: Final[Mapping[str, Callable[[Reading, Head, str], None]]] = {
    "FN": _full,
    "N": _name,
    "X-PHONETIC-FIRST-NAME": _phonetic("phonetic_given"),
    "X-PHONETIC-MIDDLE-NAME": _phonetic("phonetic_middle"),
    "X-PHONETIC-LAST-NAME": _phonetic("phonetic_family"),
    "NICKNAME": _list("nicknames"),
    "TEL": _phone,
    "EMAIL": _email,
    "URL": _url,
    "ORG": _organization,
    "TITLE": _title,
    "ROLE": _role,
    "ADR": _address,
    "LABEL": _address_label,
    "BDAY": _birthday,
    "NOTE": _note,
    "CATEGORIES": _list("groups"),
    "RELATED": _related,
    "X-ABRELATEDNAMES": _related,
    "X-ANDROID-CUSTOM": _android,
    "X-RINGDESK-CUSTOM": _custom,
    "X-ABLABEL": _group_label,
    "UID": _uid,
    "VERSION": _version,
    "KIND": _kind,
    "X-ADDRESSBOOKSERVER-KIND": _kind,
    "PHOTO": _photo,
    **dict.fromkeys(_RELATED, _related),
    **dict.fromkeys(_DATES, _date),
}
"""What is done with the value of each property; a value comes decoded, its escapes still in it."""

IGNORED: Final = frozenset(
    {
        "", "PRODID", "REV", "CLASS", "MAILER", "NAME", "PROFILE", "SOURCE", "SORT-STRING", "CLIENTPIDMAP",
        "X-ABADR", "X-ABUID", "X-ABSHOWAS", "X-EVOLUTION-FILE-AS", "X-MOZILLA-HTML", "X-MS-OL-DESIGN",
        "X-MS-OL-DEFAULT-POSTAL-ADDRESS", "X-IMAGETYPE", "X-IMAGEHASH", "X-SHARED-PHOTO-DISPLAY-PREF",
    }
)  # several to a line  # fmt: skip
"""What programs write for themselves: no loss to the user."""
