"""Files into the store: looked at on a thread of its own, taken in by the writer a hundred contacts at a time."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Final

from ringdesk.desk.importing import ImportPresenter, ImportResult, Preview, RefusedCard, Refusing, Unreadable
from ringdesk.domain.card import Card
from ringdesk.domain.contact import Origin
from ringdesk.domain.dates import DayOrder, order_told
from ringdesk.domain.news import ImportProgress
from ringdesk.domain.sockets import Deliver, SendNews
from ringdesk.files.report import ReadCard, Refused, RefusedCode
from ringdesk.files.source import FileError, FileErrorCode
from ringdesk.store.bulk import Imported
from ringdesk.store.store import Store

log = logging.getLogger(__name__)

LISTED: Final = 500
"""Refused cards that are named; more are counted only."""

_REFUSING: Final = {
    RefusedCode.EMPTY: Refusing.EMPTY,
    RefusedCode.TRUNCATED: Refusing.TRUNCATED,
    RefusedCode.TOO_LARGE: Refusing.TOO_LARGE,
    RefusedCode.BAD_ENCODING: Refusing.BAD_ENCODING,
    RefusedCode.STRAY: Refusing.STRAY,
    RefusedCode.GROUP: Refusing.GROUP,
    RefusedCode.TOO_MANY: Refusing.TOO_MANY,
}
_UNREADABLE: Final = {
    FileErrorCode.EMPTY: Unreadable.UNKNOWN,
    FileErrorCode.UNKNOWN: Unreadable.UNKNOWN,
    FileErrorCode.NO_COLUMNS: Unreadable.NO_COLUMNS,
    FileErrorCode.TOO_LARGE: Unreadable.TOO_LARGE,
    FileErrorCode.UNREADABLE: Unreadable.NOT_ALLOWED,
}


@dataclass(slots=True)
class Tally:
    """What was seen of a file so far."""

    cards: int = 0
    with_phones: int = 0
    refused: list[RefusedCard] = field(default_factory=list)
    lost: dict[str, None] = field(default_factory=dict)
    orders: set[DayOrder] = field(default_factory=set)
    unclear: int = 0
    example: str = ""

    def count(self, item: ReadCard | Refused) -> None:
        """Take one item in."""
        if isinstance(item, ReadCard):
            self.cards += 1
            self.with_phones += bool(item.card.phones)
            self.orders.update(item.orders)
            self.unclear += len(item.unclear)
            self.example = self.example or next(iter(item.unclear), "")
            for name in item.lost[: LISTED - len(self.lost)]:
                self.lost.setdefault(name)
        elif len(self.refused) < LISTED:
            self.refused.append(RefusedCard(item.where, _REFUSING[item.code], item.detail))


class Importer:
    """Carries out what the import dialog asks for."""

    def __init__(self, store: Store, deliver: Deliver, send: SendNews) -> None:
        self._store, self._deliver, self._send = store, deliver, send
        self._reader = ThreadPoolExecutor(1, thread_name_prefix="import")
        self._stopping = False
        self.presenter = ImportPresenter(self.look, self.start)

    def look(self, path: str) -> None:
        """Read a file without keeping anything."""
        self._deliver(
            self._reader.submit(self._looked, path), self.presenter.looked, lambda error: self._failed(path, error)
        )

    def start(self, path: str, order: DayOrder | None = None) -> None:
        """Take a file in, its dates in this order; progress comes as news."""
        tally = Tally()
        # The cards are read by the writer's thread, one hundred ahead of what it keeps.
        done: Future[Imported] = self._store.writes.import_cards(
            self._cards(path, tally, order),
            origin=Origin.FILE,
            progress=lambda so_far: self._send(ImportProgress(so_far.added + so_far.already, len(tally.refused))),
            stop=lambda: self._stopping,
        )
        self._deliver(done, lambda counts: self._finished(counts, tally), lambda error: self._failed(path, error))

    def stop(self) -> None:
        """End a running import after the hundred it is at; what it kept stays."""
        self._stopping = True
        self._reader.shutdown(wait=True, cancel_futures=True)

    def _looked(self, path: str) -> Preview:
        from ringdesk.files.reading import read_contacts  # the readers of formats are not needed to start

        tally = Tally()
        with open(path, "rb") as file:
            for item in read_contacts(file, name=os.path.basename(path)):
                if self._stopping:
                    break
                tally.count(item)
        return Preview(
            path=path,
            cards=tally.cards,
            with_phones=tally.with_phones,
            refused=tuple(tally.refused),
            ignored=tuple(tally.lost),
            order=order_told(tally.orders) if tally.unclear else None,
            unclear=tally.unclear,
            example=tally.example,
        )

    def _cards(self, path: str, tally: Tally, order: DayOrder | None) -> Iterator[tuple[Card, bytes | None]]:
        from ringdesk.files.reading import read_contacts

        with open(path, "rb") as file:
            for item in read_contacts(file, name=os.path.basename(path), order=order):
                tally.count(item)
                if isinstance(item, ReadCard):
                    yield item.card, item.picture.data if item.picture else None

    def _finished(self, counts: Imported, tally: Tally) -> None:
        log.info("import: %d added, %d already here, %d refused", counts.added, counts.already, len(tally.refused))
        result = ImportResult(taken=counts.added, already=counts.already, refused=tuple(tally.refused))
        self.presenter.finished(result)

    def _failed(self, path: str, error: Exception) -> None:
        log.warning("import failed: %s", type(error).__name__)
        self.presenter.failed(path, reason(error), "" if isinstance(error, FileError) else str(error)[:200])


def reason(error: Exception) -> Unreadable:
    """What a failed import says."""
    match error:
        case FileError(code=code):
            return _UNREADABLE[code]
        case FileNotFoundError():
            return Unreadable.NOT_THERE
        case OSError():
            return Unreadable.NOT_ALLOWED
        case _:
            return Unreadable.NOT_SAVED
