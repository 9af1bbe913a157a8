"""Fields that are not synced for a while: what happens to them meanwhile is merged when they are synced again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial

import pytest

from ringdesk.domain.card import Card, CustomField, PhoneEntry
from ringdesk.domain.contact import Contact
from ringdesk.domain.remote import Op, Page, Result, Retry
from ringdesk.domain.replica import Choice, Clash, GoneThere, Policy, Review
from ringdesk.sync.merge import FIELDS
from ringdesk.sync.pulling import Pulling
from tests.sync.crashes import Crash
from tests.sync.kit import Pair, card, mail
from tests.sync.memory_remote import Held, MemoryBook
from tests.sync.test_broken_off import ZOE, broken_off
from tests.sync.test_merged_there import BEA

ALL = frozenset(FIELDS)
PHONE = "+34600111222"


@pytest.fixture(params=[*Clash], ids=lambda clash: clash.name.lower())
def ana(pair: Pair, request: pytest.FixtureRequest) -> Held:
    """A contact with a note, whose note is not synced any more; whoever wins a clash."""
    pair.set(clash=request.param)
    held = pair.server.add(card("Ana", "+34600111222", note="old"))
    pair.sync()
    pair.set(fields=ALL - {"note"})
    pair.sync()
    return held


def there(pair: Pair, held: Held, note: str) -> None:
    pair.server.edit(held.remote, replace(held.card, note=note))


def here(pair: Pair, note: str) -> None:
    contact = pair.here("Ana")
    pair.desk.edit(contact.id, replace(contact.card, note=note))


def on_again(pair: Pair) -> None:
    pair.sync()
    pair.set(fields=ALL)
    pair.settled()


def test_an_edit_made_there_meanwhile_comes_here(pair: Pair, ana: Held) -> None:
    there(pair, ana, "new")
    pair.sync()
    assert pair.here("Ana").card.note == "old"
    on_again(pair)
    assert (pair.here("Ana").card.note, ana.card.note) == ("new", "new")


def test_an_edit_made_here_meanwhile_goes_there(pair: Pair, ana: Held) -> None:
    here(pair, "new")
    pair.sync()
    assert ana.card.note == "old"
    on_again(pair)
    assert (pair.here("Ana").card.note, ana.card.note) == ("new", "new")


def test_an_edit_made_there_survives_other_edits_of_the_contact(pair: Pair, ana: Held) -> None:
    """Writes of other fields answer with all of the contact; that is no agreement about this one."""
    there(pair, ana, "new")
    contact = pair.here("Ana")
    pair.desk.edit(contact.id, replace(contact.card, phones=(*contact.card.phones, PhoneEntry("+34600333444", "work"))))
    on_again(pair)
    assert (pair.here("Ana").card.note, ana.card.note) == ("new", "new")


@pytest.mark.parametrize("at_desk", [True, False], ids=["here", "there"])
def test_what_was_removed_meanwhile_does_not_come_back(pair: Pair, ana: Held, *, at_desk: bool) -> None:
    if at_desk:
        here(pair, "")
    else:
        there(pair, ana, "")
    on_again(pair)
    assert (pair.here("Ana").card.note, ana.card.note) == ("", "")


@pytest.mark.parametrize("clash", [Clash.RECENT, Clash.MINE, Clash.THEIRS])
def test_edits_on_both_sides_are_a_clash_and_the_loser_is_kept(pair: Pair, clash: Clash) -> None:
    pair.set(clash=clash)
    held = pair.server.add(card("Ana", "+34600111222", note="old"))
    pair.sync()
    pair.set(fields=ALL - {"note"})
    here(pair, "of here")
    pair.sync()
    there(pair, held, "of there")
    on_again(pair)
    won = "of here" if clash is Clash.MINE else "of there"
    assert (pair.here("Ana").card.note, held.card.note) == (won, won)
    kept = "SELECT 1 FROM change WHERE field = 'note' AND (instr(old, ?1) OR instr(new, ?1))"
    for note in ("of here", "of there"):
        assert pair.desk.reader.connection.value(kept, (note,))


def test_a_field_never_synced_before_is_merged_like_a_first_meeting(pair: Pair) -> None:
    pair.set(fields=ALL - {"custom", "note"})
    phones, plate = (PhoneEntry("+34600111222"),), (CustomField("Plate", "1"),)
    held = pair.server.add(Card(phones=phones, custom=plate, note="there"))
    pair.sync()
    [contact] = pair.desk.contacts()
    assert contact.card.note == ""
    pair.desk.edit(contact.id, replace(contact.card, custom=(CustomField("Size", "2"),)))
    on_again(pair)
    [contact] = pair.desk.contacts()
    assert {one.key for one in contact.card.custom} == {one.key for one in held.card.custom} == {"Plate", "Size"}
    assert contact.card.note == held.card.note == "there"


def test_a_field_that_is_left_out_is_no_edit_of_a_deleted_contact(pair: Pair) -> None:
    """Its base was still there and it was not shown any more, which looked like an edit: the contact was made again."""
    pair.set(gone_there=GoneThere.DELETE)
    held = pair.server.add(card("Ana", "+34600111222", note="old"))
    pair.sync()
    pair.set(fields=ALL - {"note"})
    pair.server.delete(held.remote)
    for _ in range(3):
        pair.sync()
    assert pair.names() == pair.names_there() == []


def test_a_private_field_that_is_private_no_more_is_merged(pair: Pair) -> None:
    held = pair.server.add(card("Ana", "+34600111222", custom=(CustomField("Plate", "1"),)))
    pair.sync()
    pair.set(private_custom=Policy().private_custom | {"Plate"})
    pair.sync()
    pair.server.edit(held.remote, replace(held.card, custom=(CustomField("Plate", "2"),)))
    pair.sync()
    pair.set(private_custom=Policy().private_custom)
    pair.settled()
    assert held.card.custom == pair.here("Ana").card.custom == (CustomField("Plate", "2"),)


def test_what_was_entered_in_a_field_left_out_keeps_a_contact_from_being_deleted(pair: Pair) -> None:
    """It is nowhere else: the user is asked, whatever was chosen for contacts that are deleted there."""
    pair.set(gone_there=GoneThere.DELETE)
    held, other = pair.server.add(card("Ana", "+34600111222")), pair.server.add(card("Berta", "+34600111333"))
    pair.sync()
    pair.set(fields=ALL - {"note"})
    here(pair, "mine")
    pair.sync()
    for one in (held, other):
        pair.server.delete(one.remote)
    pair.sync()
    assert pair.names() == ["Ana"]
    assert [one.contact for one in pair.questions(Review.REMOVED)] == [pair.here("Ana").id]


def test_what_was_entered_in_a_field_left_out_stays_when_two_are_merged_there(pair: Pair) -> None:
    """The one that went took its phone along, which was nowhere else."""
    pair.desk.map(pair.desk.policy.fields - {"phones"})
    pair.desk.add(card("Ana", "+34600111222", emails=mail("ana@example.com")))
    pair.desk.add(card("Bea", "+34600111333", emails=mail("bea@example.com")))
    pair.sync()
    both = card("Ana", emails=(*mail("ana@example.com"), *mail("bea@example.com")))
    pair.server.merge(pair.there("Ana").remote, pair.there("Bea").remote, both)
    pair.sync()
    assert pair.names() == ["Ana"]
    pair.desk.map(pair.desk.policy.fields | {"phones"})
    pair.settled()
    assert {phone.value for phone in pair.there("Ana").card.phones} == {"+34600111222", "+34600111333"}


@pytest.mark.parametrize("own", [(), ("+34600111333",)])
def test_what_another_desk_leaves_out_is_not_removed_when_that_desk_makes_it_again(
    pair: Pair, own: tuple[str, ...]
) -> None:
    """An undo deleted it there, the other desk had edited it; the phone, which that one never saw, went here, too."""
    pair.desk.add(card("Ana", "+34600111222", note="old"))
    pair.sync()
    second = pair.second()
    second.map(second.policy.fields - {"phones"})
    second.sync()
    [ana] = second.contacts()
    pair.desk.engine.undo()
    pair.sync()
    second.edit(ana.id, card("Ana", *own, note="new"))
    second.map(second.policy.fields | {"phones"})
    while not pair.server.held:
        pair.clock.pass_(700.0)
        second.sync()
    pair.settled()
    assert pair.here("Ana").card.note == "new"
    for ana_card in (pair.here("Ana").card, pair.there("Ana").card):
        assert {phone.value for phone in ana_card.phones} == {"+34600111222", *own}


class Breaking(MemoryBook):
    """A listing that breaks off after all of its pages but the last."""

    def pull(self, cursor: str | None) -> Iterator[Page]:
        for page in super().pull(cursor):
            if page.complete:
                raise Retry("cut", after=1000.0)
            yield page


def test_what_came_before_a_listing_broke_off_is_read_again_with_all_its_fields(pair: Pair) -> None:
    """Seed 933324: a field was left out for that one round only, and stayed out of what had come in it."""
    pair.server.add(card("Ana", "+34600111222"))
    pair.sync()
    for name in ("Eva", "Bea"):
        pair.server.add(card(name, "+34600333444"))
    pair.set(fields=ALL - {"phones"})
    pair.desk.renewed(Breaking(pair.server, page=1))
    with pytest.raises(Retry):
        pair.sync()
    pair.desk.renewed(pair.book)
    pair.set(fields=ALL)
    pair.settled()
    assert [len(contact.card.phones) for contact in pair.desk.contacts()] == [1, 1, 1]


def test_nothing_is_read_for_a_call_before_a_round_with_other_fields(pair: Pair) -> None:
    """It would be read as if the fields left out had been looked at."""
    held = pair.server.add(card("Ana", "+34600111222"))
    pair.sync()
    pair.set(fields=ALL - {"phones"})
    pair.server.edit(held.remote, card("Ana", "+34600111222", "+34600333444"))
    assert not pair.desk.engine.refresh(pair.here("Ana").id)
    pair.set(fields=ALL)
    pair.settled()
    assert len(pair.here("Ana").card.phones) == 2


@pytest.mark.parametrize("between", [True, False], ids=["left out when answered", "all synced"])
@pytest.mark.parametrize("choice", [Choice.SAME, Choice.DIFFERENT])
def test_what_came_with_an_answer_is_read_again_with_all_its_fields(
    pair: Pair, choice: Choice, *, between: bool
) -> None:
    """Seed 2001675: phones were left out for that answer only, and the next one added here took the place of theirs."""
    held = pair.server.add(card("Bea", "+34600111222", "+34600333444"))
    pair.desk.add(card("Ana", "+34600111222"))
    pair.sync()
    [asked] = pair.questions(Review.DOUBTFUL)
    if between:
        pair.set(fields=ALL - {"phones"})
    pair.answer(asked, choice)
    pair.set(fields=ALL)
    come = pair.desk.replicas.links([held.remote])[held.remote].contact
    contact = pair.desk.get(come)
    added = (*contact.card.phones, PhoneEntry("+34600555666", "work"))
    pair.desk.edit(come, replace(contact.card, phones=added))
    pair.settled()
    for one in (pair.desk.get(come).card, held.card):
        assert {phone.value[-3:] for phone in one.phones} == {"222", "444", "666"}


def test_what_an_open_request_brought_is_read_again_with_all_its_fields(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its answer was lost; the next round, with phones left out for once, ended before it had listed anything."""
    held = pair.server.add(card("Ana", "+34600111222"))
    pair.sync()
    here(pair, "new")
    with monkeypatch.context() as cut:
        cut.setattr(MemoryBook, "push", partial(unheard, pair.book.push))
        with pytest.raises(Crash):
            pair.sync()
    pair.server.edit(held.remote, card("Ana", "+34600111222", "+34600333444", note="new"))
    pair.set(fields=ALL - {"phones"})
    with monkeypatch.context() as cut:
        cut.setattr(Pulling, "pull", killed)
        with pytest.raises(Crash):
            pair.sync()
    pair.set(fields=ALL)
    pair.sync()
    contact = pair.here("Ana")
    pair.desk.edit(contact.id, replace(contact.card, phones=(*contact.card.phones, PhoneEntry("+34600555666", "work"))))
    pair.settled()
    assert {phone.value[-3:] for phone in held.card.phones} == {"222", "444", "666"}


