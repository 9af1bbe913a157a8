"""Counts what an account holds, by label and with phone numbers, before anything of it is fetched.

Asks for memberships and numbers only, and keeps no contact: a thousand of them weigh a small part of what a pull does.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from ringdesk.domain.remote import Retry
from ringdesk.providers.google.service import Refused, Service
from ringdesk.providers.google.slices import read_object

MASK: Final = "memberships,metadata,phoneNumbers"
SOURCE: Final = "READ_SOURCE_TYPE_CONTACT"
PAGE: Final = 1000


@dataclass(slots=True)
class Counted:
    """How many contacts there are, how many of them have a phone number, and both by label."""

    contacts: int = 0
    with_phones: int = 0
    labelled: Counter[str] = field(default_factory=Counter)
    labelled_with_phones: Counter[str] = field(default_factory=Counter)

    def take(self, person: Any) -> None:
        """Count one."""
        if not isinstance(person, dict) or _deleted(person):
            return
        phoned = any(isinstance(one, dict) and one.get("value") for one in _list(person.get("phoneNumbers")))
        self.contacts += 1
        self.with_phones += phoned
        labels = {label for one in _list(person.get("memberships")) if (label := _label(one))}
        self.labelled.update(labels)
        if phoned:
            self.labelled_with_phones.update(labels)


def count(service: Service, tell: Callable[[int, int | None], None], stopped: Callable[[], bool]) -> Counted:
    """Count page by page; `tell` hears how many of how many. What was counted when it is stopped is no result."""
    counted = Counted()
    asked: dict[str, Any] = {
        "resourceName": "people/me",
        "personFields": MASK,
        "sources": [SOURCE],
        "pageSize": PAGE,
    }
    seen: set[str] = set()
    while not stopped():
        rest = _page(service, asked, counted)
        total, following = rest.get("totalItems"), rest.get("nextPageToken")
        tell(counted.contacts, total if isinstance(total, int) else None)
        if not isinstance(following, str) or not following:
            break
        if following in seen:
            raise Retry("the listing goes round in circles")
        seen.add(following)
        asked["pageToken"] = following
    return counted


def _page(service: Service, asked: Mapping[str, Any], counted: Counted) -> dict[str, Any]:
    try:
        text = service.text(service.connections.list(**asked))
    except Refused as error:
        raise error.problem.error() from error
    try:
        return read_object(text, "connections", counted.take)
    except ValueError as error:
        raise Retry(f"the listing could not be read: {error}") from error


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _deleted(person: dict[str, Any]) -> bool:
    metadata = person.get("metadata")
    return isinstance(metadata, dict) and metadata.get("deleted") is True


def _label(membership: Any) -> str:
    group = membership.get("contactGroupMembership") if isinstance(membership, dict) else None
    name = group.get("contactGroupResourceName") if isinstance(group, dict) else None
    return name if isinstance(name, str) else ""
