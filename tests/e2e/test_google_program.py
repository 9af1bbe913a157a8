"""Google in the whole program, windows and all: a caller is read anew behind the pop, and quitting waits for nobody."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from ringdesk.desk.accounts import Quiet
from ringdesk.desk.connecting import Connected, GoogleDesk, Rehearsed, SettingUp, Unconnected
from ringdesk.feed.client import post
from tests.e2e.house import names_there
from tests.e2e.program import Program, play
from tests.providers.google.practice import Account, Practice, practising
from tests.providers.google.test_signin import Visitor, consent

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", "No such signal")

ANA = "+442079460001"
SLACK = 1.5


@pytest.fixture(scope="module")
def practice() -> Iterator[Practice]:
    with practising("--real-clock") as one:
        yield one


@pytest.fixture
def account(practice: Practice) -> Iterator[Account]:
    made = practice.account()
    practice.order("POST", "/consent", kind="allow", account=made.email)
    yield made
    practice.reset()


async def connect(program: Program, practice: Practice, visitor: Visitor) -> GoogleDesk:
    """The whole way, as the windows go it."""
    google = program.front.core.accounts.google
    chosen = program.here.data / "chosen.json"
    chosen.write_bytes(practice.client_file)
    google.choose_client_file(chosen)
    await program.until(lambda: isinstance(google.view, Unconnected) and google.view.client is not None, "a client")
    google.connect()
    await program.until(lambda: isinstance(google.view, SettingUp) and google.view.survey is not None, "set-up")
    google.rehearse()
    await program.until(lambda: isinstance(google.view, Rehearsed), "the rehearsal")
    google.accept()
    await program.until(lambda: google.account is not None and google.account.view.last is not None, "a round")
    assert google.view == Connected()
    return google


def run(folder: Path, app: QApplication, story: Callable[[Program], Awaitable[None]], visitor: Visitor) -> None:
    """Let a story happen, and the browser end."""
    play(app, folder, story, visitor)
    visitor.end()


def named(program: Program) -> str:
    """The name on the only pop."""
    view = program.pop.view
    return "" if view is None else view.headline


def test_a_caller_is_read_anew_behind_the_pop(
    tmp_path: Path, qapp: QApplication, practice: Practice, account: Account
) -> None:
    number = {"phoneNumbers": [{"value": ANA}]}
    ana = account.hand("create", person={"names": [{"givenName": "Ana"}], **number})
    visitor = Visitor(consent)

    async def story(program: Program) -> None:
        await connect(program, practice, visitor)
        account.hand("edit", name=ana, person={"names": [{"givenName": "Anabel"}], **number})
        event = {"event": "ringing", "id": "1", "from": ANA, "to": "201"}
        answer = await asyncio.to_thread(post, program.here.socket, event)
        assert answer.ok
        await program.until(lambda: bool(program.painted), "the pop is painted")
        await program.until(lambda: named(program) == "Anabel", "the pop has the new name")

    run(tmp_path, qapp, story, visitor)


def test_quitting_while_a_request_hangs_waits_two_seconds_at_most(
    tmp_path: Path, qapp: QApplication, practice: Practice, account: Account
) -> None:
    visitor, ended = Visitor(consent), []

    async def story(program: Program) -> None:
        google = await connect(program, practice, visitor)
        desk = google.account
        assert desk is not None
        await program.until(lambda: isinstance(desk.view.status, Quiet), "quiet")
        practice.fault("delay", path="people:createContact", seconds=12.0)
        before = practice.log()
        await program.person("Ben", "Hart", "+442079460002")
        await program.until(lambda: practice.log() > before + 2, "the request is under way")
        ended.append(time.monotonic())

    run(tmp_path, qapp, story, visitor)
    assert time.monotonic() - ended[0] < 2.0 + SLACK
    assert names_there(account) == ["Ben"]
