"""Some numbers of the book are gone through after the start, as if they rang."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from ringdesk.app.rehearsing import PLACES, rehearse
from ringdesk.app.steps import Steps
from ringdesk.domain.phone import Number
from tests.office import Office


def test_contacts_all_over_the_list_are_gone_through(qtbot: QtBot, tmp_path: Path) -> None:
    office, home = Office(tmp_path), QObject()
    numbers = [f"+4420794607{place:02}" for place in range(PLACES + 10)]
    for place, number in enumerate(numbers):
        office.person(f"Name {place:03}", number)
    rung: list[Number] = []
    steps = Steps(lambda error: pytest.fail(str(error)), home)
    held = gc.get_freeze_count()
    rehearse(steps, office.store.reads, rung.append, "GB")
    qtbot.waitUntil(lambda: gc.get_freeze_count() > held)
    gc.unfreeze()
    office.close()
    assert [str(number) for number in rung] == numbers


def test_an_empty_book_is_no_trouble(qtbot: QtBot, tmp_path: Path) -> None:
    office, home = Office(tmp_path), QObject()
    held = gc.get_freeze_count()
    rehearse(Steps(lambda error: pytest.fail(str(error)), home), office.store.reads, office.desk.rehearse, "GB")
    qtbot.waitUntil(lambda: gc.get_freeze_count() > held)
    gc.unfreeze()
    office.close()
