"""Cards read the quick way are what the careful way makes of them."""

from __future__ import annotations

import hypothesis.strategies as st
import pytest
from hypothesis import given

from ringdesk.domain.card import Card
from ringdesk.files.report import ReadCard
from ringdesk.files.vcard_heads import Heads
from ringdesk.files.vcard_plain import read_plain
from ringdesk.files.vcard_read import read_any
from ringdesk.files.vcard_split import RawCard
from ringdesk.files.vcard_write import vcard
from tests.files.strategies import cards

HEADS = (
    "VERSION", "UID", "REV", "PRODID", "FN", "N", "N;CHARSET=UTF-8", "ORG", "ORG;TYPE=WORK", "TITLE", "NOTE", "TEL",
    "TEL;TYPE=CELL", "TEL;TYPE=home,fax", "TEL;VALUE=uri", "tel", "EMAIL", "EMAIL;TYPE=INTERNET", "item1.EMAIL",
    "item1.X-ABLabel", "NICKNAME", "BDAY", "X-UNHEARD-OF", "NOTE;ENCODING=QUOTED-PRINTABLE", "ROLE", "KIND",
)  # several to a line  # fmt: skip
VALUES = (
    "", " ", "3.0", "4.0", "Ana Gil", "Gil;Ana;;;", "Gil;Ana;Eva;Dr.;Jr.;more", ";;;;", "Gil, Ruiz;Ana", "Gil", "Acme",
    "Acme;", "Acme;Sales", "600 111 222", " +34 600", "tel:+34600;ext=5", "ana@example.com", "a\\,b", "a:b",
    "\u5c71;\u592a", "org", "group", "x\0y", "=41", "1980-01-02",
)  # several to a line  # fmt: skip
lines = st.tuples(st.sampled_from(HEADS), st.sampled_from(VALUES) | st.text(max_size=5)).map(":".join)
bodies = st.lists(lines | st.sampled_from(("", " folded", "no colon")), max_size=9).map("\n".join)


def both(data: bytes) -> bool:
    """Read a card in both ways, twice because heads are learned the first time; whether the quick way answered."""
    heads = Heads()
    quick = None
    for _ in range(2):
        quick = read_plain(data, heads)
        careful = read_any(RawCard("here", data), heads)
        if quick is not None:
            assert isinstance(careful, ReadCard)
            assert (careful.card, careful.uid) == quick
            assert (careful.picture, careful.lost, careful.orders, careful.unclear) == (None, (), (), ())
    return quick is not None


@given(bodies)
def test_any_lines(body: str) -> None:
    both(f"\n{body}".encode("utf-8", "replace"))


@given(bodies.map(lambda body: f"\nFN:Ana Gil\nN:Gil;Ana;;;\nTEL:600\n{body}"))
def test_any_lines_of_a_card_with_a_name(body: str) -> None:
    both(body.encode("utf-8", "replace"))


@given(cards)
def test_any_card_as_it_is_written(card: Card) -> None:
    written = vcard(card, "id", None).replace(b"\r\n", b"\n")
    both(written.removeprefix(b"BEGIN:VCARD").partition(b"\nEND:VCARD")[0])


PLAIN = """
VERSION:3.0
PRODID:x
UID:1
FN:Ana Gil
N:Gil;Ana;;;
ORG:Acme
TITLE:CEO
TEL;TYPE=CELL: 600
EMAIL:a@b.org
NOTE:hi"""


def test_a_plain_card_is_read_the_quick_way() -> None:
    assert both(PLAIN.encode())


@pytest.mark.parametrize(
    "line",
    [
        "N:Ruiz;Eva;;;",
        "NOTE:a\\,b",
        "NOTE:a\n b",
        "TEL:tel:1",
        "BDAY:1980-01-02",
        "item1.TEL:5",
        "X-NEW:1",
        "EMAIL:",
        "x",
    ],
)
def test_what_takes_more_thought_is_left(line: str) -> None:
    assert not both(f"{PLAIN}\n{line}".encode())


@pytest.mark.parametrize("data", [PLAIN.encode() + b"\xff", PLAIN.encode() + b"a" * 5000, b" " + PLAIN.encode(), b""])
def test_what_is_no_plain_text_is_left(data: bytes) -> None:
    assert not both(data)
