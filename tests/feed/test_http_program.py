"""The HTTP feed in the program without its windows: off unless turned on, an event pops, no contact is changed."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from ringdesk.app.clockwork import LoopTimers, Outside, RandomIds, SystemClock
from ringdesk.app.core import Core, Ears
from ringdesk.app.places import Places, places
from ringdesk.app.preferences import preferences_of, settings_of
from ringdesk.desk.pops import Stack
from ringdesk.desk.preferences import Fault, Preferences, Problem, problems
from ringdesk.domain.call import Ability, Call
from ringdesk.domain.card import Card, Name, PhoneEntry
from ringdesk.domain.choices import HttpFeed
from ringdesk.domain.contact import Me, Origin
from ringdesk.domain.rightofway import TURN
from ringdesk.feed.loopback import announced
from ringdesk.feed.tokens import issue
from ringdesk.settings import Settings, SettingsError, load, save
from ringdesk.ui.settings_feed import HttpFeedBox
from ringdesk.vault.session import SessionSecrets
from tests.fakes import NoBrowser, deliver
from tests.feed.aid import until
from tests.feed.http_aid import Answer, raw, run

ON = Settings(region="GB", http_feed=HttpFeed(enabled=True))


@dataclass
class Doors:
    """Nothing is behind these doors; what goes through them is kept."""

    opened: list[object] = field(default_factory=list)

    def open_contact(self, contact: str) -> None:
        self.opened.append(contact)

    def new_contact(self, card: Card, contact: str | None) -> None:
        self.opened.append(card)

    def add_to_existing(self, number: str, call: str) -> None:
        self.opened.append(number)

    def copy(self, text: str) -> None:
        self.opened.append(text)

    def command(self, call: Call, ability: Ability) -> None:
        self.opened.append(ability)


@dataclass
class Program:
    """A core that runs, what it shows, and a token for it."""

    core: Core
    here: Places
    token: str
    shown: list[Stack]
    doors: Doors

    async def post(self, **event: object) -> Answer:
        body, port = json.dumps(event).encode(), int(self.core.feed_address().rpartition(":")[2])
        head = (
            f"POST /v1/call-event HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Bearer {self.token}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return await raw(port, head.encode() + body)


@asynccontextmanager
async def program(folder: Path, settings: Settings) -> AsyncIterator[Program]:
    here, shown, doors = places(folder), list[Stack](), Doors()
    here.make()
    timers, browser = LoopTimers(asyncio.get_running_loop()), NoBrowser()
    outside = Outside(SystemClock(), RandomIds(), timers, deliver, lambda news: None, SessionSecrets(), browser)
    ears = Ears(shown.append, lambda changed: None, lambda ability, why: None, lambda source: None)
    core = Core(settings, here, outside, ears, doors)
    try:
        core.start()
        yield Program(core, here, issue(here.tokens, "pbx", 0.0), shown, doors)
    finally:
        await core.stop()
        core.close()


def test_an_event_pops_and_overwrites_no_contact(tmp_path: Path) -> None:
    card = Card(name=Name(given="Harriet", family="Patel"), phones=(PhoneEntry("020 7946 0777", "work"),))

    async def story() -> None:
        async with program(tmp_path, ON) as one:
            contact = await asyncio.wrap_future(one.core.store.writes.add(card, origin=Origin.HAND, owner=Me()))
            await until(lambda: announced(one.here.http_feed) is not None)
            caller = {"id": "42", "from": "+442079460777", "name": "<b>Not Harriet</b>"}
            assert (await one.post(event="ringing", **caller)).status == 200
            await until(lambda: bool(one.shown))
            (view,) = one.shown[-1].pops
            assert view.headline == "Harriet Patel"
            refused = await one.post(event="ringing", id="43", share=True)
            assert (refused.status, refused.error) == (400, "unknown_field")
            assert (await one.post(event="ended", id="42", reason="no_answer")).status == 200
            await until(lambda: not one.core.tracker.open_calls())
            now = one.core.store.reads.get(contact.id)
            assert now is not None
            assert (now.card, now.revision) == (contact.card, contact.revision)
            assert one.doors.opened == []
            assert not one.core.phones.can_dial()

    run(story)


def test_a_call_waits_for_no_long_turn_of_a_busy_thread(tmp_path: Path) -> None:
    async def story() -> None:
        async with program(tmp_path, ON):
            assert sys.getswitchinterval() == pytest.approx(TURN)

    before = sys.getswitchinterval()
    sys.setswitchinterval(0.005)
    try:
        run(story)
    finally:
        sys.setswitchinterval(before)


def test_it_is_off_until_turned_on_and_turning_it_off_ends_its_calls(tmp_path: Path) -> None:
    async def story() -> None:
        async with program(tmp_path, Settings(region="GB")) as one:
            core = one.core
            await until(one.here.socket.exists)
            assert core.feed_address() == ""
            assert not one.here.http_feed.exists()
            core.apply(ON)
            await until(lambda: core.feed_address() != "")
            port = int(core.feed_address().rpartition(":")[2])
            assert (await one.post(event="ringing", id="42", **{"from": "+442079460123"})).status == 200
            await until(lambda: bool(core.tracker.open_calls()))
            core.apply(replace(ON, http_feed=HttpFeed()))
            assert core.tracker.open_calls() == []
            assert core.feed_address() == ""
            await until(lambda: not one.here.http_feed.exists())
            with pytest.raises(OSError, match="Connect"):
                await raw(port, b"x")

    run(story)


def test_the_defaults_are_off_and_any_port() -> None:
    assert (Settings().http_feed, Preferences().http_feed) == (HttpFeed(False, 0), HttpFeed(False, 0))


def test_the_choice_is_kept(tmp_path: Path) -> None:
    chosen = Settings(http_feed=HttpFeed(enabled=True, port=40404))
    save(tmp_path, chosen)
    assert load(tmp_path).http_feed == chosen.http_feed
    assert settings_of(preferences_of(chosen), Settings()).http_feed == chosen.http_feed


@pytest.mark.parametrize(
    "wrong", [{"port": -1}, {"port": 65536}, {"port": "x"}, {"enabled": 1}, {"open": True, "port": 1.5}]
)
def test_a_choice_that_is_none_is_named(tmp_path: Path, wrong: object) -> None:
    (tmp_path / "settings.json").write_text(json.dumps({"http_feed": wrong}))
    with pytest.raises(SettingsError, match="http_feed"):
        load(tmp_path)


def test_a_port_that_is_none_is_a_problem() -> None:
    wrong = Preferences(http_feed=HttpFeed(port=70_000))
    assert Problem(Fault.NO_PORT, "http_feed") in problems(wrong)


def test_settings_show_the_address_and_give_the_choice_back(qapp: QApplication) -> None:
    listening = "http://127.0.0.1:40404"
    box = HttpFeedBox(lambda: listening)
    for kept in (HttpFeed(), HttpFeed(True, 40404)):
        box.take(kept)
        assert box.give() == kept
        assert box.port.isEnabled() is kept.enabled
    assert listening in box.where.text()
    listening = ""
    box.take(HttpFeed())
    assert box.where.text() == ""
    box.deleteLater()
