"""Undo of any of the last changes, and restoring one value."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings

from ringdesk.domain.card import Birthday, Card, Name
from ringdesk.domain.contact import BatchKind, Contact, Marks, Me, Origin, Skipped, Unclaimed, Undone
from ringdesk.domain.effects import AddContact, Effect, Lost, SaveContact
from ringdesk.domain.status import StoreError, StoreTrouble
from ringdesk.store.history import fields_of
from tests.store.kit import ALL, Opened, card, check_tables, open_store
from tests.store.test_machine import CARDS, MARKS


def save(opened: Opened, contact: Contact, **change: object) -> Contact:
    """Save what is stored now with something changed."""
    now = opened.store.reads.get(contact.id)
    assert now is not None
    wanted: Contact = replace(now, **change)  # type: ignore[arg-type]  # given by name, checked when run
    return opened.store.writes.save(wanted, read_revision=now.revision).result()


def stored(opened: Opened, id: str) -> Contact:
    found = opened.store.reads.get(id)
    assert found is not None
    return found


def newest(opened: Opened) -> str:
    return opened.store.reads.batches(1)[0].id


def undo(opened: Opened, batch: str) -> Undone:
    return opened.store.writes.undo(batch).result()


def commit(opened: Opened, *wanted: Effect) -> None:
    """Do what a round with an account decided."""
    reading = opened.store.reader()
    opened.store.replicas("g", reading).commit(wanted)
    reading.close()


def test_batches_say_what_was_done(opened: Opened) -> None:
    made = opened.add(card("Ana Gil", "600111222"))
    save(opened, made, card=card("Eva Gil"), shared=True)
    opened.store.writes.add_note(made.id, "invoice").result()
    opened.store.writes.delete([made.id]).result()
    deleted, noted, changed, added = opened.store.reads.batches()
    assert [one.kind for one in (added, changed, noted, deleted)] == [
        BatchKind.ADDED, BatchKind.CHANGED, BatchKind.NOTED, BatchKind.DELETED,
    ]  # several to a line  # fmt: skip
    assert {one.name for one in (deleted, noted, changed, added)} == {"Eva Gil"}
    assert changed.fields == ("name", "phones", "shared")
    assert (changed.by, changed.source, changed.count) == ("me", "hand", 1)
    assert len(opened.store.reads.batches(2)) == 2


def test_what_a_call_made_is_not_listed_nor_taken_back(opened: Opened) -> None:
    opened.add(card("", "600111222"), owner=Unclaimed("Sales"), origin=Origin.CALL)
    assert opened.store.reads.batches() == []
    assert undo(opened, "1") == Undone()
    assert opened.store.reads.count(ALL) == 1


@pytest.mark.parametrize("batch", ["", "x", "-1", "999", "²", "9" * 40])
def test_a_batch_that_is_not_there_changes_nothing(opened: Opened, batch: str) -> None:
    opened.add(card("Ana"))
    assert undo(opened, batch) == Undone()
    assert opened.store.reads.count(ALL) == 1


def test_an_older_change_goes_while_later_ones_of_other_fields_stay(opened: Opened, path: Path) -> None:
    made = opened.add(card("Ana Gil", "600111222"))
    save(opened, made, card=card("Eva Gil", "600111222"))
    batch = newest(opened)
    save(opened, made, card=card("Eva Gil", "600111222", company="Acme"), marks=Marks(vip=True))
    assert undo(opened, batch) == Undone((made.id,))
    assert stored(opened, made.id).card == card("Ana Gil", "600111222", company="Acme")
    assert stored(opened, made.id).marks == Marks(vip=True)
    assert undo(opened, batch) == Undone(), "once is enough"
    check_tables(path)


def test_a_field_that_changed_again_is_left_and_told(opened: Opened) -> None:
    made = opened.add(card("Ana Gil"))
    save(opened, made, card=card("Eva Gil", "600111222"))
    batch = newest(opened)
    save(opened, made, card=card("Mar Gil", "600111222"))
    assert undo(opened, batch) == Undone((made.id,), (Skipped(made.id, "name"),))
    assert stored(opened, made.id).card == card("Mar Gil")


def test_every_one_of_a_hundred_changes_can_be_taken_back_in_any_order(opened: Opened, path: Path) -> None:
    people = [opened.add(card(f"Ana{n}")) for n in range(100)]
    for n, person in enumerate(people):
        save(opened, person, card=card(f"Eva{n}", groups="Clients"))
    batches = [batch.id for batch in opened.store.reads.batches(100)]
    assert len(batches) == 100
    for batch in (*batches[::3], *batches[1::3], *batches[2::3]):
        assert undo(opened, batch).skipped == ()
    assert [stored(opened, person.id).card for person in people] == [person.card for person in people]
    check_tables(path)


def test_an_undo_can_be_taken_back_and_that_too(opened: Opened) -> None:
    made = opened.add(card("Ana"))
    save(opened, made, card=card("Eva"), shared=True)
    for wanted in ("Ana", "Eva", "Ana", "Eva"):
        batch = newest(opened)
        assert undo(opened, batch) == Undone((made.id,))
        assert stored(opened, made.id).card == card(wanted)
        assert stored(opened, made.id).shared == (wanted == "Eva")
        assert opened.store.reads.batches(2)[1].undone


def test_a_deleted_contact_comes_back_with_its_notes_from_an_older_batch(opened: Opened, path: Path) -> None:
    made, other = opened.add(card("Ana", groups="Clients")), opened.add(card("Eva"))
    note = opened.store.writes.add_note(made.id, "invoice", "call-1").result()
    opened.store.writes.delete([made.id]).result()
    batch = newest(opened)
    save(opened, other, card=card("Mar"))
    assert undo(opened, batch).ids == (made.id,)
    assert stored(opened, made.id).card == made.card
    assert list(opened.store.reads.notes(made.id)) == [note]
    assert opened.names("invoice") == ["Ana"]
    assert undo(opened, newest(opened)).ids == (made.id,), "and goes again"
    assert undo(opened, newest(opened)).ids == (made.id,), "and comes again"
    assert list(opened.store.reads.notes(made.id)) == [note]
    assert stored(opened, other.id).card == card("Mar")
    check_tables(path)


def test_a_new_contact_that_was_worked_on_since_stays(opened: Opened) -> None:
    kept, noted, gone = (opened.add(card(name)) for name in ("Ana", "Eva", "Mar"))
    batches = [batch.id for batch in opened.store.reads.batches()][::-1]
    save(opened, kept, card=card("Ana", "600111222"))
    opened.store.writes.add_note(noted.id, "invoice").result()
    save(opened, gone, shared=True)
    save(opened, gone, shared=False)
    results = [undo(opened, batch) for batch in batches]
    assert [one.ids for one in results] == [(), (), (gone.id,)]
    assert [one.skipped for one in results[:2]] == [(Skipped(kept.id, "contact"),), (Skipped(noted.id, "contact"),)]


def test_undo_of_an_import_of_300_spares_whom_one_worked_on_and_can_itself_be_undone(
    opened: Opened, path: Path
) -> None:
    cards = [(card(f"Ana{n} Gil", f"+34600{n:06}"), None) for n in range(300)]
    opened.store.writes.import_cards(cards, origin=Origin.FILE).result()
    batch = opened.store.reads.batches()[0]
    assert (batch.kind, batch.count, batch.source) == (BatchKind.IMPORTED, 300, "file")
    mine = opened.store.reads.search("Ana7", ALL, 0, 1)[0]
    save(opened, stored(opened, mine.id), card=card("Ana7 Gil", "600111222"))
    before = {row.id: stored(opened, row.id).card for row in opened.store.reads.page(ALL, 0, 400)}
    result = undo(opened, batch.id)
    assert len(result.ids) == 299
    assert result.skipped == (Skipped(mine.id, "contact"),)
    assert [row.id for row in opened.store.reads.page(ALL, 0, 400)] == [mine.id]
    check_tables(path)
    again = opened.store.reads.batches()[0]
    assert (again.kind, again.count, again.source) == (BatchKind.DELETED, 299, "undo")
    assert len(undo(opened, again.id).ids) == 299
    assert {row.id: stored(opened, row.id).card for row in opened.store.reads.page(ALL, 0, 400)} == before
    check_tables(path)


def test_what_an_account_changed_goes_but_whom_it_brought_stays(opened: Opened) -> None:
    made = opened.add(card("Ana"))
    brought = Contact(id="11111111-2222-4333-8444-555555555555", card=card("Eva"), linked=True, origin=Origin.ACCOUNT)
    theirs = replace(stored(opened, made.id), card=card("Anna"), linked=True)
    commit(opened, AddContact(brought), SaveContact(theirs))
    changed, came, *_ = opened.store.reads.batches()
    assert (came.kind, came.count, came.contact, came.name) == (BatchKind.ADDED, 1, brought.id, "Eva")
    assert undo(opened, changed.id) == Undone((made.id,), ())
    assert undo(opened, came.id) == Undone((), (Skipped(brought.id, "contact"),))
    assert stored(opened, brought.id).card == card("Eva")
    assert stored(opened, made.id).card == card("Ana")
    assert stored(opened, made.id).linked, "the account has it still"


def test_a_value_that_lost_a_clash_is_no_change_but_can_be_restored(opened: Opened) -> None:
    made = opened.add(card("Ana"))
    commit(opened, Lost(made.id, "name", card("Anna"), made.card))
    lost = opened.store.reads.changes(made.id)[0]
    assert [batch.kind for batch in opened.store.reads.batches()] == [BatchKind.ADDED]
    assert undo(opened, lost.batch) == Undone()
    assert opened.store.writes.restore(made.id, lost.id).result().card == card("Anna")


def test_each_field_can_be_restored_and_that_undone(opened: Opened, path: Path) -> None:
    photo = opened.store.writes.put_photo(b"png").result()
    full = replace(
        card("Ana Gil", "600111222", company="Acme", email="a@b.example", note="rings late", groups="Clients"),
        birthday=Birthday(3, 14), photo=photo,
    )  # several to a line  # fmt: skip
    made = opened.add(full)
    save(opened, made, shared=True, marks=Marks(vip=True, blocked=True))
    save(opened, made, card=Card(name=Name(given="X")), shared=False, marks=Marks())
    bare = fields_of(stored(opened, made.id))
    changes = [change for change in opened.store.reads.changes(made.id) if change.batch == newest(opened)]
    assert len(changes) == 11
    for change in changes:
        back = opened.store.writes.restore(made.id, change.id).result()
        wanted = {**bare, change.field: fields_of(replace(made, shared=True, marks=Marks(True, True)))[change.field]}
        assert fields_of(back) == wanted == fields_of(stored(opened, made.id))
        latest = opened.store.reads.changes(made.id)[0]
        assert (latest.field, latest.new, latest.source) == (change.field, change.old, "undo")
        assert opened.store.writes.undo().result() == Undone((made.id,)), "what undo takes back first"
        assert fields_of(stored(opened, made.id)) == bare
    check_tables(path)


def test_a_deleted_note_can_be_restored(opened: Opened) -> None:
    made = opened.add(card("Ana"))
    note = opened.store.writes.add_note(made.id, "invoice").result()
    opened.store.writes.delete_note(note.id).result()
    change = opened.store.reads.changes(made.id)[0]
    for _ in range(2):
        opened.store.writes.restore(made.id, change.id).result()
        assert list(opened.store.reads.notes(made.id)) == [note]


def test_restoring_claims_an_unclaimed_contact_as_editing_does(opened: Opened) -> None:
    made = opened.add(card("", "600111222"), owner=Unclaimed("Sales"), origin=Origin.CALL)
    save(opened, made, card=card("Ana", "600111222"))
    opened.store.writes.undo().result()
    undone = next(change for change in opened.store.reads.changes(made.id) if change.field == "name")
    assert opened.store.writes.restore(made.id, undone.id).result().owner == Me()


def test_restoring_needs_the_contact_and_its_own_change(opened: Opened) -> None:
    made, other = opened.add(card("Ana")), opened.add(card("Eva"))
    save(opened, made, card=card("Mar"))
    change = opened.store.reads.changes(made.id)[0]
    with pytest.raises(StoreError) as stale:
        opened.store.writes.restore(other.id, change.id).result()
    opened.store.writes.delete([made.id]).result()
    with pytest.raises(StoreError) as gone:
        opened.store.writes.restore(made.id, change.id).result()
    assert (stale.value.trouble, gone.value.trouble) == (StoreTrouble.STALE, StoreTrouble.GONE)


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(st.integers(0, 2), CARDS, MARKS, st.booleans()), min_size=1, max_size=12), st.data())
def test_undo_of_fields_nobody_touched_later_restores_them_exactly(
    deeds: list[tuple[int, Card, Marks, bool]], data: st.DataObject
) -> None:
    folder = Path(tempfile.mkdtemp(prefix="rd-undo-"))
    opened = open_store(folder / "ringdesk.db")
    people = [opened.add(card(name)) for name in ("Ana", "Eva", "Mar")]
    saves: list[tuple[str, str, Contact]] = []
    for who, wanted, marks, shared in deeds:
        before = stored(opened, people[who].id)
        if save(opened, before, card=wanted, marks=marks, shared=shared) != before:
            saves.append((newest(opened), before.id, before))
    if saves:
        place = data.draw(st.integers(0, len(saves) - 1))
        batch, id, before = saves[place]
        wrote = fields_of(next((c for _, i, c in saves[place + 1 :] if i == id), stored(opened, id)))
        now, was = fields_of(stored(opened, id)), fields_of(before)
        others = {person.id: stored(opened, person.id) for person in people if person.id != id}
        result = undo(opened, batch)
        after = fields_of(stored(opened, id))
        for name in {*was, *wrote, *now}:
            untouched = now.get(name) == wrote.get(name)
            assert after.get(name) == (was if untouched else now).get(name)
        for skip in result.skipped:
            assert now.get(skip.field) not in (wrote.get(skip.field), was.get(skip.field))
        assert {other: stored(opened, other) for other in others} == others
    opened.store.close()
    check_tables(folder / "ringdesk.db")
    shutil.rmtree(folder)
