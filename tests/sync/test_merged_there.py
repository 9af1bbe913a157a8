"""Contacts that were merged there while this desk held something of them that nobody else has: they become that one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from random import Random

import pytest

from ringdesk.domain.card import CustomField, Name
from ringdesk.domain.contact import Contact
from ringdesk.domain.remote import Page, RemoteGone, RemoteItem, Retry
from ringdesk.domain.replica import Choice, Direction, LinkState, Question, Review
from tests.sync.desk import DeskClock
from tests.sync.judge import Judge
from tests.sync.kit import Pair, card
from tests.sync.memory_remote import Fault, Faults, Held, MemoryBook
from tests.sync.world import Ledger

ANA, BEA = "+34600111222", "+34600333444"


def unclear(pair: Pair, creations: int = 1, *, phones: Sequence[str] = (ANA,)) -> Held:
    """Creations that were carried out, and whose answers and listing never came; gives what was made of Ana."""
    pair.desk.add(card("Ana", *phones))
    pair.book.faults = Faults(Random(1), 1.0, (Fault.CUT_AFTER,))
    pair.server.delay = lambda: 500.0
    assert pair.sync().unclear == creations
    pair.book.faults.rate = 0.0
    pair.server.delay = lambda: 0.0
    return pair.there("Ana")


def merged(pair: Pair, into: Held, gone: Held, *, mark: bool = False) -> None:
    """Make one of two there, of which no report tells the former id."""
    both = replace(into.card, phones=(*into.card.phones, *gone.card.phones))
    pair.server.merge(into.remote, gone.remote, both)
    into.former = ()
    into.id = gone.id if mark else ""


def ends_as_one(pair: Pair, *phones: str) -> Contact:
    """One contact on either side, with all that was entered; gives it."""
    for _ in range(3):
        pair.sync()
    pair.settled()
    assert len(pair.server.held) == 1
    [contact] = pair.desk.contacts()
    assert {phone.value for phone in contact.card.phones} == {*phones}
    return contact


def edited(pair: Pair, name: str, **changed: object) -> None:
    contact = pair.here(name)
    pair.desk.edit(contact.id, replace(contact.card, **changed))  # type: ignore[arg-type]  # any field


def test_a_creation_merged_away_is_not_repeated_though_a_part_of_it_was_removed_since(pair: Pair) -> None:
    """Seed 906724: the contact here that had taken it over no longer had its phone, which was taken for a no."""
    made = unclear(pair)
    merged(pair, pair.server.add(card("Bea", BEA)), made)
    pair.sync()
    edited(pair, "Bea", phones=card("", BEA).phones)
    ends_as_one(pair, BEA)
    assert len(pair.server.creates) == 1


def test_a_creation_merged_away_is_not_repeated_by_a_desk_whose_clock_is_ahead(pair: Pair) -> None:
    """Seed 920747: by that clock the merge was older than the creation."""
    pair.desk.clock = DeskClock(pair.clock, wrong=400 * 86_400.0)
    pair.desk.close()
    pair.desk.open()
    made = unclear(pair)
    merged(pair, pair.server.add(card("Bea", BEA)), made)
    ends_as_one(pair, ANA, BEA)
    assert len(pair.server.creates) == 1


def test_a_creation_into_which_another_one_was_merged_is_found_without_our_mark(pair: Pair) -> None:
    """Seed 922123: it was like the other one, so that the user was asked about that, and it was sent again."""
    bea = pair.server.add(card("Bea", BEA))
    pair.sync()
    made = unclear(pair)
    edited(pair, "Bea", note="mine")
    merged(pair, made, bea)
    for told in pair.server.log:
        told.at += 900.0 if told.remote == made.remote else 0.0  # the tombstone comes first
    ends_as_one(pair, ANA, BEA)
    assert len(pair.server.creates) == 1
    assert not pair.questions(Review.DOUBTFUL)


def taken_back(pair: Pair) -> Held:
    """A contact there whose coming here was undone."""
    held = pair.server.add(card("Bea", BEA))
    pair.sync()
    assert pair.desk.engine.undo().counts
    assert pair.desk.replicas.in_state(LinkState.IGNORED, 1)
    return held


@pytest.mark.parametrize("mark", [True, False])
def test_an_edited_contact_merged_into_one_that_does_not_come_here_is_that_one(pair: Pair, *, mark: bool) -> None:
    """Seeds 906873, 910702, 911017 and 921555: nobody here had become of it, so it was made again beside itself."""
    bea = taken_back(pair)
    pair.desk.add(card("Ana", ANA))
    pair.sync()
    edited(pair, "Ana", note="mine")
    merged(pair, bea, pair.there("Ana"), mark=mark)
    assert ends_as_one(pair, ANA, BEA).card.note == "mine"


@pytest.mark.parametrize("full", [True, False])
@pytest.mark.parametrize("seen", [True, False])
def test_a_creation_merged_away_and_changed_here_is_found_by_a_listing_of_all_too(
    pair: Pair, *, full: bool, seen: bool
) -> None:
    """A pull that takes strangers in as one looked at no creation that nobody had answered."""
    if seen:
        pair.sync()
    made = unclear(pair)
    contact = pair.here("Ana")
    pair.desk.edit(contact.id, replace(contact.card, name=Name(given="Zoe"), phones=card("", "+34600999888").phones))
    merged(pair, pair.server.add(card("Bea", BEA)), made)
    pair.desk.engine.round(full=full)
    for _ in range(3):
        pair.sync()
    pair.settled()
    assert len(pair.server.creates) == 1


@pytest.mark.parametrize("mark", [True, False])
def test_a_creation_merged_into_one_that_does_not_come_here_is_that_one(pair: Pair, *, mark: bool) -> None:
    """Seed 924752."""
    bea = taken_back(pair)
    merged(pair, bea, unclear(pair), mark=mark)
    ends_as_one(pair, ANA, BEA)
    assert len(pair.server.creates) == 1


def test_a_creation_merged_there_leaves_a_desk_that_only_writes_what_that_one_lacks_here(pair: Pair) -> None:
    """Its phones were nowhere here any more."""
    pair.set(direction=Direction.TO)
    pair.desk.add(card("Bea", BEA, custom=(CustomField("number", "1"),)))
    pair.sync()
    made = unclear(pair)
    edited(pair, "Ana", custom=(CustomField("shoe size", "39"),))
    merged(pair, pair.there("Bea"), made)
    for _ in range(3):
        pair.sync()
    assert pair.names() == pair.names_there() == ["Bea"]
    bea = pair.here("Bea").card
    assert {phone.value for phone in bea.phones} == {ANA, BEA}
    assert {one.value for one in bea.custom} == {one.value for one in pair.there("Bea").card.custom} == {"1", "39"}
    assert len(pair.server.creates) == 2
    before = pair.server.mutations
    pair.sync()
    assert pair.server.mutations == before


def test_a_merge_there_overrules_no_field_of_a_desk_that_only_writes(pair: Pair) -> None:
    """Seed 1390327 of more merges than usual: a field of one's own with another value in the other was sent there."""
    pair.desk.add(card("Ana", ANA, custom=(CustomField("number", "2"),)))
    pair.desk.add(card("Bea", BEA, custom=(CustomField("number", "1"),)))
    pair.sync()
    pair.set(direction=Direction.TO)
    edited(pair, "Ana", note="mine")
    merged(pair, pair.there("Bea"), pair.there("Ana"), mark=True)
    for _ in range(3):
        pair.sync()
    assert pair.names() == pair.names_there() == ["Bea"]
    assert pair.here("Bea").card.custom == pair.there("Bea").card.custom == (CustomField("number", "1"),)


