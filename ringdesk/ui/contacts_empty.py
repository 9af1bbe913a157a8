"""What stands at the right of the contacts pane where no contact does: what to do next."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from ringdesk.ui.theme import Theme
from ringdesk.ui.widgets_bars import EmptyState
from ringdesk.ui.widgets_button import Button
from ringdesk.ui.words import QT_TRANSLATE_NOOP, say

_FIRST: Final = QT_TRANSLATE_NOOP(
    "words", "RingDesk shows the name behind a number as soon as it rings. Bring your contacts in to begin."
)
_QUIET: Final = QT_TRANSLATE_NOOP(
    "words", "Google syncs both ways. You see what will happen first, and nothing is shared."
)


def unselected(theme: Theme) -> EmptyState:
    """There are contacts, and none is chosen."""
    state = EmptyState(theme, "person", "nobody_selected")
    state.headline.setText(say(QT_TRANSLATE_NOOP("words", "Choose a contact")))
    state.text.setText(say(QT_TRANSLATE_NOOP("words", "Type a name, a company or any part of a number to find one.")))
    return state


def welcome(
    theme: Theme, take_in: Callable[[], object], add: Callable[[], object], connect: Callable[[], object]
) -> EmptyState:
    """There is no contact yet."""
    state = EmptyState(theme, "ringdesk", "welcome")
    state.headline.setText(say(QT_TRANSLATE_NOOP("words", "Who will be calling?")))
    state.text.setText(say(_FIRST))
    state.quiet.setText(say(_QUIET))
    for text, name, role, icon, do in (
        (QT_TRANSLATE_NOOP("words", "&Import a vCard or CSV file"), "welcome_import", "primary", "import", take_in),
        (QT_TRANSLATE_NOOP("words", "&Add a contact"), "welcome_add", "", "plus", add),
        (QT_TRANSLATE_NOOP("words", "Connect &Google"), "welcome_google", "", "cloud", connect),
    ):
        button = state.action(say(text), name, role=role, icon=icon)
        button.clicked.connect(lambda _=False, do=do: do())
    return state


def show_google(state: EmptyState, *, on: bool) -> None:
    """Offer Google in the welcome, or not."""
    state.quiet.setVisible(on)
    for button in state.findChildren(Button, "welcome_google"):
        button.setVisible(on)
