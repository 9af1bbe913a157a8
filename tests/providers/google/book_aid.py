"""What tests of Google's contacts order and read: creations, updates, pulls, and the requests that were made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from ringdesk.domain.card import Card, Name, PhoneEntry
from ringdesk.domain.remote import (
    Create,
    Delete,
    Ok,
    Page,
    RemoteContact,
    Result,
    Update,
)
from ringdesk.providers.google.people import GoogleBook
from tests.providers.google.practice import Practice


def card(given: str, *phones: str) -> Card:
    return Card(name=Name(given=given), phones=tuple(PhoneEntry(phone, "mobile") for phone in phones))


def create(given: str, id: str = "") -> Create:
    return Create(op=f"op {given}", id=id or f"id-{given}", card=card(given))


def made(book: GoogleBook, *names: str) -> list[RemoteContact]:
    return [stored(result) for result in book.push([create(name) for name in names])]


def stored(result: Result) -> RemoteContact:
    assert isinstance(result, Ok), result
    assert result.item is not None
    return result.item


def update(item: RemoteContact, given: str) -> Update:
    changed = replace(item.card, name=Name(given=given))
    return Update(op="", remote=item.remote, etag=item.etag, card=changed, mask=frozenset({"name"}), raw=item.raw)


def delete(item: RemoteContact) -> Delete:
    return Delete(op="", remote=item.remote, etag=item.etag)


def pull(book: GoogleBook, cursor: str | None = None) -> tuple[list[Any], str]:
    pages: list[Page] = list(book.pull(cursor))
    assert pages[-1].cursor is not None
    return [item for page in pages for item in page.items], pages[-1].cursor


def paths(practice: Practice, since: int) -> list[str]:
    return [f"{one['method']} {one['path']}" for one in practice.since(since) if one["path"].startswith("/v1")]


def kinds(results: Sequence[Result]) -> set[str]:
    return {type(result).__name__ for result in results}


# Reading --------------------------------------------------------------------------------------------------------
