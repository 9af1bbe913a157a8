"""What is chosen and allowed in the team's windows, between two RingDesks and a real directory over TLS."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from ringdesk.domain.call import CallState, Direction
from ringdesk.domain.calllog import CallRecord
from ringdesk.domain.numbering import parse
from ringdesk.domain.orders import SyncNow
from ringdesk.ui.team_seen import SeenDialog
from ringdesk.ui.widgets_ask import Ask
from ringdesk.ui.widgets_button import IconButton
from tests.e2e.team_desk import Desk, play
from tests.postgres import Team

pytestmark = [pytest.mark.postgres, pytest.mark.qt_log_ignore("plugin does not support")]


def look(desk: Desk) -> None:
    """Ask who is in the team at once; it is asked every half minute anyway."""
    team = desk.front.core.team
    assert team is not None
    team._order(SyncNow(full=True))


def test_a_field_is_seen_once_it_is_chosen_and_leaves_the_disk_when_it_is_not(
    qapp: QApplication, team: Team, tmp_path: Path
) -> None:
    async def story(alice: Desk, bob: Desk) -> None:
        contact = await alice.person("Harriet", "Patel", "020 7946 0777")
        noted = replace(contact, card=replace(contact.card, note="owes us a walrus"), shared=True)
        writes = alice.front.core.store.writes
        await asyncio.wrap_future(writes.save(noted, read_revision=contact.revision))
        await bob.until(lambda: bob.reads.get(contact.id) is not None, "Bob sees her")
        alice.front.window.pane.open(contact.id)
        alice.front.window.pane.details.seen.click()
        [dialog] = alice.front.window.findChildren(SeenDialog)
        assert b"walrus" not in bob.bytes_on_disk() + team.dump()
        dialog.boxes["note"].click()
        await bob.until(
            lambda: (c := bob.reads.get(contact.id)) is not None and c.card.note != "", "and now the note too"
        )
        found = bob.reads.get(contact.id)
        assert found is not None
        core = alice.front.core
        assert core.team is not None
        assert core.team.desk.seen(noted) == found.card, "what the window shows is what Bob holds"
        dialog.boxes["note"].click()
        await bob.until(lambda: b"walrus" not in bob.bytes_on_disk(), "gone from Bob's disk")
        assert b"walrus" not in team.dump()
        dialog.accept()

    play(qapp, tmp_path, team, story)


def test_a_call_is_kept_private_by_its_lock_and_three_are_shared_at_once(
    qapp: QApplication, team: Team, tmp_path: Path
) -> None:
    async def story(alice: Desk, bob: Desk) -> None:
        people = [
            await alice.person(name, "Patel", f"020 7946 07{n:02}") for n, name in enumerate(("Ann", "Bea", "Cleo"))
        ]
        pane = alice.front.window.pane
        await alice.until(lambda: pane.side.list.rows.rowCount() == 3, "they are listed")
        pane.side.list.selectAll()
        await alice.until(lambda: pane.several.isVisibleTo(pane), "three are chosen")
        pane.several.box.click()
        [question] = [one for one in alice.front.window.findChildren(Ask) if one.isVisible()]
        alice.shoot("alice-shares-three")
        question.yes.click()
        await bob.until(lambda: all(bob.reads.get(one.id) for one in people), "Bob has all three")
        team_ = alice.front.core.team
        assert team_ is not None
        now = alice.front._clock.now()
        record = CallRecord(
            id="00000000-0000-4000-8000-00000000000a", source="s", direction=Direction.INCOMING, over=True,
            state=CallState.ANSWERED_HERE, number=parse("020 7946 0700", "GB"), contact=people[0].id,
            started=now, answered=now, ended=now + 60,
        )  # several to a line  # fmt: skip
        await asyncio.wrap_future(alice.front.core.store.call_writes.log(record))
        bobs = bob.front.core.team
        assert bobs is not None
        await bob.until(lambda: bobs.spoke(people[0].id) is not None, "Bob hears of the call")
        pane.side.list.selectRow(0)
        pane.open(people[0].id)

        def locks() -> list[IconButton]:
            return list(pane.details.calls.findChildren(IconButton, f"private_{record.id}"))

        await alice.until(lambda: len(locks()) == 1, "the call has its lock")
        alice.shoot("alice-call-lock")
        locks()[0].click()
        await bob.until(lambda: bobs.spoke(people[0].id) is None, "Bob sees nothing of it any more")
        pane.undo_bar.undo_asked.emit()
        await bob.until(lambda: not any(bob.reads.get(one.id) for one in people), "one undo takes all three back")

    play(qapp, tmp_path, team, story)


def test_what_the_administrator_forbids_goes_from_the_window_and_comes_back(
    qapp: QApplication, team: Team, tmp_path: Path
) -> None:
    async def story(alice: Desk, bob: Desk) -> None:
        shared = await alice.person("Harriet", "Patel", "020 7946 0777")
        writes = alice.front.core.store.writes
        await asyncio.wrap_future(writes.share([shared.id], True))
        own = await bob.person("Own", "Contact", "020 7946 0222")
        await bob.until(lambda: bob.reads.get(shared.id) is not None, "Bob sees her")
        pane, google = bob.front.window.pane, bob.front.connecting.front
        assert google.bar.isVisibleTo(bob.front.window)
        team.setup.execute("""select api.set_coworker('bob', '{"view_only": true, "google": false}')""")
        look(bob)
        await bob.until(lambda: not bob.view.may_share, "Bob's desk hears of it", 60)
        assert not google.bar.isVisibleTo(bob.front.window)
        pane.open(shared.id)
        assert not pane.details.header.edit.isVisibleTo(pane)
        pane.open(own.id)
        assert not pane.details.share.isVisibleTo(pane)
        assert pane.details.header.edit.isVisibleTo(pane), "his own he edits as ever"
        row = pane.side.list.currentIndex()
        assert row.data(Qt.ItemDataRole.CheckStateRole) is None
        bob.shoot("bob-view-only")
        team.setup.execute("""select api.set_coworker('bob', '{"view_only": false, "google": true}')""")
        look(bob)
        await bob.until(lambda: bob.view.may_share, "and of that", 60)
        assert google.bar.isVisibleTo(bob.front.window)
        assert pane.details.share.isVisibleTo(pane)

    play(qapp, tmp_path, team, story)
