"""What kind of file it is, and how much of one is read."""

from __future__ import annotations

import base64
import io
import time
import tracemalloc
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringdesk.domain.card import Card, Email, Name, Organization, PhoneEntry
from ringdesk.files import csv_read, vcard_read
from ringdesk.files.reading import FileError, FileErrorCode, ReadCard, read_contacts
from ringdesk.files.report import Refused, RefusedCode
from ringdesk.files.writing import write_csv, write_vcards
from tests.files.strategies import read_all, read_cards, refusals, shown_names

ANA = b"BEGIN:VCARD\nFN:Ana\nEND:VCARD\n"
MIB = 1024 * 1024


class Pipe(io.RawIOBase):
    """A stream that cannot seek and is never whole in memory."""

    def __init__(self, *pieces: tuple[bytes, int]) -> None:
        super().__init__()
        self._pieces: Iterator[bytes] = (data for data, times in pieces for _ in range(times))
        self._rest = b""

    def read(self, size: int = -1) -> bytes:
        rest = self._rest or next(self._pieces, b"")
        data, self._rest = (rest[:size], rest[size:]) if size >= 0 else (rest, b"")
        return data


def pipe(*pieces: tuple[bytes, int]) -> io.BufferedReader:
    return Pipe(*pieces)  # type: ignore[return-value]  # a raw stream reads alike


@pytest.mark.parametrize("name", ["a.vcf", "a.csv", "a", "a.txt"])
@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf", b"\r\n\n"])
def test_a_vcard_is_known_by_its_content(name: str, start: bytes) -> None:
    assert read_cards(start + ANA, name) == [Card(name=Name(given="Ana"))]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_a_wide_vcard(encoding: str) -> None:
    assert read_cards("BEGIN:VCARD\r\nFN:Zoë\r\nEND:VCARD\r\n".encode(encoding)) == [Card(name=Name(given="Zoë"))]


@pytest.mark.parametrize("name", ["a.vcf", "a.csv", "a"])
def test_a_csv_is_known_by_its_content(name: str) -> None:
    if name == "a.vcf":
        assert refusals(read_all(b"Name,Phone\nAna,1\n", name)) == [("line 1", "STRAY")]
    else:
        assert shown_names(read_all(b"Name,Phone\nAna,1\n", name)) == ["Ana"]


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"", "a.vcf", FileErrorCode.EMPTY),
        (b"%PDF-1.4\n\0\1\2", "a.pdf", FileErrorCode.UNKNOWN),
        (b"PK\3\4\0\0\0", "a.csv", FileErrorCode.UNKNOWN),
        (b"Dear Ana,\nhow are you?\n", "a.txt", FileErrorCode.UNKNOWN),
        (b"Colour,Size\nred,1\n", "a.csv", FileErrorCode.NO_COLUMNS),
        (b"\n\n\n", "a.csv", FileErrorCode.NO_COLUMNS),
    ],
)
def test_a_file_that_is_neither_is_told_at_once(data: bytes, name: str, code: FileErrorCode) -> None:
    with pytest.raises(FileError) as caught:
        read_contacts(data, name=name)
    assert caught.value.code is code