def test_what_does_not_come_here_still_does_not_though_it_was_edited_there(pair: Pair) -> None:
    bea = taken_back(pair)
    pair.desk.add(card("Ana", ANA))
    pair.sync()
    edited(pair, "Ana", note="mine")
    pair.server.edit(bea.remote, card("Bea", BEA, note="theirs"))
    pair.server.delete(pair.there("Ana").remote)
    for _ in range(3):
        pair.sync()
    assert (pair.names(), pair.names_there()) == (["Ana"], ["Ana", "Bea"])


def test_what_does_not_come_here_and_had_the_same_phone_before_is_not_what_another_was_merged_into(pair: Pair) -> None:
    """A switchboard's phone is on both; the one that is left there was edited, and the other one deleted."""
    eva = pair.server.add(card("Eva", ANA))
    pair.sync()
    assert pair.desk.engine.undo().counts
    ana = pair.server.add(card("Ana", ANA))
    pair.sync()
    edited(pair, "Ana", note="mine")
    pair.server.edit(eva.remote, card("Eva", ANA, note="theirs"))
    pair.server.delete(ana.remote)
    for _ in range(3):
        pair.sync()
    assert (pair.names(), pair.names_there()) == (["Ana"], ["Ana", "Eva"])
    assert pair.there("Ana").card.note == "mine"


