"""Reported items: in which order they are taken in, what they are and were called, whom a step is about. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from ringdesk.domain.contact import Contact
from ringdesk.domain.effects import Ask, Effect, PutEntry, PutLink
from ringdesk.domain.remote import RemoteContact, RemoteGone, RemoteItem
from ringdesk.sync.plan import Step

_UUID: Final = re.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def named(item: RemoteContact | Contact) -> str:
    """What a report calls a contact."""
    return item.card.display_name


def our_id(text: str) -> str:
    """The id on a contact where it can be one of ours, else empty."""
    return text if _UUID.fullmatch(text) else ""


def turn(item: RemoteItem) -> tuple[bool, str]:
    """Tombstones come first, the others so that those of one slice lie near each other in the tables."""
    return not isinstance(item, RemoteGone), (isinstance(item, RemoteContact) and item.id) or item.remote


def asked_as(item: RemoteItem, asked: str) -> RemoteItem:
    """What an account answers about an id; where that is another one by now, the id asked for is a former one."""
    if not isinstance(item, RemoteContact) or item.remote == asked or asked in item.former:
        return item
    return replace(item, former=(*item.former, asked))


def with_former(item: RemoteItem, reported: RemoteItem) -> RemoteItem:
    """The current form of a contact, with the former ids its report told."""
    if not isinstance(item, RemoteContact) or not isinstance(reported, RemoteContact):
        return item
    return replace(item, former=tuple(dict.fromkeys((*item.former, *reported.former))))


def contacts(step: Step) -> set[str]:
    """The contacts and ids there that a step is about."""
    about = {step.contact} - {""}
    for effect in step.effects:
        for name in ("contact", "into", "gone"):
            value = getattr(effect, name, None)
            about |= {value} if isinstance(value, str) else {value.id} if isinstance(value, Contact) else set()
        if isinstance(effect, PutLink):
            about.add(effect.link.contact)
    return about


def others(effects: Iterable[Effect]) -> set[str]:
    """The contacts of which something is noted beside what follows from a step."""
    about: set[str] = set()
    for effect in effects:
        match effect:
            case PutLink(one) | PutEntry(one) | Ask(one):
                about.add(one.contact)
            case _:
                pass
    return about
