"""Many cards at once."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from ringdesk.domain.card import Card, Name
from ringdesk.domain.contact import Me, Origin
from ringdesk.domain.news import ContactsChanged, ImportProgress
from ringdesk.store.bulk import Import, Imported
from ringdesk.store.contacts_write import _begin_reading
from ringdesk.store.encode import id_of, press_long
from ringdesk.store.ready import packed, pictured, read, unpacked, written
from tests.store.kit import ALL, REGION, Clock, Ids, Opened, card, check_tables, open_store

CARDS: list[tuple[Card, bytes | None]] = [
    *((card(f"Ana{n} Gil", f"6001{n:05}", email=f"ana{n}@example.com"), None) for n in range(230)),
    (card("", "600222353"), None),
    (card("Only Name"), None),
    (Card(name=Name(prefix="Dr.", given="Ödön", suffix="Jr.")), None),
    (card("Only Picture"), b"GIF89a"),
    (card("Pic Ture", email="pic@example.com"), b"\x89PNG"),
]


def test_an_import_adds_in_hundreds_and_tells(opened: Opened, path: Path) -> None:
    told: list[Imported] = []
    done = opened.store.writes.import_cards(CARDS, origin=Origin.FILE, progress=told.append).result()
    assert done == Imported(added=235, already=0)
    assert [one.added for one in told] == [100, 200, 235]
    assert opened.news[-1] == ImportProgress(235, 0, done=True)
    named = [news for news in opened.news if isinstance(news, ContactsChanged)]
    assert [len(news.ids) for news in named] == [100, 100, 35]
    check_tables(path)


def test_the_same_file_again_adds_nothing(opened: Opened) -> None:
    opened.store.writes.import_cards(CARDS, origin=Origin.FILE).result()
    again = opened.store.writes.import_cards(CARDS, origin=Origin.FILE).result()
    assert again == Imported(added=0, already=235)
    assert opened.store.reads.count(ALL) == 235


@pytest.mark.parametrize(
    ("twin", "added"),
    [
        (card("ana gíl", "+34 600 111 222"), 0),
        (card("Ana Gil", "77", email="ANA@example.com"), 0),
        (card("Ana Gil", "600111223"), 1),
        (card("Eva Gil", "600111222"), 1),
        (card("Ana Gil"), 1),
    ],
)
def test_a_twin_has_the_name_and_a_number_or_address(opened: Opened, twin: Card, added: int) -> None:
    opened.add(card("Ana Gil", "600111222", email="ana@example.com"))
    done = opened.store.writes.import_cards([(twin, None), (twin, None)], origin=Origin.FILE).result()
    assert done == Imported(added, 2 - added)


def test_names_alone_that_differ_by_an_accent_are_no_twins(opened: Opened) -> None:
    cards = [(card(name), None) for name in ("Jos\u00e9 Gil", "Jos\u00e8 Gil", "Jose Gil", "Jos\u00e9 Gil")]
    assert opened.store.writes.import_cards(cards, origin=Origin.FILE).result() == Imported(added=3, already=1)
    assert opened.store.writes.import_cards(cards, origin=Origin.FILE).result() == Imported(added=0, already=4)


def test_a_name_alone_is_found_in_a_document_of_before(opened: Opened, path: Path) -> None:
    alone = card("Jos\u00e9 Gil")
    opened.add(alone)
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("UPDATE contact SET document = ?", (press_long(alone)[2],))
        raw.commit()
    assert opened.store.writes.import_cards([(alone, None)], origin=Origin.FILE).result().added == 0


def test_an_import_is_one_undo(opened: Opened, path: Path) -> None:
    kept = opened.add(card("Kept Gil"))
    opened.store.writes.import_cards(CARDS, origin=Origin.FILE).result()
    (first, *_) = opened.store.reads.search("ana7", ALL, 0, 1)
    (change,) = opened.store.reads.changes(first.id)
    assert (change.field, change.source) == ("contact", "file")
    assert len(opened.store.reads.last_change()) == 235
    assert len(opened.store.writes.undo().result().ids) == 235
    assert [row.id for row in opened.store.reads.page(ALL, 0, 9)] == [kept.id]
    check_tables(path)


def test_an_imported_contact_deleted_and_back_goes_with_its_import(opened: Opened) -> None:
    opened.store.writes.import_cards(CARDS[:3], origin=Origin.FILE).result()
    row = opened.store.reads.page(ALL, 0, 1)[0]
    opened.store.writes.delete([row.id]).result()
    opened.store.writes.undo().result()
    assert opened.store.reads.count(ALL) == 3
    opened.store.writes.undo().result()
    assert opened.store.reads.count(ALL) == 0


def test_an_import_can_be_stopped(opened: Opened) -> None:
    answers = iter([False, False, True])
    done = opened.store.writes.import_cards(CARDS, origin=Origin.FILE, stop=lambda: next(answers)).result()
    assert done.added == 200
    assert opened.store.reads.count(ALL) == 200


def test_a_source_that_breaks_keeps_what_was_told(opened: Opened) -> None:
    def breaking() -> Iterator[tuple[Card, bytes | None]]:
        yield from CARDS[:150]
        raise RuntimeError("bad file")

    with pytest.raises(RuntimeError, match="bad file"):
        opened.store.writes.import_cards(breaking(), origin=Origin.FILE).result()
    assert opened.store.reads.count(ALL) == 100


def test_a_picture_is_kept_and_named_on_the_card(opened: Opened) -> None:
    opened.store.writes.import_cards(CARDS[-1:], origin=Origin.FILE).result()
    kept = opened.store.reads.get(opened.store.reads.page(ALL, 0, 1)[0].id)
    assert kept is not None
    assert opened.store.reads.photo(kept.card.photo) == b"\x89PNG"
    again = [(replace(CARDS[-1][0], note="new"), b"\x89PNG")]
    assert opened.store.writes.import_cards(again, origin=Origin.FILE).result().added == 0


def test_other_writes_go_between_the_hundreds(path: Path) -> None:
    opened = open_store(path, inline=False)
    slow = opened.store.writes.import_cards(CARDS, origin=Origin.FILE)
    quick = opened.store.writes.add(card("Quick"), origin=Origin.HAND, owner=Me())
    order: list[str] = []
    slow.add_done_callback(lambda _: order.append("slow"))
    quick.add_done_callback(lambda _: order.append("quick"))
    slow.result()
    quick.result()
    opened.store.close()
    assert order == ["quick", "slow"]


def test_cards_made_ready_survive_the_way_from_another_process() -> None:
    some = [pictured(card, photo, REGION) for card, photo in CARDS]
    assert unpacked(read(written(packed(some)))) == some


def test_cards_made_ready_for_another_region_are_read_again(opened: Opened, path: Path) -> None:
    ready = (pictured(card, photo, "GB") for card, photo in CARDS)
    job = Import(ready, "GB", Origin.FILE, Ids(), lambda: REGION, Clock().now, None, lambda: False, 100)
    assert opened.store._writer.chain(job.step).result().added == 235
    check_tables(path)


@pytest.fixture
def lumps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Imports are filed in lumps from the start, in small slices."""
    monkeypatch.setattr("ringdesk.store.bulk.FILED_AT_ONCE", 0)
    monkeypatch.setattr("ringdesk.store.bulk.LUMP", 200)
    monkeypatch.setattr("ringdesk.store.lump.SLICE", 150)


