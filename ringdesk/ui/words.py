"""The sentences of RingDesk: what a code of another room means, in words a person uses.

Sentences stand in tables marked with QT_TRANSLATE_NOOP, so that the translation tools find them; `say` looks the
translation up when it is needed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import QCoreApplication, QLocale

from ringdesk.domain.call import CallState, Direction, SourceState
from ringdesk.domain.contact import Coworker, Owner, Unclaimed
from ringdesk.domain.line import Department, Internal, Line, OtherPerson, Personal, UnknownLine, line_named
from ringdesk.domain.lookup import Book, Rule, Why
from ringdesk.domain.numbering import display
from ringdesk.domain.ownership import Deed, Refusal
from ringdesk.domain.phone import Number, Withheld
from ringdesk.domain.status import StoreTrouble
from ringdesk.domain.words import for_display

_PLACES: Final = re.compile("%([1-9])")


def QT_TRANSLATE_NOOP(context: str, text: str) -> str:
    """Mark a sentence for the translation tools, which know this name; Qt's own is typed as giving any object."""
    return text


_TROUBLES: Final[Mapping[StoreTrouble, str]] = {
    StoreTrouble.LOCKED: QT_TRANSLATE_NOOP(
        "words", "Another program is using RingDesk's data. Nothing was changed. Close it, then try again."
    ),
    StoreTrouble.READ_ONLY: QT_TRANSLATE_NOOP(
        "words", "RingDesk may not write to its data folder, so nothing was saved. Allow writing there, then try again."
    ),
    StoreTrouble.FULL: QT_TRANSLATE_NOOP(
        "words",
        "The disk is full, so this is not saved yet. Nothing that you wrote is lost: it stays where you typed"
        " it. Free some space on the disk, then save again.",
    ),
    StoreTrouble.RESERVE: QT_TRANSLATE_NOOP(
        "words",
        "The disk is nearly full. RingDesk now uses the room it keeps back for such a day. Free some space"
        " on the disk soon.",
    ),
    StoreTrouble.NO_BACKUP: QT_TRANSLATE_NOOP(
        "words",
        "There is no room for the backup of the day. What you saved is safe, and the earlier backups stay."
        " Free some space on the disk; the backup is then made by itself.",
    ),
    StoreTrouble.NEWER: QT_TRANSLATE_NOOP(
        "words", "The data was made by a newer RingDesk. It was left as it is. Install the newer version to use it."
    ),
    StoreTrouble.CORRUPT: QT_TRANSLATE_NOOP(
        "words", "RingDesk's data is damaged, perhaps by the disk. It was left as it is. A backup can take its place."
    ),
    StoreTrouble.NOT_OURS: QT_TRANSLATE_NOOP(
        "words",
        "The file in the data folder is not RingDesk's. It was left as it is. Move it away, or start RingDesk"
        " with --data and another folder.",
    ),
    StoreTrouble.UNREACHABLE: QT_TRANSLATE_NOOP(
        "words", "The data cannot be opened. Check that the data folder is there and may be used."
    ),
    StoreTrouble.IO: QT_TRANSLATE_NOOP(
        "words", "The disk reported an error, so nothing was saved. Check the disk, then try again."
    ),
    StoreTrouble.GONE: QT_TRANSLATE_NOOP("words", "This contact is no longer there. It was deleted meanwhile."),
    StoreTrouble.STALE: QT_TRANSLATE_NOOP("words", "This contact was changed meanwhile, so nothing was saved."),
    StoreTrouble.STOPPED: QT_TRANSLATE_NOOP("words", "RingDesk is closing, so nothing was saved."),
}

_DEEDS: Final[Mapping[Deed, str]] = {
    Deed.EDIT: QT_TRANSLATE_NOOP("words", "%1 owns this contact, so you cannot edit it."),
    Deed.DELETE: QT_TRANSLATE_NOOP("words", "%1 owns this contact, so only they can delete it."),
    Deed.SHARE: QT_TRANSLATE_NOOP("words", "%1 owns this contact, so only they can share it or stop sharing it."),
    Deed.MARK: QT_TRANSLATE_NOOP("words", "%1 owns this contact, so you cannot mark it."),
    Deed.SYNC: QT_TRANSLATE_NOOP("words", "%1 owns this contact, so it is not sent to your account."),
}

