"""What the contacts pane tells, in words."""

from __future__ import annotations

from typing import assert_never

from ringdesk.desk.contacts_told import Deleted, NothingToUndo, Restored, Shared, Told, Troubled, Undone
from ringdesk.ui.contacts_history import field_name, undone_text
from ringdesk.ui.contacts_several import shared_text
from ringdesk.ui.words import QT_TRANSLATE_NOOP, say, shown, trouble


def told_text(what: Told) -> tuple[str, bool]:
    """What happened, and whether it can be taken back."""
    match what:
        case Deleted(name, everybodys):
            who = shown(name, 40) or say(QT_TRANSLATE_NOOP("words", "a contact"))
            return say(QT_TRANSLATE_NOOP("words", "Deleted %1"), who), not everybodys
        case Shared():
            return shared_text(what), True
        case Undone(count, left):
            return undone_text(count, left), False
        case Restored(field):
            return say(QT_TRANSLATE_NOOP("words", "%1 restored"), field_name(field)), False
        case NothingToUndo():
            return say(QT_TRANSLATE_NOOP("words", "Nothing to take back: something else was changed since.")), False
        case Troubled(why, path):
            return trouble(why, path), False
        case _:
            assert_never(what)
