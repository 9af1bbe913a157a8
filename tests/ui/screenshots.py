"""Take the README's pictures from the program itself: `python tests/ui/screenshots.py [FOLDER]`.

Starts RingDesk on a screen without a monitor (the offscreen platform), with the demo's contacts, rings it through its
own desk, and grabs the windows. The default folder is packaging/screenshots.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
_SCREEN = {
    "name": "one",
    "x": 0,
    "y": 0,
    "width": 1920,
    "height": 1080,
    "logicalDpi": 96,
    "logicalBaseDpi": 96,
    "dpr": 1,
}
_SCREENS = Path(tempfile.mkdtemp()) / "screens.json"
_SCREENS.write_text(json.dumps({"screens": [_SCREEN]}), encoding="utf-8")
os.environ["QT_QPA_PLATFORM"] = f"offscreen:configfile={_SCREENS}"
os.environ["QT_SCALE_FACTOR"] = "1"

from PySide6.QtCore import QLocale  # noqa: E402  # the platform must be chosen first
from PySide6.QtGui import QPixmap  # noqa: E402  # as above
from PySide6.QtWidgets import QApplication  # noqa: E402  # as above

from ringdesk.app.demo import PRACTICE, Demo  # noqa: E402  # as above
from ringdesk.domain.call import Answered, CallKey, Direction, Ended, EndReason, Fact, Rang  # noqa: E402  # as above
from ringdesk.domain.contact import Me, Origin  # noqa: E402  # as above
from ringdesk.domain.sockets import Show  # noqa: E402  # as above
from ringdesk.ui.theme import Scheme  # noqa: E402  # as above
from tests.e2e.program import Program, play  # noqa: E402  # as above
from tests.providers.google.practice import Practice, practising  # noqa: E402  # as above
from tests.providers.google.test_signin import Visitor, consent  # noqa: E402  # as above

DAY = 86_400
CALLER = "+14155550123"
PEOPLE = (
    ("Amara Okoye", "+442079460021"),
    ("Bruno Silva", "+442079460022"),
    ("Chiara Conti", "+442079460023"),
    ("Daniel Novak", "+442079460024"),
    ("Elif Demir", "+442079460025"),
    ("Fatou Diallo", "+442079460026"),
)


async def fill(program: Program) -> None:
    """The practice contacts, and a few calls and a note before the one in the picture."""
    store = program.front.core.store
    demo = Demo()
    for card, shared in demo.cards():
        await asyncio.wrap_future(store.writes.add(card, origin=Origin.FILE, owner=Me(), shared=shared))
    demo.close()
    then, key = time.time() - DAY, CallKey("demo", "0")
    hear(program, Rang(key=key, direction=Direction.INCOMING, number=CALLER, at=then))
    hear(program, Answered(key=key, at=then + 6))
    await asyncio.sleep(0.3)
    hear(program, Ended(key=key, reason=EndReason.HANGUP, at=then + 246))
    await asyncio.sleep(0.3)
    [row] = store.reads.search("Martin Green", Show(), 0, 1)
    note = "Asked for the price of oak doors; promised an offer by Friday."
    await asyncio.wrap_future(store.writes.add_note(row.id, note))
    program.front.core.pops.clear()


def hear(program: Program, fact: Fact) -> None:
    """A fact, as a phone would report it."""
    program.front.core.phones._fact(fact)


def without_focus() -> None:
    """No text cursor and no focus frame in a picture: here every window counts as active."""
    if widget := QApplication.focusWidget():
        widget.clearFocus()


async def connect_google(program: Program, practice: Practice, folder: Path) -> None:
    """As far as what the first sync would do."""
    front = program.front.connecting.front
    account = practice.account()
    account.hand("create_label", label="Clients")
    for name, number in PEOPLE:
        given, _, family = name.partition(" ")
        names = [{"givenName": given, "familyName": family}]
        made = account.hand("create", person={"names": names, "phoneNumbers": [{"value": number}]})
        account.hand("label", name=made, label="Clients")
    practice.order("POST", "/consent", kind="allow", account=account.email)
    file = folder / "chosen.json"
    file.write_bytes(practice.client_file)
    front.desk.choose_client_file(file)
    await program.until(lambda: program.front.core.accounts.client() is not None, "the client file")
    front.show_connect()
    front.desk.connect()
    await program.until(lambda: getattr(front.desk.view, "survey", None) is not None, "the set-up page")
    front.desk.rehearse()
    await program.until(lambda: hasattr(front.desk.view, "would"), "the rehearsal")


async def settle(milliseconds: int = 400) -> None:
    """Let everything be painted."""
    await asyncio.sleep(milliseconds / 1000)


def main() -> int:
    """Take all pictures; gives the exit status."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "packaging" / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    QLocale.setDefault(QLocale(QLocale.Language.English, QLocale.Country.UnitedKingdom))
    app = QApplication([])

    def keep(picture: QPixmap, name: str) -> None:
        picture.save(str(folder / f"{name}.png"))
        print(folder / f"{name}.png")

    async def story(program: Program) -> None:
        program.front.theme.choose(Scheme.LIGHT)
        await fill(program)
        window = program.front.window
        window.resize(1120, 720)
        [row] = program.front.core.store.reads.search("Martin Green", Show(), 0, 1)
        window.show_contact(row.id)
        await settle()
        without_focus()
        keep(window.grab(), "pane")
        hear(program, Rang(key=CallKey("demo", "1"), direction=Direction.INCOMING, number=CALLER, queue="Sales"))
        await settle(3000)
        without_focus()
        keep(program.pop.grab(), "pop")
        program.front.core.pops.clear()
        await connect_google(program, practice, data)
        await settle()
        dialog = program.front.connecting.front.dialog("connect")
        dialog.resize(700, 520)
        await settle()
        without_focus()
        keep(dialog.grab(), "google")
        dialog.close()

    visitor = Visitor(consent)
    with tempfile.TemporaryDirectory() as made, practising("--real-clock") as practice:
        data = Path(made)
        lines = [{"match": e.match, "line": e.line, "queue": e.queue} for e in PRACTICE.lines]
        play(app, data, story, visitor, lines=lines)
        visitor.end()
    return 0


if __name__ == "__main__":
    sys.exit(main())
