"""Every benchmark runs and gives its figures; how large they are is for a quiet machine to say."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.bench.books import ANY_BOOK, Book

ROOT = Path(__file__).resolve().parents[2]
KEYS = {
    "pop": ("p50_ratio", "p99_ratio", "first_ms", "first_bar_ms"),
    "search": ("p50_ratio", "p99_ratio", "one_letter_p50_ratio"),
    "list": ("show_ratio", "scroll_ratio", "wheel_ratio", "clear_ratio"),
    "start": ("tray_ratio", "pane_ratio"),
    "memory": ("pss_ratio", "window_ratio"),
    "idle": ("cpu_ratio",),
    "blocked": ("max_ms", "bar_ms"),
    "blocked-sync": (
        "max_ms",
        "bar_ms",
        "pop_p50_ratio",
        "pop_p99_ratio",
        "keystroke_p50_ratio",
        "keystroke_p99_ratio",
    ),
    "query": ("p50_ratio", "p99_ratio", "one_letter_ratio"),
    "import": ("wall_ratio", "cpu_ratio"),
    "database": ("size_ratio",),
    "google": ("pull_ratio", "idle_ms", "pss_ratio"),
    "team": ("join_ratio", "delta_ratio", "d2_ours_p95", "d2_floor_p95", "rows_p95"),
    "team-away": ("refused_pop_p50_ratio", "silent_key_p50_ratio"),
}
FURTHER = {"team": ("--desktops", "2", "--shares", "3", "--windows", "1")}
MAY_BE_NOTHING = frozenset({"cpu_ratio"})
"""A program that sleeps for the two seconds it is looked at uses no time at all."""


def benchmark(name: str, folders: pytest.TempPathFactory) -> subprocess.CompletedProcess[str]:
    """One round of a benchmark over a small book, which all of them share."""
    scratch = folders.getbasetemp() / "bench"
    scratch.mkdir(exist_ok=True)
    command = [sys.executable, str(ROOT / "tests/bench/run.py"), name, "--contacts", "300", "--rounds", "1", "--json"]
    command += FURTHER.get(name, ())
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "RINGDESK_BENCH": str(scratch)}
    return subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=240, check=False)


@pytest.mark.bench
@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc and posts to a unix socket")
@pytest.mark.parametrize("name", KEYS)
def test_benchmark_gives_its_figures(name: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    done = benchmark(name, tmp_path_factory)
    assert done.returncode == 0, done.stderr[-3000:]
    figures = json.loads(done.stdout)
    assert figures["floor"]
    assert figures["ours"]
    for key in KEYS[name]:
        least = 0.0 if key in MAY_BE_NOTHING else 1e-9
        assert isinstance(figures[key], int | float), (key, figures[key])
        assert figures[key] >= least, (key, figures[key])


@pytest.mark.bench
@pytest.mark.skipif(sys.platform != "linux", reason="evolution-data-server runs on Linux alone")
def test_the_peer_gives_figures_or_says_what_it_needs(tmp_path_factory: pytest.TempPathFactory) -> None:
    done = benchmark("eds", tmp_path_factory)
    if done.returncode:
        assert "this benchmark needs evolution-data-server" in done.stderr or "dbus-run-session" in done.stderr
    else:
        assert json.loads(done.stdout)["times_faster"] > 0


@pytest.mark.bench
@pytest.mark.skipif(sys.platform != "linux", reason="as the benchmarks themselves")
def test_what_was_prepared_is_not_made_again(tmp_path_factory: pytest.TempPathFactory) -> None:
    first, second = benchmark("prepare", tmp_path_factory), benchmark("prepare", tmp_path_factory)
    assert first.returncode == 0, first.stderr[-3000:]
    seconds = json.loads(second.stdout)
    parts = "book", "floor_of_pop", "floor_of_search", "floor_of_database"
    assert {part: seconds[part] for part in parts} == dict.fromkeys(parts, 0.0)
    made = tmp_path_factory.getbasetemp() / "bench"
    assert list(made.glob("of-one-run-*")) == []


def test_a_book_of_earlier_code_is_used_only_where_that_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    earlier = tmp_path / "data300-earlier"
    earlier.mkdir()
    (earlier / "ringdesk.db").touch()
    book = Book(300, tmp_path)
    monkeypatch.delenv(ANY_BOOK, raising=False)
    assert book.data != earlier
    monkeypatch.setenv(ANY_BOOK, "1")
    assert book.data == earlier
    assert Book(400, tmp_path).data.name.startswith("data400-")
