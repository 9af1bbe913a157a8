"""The real list shown whole, scrolled and cleared: usage: python -m tests.bench.rooms.listing DATA."""

from __future__ import annotations

import random
import sys
from pathlib import Path
from typing import Final

from ringdesk.app.front import Front
from ringdesk.domain.sockets import Show
from tests.bench.figures import Figures
from tests.bench.rooms.stage import Stopwatch, play

WATCH = Stopwatch()
WHEEL_ROWS: Final = 60
"""How far the floor's wheel goes: its scroll bar counts rows, ours pixels."""


async def story(front: Front) -> Figures:
    """What the floor does, in its order and as often."""
    side, chance = front.window.pane.side, random.Random(1)
    bar = side.list.verticalScrollBar()
    step = WHEEL_ROWS * side.list.verticalHeader().defaultSectionSize()
    for _ in range(15):
        await WATCH.time("show", side.list, lambda: front.contacts.filter(Show()))
    for _ in range(100):
        place = chance.randrange(max(1, bar.maximum()))
        await WATCH.time("scroll", side.list, lambda place=place: bar.setValue(place))  # type: ignore[misc]  # the value of this round is bound
    for _ in range(100):
        await WATCH.time("wheel", side.list, lambda: bar.setValue(bar.value() + step))
    for _ in range(5):
        await WATCH.time("search", side.list, lambda: side.search.setText("a"))
        await WATCH.time("clear", side.list, side.search.clear)
    return dict(WATCH.times)


if __name__ == "__main__":
    play(story, Path(sys.argv[1]))
