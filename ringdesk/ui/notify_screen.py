"""Pops as notifications of the desktop: for Wayland, where no window can promise to leave the keyboard alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject, Signal

from ringdesk.desk.pops import Stack
from ringdesk.desk.popview import Action, Phase, PopView
from ringdesk.ui.desktop.bus import Bus
from ringdesk.ui.desktop.screens import PopPlace
from ringdesk.ui.notify_service import NotifyService
from ringdesk.ui.notify_words import DEFAULT, PICK, note_of
from ringdesk.ui.pop_window import PopTaps

KEPT: Final = 50
"""Notices of missed calls that are followed until they are closed; older ones are taken away."""


class NotifyScreen(QObject):
    """A `PopSurface` without a window: one notification a call, and the user's clicks on it."""

    missing = Signal()
    """This desktop shows no notifications: calls will not be seen."""

    def __init__(self, bus: Bus, taps: PopTaps, *, now: Callable[[], float], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.taps = taps
        self.place = PopPlace()
        self._now = now
        self._locked = False
        self._stack = Stack((), 0)
        self._views: dict[str, PopView] = {}
        self._missed: dict[str, PopView] = {}
        self.service = NotifyService(bus, self._invoked, self._closed, self._again, self.missing.emit, self)

    @property
    def locked(self) -> bool:
        """True while no name may be read on the screen."""
        return self._locked

    @locked.setter
    def locked(self, locked: bool) -> None:
        if locked != self._locked:
            self._locked = locked
            self._again()

    def warm(self) -> None:
        """Nothing to make: the service does."""

    def show(self, stack: Stack) -> None:
        """Show this stack, one notification a call; calls that went lose theirs, but for what was missed."""
        self._stack = stack
        views = {view.id: view for view in stack.pops}
        for id, before in self._views.items():
            if id not in views:
                self._gone(id, before)
        self._views = views
        last = len(stack.pops) - 1
        for index, view in enumerate(stack.pops):
            self._put(view, stack.more if index == last else 0)

    def enter(self) -> bool:
        """Open what the newest call is about in the main window: a notification cannot be given the keyboard."""
        if not self._stack.pops or self._locked:
            return False
        self._open(self._stack.pops[-1])
        return True

    def _put(self, view: PopView, more: int = 0) -> None:
        note = note_of(view, self.service.able, self._now(), locked=self._locked, more=more)
        if note is None:
            self.service.close(view.id)
        else:
            self.service.show(view.id, note)

    def _gone(self, id: str, view: PopView) -> None:
        """A missed call stays in the desktop's list of notifications until it is read there."""
        if view.phase is not Phase.MISSED:
            self.service.close(id)
            return
        self._missed[id] = view
        while len(self._missed) > KEPT:
            oldest = next(iter(self._missed))
            del self._missed[oldest]
            self.service.close(oldest)

    def _again(self) -> None:
        """What may be said has changed: all notifications are put right in place."""
        for view in self._missed.values():
            self._put(view)
        self.show(self._stack)

    def _invoked(self, id: str, key: str) -> None:
        view = self._views.get(id)
        if view is None:
            self.taps.more()  # the notice of a missed call whose pop has long gone
        elif key == DEFAULT:
            self._open(view)
        elif key.startswith(PICK):
            self.taps.act(id, Action.PICK, key.removeprefix(PICK))
        elif key in Action.__members__:
            self.taps.act(id, Action[key], "")

    def _open(self, view: PopView) -> None:
        if Action.OPEN in view.actions:
            self.taps.act(view.id, Action.OPEN, "")
        elif Action.ADD in view.actions:
            self.taps.act(view.id, Action.ADD, "")
        else:
            self.taps.more()

    def _closed(self, id: str, by_user: bool) -> None:
        if self._missed.pop(id, None) is not None:
            self.service.close(id)
        elif by_user and id in self._views:
            self.taps.act(id, Action.CLOSE, "")
