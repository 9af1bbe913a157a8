"""Calls kept in memory, for tests of the desk and the windows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace

from ringdesk.domain.calllog import CallRecord, EarlierCalls, LastContact
from ringdesk.domain.numbering import parse
from ringdesk.domain.phone import Number
from tests.memory_book import MemoryBook, settled


@dataclass
class MemoryCalls:
    """A call list in memory."""

    book: MemoryBook
    records: list[CallRecord] = field(default_factory=list)
    ticked: dict[str, float] = field(default_factory=dict)
    """When a contact was shared."""
    shown: set[str] = field(default_factory=set)
    """Contacts whose earlier calls coworkers see too."""

    def recent(self, limit: int = 200, before: float | None = None) -> Sequence[CallRecord]:
        newest = sorted(self.records, key=lambda r: r.started, reverse=True)
        return [r for r in newest if before is None or r.started < before][:limit]

    def of_contact(self, contact: str, limit: int = 50) -> Sequence[CallRecord]:
        who = self.book.get(contact)
        numbers = {parse(p.value, self.book.region) for p in who.card.phones} if who is not None else set()
        return [r for r in self.recent(10_000) if r.contact == contact or r.number in numbers][:limit]

    def last_contact(self, number: Number, contact: str | None, before: float) -> LastContact | None:
        for r in self.recent(10_000, before):
            if r.over and (r.number == number or (contact is not None and r.contact == contact)):
                return LastContact(r.started, r.direction, r.state, r.duration, r.answered_by)
        return None

    def earlier(self, contact: str) -> EarlierCalls:
        calls = [r for r in self.records if r.contact == contact and r.over and not r.private]
        before = [r for r in calls if r.started < self.ticked.get(contact, 0.0)]
        return EarlierCalls(len(before), contact in self.shown)

    def unseen_missed(self) -> int:
        return sum(not record.seen for record in self.records)

    def unfinished(self) -> Sequence[CallRecord]:
        return [record for record in self.records if not record.over]

    def get(self, id: str) -> CallRecord | None:
        return next((record for record in self.records if record.id == id), None)

    def log(self, record: CallRecord) -> Future[None]:
        self.records = [*(one for one in self.records if one.id != record.id), record]
        return settled(None)

    def see(self, ids: Iterable[str] | None = None) -> Future[None]:
        named = None if ids is None else set(ids)
        self.records = [replace(r, seen=True) if named is None or r.id in named else r for r in self.records]
        return settled(None)

    def keep_private(self, call: str, on: bool) -> Future[None]:
        self.records = [replace(r, private=on) if r.id == call else r for r in self.records]
        return settled(None)

    def show_earlier(self, contact: str, on: bool) -> Future[None]:
        (self.shown.add if on else self.shown.discard)(contact)
        return settled(None)

    def keep_draft(self, call: str, text: str) -> Future[None]:
        return settled(None)

    def forget_before(self, at: float) -> Future[int]:
        before = len(self.records)
        self.records = [r for r in self.records if r.started >= at]
        return settled(before - len(self.records))

    def drafts(self) -> Sequence[tuple[str, str]]:
        return []

    def draft(self, call: str) -> str:
        return ""
