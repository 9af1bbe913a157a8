"""No token in a file, a log, the command line, the environment or the text of a crash, whatever goes wrong (I15)."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from random import Random
from typing import IO

from ringdesk.sandbox.google import (
    Answer,
    Fault,
    Google,
    Kind,
    PracticeServer,
    QueuedFaults,
    RealClock,
    Request,
    Switches,
)
from ringdesk.sync.reading import READ_TRIES

ROOT = Path(__file__).resolve().parents[2]
BROKEN = (
    [Fault(Kind.ERROR_BEFORE, code) for code in (400, 401, 403, 404, 409, 429, 500, 503)]
    + [Fault(kind) for kind in (Kind.CUT_BEFORE, Kind.CUT_AFTER, Kind.CUT_MIDWAY, Kind.TRUNCATED, Kind.MALFORMED)]
    + [Fault(Kind.HOSTILE)] * 3
)
ONCE = [Fault(Kind.ERROR_BEFORE, code) for code in (400, 401, 403, 404, 409)] + [Fault(Kind.HOSTILE)]
"""What reading does not try again within a round."""


class Story:
    """A practice Google in this process, whose every token is known here, and the program in another one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.google = Google(Switches(quotas=False), RealClock(), Random(1))
        self.google.add_account("me@example.com", people=30)
        self.google.consent.script.append(Answer("allow", "me@example.com", None))
        self.faults = QueuedFaults()
        self.google.plan = self.faults
        self.seen: list[bytes] = []
        self.known: set[str] = set()
        """Every access token that ever was."""

    def run(self) -> None:
        (self.folder / "data").mkdir()
        client = self.folder / "client.json"
        with PracticeServer(self.google) as server:
            client.write_text(json.dumps(server.client_file), encoding="utf-8")
            command = [sys.executable, "-m", "tests.sync.token_program", str(self.folder / "data"), str(client)]
            errors = self.folder / "errors.txt"
            with errors.open("wb") as file, self._started(command, file) as program:
                self._drive(program)
                assert program.stdout is not None
                self.seen.append(program.stdout.read().encode())
            self.seen.append(errors.read_bytes())

    @staticmethod
    def _started(command: list[str], errors: IO[bytes]) -> subprocess.Popen[str]:
        return subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, text=True
        )

    def _drive(self, program: subprocess.Popen[str]) -> None:
        assert program.stdout is not None
        assert program.stdin is not None
        assert program.stdout.readline() == "ready\n"
        self._round(program)
        for fault in BROKEN:
            for _ in range(1 if fault in ONCE else READ_TRIES):
                self.faults.add(fault, "/v1/")
            self._round(program)
        for _ in range(READ_TRIES):
            self.faults.add(Fault(Kind.ERROR_BEFORE, 503), "/token")
        self.google.grants.access = {name: token for name, token in self.google.grants.access.items() if token.revoked}
        self._round(program)
        for place in ("cmdline", "environ"):
            self.seen.append(Path(f"/proc/{program.pid}/{place}").read_bytes())
        program.stdin.write("crash\n")
        program.stdin.close()

    def _round(self, program: subprocess.Popen[str]) -> None:
        assert program.stdin is not None
        assert program.stdout is not None
        self.known |= {*self.google.grants.access}
        program.stdin.write("round\n")
        program.stdin.flush()
        line = program.stdout.readline()
        assert line == "done\n", line
        self.known |= {*self.google.grants.access}


def test_no_token_is_told(tmp_path: Path) -> None:
    story = Story(tmp_path)
    given: list[bytes] = []
    story.google.observers.append(lambda _, request, __: given.append(_token_of(request)))
    story.run()
    tokens = {*story.known, *story.google.grants.refresh} - {""}
    assert len(story.google.grants.refresh) == 1
    assert len(tokens) >= 3
    assert any(one for one in given), "the program never sent a token"
    cores = [token[6:40].encode() for token in tokens]
    files = {path: path.read_bytes() for path in sorted(tmp_path.rglob("*")) if path.is_file()}
    broken = files[tmp_path / "data" / "broken.txt"]
    assert broken.count(b"Traceback") >= 8
    assert b"[secret]" in broken
    assert b"ZeroDivisionError" in b"".join(story.seen)
    found = [(place, core) for place, content in [*files.items(), *enumerate(story.seen)] for core in cores
             if core in content]  # several to a line  # fmt: skip
    assert not found, [place for place, _ in found]


def _token_of(request: Request) -> bytes:
    return request.bearer.encode()