@pytest.mark.parametrize("first", ["Ana", "Bea"])
def test_two_that_were_merged_and_deleted_there_are_made_again_as_one(pair: Pair, first: str) -> None:
    """Seed 924184: both were edited here, and each was made again for itself."""
    ana, bea = pair.server.add(card("Ana", ANA)), pair.server.add(card("Bea", BEA))
    pair.sync()
    merged(pair, bea, ana)
    assert pair.desk.engine.refresh(pair.here("Bea").id)  # which tells nothing of the other one
    edited(pair, first, note="mine")
    edited(pair, "Bea" if first == "Ana" else "Ana", emails=())
    for name, note in (("Ana", "of Ana"), ("Bea", "of Bea")):
        edited(pair, name, note=note)
    pair.server.delete(bea.remote)
    contact = ends_as_one(pair, ANA, BEA)
    assert contact.card.name.given == "Bea"
    assert Judge(Ledger(), pair.hand, pair.desks).doubled() == []


def test_two_that_share_a_phone_and_were_deleted_there_are_made_again_as_two(pair: Pair) -> None:
    ana, bea = pair.server.add(card("Ana", ANA)), pair.server.add(card("Bea", ANA))
    pair.sync()
    edited(pair, "Ana", note="of Ana")
    edited(pair, "Bea", note="of Bea")
    pair.server.delete(ana.remote)
    pair.server.delete(bea.remote)
    for _ in range(3):
        pair.sync()
    pair.settled()
    assert pair.names() == pair.names_there() == ["Ana", "Bea"]


def doubt(pair: Pair) -> tuple[Held, Question]:
    """Ana is edited here and deleted there, Eva, with her phone, is new there: is she Ana? Gives what lay there."""
    ana = pair.server.add(card("Ana", ANA))
    pair.sync()
    edited(pair, "Ana", note="mine")
    pair.server.delete(ana.remote)
    pair.sync()
    pair.server.add(card("Eva", ANA))
    pair.desk.sync()
    [question] = pair.questions(Review.DOUBTFUL)
    return ana, question


def test_one_that_is_found_again_does_not_wait_for_what_the_user_says_of_another(pair: Pair) -> None:
    """Seed 941165: while gone it looked like another one; another desk made it again, and its edits waited for ever."""
    ana, _ = doubt(pair)
    pair.server.add(card("Ana", ANA, BEA), id=pair.here("Ana").id).was = (ana.remote,)
    pair.settled()
    assert pair.there("Ana").card.note == pair.here("Ana").card.note == "mine"


def asked_in(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The ids that one round asks for."""
    asked: list[str] = []
    fetch = MemoryBook.fetch

    def counted(book: MemoryBook, remotes: Sequence[str]) -> Sequence[RemoteItem]:
        asked.extend(remotes)
        return fetch(book, remotes)

    with monkeypatch.context() as patch:
        patch.setattr(MemoryBook, "fetch", counted)
        pair.sync()
    return asked


def test_what_waits_for_what_the_user_says_is_not_asked_for_in_every_round(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was asked for twice, which made four requests of an idle round instead of two."""
    _, question = doubt(pair)
    assert asked_in(pair, monkeypatch) == []
    pair.answer(question, Choice.SAME)
    pair.settled()
    assert pair.there("Eva").card.note == "mine"


def test_a_contact_that_the_user_said_is_another_one_is_not_poured_into_it(pair: Pair) -> None:
    _, question = doubt(pair)
    pair.answer(question, Choice.DIFFERENT)
    pair.sync()
    pair.settled()
    assert (pair.names(), pair.names_there()) == (["Ana", "Eva"], ["Ana", "Eva"])
    assert pair.there("Ana").card.note == "mine"


class Misled(MemoryBook):
    """Its next listing says that a contact is gone which is there, and its next look at one breaks the round off."""

    said_gone = ""
    breaks = False

    def pull(self, cursor: str | None) -> Iterator[Page]:
        if self.said_gone:
            yield Page(items=(RemoteGone(self.said_gone),), full=False, total=None, complete=False, cursor=None)
            self.said_gone = ""
        yield from super().pull(cursor)

    def fetch(self, remotes: Sequence[str]) -> Sequence[RemoteItem]:
        if self.breaks:
            self.breaks = False
            raise Retry("cut", after=1000.0)
        return super().fetch(remotes)


def test_what_a_round_left_undecided_is_asked_for_in_the_next_one(pair: Pair) -> None:
    """A doubt had risen by then: it was taken for one that had been looked at, and what was edited here never went."""
    ana = pair.server.add(card("Ana", ANA))
    pair.sync()
    edited(pair, "Ana", note="mine")
    pair.server.add(card("Eva", ANA))
    misled = Misled(pair.server)
    pair.desk.renewed(misled)
    misled.said_gone, misled.breaks = ana.remote, True
    with pytest.raises(Retry):
        pair.sync()
    assert [one.remote for one in pair.questions(Review.DOUBTFUL)] == [pair.there("Eva").remote]
    pair.sync()
    assert ana.card.note == "mine"
    pair.settled()
    assert pair.names() == pair.names_there() == ["Ana", "Eva"]
    assert pair.questions(Review.DOUBTFUL) == []
