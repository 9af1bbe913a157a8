"""What the store cannot do reaches the user, also while no window is there; damage leads to a backup."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Coroutine
from types import TracebackType
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Slot

from ringdesk.domain.news import StoreTroubled
from ringdesk.domain.status import PASSING, StoreError, StoreTrouble
from ringdesk.ui.post import Post
from ringdesk.ui.theme import Theme
from ringdesk.ui.tray import Tray

if TYPE_CHECKING:
    import asyncio

    from ringdesk.app.rescue import Rescuing
    from ringdesk.store.store import Store
    from ringdesk.ui.main_window import MainWindow

log = logging.getLogger(__name__)


class Troubles(QObject):
    """Remembers what is wrong for a window that is made later, and asks once what to do about damage."""

    def __init__(
        self,
        theme: Theme,
        post: Post,
        tray: Tray,
        store: Store,
        stop: Callable[[], Coroutine[Any, Any, None]],
        end: Callable[[str], None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme, self._tray, self._store, self._stop, self._end, self._post = theme, tray, store, stop, end, post
        self.standing: StoreTroubled | None = None
        self.restart = False
        """A backup is in place: RingDesk is to start again."""
        self.rescuing: Rescuing | None = None
        self._asking: asyncio.Task[None] | None = None
        self._asked = False
        self._hook = sys.excepthook
        post.store_troubled.connect(self._troubled)
        for saved in (post.contacts_changed, post.calls_changed, post.notes_changed):
            saved.connect(self._saved)

    def hook_exceptions(self) -> None:
        """A read that fails on damaged data must reach the user, too; all other faults of ours go to the log."""
        sys.excepthook = self._excepthook

    def hook_loop(self, loop: asyncio.AbstractEventLoop) -> None:
        """The same for what fails in the loop, once there is one."""
        loop.set_exception_handler(self._loop_failed)

    def unhook(self) -> None:
        """Leave exceptions to Python again."""
        sys.excepthook = self._hook

    def show_in(self, window: MainWindow) -> None:
        """A window was made: it says what is wrong."""
        window.rescue_asked.connect(self.ask)
        if self.standing is not None:
            window.troubled(self.standing)

    @Slot()
    def ask(self) -> None:
        """Show which backup can take the place of the damaged data; harmless while that is shown."""
        import asyncio

        if self._asking is None or self._asking.done():
            self._asking = asyncio.get_running_loop().create_task(self._rescue(), name="rescue")

    async def _rescue(self) -> None:
        from ringdesk.app.rescue import Rescuing, Wish  # on bad days only

        database = self._store.path
        self.rescuing = Rescuing(self._theme, database, self._stop)
        wish = await self.rescuing.ask()
        self.rescuing = None
        if wish is Wish.READ:
            self._store.freeze(StoreError(StoreTrouble.CORRUPT, "", str(database)))
            return
        self.restart = wish is Wish.GO_ON
        self._end("a backup was restored" if self.restart else "the data is damaged")

    @Slot(object)
    def _troubled(self, news: StoreTroubled) -> None:
        if self.standing is None or self.standing.trouble is not StoreTrouble.CORRUPT:
            self.standing = news
        self._tray.set_unsaved(self.standing is not None)
        if news.trouble is StoreTrouble.CORRUPT and not self._asked:
            self._asked = True
            self.ask()

    @Slot()
    def _saved(self) -> None:
        if self.standing is not None and self.standing.trouble in PASSING:
            self.standing = None
            self._tray.set_unsaved(False)

    def _excepthook(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if not isinstance(error, StoreError):
            log.critical("a fault of this program", exc_info=(kind, error, trace))
            self._hook(kind, error, trace)
            return
        log.warning("a read failed: %s", error.trouble.value)
        self._post.send(StoreTroubled(error.trouble, error.detail, error.path))

    def _loop_failed(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        if isinstance(error, StoreError):
            self._excepthook(type(error), error, error.__traceback__)
        else:
            loop.default_exception_handler(context)