@pytest.mark.usefixtures("lumps")
def test_an_import_in_lumps_is_the_same(opened: Opened, path: Path) -> None:
    twins = [*CARDS, *CARDS[:50]]
    assert opened.store.writes.import_cards(twins, origin=Origin.FILE).result() == Imported(added=235, already=50)
    named = [len(news.ids) for news in opened.news if isinstance(news, ContactsChanged)]
    assert named == [100, 100, 35]
    assert opened.news[-1] == ImportProgress(235, 0, done=True)
    check_tables(path)
    assert opened.store.writes.import_cards(CARDS, origin=Origin.FILE).result() == Imported(added=0, already=235)
    assert len(opened.store.writes.undo().result().ids) == 235
    check_tables(path)


@pytest.mark.parametrize(("added", "enough"), [(0, 4000), (100_000, 4000), (200_000, 8000), (1_000_000, 12_000)])
def test_the_more_an_import_took_in_the_more_is_filed_together(added: int, enough: int) -> None:
    job = Import(iter(()), REGION, Origin.FILE, Ids(), lambda: REGION, Clock().now, None, lambda: False, 100)
    job._done = Imported(added)
    assert job._enough == enough


@pytest.mark.usefixtures("lumps")
def test_a_lump_that_a_broken_source_left_is_filed(opened: Opened, path: Path) -> None:
    def breaking() -> Iterator[tuple[Card, bytes | None]]:
        yield from CARDS[:150]
        raise RuntimeError("bad file")

    with pytest.raises(RuntimeError, match="bad file"):
        opened.store.writes.import_cards(breaking(), origin=Origin.FILE).result()
    assert opened.store.reads.count(ALL) == 100
    check_tables(path)


