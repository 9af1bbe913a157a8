"""Recordings of real softphones, played through the same wire code and tracker as a live call."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ringdesk.feed.linesfile import load
from ringdesk.feed.recorded import WIRES, as_json, facts, play

FOLDER = Path(__file__).parents[1] / "recordings"
LINES = load(FOLDER / "lines.toml")
KINDS = {"baresip": "baresip", "baresip-direct": "baresip"}
EXPECTED = {
    (folder, name): want["calls"]
    for folder in KINDS
    for name, want in json.loads((FOLDER / folder / "expected.json").read_text(encoding="utf-8")).items()
}


def test_there_are_recordings() -> None:
    assert len(EXPECTED) == 50


@pytest.mark.parametrize("chunk", [1, 7, 4096])
@pytest.mark.parametrize(("folder", "name"), EXPECTED)
def test_a_recording_gives_the_calls_it_can_know(folder: str, name: str, chunk: int) -> None:
    calls = play((FOLDER / folder / name).read_bytes(), KINDS[folder], LINES, chunk)
    seen = [as_json(call) for call in calls]
    wanted = EXPECTED[folder, name]
    assert [{key: call.get(key) for key in want} for call, want in zip(seen, wanted, strict=True)] == wanted


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_any_cut_of_the_stream_gives_the_same_facts(data: st.DataObject) -> None:
    folder, name = data.draw(st.sampled_from(sorted(EXPECTED)))
    recorded = (FOLDER / folder / name).read_bytes()
    cuts = sorted(data.draw(st.lists(st.integers(0, len(recorded)), max_size=30)))
    player = WIRES[KINDS[folder]](LINES)
    cut = [player.feed(recorded[a:b]) for a, b in zip([0, *cuts], [*cuts, len(recorded)], strict=True)]
    whole = list(facts(recorded, KINDS[folder], LINES, len(recorded)))
    assert [fact for part in cut for fact in part] == whole


def test_the_command_prints_what_the_comparison_expects() -> None:
    command = [sys.executable, "-m", "ringdesk.cli.replay", "{file}", "--source", "baresip", "--json"]
    lines = ["--lines", str(FOLDER / "lines.toml"), "--chunk", "7"]
    compare = [sys.executable, str(FOLDER / "compare.py"), str(FOLDER / "baresip-direct"), "--"]
    run = subprocess.run(
        [*compare, *command, *lines], capture_output=True, text=True, timeout=60, cwd=FOLDER.parents[1]
    )
    assert run.returncode == 0, run.stdout
    assert "4 of 4 recordings as expected" in run.stdout
