"""What Google computes by itself: display names, canonical numbers, translated types, formatted addresses."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from ringdesk.sandbox.google.web import JsonObject

_UPPER = re.compile(r"(?<=[a-z])([A-Z])")
_EXTENSION = re.compile(r"(?i)\s*(?:ext\.?|x|;ext=|,).*$")
_PROTOCOLS = {
    "aim": "AIM",
    "msn": "Windows Live Messenger",
    "yahoo": "Yahoo",
    "skype": "Skype",
    "qq": "QQ",
    "googleTalk": "Google Talk",
    "icq": "ICQ",
    "jabber": "Jabber",
    "netMeeting": "NetMeeting",
}
_ADDRESS_LINES = ("streetAddress", "extendedAddress", "poBox", "city", "region", "postalCode", "country")


@dataclass(frozen=True, slots=True)
class Region:
    """Where an account is at home: its calling code, and the trunk prefix that national numbers carry."""

    calling_code: str = "44"
    trunk: str = "0"
    unparsable: Literal["absent", "digits"] = "absent"


def canonical_number(value: str, region: Region) -> str:
    """The E.164 form [D] of a number as typed; national ones by the account's region [R]; "" when there is none."""
    text = _EXTENSION.sub("", value.strip())
    digits = "".join(char for char in text if char.isascii() and char.isdigit())
    if text.startswith("+"):
        found = digits
    elif digits.startswith("00"):
        found = digits[2:]
    elif len(digits) >= 7 and not any(char.isalpha() for char in text):
        found = region.calling_code + digits.removeprefix(region.trunk)
    else:
        found = ""
    if 8 <= len(found) <= 15 and not found.startswith("0"):
        return f"+{found}"
    return digits if region.unparsable == "digits" else ""


def formatted(kind: str) -> str:
    """A type as shown to people: "workFax" is "Work Fax" [R]; a custom type stays as it is."""
    if not kind.isascii() or not kind.isalpha() or not kind[0].islower():
        return kind
    spaced = _UPPER.sub(r" \1", kind)
    return spaced[0].upper() + spaced[1:]


def derived(field: str, item: JsonObject, region: Region) -> JsonObject:
    """The item as Google stores it: with what it computes for this field."""
    work = _DERIVERS.get(field)
    done = work(item, region) if work else item
    if done.get("type") and field not in _UNFORMATTED:
        done["formattedType"] = formatted(done["type"])
    return done


_UNFORMATTED = frozenset({"nicknames", "locations"})


def _name(item: JsonObject, region: Region) -> JsonObject:
    del region
    if not any(item.get(part) for part in _NAME_PARTS) and item.get("unstructuredName"):
        item = item | _parsed_name(item["unstructuredName"])
    given = " ".join(item[part] for part in ("honorificPrefix", "givenName", "middleName") if item.get(part))
    family, suffix = item.get("familyName", ""), item.get("honorificSuffix", "")
    shown = " ".join(part for part in (given, family, suffix) if part)
    if not shown:
        return item
    last_first = ", ".join(part for part in (family, given, suffix) if part) if family else shown
    return item | {"displayName": shown, "displayNameLastFirst": last_first, "unstructuredName": shown}


_NAME_PARTS = ("honorificPrefix", "givenName", "middleName", "familyName", "honorificSuffix")


def _parsed_name(text: str) -> JsonObject:
    *given, family = text.split() or [""]
    return {"givenName": " ".join(given), "familyName": family} if given else {"givenName": family}


def _phone(item: JsonObject, region: Region) -> JsonObject:
    canonical = canonical_number(item.get("value", ""), region)
    return item | {"canonicalForm": canonical} if canonical else item


def _address(item: JsonObject, region: Region) -> JsonObject:
    del region
    if item.get("formattedValue"):
        return item
    lines = "\n".join(item[part] for part in _ADDRESS_LINES if item.get(part))
    return item | {"formattedValue": lines} if lines else item


def _im_client(item: JsonObject, region: Region) -> JsonObject:
    del region
    protocol = item.get("protocol")
    return item | {"formattedProtocol": _PROTOCOLS.get(protocol, protocol)} if protocol else item


def _gender(item: JsonObject, region: Region) -> JsonObject:
    del region
    return item | {"formattedValue": formatted(item["value"])} if item.get("value") else item


def _biography(item: JsonObject, region: Region) -> JsonObject:
    del region
    return {"contentType": "TEXT_PLAIN"} | item


_DERIVERS: Mapping[str, Callable[[JsonObject, Region], JsonObject]] = {
    "names": _name,
    "phoneNumbers": _phone,
    "addresses": _address,
    "imClients": _im_client,
    "genders": _gender,
    "biographies": _biography,
}
