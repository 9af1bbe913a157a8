"""Big answers, person by person."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringdesk.domain.rightofway import WINDOW
from ringdesk.providers.google.slices import decoded, read_object
from ringdesk.providers.google.surrogates import healed

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


def read(text: str) -> dict[str, Any]:
    members: list[Any] = []
    rest = read_object(text, "connections", members.append)
    return {**rest, "connections": members} if members else rest


@given(st.lists(values, min_size=1, max_size=5), st.dictionaries(st.text(max_size=5), values, max_size=3),
       st.sampled_from([None, 2]), st.booleans())  # several to a line  # fmt: skip
def test_it_reads_what_json_reads(people: list[Any], rest: dict[str, Any], indent: int | None, first: bool) -> None:
    rest.pop("connections", None)
    answer = {"connections": people, **rest} if first else {**rest, "connections": people}
    assert read(json.dumps(answer, indent=indent)) == answer
    assert read(decoded(json.dumps(answer, ensure_ascii=False).encode("utf-8", "replace")))


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{", '{"a"}', '{"a":1', '{"a":1,}', '{"connections":[1,]}', '{"connections":[1', '{"a":1} x', "nul",
     '{"connections":[1 2]}', '{"a":' + "[" * 100_000],
)  # several to a line  # fmt: skip
def test_bad_json_is_a_value_error(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read(text)


def test_every_person_is_handed_over_before_the_next_is_read() -> None:
    """Other threads come in between two people; what `json.loads` reads in one go would be lost as a whole here."""
    taken: list[Any] = []
    with pytest.raises(ValueError, match=r"."):
        read_object('{"connections": [1, {"a": [2]}, nul', "connections", taken.append)
    assert taken == [1, {"a": [2]}]


def test_reading_bytes_stands_still_while_the_window_goes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(WINDOW, "_longest", 30.0)
    with ThreadPoolExecutor(1) as others:
        with WINDOW.first():
            text = others.submit(decoded, b"a" * 100_000)
            with pytest.raises(TimeoutError):
                text.result(0.1)
        assert text.result(10.0) == "a" * 100_000


def test_half_letters_are_mended() -> None:
    broken = json.loads('{"a\\ud800": ["\\udfffx", 1, {"b": "\\ud83d\\ude00"}]}')
    assert healed(broken) == {"a\N{REPLACEMENT CHARACTER}": ["\N{REPLACEMENT CHARACTER}x", 1, {"b": "\U0001f600"}]}
    json.dumps(healed(broken), ensure_ascii=False).encode()
