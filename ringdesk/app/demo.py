"""The demo: practice contacts, a practice phone and a practice Google, in a folder that goes when RingDesk ends."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import tempfile
import threading
from concurrent.futures import Future
from pathlib import Path
from typing import Final

from ringdesk.assets import asset
from ringdesk.domain.card import Card
from ringdesk.domain.choices import LineChoice
from ringdesk.domain.contact import Me, Origin
from ringdesk.domain.document import from_document
from ringdesk.domain.sockets import ContactReads, ContactWrites, Deliver, Show
from ringdesk.settings import Settings

PRACTICE: Final = Settings(
    region="GB",
    extension="201",
    lines=(LineChoice("Sales", "department Sales", queue=True), LineChoice("+14155550150", "department Sales")),
)
"""The settings of the demo: the practice phone's own country, extension and lines."""

log = logging.getLogger(__name__)


class Demo:
    """A throw-away data folder; the practice phone and Google run beside RingDesk as processes of their own."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="ringdesk-demo-")
        self._phone: subprocess.Popen[bytes] | None = None
        self._google: subprocess.Popen[bytes] | None = None

    @property
    def folder(self) -> Path:
        """Where the demo keeps its data."""
        return Path(self._folder.name)

    def cards(self) -> list[tuple[Card, bool]]:
        """The practice contacts, each with whether it is shared with coworkers."""
        documents = json.loads(asset("demo", "contacts.json").read_text(encoding="utf-8"))
        return [(from_document(d), bool(d.get("shared"))) for d in documents["contacts"]]

    def fill(self, reads: ContactReads, writes: ContactWrites, deliver: Deliver, socket: Path) -> None:
        """Put the practice contacts into a store that has none, then let the practice phone ring."""
        if reads.count(Show()):
            self.ring(socket)
            return
        waiting = [writes.add(card, origin=Origin.FILE, owner=Me(), shared=shared) for card, shared in self.cards()]
        for future in waiting[:-1]:
            deliver(future, lambda _: None)
        deliver(waiting[-1], lambda _: self.ring(socket))

    def ring(self, socket: Path) -> None:
        """Start the practice phone; it posts calls to the local feed like any script would."""
        command = [sys.executable, "-m", "ringdesk.sandbox", "phone", "--socket", str(socket)]
        self._phone = subprocess.Popen(command, stdin=subprocess.DEVNULL)

    def google(self) -> Future[Path]:
        """Start the practice Google; gives the client file that leads to it, once it is up. It ends with RingDesk."""
        command = [sys.executable, "-m", "ringdesk.sandbox", "google", "--port", "0", "--real-clock", "--until-eof"]
        self._google = process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        future: Future[Path] = Future()
        threading.Thread(target=self._introduce, args=(process, future), name="practice-google", daemon=True).start()
        return future

    def _introduce(self, process: subprocess.Popen[bytes], future: Future[Path]) -> None:
        """Read what the practice Google says about itself; a daemon, because a reader cannot be called off."""
        try:
            said = json.loads(process.stdout.readline() if process.stdout is not None else b"")
            file = self.folder / "practice-google.json"
            file.write_text(json.dumps(said["client"]), encoding="utf-8")
        except (OSError, ValueError, KeyError, TypeError) as error:
            future.set_exception(error)
        else:
            future.set_result(file)

    def without_google(self, error: Exception) -> None:
        """The practice Google did not start; the rest of the demo works without it."""
        log.warning("no practice Google: %s", error)

    def silence(self) -> None:
        """Stop the practice phone."""
        if self._phone is not None:
            self._phone.terminate()

    def close(self) -> None:
        """Stop the phone and remove the folder."""
        self.silence()
        if self._google is not None:
            self._google.terminate()
        for process in (self._phone, self._google):
            if process is not None:
                _ended(process)
        try:
            self._folder.cleanup()
        except OSError as error:
            log.warning("the demo's folder could not be removed: %s", error)


def _ended(process: subprocess.Popen[bytes]) -> None:
    """Wait for the end of a process, and see to it."""
    try:
        process.wait(3)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()
