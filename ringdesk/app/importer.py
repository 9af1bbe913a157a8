"""Files into the store: looked at on a thread of its own, taken in by the writer some hundred contacts at a time."""

from __future__ import annotations

import logging
import os
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from typing import TYPE_CHECKING, Final

from ringdesk.desk.importing import ImportPresenter, ImportResult, Preview, Unreadable
from ringdesk.domain.contact import Origin
from ringdesk.domain.dates import DayOrder, order_told
from ringdesk.domain.news import ImportProgress
from ringdesk.domain.sockets import Deliver, SendNews
from ringdesk.domain.uncollected import uncollected
from ringdesk.files.source import FileError, FileErrorCode
from ringdesk.store.bulk import Imported
from ringdesk.store.store import Store

if TYPE_CHECKING:
    from ringdesk.app.reading import Tally

log = logging.getLogger(__name__)

_UNREADABLE: Final = {
    FileErrorCode.EMPTY: Unreadable.UNKNOWN,
    FileErrorCode.UNKNOWN: Unreadable.UNKNOWN,
    FileErrorCode.NO_COLUMNS: Unreadable.NO_COLUMNS,
    FileErrorCode.TOO_LARGE: Unreadable.TOO_LARGE,
    FileErrorCode.UNREADABLE: Unreadable.NOT_ALLOWED,
}


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
        from ringdesk.app.reading import Tally, ready_cards  # what reads files is not needed to start

        tally = Tally()
        kept = ExitStack()
        kept.enter_context(uncollected())  # cards hold no circles; to look through a lump of them stops the window
        done: Future[Imported] = self._store.writes.import_ready(
            lambda region: ready_cards(path, region, order, tally),
            origin=Origin.FILE,
            progress=lambda so_far: self._send(ImportProgress(so_far.added + so_far.already, len(tally.refused))),
            stop=lambda: self._stopping,
        )
        done.add_done_callback(lambda _: kept.close())
        self._deliver(done, lambda counts: self._finished(counts, tally), lambda error: self._failed(path, error))

    def stop(self) -> None:
        """End a running import after the hundred it is at; what it kept stays."""
        self._stopping = True
        self._reader.shutdown(wait=True, cancel_futures=True)

    def _looked(self, path: str) -> Preview:
        from ringdesk.app.reading import Tally
        from ringdesk.files.reading import read_contacts

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
