"""One RingDesk a data folder, and what the doctor says of the desktop."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from ringdesk.domain.status import Health
from ringdesk.ui.desktop.checks import Seen, findings_of, look
from ringdesk.ui.desktop.instance import Instance

SECOND = """
import sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from ringdesk.ui.desktop.instance import Instance
app = QCoreApplication([])
second = Instance(Path(sys.argv[1]))
sys.exit(9 if second.first() else 0 if second.raise_first(sys.argv[2]) else 8)
"""


def start_second(folder: Path, argument: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", SECOND, str(folder), argument])


@pytest.mark.parametrize("long", [False, True])
def test_a_second_start_raises_the_first(tmp_path: Path, qtbot: QtBot, long: bool) -> None:
    folder = tmp_path / ("f" * 90 if long else "data")
    folder.mkdir()
    first = Instance(folder)
    assert first.first()
    first.listen()
    with qtbot.waitSignal(first.another, timeout=20_000) as told:
        second = start_second(folder, "tel:+44 20 7946 0123")
    assert told.args == ["tel:+44 20 7946 0123"]
    assert second.wait(20) == 0
    first.close()


def test_a_second_start_waits_for_a_first_that_is_still_starting(tmp_path: Path, qtbot: QtBot) -> None:
    first = Instance(tmp_path)
    assert first.first()
    second = start_second(tmp_path, "focus")
    with pytest.raises(subprocess.TimeoutExpired):
        second.wait(0.7)
    with qtbot.waitSignal(first.another, timeout=20_000) as told:
        first.listen()
    assert told.args == ["focus"]
    assert second.wait(20) == 0
    first.close()


def test_nobody_is_waited_for_where_no_ringdesk_runs(tmp_path: Path, qapp: object) -> None:
    assert not Instance(tmp_path).raise_first("focus")


def test_after_the_first_ended_another_may_be_first(tmp_path: Path, qapp: object) -> None:
    first = Instance(tmp_path)
    assert first.first()
    first.close()
    assert start_second(tmp_path, "").wait(20) == 9


def test_a_lock_left_by_a_crash_is_taken_over(tmp_path: Path, qapp: object) -> None:
    crash = SECOND.replace("sys.exit(9 if second.first() else 0 if second.raise_first(sys.argv[2]) else 8)", "")
    code = crash + "\nimport os\nassert second.first()\nos._exit(7)\n"
    assert subprocess.run([sys.executable, "-c", code, str(tmp_path), ""], check=False, timeout=30).returncode == 7
    first = Instance(tmp_path)
    assert first.first()
    first.close()


def test_two_data_folders_are_two_ringdesks(tmp_path: Path, qapp: object) -> None:
    one, other = tmp_path / "1", tmp_path / "2"
    one.mkdir()
    other.mkdir()
    first = Instance(one)
    assert first.first()
    assert start_second(other, "").wait(20) == 9
    first.close()


@pytest.mark.parametrize(
    ("seen", "wanted"),
    [
        (Seen("xcb", "Openbox", True, False), [Health.GOOD, Health.GOOD, Health.GOOD]),
        (Seen("xcb", None, False, None), [Health.BAD, Health.NOTE, Health.NOTE]),
        (Seen("xcb", "Strange", True, True), [Health.GOOD, Health.BAD, Health.GOOD]),
        (Seen("wayland", None, True, None), [Health.NOTE, Health.GOOD, Health.GOOD]),
        (Seen("offscreen"), [Health.BAD, Health.NOTE, Health.NOTE]),
        (Seen("", error="no display"), [Health.BAD]),
    ],
)
def test_the_doctor_says_what_was_seen(seen: Seen, wanted: list[Health]) -> None:
    told = list(findings_of(seen))
    assert [finding.health for finding in told] == wanted
    assert all(finding.advice for finding in told if finding.health is Health.BAD)


def test_the_probe_survives_a_missing_display(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "xcb")
    monkeypatch.setenv("DISPLAY", ":9999")
    assert look().error


def test_the_probe_tells_the_platform(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    assert look().platform == "offscreen"
