"""Sentences about calls and phones beyond the pop: what a phone would not do, too many callers, settings set aside."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ringdesk.domain.call import Ability
from ringdesk.ui.words import QT_TRANSLATE_NOOP, say, shown

_DEEDS: Final[Mapping[Ability, str]] = {
    Ability.ANSWER: QT_TRANSLATE_NOOP("words", "The call was not answered from here."),
    Ability.DECLINE: QT_TRANSLATE_NOOP("words", "The call was not declined from here."),
    Ability.DIAL: QT_TRANSLATE_NOOP("words", "The number was not dialled."),
}
_REASONS: Final[Mapping[str, str]] = {
    "gone": QT_TRANSLATE_NOOP("words", "Its phone is no longer set up."),
    "no phone": QT_TRANSLATE_NOOP("words", "No phone that can dial is connected: see Settings, Phone."),
    "not_connected": QT_TRANSLATE_NOOP("words", "The phone is not connected; use the phone itself."),
    "lost": QT_TRANSLATE_NOOP("words", "The connection to the phone broke; use the phone itself."),
    "timeout": QT_TRANSLATE_NOOP("words", "The phone did not reply in time; look at the phone itself."),
    "unknown_call": QT_TRANSLATE_NOOP("words", "The phone no longer has this call."),
    "other_call": QT_TRANSLATE_NOOP("words", "The phone can only act on its newest call; use the phone itself."),
    "bad_number": QT_TRANSLATE_NOOP("words", "A number has digits, *, # and a leading + only."),
}


def refused(ability: Ability, why: str, detail: str) -> str:
    """What a phone would not do, why, and what to do instead."""
    reason = (
        say(_REASONS[why]) if why in _REASONS else say(QT_TRANSLATE_NOOP("words", "The phone says: %1"), shown(detail))
    )
    return f"{say(_DEEDS[ability])} {reason}"


def flood(source: str) -> str:
    """Unknown callers come too fast."""
    text = QT_TRANSLATE_NOOP(
        "words", "More than 30 unknown callers within an hour from %1: they are listed, no more contacts are made."
    )
    return say(text, shown(source))


def unreadable_settings(why: str, aside: str) -> str:
    """The settings file could not be read and was set aside."""
    text = QT_TRANSLATE_NOOP(
        "words", "The settings could not be read (%1). RingDesk uses its defaults; the file was kept as %2."
    )
    return say(text, shown(why, 160), shown(aside, 160))


def key_refused(key: str) -> str:
    """Another program has the global key, or the desktop gives none away."""
    text = QT_TRANSLATE_NOOP(
        "words", "%1 is taken, so it does not lead to the newest call. Choose other keys in Settings, Pop, or have "
        "your desktop run “ringdesk focus” on a key.",
    )  # several to a line  # fmt: skip
    return say(text, shown(key, 40))


def no_notifications() -> str:
    """On this desktop calls would not be seen."""
    return say(QT_TRANSLATE_NOOP(
        "words", "This desktop shows no notifications, so no call will be seen. Start a notification service, such as "
        "mako."
    ))  # several to a line  # fmt: skip
