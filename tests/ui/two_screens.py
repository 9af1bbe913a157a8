"""A program of its own, for screens can be set up only before Qt starts: rings once, and prints where the pop stands.

two_screens.py FOLDER [X Y]     with a place: drags the pop's middle there before
"""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget

from ringdesk.feed.client import post
from tests.e2e.program import Program, play


def drag(window: QWidget, to: QPoint) -> None:
    """Take a pop by its middle and let it go elsewhere."""
    start = window.geometry().center()
    left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    steps = [start, start + QPoint(4, 3), (start + to) / 2, to]
    kinds = [QEvent.Type.MouseButtonPress, *[QEvent.Type.MouseMove] * 3]
    for kind, at in [*zip(kinds, steps, strict=True), (QEvent.Type.MouseButtonRelease, to)]:
        button = none if kind is QEvent.Type.MouseMove else left
        held = none if kind is QEvent.Type.MouseButtonRelease else left
        local = QPointF(window.mapFromGlobal(at))
        QApplication.sendEvent(
            window, QMouseEvent(kind, local, QPointF(at), button, held, Qt.KeyboardModifier.NoModifier)
        )


def main() -> None:
    """Ring, drag, tell."""
    folder = Path(sys.argv[1])
    to = QPoint(int(sys.argv[2]), int(sys.argv[3])) if len(sys.argv) > 2 else None
    settings = folder / "settings.json"
    kept = json.loads(settings.read_text(encoding="utf-8")) if settings.exists() else {}
    app = QApplication([])

    async def story(program: Program) -> None:
        program.front.window.hide()  # a pop keeps off its bottom bar
        event = {"event": "ringing", "id": "1", "from": "+442079460777"}
        await asyncio.get_running_loop().run_in_executor(None, post, program.here.socket, event)
        await program.until(lambda: bool(program.painted), "the pop is painted")
        if to is not None:
            drag(program.pop, to)
            await program.until(lambda: not program.pop.dragged, "the pop is let go")
        rect = program.pop.geometry()
        print(json.dumps([rect.x(), rect.y(), rect.width(), rect.height()]))

    play(app, folder, story, **kept)


if __name__ == "__main__":
    main()
