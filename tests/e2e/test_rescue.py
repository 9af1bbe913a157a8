"""The data is damaged: the user is told in plain words, and a click brings the newest sound backup back."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
import qasync
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

from ringdesk.app.opening import Opening
from ringdesk.domain.card import Card, Name
from ringdesk.domain.contact import Me, Origin
from ringdesk.domain.sockets import Show
from ringdesk.domain.status import StoreError, StoreTrouble
from ringdesk.ui.rescue_window import RescueWindow
from ringdesk.ui.theme import Theme
from ringdesk.ui.widgets_tell import Tell
from tests.e2e.damage import BACKED_UP, damage, filled
from tests.e2e.program import Program, play
from tests.store.kit import integrity, open_store

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


async def until(true: Callable[[], bool], what: str) -> None:
    end = asyncio.get_running_loop().time() + 20
    while not true():
        assert asyncio.get_running_loop().time() < end, f"waited 20 s in vain: {what}"
        await asyncio.sleep(0.01)


def shown(kind: type[RescueWindow] | type[Tell]) -> list[RescueWindow | Tell]:
    return [w for w in QApplication.topLevelWidgets() if isinstance(w, kind) and w.isVisible()]


async def rescue_window() -> RescueWindow:
    """The window, once it has looked through the backups."""
    await until(lambda: bool(shown(RescueWindow)), "the window is up")
    [window] = shown(RescueWindow)
    assert isinstance(window, RescueWindow)
    await until(lambda: "Looking" not in window.text, "the backups were looked at")
    return window


def click(button: QPushButton) -> None:
    assert button.isVisible(), button.text()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def opening(qapp: QApplication, database: Path, story: Callable[[asyncio.Event], Awaitable[None]]) -> bool:
    """Open a store as the start does, while a story happens; whether it came open."""

    def open_it() -> None:
        open_store(database).store.close()

    async def whole() -> bool:
        stop = asyncio.Event()
        opened = asyncio.ensure_future(Opening(Theme(qapp), database, open_it).open(stop))
        await story(stop)
        return await opened

    loop = qasync.QEventLoop(qapp, already_running=False)
    asyncio.set_event_loop(loop)
    with loop:
        came: bool = loop.run_until_complete(whole())
    return came


def count(database: Path) -> int:
    opened = open_store(database)
    found = opened.store.reads.count(Show(anonymous=None))
    opened.store.close()
    return found


@pytest.mark.parametrize("first_page", [0, 1])
def test_a_click_puts_the_newest_backup_into_place_and_the_start_goes_on(
    qapp: QApplication, tmp_path: Path, first_page: int
) -> None:
    database = tmp_path / "ringdesk.db"
    made = filled(database)
    damaged = damage(database, first_page)

    async def story(stop: asyncio.Event) -> None:
        window = await rescue_window()
        assert f"{BACKED_UP} contacts" in window.text
        assert "2026" in window.text
        assert "missing" in window.text
        assert not window.reading.isVisible()
        click(window.restore)

    assert opening(qapp, database, story)
    assert count(database) == BACKED_UP
    assert [file.read_bytes() for file in tmp_path.glob("ringdesk.db.damaged-*") if "-wal" not in file.name] == [
        damaged
    ]
    assert made.path.exists()
    assert integrity(database) == "ok"


@pytest.mark.parametrize("how", ["gone", "empty"])
def test_a_database_that_is_gone_is_not_begun_anew_in_silence(qapp: QApplication, tmp_path: Path, how: str) -> None:
    database = tmp_path / "ringdesk.db"
    filled(database)
    database.unlink()
    if how == "empty":
        database.touch()

    async def story(stop: asyncio.Event) -> None:
        click((await rescue_window()).restore)

    assert opening(qapp, database, story)
    assert count(database) == BACKED_UP


def test_without_a_sound_backup_one_can_begin_with_nothing_and_loses_nothing(
    qapp: QApplication, tmp_path: Path
) -> None:
    database = tmp_path / "ringdesk.db"
    made = filled(database)
    made.path.write_bytes(b"not a backup")
    damaged = damage(database)

    async def story(stop: asyncio.Event) -> None:
        window = await rescue_window()
        assert not window.restore.isVisible()
        click(window.empty)

    assert opening(qapp, database, story)
    assert count(database) == 0
    assert [file.read_bytes() for file in tmp_path.glob("ringdesk.db.damaged-*")] == [damaged]


@pytest.mark.parametrize("end", ["button", "Esc", "signal"])
def test_to_quit_changes_nothing(qapp: QApplication, tmp_path: Path, end: str) -> None:
    database = tmp_path / "ringdesk.db"
    filled(database)
    damaged = damage(database)

    async def story(stop: asyncio.Event) -> None:
        window = await rescue_window()
        if end == "button":
            click(window.quit)
        elif end == "Esc":
            QTest.keyClick(window, Qt.Key.Key_Escape)
        else:
            stop.set()

    assert not opening(qapp, database, story)
    assert database.read_bytes() == damaged
    assert shown(RescueWindow) == []


def test_other_trouble_is_told_and_a_signal_ends_the_start(qapp: QApplication, tmp_path: Path) -> None:
    database = tmp_path / "ringdesk.db"
    database.mkdir()

    async def story(stop: asyncio.Event) -> None:
        await until(lambda: bool(shown(Tell)), "it is told")
        stop.set()

    assert not opening(qapp, database, story)


def test_damage_found_while_running_can_be_read_on_or_restored(qapp: QApplication, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    filled(folder / "ringdesk.db")
    ended: list[str] = []
    restart: list[bool] = []

    async def story(program: Program) -> None:
        front = program.front
        await program.until(lambda: front.core._keeper is not None, "the keeper is there")
        damage(program.here.database, 12)
        keeper = front.core._keeper
        assert keeper is not None
        keeper._order(keeper._quick_look)
        window = await rescue_window()
        click(window.reading)
        await program.until(lambda: not shown(RescueWindow), "the window is gone")
        assert front.window.banner.isVisible()
        assert "damaged" in front.window.banner.text
        writes = front.core.store.writes
        with pytest.raises(StoreError) as refused:
            await asyncio.wrap_future(writes.add(Card(name=Name(given="New")), origin=Origin.HAND, owner=Me()))
        assert refused.value.trouble is StoreTrouble.CORRUPT
        click(front.window.banner.rescue)
        window = await rescue_window()
        assert "New" not in window.text
        click(window.restore)
        await program.until(lambda: bool(program.ended), "RingDesk is to start again")
        ended.extend(program.ended)
        restart.append(front.troubles.restart)

    play(qapp, folder, story)
    assert ended == ["a backup was restored"]
    assert restart == [True]
    assert count(folder / "ringdesk.db") == BACKED_UP
