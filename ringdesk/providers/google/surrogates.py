"""Mends texts that hold half of a letter: JSON can write one, a database cannot store it."""

from __future__ import annotations

import re
from typing import Any, Final, TypeVar

_HALF: Final = re.compile("[\ud800-\udfff]")

T = TypeVar("T")


def healed(value: T) -> T:
    """The same value, with a replacement character for each half letter in its texts."""
    made: Any = value
    if isinstance(value, str):
        made = value if value.isascii() else _HALF.sub("\ufffd", value)
    elif isinstance(value, list):
        made = [healed(one) for one in value]
    elif isinstance(value, dict):
        made = {healed(key): healed(one) for key, one in value.items()}
    return made  # type: ignore[no-any-return]  # as typed as what came in