def taken_in(opened: Opened, steps: int) -> Import:
    """An import that has gone so many steps."""
    ready = (pictured(card, photo, REGION) for card, photo in CARDS)
    job = Import(ready, REGION, Origin.FILE, Ids(), lambda: REGION, Clock().now, None, lambda: False, 100)
    for _ in range(steps):
        if opened.store._writer.submit(job.step).result() is not None:
            break
    return job


@pytest.mark.usefixtures("lumps")
@pytest.mark.parametrize("steps", range(1, 24, 2))
def test_what_an_import_left_unfiled_is_filed_when_it_is_opened_next(path: Path, steps: int) -> None:
    opened = open_store(path)
    taken_in(opened, steps)
    kept = opened.store._reader.connection.value("SELECT count(*) FROM contact")
    opened.store.close()
    opened = open_store(path)
    assert opened.store.reads.count(ALL) == kept
    opened.store.close()
    check_tables(path)


@pytest.mark.usefixtures("lumps")
@pytest.mark.parametrize("steps", range(1, 20, 3))
def test_contacts_may_change_before_they_are_filed(path: Path, steps: int) -> None:
    opened = open_store(path)
    job = taken_in(opened, steps)
    row = "SELECT uuid FROM contact WHERE name = ?"
    changed, gone, noted = (
        id_of(opened.store._reader.connection.value(row, (name,))) for name in ("Ana7 Gil", "Ana8 Gil", "Ana9 Gil")
    )
    stored = opened.store.reads.get(changed)
    assert stored is not None
    opened.store.writes.save(replace(stored, card=card("Eva Ruiz", "600999888")), read_revision=1).result()
    opened.store.writes.delete([gone]).result()
    opened.store.writes.add_note(noted, "invoice").result()
    for _ in range(99):
        if opened.store._writer.submit(job.step).result() is not None:
            break
    assert opened.names("eva") == ["Eva Ruiz"]
    assert opened.names("invoice") == ["Ana9 Gil"]
    assert opened.store.reads.count(ALL) == 234
    opened.store.close()
    check_tables(path)


def test_a_save_while_numbers_are_read_anew_leaves_no_old_reading(path: Path) -> None:
    opened = open_store(path)
    made = opened.add(card("Ana", "020 7183 8750"))
    opened.store._writer.submit(lambda work: _begin_reading(work, "GB")).result()
    opened.store._region = "GB"
    opened.store.writes.save(replace(made, card=card("Ana", "020 7183 8751")), read_revision=1).result()
    opened.store.writes.reindex("GB").result()
    opened.store.close()
    check_tables(path, "GB")
