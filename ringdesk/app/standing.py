"""How things stand: phones that answer or do not, what was refused. The window's bar and the tray's icon say it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

from ringdesk.ui.theme import Tint
from ringdesk.ui.tray import Tray

if TYPE_CHECKING:
    from ringdesk.domain.call import Ability, SourceChanged
    from ringdesk.domain.sockets import SourceRefused
    from ringdesk.ui.main_window import MainWindow

log = logging.getLogger(__name__)


class Standing:
    """Says how things stand; a window that is made later says it too. `can_dial`: some phone can dial now."""

    def __init__(self, tray: Tray, can_dial: Callable[[], bool]) -> None:
        self._tray, self._can_dial = tray, can_dial
        self._window: MainWindow | None = None
        self._said: tuple[str, str, Tint] = ("", "info", Tint.SOFT)
        self.sources: dict[str, SourceChanged] = {}
        """How every call source that is switched on does."""

    def use(self, window: MainWindow) -> None:
        """Say it in this window from now on."""
        self._window = window
        window.set_status(*self._said)
        window.set_can_dial(self._can_dial())

    def say(self, text: str, icon: str, tint: Tint) -> None:
        """Say a sentence until another one is said."""
        self._said = (text, icon, tint)
        if self._window is not None:
            self._window.set_status(text, icon, tint)

    def source_changed(self, changed: SourceChanged) -> None:
        """A call source connected, lost its phone, or was switched off."""
        from ringdesk.app.core import LOCAL_FEED
        from ringdesk.domain.call import SourceState
        from ringdesk.ui.words import only_feed
        from ringdesk.ui.words import source as source_words

        if changed.state is SourceState.OFF:
            self.sources.pop(changed.source, None)
        else:
            self.sources[changed.source] = changed
        log.info("call source %s: %s %s", changed.source, changed.state.value, changed.why)
        bad = [c for c in self.sources.values() if c.state is SourceState.WAITING]
        shown = bad or list(self.sources.values())
        alone = [(c.source, c.state) for c in shown] == [(LOCAL_FEED, SourceState.CONNECTED)]
        self.say(
            only_feed() if alone else " · ".join(source_words(c.state, c.source) for c in shown),
            "warning" if bad else "check",
            Tint.WARN if bad else Tint.GOOD,
        )
        self._tray.set_trouble(bool(bad))
        if self._window is not None:
            self._window.set_can_dial(self._can_dial())

    def refused(self, ability: Ability, refusal: SourceRefused) -> None:
        """A phone would not do what it was asked to."""
        from ringdesk.ui import call_words

        log.warning("the phone refused to %s: %s", ability.value, refusal.why)
        self.say(call_words.refused(ability, refusal.why, refusal.detail), "warning", Tint.WARN)

    def flooded(self, source: str) -> None:
        """A source brought so many unknown callers that no more contacts are made."""
        from ringdesk.ui import call_words

        self.say(call_words.flood(source), "warning", Tint.WARN)
