"""The front: the windows, the tray and the core, each told what the others did."""

from __future__ import annotations

import asyncio
import gc
import logging
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QApplication

from ringdesk.app.browser import SystemBrowser
from ringdesk.app.choosing import Choosing, Users
from ringdesk.app.clockwork import LoopTimers, Outside, RandomIds, SystemClock
from ringdesk.app.connecting import Connecting
from ringdesk.app.core import Core, Ears
from ringdesk.app.doors import PopWays
from ringdesk.app.firstpaint import FirstPaint
from ringdesk.app.hearing import Hearing, House
from ringdesk.app.importer import Importer
from ringdesk.app.leaving import Leaving
from ringdesk.app.logs import mark
from ringdesk.app.missed import Missed
from ringdesk.app.places import Places
from ringdesk.app.standing import Standing
from ringdesk.app.surroundings import Surroundings
from ringdesk.app.troubles import Troubles
from ringdesk.desk.contacts import ContactsPresenter
from ringdesk.desk.contacts_calls import RecentCalls
from ringdesk.desk.pops import Stack
from ringdesk.desk.popview import Phase
from ringdesk.domain.contact import Me, Origin
from ringdesk.domain.sockets import Browser, Secrets
from ringdesk.domain.syncing import AccountNews
from ringdesk.settings import Settings
from ringdesk.ui import pop_words
from ringdesk.ui.post import Post
from ringdesk.ui.theme import Theme, Tint
from ringdesk.ui.tray import Tray
from ringdesk.ui.widgets_photo import PhotoTrouble, read_photo

if TYPE_CHECKING:
    from ringdesk.app.demo import Demo
    from ringdesk.ui.main_window import MainWindow
    from ringdesk.ui.pop_screen import PopScreen

log = logging.getLogger(__name__)

LAST_WRITES: Final = 0.1
"""Seconds in which a call that has just come up is still written down; nothing is read or written after them."""

AFTER_POP_MS: Final = 50
UNSEEN_MS: Final = 1000
"""A window that nobody sees (another desktop, minimized) is never painted: after so long the phones come first."""


