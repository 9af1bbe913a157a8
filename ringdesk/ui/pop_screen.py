"""The front of all pops: takes the stack the desk shows and puts it on the screen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import QObject, QPoint, QRect, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QGuiApplication, QPixmap

from ringdesk.desk.pops import SHOWN, Stack
from ringdesk.desk.popview import Action, Phase, PopView
from ringdesk.domain.rightofway import WINDOW, Cause
from ringdesk.ui import pop_words as words
from ringdesk.ui.desktop.keyboard import Keyboard
from ringdesk.ui.desktop.screens import (
    Area,
    PopPlace,
    Screens,
    area_at,
    choose_area,
    clear_of,
    nearest_corner,
    pop_width,
    stack_rects,
)
from ringdesk.ui.desktop.x11_waits import drawn, unwatch
from ringdesk.ui.pop_button import Dress
from ringdesk.ui.pop_fonts import PopFonts
from ringdesk.ui.pop_pictures import PopPictures
from ringdesk.ui.pop_sample import SAMPLE, SAMPLE_MS, rehearsal, sample
from ringdesk.ui.pop_window import PopHost, PopTaps, PopWindow
from ringdesk.ui.theme import Theme

SECOND: Final = 1000
SETTLE_MS: Final = 120
KINDS: Final = 64
"""Kinds of pops whose size is kept."""


Kind = tuple[object, ...]
"""What the size of a pop that has just come up depends on."""


class PopScreen(QObject):
    """Shows stacks of pops in windows that are made once and used again.

    `show` is what `desk.pops.Pops` calls. `taps` is set by app once the desk is built; `bar` tells where our own window
    has its bar, which pops do not cover; `place` is set whenever the user chose another corner or screen.
    """

    painted = Signal(str, float)
    """A call's id, and the monotonic time at the end of the paint in which its caller can be read."""
    moved = Signal(PopPlace)
    """The user dragged a pop to another corner or screen: pops go there from now on."""
    announced = Signal(str)
    """The sentence that screen readers were given, once a call."""

    def __init__(
        self,
        theme: Theme,
        *,
        now: Callable[[], float],
        photo: Callable[[str], QPixmap | None],
        parent: QObject | None = None,
    ) -> None:
        """`now` gives seconds since 1970; `photo` a picture by the digest of a contact's photo."""
        super().__init__(parent)
        self.taps = PopTaps(_no_act, _no_hover, _no_write, _no_more)
        self.bar: Callable[[], QRect | None] = lambda: None
        self._place = PopPlace()
        self.now = now
        self._theme = theme
        self._keyboard = Keyboard()
        app = QGuiApplication.instance()
        assert isinstance(app, QGuiApplication)
        self.screens = Screens(app, self._keyboard.active_rect, self)
        self.screens.changed.connect(self._screens_changed)
        theme.changed.connect(self._dressed)
        self._dress = Dress(theme, PopFonts(theme), PopPictures(theme, photo, self))
        self._windows: list[PopWindow] = []
        self._shown: list[PopWindow] = []
        self._stack = self._wanted = Stack((), 0)
        self._locked = False
        self._area: Area | None = None
        self._sizes: dict[Kind, QSize] = {}
        self._said: dict[str, None] = {}
        self._timer = QTimer(self)
        self._timer.setInterval(SECOND)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._sampling = False
        self._sample_place = PopPlace()
        self._sample_timer = QTimer(self)
        self._sample_timer.setSingleShot(True)
        self._sample_timer.setInterval(SAMPLE_MS)
        self._sample_timer.timeout.connect(self._end_sample)
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(SETTLE_MS)
        self._settle.timeout.connect(self._stand)
        self._after = QTimer(self)
        self._after.setSingleShot(True)
        self._after.timeout.connect(self._after_paint)

    @property
    def place(self) -> PopPlace:
        """Where pops go."""
        return self._place

    @place.setter
    def place(self, place: PopPlace) -> None:
        self._place = place
        self._screens_changed()

    @property
    def locked(self) -> bool:
        """True while the screen is locked: no pop is up then, whatever rings."""
        return self._locked

    @locked.setter
    def locked(self, locked: bool) -> None:
        if locked == self._locked:
            return
        for window in self._shown:
            window.give_keyboard_back()
        self._locked = locked
        self.show(self._wanted)

    @property
    def windows(self) -> list[PopWindow]:
        """The pops on the screen, the one in the corner first."""
        return list(self._shown)

    def warm(self) -> None:
        """Make, polish, lay out and paint all windows once, hidden, so that the first call is as quick as any."""
        if self._windows:
            return
        host = PopHost(self._taps, self.now, self._put, self._painted, self._dropped)
        for _ in range(SHOWN):
            window = PopWindow(self._dress, self._keyboard, host)
            self._windows.append(window)
            window.blockSignals(True)
            for view in rehearsal(self.now()):
                window.take(view, 380, 0)
                window.winId()
                window.ensurePolished()
                window.resize(window.wanted)
                window.grab()
            window.release()
            window.blockSignals(False)
            unwatch(window)

    def show(self, stack: Stack, *, sampling: bool = False) -> None:
        """Put this stack on the screen: new pops come up, known ones are brought up to date, others go."""
        self.warm()
        if self._sampling and not sampling:
            self._area = None
            self._sample_timer.stop()
        self._sampling = sampling
        self._wanted = Stack((), 0) if sampling else stack
        if self._locked:
            stack = Stack((), 0)
        self._stack = stack
        self._let_go(stack)
        if not stack.pops:
            self._shown = []
            self._area = None
            self._timer.stop()
            return
        self._area = self._area or self._chosen()
        held = {window.view.id: window for window in self._windows if window.view is not None}
        free = [window for window in self._windows if window.view is None]
        self._shown = [held.get(view.id) or free.pop() for view in stack.pops]
        width = self._width
        kinds = [_kind(view, width) for view in stack.pops]
        guessed = self._come_up(kinds)
        self._fill()
        for kind, window in zip(kinds, self._shown, strict=True):
            self._keep_size(kind, window.wanted)
        self._put(standing=guessed == [window.wanted for window in self._shown])
        for window in self._shown:
            window.paint_ahead()

    def _let_go(self, stack: Stack) -> None:
        """Hide whatever this stack has no more; where nothing else comes up, see to it that the next need not wait."""
        wanted = {view.id for view in stack.pops}
        for window in self._shown:
            if window.view is None or window.view.id not in wanted:
                window.release()
                if not wanted:
                    QTimer.singleShot(0, window, partial(drawn, window))

    def sample(self, place: PopPlace) -> None:
        """Show for a few seconds what a pop at this place looks like; a call that comes up takes its place."""
        if self._stack.pops and not self._sampling:
            return
        self._area = None
        self._sample_place = place
        self.show(Stack((sample(self.now()),), 0), sampling=True)
        self._sample_timer.start()

    @Slot()
    def _end_sample(self) -> None:
        if self._sampling:
            self.show(Stack((), 0))

    def _taps(self) -> PopTaps:
        if self._sampling:
            return PopTaps(lambda *_: self._end_sample(), _no_hover, _no_write, _no_more)
        return self.taps

    def _where(self) -> PopPlace:
        return self._sample_place if self._sampling else self._place

    def _chosen(self) -> Area | None:
        area = choose_area(self._where(), self.screens.now())
        return area and clear_of(area, self._where().corner, self.bar(), self._dress.fonts.scale)

    def enter(self) -> bool:
        """Move the keyboard into the newest pop, at the user's wish; False where there is none."""
        if not self._shown:
            return False
        self._shown[-1].enter()
        return True

    def _come_up(self, kinds: Sequence[Kind]) -> list[QSize]:
        """Have hidden windows come up at once, as large as pops of their kind were; gives the sizes they all have.

        The desktop takes its time for that, in which they are laid out. Where the guess was wrong they are put right
        before anything is painted.
        """
        up = [window.isVisible() for window in self._shown]
        guesses = [
            window.wanted if is_up else self._sizes.get(kind)
            for window, kind, is_up in zip(self._shown, kinds, up, strict=True)
        ]
        sizes = [size for size in guesses if size is not None]
        if self._area is None or len(sizes) < len(guesses):
            return []
        rects = stack_rects(self._area, self._where().corner, sizes)
        for window, rect, is_up in zip(self._shown, rects, up, strict=True):
            if not is_up:
                window.place(rect)
        return [] if any(up) else sizes

    @property
    def _width(self) -> int:
        return pop_width(self._area, self._dress.fonts.scale) if self._area else 380

    def _fill(self) -> None:
        width = self._width
        last = len(self._shown) - 1
        for index, (window, view) in enumerate(zip(self._shown, self._stack.pops, strict=True)):
            window.take(view, width, self._stack.more if index == last else 0)

    def _keep_size(self, kind: Kind, size: QSize) -> None:
        if len(self._sizes) >= KINDS:
            self._sizes.clear()
        self._sizes[kind] = size

    def _put(self, *, standing: bool = False) -> None:
        """Give every pop its place, unless they all stand there; let the clock run only where there is one."""
        if self._area is None:
            return
        if not standing:
            self._stand()
        self._settle.start()
        runs = any(window.runs() for window in self._shown)
        if runs != self._timer.isActive():
            self._timer.start() if runs else self._timer.stop()

    @Slot()
    def _stand(self) -> None:
        """Put every pop where it belongs.

        Done again a moment later: some window managers move a new window about, and Qt then believes in a place
        where it no longer is.
        """
        if self._area is None:
            return
        sizes: list[QSize] = [window.wanted for window in self._shown]
        for window, rect in zip(self._shown, stack_rects(self._area, self._where().corner, sizes), strict=True):
            window.place(rect)

    def _dropped(self, middle: QPoint) -> None:
        """Snap to the nearest corner of the screen it was let go on, and stay there."""
        situation = self.screens.now()
        area = area_at(situation.areas, middle)
        if area is None or self._sampling:
            self._put()
            return
        stays = self._area is not None and area.screen == self._area.screen
        self._place = PopPlace(nearest_corner(area, middle), area.screen if self._place.screen or not stays else "")
        self._area = clear_of(area, self._place.corner, self.bar(), self._dress.fonts.scale)
        self._fill()
        self._put()
        self.moved.emit(self._place)

    def _painted(self, id: str, at: float) -> None:
        WINDOW.give(Cause.POP)
        self.painted.emit(id, at)
        self._after.start(0)

    @Slot()
    def _after_paint(self) -> None:
        """What may wait until the caller could be read."""
        for window in self._shown:
            window.describe()
            if window.view is not None and window.view.id not in self._said:
                self._announce(window, window.view)

    def _announce(self, window: PopWindow, view: PopView) -> None:
        self._said[view.id] = None
        while len(self._said) > 200:
            del self._said[next(iter(self._said))]
        if view.phase not in (Phase.RINGING, Phase.STRIP) or view.id == SAMPLE:
            return
        sentence = words.announcement(view)
        event = QAccessibleAnnouncementEvent(window, sentence)
        event.setPoliteness(QAccessible.AnnouncementPoliteness.Assertive)
        QAccessible.updateAccessibility(event)
        self.announced.emit(sentence)

    @Slot()
    def _tick(self) -> None:
        for window in self._shown:
            window.tick()
        if not any(window.runs() for window in self._shown):
            self._timer.stop()

    @Slot()
    def _screens_changed(self) -> None:
        if self._shown:
            self._area = self._chosen()
            self._fill()
            self._put()

    @Slot()
    def _dressed(self) -> None:
        for window in self._shown:
            window.lay_out()


def _kind(view: PopView, width: int) -> Kind:
    noted = bool(view.note or (view.spoke and view.spoke.note))
    texts = bool(view.company or view.role), view.headline == view.number, bool(view.last or view.spoke), noted
    return width, view.phase, view.actions, view.certainty, len(view.choices), view.picked, view.unknown, *texts


def _no_act(id: str, action: Action, argument: str) -> None:
    """Nobody listens yet."""


def _no_hover(id: str, on: bool) -> None:
    """Nobody listens yet."""


def _no_write(id: str, text: str, writing: bool) -> None:
    """Nobody listens yet."""


def _no_more() -> None:
    """Nobody listens yet."""
