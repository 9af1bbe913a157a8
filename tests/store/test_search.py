"""Search as you type and the list."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ringdesk.domain.card import Name, PhoneEntry
from ringdesk.domain.contact import Marks, Origin
from ringdesk.domain.numbering import parse
from ringdesk.domain.sockets import Show
from tests.store.kit import ALL, Opened, card


@pytest.fixture
def book(opened: Opened) -> Opened:
    opened.add(card("Séan O'Connor", "+34 612 34 56 78", company="3M Ibérica", email="sean@mail.example"))
    opened.add(card("Ana Müller", "0049 30 123456", "77", note="Prefers mornings"))
    opened.add(replace(card("太郎 山田", "+81 90 1234 5678"), nicknames=("Taro",)))
    opened.add(card("शर्मा Priya", "+91 98765 43210"))
    opened.add(card("Łukasz Wójcik", company="Anaconda Foods"))
    opened.add(card("", "699 000 111"), origin=Origin.CALL)
    return opened


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("connor", "Séan O'Connor"),
        ("o'con", "Séan O'Connor"),
        ("O\u2019Connor", "Séan O'Connor"),
        ("oconn", "Séan O'Connor"),
        ("SEAN", "Séan O'Connor"),
        ("seán con", "Séan O'Connor"),
        ("con sea", "Séan O'Connor"),
        ("3m", "Séan O'Connor"),
        ("sean@mail", "Séan O'Connor"),
        ("sean 612", "Séan O'Connor"),
        ("612345678", "Séan O'Connor"),
        ("612 34", "Séan O'Connor"),
        ("+34 612-34", "Séan O'Connor"),
        ("0034612", "Séan O'Connor"),
        ("34612", "Séan O'Connor"),
        ("4612345678", "Séan O'Connor"),
        ("+34 (0)612", "Séan O'Connor"),
        ("６１２３４５", "Séan O'Connor"),
        ("mornings", "Ana Müller"),
        ("muller", "Ana Müller"),
        ("77", "Ana Müller"),
        ("+4930", "Ana Müller"),
        ("山", "山田 太郎"),
        ("taro", "山田 太郎"),
        ("शर्", "शर्मा Priya"),
        ("lukasz", "Łukasz Wójcik"),
        ("699000", "699 000 111"),
    ],
)
def test_found_by(book: Opened, text: str, name: str) -> None:
    assert name in book.names(text)


@pytest.mark.parametrize("text", ["onnor", "sean muller", "sean 699", "612345679", "zz", "'", "+", "%", "_", "*", '"'])
def test_not_found_by(book: Opened, text: str) -> None:
    assert book.names(text) == []


def test_an_empty_search_is_the_list(book: Opened) -> None:
    assert book.names("  ") == [row.name for row in book.store.reads.page(ALL, 0, 50)]


def test_names_come_before_companies_and_words_before_longer_ones(opened: Opened) -> None:
    opened.add(card("Zoe Gil", company="Ana"))
    opened.add(card("Anastasia Gil"))
    opened.add(card("Eva Ana"))
    opened.add(card("Ana Ana"))
    assert opened.names("ana") == ["Eva Ana", "Ana Ana", "Anastasia Gil", "Zoe Gil"]


def test_an_exact_number_comes_before_longer_ones(opened: Opened) -> None:
    opened.add(card("Long", "+49 30 1234567"))
    opened.add(card("Short", "+49 30 123456"))
    assert opened.names("+4930123456") == ["Short", "Long"]


def test_a_trunk_prefix_means_home(opened: Opened) -> None:
    opened.add(card("London", "+44 20 7183 8750"))
    opened.store.set_region("GB").result()
    assert opened.names("020 71") == ["London"]
    assert opened.names("20 71") == ["London"]


def test_a_number_that_cannot_be_parsed_is_found_as_typed(opened: Opened) -> None:
    opened.add(card("Odd", "1234567"))
    assert opened.names("12345") == ["Odd"]


@pytest.mark.parametrize("text", ["a", "an gi", "6", "gil 6001"])
def test_pages_of_a_search_join_without_gap_or_double(opened: Opened, text: str) -> None:
    for n in range(30):
        opened.add(card(f"An{n % 7} Gil{n}", f"6001000{n:02}", company="Annex"))
    whole = list(opened.store.reads.search(text, ALL, 0, 100))
    paged = [row for at in range(0, 40, 7) for row in opened.store.reads.search(text, ALL, at, 7)]
    assert paged == whole
    assert len({row.id for row in whole}) == len(whole) == 30


@pytest.mark.parametrize(
    ("show", "names"),
    [
        (Show(), ["Ana Gil", "Eva Gil"]),
        (Show(vip=True), ["Ana Gil"]),
        (Show(group="Clients"), ["Eva Gil"]),
        (Show(group="Clients", vip=True), []),
        (Show(group="Nobody"), []),
        (Show(anonymous=True), ["600111000"]),
        (ALL, ["Ana Gil", "Eva Gil", "600111000"]),
    ],
)
def test_a_search_and_a_list_show_only_what_is_asked(opened: Opened, show: Show, names: list[str]) -> None:
    ana = opened.add(card("Ana Gil", "600111001"))
    opened.store.writes.save(replace(ana, marks=Marks(vip=True)), read_revision=1).result()
    opened.add(card("Eva Gil", "600111002", groups="Clients"))
    opened.add(card("", "600111000"), origin=Origin.CALL)
    assert sorted(opened.names("600111", show)) == sorted(names)
    assert opened.store.reads.count(show) == len(names)
    assert sorted(row.name for row in opened.store.reads.page(show, 0, 9)) == sorted(names)


def test_vips_of_a_group_are_listed(opened: Opened) -> None:
    for n in range(4):
        made = opened.add(card(f"N{n}", groups="Clients" if n else ""))
        opened.store.writes.save(replace(made, marks=Marks(vip=n != 2)), read_revision=1).result()
    show = Show(group="Clients", vip=True)
    assert [row.name for row in opened.store.reads.page(show, 0, 9)] == ["N1", "N3"]
    assert opened.store.reads.count(show) == 2


@pytest.mark.parametrize("show", [ALL, Show(), Show(group="Clients")])
@pytest.mark.parametrize("stride", [4, 4096])
def test_every_row_is_reached_once_and_in_order(
    opened: Opened, show: Show, stride: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ringdesk.store.listing.STRIDE", stride)
    for n in range(60):
        opened.add(card(f"{'zyx'[n % 3]}{n % 5} É{n % 2}", groups="Clients"))
    total = opened.store.reads.count(show)
    rows = [row for at in range(0, total, 7) for row in opened.store.reads.page(show, at, 7)]
    assert len({row.id for row in rows}) == len(rows) == total == 60
    assert [opened.store.reads.place(row.id, show) for row in reversed(rows)] == list(reversed(range(60)))
    assert [opened.store.reads.page(show, at, 3)[0] for at in reversed(range(60))] == rows[::-1]
    opened.add(card("aa", groups="Clients"))
    assert opened.store.reads.page(show, 1, 60) == rows
    contacts = [opened.store.reads.get(row.id) for row in rows]
    keys = [contact.card.sort_key for contact in contacts if contact]
    assert keys == sorted(keys)
    assert opened.store.reads.page(show, total + 1, 5) == []


def test_a_row_carries_the_first_phone(opened: Opened) -> None:
    opened.add(replace(card("Ana"), phones=(PhoneEntry("612 345 678"), PhoneEntry("77"))))
    assert opened.store.reads.page(ALL, 0, 1)[0].phone == "612 345 678"


def test_a_candidate_shows_all_a_pop_needs(opened: Opened) -> None:
    made = opened.add(replace(card("Ana Gil", "612 345 678", company="Acme"), photo="ab"))
    (one,) = opened.store.reads.find(parse("+34612345678", "ES"))
    assert (one.contact, one.name, one.company, one.stored) == (made.id, "Ana Gil", "Acme", "612 345 678")
    assert (one.label, one.photo, one.updated, one.known) == ("mobile", "ab", made.updated, True)


def test_a_name_of_many_letters_is_found(opened: Opened) -> None:
    opened.add(replace(card("x"), name=Name(given="a" * 5000)))
    assert len(opened.names("a" * 3000)) == 1
