"""An import through the window leaves the garbage collector as it was, and alone while it lasts."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest

from ringdesk.app.importer import Importer
from ringdesk.domain.news import News
from tests.fakes import deliver
from tests.store.kit import open_store


@pytest.mark.parametrize(("name", "told"), [("book.vcf", [False]), ("missing.vcf", [])])
def test_nothing_is_collected_while_a_file_is_taken_in(tmp_path: Path, name: str, told: list[bool]) -> None:
    (tmp_path / "book.vcf").write_text("BEGIN:VCARD\nVERSION:3.0\nFN:Ana\nEND:VCARD\n", encoding="utf-8")
    opened = open_store(tmp_path / "ringdesk.db")
    collecting: list[bool] = []

    def send(news: News) -> None:
        collecting.append(gc.isenabled())

    importer = Importer(opened.store, deliver, send)
    importer.start(str(tmp_path / name))
    assert gc.isenabled()
    assert collecting == told
    importer.stop()
    opened.store.close()