def unheard(push: Callable[[Sequence[Op]], Sequence[Result]], ops: Sequence[Op]) -> None:
    """The program is killed before the answer is there."""
    push(ops)
    killed()


def killed(*_: object, **__: object) -> None:
    raise Crash("here")


def renamed_untold(pair: Pair, **policy: object) -> Contact:
    """A contact gets another id there, which no report tells, while its phone is left out here; a page is one."""
    pair.set(**policy)
    held = pair.server.add(card("Ana", PHONE))
    pair.sync()
    ana = pair.here("Ana")
    pair.set(fields=ALL - {"phones"})
    pair.server.rename(held.remote)
    held.former = ()
    pair.server.add(card("Zoe", ZOE))
    pair.desk.renewed(MemoryBook(pair.server, page=1))
    return ana


def ends_as_it_was(pair: Pair, ana: Contact, *, name: str = "Ana") -> None:
    assert not any(pair.questions(kind) for kind in Review)
    now = pair.here(name)
    assert (now.id, now.card.phones) == (ana.id, ana.card.phones)
    pair.set(fields=ALL)
    pair.settled()
    assert pair.names() == pair.names_there() == [name, "Zoe"]
    assert pair.here(name).card.phones == pair.there(name).card.phones == ana.card.phones


@pytest.mark.parametrize("gone_there", [*GoneThere], ids=lambda one: one.name.lower())
def test_one_whose_new_id_nobody_told_is_found_though_its_phone_is_left_out(pair: Pair, gone_there: GoneThere) -> None:
    """Seed 2030566: it came again without its phone, beside one of which the user was asked whether it was removed."""
    ana = renamed_untold(pair, gone_there=gone_there)
    pair.sync()
    ends_as_it_was(pair, ana)


