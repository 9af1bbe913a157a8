"""How many rows are read for what is in sight: a list of a million must not cost more than one of a hundred."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from ringdesk.desk.contacts_list import KEPT, PAGE, ContactList
from ringdesk.domain.card import Card, Name
from ringdesk.domain.contact import ContactRow
from ringdesk.domain.sockets import Show
from tests.fakes import CountingIds, FakeTime
from tests.memory_book import MemoryBook, person

WINDOW = 12
"""Rows in sight in the window as it opens."""


class Counted(MemoryBook):
    """Counts the rows that were read."""

    rows = 0

    def page(self, show: Show, start: int, count: int) -> Sequence[ContactRow]:
        found = super().page(show, start, count)
        self.rows += len(found)
        return found


@pytest.fixture
def book() -> Counted:
    made = Counted(FakeTime(), CountingIds(), lambda _: None)
    for number in range(300):
        person(made, Card(name=Name(given=f"Person {number:03}")))
    return made


def test_a_window_full_takes_a_page_or_two(book: Counted) -> None:
    shown = ContactList(book)
    shown.look("", Show())
    for top in (0, 17, 150, PAGE - 3, 288):
        book.rows = 0
        shown.again(0)
        assert all(shown.row(place) is not None for place in range(top, top + WINDOW))
        assert WINDOW <= book.rows <= 80


def test_no_more_than_some_thousand_rows_are_kept(book: Counted) -> None:
    shown = ContactList(book)
    shown.look("", Show())
    for place in range(0, 300, PAGE):
        shown.row(place)
    assert PAGE * KEPT <= 5000
    book.rows = 0
    shown.row(0)
    assert book.rows == 0  # still there
