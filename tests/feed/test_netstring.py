from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringdesk.feed.wire.netstring import LONGEST, Netstrings, packed

objects = st.binary(max_size=80).map(lambda inner: b"{" + inner + b"}")


def read(data: bytes, cuts: list[int]) -> list[bytes]:
    frames = Netstrings()
    ends = sorted(cut % (len(data) + 1) for cut in cuts)
    return [f for a, b in zip([0, *ends], [*ends, len(data)], strict=True) for f in frames.feed(data[a:b])]


@given(st.lists(objects), st.lists(st.integers(min_value=0), max_size=20))
def test_what_was_packed_comes_out_however_it_was_cut(payloads: list[bytes], cuts: list[int]) -> None:
    assert read(b"".join(map(packed, payloads)), cuts) == payloads


noise = st.lists(st.one_of(st.binary(max_size=12), objects.map(packed), st.sampled_from([b"5:{", b"12", b":", b"{},"])))


@given(noise.map(b"".join), st.lists(st.integers(min_value=0), max_size=20))
def test_garbage_gives_the_same_frames_however_it_was_cut(data: bytes, cuts: list[int]) -> None:
    assert read(data, cuts) == read(data, [])


@pytest.mark.parametrize("garbage", [b"hello\r\n\r\n", b"99:", b"3:{},", b"\xff\xfe\x00", b"000000000:{", b",,,,"])
def test_it_finds_its_feet_after_garbage(garbage: bytes) -> None:
    assert read(garbage + packed(b'{"a":1}'), [])[-1:] == [b'{"a":1}']


def test_a_frame_that_claims_a_mebibyte_is_refused_and_the_next_one_read() -> None:
    huge = packed(b"{" + b"x" * 2**20)
    assert read(huge + packed(b"{}"), []) == [b"{}"]


def test_the_longest_frame_is_read_and_one_more_byte_is_not() -> None:
    fits, too_long = b"{" + b"x" * (LONGEST - 1), b"{" + b"x" * LONGEST
    assert read(packed(fits) + packed(too_long) + packed(b"{}"), []) == [fits, b"{}"]


def test_a_head_that_lies_delays_but_does_not_swallow_what_follows() -> None:
    stream = b"%d:{" % LONGEST + packed(b"{1}") * 3
    assert read(stream + b"x" * LONGEST, []) == [b"{1}"] * 3


def test_a_megabyte_of_false_heads_is_skipped_in_a_blink() -> None:
    frames, began = Netstrings(), time.perf_counter()
    for _ in range(16):
        assert frames.feed(b"65535:{" * 9362) == []
    assert time.perf_counter() - began < 2.0
