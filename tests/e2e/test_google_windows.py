"""Google in real windows: connect, choose a label, rehearse, sync, edit on both sides, part, come back; by real clicks.

The practice Google runs as a process of its own; a tiny browser follows its consent page.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from ringdesk.desk.accounts import Quiet
from ringdesk.desk.connecting import Connected, Rehearsed, SettingUp, Unconnected
from ringdesk.domain.card import Card, Name, PhoneEntry
from ringdesk.domain.contact import Contact, Me, Origin
from ringdesk.domain.sockets import Show
from ringdesk.ui.connect_dialog import ConnectDialog
from ringdesk.ui.connect_front import GoogleFront
from ringdesk.ui.connect_status import Deed
from ringdesk.ui.widgets_ask import Ask
from tests.e2e.house import names_there
from tests.e2e.program import Program, play
from tests.providers.google.practice import Account, Practice, practising
from tests.providers.google.test_signin import Visitor, consent

pytestmark = pytest.mark.desktop

CLIENTS = 7
OTHERS = 5


@pytest.fixture(scope="module")
def practice() -> Iterator[Practice]:
    with practising("--real-clock") as one:
        yield one


@pytest.fixture
def account(practice: Practice) -> Account:
    """Seven clients, five others."""
    account = practice.account()
    account.hand("create_label", label="Clients")
    for n in range(CLIENTS + OTHERS):
        number = [{"value": f"+4420794601{n:02d}"}]
        name = account.hand("create", person={"names": [{"givenName": f"There{n}"}], "phoneNumbers": number})
        if n < CLIENTS:
            account.hand("label", name=name, label="Clients")
    return account


class User:
    """Somebody at the desk: looks, clicks, waits."""

    def __init__(self, program: Program, practice: Practice, account: Account, folder: Path) -> None:
        self.program, self.practice, self.account, self.folder = program, practice, account, folder
        self._pictures = 0

    @property
    def front(self) -> GoogleFront:
        return self.program.front.connecting.front

    @property
    def view(self) -> object:
        return self.front.desk.view

    @property
    def dialog(self) -> ConnectDialog:
        [found] = [one for one in self.shown() if isinstance(one, ConnectDialog)]
        return found

    def shown(self) -> list[QDialog]:
        return [one for one in QApplication.topLevelWidgets() if isinstance(one, QDialog) and one.isVisible()]

    async def see(self, true: Any, what: str) -> None:
        await self.program.until(true, f"{what}; the view is {self.view}", 40)
        await asyncio.sleep(0.3)

    async def click(self, widget: QWidget, at: QPoint | None = None) -> None:
        """Click into a widget, through the X server: in its middle, or at a place in it."""
        await self.program.until(widget.isVisible, f"{widget.objectName()} is there")
        await asyncio.sleep(0.3)
        place = widget.mapToGlobal(widget.rect().center() if at is None else at)
        command = ["xdotool", "mousemove", str(place.x()), str(place.y()), "click", "1"]
        await asyncio.get_running_loop().run_in_executor(None, lambda: subprocess.run(command, check=True))

    def keep(self, name: str) -> None:
        """Keep a picture of the whole screen where somebody wants to look at it."""
        if folder := os.environ.get("RINGDESK_PICTURES"):
            self._pictures += 1
            screen = QApplication.primaryScreen()
            screen.grabWindow(0).save(str(Path(folder) / f"google-{self._pictures:02d}-{name}.png"))

    def contacts(self) -> list[Contact]:
        reads = self.program.front.core.store.reads
        found = [reads.get(row.id) for row in reads.page(Show(anonymous=None), 0, 1000)]
        return [one for one in found if one is not None]

    def names(self) -> list[str]:
        return sorted(one.card.name.given for one in self.contacts())

    def clients_there(self) -> list[str]:
        """Who is in Clients at Google."""
        dump = self.account.dump()
        [label] = [id for id, name in dump["groups"].items() if name == "Clients"]
        people = dump["contacts"].values()
        inside = [one for one in people if label.rpartition("/")[2] in one["groups"]]
        return sorted(one["names"][0]["givenName"] for one in inside)

    # --- what a user does

    async def choose_client_file(self) -> None:
        path = self.folder / "client.json"
        path.write_bytes(self.practice.client_file)
        mime = QMimeData()
        mime.setUrls([QUrl.fromLocalFile(str(path))])
        left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        self.dialog.start.dropEvent(QDropEvent(QPointF(50, 50), Qt.DropAction.CopyAction, mime, left, none))
        await self.see(self.dialog.start.sign_in.isEnabled, "the client file is in place")

    async def sign_in(self) -> None:
        self.practice.order("POST", "/consent", kind="allow", account=self.account.email)
        await self.click(self.dialog.start.sign_in)
        await self.see(
            lambda: self.dialog.setup.isVisible() and self.dialog.setup.picker.isVisible(), "the set-up page"
        )

    async def choose_label(self) -> None:
        """Only the contacts of the first label."""
        picker = self.dialog.setup.picker
        await self.click(picker.some, QPoint(16, picker.some.height() // 2))
        await self.see(picker.list.isVisible, "the labels")
        row = picker.list.visualRect(picker.model.index(0))
        await self.click(picker.list.viewport(), QPoint(row.x() + 20, row.center().y()))
        await self.see(lambda: bool(picker.chosen), "the label is ticked")

    async def rehearse(self) -> Rehearsed:
        await self.click(self.dialog.setup.go)
        await self.see(lambda: isinstance(self.view, Rehearsed), "the rehearsal")
        assert isinstance(self.view, Rehearsed)
        return self.view

    async def accept(self) -> None:
        await self.click(self.dialog.rehearsal.accept)
        await self.see(lambda: isinstance(self.view, Connected), "connected")
        await self.synced()

    async def synced(self) -> None:
        account = self.front.desk.account
        assert account is not None
        store = self.program.front.core.store
        await self.see(
            lambda: (
                account.view.last is not None
                and isinstance(account.view.status, Quiet)
                and not store.accounts.touched(account.view.id)
            ),
            "a sync has ended",
        )

    async def sync_now(self) -> None:
        account = self.front.desk.account
        assert account is not None
        before = account.view.last
        await self.click(self.front.bar.buttons[Deed.SYNC])
        await self.see(lambda: account.view.last is not before, "a sync")
        await self.synced()

    async def disconnect(self) -> None:
        self.front.act(Deed.DISCONNECT)
        [question] = [one for one in self.shown() if isinstance(one, Ask)]
        await asyncio.sleep(0.5)
        self.keep("disconnect")
        await self.click(question.yes)
        await self.see(lambda: isinstance(self.view, Unconnected), "disconnected")


def card(given: str, number: str, *groups: str) -> Card:
    return Card(name=Name(given=given), phones=(PhoneEntry(number, "work"),), groups=groups)


async def story(user: User) -> None:
    store = user.program.front.core.store
    for one in (card("Mine", "+442079469001", "Clients"), card("Private", "+442079469002")):
        await asyncio.wrap_future(store.writes.add(one, origin=Origin.HAND, owner=Me()))
    await connect(user)
    user.keep("synced")
    assert len(names_there(user.account)) == CLIENTS + OTHERS + 1
    await edit_on_both_sides(user)
    counts = len(user.names()), len(names_there(user.account))
    await user.disconnect()
    user.keep("disconnected")
    assert (len(user.names()), len(names_there(user.account))) == counts, "all contacts stay on both sides"
    await user.click(user.front.bar.main)
    await user.sign_in()
    assert (await user.rehearse()).would.counts == {}, "nothing would be doubled"
    user.keep("rehearsal-again")
    await user.accept()
    assert (len(user.names()), len(names_there(user.account))) == counts
    assert user.clients_there() == sorted(set(user.names()) - {"Private"})


async def connect(user: User) -> None:
    """From the button to the first sync, with one label."""
    await user.see(lambda: user.front.bar.main.isVisible(), "the Connect button")
    user.keep("button")
    await user.click(user.front.bar.main)
    await user.see(lambda: bool(user.shown()), "the connect window")
    user.keep("steps")
    await user.choose_client_file()
    user.keep("start")
    await user.sign_in()
    assert isinstance(user.view, SettingUp)
    assert user.view.survey is not None
    assert (user.view.survey.contacts, user.view.survey.mine) == (CLIENTS + OTHERS, 2)
    await user.choose_label()
    assert "(7)" in user.dialog.setup.phones.text()
    user.keep("set-up")
    would = (await user.rehearse()).would
    assert dict(would.counts) == {"added here": CLIENTS, "added there": 1}
    assert user.names() == ["Mine", "Private"], "nothing has happened yet"
    assert len(names_there(user.account)) == CLIENTS + OTHERS
    user.keep("rehearsal")
    await user.accept()
    assert user.clients_there() == sorted(set(user.names()) - {"Private"})


async def edit_on_both_sides(user: User) -> None:
    """An edit here is there within two seconds and a round; one there is here after Sync now."""
    store = user.program.front.core.store
    mine = next(one for one in user.contacts() if one.card.name.given == "Mine")
    edited = replace(mine, card=replace(mine.card, name=Name(given="Edited")))
    await asyncio.wrap_future(store.writes.save(edited, read_revision=mine.revision))
    await user.see(lambda: "Edited" in names_there(user.account), "the edit is there")
    dump = user.account.dump()["contacts"]
    [name] = [id for id, one in dump.items() if one["names"][0]["givenName"] == "There3"]
    user.account.hand("edit", name=name, person={"names": [{"givenName": "Elsewhere"}]})
    await user.synced()
    await user.sync_now()
    user.keep("edited")
    assert {"Edited", "Elsewhere"} <= set(user.names())
    assert user.clients_there() == sorted(set(user.names()) - {"Private"})


def test_connect_sync_edit_part_and_come_back(
    qapp: QApplication, tmp_path: Path, practice: Practice, account: Account
) -> None:
    visitor = Visitor(consent)

    async def whole(program: Program) -> None:
        await story(User(program, practice, account, tmp_path))

    play(qapp, tmp_path / "data", whole, visitor)
    visitor.end()