STATES: Final[Mapping[CallState, str]] = {
    CallState.RINGING: QT_TRANSLATE_NOOP("words", "Ringing"),
    CallState.ANSWERED_HERE: QT_TRANSLATE_NOOP("words", "Answered"),
    CallState.ANSWERED_ELSEWHERE: QT_TRANSLATE_NOOP("words", "Answered elsewhere"),
    CallState.ANSWERED: QT_TRANSLATE_NOOP("words", "Answered by somebody"),
    CallState.MISSED: QT_TRANSLATE_NOOP("words", "Missed"),
    CallState.REJECTED: QT_TRANSLATE_NOOP("words", "Declined"),
    CallState.ENDED_UNKNOWN: QT_TRANSLATE_NOOP("words", "Not answered here"),
    CallState.BLOCKED: QT_TRANSLATE_NOOP("words", "Blocked"),
    CallState.DIALING: QT_TRANSLATE_NOOP("words", "Dialling"),
    CallState.REMOTE_RINGING: QT_TRANSLATE_NOOP("words", "Ringing there"),
    CallState.OUTGOING_ANSWERED: QT_TRANSLATE_NOOP("words", "You called"),
    CallState.OUTGOING_BUSY: QT_TRANSLATE_NOOP("words", "Busy"),
    CallState.OUTGOING_CANCELLED: QT_TRANSLATE_NOOP("words", "No answer"),
    CallState.OUTGOING_FAILED: QT_TRANSLATE_NOOP("words", "Call failed"),
    CallState.OUTGOING_NOT_PLACED: QT_TRANSLATE_NOOP("words", "Not placed"),
}

_SOURCES: Final[Mapping[SourceState, str]] = {
    SourceState.OFF: QT_TRANSLATE_NOOP("words", "%1 is switched off"),
    SourceState.CONNECTING: QT_TRANSLATE_NOOP("words", "Connecting to %1…"),
    SourceState.CONNECTED: QT_TRANSLATE_NOOP("words", "Listening to %1"),
    SourceState.WAITING: QT_TRANSLATE_NOOP("words", "%1 does not answer; trying again"),
}

_LINES: Final[Mapping[type[Line], str]] = {
    Personal: QT_TRANSLATE_NOOP("words", "Your line"),
    Internal: QT_TRANSLATE_NOOP("words", "Internal"),
    OtherPerson: QT_TRANSLATE_NOOP("words", "Somebody else's line"),
    UnknownLine: QT_TRANSLATE_NOOP("words", "Line not known"),
}

_RULES: Final[Mapping[Rule, str]] = {
    Rule.SAME_NUMBER: QT_TRANSLATE_NOOP("words", "%1 is the same number as %2"),
    Rule.SAME_EXTENSION: QT_TRANSLATE_NOOP("words", "Extension %1 is %2"),
    Rule.SAME_TAIL: QT_TRANSLATE_NOOP("words", "The last digits of %1 are those of %2, so it is a maybe"),
    Rule.PICKED: QT_TRANSLATE_NOOP("words", "You chose this contact for %1 before; its number is %2"),
}

_BOOKS: Final[Mapping[Book, str]] = {
    Book.MINE: QT_TRANSLATE_NOOP("words", "in your contacts"),
    Book.SHARED: QT_TRANSLATE_NOOP("words", "in a coworker's shared contact"),
}

LABELS: Final[Mapping[str, str]] = {
    "": QT_TRANSLATE_NOOP("words", "other"),
    "mobile": QT_TRANSLATE_NOOP("words", "mobile"),
    "work": QT_TRANSLATE_NOOP("words", "work"),
    "workMobile": QT_TRANSLATE_NOOP("words", "work mobile"),
    "home": QT_TRANSLATE_NOOP("words", "home"),
    "main": QT_TRANSLATE_NOOP("words", "main"),
    "homeFax": QT_TRANSLATE_NOOP("words", "home fax"),
    "workFax": QT_TRANSLATE_NOOP("words", "work fax"),
    "otherFax": QT_TRANSLATE_NOOP("words", "other fax"),
    "pager": QT_TRANSLATE_NOOP("words", "pager"),
    "workPager": QT_TRANSLATE_NOOP("words", "work pager"),
    "googleVoice": QT_TRANSLATE_NOOP("words", "Google Voice"),
    "other": QT_TRANSLATE_NOOP("words", "other"),
    "homePage": QT_TRANSLATE_NOOP("words", "home page"),
    "blog": QT_TRANSLATE_NOOP("words", "blog"),
    "profile": QT_TRANSLATE_NOOP("words", "profile"),
    "spouse": QT_TRANSLATE_NOOP("words", "spouse"),
    "partner": QT_TRANSLATE_NOOP("words", "partner"),
    "child": QT_TRANSLATE_NOOP("words", "child"),
    "parent": QT_TRANSLATE_NOOP("words", "parent"),
    "sister": QT_TRANSLATE_NOOP("words", "sister"),
    "brother": QT_TRANSLATE_NOOP("words", "brother"),
    "friend": QT_TRANSLATE_NOOP("words", "friend"),
    "relative": QT_TRANSLATE_NOOP("words", "relative"),
    "manager": QT_TRANSLATE_NOOP("words", "manager"),
    "assistant": QT_TRANSLATE_NOOP("words", "assistant"),
    "referredBy": QT_TRANSLATE_NOOP("words", "referred by"),
}
"""Labels as the People API spells them, and what people call them. Any other label is shown as it was written."""