def test_one_edited_here_whose_new_id_nobody_told_is_found_though_its_phone_is_left_out(pair: Pair) -> None:
    """It was made there a second time, or the user was asked about it."""
    ana = renamed_untold(pair)
    pair.desk.edit(ana.id, replace(ana.card, name=card("Bea").name))
    for _ in range(3):
        pair.sync()
    ends_as_it_was(pair, ana, name="Bea")


def test_one_whose_new_id_came_before_a_listing_broke_off_is_found_though_its_phone_is_left_out(pair: Pair) -> None:
    ana = renamed_untold(pair)
    broken_off(pair, pair.there("Ana").remote)
    pair.sync()
    ends_as_it_was(pair, ana)


def test_what_the_user_has_entered_on_one_that_came_under_the_new_id_stays(pair: Pair) -> None:
    """Then it is that one which stays here."""
    ana = renamed_untold(pair)
    broken_off(pair, pair.there("Ana").remote)
    [new] = [one for one in pair.desk.contacts() if one.id != ana.id]
    pair.desk.edit(new.id, replace(new.card, note="new"))
    pair.sync()
    assert pair.here("Ana").id == new.id
    pair.set(fields=ALL)
    pair.settled()
    assert pair.names() == pair.names_there() == ["Ana", "Zoe"]
    assert (pair.here("Ana").card.note, pair.there("Ana").card.note) == ("new", "new")
    assert pair.here("Ana").card.phones == ana.card.phones