def test_a_file_that_is_too_large_is_told_at_once(tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("large") / "a.vcf"
    with path.open("wb") as file:
        file.truncate(4096 * MIB + 1)
    with path.open("rb") as file, pytest.raises(FileError) as caught:
        read_contacts(file, name="a.vcf")
    assert caught.value.code is FileErrorCode.TOO_LARGE


def test_a_disk_that_fails_is_told() -> None:
    closed = io.BytesIO(ANA)
    closed.close()
    with pytest.raises(FileError) as caught:
        read_contacts(closed, name="a.vcf")
    assert caught.value.code is FileErrorCode.UNREADABLE


@pytest.mark.parametrize("filler", [b"\n" * MIB, b"\0" * MIB])
def test_an_endless_stream_ends_where_nothing_comes_of_it(filler: bytes) -> None:
    items = list(read_contacts(pipe((ANA, 1), (filler, 250), (ANA, 1)), name="a.vcf"))
    assert refusals(items)[-1] == ("the rest of the file", "TOO_LARGE")
    assert shown_names(items) == ["Ana"]


def test_an_endless_card_ends_where_nothing_comes_of_it() -> None:
    stream = pipe((b"BEGIN:VCARD\nNOTE:", 1), (b"a" * MIB, 250), (b"\nEND:VCARD\n" + ANA, 1))
    assert refusals(list(read_contacts(stream, name="a.vcf"))) == [
        ("card 1, line 1", "TOO_LARGE"),
        ("the rest of the file", "TOO_LARGE"),
    ]


def test_an_export_with_pictures_is_read_whole_however_large_it_is() -> None:
    picture = base64.b64encode(b"\xff\xd8\xff" + bytes(700 * 1024))
    drawn = b"BEGIN:VCARD\nFN:Ana\nPHOTO;ENCODING=b;TYPE=JPEG:" + picture + b"\nEND:VCARD\n"
    tracemalloc.start()
    count = sum(isinstance(item, ReadCard) for item in read_contacts(pipe((drawn, 300)), name="a.vcf"))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(drawn) * 300 > 250 * MIB
    assert count == 300
    assert peak < 40 * MIB


def test_a_file_ends_at_its_largest_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ringdesk.files.source.FILE_BYTES", 3 * MIB)
    items = list(read_contacts(pipe((ANA, 1), (b"\n" * MIB, 4), (ANA, 1)), name="a.vcf"))
    assert refusals(items) == [("the rest of the file", "TOO_LARGE")]
    assert shown_names(items) == ["Ana"]


@pytest.mark.parametrize(
    "text", [b"a" * MIB, b"a\n" * (MIB // 2), b"a\n " * (MIB // 3), b";" * MIB, b"\\;" * (MIB // 2)]
)
def test_a_huge_card_costs_itself_and_no_memory(text: bytes) -> None:
    stream = pipe((b"BEGIN:VCARD\nNOTE:", 1), (text, 60), (b"\nEND:VCARD\n", 1), (ANA, 1))
    tracemalloc.start()
    items = list(read_contacts(stream, name="a.vcf"))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert refusals(items) == [("card 1, line 1", "TOO_LARGE")]
    assert shown_names(items) == ["Ana"]
    assert peak < 40 * MIB


@pytest.mark.parametrize("text", [b"a" * MIB, b"\\," * (MIB // 2), b"," * MIB, b"\xff" * MIB, b"\xe2\x82" * (MIB // 2)])
@pytest.mark.parametrize("head", [b"NOTE", b"N", b"ORG", b"CATEGORIES", b"BDAY", b"TEL", b"X-ANDROID-CUSTOM"])
def test_a_line_of_a_mebibyte_is_read_in_a_moment(head: bytes, text: bytes) -> None:
    start = time.process_time()
    items = read_all(b"BEGIN:VCARD\nFN:Bea\n" + head + b":" + text + b"\nEND:VCARD\n" + ANA)
    assert shown_names(items)[-1] == "Ana"
    assert time.process_time() - start < 5


@pytest.mark.parametrize(
    "text", ["(" * 3_000_000, '"' * 3_000_001, ";" * 3_000_000, ";a=" * 1_000_000, "," * 3_000_000]
)
def test_a_huge_head_costs_its_line(text: str) -> None:
    start = time.process_time()
    items = read_all(b"BEGIN:VCARD\nFN:Bea\nTEL;" + text.encode() + b":1\nTEL:2\nEND:VCARD\n")
    assert shown_names(items) == ["Bea"]
    assert time.process_time() - start < 5


def test_a_line_beyond_the_limit_is_left_out_and_named() -> None:
    (item,) = read_all(b"BEGIN:VCARD\nFN:Bea\nNOTE:" + b"a" * (2 * MIB + 1) + b"\nEND:VCARD\n")
    assert isinstance(item, ReadCard)
    assert item.card == Card(name=Name(given="Bea"))
    assert item.lost == ("NOTE",)


def test_more_properties_than_any_card_has() -> None:
    def card(count: int) -> bytes:
        return b"BEGIN:VCARD\n" + b"TEL:1\n" * count + b"END:VCARD\n"

    assert len(read_cards(card(200))[0].phones) == 200
    assert refusals(read_all(card(201) + ANA)) == [("card 1, line 1", "TOO_LARGE")]


def test_labels_of_groups_are_no_properties_of_their_own() -> None:
    lines = "".join(f"item{n}.TEL:{n}\nitem{n}.X-ABLabel:boat\n" for n in range(200))
    assert len(read_cards(f"BEGIN:VCARD\n{lines}END:VCARD\n".encode())[0].phones) == 200


def test_reading_stops_at_the_most_cards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vcard_read, "CARDS", 3)
    items = read_all(ANA * 5)
    assert len(items) == 4
    assert refusals(items) == [("the rest of the file", "TOO_MANY")]


def test_reading_stops_at_the_most_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_read, "CARDS", 3)
    items = read_all(b"Name\n" + b"Ana\n" * 5, "a.csv")
    assert refusals(items) == [("the rest of the file", "TOO_MANY")]
    assert len(items) == 4


def test_cards_come_one_at_a_time() -> None:
    stream = pipe((ANA, 30_000))
    items = read_contacts(stream, name="a.vcf")
    assert isinstance(next(items), ReadCard)
    assert stream.read() == ANA


def test_a_detail_is_short_and_plain() -> None:
    refused = Refused("row 1", RefusedCode.EMPTY, "a\u202eb\n" + "c" * 500)
    assert len(refused.detail) <= 120
    assert refused.detail.startswith("ab c")


@given(st.binary(max_size=400), st.sampled_from(["a.vcf", "a.csv", "a"]))
def test_no_bytes_raise_anything_else(data: bytes, name: str) -> None:
    try:
        list(read_contacts(data, name=name))
    except FileError as error:
        assert error.code in FileErrorCode  # noqa: PT017  # both outcomes are right


@given(
    st.binary(max_size=300), st.sampled_from(["N", "TEL;", "PHOTO;ENCODING=b", "NOTE;QUOTED-PRINTABLE", "ADR", "BDAY"])
)
def test_no_value_raises(value: bytes, head: str) -> None:
    read_all(b"BEGIN:VCARD\n" + head.encode() + b":" + value + b"\nEND:VCARD\n")


@given(
    st.lists(
        st.sampled_from([b'"', b",", b"\n", b"\r", b"'", b"=", b"x", b" ::: ", b"* ", b"\0", b"\xff"]), max_size=60
    )
)
def test_no_row_raises(pieces: list[bytes]) -> None:
    read_all(b"Name,Phone 1 - Label,Phone 1 - Value,Labels,Birthday\n" + b"".join(pieces), "a.csv")


@pytest.mark.bench
@pytest.mark.parametrize("kind", ["vcf", "csv"])
def test_a_line_costs_less_than_25_microseconds(kind: str) -> None:
    count = 3000
    entries = [
        Card(
            name=Name(given=f"Ana{n}", family="Gil"),
            phones=(PhoneEntry(f"+34 600 {n:06}", "mobile"), PhoneEntry(f"+34 910 {n:06}", "work")),
            emails=(Email(f"a{n}@example.com"),),
            organizations=(Organization("Acme", "Clerk"),),
            note="Since 2019",
        )
        for n in range(count)
    ]
    out = io.BytesIO()
    if kind == "vcf":
        write_vcards(((card, "", None) for card in entries), out)
    else:
        write_csv(entries, out)
    start = time.process_time()
    assert sum(1 for _ in read_contacts(out.getvalue(), name=f"a.{kind}")) == count
    spent = time.process_time() - start
    print(f"{kind}: {count / spent:,.0f} contacts/s, {spent / count / 8 * 1e6:.1f} us a property")
    assert spent / count / 8 < 25e-6
