"""Dates that people write in two ways: 3/4/1980 is in April or in March."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum


class DayOrder(Enum):
    """What comes first in a date such as 3/4/1980."""

    DAY_FIRST = "day first"
    MONTH_FIRST = "month first"


def order_told(orders: Iterable[DayOrder | None]) -> DayOrder | None:
    """The order that all dates of a file follow that can be read in one way only; None where none or both do."""
    told = {order for order in orders if order is not None}
    return told.pop() if len(told) == 1 else None
