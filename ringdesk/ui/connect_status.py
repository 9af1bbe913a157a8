"""How the Google account stands: one line with an icon, and what can be done about it. Pure."""

from __future__ import annotations

from enum import Enum
from typing import Final, assert_never

from ringdesk.desk.accounts import AccountView, Dead, Halted, Quiet, Running, Waiting
from ringdesk.desk.connecting import (
    Connected,
    GoogleView,
    Rehearsed,
    Rehearsing,
    SettingUp,
    SigningIn,
    Unconnected,
)
from ringdesk.domain.syncing import RoundDone, SyncProgress
from ringdesk.domain.values import dataclass
from ringdesk.ui.connect_words import (
    dead_text,
    deeds,
    ending_text,
    failed_text,
    halted_text,
    progress_text,
    round_text,
    skipped_text,
    undone_text,
    waiting_text,
)
from ringdesk.ui.theme import Tint
from ringdesk.ui.words import QT_TRANSLATE_NOOP, counted, say
from ringdesk.ui.words_time import clock_text

ECHO: Final = 60.0
"""Seconds within which a round that had nothing to do says what the one before it did."""


class Deed(Enum):
    """What can be done about the account, from the bar, the menu or the settings."""

    CONNECT = "connect"
    GO_ON = "go on"
    CANCEL = "cancel"
    BREAK_OFF = "break off"
    RECONNECT = "reconnect"
    SYNC = "sync"
    REVIEW = "review"
    LAST = "last sync"
    UNDO = "undo"
    SETTINGS = "settings"
    DISCONNECT = "disconnect"


@dataclass(frozen=True, slots=True)
class Stand:
    """What the bar shows: a line, its icon, what stands beside it to be done, and how far a sync has come."""

    text: str = ""
    icon: str = "check"
    tint: Tint = Tint.SOFT
    deeds: tuple[Deed, ...] = ()
    busy: bool = False
    progress: SyncProgress | None = None


def stand(view: GoogleView, account: AccountView | None, now: float) -> Stand:
    """How it stands."""
    match view:
        case Unconnected(failed=failed):
            if failed is not None:
                return Stand(ending_text(failed.ending, failed.detail), "warning", Tint.WARN, (Deed.CONNECT,))
            return Stand(deeds=(Deed.CONNECT,))
        case SigningIn():
            return _browser()
        case SettingUp() | Rehearsing() | Rehearsed():
            text = say(QT_TRANSLATE_NOOP("words", "Signed in; nothing is synced yet"))
            return Stand(text, "info", Tint.SOFT, (Deed.GO_ON,))
        case Connected():
            return _connected(view, account, now)
        case _:
            assert_never(view)


def forbidden() -> Stand:
    """The team lets this desk have no Google account; all that is left to do is to disconnect it."""
    return Stand(halted_text("team"), "lock", Tint.WARN)


def _connected(view: Connected, account: AccountView | None, now: float) -> Stand:
    if view.signing_in:
        return _browser()
    if account is None:
        return Stand()
    if view.failed is not None and isinstance(account.status, Dead):
        text = ending_text(view.failed.ending, view.failed.detail)
        return Stand(text, "warning", Tint.BAD, (Deed.RECONNECT,))
    return _account(account, now)


def _browser() -> Stand:
    return Stand(say(QT_TRANSLATE_NOOP("words", "Waiting for your browser…")), "globe", Tint.SOFT, (Deed.CANCEL,), True)


def _account(account: AccountView, now: float) -> Stand:
    match account.status:
        case Running(progress):
            text = say(QT_TRANSLATE_NOOP("words", "Syncing…")) if progress is None else progress_text(progress)
            return Stand(text, "sync", Tint.SOFT, (Deed.BREAK_OFF,), True, progress)
        case Waiting(until):
            text = say(
                QT_TRANSLATE_NOOP("words", "Google cannot be reached; RingDesk tries again at %1. Your edits wait."),
                clock_text(until, now),
            )
            return Stand(text, "warning", Tint.WARN, (Deed.SYNC,))
        case Dead(cause, detail):
            return Stand(dead_text(cause, detail), "warning", Tint.BAD, (Deed.RECONNECT,))
        case Halted(code, detail):
            return Stand(halted_text(code, detail), "warning", Tint.BAD, (Deed.SYNC,))
        case Quiet():
            return _quiet(account, now)
        case _:
            assert_never(account.status)


def _quiet(account: AccountView, now: float) -> Stand:
    asks = bool(account.waiting) or account.guarded > 0
    can = (Deed.REVIEW, Deed.SYNC) if asks else (Deed.SYNC,)
    last = account.last
    if account.undone is not None:
        undone = " ".join(part for part in (undone_text(account.undone), skipped_text(account.undone)) if part)
        return Stand(undone, "undo", Tint.GOOD, can)
    if last is None:
        return Stand(say(QT_TRANSLATE_NOOP("words", "Connected; the first sync comes now")), "check", Tint.GOOD, can)
    told = [*waiting_text(last)] if account.guarded else []
    if questions := sum(account.waiting.values()):
        told.append(counted("%n question for you.", "%n questions for you.", questions))
    done = QT_TRANSLATE_NOOP("words", "Synced %1: %2")
    broken = QT_TRANSLATE_NOOP("words", "Broken off %1: %2. The next sync goes on from there.")
    just = account.did if _just_before(account.did, last) else last
    did = say(broken if last.stopped else done, clock_text(last.at, now), round_text(just or last))
    failed = failed_text(last)
    warn = asks or bool(failed)
    text = " ".join([*told, *failed, did] if warn else [did])
    return Stand(text, "warning" if warn else "check", Tint.WARN if warn else Tint.GOOD, can)


def _just_before(did: RoundDone | None, last: RoundDone) -> bool:
    """Whether a round that had nothing to do came right behind one that had: the eye would miss what that did."""
    return did is not None and not last.counts and 0 <= last.at - did.at < ECHO


def last_sync(account: AccountView, now: float) -> list[str]:
    """Everything there is to say of the last sync: when, what it did, what waits, what failed."""
    last = account.last
    if last is None:
        return [say(QT_TRANSLATE_NOOP("words", "There was no sync yet."))]
    when = say(QT_TRANSLATE_NOOP("words", "Last sync: %1."), clock_text(last.at, now))
    did = deeds(last.counts)
    what = (
        ", ".join(did) + "." if did else say(QT_TRANSLATE_NOOP("words", "Both sides agreed; nothing had to be done."))
    )
    before = "" if did or account.did is None else change_text(account.did, now)
    stopped = (
        say(QT_TRANSLATE_NOOP("words", "You broke it off; the next one goes on from there.")) if last.stopped else ""
    )
    return [part for part in (when, what, before, stopped, *waiting_text(last), *failed_text(last)) if part]


def change_text(did: RoundDone, now: float) -> str:
    """The last sync that changed anything."""
    return say(QT_TRANSLATE_NOOP("words", "The last change was %1: %2."), clock_text(did.at, now), round_text(did))


def next_sync(account: AccountView, now: float) -> str:
    """What comes next, where something keeps the sync from running."""
    match account.status:
        case Quiet():
            return ""
        case _:
            return _account(account, now).text
