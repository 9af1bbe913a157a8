"""What a crash leaves open is taken up at the next start: nothing is lost, nothing is called missed."""

from __future__ import annotations

from pathlib import Path

import pytest

from ringdesk.desk.leftovers import take_up_leftovers
from ringdesk.domain.call import Answered, CallKey, CallState
from tests.fakes import deliver
from tests.office import Office

LONDON = "+442079460777"


def restart(office: Office, folder: Path) -> Office:
    """Another start on the same data; the first one has died without a word."""
    office.close()
    again = Office(folder)
    take_up_leftovers(
        calls=again.store.calls,
        log=again.store.call_writes,
        contacts=again.store.writes,
        known=again.store.reads,
        deliver=deliver,
    )
    return again


@pytest.mark.parametrize(("answered", "state"), [(False, CallState.ENDED_UNKNOWN), (True, CallState.ANSWERED_HERE)])
def test_an_open_call_is_closed_and_not_called_missed(tmp_path: Path, answered: bool, state: CallState) -> None:
    office = Office(tmp_path)
    office.ring("1", LONDON)
    if answered:
        office.hear(Answered(key=CallKey("feed", "1")), after=1)
    again = restart(office, tmp_path)
    [record] = again.store.calls.recent()
    assert (record.state, record.over, record.ended) == (state, True, None)
    assert again.store.calls.unfinished() == []
    again.close()


def test_the_note_of_a_crashed_call_goes_to_its_contact(tmp_path: Path) -> None:
    office = Office(tmp_path)
    ana = office.person("Ana", LONDON)
    office.ring("1", LONDON)
    office.actions.write(office.pop.id, "wants an off", writing=True)
    office.time.pass_(0.5)
    again = restart(office, tmp_path)
    assert [note.text for note in again.store.reads.notes(ana.id)] == ["wants an off"]
    assert again.store.calls.drafts() == []
    again.close()


@pytest.mark.parametrize(
    ("draft", "notes"),
    [("wants an offer", ["wants an offer"]), ("wants an off", ["wants an offer"]), ("and a lamp", ["and a lamp"])],
)
def test_a_note_that_was_saved_before_its_draft_went_is_there_once(
    tmp_path: Path, draft: str, notes: list[str]
) -> None:
    office = Office(tmp_path)
    ana = office.person("Ana", LONDON)
    office.ring("1", LONDON)
    office.store.writes.add_note(ana.id, "wants an offer", "call-1").result()
    office.store.call_writes.keep_draft("call-1", draft).result()
    again = restart(office, tmp_path)
    found = [note.text for note in again.store.reads.notes(ana.id)]
    assert sorted(found) == sorted({*notes, "wants an offer"})
    assert again.store.calls.drafts() == []
    again.close()


def test_the_note_of_a_withheld_call_stays_with_the_call(tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.ring("1", "anonymous")
    office.actions.write(office.pop.id, "asked for prices", writing=True)
    office.time.pass_(0.5)
    again = restart(office, tmp_path)
    assert again.store.calls.drafts() == [("call-1", "asked for prices")]
    again.close()
