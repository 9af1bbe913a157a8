"""`ringdesk feed`: exit statuses, sentences, and that a token is shown once and never again."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from ringdesk.cli import feed
from ringdesk.cli import main as ringdesk
from ringdesk.feed.loopback import announce
from ringdesk.feed.tokens import find, read

Capture = pytest.CaptureFixture[str]


def test_a_token_is_printed_once_alone_on_its_stream(tmp_path: Path, capsys: Capture) -> None:
    assert ringdesk(["feed", "token", "pbx", "--data", str(tmp_path)]) == 0
    said = capsys.readouterr()
    token = said.out.strip()
    assert len(token) == 64
    assert "only time" in said.err
    assert "Authorization: Bearer" in said.err
    assert token not in said.err
    producer = find(read(tmp_path / "feed-tokens.json"), token)
    assert producer is not None
    assert feed.main(["list", "--data", str(tmp_path)]) == 0
    listed = capsys.readouterr().out
    assert "pbx  since 20" in listed
    assert token not in listed
    assert producer.digest not in listed


def test_a_name_that_is_there_already_is_refused(tmp_path: Path, capsys: Capture) -> None:
    assert feed.main(["token", "pbx", "--data", str(tmp_path)]) == 0
    capsys.readouterr()
    assert feed.main(["token", "pbx", "--data", str(tmp_path)]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert "'ringdesk feed revoke pbx'" in said.err


def test_a_revoked_token_is_gone(tmp_path: Path, capsys: Capture) -> None:
    feed.main(["token", "pbx", "--data", str(tmp_path)])
    assert feed.main(["revoke", "pbx", "--data", str(tmp_path)]) == 0
    assert "worth nothing" in capsys.readouterr().out
    assert feed.main(["revoke", "pbx", "--data", str(tmp_path)]) == 1
    assert "nobody is called 'pbx'" in capsys.readouterr().err
    assert feed.main(["list", "--data", str(tmp_path)]) == 0
    assert "Nobody may post" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["a b", "../x", "ö", "x" * 41])
def test_a_name_that_is_none_is_refused(tmp_path: Path, capsys: Capture, name: str) -> None:
    assert feed.main(["token", name, "--data", str(tmp_path)]) == 1
    assert "no name for a producer" in capsys.readouterr().err


@pytest.mark.parametrize("command", [["token", "pbx"], ["revoke", "pbx"], ["list"]])
def test_a_file_that_others_can_read_is_named_and_what_to_do(
    tmp_path: Path, capsys: Capture, command: list[str]
) -> None:
    (tmp_path / "feed-tokens.json").write_text('{"producers":[]}')
    (tmp_path / "feed-tokens.json").chmod(0o644)
    assert feed.main([*command, "--data", str(tmp_path)]) == 1
    assert "chmod 600" in capsys.readouterr().err


def test_a_broken_file_is_named_and_not_replaced(tmp_path: Path, capsys: Capture) -> None:
    (tmp_path / "feed-tokens.json").touch(0o600)
    (tmp_path / "feed-tokens.json").write_text("{")
    assert feed.main(["token", "pbx", "--data", str(tmp_path)]) == 1
    assert "no file of tokens" in capsys.readouterr().err
    assert (tmp_path / "feed-tokens.json").read_text() == "{"


def test_a_folder_that_cannot_be_made_is_said_plainly(tmp_path: Path, capsys: Capture) -> None:
    (tmp_path / "file").write_text("")
    assert feed.main(["token", "pbx", "--data", str(tmp_path / "file" / "data")]) == 1
    assert "nothing was changed" in capsys.readouterr().err


@pytest.mark.parametrize("line", [[], ["token"], ["revoke"], ["explode"], ["list", "x"], ["token", "a", "b"]])
def test_wrong_use_ends_with_two(line: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        feed.main(line)
    assert ended.value.code == 2


def test_the_list_says_where_to_post_to_or_why_not(tmp_path: Path, capsys: Capture) -> None:
    def listed() -> str:
        assert feed.main(["list", "--data", str(tmp_path)]) == 0
        return capsys.readouterr().out

    assert "off: turn it on under Settings > Phone" in listed()
    (tmp_path / "settings.json").write_text("{")
    assert "off: turn it on" in listed()
    (tmp_path / "settings.json").write_text(json.dumps({"http_feed": {"enabled": True}}))
    assert "RingDesk does not run" in listed()
    (tmp_path / "run").mkdir()
    announce(tmp_path / "run" / "feed-http.json", 40404)
    assert "http://127.0.0.1:40404/v1/call-event" in listed()
    address = tmp_path / "run" / "feed-http.json"
    address.write_text(address.read_text().replace(str(os.getpid()), "4194303"))
    assert "RingDesk does not run" in listed()
