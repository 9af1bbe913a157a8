"""Any chunks of bytes give the same cards."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ringdesk.files.report import Refused
from ringdesk.files.vcard_split import CardSplitter, RawCard

PIECES = [
    b"BEGIN:VCARD", b"END:VCARD", b"begin : vcard", b"end:vcard", b"\r\n", b"\n", b"\r", b"FN:Ana", b"AGENT:", b" ",
    b"\xef\xbb\xbf", b"BEGIN:VCALENDAR", b"END", b":VCARD", b"NOTE:END:VCARD",
]  # several to a line  # fmt: skip


def split(chunks: list[bytes]) -> list[RawCard | Refused]:
    splitter = CardSplitter()
    items = [item for chunk in chunks for item in splitter.feed(chunk)]
    return [*items, *splitter.close()]


@given(st.lists(st.sampled_from(PIECES), max_size=40).map(b"".join), st.lists(st.integers(1, 40), max_size=60))
def test_any_chunking_gives_the_same_cards(data: bytes, sizes: list[int]) -> None:
    chunks, rest = [], data
    for size in sizes:
        chunks.append(rest[:size])
        rest = rest[size:]
    assert split([*chunks, rest]) == split([data]) == split([data[i : i + 1] for i in range(len(data))])


def test_the_end_inside_a_line_ends_nothing() -> None:
    (card,) = split([b"BEGIN:VCARD\nNOTE:END:VCARD\nFN:A\nEND:VCARD\n"])
    assert card == RawCard("card 1, line 1", b"\nNOTE:END:VCARD\nFN:A")
