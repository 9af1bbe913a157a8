"""The demo: practice contacts and a practice phone, in a folder that goes when RingDesk ends."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from ringdesk.assets import asset
from ringdesk.domain.card import Card
from ringdesk.domain.choices import LineChoice
from ringdesk.domain.document import from_document
from ringdesk.settings import Settings

PRACTICE: Final = Settings(
    region="GB",
    extension="201",
    lines=(LineChoice("Sales", "department Sales", queue=True), LineChoice("+14155550150", "department Sales")),
)
"""The settings of the demo: the practice phone's own country, extension and lines."""

log = logging.getLogger(__name__)


class Demo:
    """A throw-away data folder and the practice phone that runs beside RingDesk as a process of its own."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="ringdesk-demo-")
        self._phone: subprocess.Popen[bytes] | None = None

    @property
    def folder(self) -> Path:
        """Where the demo keeps its data."""
        return Path(self._folder.name)

    def cards(self) -> list[tuple[Card, bool]]:
        """The practice contacts, each with whether it is shared with coworkers."""
        documents = json.loads(asset("demo", "contacts.json").read_text(encoding="utf-8"))
        return [(from_document(d), bool(d.get("shared"))) for d in documents["contacts"]]

    def ring(self, socket: Path) -> None:
        """Start the practice phone; it posts calls to the local feed like any script would."""
        command = [sys.executable, "-m", "ringdesk.sandbox", "phone", "--socket", str(socket)]
        self._phone = subprocess.Popen(command, stdin=subprocess.DEVNULL)

    def silence(self) -> None:
        """Stop the practice phone."""
        if self._phone is not None:
            self._phone.terminate()

    def close(self) -> None:
        """Stop the phone and remove the folder."""
        self.silence()
        if self._phone is not None:
            try:
                self._phone.wait(3)
            except subprocess.TimeoutExpired:
                self._phone.kill()
                self._phone.wait()
        try:
            self._folder.cleanup()
        except OSError as error:
            log.warning("the demo's folder could not be removed: %s", error)
