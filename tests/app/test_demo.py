"""The demo's practice contacts and its practice phone."""

from __future__ import annotations

from pathlib import Path

import pytest

from ringdesk.app.demo import Demo
from ringdesk.domain.sockets import Show
from tests.fakes import deliver
from tests.store.kit import open_store


def test_a_folder_that_is_practised_in_again_has_every_practice_contact_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rang: list[Path] = []
    monkeypatch.setattr(Demo, "ring", lambda self, socket: rang.append(socket))
    opened, demo = open_store(tmp_path / "ringdesk.db"), Demo()
    for _ in range(2):
        demo.fill(opened.store.reads, opened.store.writes, deliver, tmp_path / "feed.sock")
    assert opened.store.reads.count(Show()) == len(demo.cards())
    assert rang == [tmp_path / "feed.sock"] * 2
    demo.close()
    opened.store.close()
