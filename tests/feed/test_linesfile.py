from __future__ import annotations

from pathlib import Path

import pytest

from ringdesk.domain.line import Department, Lines, Personal
from ringdesk.domain.phone import E164
from ringdesk.feed.linesfile import LinesFileError, load, read


def test_the_recorded_table_is_read() -> None:
    lines = load(Path(__file__).parents[1] / "recordings" / "lines.toml")
    assert (lines.region, lines.extension, lines.default) == ("GB", "201", Personal())
    assert lines.queue == {"support": Department("support")}
    assert lines.called[E164("442079460300", 2)] == Department("sales")


def test_an_empty_table_is_the_default() -> None:
    assert read("") == Lines()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('region = "XX"', ["region", "XX", "two letters"]),
        ("region = 4", ["region", "text expected", "int"]),
        ('default = "mine"', ["default", "mine", "personal"]),
        ('colour = "red"', ["colour", "no such key", "queue"]),
        ("called = 3", ["called", "table expected"]),
        ('[called]\n"+442079460101" = 7', ['called."+442079460101"', "text expected"]),
        ('[called]\n"" = "personal"', ["called", "number expected"]),
        ('[queue]\n"a" = "department"', ['queue."a"', "department NAME"]),
        ("region = ", ["Invalid value"]),
    ],
)
def test_a_fault_names_file_key_and_what_was_expected(text: str, words: list[str], tmp_path: Path) -> None:
    file = tmp_path / "lines.toml"
    file.write_text(text)
    with pytest.raises(LinesFileError) as caught:
        load(file)
    message = str(caught.value)
    assert [word for word in [str(file), *words] if word not in message] == []


def test_a_missing_file_and_one_that_is_no_text_are_named(tmp_path: Path) -> None:
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
    for name in ("gone", "binary"):
        with pytest.raises(LinesFileError, match=name):
            load(tmp_path / name)
