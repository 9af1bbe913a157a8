"""What a Google account tells: every code of the other rooms has its sentence."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from ringdesk.desk.accounts import AccountView, Dead, Halted, Quiet, Running, Waiting
from ringdesk.desk.connecting import Connected, Failed, SettingUp, SigningIn, Unconnected
from ringdesk.domain.account import Choices
from ringdesk.domain.remote import Death
from ringdesk.domain.replica import Choice, Clash, Direction, GoneThere, Question, Review
from ringdesk.domain.signing import ClientTrouble, Ending, Keeping
from ringdesk.domain.status import StoreTrouble
from ringdesk.domain.syncing import Phase, RoundDone, SyncProgress, SyncUndone, Untaken
from ringdesk.sync.plan import Deed as PlanDeed
from ringdesk.ui import connect_choices, connect_words, review_words
from ringdesk.ui.connect_status import Deed, last_sync, stand
from ringdesk.ui.theme import Tint
from ringdesk.ui.words import say
from ringdesk.ui.words_time import clock_text

NOW = datetime(2026, 3, 12, 15, 0).timestamp()  # noqa: DTZ001  # the sentences tell local time
SILENT = {PlanDeed.NOTHING, PlanDeed.CHECK}
"""Deeds that are never counted."""


def done(**more: object) -> RoundDone:
    return RoundDone(**{"account": "a", "at": NOW, "counts": {}, **more})  # type: ignore[arg-type]  # fields by name


def view(**more: object) -> AccountView:
    return AccountView(**{"id": "a", "kind": "google", "name": "r@x", "choices": Choices(), **more})  # type: ignore[arg-type]  # given by name, checked when run


def test_every_code_has_a_sentence() -> None:
    counted = [deed.value for deed in PlanDeed if deed not in SILENT]
    assert set(counted) == set(connect_words.DONE) == set(connect_words.WOULD)
    sentences = [
        *(connect_words.round_text(done(counts={deed: n})) for deed in counted for n in (1, 2)),
        *(say(connect_words.WOULD[deed]) for deed in counted),
        *(connect_words.dead_text(death) for death in Death),
        *(connect_words.ending_text(ending, "why") for ending in Ending),
        *(connect_words.client_text(trouble, "part") for trouble in ClientTrouble),
        *(connect_words.progress_text(SyncProgress("a", phase, 1, 2)) for phase in Phase),
        *(say(connect_words.UNTAKEN[why]) for why in Untaken),
        *(connect_words.halted_text(trouble.value) for trouble in StoreTrouble),
        *(say(review_words.KINDS[kind]) for kind in Review),
        *(say(review_words.NONE[kind]) for kind in Review),
        *(review_words.asks(Question(kind, "c", field="phones")) for kind in Review),
        *(say(review_words.CHOICES[choice]) for choice in Choice),
        *(say(connect_choices.DIRECTIONS[one]) for one in Direction),
        *(say(connect_choices.CLASHES[one]) for one in Clash),
        *(say(connect_choices.GONE_THERE[one]) for one in GoneThere),
    ]
    assert all(sentences)
    assert not [sentence for sentence in sentences if "%" in sentence]


def test_every_code_of_a_stop_has_a_sentence_of_its_own() -> None:
    codes = (
        "disabled",
        "full",
        "forbidden",
        "client",
        "request",
        "label",
        "label gone",
        "label taken",
        "photo",
        "fault",
    )
    texts = [connect_words.halted_text(code) for code in codes]
    assert len(set(texts)) == len(codes)
    assert connect_words.halted_text("never heard of", "code 7").endswith("(code 7)") is False


def test_a_sync_in_one_line() -> None:
    assert connect_words.round_text(done()) == "both sides agree"
    counts = {"changed there": 3, "added here": 12}
    assert connect_words.round_text(done(counts=counts)) == "12 added here, 3 changed in Google"
    assert connect_words.would_text({**counts, "deleted here": 1, "deleted there": 2}) == (
        "Will add 12 here, add 0 in Google, change 3, delete 3"
    )


def test_what_failed_and_what_waits_is_told() -> None:
    told = connect_words.failed_text(done(invalid=1, unclear=2, unreadable=1, put_off=3, distrusted=True))
    assert len(told) == 5
    assert connect_words.waiting_text(done(guard_here=1, guard_there=14)) == [
        "1 deletion here waits for your word.",
        "14 deletions in Google wait for your word.",
    ]


def test_what_undo_did_and_left() -> None:
    undone = SyncUndone("a", {"taken out here": 2}, tuple((f"P{n}", Untaken.CHANGED) for n in range(7)))
    assert connect_words.undone_text(undone) == "The last sync was taken back: 2 taken out here again"
    assert connect_words.skipped_text(undone).startswith("Left as they are: P0 (changed again since)")
    assert connect_words.skipped_text(undone).endswith("and 2 more.")


def test_names_from_outside_cannot_steer_a_sentence() -> None:
    assert "\u202e" not in connect_words.ending_text(Ending.REFUSED, "a\u202eb")
    assert "%1" in connect_words.client_text(ClientTrouble.INCOMPLETE, "%1")


@pytest.mark.parametrize(
    ("at", "text"), [(NOW - 60, "14:59"), (NOW - 86_400, "yesterday 15:00"), (NOW - 86_400 * 40, "31 Jan 15:00")]
)
def test_a_moment_that_stays_true(at: float, text: str) -> None:
    assert clock_text(at, NOW) == text


@pytest.mark.parametrize(
    ("status", "text", "tint", "deeds"),
    [
        (Quiet(), "Connected; the first sync comes now", Tint.GOOD, (Deed.SYNC,)),
        (Running(), "Syncing…", Tint.SOFT, (Deed.BREAK_OFF,)),
        (
            Running(SyncProgress("a", Phase.SENDING, 3, 9)),
            "Sending changes to Google: 3 of 9",
            Tint.SOFT,
            (Deed.BREAK_OFF,),
        ),
        (
            Waiting(NOW + 60, "no net"),
            "Google cannot be reached; RingDesk tries again at 15:01. Your edits wait.",
            Tint.WARN,
            (Deed.SYNC,),
        ),
        (
            Dead(Death.REVOKED, "testing"),
            "The client file is in testing, so Google ends the permission after seven days. Publish it to stay.",
            Tint.BAD,
            (Deed.RECONNECT,),
        ),
        (
            Halted("full", ""),
            "Your Google account is full: it holds 25,000 contacts. Delete some there, then sync.",
            Tint.BAD,
            (Deed.SYNC,),
        ),
    ],
)
def test_how_a_connected_account_stands(status: object, text: str, tint: Tint, deeds: tuple[Deed, ...]) -> None:
    how = stand(Connected(), view(status=status), NOW)
    assert (how.text, how.tint, how.deeds) == (text, tint, deeds)


def test_how_the_way_there_stands() -> None:
    assert stand(Unconnected(None), None, NOW).deeds == (Deed.CONNECT,)
    assert stand(Unconnected(None, failed=Failed(Ending.DENIED)), None, NOW).text.startswith("You did not allow")
    assert stand(SigningIn(), None, NOW).deeds == (Deed.CANCEL,)
    assert stand(SettingUp("r@x", Keeping.KEYRING, Choices()), None, NOW).deeds == (Deed.GO_ON,)
    dead = view(status=Dead(Death.REVOKED))
    assert stand(Connected(signing_in=True), dead, NOW).deeds == (Deed.CANCEL,)
    failed = stand(Connected(failed=Failed(Ending.OTHER_ACCOUNT, "sam@x")), dead, NOW)
    assert "another account" in failed.text
    assert failed.deeds == (Deed.RECONNECT,)


def test_questions_and_deletions_come_before_what_was_done() -> None:
    asking = view(last=done(counts={"added here": 2}, guard_here=12), waiting={Review.CLASH: 1})
    how = stand(Connected(), asking, NOW)
    assert how.text == "12 deletions here wait for your word. 1 question for you. Synced 15:00: 2 added here"
    assert how.deeds == (Deed.REVIEW, Deed.SYNC)
    broken = stand(Connected(), view(last=done(counts={"added here": 2}, stopped=True)), NOW)
    assert broken.text == "Broken off 15:00: 2 added here. The next sync goes on from there."
    assert last_sync(asking, NOW)[:2] == ["Last sync: 15:00.", "2 added here."]


def test_a_round_that_had_nothing_to_do_does_not_hide_what_the_one_before_it_did() -> None:
    did = done(counts={"added here": 7})
    echo = view(last=replace(done(), at=did.at + 2), did=did)
    assert stand(Connected(), echo, NOW + 2).text == "Synced 15:00: 7 added here"
    assert last_sync(echo, NOW) == [
        "Last sync: 15:00.",
        "Both sides agreed; nothing had to be done.",
        "The last change was 15:00: 7 added here.",
    ]
    later = view(last=replace(done(), at=did.at + 600), did=did)
    assert stand(Connected(), later, NOW + 600).text == "Synced 15:10: both sides agree"
