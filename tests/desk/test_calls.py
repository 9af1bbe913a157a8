"""From a ring to a name, a row and, where the rules say so, an anonymous contact."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from ringdesk.desk.calls import DeskChoices
from ringdesk.desk.popview import Action, Certainty, Phase
from ringdesk.domain.call import Ability, Answered, Answerer, CallKey, CallState, Direction, EndReason, Rang
from ringdesk.domain.contact import Me, Unclaimed
from ringdesk.domain.line import Department, Lines
from ringdesk.domain.numbering import parse
from ringdesk.domain.ownership import UNKNOWN_CALLERS_AN_HOUR
from ringdesk.domain.sockets import Show
from tests.office import Office

LONDON = "+442079460777"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = Office(tmp_path)
    yield made
    made.close()


def everyone(office: Office) -> int:
    return office.store.reads.count(Show(anonymous=None))


def test_a_known_caller_has_name_company_number_and_label(office: Office) -> None:
    ana = office.person("Ana", "020 7946 0777", "Acme")
    office.ring("1", LONDON)
    pop = office.pop
    assert (pop.headline, pop.company, pop.number, pop.label) == ("Ana", "Acme", "020 7946 0777", "work")
    assert pop.certainty is Certainty.SURE
    assert pop.contact == ana.id


def test_the_pop_comes_before_anything_is_written(office: Office) -> None:
    office.ring("1", LONDON, after=0)
    assert office.stack.pops
    assert office.store.calls.recent() == []
    assert everyone(office) == 0


def test_an_unknown_caller_becomes_one_anonymous_contact_however_often_it_rings(office: Office) -> None:
    for id in "123":
        office.ring(id, LONDON, "H PATEL")
        office.end(id)
    assert everyone(office) == 1
    [row] = office.store.reads.page(Show(anonymous=True), 0, 10)
    contact = office.store.reads.get(row.id)
    assert contact is not None
    assert contact.owner == Me()
    assert not contact.known
    assert {record.contact for record in office.store.calls.recent()} == {row.id}


def test_what_the_caller_says_is_a_hint_and_never_a_match(office: Office) -> None:
    office.ring("1", LONDON, "H PATEL")
    assert (office.pop.headline, office.pop.certainty) == ("H PATEL", Certainty.CALLER_SAYS)
    office.end("1")
    office.ring("2", LONDON, "H PATEL")
    assert (office.pop.headline, office.pop.certainty) == ("H PATEL", Certainty.CALLER_SAYS)
    assert Action.ADD in office.pop.actions


def test_a_department_s_caller_belongs_to_nobody_yet(tmp_path: Path) -> None:
    office = Office(tmp_path, Lines(region="GB", queue={"sales": Department("Sales")}))
    office.ring("1", LONDON, queue="sales")
    [row] = office.store.reads.page(Show(anonymous=True), 0, 10)
    contact = office.store.reads.get(row.id)
    assert contact is not None
    assert contact.owner == Unclaimed("Sales")
    office.close()


@pytest.mark.parametrize("number", ["anonymous", "202", "123-1234"])
def test_nobody_is_made_of_withheld_internal_or_unparsable_callers(office: Office, number: str) -> None:
    office.ring("1", number)
    assert everyone(office) == 0
    assert len(office.store.calls.recent()) == 1


def test_a_withheld_number_is_nowhere(office: Office) -> None:
    office.person("Ana", LONDON)
    office.ring("1", LONDON, "Ana " + LONDON, withheld=True)
    assert office.pop.headline == office.pop.number == ""
    assert Action.COPY not in office.pop.actions
    office.end("1")
    raw = b"".join(path.read_bytes() for path in office.store.path.parent.iterdir() if "ringdesk.db" in path.name)
    [record] = office.store.calls.recent()
    assert record.contact is None
    assert "7946" not in repr(record)
    assert raw.count(b"442079460777") <= 1


def test_nothing_is_made_of_a_number_i_dial(office: Office) -> None:
    office.hear(Rang(key=CallKey("feed", "1"), direction=Direction.OUTGOING, number=LONDON), after=1)
    assert everyone(office) == 0


def test_a_flood_of_unknown_callers_is_listed_but_makes_no_more_contacts(office: Office) -> None:
    for n in range(UNKNOWN_CALLERS_AN_HOUR + 5):
        office.ring(str(n), f"+44207946{n:04d}", after=0.2)
        office.end(str(n), after=0.2)
    assert everyone(office) == UNKNOWN_CALLERS_AN_HOUR
    assert len(office.store.calls.recent()) == UNKNOWN_CALLERS_AN_HOUR + 5
    assert office.flooded == ["feed"]
    office.time.pass_(3601)
    office.ring("late", "+442079469999")
    assert everyone(office) == UNKNOWN_CALLERS_AN_HOUR + 1


def test_several_matches_are_offered_and_the_choice_is_remembered_and_forgotten(office: Office) -> None:
    ana, ben = office.person("Ana", LONDON, "Acme"), office.person("Ben", LONDON, "Acme")
    office.ring("1", LONDON)
    assert {choice.contact for choice in office.pop.choices} == {ana.id, ben.id}
    assert office.pop.contact is None
    office.actions.act(office.pop.id, Action.PICK, ana.id)
    assert office.pop.picked
    chosen = office.pop
    assert chosen.contact == ana.id
    office.end("1", after=20)
    office.ring("2", LONDON)
    assert office.pop.headline == "Ana"
    office.actions.act(office.pop.id, Action.FORGET_PICK)
    assert office.pop.contact is None


def test_a_maybe_is_shown_as_such_and_writes_nothing_by_itself(office: Office) -> None:
    office.person("Ana", "7946 0777")
    office.ring("1", LONDON)
    assert office.pop.certainty is Certainty.MAYBE
    assert Action.OPEN not in office.pop.actions
    [record] = office.store.calls.recent()
    assert record.contact is None or record.contact != office.pop.choices[0].contact


def test_blocked_callers_never_pop_and_do_not_count_as_missed(office: Office) -> None:
    office.person("Spam", LONDON, blocked=True)
    office.ring("1", LONDON)
    assert office.shown == []
    office.end("1")
    assert len(office.store.calls.recent()) == 1
    assert office.store.calls.unseen_missed() == 0


def test_do_not_disturb_lets_only_vips_through(office: Office) -> None:
    office.choices = DeskChoices(region="GB", do_not_disturb=True)
    office.person("Vera", LONDON, vip=True)
    office.person("Otto", "+442079460778")
    office.ring("1", "+442079460778")
    assert office.stack.pops == ()
    office.end("1")
    office.ring("2", LONDON)
    assert office.pop.headline == "Vera"
    assert len(office.store.calls.recent()) == 2


def test_internal_calls_pop_unless_switched_off(office: Office) -> None:
    office.ring("1", "202", "Tomas")
    assert office.pop.headline == "Tomas"
    office.end("1", after=20)
    office.choices = replace(office.choices, internal_pops=False)
    office.ring("2", "202", "Tomas")
    assert not office.stack.pops


def test_answered_elsewhere_closes_in_two_seconds_without_a_badge(office: Office) -> None:
    office.ring("1", LONDON)
    office.hear(Answered(key=CallKey("feed", "1"), who=Answerer.ELSEWHERE, by="Maria"), after=0.1)
    assert (office.pop.phase, office.pop.call.answered_by) == (Phase.ELSEWHERE, "Maria")
    office.time.pass_(2)
    assert not office.stack.pops
    assert office.store.calls.unseen_missed() == 0


def test_missed_leaves_notice_badge_and_row(office: Office) -> None:
    office.ring("1", LONDON)
    office.end("1", EndReason.NO_ANSWER)
    assert office.pop.phase is Phase.MISSED
    assert office.store.calls.unseen_missed() == 1
    assert office.store.calls.recent()[0].state is CallState.MISSED


def test_last_contact_is_the_call_before_this_one(office: Office) -> None:
    office.person("Ana", LONDON)
    office.ring("1", LONDON)
    office.hear(Answered(key=CallKey("feed", "1")), after=240)
    office.end("1", after=60)
    office.ring("2", LONDON)
    last = office.stack.pops[-1].last
    assert last is not None
    assert last.state is CallState.ANSWERED_HERE
    assert last.duration == pytest.approx(240, abs=1)


def test_a_renamed_contact_is_renamed_on_its_pop(office: Office) -> None:
    ana = office.person("Ana", LONDON)
    office.ring("1", LONDON)
    office.store.writes.save(
        replace(ana, card=replace(ana.card, name=replace(ana.card.name, given="Anna"))), read_revision=ana.revision
    )
    office.desk.refresh()
    assert office.pop.headline == "Anna"


def test_a_note_goes_to_the_contact_and_its_first_line_to_the_next_pop(office: Office) -> None:
    ana = office.person("Ana", LONDON)
    office.ring("1", LONDON)
    office.hear(Answered(key=CallKey("feed", "1")), after=1)
    office.actions.write(office.pop.id, "Wants an offer\nby Friday", writing=True)
    office.end("1", after=60)
    office.actions.write(office.pop.id, "Wants an offer\nby Friday", writing=False)
    office.time.pass_(9)
    assert [note.text for note in office.store.reads.notes(ana.id)] == ["Wants an offer\nby Friday"]
    assert office.store.calls.draft("call-1") == ""
    office.ring("2", LONDON)
    assert office.pop.note == "Wants an offer"


def test_a_note_being_written_is_kept_within_half_a_second(office: Office) -> None:
    office.ring("1", LONDON)
    office.actions.write(office.pop.id, "half a sen", writing=True)
    office.time.pass_(0.5)
    assert office.store.calls.draft(office.pop.id) == "half a sen"


def test_who_types_without_a_pause_loses_half_a_second_at_most(office: Office) -> None:
    office.ring("1", LONDON)
    sentence = "she wants the invoice for March sent to the new address"
    for typed in range(1, len(sentence) + 1):
        office.actions.write(office.pop.id, sentence[:typed], writing=True)
        office.time.pass_(0.1)
        assert len(office.store.calls.draft(office.pop.id)) >= typed - 5
    office.actions.act(office.pop.id, Action.CLOSE)
    office.time.pass_(5)
    assert office.store.calls.draft("call-1") == ""  # it is a note now


def test_a_note_on_a_withheld_call_stays_with_the_call(office: Office) -> None:
    office.ring("1", "anonymous")
    office.actions.write(office.pop.id, "asked for prices", writing=False)
    office.actions.act(office.pop.id, Action.CLOSE)
    assert office.store.calls.draft("call-1") == "asked for prices"


def test_an_unknown_caller_s_note_goes_to_the_contact_the_call_made(office: Office) -> None:
    office.ring("1", LONDON)
    office.actions.write(office.pop.id, "new client", writing=False)
    office.actions.act(office.pop.id, Action.CLOSE)
    [row] = office.store.reads.page(Show(anonymous=True), 0, 10)
    assert [note.text for note in office.store.reads.notes(row.id)] == ["new client"]


def test_adding_an_unknown_caller_opens_the_editor_on_the_contact_the_call_made(office: Office) -> None:
    office.ring("1", LONDON, "Harriet Patel")
    office.actions.act(office.pop.id, Action.ADD)
    [(card, contact)] = office.doors.edited
    assert (card.name.given, card.name.family) == ("Harriet", "Patel")
    assert card.phones[0].value == LONDON
    assert contact == office.store.reads.page(Show(anonymous=True), 0, 1)[0].id


def test_block_marks_the_caller_and_closes_the_pop(office: Office) -> None:
    office.ring("1", LONDON)
    office.actions.act(office.pop.id, Action.BLOCK)
    assert not office.stack.pops
    office.end("1")
    office.ring("2", LONDON)
    assert not office.stack.pops


def test_answer_and_decline_only_where_the_phone_can(office: Office) -> None:
    office.ring("1", LONDON)
    assert not {Action.ANSWER, Action.DECLINE} & set(office.pop.actions)
    office.actions.act(office.pop.id, Action.ANSWER)
    assert office.doors.commanded == []
    office.abilities = frozenset(Ability)
    office.desk.refresh()
    office.actions.act(office.pop.id, Action.ANSWER)
    assert office.doors.commanded == [("call-1", Ability.ANSWER)]


def test_a_transfer_updates_the_same_pop(office: Office) -> None:
    from ringdesk.domain.call import Transferred

    office.person("Ana", LONDON)
    office.ring("1", "202", "Tomas")
    office.hear(Transferred(key=CallKey("feed", "1"), number=LONDON, via="Tomas"), after=1)
    assert (office.pop.headline, office.pop.call.via) == ("Ana", "Tomas")
    assert len(office.store.calls.recent()) == 1


def test_the_desk_keeps_nothing_of_calls_that_are_over(office: Office) -> None:
    for n in range(50):
        office.ring(str(n), LONDON, after=0.1)
        office.end(str(n), after=0.1)
    office.time.pass_(60)
    assert office.desk._open == {}
    assert office.desk._contact_of == {}
    assert office.time.waiting == 0


def test_a_closed_pop_of_a_running_call_can_be_had_again(office: Office) -> None:
    office.person("Ana", LONDON)
    office.ring("1", LONDON)
    assert not office.desk.recall()
    office.actions.act(office.pop.id, Action.CLOSE)
    assert office.stack.pops == ()
    assert office.desk.recall()
    assert office.pop.headline == "Ana"
    office.end("1")
    office.time.pass_(60)
    assert not office.desk.recall()
    assert office.stack.pops == ()


def test_a_folded_pop_unfolds_for_a_while(office: Office) -> None:
    office.ring("1", LONDON)
    office.hear(Answered(key=CallKey("feed", "1")), after=11)
    phases = [office.pop.phase]
    assert office.desk.recall()
    phases.append(office.pop.phase)
    office.time.pass_(11)
    assert [*phases, office.pop.phase] == [Phase.STRIP, Phase.TALKING, Phase.STRIP]


def test_a_blocked_caller_cannot_be_had_again(office: Office) -> None:
    office.ring("1", LONDON)
    office.actions.act(office.pop.id, Action.BLOCK)
    assert not office.desk.recall()


def test_a_rehearsal_shows_and_writes_nothing(office: Office) -> None:
    office.person("Ana", "020 7946 0777", "Acme")
    for number in (LONDON, "07700 900123", "1234", ""):
        office.desk.rehearse(parse(number, "GB"))
    office.hear(after=60)
    assert not office.stack.pops
    assert office.store.calls.recent() == []
    assert everyone(office) == 1
