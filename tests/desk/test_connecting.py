"""Google's way from nothing to connected and back, without Qt, threads or Google."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from ringdesk.desk.accounts import Dead, Halted, Quiet, Running, Waiting
from ringdesk.desk.connecting import (
    Connected,
    Failed,
    GoogleDesk,
    Rehearsed,
    Rehearsing,
    SettingUp,
    SigningIn,
    Unconnected,
)
from ringdesk.domain.account import Choices, Standing
from ringdesk.domain.remote import Container, Death
from ringdesk.domain.replica import Choice, Policy, Question, Review
from ringdesk.domain.signing import ClientTrouble, Ending, Keeping
from ringdesk.domain.syncing import (
    AccountChanged,
    ClientFileTaken,
    Disconnected,
    Label,
    Phase,
    RehearsalDone,
    RoundDone,
    SignedInAs,
    SignInAsked,
    SignInFailed,
    Surveyed,
    SyncDead,
    SyncHalted,
    SyncNews,
    SyncProgress,
    SyncRunning,
    SyncUndone,
    SyncWaiting,
)
from tests.account_ports import CLIENT, ROBIN, MemoryPorts

ID = ROBIN.id
SIGNED_IN = SignedInAs("google", ID, ROBIN.name, Keeping.KEYRING, new=True)
SURVEY = Surveyed(ID, (Label("contactGroups/1", "Clients", 12, 9),), 60, 41)
WOULD = RoundDone(account=ID, at=1.0, counts={"added here": 12, "added there": 3})
SALES = Choices(Policy(labels=frozenset({"contactGroups/1"}), only_with_phones=True), every=15)


def desk_of(ports: MemoryPorts) -> GoogleDesk:
    """A desk that hears what the ports say."""
    desk = GoogleDesk(ports)
    ports.tell = desk.take
    return desk


def shown(desk: GoogleDesk) -> object:
    """What the desk shows now; mypy is not to believe that it stays the same between two looks."""
    return desk.view


def signed_in(ports: MemoryPorts) -> GoogleDesk:
    """A desk whose user has just come back from the browser."""
    desk = desk_of(ports)
    desk.connect()
    ports.keep(ROBIN, Standing.SETTING_UP)
    ports.say(SIGNED_IN)
    return desk


def connected(ports: MemoryPorts) -> GoogleDesk:
    """A desk whose account is synced already."""
    ports.keep(ROBIN, Standing.CONNECTED)
    return desk_of(ports)


def test_without_a_client_file_connect_waits_for_one() -> None:
    ports = MemoryPorts(file=None)
    desk = desk_of(ports)
    desk.connect()
    assert shown(desk) == Unconnected(None)
    desk.choose_client_file(Path("web.json"))
    ports.say(ClientFileTaken(None, ClientTrouble.WEB, "web"))
    assert shown(desk) == Unconnected(None, ClientTrouble.WEB, "web")
    ports.say(ClientFileTaken(CLIENT))
    desk.connect()
    assert shown(desk) == SigningIn()
    assert ports.orders == [("take_client_file", Path("web.json")), ("sign_in", "google", "")]


def test_the_way_from_consent_to_the_first_round() -> None:
    ports = MemoryPorts()
    desk = signed_in(ports)
    heard: list[object] = []
    desk.listen(lambda: heard.append(desk.view))
    ports.say(SyncProgress(ID, Phase.COUNTING, 40, 60))
    ports.say(SURVEY)
    desk.choose(SALES)
    setting_up = SettingUp(ROBIN.name, Keeping.KEYRING, SALES, SURVEY, counted=40)
    assert shown(desk) == setting_up
    desk.rehearse()
    progress = SyncProgress(ID, Phase.READING, 60, 60)
    ports.say(progress)
    assert shown(desk) == Rehearsing(setting_up, progress)
    ports.say(RehearsalDone(ID, WOULD))
    assert shown(desk) == Rehearsed(setting_up, WOULD)
    desk.accept()
    assert shown(desk) == Connected()
    assert desk.account is not None
    assert desk.account.view.choices == SALES
    assert [order[0] for order in ports.orders] == ["sign_in", "survey", "rehearse", "accept"]
    assert heard[-1] == Connected()


def test_where_the_browser_is_asked_is_shown_while_it_is_asked() -> None:
    ports = MemoryPorts()
    desk = desk_of(ports)
    asked = SignInAsked("google", "https://accounts.google.com/?state=1", 300.0, opened=False)
    ports.say(asked)
    assert isinstance(shown(desk), Unconnected)
    desk.connect()
    ports.say(asked)
    assert shown(desk) == SigningIn(asked)
    desk = connected(ports := MemoryPorts())
    desk.reconnect()
    ports.say(asked)
    assert shown(desk) == Connected(signing_in=True, asked=asked)


def test_the_labels_are_the_users_own_by_name() -> None:
    labels = (Container("g2", "work"), Container("myContacts", "myContacts", system=True), Container("g1", "Clients"))
    desk = connected(MemoryPorts(labels=labels))
    assert desk.account is not None
    assert [one.remote for one in desk.account.labels()] == ["g1", "g2"]


def test_going_back_from_the_rehearsal_breaks_it_off_and_keeps_the_choices() -> None:
    ports = MemoryPorts()
    desk = signed_in(ports)
    desk.choose(SALES)
    desk.rehearse()
    desk.back()
    assert isinstance(desk.view, SettingUp)
    assert desk.view.choices == SALES
    ports.say(RehearsalDone(ID, replace(WOULD, stopped=True)))
    assert isinstance(desk.view, SettingUp)
    assert ("break_off", ID) in ports.orders


@pytest.mark.parametrize("stage", ["setting up", "rehearsing", "rehearsed"])
def test_cancel_takes_the_permission_back_and_nothing_is_connected(stage: str) -> None:
    ports = MemoryPorts()
    desk = signed_in(ports)
    if stage != "setting up":
        desk.rehearse()
    if stage == "rehearsed":
        ports.say(RehearsalDone(ID, WOULD))
    desk.cancel()
    assert ("disconnect", ID) in ports.orders
    ports.say(Disconnected(ID, revoked=True))
    assert shown(desk) == Unconnected(CLIENT, before=ROBIN.name)
    assert desk.account is None


def test_a_sign_in_that_fails_says_why_and_one_called_off_says_nothing() -> None:
    ports = MemoryPorts()
    desk = desk_of(ports)
    desk.connect()
    ports.say(SignInFailed("google", Ending.FEWER_SCOPES))
    assert shown(desk) == Unconnected(CLIENT, failed=Failed(Ending.FEWER_SCOPES))
    desk.connect()
    desk.cancel()
    ports.say(SignInFailed("google", Ending.CANCELLED))
    assert shown(desk) == Unconnected(CLIENT)


@pytest.mark.parametrize(
    ("news", "trouble"),
    [
        (SyncWaiting(ID, 9.0, "no network"), Waiting(9.0, "no network")),
        (SyncDead(ID, Death.SCOPE, "scope"), Dead(Death.SCOPE, "scope")),
        (SyncHalted(ID, "disabled", "API"), Halted("disabled", "API")),
    ],
)
def test_what_goes_wrong_while_counting_or_rehearsing_is_told_in_the_set_up(news: SyncNews, trouble: object) -> None:
    ports = MemoryPorts()
    desk = signed_in(ports)
    ports.say(news)
    assert isinstance(desk.view, SettingUp)
    assert desk.view.trouble == trouble
    desk.rehearse()
    ports.say(news)
    assert isinstance(desk.view, SettingUp)
    assert desk.view.trouble == trouble
    desk.count_again()
    assert desk.view.trouble is None


def test_a_start_goes_on_where_the_last_run_stood() -> None:
    ports = MemoryPorts()
    ports.keep(ROBIN, Standing.SETTING_UP)
    assert isinstance(GoogleDesk(ports).view, SettingUp)
    assert ports.orders == [("survey", ID)]
    ports.keep(ROBIN, Standing.CONNECTED)
    assert GoogleDesk(ports).view == Connected()
    ports.keep(ROBIN, Standing.DISCONNECTED)
    assert GoogleDesk(ports).view == Unconnected(CLIENT, before=ROBIN.name)


def test_connecting_the_same_account_again_goes_straight_on_where_it_was_synced_before() -> None:
    ports = MemoryPorts()
    desk = connected(ports)
    desk.reconnect()
    assert shown(desk) == Connected(signing_in=True)
    assert ports.orders[-1] == ("sign_in", "google", ID)
    ports.say(SignInFailed("google", Ending.OTHER_ACCOUNT, "sam@example.com"))
    assert shown(desk) == Connected(failed=Failed(Ending.OTHER_ACCOUNT, "sam@example.com"))
    desk.reconnect()
    ports.say(replace(SIGNED_IN, new=False))
    assert shown(desk) == Connected()


def test_the_status_follows_the_rounds() -> None:
    ports = MemoryPorts()
    desk = connected(ports)
    assert desk.account is not None
    progress = SyncProgress(ID, Phase.SENDING, 3, 9)
    for news, status in (
        (SyncRunning(ID), Running()),
        (progress, Running(progress)),
        (SyncWaiting(ID, 5.0, "503"), Waiting(5.0, "503")),
        (SyncDead(ID, Death.REVOKED, "testing"), Dead(Death.REVOKED, "testing")),
        (SyncHalted(ID, "full", ""), Halted("full", "")),
        (WOULD, Quiet()),
    ):
        ports.say(news)
        assert desk.account.view.status == status
    assert desk.account.view.last == WOULD
    ports.say(RoundDone(account="google:else", at=2.0, counts={}))
    assert desk.account.view.last == WOULD


def test_deletions_that_wait_are_allowed_by_their_count() -> None:
    ports = MemoryPorts()
    desk = connected(ports)
    assert desk.account is not None
    desk.account.approve()
    ports.say(replace(WOULD, guard_here=40, guard_there=2))
    desk.account.approve()
    assert ports.orders == [("approve", ID, 42, frozenset())]


def test_of_deletions_that_wait_some_are_kept() -> None:
    ports = MemoryPorts()
    desk = connected(ports)
    assert desk.account is not None
    waits = (("deleted here", "a", "Ana"), ("deleted there", "b", "Ben"))
    ports.say(replace(WOULD, guard_here=1, guard_there=1, guarded=waits))
    desk.account.approve(kept={"b"})
    desk.account.approve(kept={"a", "b"})
    assert ports.orders == [("approve", ID, 1, frozenset("b")), ("approve", ID, 0, frozenset("ab"))]


def test_where_all_that_are_listed_are_kept_what_is_not_listed_waits_on() -> None:
    ports = MemoryPorts()
    desk = connected(ports)
    assert desk.account is not None
    ports.say(replace(WOULD, guard_here=5000, guarded=(("deleted here", "a", "Ana"),)))
    desk.account.approve(kept={"a"})
    assert ports.orders == [("approve", ID, 0, frozenset("a"))]


def test_questions_are_listed_with_what_may_be_answered() -> None:
    ports = MemoryPorts()
    asked = Question(Review.REMOVED, "c1", "people/1")
    ports.asked.append(asked)
    desk = connected(ports)
    assert desk.account is not None
    assert desk.account.view.waiting == {Review.REMOVED: 1}
    [row] = desk.account.reviews(Review.REMOVED)
    assert row.question == asked
    assert row.answers == (Choice.DELETE, Choice.KEEP, Choice.CREATE)
    with pytest.raises(ValueError, match="no answer"):
        desk.account.answer(asked, Choice.SAME)
    desk.account.answer(asked, Choice.KEEP)
    ports.say(AccountChanged(ID))
    assert desk.account.view.waiting == {}


def test_undo_is_offered_where_there_is_something_to_take_back_and_says_what_it_did() -> None:
    ports = MemoryPorts()
    desk = connected(ports)
    assert desk.account is not None
    desk.account.undo()
    assert ports.orders == []
    ports.kept[ID] = replace(ports.kept[ID], undoable=True)
    ports.say(WOULD)
    desk.account.undo()
    assert ports.orders == [("undo", ID)]
    undone = SyncUndone(ID, {"changed back": 2})
    ports.say(undone)
    assert desk.account.view.undone == undone
    ports.say(SyncRunning(ID))
    assert desk.account.view.undone is None


def test_other_choices_are_kept_once() -> None:
    ports = MemoryPorts()
    desk = connected(ports)
    assert desk.account is not None
    desk.account.choose(desk.account.view.choices)
    desk.account.choose(SALES)
    assert ports.orders == [("keep_choices", ID, SALES)]
    assert desk.account.view.choices == SALES


def test_disconnect_leads_back_to_the_beginning() -> None:
    ports = MemoryPorts()
    desk = connected(ports)
    assert desk.account is not None
    desk.account.disconnect()
    ports.say(Disconnected(ID, revoked=False))
    assert shown(desk) == Unconnected(CLIENT, before=ROBIN.name)
