"""The front: the windows, the tray and the core, each told what the others did."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEventLoop, QObject, QTimer, Slot
from PySide6.QtWidgets import QApplication

from ringdesk.app import practising as practice
from ringdesk.app.choosing import Choosing, Users
from ringdesk.app.leaving import Leaving
from ringdesk.app.marks import mark
from ringdesk.app.missed import Missed
from ringdesk.app.places import Places
from ringdesk.app.standing import Standing
from ringdesk.app.steps import FOR_CALLS, FOR_GOOGLE, Step, Steps, imports
from ringdesk.app.troubles import Troubles
from ringdesk.desk.contacts import ContactsPresenter
from ringdesk.domain.news import StoreTroubled
from ringdesk.domain.status import StoreError
from ringdesk.domain.values import prepare
from ringdesk.settings import Settings
from ringdesk.store.store import Store
from ringdesk.ui.post import Post
from ringdesk.ui.theme import Theme, Tint
from ringdesk.ui.tray import Tray

if TYPE_CHECKING:
    import asyncio

    from ringdesk.app.connecting import Connecting
    from ringdesk.app.core import Core
    from ringdesk.app.demo import Demo
    from ringdesk.app.hearing import Hearing
    from ringdesk.app.importer import Importer
    from ringdesk.app.network import Network
    from ringdesk.app.popping import Popping
    from ringdesk.app.surroundings import Surroundings
    from ringdesk.app.teaming import Teaming
    from ringdesk.app.timers import QtTimers
    from ringdesk.desk.contacts_calls import RecentCalls
    from ringdesk.domain.sockets import Browser, Clock, Secrets
    from ringdesk.domain.syncing import AccountNews
    from ringdesk.ui.main_window import MainWindow
    from ringdesk.ui.pop_screen import PopScreen
    from ringdesk.ui.pop_surface import PopSurface

# Whatever the first picture of the window does not need is imported after it, in small steps (app/steps.py): the core,
# the pops, what the desktop tells. Here is no import of theirs but in the functions that make them.

LAST_WRITES: Final = 0.1
"""Seconds in which a call that has just come up is still written down; nothing is read or written after them."""

CLASSES_A_STEP: Final = 10
UNSEEN_MS: Final = 1000
"""A window that nobody sees (another desktop, minimized) is never painted: after so long the phones come first."""


class Front(QObject):
    """Everything the user sees, wired to the core. Lives on the main thread; all but `show_early` inside the loop.

    What has a duty of its own stands beside it: the settings (`choosing`), the sentence in the bar (`standing`), missed
    calls, leaving, the pops (`popping`), and what the desktop around tells (`hearing`).
    """

    def __init__(
        self,
        app: QApplication,
        tray: Tray,
        here: Places,
        end: Callable[[str], None],
        *,
        practising: bool = False,
        secrets: Secrets | None = None,
    ) -> None:
        super().__init__(app)
        self._tray, self._here = tray, here
        self._practising = practising
        self._secrets = secrets
        self._demo: Demo | None = None
        self._network: Network | None = None
        self._hearing: Hearing | None = None
        self._started = self._ready = False
        self.theme = Theme(app, bare=True)
        self.post = Post(self)
        self.store: Store
        self._steps = Steps(self._read_failed, self)
        self.standing = Standing(tray, lambda: "core" in self.__dict__ and self.core.phones.can_dial())
        pages = lambda settings: self.connecting.add_page(settings)  # noqa: E731  # its rooms come later
        users = Users(self.theme, tray, lambda: self.popping, lambda: self.core, self.standing.say, pages)
        self.choosing = Choosing(here, users, practice.settings(practising=practising), self)
        self.leaving = Leaving(self.theme, tray, self._made_window, self._unsaved, end, self)
        self.end = end
        self._stopping: asyncio.Task[None] | None = None

    @property
    def settings(self) -> Settings:
        """What the user chose."""
        return self.choosing.settings

    @cached_property
    def window(self) -> MainWindow:
        """The main window, made when it is first wanted: in the tray it would only take memory."""
        from ringdesk.ui.main_window import Doors, MainWindow

        doors = Doors(self.choosing.open, self.leaving.quit_asked, lambda number: self.core.phones.dial(number))
        self.contacts = self._presenter()
        self.contacts.opened = self._looked_at
        importing = lambda: self.importer.presenter  # noqa: E731  # made when the import is asked for
        rest = self._recent, importing, doors, self.post, self._clock
        with self.theme.undressed():
            window = MainWindow(self.theme, self.contacts, *rest, held=not self._ready)
        self.choosing.place_window(window)
        window.close_asked.connect(self.leaving.close_asked)
        self._missed.watch(window)
        self.standing.use(window)
        self.troubles.show_in(window)
        if self._ready:
            for steps in self._left_of(window):
                self._steps.add(steps)
        return window

    def _left_of(self, window: MainWindow) -> tuple[tuple[Step, ...], tuple[Step, ...]]:
        """The steps that finish the window: details and menus, which may be wanted at once, and the rest."""
        first, others = window.finish()
        window.team_asked.connect(lambda: self.teaming.open())
        here = self._here
        # It may have shut this desk out: just now, or before this start with nobody to read it.
        teamed = "teaming" in self.__dict__ or here.team.exists() or here.team_left.exists()
        team: tuple[Step, ...] = (lambda: self.teaming.show_in(window),) if teamed else ()
        return first, (*others, *imports(FOR_GOOGLE), lambda: self.connecting.show(), *team)

    def _unsaved(self) -> MainWindow | None:
        """The window to ask in, where a note of a pop waits to be saved."""
        return self.window if "core" in self.__dict__ and self.core.actions.unsaved else None

    @property
    def opened(self) -> bool:
        """The store is open."""
        return hasattr(self, "store")

    @property
    def _has_window(self) -> bool:
        return "window" in self.__dict__

    def _made_window(self) -> MainWindow | None:
        return self.window if self._has_window else None

    # --- what is made later

    @cached_property
    def _clock(self) -> Clock:
        from ringdesk.app.clockwork import SystemClock

        return SystemClock()

    @cached_property
    def popping(self) -> Popping:
        """The pops on the screen, and the desktop around them."""
        from ringdesk.app.popping import Popping

        return Popping(self.theme, self._tray, self._clock, lambda: self.store, self._made_window, self)

    @property
    def screen(self) -> PopScreen:
        """The front of all pops."""
        return self.popping.screen

    @property
    def around(self) -> Surroundings:
        """The desktop around."""
        return self.popping.around

    @property
    def surface(self) -> PopSurface:
        """What shows pops here."""
        return self.popping.surface

    @cached_property
    def connecting(self) -> Connecting:
        """Google in the windows."""
        from ringdesk.app.connecting import Connecting

        core, window = lambda: self.core, lambda: self.window
        return Connecting(self.theme, self._clock, core, window, self.choosing.open, self)

    @cached_property
    def teaming(self) -> Teaming:
        """The team in the windows."""
        from ringdesk.app.teaming import Teaming

        return Teaming(self.theme, self.post, self.core, self._made_window, self._here, self)

    @cached_property
    def browser(self) -> Browser:
        """The user's own browser."""
        from ringdesk.app.browser import SystemBrowser

        return SystemBrowser(self)

    @cached_property
    def core(self) -> Core:
        """The rooms behind the windows; made inside the loop."""
        from ringdesk.app.clockwork import Outside, RandomIds
        from ringdesk.app.core import Core, Ears
        from ringdesk.app.doors import PopWays

        post, secrets = self.post, self._secrets or practice.keyring(practising=self._practising)
        outside = Outside(self._clock, RandomIds(), self._timers, post.deliver, post.send, secrets, self.browser)
        standing = self.standing
        ears = Ears(self.popping.show, standing.source_changed, standing.refused, standing.flooded)
        ways = PopWays(self.theme, self)
        core = Core(self.settings, self._here, outside, ears, ways, self.store)
        ways.use(lambda: self.window, core, self._presenter())
        return core

    @cached_property
    def _timers(self) -> QtTimers:
        from ringdesk.app.timers import QtTimers

        return QtTimers(self)

    @cached_property
    def importer(self) -> Importer:
        """Takes files in."""
        from ringdesk.app.importer import Importer

        return Importer(self.store, self.post.deliver, self.post.send)

    def _recent(self) -> RecentCalls:
        from ringdesk.desk.contacts_calls import RecentCalls

        return RecentCalls(self.store.calls, self.store.reads)

    # --- start

    def open_store(self) -> None:
        """Open the store. Raises StoreError."""
        from ringdesk.app.clockwork import RandomIds

        self.store = Store.open(
            self._here.database,
            region=self.settings.region,
            clock=self._clock,
            ids=RandomIds(),
            send_news=self.post.send,
        )
        self._missed = Missed(self._tray, self.store, self.post, lambda: self.window, self)
        self.troubles = Troubles(self.theme, self.post, self._tray, self.store, self.stop, self.end, self)

    def show_early(self, *, hidden: bool) -> None:
        """Show the window, and come back when it was painted; for before the loop runs. `hidden`: stay in the tray."""
        if hidden and self._tray.available:
            return
        waiting = QEventLoop()
        self.window.painted.connect(lambda: mark("pane"))
        self.window.painted.connect(waiting.quit)
        QTimer.singleShot(UNSEEN_MS, waiting.quit)
        self.window.show()
        waiting.exec()

    def start(self, *, hidden: bool) -> None:
        """Show the window where it is not shown yet, then make what calls need and listen to the phones."""
        self._started = True
        self._connect()
        if self._has_window or (hidden and self._tray.available):
            self._make_ready()
            return
        self.window.painted.connect(self._make_ready)
        self.window.show()
        QTimer.singleShot(UNSEEN_MS, self._make_ready)

    @Slot()
    def _make_ready(self) -> None:
        """Make the pops and listen to the phones: after the first paint, which it would delay."""
        if self._ready:
            return
        self._ready = True
        first, rest = self._left_of(self.window) if self._has_window else ((), ())
        self._steps.add((*first, self.theme.dress, self._tray.finish))
        self._steps.add(imports(FOR_CALLS))
        self._steps.add((lambda: self.choosing.settle(), lambda: self.core, self._connect_core))
        self._steps.add((lambda: self.surface.warm(), self._missed.count))
        self._steps.add((lambda: self.core.start(), self._hear, self._say_ready))
        self._steps.add(rest)
        self._steps.add_turns(prepare(CLASSES_A_STEP))
        self._steps.add((lambda: self.core.rehearse(self._steps),))

    def _connect_core(self) -> None:
        self.post.contacts_changed.connect(self._contacts_changed)
        self.post.account_news.connect(self._account_news)
        if self._here.team.exists():
            self.teaming.hear()
        self.popping.connect_core(self.core, lambda: self.window.show_calls())

    def _hear(self) -> None:
        from ringdesk.app.hearing import Hearing, House

        say, popping = self.standing.say, self.popping
        house = House(self.core, self._tray, popping.screen, popping.surface, self.choosing, say, self.raise_window)
        self._hearing = Hearing(popping.around, house, self)
        popping.around.start(self.settings.pop.key)

    def _read_failed(self, error: StoreError) -> None:
        self.post.send(StoreTroubled(error.trouble, error.detail, error.path))

    def _say_ready(self) -> None:
        if self.choosing.trouble:
            self.standing.say(self.choosing.trouble, "warning", Tint.BAD)
        mark("ready")

    def practise(self, demo: Demo) -> None:
        """Fill the store with practice contacts and let the practice phone ring."""
        self._demo = demo
        demo.fill(self.store.reads, self.store.writes, self.post.deliver, self._here.socket)
        self.post.deliver(demo.google(), lambda file: self.core.accounts.practise(file), demo.without_google)

    # --- end

    async def stop(self) -> None:
        """Stop in order: clicks, pops (their notes kept), phones, import, writer, store. Once, however often asked."""
        import asyncio

        if not self._started:
            return
        if self._stopping is None:
            self._stopping = asyncio.get_running_loop().create_task(self._stop(), name="stop")
        await asyncio.shield(self._stopping)

    async def _stop(self) -> None:
        import asyncio

        self._steps.stop()
        if self._has_window:
            self.window.allow_close()
            self.window.close()
        if self._demo is not None:
            self._demo.silence()
        if "popping" in self.__dict__:
            self.around.stop()
        if "core" in self.__dict__:
            await self.core.stop()
            await asyncio.sleep(LAST_WRITES)
            self._timers.stop()
        self.post.blockSignals(True)
        loop = asyncio.get_running_loop()
        if "importer" in self.__dict__:
            await loop.run_in_executor(None, self.importer.stop)
        await loop.run_in_executor(None, self.core.close if "core" in self.__dict__ else self.store.close)
        self._tray.hide()

    @Slot()
    def raise_window(self) -> None:
        """Bring the window up: RingDesk was started a second time, or the tray was clicked."""
        if self._started:
            self.window.bring_up()

    @Slot(str)
    def started_again(self, argument: str) -> None:
        """Another RingDesk was started, or `ringdesk focus` was."""
        if self._hearing is None or not self._hearing.started_again(argument):
            self.raise_window()

    def _presenter(self) -> ContactsPresenter:
        store = self.store
        return ContactsPresenter(
            store.reads, store.writes, store.calls, self.post.deliver, self._clock, lambda: self.settings.region
        )

    # --- wiring

    def _connect(self) -> None:
        tray, choosing = self._tray, self.choosing
        tray.open_asked.connect(self.raise_window)
        tray.settings_asked.connect(choosing.open)
        tray.quiet_asked.connect(choosing.do_not_disturb)

    @Slot(object)
    def _contacts_changed(self, _: object) -> None:
        self.core.desk.refresh()
        self.core.accounts.triggers.contacts_changed()

    @Slot(object)
    def _account_news(self, news: AccountNews) -> None:
        from ringdesk.domain.syncing import SyncRunning

        self.core.accounts.heard(news)
        if isinstance(news, SyncRunning) and self._network is None:
            from ringdesk.app.network import Network  # of no use without an account

            self._network = Network(self._steps.add, self)
            self._network.back.connect(self.core.accounts.triggers.woke)

    def _looked_at(self, contact: str) -> None:
        if "core" in self.__dict__:
            self.core.accounts.triggers.looked_at(contact)
