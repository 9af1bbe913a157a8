"""The call list."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from ringdesk.domain.call import CallState, Direction
from ringdesk.domain.calllog import CallRecord, LastContact
from ringdesk.domain.news import CallsChanged
from ringdesk.domain.numbering import parse
from ringdesk.domain.phone import Extension, Number, Unparsable, Withheld
from tests.store.kit import Opened, card

ANA = parse("600111222", "ES")


def record(id: str, at: float, number: Number = ANA, state: CallState = CallState.MISSED) -> CallRecord:
    return CallRecord(
        id=id,
        source="feed",
        direction=Direction.INCOMING,
        state=state,
        over=state is not CallState.RINGING,
        number=number,
        name="ANA",
        line="department Sales",
        seen=state is not CallState.MISSED,
        started=at,
    )


def test_a_call_comes_back_as_it_was_written(opened: Opened) -> None:
    made = opened.add(card("Ana", "600111222"))
    numbers = [ANA, Extension("007"), Unparsable("sip:x?y@z", "1234"), Withheld()]
    calls = [
        replace(record(str(at), float(at), number), contact=made.id, answered=1.5, ended=2.5)
        for at, number in enumerate(numbers)
    ]
    for call in calls:
        opened.store.call_writes.log(call).result()
    assert list(opened.store.calls.recent()) == calls[::-1]
    assert opened.news[-1] == CallsChanged(frozenset({"3"}))


def test_a_call_is_written_again_not_twice(opened: Opened) -> None:
    opened.store.call_writes.log(record("a", 1.0, state=CallState.RINGING)).result()
    assert [call.id for call in opened.store.calls.unfinished()] == ["a"]
    opened.store.call_writes.log(record("a", 1.0)).result()
    assert list(opened.store.calls.recent()) == [record("a", 1.0)]
    assert opened.store.calls.unfinished() == []


def test_recent_pages_backwards_in_time(opened: Opened) -> None:
    for at in range(10):
        opened.store.call_writes.log(record(str(at), float(at))).result()
    assert [call.id for call in opened.store.calls.recent(3)] == ["9", "8", "7"]
    assert [call.id for call in opened.store.calls.recent(3, before=7.0)] == ["6", "5", "4"]


def test_a_withheld_number_is_not_in_the_file(opened: Opened, path: Path) -> None:
    opened.store.call_writes.log(record("a", 1.0, Withheld())).result()
    with closing(sqlite3.connect(path)) as raw:
        assert raw.execute("SELECT number, country FROM call").fetchall() == [(None, None)]


def test_seen_calls_stay_seen_when_written_again(opened: Opened) -> None:
    calls, writes = opened.store.calls, opened.store.call_writes
    writes.log(record("a", 1.0)).result()
    writes.log(record("b", 2.0)).result()
    assert calls.unseen_missed() == 2
    writes.see(["a"]).result()
    writes.log(record("a", 1.0)).result()
    assert calls.unseen_missed() == 1
    writes.see().result()
    assert calls.unseen_missed() == 0


def test_the_last_contact_is_the_newest_finished_call_before(opened: Opened) -> None:
    made = opened.add(card("Ana"))
    calls, writes = opened.store.calls, opened.store.call_writes
    assert calls.last_contact(ANA, None, 9.0) is None
    writes.log(record("a", 1.0)).result()
    talked = replace(record("b", 2.0, Extension("12"), CallState.ANSWERED_HERE), contact=made.id, answered_by="me")
    writes.log(replace(talked, answered=3.0, ended=8.0)).result()
    writes.log(record("c", 5.0, state=CallState.RINGING)).result()
    assert calls.last_contact(ANA, None, 9.0) == LastContact(1.0, Direction.INCOMING, CallState.MISSED, None)
    wanted = LastContact(2.0, Direction.INCOMING, CallState.ANSWERED_HERE, 5.0, "me")
    assert calls.last_contact(ANA, made.id, 9.0) == wanted
    assert calls.last_contact(Withheld(), None, 9.0) is None


def test_calls_of_a_contact_are_those_matched_and_those_of_its_numbers(opened: Opened) -> None:
    made = opened.add(card("Ana", "600 111 222", "44", "ring me?"))
    writes = opened.store.call_writes
    for at, number in enumerate((ANA, Extension("44"), parse("ring me?", "ES"), Extension("45"))):
        writes.log(record(str(at), float(at), number)).result()
    writes.log(replace(record("9", 9.0, Withheld()), contact=made.id)).result()
    assert [call.id for call in opened.store.calls.of_contact(made.id)] == ["9", "2", "1", "0"]
    assert len(opened.store.calls.of_contact(made.id, 2)) == 2


def test_a_deleted_contact_leaves_its_calls_and_gets_them_back(opened: Opened) -> None:
    made = opened.add(card("Ana"))
    opened.store.call_writes.log(replace(record("a", 1.0), contact=made.id)).result()
    opened.store.writes.delete([made.id]).result()
    assert opened.store.calls.recent()[0].contact is None
    opened.store.call_writes.log(replace(record("b", 2.0), contact=made.id)).result()
    assert opened.store.calls.recent()[0].contact is None
    opened.store.writes.undo().result()
    assert [call.contact for call in opened.store.calls.recent()] == [None, made.id]


def test_old_calls_are_forgotten_open_ones_kept(opened: Opened) -> None:
    opened.store.call_writes.log(record("a", 1.0)).result()
    opened.store.call_writes.log(record("b", 1.0, state=CallState.RINGING)).result()
    opened.store.call_writes.log(record("c", 5.0)).result()
    assert opened.store.call_writes.forget_before(5.0).result() == 1
    assert [call.id for call in opened.store.calls.recent()] == ["c", "b"]


def test_a_draft_is_kept_replaced_and_dropped(opened: Opened) -> None:
    for text in ("W", "Wants", ""):
        opened.store.call_writes.keep_draft("a", text).result()
        assert opened.store.calls.draft("a") == text


def test_letters_no_file_can_hold_do_not_stop_the_log(opened: Opened) -> None:
    opened.store.call_writes.log(replace(record("a\ud800", 1.0), name="x\udc00")).result()
    assert opened.store.calls.recent()[0].name == "x?"
