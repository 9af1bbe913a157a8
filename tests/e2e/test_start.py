"""What the start loads before the first picture of the window, and what is there when calls are heard."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from ringdesk.app.steps import FOR_CALLS

ROOT = Path(__file__).resolve().parents[2]
LATER = {
    *("asyncio", "qasync", "jeepney", "PySide6.QtNetwork", "ringdesk.app.core", "ringdesk.app.popping"),
    *("peewee", "ringdesk.store.models", "hashlib", "phonenumbers.phonenumberutil"),
    *("ringdesk.store.order", "ringdesk.store.reorder"),
    "PySide6.QtWidgets.QStyle",
    "PySide6.QtWidgets.QWizard",  # made with all other classes of widgets
    "PySide6.QtWidgets.QGestureEvent",  # made with all other classes of events
    *("ringdesk.ui.pop_window", "ringdesk.ui.contacts_details", "ringdesk.ui.contacts_calls", "ringdesk.ui.editor"),
    *("ringdesk.ui.import_dialog", "ringdesk.ui.settings_window", "ringdesk.ui.connect_front"),
}
"""Nothing of this may stand before the first picture."""
SIGNATURES = {f"shibokensupport.signature.{name}" for name in ("errorhandler", "mapping", "parser", "layout")}
"""What PySide6 describes its functions with: nothing in a start may ask for a description."""

STORY = """
import inspect, json, sys
signature, asked = inspect.signature, []
inspect.signature = lambda of, **options: (asked.append(f"signature of {of!r}"), signature(of, **options))[1]
from ringdesk.app import marks
there, mark = {}, marks.mark
def marked(what, at=None):
    empty = {name for name in sys.modules if name.startswith("shiboken") and "__getattr__" in vars(sys.modules[name])}
    qt = {f"{name}.{each}" for name in sys.modules if name.startswith("PySide6.Qt") for each in vars(sys.modules[name])}
    there[what] = sorted((sys.modules.keys() - empty) | qt | set(asked))
    mark(what, at)
    if what == "ready":
        print(json.dumps(there), flush=True)
marks.mark = marked
from ringdesk.cli import main
sys.exit(main(["--data", sys.argv[1]]))
"""


def test_the_first_picture_waits_for_nothing_that_only_calls_need(tmp_path: Path) -> None:
    (tmp_path / "settings.json").write_text('{"region": "GB"}', encoding="utf-8")
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nowhere"}
    command = [sys.executable, "-c", STORY, str(tmp_path)]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        there = json.loads(program.stdout.readline())
        program.terminate()
    assert LATER.isdisjoint(there["pane"])
    assert SIGNATURES.isdisjoint(there["ready"])
    assert not [one for one in there["ready"] if one.startswith("signature of")]  # of a dataclass without a docstring
    assert set(FOR_CALLS) <= set(there["ready"])


def test_a_start_that_fails_says_why_and_still_ends_by_itself(tmp_path: Path) -> None:
    database = tmp_path / "ringdesk.db"
    database.write_bytes(b"somebody else's file, which is left as it is " * 100)
    before = database.read_bytes()
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nowhere"}
    command = [sys.executable, "-m", "ringdesk", "--data", str(tmp_path), "--exit-after", "0.5"]
    ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 3
    assert str(database) in ended.stderr
    assert "Move it away, or start RingDesk with --data and another folder." in ended.stderr
    assert database.read_bytes() == before
