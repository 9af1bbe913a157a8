"""Times and durations in words: "20 min ago", "yesterday 14:05", "4 min"."""

from __future__ import annotations

from datetime import UTC, datetime

from PySide6.QtCore import QDate, QLocale

from ringdesk.domain.team import CoworkerCall
from ringdesk.ui.words import QT_TRANSLATE_NOOP, counted, say, shown

_MINUTE, _HOUR = 60, 3600


def ago(at: float, now: float) -> str:
    """When something was: close by in minutes, then "yesterday 14:05", a weekday, a date."""
    if 0 <= now - at < _MINUTE or -_MINUTE < now - at < 0:
        return say(QT_TRANSLATE_NOOP("words", "just now"))
    if 0 <= now - at < _HOUR:
        return counted("%n min ago", "%n min ago", int((now - at) // _MINUTE))
    then, today = _local(at), _local(now)
    days = (today.date() - then.date()).days
    clock_time = then.strftime("%H:%M")
    if days == 0:
        return say(QT_TRANSLATE_NOOP("words", "today %1"), clock_time)
    if days == 1:
        return say(QT_TRANSLATE_NOOP("words", "yesterday %1"), clock_time)
    day = QDate(then.year, then.month, then.day)
    if 1 < days < 7:
        return f"{QLocale().toString(day, 'dddd')} {clock_time}"
    return QLocale().toString(day, "d MMM" if then.year == today.year else "d MMM yyyy")


def moment(at: float) -> str:
    """A moment in full, for a list of history: "3 Mar 2026, 14:05"."""
    then = _local(at)
    return f"{QLocale().toString(QDate(then.year, then.month, then.day), 'd MMM yyyy')}, {then:%H:%M}"


def clock_text(at: float, now: float) -> str:
    """A moment as a clock tells it: "14:05", "yesterday 14:05", "3 Mar 14:05"; it stays true as time goes by."""
    then, today = _local(at), _local(now)
    days = (today.date() - then.date()).days
    if days == 0:
        return f"{then:%H:%M}"
    if days == 1:
        return say(QT_TRANSLATE_NOOP("words", "yesterday %1"), f"{then:%H:%M}")
    day = QDate(then.year, then.month, then.day)
    return f"{QLocale().toString(day, 'd MMM' if then.year == today.year else 'd MMM yyyy')} {then:%H:%M}"


def lasted(seconds: float) -> str:
    """How long somebody spoke: "45 s", "4 min", "1 h 5 min"."""
    whole = max(0, round(seconds))
    if whole < _MINUTE:
        return say(QT_TRANSLATE_NOOP("words", "%1 s"), str(whole))
    if whole < _HOUR:
        return say(QT_TRANSLATE_NOOP("words", "%1 min"), str(whole // _MINUTE))
    hours, rest = divmod(whole, _HOUR)
    return say(QT_TRANSLATE_NOOP("words", "%1 h %2 min"), str(hours), str(rest // _MINUTE))


def spoke(call: CoworkerCall, now: float, *, note: bool = True) -> str:
    """A coworker's call: "Maria spoke to them 20 min ago, 4 min: asked for the offer"."""
    who, when = shown(call.name or call.who, 40), ago(call.started, now)
    if call.seconds is not None:
        told = QT_TRANSLATE_NOOP("words", "%1 spoke to them %2, %3")
        if call.direction == "out":
            told = QT_TRANSLATE_NOOP("words", "%1 called them %2, %3")
        text = say(told, who, when, lasted(call.seconds))
    else:
        text = say(QT_TRANSLATE_NOOP("words", "%1 had a call with them %2, not answered"), who, when)
    said = "" if not note else shown(next((line for line in call.note.splitlines() if line.strip()), ""))
    return f"{text}: {said}" if said else text


def running(seconds: float) -> str:
    """A running timer: "0:42", "12:05", "1:02:03"."""
    whole = max(0, int(seconds))
    minutes, second = divmod(whole, _MINUTE)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02d}:{second:02d}" if hours else f"{minutes}:{second:02d}"


def birthday(year: int | None, month: int, day: int) -> str:
    """A birthday, with its year where it is known: "3 March 1975"."""
    return QLocale().toString(QDate(year or 2000, month, day), "d MMMM yyyy" if year else "d MMMM")


def _local(at: float) -> datetime:
    try:
        return datetime.fromtimestamp(at, tz=UTC).astimezone()
    except (OverflowError, OSError, ValueError):
        return datetime.fromtimestamp(0, tz=UTC).astimezone()