def test_one_deleted_there_is_none_that_came_with_another_phone_which_is_left_out(pair: Pair) -> None:
    ana = renamed_untold(pair)
    pair.server.edit(pair.there("Ana").remote, card("Ana", BEA))
    pair.sync()
    assert [one.contact for one in pair.questions(Review.REMOVED)] == [ana.id]
    assert pair.names() == ["Ana", "Ana", "Zoe"]


def test_one_merged_into_another_that_got_its_email_is_found_though_its_phone_is_left_out(pair: Pair) -> None:
    """That one was here before: the two become one."""
    ana = pair.server.add(card("Ana", PHONE, emails=mail("ana@example.com")))
    bea = pair.server.add(card("Bea", BEA))
    pair.sync()
    id = pair.here("Bea").id
    pair.set(fields=ALL - {"phones"})
    pair.server.merge(bea.remote, ana.remote, card("Bea", BEA, PHONE, emails=mail("ana@example.com")))
    bea.former = ()
    pair.sync()
    assert [one.id for one in pair.desk.contacts()] == [id]
    pair.set(fields=ALL)
    pair.settled()
    assert {phone.value for phone in pair.here("Bea").card.phones} == {BEA, PHONE}


def test_an_undo_leaves_one_that_was_found_under_another_id(pair: Pair) -> None:
    ana = renamed_untold(pair)
    pair.sync()
    pair.desk.engine.undo()
    pair.sync()
    assert pair.here("Ana").id == ana.id
    assert pair.names_there() == ["Ana", "Zoe"]