class Front(QObject):
    """Everything the user sees, wired to the core. Lives on the main thread, inside the loop.

    What has a duty of its own stands beside it: the settings (`choosing`), the sentence in the bar (`standing`), missed
    calls, leaving, and what the desktop around tells (`hearing`).
    """

    def __init__(
        self, app: QApplication, tray: Tray, here: Places, end: Callable[[str], None], *, practising: bool = False
    ) -> None:
        super().__init__(app)
        self._tray, self._here = tray, here
        self._demo: Demo | None = None
        self._ringing: tuple[str, ...] = ()
        self._clock = SystemClock()
        self.theme = Theme(app, bare=True)
        self.post = Post(self)
        self.browser: Browser = SystemBrowser(self)
        self._practising = practising
        self._ready = False
        self.core: Core
        self.around = Surroundings(self)
        self.surface = self.around.surface(self.screen)
        self.standing = Standing(tray, lambda: self.core.phones.can_dial())
        self.connecting = Connecting(
            self.theme, self._clock, lambda: self.core, lambda: self.window, lambda page: self.choosing.open(page), self
        )
        pages = self.connecting.add_page
        users = Users(self.theme, tray, self.screen, self.around, lambda: self.core, self.standing.say, pages)
        self.choosing = Choosing(here, users, _practice() if practising else None, self)
        self.leaving = Leaving(
            self.theme, tray, lambda: self.window if self._has_window else None, self._unsaved, end, self
        )
        self.end = end
        self._stopping: asyncio.Task[None] | None = None

    @property
    def settings(self) -> Settings:
        """What the user chose."""
        return self.choosing.settings

    @cached_property
    def screen(self) -> PopScreen:
        """The front of all pops; its modules are imported once the window was painted."""
        from ringdesk.ui.pop_screen import PopScreen

        return PopScreen(self.theme, now=self._clock.now, photo=self._photo, parent=self)

    @cached_property
    def window(self) -> MainWindow:
        """The main window, made when it is first wanted: in the tray it would only take memory."""
        from ringdesk.ui.main_window import Doors, MainWindow

        doors = Doors(settings=self.choosing.open, quit=self.leaving.quit_asked, dial=self.core.phones.dial)
        self.contacts = self._presenter()
        self.recent = RecentCalls(self.core.store.calls)
        with self.theme.undressed():
            window = MainWindow(
                self.theme, self.contacts, self.recent, self.importer.presenter, doors, self.post, self._clock
            )
        window.close_asked.connect(self.leaving.close_asked)
        self._missed.watch(window)
        self.standing.use(window)
        self.troubles.show_in(window)
        if self._ready:
            QTimer.singleShot(0, self.connecting.show)
        return window

    def _unsaved(self) -> MainWindow | None:
        """The window to ask in, where a note of a pop waits to be saved."""
        return self.window if hasattr(self, "importer") and self.core.actions.unsaved else None

    @property
    def _has_window(self) -> bool:
        return "window" in self.__dict__

    # --- start

    def open_store(self) -> None:
        """Open the store and build the core on it. Raises StoreError."""
        self._timers = LoopTimers(asyncio.get_running_loop())
        post, secrets = self.post, _secrets(practising=self._practising)
        outside = Outside(self._clock, RandomIds(), self._timers, post.deliver, post.send, secrets, self.browser)
        standing = self.standing
        ears = Ears(self._show, standing.source_changed, standing.refused, standing.flooded)
        self._ways = PopWays(self.theme, self)
        self.core = Core(self.settings, self._here, outside, ears, self._ways)

    def start(self, *, hidden: bool) -> None:
        """Build the windows and show them, then listen to the phones and make the pops ready."""
        core = self.core
        self.troubles = Troubles(self.theme, self.post, self._tray, core, self.stop, self.end, self)
        self.importer = Importer(core.store, self.post.deliver, self.post.send)
        self._ways.use(lambda: self.window, core, self._presenter())
        self._connect()
        if hidden and self._tray.available:
            QTimer.singleShot(0, self._make_ready)
            return
        first_paint = FirstPaint(self)
        first_paint.over.connect(self._painted)
        self.window.installEventFilter(first_paint)
        self.window.show()
        QTimer.singleShot(UNSEEN_MS, self._make_ready)

    @Slot()
    def _painted(self) -> None:
        mark("pane")
        QTimer.singleShot(0, self._make_ready)

    @Slot()
    def _make_ready(self) -> None:
        """Make the pops and listen to the phones: after the first paint, which it would delay."""
        if self._ready:
            return
        self._ready = True
        self.theme.dress()
        self._tray.finish()
        self._connect_pops()
        self.choosing.place_pops()
        self.surface.warm()
        self.core.start()
        self.around.start(self.settings.pop.key)
        self._missed.count()
        if self.choosing.trouble:
            self.standing.say(self.choosing.trouble, "warning", Tint.BAD)
        if self._has_window:
            QTimer.singleShot(0, self.connecting.show)
        gc.freeze()  # what is here stays: looking through it again and again would only make calls and keys wait
        mark("ready")

    def practise(self, demo: Demo) -> None:
        """Fill the store with practice contacts and let the practice phone ring."""
        self._demo = demo
        writes = self.core.store.writes
        waiting = [writes.add(card, origin=Origin.FILE, owner=Me(), shared=shared) for card, shared in demo.cards()]
        for future in waiting[:-1]:
            self.post.deliver(future, lambda _: None)
        self.post.deliver(waiting[-1], lambda _: demo.ring(self._here.socket))

    # --- end

    async def stop(self) -> None:
        """Stop in order: clicks, pops (their notes kept), phones, import, writer, store. Once, however often asked."""
        if not hasattr(self, "importer"):
            return
        if self._stopping is None:
            self._stopping = asyncio.get_running_loop().create_task(self._stop(), name="stop")
        await asyncio.shield(self._stopping)

    async def _stop(self) -> None:
        if self._has_window:
            self.window.allow_close()
            self.window.close()
        if self._demo is not None:
            self._demo.silence()
        self.around.stop()
        await self.core.stop()
        await asyncio.sleep(LAST_WRITES)
        self._timers.stop()
        self.post.blockSignals(True)
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(None, self.importer.stop)
        await loop.run_in_executor(None, self.core.close)
        self._tray.hide()

    @Slot()
    def raise_window(self) -> None:
        """Bring the window up: RingDesk was started a second time, or the tray was clicked."""
        if hasattr(self, "importer"):
            self.window.bring_up()

    @Slot(str)
    def started_again(self, argument: str) -> None:
        """Another RingDesk was started, or `ringdesk focus` was."""
        if not (hasattr(self, "_hearing") and self._hearing.started_again(argument)):
            self.raise_window()

    def _presenter(self) -> ContactsPresenter:
        store = self.core.store
        return ContactsPresenter(
            store.reads, store.writes, store.calls, self.post.deliver, self._clock, lambda: self.core.settings.region
        )

    # --- wiring

    def _connect_pops(self) -> None:
        from ringdesk.ui.pop_window import PopTaps

        actions = self.core.actions
        self.surface.taps = self.screen.taps = PopTaps(
            act=actions.act,
            hover=lambda id, on: self.core.pops.hover(id, on),
            write=lambda id, text, writing: actions.write(id, text, writing=writing),
            more=lambda: self.window.show_calls(),
        )

    def _connect(self) -> None:
        self.post.contacts_changed.connect(self._contacts_changed)
        self.post.account_news.connect(self._account_news)
        core, tray, choosing = self.core, self._tray, self.choosing
        tray.open_asked.connect(self.raise_window)
        tray.settings_asked.connect(choosing.open)
        tray.quiet_asked.connect(choosing.do_not_disturb)
        self._missed = Missed(tray, core, self.post, lambda: self.window, self)
        house = House(core, tray, self.screen, self.surface, choosing, self.standing.say, self.raise_window)
        self._hearing = Hearing(self.around, house, self)

    @Slot(object)
    def _contacts_changed(self, _: object) -> None:
        self.core.desk.refresh()
        self.core.accounts.contacts_changed()

    @Slot(object)
    def _account_news(self, news: AccountNews) -> None:
        self.core.accounts.heard(news)

    # --- pops

    def _show(self, stack: Stack) -> None:
        """Put the pops on the screen at once; the tray follows after they were painted."""
        self.surface.show(stack)
        ringing = tuple(pop_words.announcement(view) for view in stack.pops if view.phase is Phase.RINGING)
        if ringing != self._ringing:
            self._ringing = ringing
            QTimer.singleShot(AFTER_POP_MS, self._tell_ringing)

    @Slot()
    def _tell_ringing(self) -> None:
        self._tray.set_ringing(self._ringing)

    def _photo(self, digest: str) -> QPixmap | None:
        data = self.core.store.reads.photo(digest)
        image = read_photo(data) if data else None
        return None if image is None or isinstance(image, PhotoTrouble) else QPixmap.fromImage(image)


def _secrets(*, practising: bool) -> Secrets:
    """The keyring; while practising nothing is kept in it."""
    if practising:
        from ringdesk.vault.session import SessionSecrets

        return SessionSecrets()
    from ringdesk.vault.tokens import Vault

    return Vault()


def _practice() -> Settings:
    from ringdesk.app.demo import PRACTICE

    return PRACTICE
