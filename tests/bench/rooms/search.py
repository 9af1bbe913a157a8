"""Letters typed into the real search field: usage: python -m tests.bench.rooms.search DATA KEYS.json."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Final

from ringdesk.app.front import Front
from tests.bench.figures import Figures
from tests.bench.rooms.stage import Stopwatch, play, stroke

WATCH = Stopwatch()
TEXTS: Final[list[str]] = json.loads(Path(sys.argv[2]).read_text(encoding="utf-8"))
LETTER_TIMES: Final = 5


async def story(front: Front) -> Figures:
    """Every text of the file by its last letter, then every first letter of those alone, several times."""
    side = front.window.pane.side

    for text in TEXTS:
        await WATCH.time("keystroke", side.list, lambda text=text: stroke(side.search, text))  # type: ignore[misc]  # the value of this round is bound
    for letter in sorted({text[0].casefold() for text in TEXTS}) * LETTER_TIMES:
        await WATCH.time("letter", side.list, lambda letter=letter: stroke(side.search, letter))  # type: ignore[misc]  # the value of this round is bound
    return dict(WATCH.times)


if __name__ == "__main__":
    play(story, Path(sys.argv[1]))
