"""Two desks and a real directory: share, see, edit, unshare, claim, calls together, without windows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from ringdesk.domain.call import CallState, Direction
from ringdesk.domain.calllog import CallRecord
from ringdesk.domain.card import Card, Name, PhoneEntry
from ringdesk.domain.contact import Contact, Coworker, Marks, Me, Unclaimed
from ringdesk.domain.lookup import Book
from ringdesk.domain.numbering import parse
from ringdesk.domain.ownership import owner_after_edit
from ringdesk.domain.sockets import Show
from ringdesk.domain.team import ClaimLost, EditRefused
from tests.postgres import Team
from tests.providers.team.desks import ALL, TeamDesk
from tests.sync.desk import VirtualClock

pytestmark = pytest.mark.postgres
Seat = Callable[[str], TeamDesk]
MINE, THEIRS = Show(anonymous=None, book=Book.MINE), Show(anonymous=None, book=Book.SHARED)


@pytest.fixture
def desk(team: Team, tmp_path: Path) -> Seat:
    """Takes a seat; all desks share one clock."""
    clock = VirtualClock()
    return lambda login: TeamDesk(team, login, tmp_path / login, clock)


def tick(contact: Contact) -> Contact:
    return replace(contact, shared=True)


def untick(contact: Contact) -> Contact:
    return replace(contact, shared=False)


def called(given: str) -> Callable[[Contact], Contact]:
    def change(contact: Contact) -> Contact:
        named = replace(contact.card, name=Name(given=given))
        return replace(contact, card=named, owner=owner_after_edit(contact))

    return change


def phoned(number: str) -> Callable[[Contact], Contact]:
    return lambda c: replace(c, card=replace(c.card, phones=(*c.card.phones, PhoneEntry(number, "work"))))


def test_a_tick_puts_the_contact_into_the_coworkers_list_and_nothing_else(desk: Seat) -> None:
    alice, bob = desk("alice"), desk("bob")
    ana = alice.add("Ana", "600 111 222", note="walrus")
    alice.add("Private")
    alice.sync()
    bob.sync()
    assert bob.names() == []
    alice.change(ana.id, tick)
    alice.sync()
    bob.sync()
    [row] = bob.rows()
    assert (row.name, row.owner) == ("Ana", "Alice")
    assert bob.get(ana.id).owner == Coworker("alice", "Alice")
    assert bob.get(ana.id).card == Card(name=Name(given="Ana"), phones=(PhoneEntry("600 111 222", "mobile"),))
    assert b"walrus" not in bob.bytes_on_disk()
    assert b"Private" not in bob.bytes_on_disk()
    [found] = bob.reads.find(parse("+34600111222", "ES"))
    assert (found.book, found.owner_name, found.contact) == (Book.SHARED, "Alice", ana.id)
    assert [row.id for row in bob.reads.search("an", ALL, 0, 10)] == [ana.id]
    assert alice.sync().counts == {}
    assert alice.get(ana.id).revision == 2  # being shared is no edit


def test_an_untick_leaves_no_byte(desk: Seat) -> None:
    alice, bob = desk("alice"), desk("bob")
    ids = [alice.add(f"Xylophone{n}", f"60011122{n}", shared=True, groups=("Quokka",)).id for n in range(5)]
    alice.sync()
    bob.sync()
    assert len(bob.rows()) == 5
    packed = bob.packed_on_disk()
    for there in (b"Xylophone", *packed):
        assert there in bob.bytes_on_disk()  # the control: so it would be found
    for id in ids:
        alice.change(id, untick)
    alice.sync()
    bob.sync()
    assert bob.rows() == []
    assert len(packed) == 5
    for word in (
        b"Xylophone",
        b"xylophone",
        b"quokka",
        b"Quokka",
        b"60011122",
        *packed,
        *(one[-24:] for one in packed),
    ):
        assert word not in bob.bytes_on_disk(), word


def test_both_edit_and_both_edits_stand(desk: Seat) -> None:
    alice, bob = desk("alice"), desk("bob")
    ana = alice.add("Ana", "600 111 222", shared=True)
    alice.sync()
    bob.sync()
    bob.change(ana.id, phoned("910 000 001"))
    alice.change(ana.id, called("Ana María"))
    alice.sync()
    bob.sync()  # stale: merged field by field, and sent again
    alice.sync()
    for one in (alice, bob):
        card = one.get(ana.id).card
        assert (card.name.given, [p.value for p in card.phones]) == ("Ana María", ["600 111 222", "910 000 001"])
    assert alice.get(ana.id).owner == Me()
    assert not bob.sides.coworkers.edited()


def test_an_edit_made_offline_waits_even_over_a_restart(desk: Seat) -> None:
    alice, bob = desk("alice"), desk("bob")
    ana = alice.add("Ana", "600 111 222", shared=True)
    alice.sync()
    bob.sync()
    bob.change(ana.id, called("Eva"))
    bob.close()
    bob.open()
    assert bob.names() == ["Eva"]
    bob.sync()
    alice.sync()
    assert alice.names() == ["Eva"]


def test_an_edit_of_what_is_not_shared_any_more_is_told(desk: Seat) -> None:
    alice, bob = desk("alice"), desk("bob")
    ana = alice.add("Ana", "600 111 222", shared=True)
    alice.sync()
    bob.sync()
    bob.change(ana.id, called("Eva"))
    alice.change(ana.id, untick)
    alice.sync()
    bob.sync()
    assert bob.names() == []
    assert EditRefused(ana.id, "Eva", "gone") in bob.told
    assert alice.names() == ["Ana"]


def test_a_view_only_coworkers_edit_goes_back(team: Team, desk: Seat) -> None:
    alice, bob = desk("alice"), desk("bob")
    ana = alice.add("Ana", "600 111 222", shared=True)
    alice.sync()
    bob.sync()
    alice.directory.close()
    team.setup.execute("select api.set_coworker('bob', '{\"view_only\": true}')")
    bob.change(ana.id, called("Eva"))
    bob.sync()
    assert bob.names() == ["Ana"]
    assert EditRefused(ana.id, "Eva", "view only") in bob.told


def test_marks_and_notes_on_a_coworkers_contact_stay_here(team: Team, desk: Seat) -> None:
    alice, bob = desk("alice"), desk("bob")
    ana = alice.add("Ana", "600 111 222", shared=True)
    alice.sync()
    bob.sync()
    bob.change(ana.id, lambda c: replace(c, marks=Marks(vip=True)))
    bob.writes.add_note(ana.id, "likes walrus").result()
    bob.sync()
    alice.change(ana.id, called("Ana María"))
    alice.sync()
    bob.sync()
    assert bob.get(ana.id).marks == Marks(vip=True)
    assert [note.text for note in bob.reads.notes(ana.id)] == ["likes walrus"]
    assert bob.names(Show(vip=True)) == ["Ana María"]
    assert b"walrus" not in team.dump()
    alice.change(ana.id, untick)
    alice.sync()
    bob.sync()
    assert bob.rows() == []
    alice.change(ana.id, tick)
    alice.sync()
    bob.sync()
    assert bob.get(ana.id).marks == Marks(vip=True)
    assert [note.text for note in bob.reads.notes(ana.id)] == ["likes walrus"]


def ring(desk: TeamDesk, number: str, department: str = "Sales") -> str:
    owner = Unclaimed(department)
    return desk.writes.caller(parse(number, "ES"), number, name="", owner=owner).result()


def test_one_ring_on_many_desks_is_one_contact(desk: Seat) -> None:
    alice, bob, carol = desk("alice"), desk("bob"), desk("carol")
    for one in (alice, bob):
        ring(one, "+34600111222")
    for one in (alice, bob, carol, alice):
        one.sync()
    [here], [there] = alice.rows(), bob.rows()
    assert here.id == there.id
    assert alice.get(here.id).owner == Unclaimed("Sales")
    assert alice.reads.count(MINE) == 0  # it is the directory's now
    assert carol.rows() == []  # not her department


def test_the_first_who_edits_has_it_and_the_other_keeps_a_copy(desk: Seat) -> None:
    alice, bob = desk("alice"), desk("bob")
    ring(alice, "+34600111222")
    alice.sync()
    bob.sync()
    [row] = bob.rows()
    alice.change(row.id, called("Ana"))
    bob.change(row.id, called("Eva"))
    alice.sync()
    bob.sync()
    alice.sync()
    assert (alice.names(), bob.names()) == (["Ana"], ["Eva"])
    assert (alice.get(row.id).owner, alice.rows()[0].id) == (Me(), row.id)
    [lost] = [told for told in bob.told if isinstance(told, ClaimLost)]
    assert (lost.name, lost.by, lost.kept) == ("Eva", "Alice", bob.rows()[0].id)
    assert lost.kept != row.id
    assert bob.get(bob.rows()[0].id).owner == Me()
    alice.change(row.id, tick)
    bob.change(bob.rows()[0].id, tick)
    for one in (alice, bob, alice):
        one.sync()
    assert alice.names() == bob.names() == ["Ana", "Eva"]


def test_a_caller_claimed_without_a_server_is_claimed_when_it_is_back(desk: Seat) -> None:
    alice, bob = desk("alice"), desk("bob")
    local = ring(alice, "+34600111222")
    alice.change(local, called("Ana"))
    ring(bob, "+34600111222")
    alice.sync()
    bob.sync()
    alice.sync()
    assert alice.get(local).owner == Me()
    assert bob.rows() == []  # hers, and private


def call(desk: TeamDesk, contact: str, *, started: float, private: bool = False, id: str = "") -> str:
    record = CallRecord(
        id=id or desk.rounds._ids.new(),
        source="feed",
        direction=Direction.INCOMING,
        state=CallState.ANSWERED_HERE,
        over=True,
        number=parse("+34600111222", "ES"),
        contact=contact,
        elsewhere=isinstance(desk.get(contact).owner, Coworker),
        private=private,
        started=started,
        answered=started,
        ended=started + 240,
    )
    desk.store.call_writes.log(record).result()
    return record.id


def test_calls_and_their_notes_are_together_from_the_tick_on(team: Team, desk: Seat) -> None:
    alice, bob = desk("alice"), desk("bob")
    ana = alice.add("Ana", "600 111 222")
    before = call(alice, ana.id, started=alice.clock.now())
    alice.writes.add_note(ana.id, "before the tick", before).result()
    alice.clock.pass_(60)
    alice.change(ana.id, tick)
    alice.sync()
    bob.sync()
    alice.clock.pass_(60)
    after = call(alice, ana.id, started=alice.clock.now())
    alice.writes.add_note(ana.id, "asked for the offer", after).result()
    alice.writes.add_note(ana.id, "an own note").result()
    alice.sync()
    bob.sync()
    [told] = bob.joined.shared.calls_of(ana.id)
    assert (told.id, told.who, told.name, told.seconds, told.note) == (
        after, "alice", "Alice", 240, "asked for the offer",
    )  # several to a line  # fmt: skip
    theirs = call(bob, ana.id, started=bob.clock.now())
    bob.sync()
    alice.sync()
    assert [c.id for c in alice.joined.shared.calls_of(ana.id)] == [theirs]
    call(alice, ana.id, started=told.started, private=True, id=after)
    alice.sync()
    bob.sync()
    assert bob.joined.shared.calls_of(ana.id) == []
    assert b"asked for the offer" not in bob.bytes_on_disk()
    assert b"offer" not in team.dump()


def test_calls_of_a_private_contact_never_leave(team: Team, desk: Seat) -> None:
    alice = desk("alice")
    ana = alice.add("Ana", "600 111 222")
    alice.sync()
    id = call(alice, ana.id, started=alice.clock.now())
    alice.writes.add_note(ana.id, "walrus", id).result()
    alice.sync()
    assert b"walrus" not in team.dump()
    assert id.encode() not in team.dump()


def test_both_lists_are_one_in_order(desk: Seat) -> None:
    alice, bob = desk("alice"), desk("bob")
    for n in range(0, 300, 2):
        alice.add(f"Name {n:03}", shared=True)
        bob.add(f"Name {n + 1:03}")
    bob.add("Name 298")  # as one of hers
    alice.sync()
    bob.sync()
    whole = bob.names()
    assert whole == sorted([f"Name {n:03}" for n in range(300)] + ["Name 298"])
    assert bob.reads.count(ALL) == 301
    rows = bob.rows()
    for start in (250, 7, 100, 0, 299, 300, 33):
        assert [row.id for row in bob.reads.page(ALL, start, 40)] == [row.id for row in rows[start : start + 40]]
    for place in (0, 1, 150, 298, 299, 300):
        assert bob.reads.place(rows[place].id, ALL) == place
    assert len(bob.rows(MINE)) == 151
    assert len(bob.rows(THEIRS)) == 150
    found = [row.id for page in range(4) for row in bob.reads.search("name", ALL, page * 100, 100)]
    assert len(found) == len(set(found)) == 301


def test_a_lost_shared_file_is_made_anew(desk: Seat) -> None:
    alice, bob = desk("alice"), desk("bob")
    alice.add("Ana", shared=True)
    bob.add("Eva", shared=True)
    for one in (alice, bob, alice):
        one.sync()
    bob.close()
    (bob.folder / "shared.db").write_bytes(b"not a database at all" * 100)
    bob.open()
    assert bob.names() == ["Eva"]
    bob.sync()
    assert bob.names() == ["Ana", "Eva"]
    assert alice.sync().counts == {}


def test_a_deleted_contact_goes_from_all(desk: Seat) -> None:
    alice, bob = desk("alice"), desk("bob")
    ids = [alice.add(f"Ana {n}", shared=True).id for n in range(20)]
    alice.sync()
    bob.sync()
    assert bob.writes.delete(ids).result() == 0
    alice.writes.delete(ids).result()
    alice.sync()
    bob.sync()
    assert bob.rows() == []
