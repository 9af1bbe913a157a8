"""The settings file: what is written comes back, and nothing unreadable is lost or taken for a choice."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ringdesk.domain.choices import HttpFeed, LineChoice, PhoneChoice, PopChoices
from ringdesk.settings import (
    FILE_NAME,
    PlaceEntry,
    Settings,
    SettingsError,
    home_region,
    load,
    save,
    set_aside,
)

FULL = Settings(
    region="GB",
    extension="204",
    default_line="department Sales",
    lines=(LineChoice("+442079460100", "department Sales"), LineChoice("support", "internal", queue=True)),
    sources=(PhoneChoice("desk", port=4445), PhoneChoice("hall", enabled=False)),
    pop=PopChoices("top left", "DP-1", 0, 20, internal=False, do_not_disturb=True, vips_pass=False, key=""),
    places=(PlaceEntry("one screen", "top right", "DP-2"),),
    http_feed=HttpFeed(enabled=True, port=40404),
    keep_calls=0,
    language="de",
    welcomed=True,
)


def test_what_is_saved_comes_back(tmp_path: Path) -> None:
    save(tmp_path, FULL)
    assert load(tmp_path, {}) == FULL
    assert [p.name for p in tmp_path.iterdir()] == [FILE_NAME]


def test_without_a_file_the_home_country_is_the_systems(tmp_path: Path) -> None:
    assert load(tmp_path, {"LANG": "de_AT.UTF-8"}) == Settings(region="AT")


@pytest.mark.parametrize(
    ("environment", "region"),
    [
        ({"LC_ALL": "en_GB.UTF-8", "LANG": "de_DE"}, "GB"),
        ({"LC_TELEPHONE": "fr_CH@euro"}, "CH"),
        ({"LANG": "xx_ZZ.UTF-8"}, "US"),
    ],
)
def test_the_home_country_of_a_language_setting(environment: dict[str, str], region: str) -> None:
    assert home_region(environment) == region


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "line 1"),
        ('{"region": "GB",\n "pop": }', "line 2"),
        ("[]", "no table of settings"),
        ('{"region": "Atlantis"}', "region is 'Atlantis'"),
        ('{"region": 44}', "region is 44, expected str"),
        ('{"keep_calls": 731}', "keep_calls is 731"),
        ('{"keep_calls": true}', "keep_calls is True"),
        ('{"pop": {"corner": "middle"}}', "pop.corner is 'middle'"),
        ('{"pop": {"strip_after": -1}}', "pop.strip_after is -1"),
        ('{"pop": {"note_after": 601}}', "pop.note_after is 601"),
        ('{"pop": []}', "pop: a table was expected"),
        ('{"http_feed": {"port": 65536}}', "http_feed.port is 65536"),
        ('{"lines": [{"match": "1"}]}', "lines 1"),
        ('{"lines": [{"match": "1", "line": "moon"}]}', "moon"),
        ('{"sources": [{"id": "a"}, {"id": "a"}]}', "two phones have the same name"),
        ('{"places": [{"setup": "s", "corner": "middle"}]}', "a place's corner is 'middle'"),
    ],
)
def test_an_unreadable_file_is_named_and_kept(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / FILE_NAME
    path.write_text(text)
    with pytest.raises(SettingsError) as caught:
        load(tmp_path, {})
    assert str(path) in str(caught.value)
    assert said in str(caught.value)
    assert path.read_text() == text
    assert set_aside(tmp_path).read_text() == text
    assert load(tmp_path, {}) == Settings()


def test_bytes_that_are_no_text_are_named(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SettingsError, match=FILE_NAME):
        load(tmp_path, {})


def test_a_newer_version_s_setting_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_text(json.dumps({"region": "GB", "hologram": {"on": True}}))
    assert load(tmp_path, {}) == Settings(region="GB")


def test_a_save_that_fails_leaves_the_old_settings(tmp_path: Path) -> None:
    save(tmp_path, FULL)
    (tmp_path / f".{FILE_NAME}.new").mkdir()
    with pytest.raises(SettingsError, match=FILE_NAME):
        save(tmp_path, Settings())
    assert load(tmp_path, {}) == FULL


def test_every_unreadable_file_is_set_aside_by_itself(tmp_path: Path) -> None:
    for text in ("one", "two"):
        (tmp_path / FILE_NAME).write_text(text)
        assert set_aside(tmp_path).read_text() == text
    assert len(list(tmp_path.iterdir())) == 2
