"""The demo's practice Google: a process of its own, whose client file leads there and nowhere else."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from ringdesk.app.demo import Demo
from ringdesk.app.google import GoogleKind
from tests.fakes import FakeSecrets, NoBrowser

PATIENCE = 60.0


def test_the_client_file_of_the_demo_leads_to_its_practice_google(tmp_path: Path) -> None:
    demo = Demo()
    try:
        chosen = demo.google().result(PATIENCE)
        kind = GoogleKind(tmp_path / "google-client.json", tmp_path / "none.json", FakeSecrets(), NoBrowser())
        taken = kind.take_practice(chosen)
        assert taken.client is not None
        assert taken.client.practice
        assert (tmp_path / "google-client.json").stat().st_mode & 0o777 == 0o600
        assert kind.find_client() == taken
        with pytest.raises(HTTPError, match="401"):  # somebody is there, and asks who is there
            urlopen(f"{kind._client().api}v1/people/me/connections?personFields=names", timeout=PATIENCE)
    finally:
        demo.close()
    assert demo._google is not None
    assert demo._google.poll() is not None
    assert not demo.folder.exists()


def test_the_practice_google_ends_with_ringdesk_however_that_ends() -> None:
    """A RingDesk that is killed closes the pipe, and by that the practice Google hears of it."""
    command = [sys.executable, "-m", "ringdesk.sandbox", "google", "--port", "0", "--real-clock", "--until-eof"]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stdout.readline().startswith(b"{")
    process.stdin.close()
    assert process.wait(PATIENCE) == 0
    process.stdout.close()


def test_a_practice_google_that_does_not_start_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/true")
    demo = Demo()
    try:
        assert isinstance(demo.google().exception(PATIENCE), ValueError)
    finally:
        demo.close()


def test_practising_never_takes_the_place_of_a_real_client_file(tmp_path: Path) -> None:
    kind = GoogleKind(tmp_path / "google-client.json", tmp_path / "none.json", FakeSecrets(), NoBrowser())
    real = {
        "client_id": "real",
        "auth_uri": "https://accounts.google.com/o/oauth2/auth",
        "token_uri": "https://oauth2.googleapis.com/token",
    }
    practice = real | {"client_id": "practice", "token_uri": "http://127.0.0.1:9/token"}
    for name, client in (("real.json", real), ("practice.json", practice)):
        (tmp_path / name).write_text(json.dumps({"installed": client}), encoding="utf-8")
    first, second = kind.take_client(tmp_path / "real.json"), kind.take_practice(tmp_path / "practice.json")
    assert first.client is not None
    assert (second, first.client.id) == (first, "real")