def say(sentence: str, *parts: str) -> str:
    """The sentence in the user's language, %1, %2 ... replaced by the parts."""
    text = QCoreApplication.translate("words", sentence)
    return _PLACES.sub(lambda found: parts[int(found[1]) - 1] if int(found[1]) <= len(parts) else found[0], text)


def counted(one: str, many: str, n: int) -> str:
    """A sentence about a number of things, such as "1 call" or "3 calls"; both forms hold %n."""
    text = QCoreApplication.translate("words", one if n == 1 else many, None, n)
    return text.replace(str(n), QLocale().toString(n), 1)


def count_text(n: int) -> str:
    """A count as the user's country writes it."""
    return QLocale().toString(n)


def trouble(what: StoreTrouble, path: str = "") -> str:
    """What went wrong with the store, that nothing was lost, and what to do."""
    return say(_TROUBLES[what]) + (f" ({shown(path, 200)})" if path else "")


def refusal(what: Refusal) -> str:
    """Why something may not be done with a contact."""
    if what.deed is Deed.SYNC and not isinstance(what.owner, Coworker):
        return say(QT_TRANSLATE_NOOP("words", "Only contacts with a name are sent to your account."))
    return say(_DEEDS[what.deed], owner(what.owner))


def owner(who: Owner) -> str:
    """Whose contact it is, as the beginning of a sentence."""
    match who:
        case Coworker(login, name):
            return shown(name or login)
        case Unclaimed(department):
            return say(QT_TRANSLATE_NOOP("words", "The department %1"), shown(department))
        case _:
            return say(QT_TRANSLATE_NOOP("words", "You"))


def call_state(state: CallState, *, answered_by: str = "", direction: Direction = Direction.INCOMING) -> str:
    """How a call stands or ended."""
    if state is CallState.ANSWERED_ELSEWHERE and answered_by:
        return say(QT_TRANSLATE_NOOP("words", "Answered by %1"), shown(answered_by))
    if state is CallState.ANSWERED_HERE and direction is Direction.INCOMING:
        return say(QT_TRANSLATE_NOOP("words", "You answered"))
    return say(STATES[state])


def line_name(line: Line) -> str:
    """A line as the pop and the call list name it."""
    if isinstance(line, Department):
        return say(QT_TRANSLATE_NOOP("words", "%1 line"), shown(line.name))
    return say(_LINES[type(line)])


def line_of_text(text: str) -> str:
    """A line from the form the call list keeps it in; nothing for one that is not known."""
    try:
        line = line_named(text)
    except ValueError:
        return shown(text)
    return "" if isinstance(line, UnknownLine) else line_name(line)


def why(reason: Why) -> str:
    """Why this name: number, rule, field and where the contact came from, in one line."""
    stored = shown(reason.stored)
    if reason.label:
        stored = f"{stored} ({label(reason.label)})"
    return say(_RULES[reason.rule], number(reason.number, reason.region), stored) + " " + say(_BOOKS[reason.book])


def source(state: SourceState, name: str) -> str:
    """How a call source is doing."""
    return say(_SOURCES[state], shown(name))


def only_feed() -> str:
    """Nothing but the local feed is listened to: what that is good for, and where a phone is added."""
    text = QT_TRANSLATE_NOOP("words", "Ready for calls from the local feed. Add your phone under Settings, Phone.")
    return say(text)


def number(value: Number, region: str) -> str:
    """A number as it is shown to people."""
    if isinstance(value, Withheld):
        return say(QT_TRANSLATE_NOOP("words", "Number withheld"))
    return shown(display(value, region))


def label(text: str) -> str:
    """A label in words; free text stays as it was written."""
    known = LABELS.get(text)
    return shown(text) if known is None else say(known)


def shown(text: str, limit: int = 80) -> str:
    """Foreign text made safe for one line: no control, bidi or zero-width characters, not endless."""
    return for_display(text, limit)


def shown_lines(text: str, limit: int = 4000) -> str:
    """Foreign text of several lines made safe, its lines kept."""
    return "\n".join(for_display(line, limit) for line in text[: limit * 2].splitlines())[:limit]


def for_button(text: str) -> str:
    """Foreign text on a button or in a menu, where & would underline the next letter."""
    return shown(text).replace("&", "&&")
