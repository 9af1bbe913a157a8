"""What is said of the team: why it is not reached, what became of a claim or an edit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ringdesk.desk.team import Told
from ringdesk.domain.team import ClaimLost
from ringdesk.ui.words import QT_TRANSLATE_NOOP, say, shown

_TROUBLES: Final[Mapping[str, str]] = {
    "unreachable": QT_TRANSLATE_NOOP("words", "The team is not reached. What you change is kept here and sent later."),
    "busy": QT_TRANSLATE_NOOP("words", "The team's server is busy. What you change is kept here and sent later."),
    "untrusted": QT_TRANSLATE_NOOP(
        "words", "The team's server could not prove who it is. Nothing is sent. Ask your administrator."
    ),
    "password": QT_TRANSLATE_NOOP("words", "The team refuses your password. Ask your administrator for an invitation."),
    "disabled": QT_TRANSLATE_NOOP("words", "You are no longer in the team. Coworkers' contacts are being erased here."),
    "shut out": QT_TRANSLATE_NOOP(
        "words",
        "The team says that you are not in it any more. RingDesk asks again before it erases coworkers' contacts here.",
    ),
    "login refused": QT_TRANSLATE_NOOP("words", "The team refuses your login. Ask your administrator."),
    "not a coworker": QT_TRANSLATE_NOOP(
        "words", "The team's server does not allow that to you. Ask your administrator."
    ),
    "invitation ended": QT_TRANSLATE_NOOP("words", "Your invitation to the team has ended. Ask for a new one."),
    "no_secret": QT_TRANSLATE_NOOP("words", "Your password for the team is not in the keyring. Join the team again."),
    "other version": QT_TRANSLATE_NOOP("words", "The team's server has another version. Ask your administrator."),
    "seat": QT_TRANSLATE_NOOP("words", "The file that says which team this is cannot be read. Join the team again."),
}

_REFUSED: Final[Mapping[str, str]] = {
    "gone": QT_TRANSLATE_NOOP("words", "Your change of %1 was not kept: the contact is not shared with you any more."),
    "claimed": QT_TRANSLATE_NOOP("words", "%1 was not deleted: a coworker has claimed the caller meanwhile."),
    "view only": QT_TRANSLATE_NOOP("words", "Your change of %1 was not kept: your rights in the team are view only."),
}

_CALLER: Final = QT_TRANSLATE_NOOP("words", "this caller")


def trouble(code: str) -> str:
    """Why the team is not reached."""
    return say(_TROUBLES.get(code, QT_TRANSLATE_NOOP("words", "The team does not work now: %1")), shown(code))


def out(host: str) -> str:
    """The team has shut this desk out, and nothing of coworkers is left here. `host` empty: which is not known."""
    if not host:
        text = QT_TRANSLATE_NOOP(
            "words", "You are no longer in the team. Coworkers' contacts are off this computer; your own stay."
        )
        return say(text)
    text = QT_TRANSLATE_NOOP(
        "words", "You are no longer in the team at %1. Coworkers' contacts are off this computer; your own stay."
    )
    return say(text, shown(host, 60))


def out_but(detail: str) -> str:
    """The same where something of coworkers is still here."""
    text = QT_TRANSLATE_NOOP(
        "words",
        "You are no longer in the team, but coworkers' contacts could not be erased: %1. "
        "RingDesk tries again at its next start.",
    )
    return say(text, shown(detail))


def told(what: Told) -> str:
    """What became of an edit or a claim."""
    if isinstance(what, ClaimLost):
        return _lost(what)
    text = _REFUSED.get(what.why, QT_TRANSLATE_NOOP("words", "Your change of %1 was not taken by the team: %2"))
    return say(text, shown(what.name, 40) or say(_CALLER), shown(what.why, 60))


def _lost(lost: ClaimLost) -> str:
    name = shown(lost.name, 40) or say(_CALLER)
    if lost.by:
        first = QT_TRANSLATE_NOOP(
            "words", "%1 claimed %2 first. What you typed is kept as a private contact that nobody else sees."
        )
        return say(first, shown(lost.by, 40), name)
    if lost.why == "gone":
        gone = QT_TRANSLATE_NOOP(
            "words", "%1 was deleted from the team meanwhile. What you typed is kept as a private contact."
        )
        return say(gone, name)
    text = QT_TRANSLATE_NOOP("words", "The team did not give you %1 (%2). What you typed is kept as a private contact.")
    return say(text, name, shown(lost.why, 40))
