"""Contacts: added, saved, deleted, refused, and the protocols they are reached by."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from ringdesk.domain.card import Birthday, Card, Name, PhoneEntry
from ringdesk.domain.contact import Coworker, Marks, Me, Origin, Unclaimed
from ringdesk.domain.news import ContactsChanged, NotesChanged
from ringdesk.domain.numbering import parse
from ringdesk.domain.phone import Withheld
from ringdesk.domain.sockets import CallReads, CallWrites, ContactReads, ContactWrites, Show
from ringdesk.domain.status import StoreError, StoreTrouble
from tests.store.kit import ALL, Opened, card, check_tables, open_store


def test_the_store_fulfils_the_sockets(opened: Opened) -> None:
    reads: ContactReads = opened.store.reads
    writes: ContactWrites = opened.store.writes
    calls: CallReads = opened.store.calls
    call_writes: CallWrites = opened.store.call_writes
    assert all((reads, writes, calls, call_writes))


def test_a_contact_comes_back_as_it_was_added(opened: Opened) -> None:
    full = replace(card("Ana Gil", "612 34 56 78", email="a@b.example"), birthday=Birthday(2, 29), custom=())
    made = opened.add(full, owner=Coworker("maria", "Maria"))
    assert made.card == full
    assert opened.store.reads.get(made.id) == made
    assert opened.news == [ContactsChanged(frozenset({made.id}))]


def test_a_contact_that_is_not_there_is_none(opened: Opened) -> None:
    assert opened.store.reads.get("no such id") is None


def test_a_save_counts_the_revision_and_keeps_creation(opened: Opened) -> None:
    made = opened.add(card("Ana Gil"))
    saved = opened.store.writes.save(
        replace(made, card=card("Ana Gil", "600111222"), origin=Origin.TEAM, created=1.0), read_revision=1
    ).result()
    assert (saved.revision, saved.origin, saved.created) == (2, Origin.HAND, made.created)
    assert saved.updated > made.updated
    assert opened.store.reads.get(made.id) == saved


def test_a_save_of_nothing_new_changes_nothing(opened: Opened) -> None:
    made = opened.add(card("Ana Gil"))
    assert opened.store.writes.save(made, read_revision=1).result() == made
    assert len(opened.store.reads.changes(made.id)) == 1


def test_a_stale_save_is_refused(opened: Opened) -> None:
    made = opened.add(card("Ana Gil"))
    opened.store.writes.save(replace(made, shared=True), read_revision=1).result()
    future = opened.store.writes.save(replace(made, card=card("Eva")), read_revision=1)
    with pytest.raises(StoreError) as refused:
        future.result()
    assert refused.value.trouble is StoreTrouble.STALE
    kept = opened.store.reads.get(made.id)
    assert kept is not None
    assert kept.card == made.card


def test_a_save_of_a_deleted_contact_is_refused(opened: Opened) -> None:
    made = opened.add(card("Ana Gil"))
    assert opened.store.writes.delete([made.id, made.id, "nobody"]).result() == 1
    with pytest.raises(StoreError) as refused:
        opened.store.writes.save(replace(made, shared=True), read_revision=1).result()
    assert refused.value.trouble is StoreTrouble.GONE


def test_editing_an_unclaimed_contact_claims_it(opened: Opened) -> None:
    made = opened.add(card("", "600111222"), owner=Unclaimed("Sales"), origin=Origin.CALL)
    saved = opened.store.writes.save(replace(made, card=card("Ana", "600111222")), read_revision=1).result()
    assert saved.owner == Me()
    assert [change.field for change in opened.store.reads.changes(made.id)] == ["owner", "name", "contact"]


def test_a_mark_does_not_claim(opened: Opened) -> None:
    made = opened.add(card("", "600111222"), owner=Unclaimed("Sales"), origin=Origin.CALL)
    saved = opened.store.writes.save(replace(made, marks=Marks(blocked=True)), read_revision=1).result()
    assert saved.owner == Unclaimed("Sales")


def test_two_calls_make_one_contact(opened: Opened) -> None:
    number = parse("600111222", "ES")
    first = opened.store.writes.caller(number, "600111222", name="ANA G", owner=Unclaimed("Sales")).result()
    second = opened.store.writes.caller(number, "+34 600 111 222", name="", owner=Me()).result()
    made = opened.store.reads.get(first)
    assert first == second
    assert made is not None
    assert not made.known
    assert opened.store.reads.find(number)[0].contact == first


def test_a_caller_is_found_again_whatever_its_text(opened: Opened) -> None:
    number = parse("+442071838750", "ES")
    first = opened.store.writes.caller(number, "020 7183 8750", name="", owner=Me()).result()
    assert opened.store.writes.caller(number, "02071838750", name="", owner=Me()).result() == first


def test_a_named_contact_is_the_caller_before_an_anonymous_one(opened: Opened) -> None:
    opened.add(card("", "600111222"), origin=Origin.CALL)
    named = opened.add(card("Ana", "+34 600111222"))
    number = parse("600111222", "ES")
    assert opened.store.writes.caller(number, "600111222", name="", owner=Me()).result() == named.id


def test_a_withheld_number_makes_no_contact(opened: Opened) -> None:
    with pytest.raises(ValueError, match="withheld"):
        opened.store.writes.caller(Withheld(), "", name="x", owner=Me())


def test_a_pick_is_remembered_until_forgotten_or_gone(opened: Opened) -> None:
    number = parse("600111222", "ES")
    one, two = opened.add(card("Ana", "600111222")), opened.add(card("Eva", "600111222"))
    writes, reads = opened.store.writes, opened.store.reads
    writes.pick(number, one.id).result()
    writes.pick(number, two.id).result()
    assert reads.picked(number) == two.id
    writes.delete([two.id]).result()
    assert reads.picked(number) is None
    writes.undo().result()
    assert reads.picked(number) == two.id
    writes.pick(number, None).result()
    assert reads.picked(number) is None
    writes.pick(Withheld(), one.id).result()
    assert reads.picked(Withheld()) is None


def test_a_note_is_dated_told_and_found(opened: Opened) -> None:
    made = opened.add(card("Ana"))
    old = opened.store.writes.add_note(made.id, "ring before noon").result()
    new = opened.store.writes.add_note(made.id, "Wants the invoice", "call-1").result()
    assert list(opened.store.reads.notes(made.id)) == [new, old]
    assert opened.store.reads.latest_note(made.id) == new
    assert opened.names("invo") == ["Ana"]
    assert opened.news[-1] == NotesChanged(made.id)
    opened.store.writes.delete_note(new.id).result()
    opened.store.writes.delete_note("no such note").result()
    assert opened.names("invo") == []


def test_the_newest_note_comes_with_the_caller(opened: Opened) -> None:
    made = opened.add(Card(name=Name(given="Ana"), phones=(PhoneEntry("+442079460123"),)))
    number = parse("+442079460123", "GB")
    assert [who.note for who in opened.store.reads.find(number)] == [""]
    opened.store.writes.add_note(made.id, "ring before noon").result()
    new = opened.store.writes.add_note(made.id, "Wants the invoice").result()
    assert [who.note for who in opened.store.reads.find(number)] == [new.text]


def test_a_note_takes_its_draft_away(opened: Opened) -> None:
    made = opened.add(card("Ana"))
    opened.store.call_writes.keep_draft("call-1", "Wants").result()
    opened.store.writes.add_note(made.id, "Wants it", "call-1").result()
    assert opened.store.calls.draft("call-1") == ""


def test_a_note_on_nobody_is_refused(opened: Opened) -> None:
    with pytest.raises(StoreError) as refused:
        opened.store.writes.add_note("nobody", "text").result()
    assert refused.value.trouble is StoreTrouble.GONE


def test_a_photo_is_kept_once_by_its_digest(opened: Opened) -> None:
    digest = opened.store.writes.put_photo(b"\x89PNG").result()
    assert opened.store.writes.put_photo(b"\x89PNG").result() == digest
    assert opened.store.reads.photo(digest) == b"\x89PNG"
    assert opened.store.reads.photo("0" * 64) is None


def test_letters_no_file_can_hold_are_replaced(opened: Opened, path: Path) -> None:
    made = opened.add(Card(name=Name(given="A\ud800b"), phones=(PhoneEntry("1\udfff"),), note="x\x00y"))
    assert made.card.name.given == "A?b"
    assert opened.store.reads.get(made.id) == made
    assert opened.names("A\ud800") == ["A?b"]
    check_tables(path)


def test_a_card_of_a_megabyte_is_kept_whole(opened: Opened, path: Path) -> None:
    text = " ".join(f"word{n}" for n in range(100_000))
    made = opened.add(card("Ana", note=text))
    kept = opened.store.reads.get(made.id)
    assert kept is not None
    assert kept.card.note == text
    check_tables(path)


def test_the_home_region_can_change(path: Path) -> None:
    opened = open_store(path)
    made = opened.add(card("Ana", "020 7183 8750"))
    london = parse("+442071838750", "GB")
    assert all(one.number != london for one in opened.store.reads.find(london))
    assert opened.store.set_region("GB").result() == 1
    assert [(one.contact, one.number) for one in opened.store.reads.find(london)] == [(made.id, london)]
    opened.store.close()
    check_tables(path, "GB")


def test_a_region_changed_while_closed_is_caught_up(path: Path) -> None:
    opened = open_store(path)
    opened.add(card("Ana", "020 7183 8750"))
    opened.store.close()
    open_store(path, region="GB").store.close()
    check_tables(path, "GB")


def test_groups_in_use_are_named_in_order(opened: Opened) -> None:
    made = opened.add(card("Ana", groups="work Clients"))
    opened.add(card("", "600111222", groups="Callers"), origin=Origin.CALL)
    assert list(opened.store.reads.groups()) == ["Callers", "Clients", "work"]
    opened.store.writes.save(replace(made, card=card("Ana", groups="Clients")), read_revision=1).result()
    assert list(opened.store.reads.groups()) == ["Callers", "Clients"]
    assert [row.name for row in opened.store.reads.page(Show(group="Clients"), 0, 9)] == ["Ana"]
    assert opened.store.reads.count(Show(group="Clients")) == 1
    assert opened.store.reads.count(Show(group="nothing")) == 0
    assert opened.store.reads.page(Show(group="nothing"), 0, 9) == []


def test_another_thread_reads_on_a_connection_of_its_own(opened: Opened) -> None:
    reader = opened.store.reader()
    opened.add(card("Ana"))
    assert reader.contacts.count(ALL) == 1
    assert reader.calls.unseen_missed() == 0
    reader.close()
