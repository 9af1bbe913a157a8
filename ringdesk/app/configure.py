"""The settings window and what it does: ask a phone, show a sample pop, save."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PySide6.QtWidgets import QApplication

from ringdesk.app.core import Core
from ringdesk.desk.popview import Action, Certainty, Phase, PopView, Sharing
from ringdesk.desk.preferences import PhonePreference, PopPreference, Preferences, PreferencesPresenter
from ringdesk.domain.call import Call, CallKey, CallState, Direction
from ringdesk.domain.line import Department
from ringdesk.domain.phone import E164
from ringdesk.domain.sockets import Clock
from ringdesk.domain.status import Finding
from ringdesk.feed.sources.baresip import probe
from ringdesk.ui.desktop.screens import Corner, PopPlace
from ringdesk.ui.pop_screen import PopScreen
from ringdesk.ui.settings_window import SettingsWindow
from ringdesk.ui.theme import Theme

SAMPLE: Final = "sample"
SAMPLE_SECONDS: Final = 6.0


@dataclass(frozen=True, slots=True)
class Study:
    """What the settings window works on: the core, the screen, the clock, the feed's path."""

    core: Core
    screen: PopScreen
    clock: Clock
    feed: Path


class Configure:
    """Opens the settings window; made when it is first asked for."""

    def __init__(
        self, theme: Theme, study: Study, kept: Preferences, apply: Callable[[Preferences], str | None]
    ) -> None:
        self._study = study
        self._tests: set[asyncio.Task[None]] = set()
        self.presenter = PreferencesPresenter(kept, apply, self._test, self._sample)
        self.window = SettingsWindow(theme, self.presenter, screens=_screens, feed_path=str(study.feed))

    def open(self) -> None:
        """Bring the window up."""
        self.window.open()

    def changed(self, kept: Preferences) -> None:
        """The settings were changed elsewhere (the tray's Do Not Disturb)."""
        self.presenter.kept = kept
        self.window.refresh()

    def _test(self, phone: PhonePreference, tell: Callable[[Finding], None]) -> None:
        async def ask() -> None:
            tell(await probe(phone.host, phone.port))

        task = asyncio.get_running_loop().create_task(ask(), name="phone test")
        self._tests.add(task)
        task.add_done_callback(self._tests.discard)

    def _sample(self, pop: PopPreference) -> None:
        """Show a pop for a few seconds where these choices would put it."""
        place, pops, screen = self._study.screen.place, self._study.core.pops, self._study.screen

        def over() -> None:
            pops.drop(SAMPLE)
            screen.place = place

        pops.drop(SAMPLE)
        screen.place = PopPlace(Corner(pop.corner), pop.screen)
        pops.put(_sample_view(self._study.clock.now()))
        asyncio.get_running_loop().call_later(SAMPLE_SECONDS, over)


def _screens() -> list[str]:
    return [screen.name() for screen in QApplication.screens()]


def _sample_view(now: float) -> PopView:
    call = Call(
        id=SAMPLE,
        keys=(CallKey(SAMPLE, SAMPLE),),
        direction=Direction.INCOMING,
        state=CallState.RINGING,
        number=E164("442079460123", 2),
        line=Department("Sales"),
        started=now,
    )
    return PopView(
        id=SAMPLE,
        phase=Phase.RINGING,
        call=call,
        headline="Jane Doe",
        certainty=Certainty.SURE,
        company="Acme Trading",
        number="020 7946 0123",
        label="work",
        sharing=Sharing.PRIVATE,
        initials="JD",
        actions=(Action.CLOSE,),
    )
