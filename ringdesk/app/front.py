"""The front: the windows, the tray and the core, each told what the others did."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Callable
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QApplication

from ringdesk import settings as choices
from ringdesk.app.clockwork import LoopTimers, RandomIds, SystemClock
from ringdesk.app.core import Core, Ears, Outside
from ringdesk.app.doors import PopWays
from ringdesk.app.firstpaint import FirstPaint
from ringdesk.app.hearing import Hearing, House
from ringdesk.app.importer import Importer
from ringdesk.app.logs import mark
from ringdesk.app.places import Places
from ringdesk.app.preferences import applied, preferences_of
from ringdesk.app.surroundings import Surroundings
from ringdesk.desk.contacts import ContactsPresenter
from ringdesk.desk.contacts_calls import RecentCalls
from ringdesk.desk.pops import Stack
from ringdesk.desk.popview import Phase
from ringdesk.desk.preferences import Preferences
from ringdesk.domain.call import Ability, SourceChanged, SourceState
from ringdesk.domain.contact import Me, Origin
from ringdesk.domain.sockets import SourceRefused
from ringdesk.domain.status import StoreError
from ringdesk.ui import call_words, pop_words
from ringdesk.ui.desktop.screens import Corner, PopPlace
from ringdesk.ui.post import Post
from ringdesk.ui.theme import Theme, Tint
from ringdesk.ui.tray import Tray
from ringdesk.ui.widgets_ask import Ask, ask
from ringdesk.ui.widgets_photo import PhotoTrouble, read_photo
from ringdesk.ui.widgets_tell import Tell
from ringdesk.ui.words import source as source_words
from ringdesk.ui.words import trouble

if TYPE_CHECKING:
    from ringdesk.app.configure import Configure
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
    """Everything the user sees, wired to the core. Lives on the main thread, inside the loop."""

    def __init__(
        self, app: QApplication, tray: Tray, here: Places, end: Callable[[str], None], *, practising: bool = False
    ) -> None:
        super().__init__(app)
        self._practising = practising
        self._app, self._tray, self._here, self._end = app, tray, here, end
        self._sources: dict[str, SourceChanged] = {}
        self._demo: Demo | None = None
        self._ringing: tuple[str, ...] = ()
        self._configure: Configure | None = None
        self._clock = SystemClock()
        self.theme = Theme(app)
        self.post = Post(self)
        self._ready = False
        self.around = Surroundings(self)
        self.surface = self.around.surface(self.screen)
        self.settings, self._setting_trouble = self._load()
        self.core: Core
        self._standing: tuple[str, str, Tint] = ("", "info", Tint.SOFT)

    @cached_property
    def screen(self) -> PopScreen:
        """The front of all pops; its modules are imported once the window was painted."""
        from ringdesk.ui.pop_screen import PopScreen

        return PopScreen(self.theme, now=self._clock.now, photo=self._photo, parent=self)

    @cached_property
    def window(self) -> MainWindow:
        """The main window, made when it is first wanted: in the tray it would only take memory."""
        from ringdesk.ui.main_window import Doors, MainWindow

        doors = Doors(settings=self._open_settings, quit=self._quit_asked, dial=self.core.phones.dial)
        self.contacts = self._presenter()
        self.recent = RecentCalls(self.core.store.calls)
        window = MainWindow(
            self.theme, self.contacts, self.recent, self.importer.presenter, doors, self.post, self._clock
        )
        window.close_asked.connect(self._close_asked)
        window.pane.tabs.currentChanged.connect(self._tab_changed)
        window.set_status(*self._standing)
        window.set_can_dial(self.core.phones.can_dial())
        return window

    @property
    def _has_window(self) -> bool:
        return "window" in self.__dict__

    def _say(self, text: str, icon: str, tint: Tint) -> None:
        """Say how things stand; a window that is made later says it too."""
        self._standing = (text, icon, tint)
        if self._has_window:
            self.window.set_status(text, icon, tint)

    # --- start

    def open_store(self) -> None:
        """Open the store and build the core on it. Raises StoreError."""
        self._timers = LoopTimers(asyncio.get_running_loop())
        outside = Outside(self._clock, RandomIds(), self._timers, self.post.deliver, self.post.send)
        ears = Ears(self._show, self._source_changed, self._refused, self._flooded)
        self._ways = PopWays(self.theme, self)
        self.core = Core(self.settings, self._here, outside, ears, self._ways)

    def start(self, *, hidden: bool) -> None:
        """Build the windows and show them, then listen to the phones and make the pops ready."""
        core = self.core
        store = core.store
        self.importer = Importer(store, self.post.deliver, self.post.send)
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
        self._connect_pops()
        self._place_pops()
        self.surface.warm()
        self.core.start()
        self.around.start(self.settings.pop.key)
        self._count_missed()
        if self._setting_trouble:
            self._say(self._setting_trouble, "warning", Tint.BAD)
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
        """Stop in order: clicks, pops (their notes kept), phones, import, writer, store."""
        if not hasattr(self, "importer"):
            return
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

    async def tell_no_store(self, error: StoreError) -> None:
        """Say why the store cannot be opened, and wait until it was read."""
        log.error("no store: %s", error.trouble.value)
        read = asyncio.get_running_loop().create_future()
        message = Tell(self.theme, self.tr("RingDesk cannot start"), trouble(error.trouble, error.path), error.detail)
        message.finished.connect(lambda _: None if read.done() else read.set_result(None))
        message.show()
        await read

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
        self.post.calls_changed.connect(self._count_missed)
        tray = self._tray
        tray.open_asked.connect(self.raise_window)
        screen, surface = self.screen, self.surface
        settings = self._apply, self._go_by
        house = House(self.core, tray, screen, surface, lambda: self.settings, *settings, self._say, self.raise_window)
        self._hearing = Hearing(self.around, house, self)
        tray.calls_asked.connect(self._see_calls)
        tray.settings_asked.connect(self._open_settings)
        tray.quiet_asked.connect(self._do_not_disturb)
        tray.quit_asked.connect(self._quit_asked)

    @Slot(object)
    def _contacts_changed(self, _: object) -> None:
        self.core.desk.refresh()

    @Slot()
    def _count_missed(self) -> None:
        self._tray.set_missed(self.core.store.calls.unseen_missed())

    @Slot()
    def _see_calls(self) -> None:
        """Show the call list; what was missed is seen by that."""
        self.window.show_calls()
        self._seen()

    @Slot(int)
    def _tab_changed(self, _: int) -> None:
        if self.window.pane.tabs.currentWidget() is self.window.pane.calls:
            self._seen()

    def _seen(self) -> None:
        if self.core.store.calls.unseen_missed():
            self.post.deliver(self.core.store.call_writes.see(), lambda _: None)

    @Slot()
    def _close_asked(self) -> None:
        """Closing the window leaves RingDesk in the tray; without a tray it would be invisible, so it asks."""
        if self._tray.available:
            self.window.hide()
        else:
            text = self.tr("There is no tray here to stay in. No call will pop up until RingDesk is started again.")
            self._ask_quit(self.tr("Close the window and end RingDesk?"), text)

    @Slot()
    def _quit_asked(self) -> None:
        """Quit, unless an editor holds something: then ask first."""
        if self._has_window and self.window.editors.unsaved:
            self.window.bring_up()
            text = self.tr("An open editor holds changes that are not saved. They are lost when RingDesk ends.")
            self._ask_quit(self.tr("Quit without saving?"), text)
        else:
            self._end("quit")

    def _ask_quit(self, headline: str, text: str) -> None:
        end = self.tr("&End RingDesk")
        ask(Ask(self.theme, self.window, headline, text, end, lambda: self._end("quit"), danger=True))

    @Slot()
    def _open_settings(self) -> None:
        if self._configure is None:
            from ringdesk.app.configure import Configure  # its pages are not needed to answer the phone

            kept = preferences_of(self.settings)
            feed, address = self._here.socket, self.core.feed_address
            self._configure = Configure(self.theme, self.screen, feed, address, kept, self._apply)
        self._configure.open()

    # --- what others tell

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

    def _source_changed(self, changed: SourceChanged) -> None:
        if changed.state is SourceState.OFF:
            self._sources.pop(changed.source, None)
        else:
            self._sources[changed.source] = changed
        log.info("call source %s: %s %s", changed.source, changed.state.value, changed.why)
        bad = [c for c in self._sources.values() if c.state is SourceState.WAITING]
        shown = bad or list(self._sources.values())
        self._say(
            " · ".join(source_words(c.state, c.source) for c in shown),
            "warning" if bad else "check",
            Tint.WARN if bad else Tint.GOOD,
        )
        self._tray.set_trouble(bool(bad))
        if self._has_window:
            self.window.set_can_dial(self.core.phones.can_dial())

    def _refused(self, ability: Ability, refusal: SourceRefused) -> None:
        log.warning("the phone refused to %s: %s", ability.value, refusal.why)
        self._say(call_words.refused(ability, refusal.why, refusal.detail), "warning", Tint.WARN)

    def _flooded(self, source: str) -> None:
        self._say(call_words.flood(source), "warning", Tint.WARN)

    def _photo(self, digest: str) -> QPixmap | None:
        data = self.core.store.reads.photo(digest)
        image = read_photo(data) if data else None
        return None if image is None or isinstance(image, PhotoTrouble) else QPixmap.fromImage(image)

    # --- settings

    def _load(self) -> tuple[choices.Settings, str]:
        """The settings; where the file cannot be read it is set aside, and what to tell the user about that."""
        if self._practising:
            from ringdesk.app.demo import PRACTICE

            return PRACTICE, ""
        try:
            return choices.placed(choices.load(self._here.data), self.screen.screens.setup()), ""
        except choices.SettingsError as error:
            log.warning("settings: %s", error)
            aside = choices.set_aside(self._here.data)
            return choices.Settings(region=choices.home_region(os.environ)), call_words.unreadable_settings(
                str(error), str(aside)
            )

    @Slot(bool)
    def _do_not_disturb(self, on: bool) -> None:
        pop = replace(self.settings.pop, do_not_disturb=on)
        failed = self._apply(preferences_of(replace(self.settings, pop=pop)))
        if failed is not None:
            self._tray.set_quiet(self.settings.pop.do_not_disturb)
            self._say(failed, "warning", Tint.BAD)

    def _apply(self, chosen: Preferences) -> str | None:
        setup, before = self.screen.screens.setup(), self.settings

        def kept(settings: choices.Settings) -> choices.Settings:
            moved = (settings.pop.corner, settings.pop.screen) != (before.pop.corner, before.pop.screen)
            return choices.place_kept(settings, setup) if moved else settings

        return applied(chosen, before, lambda s: choices.save(self._here.data, kept(s)), lambda s: self._go_by(kept(s)))

    def _go_by(self, settings: choices.Settings) -> None:
        self.settings = settings
        self.core.apply(settings)
        self._place_pops()
        self.around.use_key(settings.pop.key)
        self._tray.set_quiet(settings.pop.do_not_disturb)
        if self._configure is not None:
            self._configure.changed(preferences_of(settings))

    def _place_pops(self) -> None:
        self.screen.place = PopPlace(Corner(self.settings.pop.corner), self.settings.pop.screen)
