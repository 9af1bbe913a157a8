from __future__ import annotations

import json
from pathlib import Path

import pytest

from ringdesk.cli import replay

LINES = Path(__file__).parents[1] / "recordings" / "lines.toml"
STORY = [
    {
        "event": "ringing",
        "id": "1",
        "from": "020 7946 0777",
        "to": "+442079460101",
        "name": "H PATEL",
        "queue": "support",
    },
    {"event": "answered", "id": "1", "by": "202"},
    {"event": "ringing", "id": "2", "from": "+14155550123", "diverted_from": "+442079460911"},
    {"event": "answered", "id": "2", "by": "201"},
    {"event": "transferred", "id": "2", "to": "203"},
    {"event": "ended", "id": "2"},
    {"event": "ringing", "id": "3", "withheld": True, "from": "+14155550123"},
]


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    file = tmp_path / "story.jsonl"
    file.write_bytes(b"garbage\n" + b"\n".join(json.dumps(event).encode() for event in STORY))
    return file


def printed(capsys: pytest.CaptureFixture[str], *line: str) -> str:
    assert replay.main(list(line)) == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("chunk", ["1", "7", "4096"])
def test_a_recorded_feed_prints_what_is_known_and_leaves_out_the_rest(
    recording: Path, capsys: pytest.CaptureFixture[str], chunk: str
) -> None:
    out = printed(capsys, str(recording), "--source", "feed", "--lines", str(LINES), "--json", "--chunk", chunk)
    assert json.loads(out)["calls"] == [
        {
            "direction": "in", "number": "+442079460777", "withheld": False, "name": "H PATEL",
            "answered_by": "202", "outcome": "answered_elsewhere", "line": "department support",
            "called": "+442079460101", "queue": "support",
        },
        {
            "direction": "in", "number": "+14155550123", "withheld": False, "outcome": "answered_here",
            "line": "personal", "answered_by": "201", "diverted_from": "+442079460911", "transferred_to": "203",
        },
        {"direction": "in", "number": None, "withheld": True, "outcome": "ended_unknown", "line": "personal"},
    ]  # several to a line  # fmt: skip


def test_without_json_it_prints_a_line_a_call(recording: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = printed(capsys, str(recording), "--source", "feed", "--lines", str(LINES))
    assert len(out.splitlines()) == 3


def test_a_file_that_is_no_recording_of_the_source_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "letter.txt"
    file.write_bytes(b"Dear Sir or Madam,")
    assert replay.main([str(file), "--source", "baresip", "--lines", str(LINES), "--json"]) == 0
    said = capsys.readouterr()
    assert json.loads(said.out) == {"calls": []}
    assert f"no call in {file}" in said.err
    assert "--source" in said.err


def test_a_missing_file_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for line in ([str(tmp_path / "gone"), str(LINES)], [str(LINES), str(tmp_path / "gone")]):
        assert replay.main([line[0], "--source", "feed", "--lines", line[1]]) == 1
        assert "gone" in capsys.readouterr().err


@pytest.mark.parametrize(
    "wrong", [["--source", "fax"], ["--source", "feed", "--chunk", "0"], ["--source", "feed", "--chunk", "x"]]
)
def test_wrong_use_ends_with_two(recording: Path, wrong: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        replay.main([str(recording), "--lines", str(LINES), *wrong])
    assert ended.value.code == 2
