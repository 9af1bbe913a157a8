"""History and undo."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from ringdesk.domain.card import Card, Name
from ringdesk.domain.contact import Contact, Coworker, Marks, Me, Origin, Unclaimed, Undone
from ringdesk.domain.news import NotesChanged
from ringdesk.domain.sockets import Show
from ringdesk.store.contacts import held, remove
from ringdesk.store.history import differences, fields_of, taken_back, with_fields
from ringdesk.store.undo import Undo
from ringdesk.store.writer import Work
from tests.store.kit import ALL, REGION, Clock, Opened, card, check_tables, open_store


def test_every_field_of_a_contact_is_in_history_and_back() -> None:
    contact = Contact(
        id="a", card=card("Ana Gil", "600"), owner=Coworker("m", "M"), shared=True, marks=Marks(True, True), linked=True
    )
    bare = Contact(id="a", card=Card())
    assert with_fields(bare, fields_of(contact)) == contact
    assert taken_back(contact, differences(bare, contact)) == bare
    assert {field for field, _, _ in differences(bare, contact)} == {
        "name", "phones", "owner", "shared", "vip", "blocked", "linked",
    }  # several to a line  # fmt: skip


def test_a_field_that_changed_again_stays() -> None:
    first = Contact(id="a", card=Card(note="one"))
    second = replace(first, card=Card(note="two"))
    third = replace(first, card=Card(note="three", name=Name(given="Ana")))
    assert taken_back(third, differences(first, second)) == third


def test_changes_say_what_was_before(opened: Opened) -> None:
    made = opened.add(card("Ana Gil"))
    opened.store.writes.save(replace(made, card=card("Eva Gil", "600")), read_revision=1).result()
    phones, name, whole = opened.store.reads.changes(made.id)
    assert (whole.field, whole.old, whole.new) == ("contact", "null", "true")
    assert (name.field, name.old) == ("name", '{"given":"Ana","family":"Gil"}')
    assert (phones.field, phones.old, phones.source) == ("phones", "null", "hand")
    assert name.batch == phones.batch != whole.batch
    assert len(opened.store.reads.changes(made.id, 2)) == 2


def test_undo_takes_the_newest_batch_back_each_time(opened: Opened, path: Path) -> None:
    made = opened.add(card("Ana Gil", "600111222", groups="Clients"))
    writes, reads = opened.store.writes, opened.store.reads
    saved = writes.save(replace(made, card=card("Eva Gil"), marks=Marks(vip=True)), read_revision=1).result()
    note = writes.add_note(made.id, "invoice").result()
    writes.delete_note(note.id).result()
    writes.delete([made.id]).result()

    assert {change.field for change in reads.last_change()} == {"contact"}
    assert writes.undo().result().ids == (made.id,)
    back = reads.get(made.id)
    assert back is not None
    assert replace(back, revision=2, updated=saved.updated) == saved
    assert reads.notes(made.id) == []

    writes.undo().result()
    assert opened.news[-1] == NotesChanged(made.id)
    assert list(reads.notes(made.id)) == [note]
    assert opened.names("invoice") == ["Eva Gil"]
    writes.undo().result()
    assert reads.notes(made.id) == []
    writes.undo().result()
    first = reads.get(made.id)
    assert first is not None
    assert (first.card, first.marks) == (made.card, made.marks)
    assert reads.count(Show(group="Clients")) == 1
    writes.undo().result()
    assert reads.count(ALL) == 0
    assert reads.last_change() == []
    assert writes.undo().result() == Undone()
    check_tables(path)


def test_a_hundred_changes_can_be_taken_back(opened: Opened) -> None:
    contact = opened.add(card("Ana"))
    for n in range(100):
        contact = opened.store.writes.save(replace(contact, card=card(f"Ana{n}")), read_revision=n + 1).result()
    for n in reversed(range(99)):
        opened.store.writes.undo().result()
        kept = opened.store.reads.get(contact.id)
        assert kept is not None
        assert kept.card.name.given == f"Ana{n}"


def test_what_a_call_made_is_not_the_users_to_undo(opened: Opened) -> None:
    opened.add(card("", "600111222"), owner=Unclaimed("Sales"), origin=Origin.CALL)
    assert opened.store.reads.last_change() == []
    assert opened.store.writes.undo().result() == Undone()
    assert opened.store.reads.count(ALL) == 1


def test_undo_of_a_claim_gives_it_back(opened: Opened) -> None:
    made = opened.add(card("", "600111222"), owner=Unclaimed("Sales"), origin=Origin.CALL)
    claimed = opened.store.writes.save(replace(made, card=card("Ana", "600111222")), read_revision=1).result()
    assert claimed.owner == Me()
    opened.store.writes.undo().result()
    kept = opened.store.reads.get(made.id)
    assert kept is not None
    assert kept.owner == Unclaimed("Sales")


def test_undo_shows_in_the_history(opened: Opened) -> None:
    made = opened.add(card("Ana"))
    opened.store.writes.save(replace(made, shared=True), read_revision=1).result()
    opened.store.writes.undo().result()
    newest = opened.store.reads.changes(made.id)[0]
    assert (newest.field, newest.old, newest.new, newest.source) == ("shared", "true", "null", "undo")


def test_many_deleted_at_once_come_back_at_once(opened: Opened, path: Path) -> None:
    ids = [opened.add(card(f"Ana{n}", groups="Clients")).id for n in range(250)]
    opened.news.clear()
    assert opened.store.writes.delete(ids).result() == 250
    assert opened.store.reads.count(ALL) == 0
    check_tables(path)
    assert sorted(opened.store.writes.undo().result().ids) == sorted(ids)
    assert opened.store.reads.count(Show(group="Clients")) == 250
    check_tables(path)


def test_deleting_nothing_leaves_no_batch(opened: Opened) -> None:
    assert opened.store.writes.delete([]).result() == 0
    assert opened.store.writes.delete(["nobody"]).result() == 0
    assert opened.store.reads.last_change() == []


def test_notes_come_back_with_their_contact_and_are_found(opened: Opened, path: Path) -> None:
    made = opened.add(card("Ana"))
    note = opened.store.writes.add_note(made.id, "invoice", "call-1").result()
    opened.store.writes.delete([made.id]).result()
    assert opened.names("invoice") == []
    opened.store.writes.undo().result()
    assert list(opened.store.reads.notes(made.id)) == [note]
    assert opened.names("invoice") == ["Ana"]
    check_tables(path)


def test_an_undo_that_was_cut_short_goes_on(path: Path) -> None:
    opened = open_store(path)
    ids = [opened.add(card(f"Ana{n}")).id for n in range(250)]
    opened.store.writes.delete(ids).result()
    step = Undo(lambda: REGION, Clock().now, 100).step
    opened.store._writer.submit(step).result()
    assert opened.store.reads.count(ALL) == 100
    opened.store.close()

    opened = open_store(path)
    assert len(opened.store.writes.undo().result().ids) == 150
    assert opened.store.reads.count(ALL) == 250
    opened.store.close()
    check_tables(path)


def test_undo_leaves_alone_what_is_gone_since(opened: Opened) -> None:
    made = opened.add(card("Ana"))
    saved = opened.store.writes.save(replace(made, shared=True), read_revision=1).result()
    opened.store.writes.add_note(saved.id, "invoice").result()

    def vanish(work: Work) -> None:
        gone = held(work.connection, made.id)
        assert gone is not None
        remove(work.connection, gone, REGION)

    opened.store._writer.submit(vanish).result()
    left = [opened.store.writes.undo().result() for _ in range(3)]
    assert [one.ids for one in left] == [(), (), ()]
    assert [skip.field for one in left for skip in one.skipped] == ["shared"], "the note went with its contact"
    assert opened.store.reads.count(ALL) == 0
