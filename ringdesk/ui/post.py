"""The post: brings news and the outcomes of writes from any thread to the main thread."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import QObject, Qt, Signal, Slot

from ringdesk.domain.news import (
    CallsChanged,
    ContactsChanged,
    ImportProgress,
    News,
    NotesChanged,
    StoreTroubled,
)
from ringdesk.domain.status import StoreError, StoreTrouble
from ringdesk.domain.values import dataclass

if TYPE_CHECKING:
    from ringdesk.domain.syncing import AccountNews
    from ringdesk.domain.team import TeamNews

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Outcome:
    """A write, and who hears how it ended."""

    future: Future[Any]
    done: Callable[[Any], None]
    failed: Callable[[Exception], None] | None


class Post(QObject):
    """Carries news from any thread to the main thread, where this object lives.

    Everything travels through one queue, so that news and outcomes arrive in the order they were sent.
    """

    contacts_changed = Signal(object)
    calls_changed = Signal(object)
    notes_changed = Signal(object)
    store_troubled = Signal(object)
    import_progress = Signal(object)
    account_news = Signal(object)
    team_news = Signal(object)
    _arrived = Signal(object)
    _settled = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._arrived.connect(self._hand_out, Qt.ConnectionType.QueuedConnection)
        self._settled.connect(self._hand_back, Qt.ConnectionType.QueuedConnection)

    def send(self, news: News) -> None:
        """Send news; callable from any thread, never blocks."""
        self._arrived.emit(news)

    def deliver(
        self, future: Future[T], done: Callable[[T], None], failed: Callable[[Exception], None] | None = None
    ) -> None:
        """Call `done` or `failed` on the main thread once the write has settled (domain.sockets.Deliver)."""
        outcome = _Outcome(future, done, failed)
        future.add_done_callback(lambda _: self._settled.emit(outcome))

    @Slot(object)
    def _hand_out(self, news: News) -> None:
        match news:
            case ContactsChanged():
                self.contacts_changed.emit(news)
            case CallsChanged():
                self.calls_changed.emit(news)
            case NotesChanged():
                self.notes_changed.emit(news)
            case StoreTroubled():
                self.store_troubled.emit(news)
            case ImportProgress():
                self.import_progress.emit(news)
            case _:
                self._hand_to_accounts(news)

    def _hand_to_accounts(self, news: AccountNews | TeamNews) -> None:
        from ringdesk.domain.syncing import AccountNews  # not before the first of them comes

        (self.account_news if isinstance(news, AccountNews) else self.team_news).emit(news)

    @Slot(object)
    def _hand_back(self, outcome: _Outcome) -> None:
        error = _error_of(outcome.future)
        if error is None:
            outcome.done(outcome.future.result())
        elif not isinstance(error, Exception):
            raise error
        elif outcome.failed is not None:
            outcome.failed(error)
        elif isinstance(error, StoreError):
            self.store_troubled.emit(StoreTroubled(error.trouble, error.detail, error.path))
        else:
            raise error


def _error_of(future: Future[Any]) -> BaseException | None:
    """What went wrong; a write that was called off at the end of the program counts as STOPPED."""
    if future.cancelled():
        return StoreError(StoreTrouble.STOPPED)
    return future.exception()
