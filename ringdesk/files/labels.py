"""What a number, address or relation is called, in the words of Google's People API, and how files write them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

WORDS: Final = (
    "home", "work", "other", "mobile", "main", "homeFax", "workFax", "otherFax", "pager", "workMobile", "workPager",
    "googleVoice", "homePage", "blog", "profile", "ftp", "spouse", "child", "mother", "father", "parent", "brother",
    "sister", "friend", "relative", "domesticPartner", "manager", "assistant", "referredBy", "partner", "anniversary",
)  # several to a line  # fmt: skip
"""The labels that have a fixed word; anything else is free text."""

_FIXED: Final = frozenset(("", *WORDS))
_LETTERS: Final = 40
"""Longer text is no spelling of a fixed word."""

_BY_KEY: Final = {word.lower(): word for word in WORDS} | {
    "cell": "mobile",
    "cellphone": "mobile",
    "iphone": "mobile",
    "mainnumber": "main",
    "business": "work",
    "fax": "otherFax",
}

_SHOWN: Final = {word: "".join(f" {c}" if c.isupper() else c for c in word).capitalize().title() for word in WORDS}

_SILENT: Final = frozenset(
    {
        "", "voice", "pref", "internet", "msg", "text", "video", "x400", "dom", "intl", "postal", "parcel", "isdn",
        "pcs", "modem", "bbs", "textphone",
    }
)  # several to a line  # fmt: skip
"""vCard types that say nothing a label would."""

_SYSTEM_GROUPS: Final = frozenset({"mycontacts", "my contacts", "starred"})


def canonical(text: str) -> str:
    """The fixed word for a label however it is spelled ("Home Fax", "HOMEFAX"), or the text itself."""
    if text in _FIXED or len(text) > _LETTERS:
        return text
    return _BY_KEY.get(text.lower().replace(" ", "").replace("-", "").replace("_", ""), text)


def shown(label: str) -> str:
    """The label as Google writes it in a file: "Home Fax" for homeFax."""
    return _SHOWN.get(label, label)


def unwrapped(text: str) -> str:
    """The label of Apple's X-ABLabel: its built-in labels stand between _$!< and >!$_, free text is itself."""
    if not (text.startswith("_$!<") and text.endswith(">!$_")):
        return text
    inner = text[4:-4]
    word = canonical(inner)
    return word if word != inner else inner[:1].lower() + inner[1:]


def phone_label(types: Iterable[str]) -> str:
    """The label of a phone number from its vCard types."""
    known = {t.lower() for t in types}
    place = "work" if "work" in known else "home" if "home" in known else ""
    if "fax" in known:
        return f"{place or 'other'}Fax"
    if "pager" in known:
        return "workPager" if place == "work" else "pager"
    if known & {"cell", "mobile", "iphone"}:
        return "workMobile" if place == "work" else "mobile"
    return "main" if "main" in known else label(types)


def label(types: Iterable[str]) -> str:
    """The label of anything but a phone number from its vCard types: the first that says something."""
    for text in types:
        plain = text[2:] if text[:2].lower() == "x-" else text
        if plain.lower() not in _SILENT:
            return canonical(plain)
    return ""


def kept_groups(names: Iterable[str]) -> tuple[str, ...]:
    """The contact groups among these, each once: without Google's own (My Contacts, Starred)."""
    plain = (name.strip().removeprefix("* ").strip() for name in names)
    return tuple(dict.fromkeys(name for name in plain if name and name.lower() not in _SYSTEM_GROUPS))
