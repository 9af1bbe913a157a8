"""A caller's contact that the store takes late is put on the call's row all the same, gets the note and is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar, cast

import pytest

from ringdesk.desk.popview import Action
from ringdesk.domain.call import Answered, CallKey, CallState
from ringdesk.domain.calllog import CallRecord
from ringdesk.domain.news import StoreTroubled
from ringdesk.domain.replica import Account
from ringdesk.domain.sockets import CallWrites, Show
from ringdesk.domain.status import StoreError, StoreTrouble
from ringdesk.store.outbox import put_account
from tests.office import Office

T = TypeVar("T")

LONDON = "+442079460777"
CONTACT_FIRST = 34.0
"""Seconds after the ring: the contact is tried again at 35, the row at 36, the note at 39."""
ROW_FIRST = 36.0
"""The row is tried again a moment later, the note at 39, the contact at 75."""
BY_THEN = 200.0


class Locked(Office):
    """An office whose store another program holds; `trouble` None lets it go."""

    def __init__(self, folder: Path) -> None:
        self.refused: list[StoreTrouble] = []
        self.held: list[Callable[[], None]] | None = None
        """Outcomes that are on their way to the main thread; None: they come at once."""
        super().__init__(folder, deliver=self._deliver)

    def trouble(self, trouble: StoreTrouble | None) -> None:
        self.store._writer._runner.refusal = None if trouble is None else StoreError(trouble)  # type: ignore[attr-defined]  # the writer's own switch, which the program never turns back

    def unknown_rings(self, note: str = "") -> None:
        """An unknown number rings for a second; a note is left in its pop, which goes eight seconds later."""
        self.ring("1", LONDON)
        if note:
            self.actions.write(self.pop.id, note, writing=False)
        self.end("1", after=0)

    def let_go(self, after: float) -> None:
        """The store takes writes again so long after the ring; everything that waits has its turn."""
        self.time.pass_(after - 1)
        assert not self.stack.pops
        self.trouble(None)
        self.time.pass_(BY_THEN)

    def _deliver(
        self, future: Future[T], done: Callable[[T], None], failed: Callable[[Exception], None] | None = None
    ) -> None:
        if self.held is not None:
            self.held.append(partial(self._outcome, future, done, failed))
        else:
            self._outcome(future, done, failed)

    def arrive(self) -> None:
        """What is on its way arrives, in its order."""
        held, self.held = self.held or [], None
        for outcome in held:
            outcome()

    def _outcome(
        self, future: Future[T], done: Callable[[T], None], failed: Callable[[Exception], None] | None
    ) -> None:
        error = future.exception()
        if error is None:
            done(future.result())
        elif failed is not None and isinstance(error, Exception):
            failed(error)
        else:
            assert isinstance(error, StoreError)
            self.refused.append(error.trouble)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Locked]:
    made = Locked(tmp_path)
    made.trouble(StoreTrouble.LOCKED)
    yield made
    made.close()


def made_of(office: Office) -> str:
    """The one contact there is."""
    [row] = office.store.reads.page(Show(anonymous=None), 0, 10)
    return row.id


def notes(office: Office) -> list[tuple[str, str | None]]:
    return [(note.text, note.call) for note in office.store.reads.notes(made_of(office))]


def in_a_team(office: Office) -> None:
    team = Account(id="team", kind="team")
    office.store._writer.submit(lambda work: put_account(work.connection, team)).result()


def due(office: Office) -> list[str]:
    """The calls of which the team may have to hear."""
    return [str(call) for (call,) in office.store._reader.connection.rows("SELECT call FROM call_due")]


def keeps_nothing(office: Office) -> bool:
    desk = office.desk
    kept = (desk._open, desk._contact_of, desk._awaited._of, desk._lasting._latest, office.actions._unsaved)
    return not any(kept) and office.time.waiting == 0


@pytest.mark.parametrize("after", [CONTACT_FIRST, ROW_FIRST])
def test_a_contact_that_is_written_late_is_on_its_call_s_row(office: Locked, after: float) -> None:
    office.unknown_rings()
    office.let_go(after)
    [record] = office.store.calls.recent()
    assert record.contact == made_of(office)
    assert (record.state, record.over) == (CallState.ENDED_UNKNOWN, True)
    assert keeps_nothing(office)


@pytest.mark.parametrize("after", [1.5, 12.0, CONTACT_FIRST, ROW_FIRST])
def test_the_note_of_its_pop_is_put_on_it_once(office: Locked, after: float) -> None:
    office.unknown_rings("wants an offer")
    office.time.pass_(8.5 if after < 9 else 0)
    office.let_go(after)
    assert notes(office) == [("wants an offer", "call-1")]
    assert office.store.calls.drafts() == []
    assert not office.actions.unsaved
    assert keeps_nothing(office)


def test_a_note_that_was_kept_before_the_lock_is_put_on_it_too(office: Locked) -> None:
    office.ring("1", LONDON)
    office.trouble(None)
    office.actions.write(office.pop.id, "wants an offer", writing=False)
    office.actions.act(office.pop.id, Action.CLOSE)
    assert office.store.calls.drafts() == [("call-1", "wants an offer")]
    office.trouble(StoreTrouble.LOCKED)
    office.end("1", after=0)
    office.let_go(ROW_FIRST)
    assert notes(office) == [("wants an offer", "call-1")]
    assert office.store.calls.drafts() == []


def test_both_notes_of_a_pop_that_was_had_again_are_put_on_it(office: Locked) -> None:
    office.ring("1", LONDON)
    office.hear(Answered(key=CallKey("feed", "1")), after=1)
    for text in ("wants an offer", "by Friday"):
        office.desk.recall()
        office.actions.write(office.pop.id, text, writing=False)
        office.actions.act(office.pop.id, Action.CLOSE)
    office.end("1", after=0)
    office.let_go(ROW_FIRST)
    assert sorted(notes(office)) == [("by Friday", "call-1"), ("wants an offer", "call-1")]
    assert office.store.calls.drafts() == []
    assert keeps_nothing(office)


@pytest.mark.parametrize("after", [CONTACT_FIRST, ROW_FIRST])
def test_the_team_is_told_of_the_call(office: Locked, after: float) -> None:
    office.trouble(None)
    in_a_team(office)
    office.trouble(StoreTrouble.LOCKED)
    office.unknown_rings()
    office.time.pass_(after - 1)
    office.trouble(None)
    office.time.pass_(3)  # the row that is written without its contact, if it comes first, is no news for the team
    assert due(office) == ["call-1"] * (after == CONTACT_FIRST)
    office.time.pass_(BY_THEN)
    assert due(office) == ["call-1"]


@dataclass
class RowsRefused:
    """A call list that takes no rows until it is let go; all else of the store goes on."""

    log_: CallWrites
    on: bool = True

    def log(self, record: CallRecord) -> Future[None]:
        if not self.on:
            return self.log_.log(record)
        refused: Future[None] = Future()
        refused.set_exception(StoreError(StoreTrouble.LOCKED))
        return refused

    def __getattr__(self, name: str) -> object:
        return getattr(self.log_, name)


@pytest.mark.parametrize("known", [True, False])
def test_a_row_that_is_written_long_after_its_contact_has_it(office: Locked, known: bool) -> None:
    office.trouble(None)
    in_a_team(office)
    if known:
        office.person("Ana", LONDON)
    rows = RowsRefused(office.store.call_writes)
    office.desk.log = cast("CallWrites", rows)
    office.unknown_rings("wants an offer")
    office.time.pass_(BY_THEN)
    assert office.store.calls.recent() == []
    assert notes(office) == [("wants an offer", "call-1")]
    office.store._writer.submit(lambda work: work.connection.run("DELETE FROM call_due")).result()  # heard too early
    rows.on = False
    office.time.pass_(BY_THEN)
    [record] = office.store.calls.recent()
    assert (record.contact, record.state) == (made_of(office), CallState.ENDED_UNKNOWN)
    assert record.over
    assert due(office) == ["call-1"]
    assert keeps_nothing(office)


def test_a_second_call_of_the_same_number_makes_no_second_contact(office: Locked) -> None:
    office.unknown_rings("wants an offer")
    office.time.pass_(20)
    office.ring("2", LONDON)
    office.end("2", after=0)
    office.let_go(ROW_FIRST)
    assert {record.contact for record in office.store.calls.recent()} == {made_of(office)}
    assert len(office.store.calls.recent()) == 2
    assert notes(office) == [("wants an offer", "call-1")]
    assert keeps_nothing(office)


def test_nothing_waits_for_a_contact_that_cannot_be_made(office: Locked) -> None:
    office.unknown_rings()
    office.time.pass_(20)
    office.trouble(StoreTrouble.CORRUPT)
    office.time.pass_(BY_THEN)
    assert keeps_nothing(office)


def test_a_trouble_with_the_note_itself_is_told_once_and_outlasted(office: Locked) -> None:
    office.unknown_rings("wants an offer")
    office.time.pass_(30)
    assert office.actions.unsaved
    assert len([news for news in office.news if isinstance(news, StoreTroubled)]) == 1
    office.let_go(CONTACT_FIRST)
    assert not office.actions.unsaved


@pytest.mark.parametrize("refused", [True, False])
def test_a_note_left_while_its_contact_is_on_the_way_is_there_once(office: Locked, refused: bool) -> None:
    office.ring("1", LONDON, after=4.9)
    office.trouble(None)
    office.held = []
    office.time.pass_(0.3)
    office.trouble(StoreTrouble.LOCKED if refused else None)
    office.actions.write(office.pop.id, "wants an offer", writing=False)
    office.actions.act(office.pop.id, Action.CLOSE)
    office.trouble(None)
    office.arrive()
    assert notes(office) == [("wants an offer", "call-1")]
    office.end("1", after=BY_THEN)
    assert notes(office) == [("wants an offer", "call-1")]
    assert office.store.calls.drafts() == []
    assert keeps_nothing(office)
