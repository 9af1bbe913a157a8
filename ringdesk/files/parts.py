"""Days out of the text that files hold."""

from __future__ import annotations

from ringdesk.domain.card import Birthday
from ringdesk.domain.dates import DayOrder


def birthday(text: str, no_year: str = "", order: DayOrder | None = None) -> Birthday | None:
    """The day a file's text means, or None where it is no whole day.

    Understands 19800102, 1980-01-02, --0102, --01-02, any of them with a time behind it, 2.1.1980 (day first) and
    1/2/1980: in the `order` given, and where none is, month first as Outlook in English writes; but 13 is never a
    month. `no_year` is the year that stands for none.
    """
    day = _numbers(_date_of(text), order)
    if day is None:
        return None
    year, month, date = day
    try:
        return Birthday(month, date, None if year == 0 or str(year) == no_year else year)
    except ValueError:
        return None


def day_order(text: str) -> tuple[DayOrder | None, bool]:
    """What a date tells about the order in its file: its order where it has only one, and whether it has two."""
    for separator in "-/":
        pieces = _date_of(text).split(separator)
        if len(pieces) == 3 and all(_digits(piece) for piece in pieces) and len(pieces[2]) == 4 and len(pieces[0]) < 4:
            first, second = int(pieces[0]), int(pieces[1])
            if first > 12 or second > 12:
                return (DayOrder.DAY_FIRST if first > 12 else DayOrder.MONTH_FIRST), False
            return None, first != second
    return None, False


def _date_of(text: str) -> str:
    return text.strip().partition("T")[0].partition(" ")[0]


def _numbers(text: str, order: DayOrder | None) -> tuple[int, int, int] | None:
    if text.startswith("--"):
        rest = text[2:].replace("-", "")
        return (0, int(rest[:2]), int(rest[2:])) if _digits(rest, 4) else None
    if _digits(text, 8):
        return int(text[:4]), int(text[4:6]), int(text[6:])
    for separator in "-/.":
        pieces = text.split(separator)
        if len(pieces) == 3 and all(_digits(piece) for piece in pieces):
            return _ordered(pieces, separator, order)
    return None


def _ordered(pieces: list[str], separator: str, order: DayOrder | None) -> tuple[int, int, int] | None:
    first, second, third = (int(piece) for piece in pieces)
    if len(pieces[0]) == 4:
        return first, second, third
    if len(pieces[2]) != 4:
        return None
    day_first = separator == "." or first > 12 or (order is DayOrder.DAY_FIRST and second <= 12)
    return (third, second, first) if day_first else (third, first, second)


def _digits(text: str, count: int = 0) -> bool:
    return text.isascii() and text.isdigit() and (len(text) == count if count else len(text) <= 4)
