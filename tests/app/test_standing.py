"""What the window's bar says of the phones."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import cast

from ringdesk.app.core import LOCAL_FEED
from ringdesk.app.standing import Standing
from ringdesk.domain.call import SourceChanged, SourceState
from ringdesk.ui.main_window import MainWindow
from ringdesk.ui.theme import Tint
from ringdesk.ui.tray import Tray


@dataclass
class Bar:
    """A window and a tray that only write down what they are told."""

    said: list[tuple[str, str, Tint]] = field(default_factory=list)
    troubles: list[bool] = field(default_factory=list)

    def set_status(self, text: str, icon: str, tint: Tint) -> None:
        self.said.append((text, icon, tint))

    def set_can_dial(self, can: bool) -> None:
        """Not asked here."""

    def set_trouble(self, on: bool) -> None:
        self.troubles.append(on)


def said(*changes: SourceChanged) -> tuple[str, Tint]:
    bar = Bar()
    standing = Standing(cast(Tray, bar), lambda: False)
    standing.use(cast(MainWindow, bar))
    for change in changes:
        standing.source_changed(change)
    text, _, tint = bar.said[-1]
    assert bar.troubles[-1] is (tint is Tint.WARN)
    return text, tint


def test_who_has_no_phone_yet_is_told_where_to_add_one() -> None:
    text, tint = said(SourceChanged(source=LOCAL_FEED, state=SourceState.CONNECTED))
    assert "Add your phone under Settings, Phone" in text
    assert tint is Tint.GOOD


def test_phones_that_answer_are_named() -> None:
    text, tint = said(
        SourceChanged(source=LOCAL_FEED, state=SourceState.CONNECTED),
        SourceChanged(source="Desk phone", state=SourceState.CONNECTED),
    )
    assert text == "Listening to local feed · Listening to Desk phone"
    assert tint is Tint.GOOD


def test_a_phone_that_does_not_answer_comes_first() -> None:
    text, tint = said(
        SourceChanged(source=LOCAL_FEED, state=SourceState.CONNECTED),
        SourceChanged(source="Desk phone", state=SourceState.WAITING),
    )
    assert text == "Desk phone does not answer; trying again"
    assert tint is Tint.WARN
