"""The main job on a real SIP call: the right contact pops, Answer answers, the end closes it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from ringdesk.desk.popview import Action, Certainty, Phase
from ringdesk.domain.call import CallState, SourceState
from tests import phones
from tests.e2e.program import Program, play

pytestmark = [pytest.mark.sip, pytest.mark.desktop]
NUMBER = "+442079460777"


@pytest.fixture
def phone(tmp_path: Path) -> Iterator[phones.Softphone]:
    gone = phones.missing()
    if gone:
        pytest.fail(f"a real call needs {', '.join(gone)}; on Debian: apt-get install baresip-core sip-tester")
    with phones.softphone(tmp_path / "phone") as softphone:
        yield softphone


def listening(phone: phones.Softphone) -> dict[str, object]:
    """Settings with this softphone in them."""
    source = {"id": "desk phone", "kind": "baresip", "host": phones.HOST, "port": phone.control, "enabled": True}
    return {"sources": [source]}


async def connected(program: Program) -> None:
    """Wait until RingDesk listens to the phone."""
    sources = program.front.standing.sources
    await program.until(
        lambda: "desk phone" in sources and sources["desk phone"].state is SourceState.CONNECTED, "the phone connects"
    )


def click(program: Program, action: Action) -> None:
    """Click a button of the only pop with the mouse, once it has been there long enough not to be hit by accident."""
    QTest.mouseClick(program.button(action), Qt.MouseButton.LeftButton)


def test_a_real_call_pops_the_contact_is_answered_from_the_pop_and_ends(
    qapp: QApplication, phone: phones.Softphone, tmp_path: Path
) -> None:
    async def story(program: Program) -> None:
        contact = await program.person("Harriet", "Patel", "020 7946 0777", "Acme Trading")
        await connected(program)
        with phones.caller(tmp_path, phone, phones.hangs_up(NUMBER, "H PATEL", talk=800)) as sipp:
            await program.until(lambda: bool(program.painted), "the pop is painted")
            view = program.pop.view
            assert view is not None
            assert (view.headline, view.company, view.number) == ("Harriet Patel", "Acme Trading", "020 7946 0777")
            assert (view.certainty, view.contact, view.phase) == (Certainty.SURE, contact.id, Phase.RINGING)
            assert {Action.ANSWER, Action.DECLINE} <= set(view.actions)
            await asyncio.sleep(0.5)
            click(program, Action.ANSWER)
            await program.until(
                lambda: program.pop.view is not None and program.pop.view.phase is Phase.TALKING, "talk"
            )
            await program.until(
                lambda: program.pop.view is not None and program.pop.view.phase is Phase.NOTE, "the end"
            )
            click(program, Action.CLOSE)
            await program.until(lambda: program.pops == [], "the pop closes")
            assert await asyncio.to_thread(sipp.wait, 10) == 0
        calls = program.front.core.store.calls
        await program.until(lambda: bool(calls.recent()) and calls.recent()[0].over, "the call is in the list")
        [record] = calls.recent()
        assert (record.state, record.contact) == (CallState.ANSWERED_HERE, contact.id)

    play(qapp, tmp_path / "data", story, **listening(phone))


def test_a_real_call_is_declined_from_the_pop(qapp: QApplication, phone: phones.Softphone, tmp_path: Path) -> None:
    async def story(program: Program) -> None:
        await connected(program)
        with phones.caller(tmp_path, phone, phones.is_declined(NUMBER, "H PATEL")) as sipp:
            await program.until(lambda: bool(program.painted), "the pop is painted")
            assert program.pop.view is not None
            assert program.pop.view.headline == "H PATEL"
            assert program.pop.view.certainty is Certainty.CALLER_SAYS
            await asyncio.sleep(0.5)
            click(program, Action.DECLINE)
            await program.until(lambda: program.pops == [], "the pop closes")
            assert await asyncio.to_thread(sipp.wait, 10) == 0

    play(qapp, tmp_path / "data", story, **listening(phone))


def test_a_real_call_that_nobody_answers_is_listed_and_badged(
    qapp: QApplication, phone: phones.Softphone, tmp_path: Path
) -> None:
    async def story(program: Program) -> None:
        await connected(program)
        with phones.caller(tmp_path, phone, phones.gives_up(NUMBER, "H PATEL", ring=700)):
            await program.until(lambda: bool(program.painted), "the pop is painted")
            await program.until(lambda: program.tray.view.missed == 1, "the badge")
        [record] = program.front.core.store.calls.recent()
        assert record.state is CallState.ENDED_UNKNOWN

    play(qapp, tmp_path / "data", story, **listening(phone))
