"""A desk that left its team and joins it again goes on without a restart: one real PostgreSQL over TLS."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from ringdesk.app.team_leaving import leave_team
from ringdesk.app.team_seat import SeatError
from ringdesk.providers.team import admin
from ringdesk.ui.team_banner import TeamBanner
from tests.e2e.team_desk import Desk, live
from tests.e2e.test_team import invited, join
from tests.postgres import Team

pytestmark = [pytest.mark.postgres, pytest.mark.qt_log_ignore("This plugin does not support")]


@pytest.fixture
def team(team: Team) -> Team:
    team.setup.execute("""select api.set_coworker('alice', '{"name": "Alice Moreno", "extensions": ["11"]}')""")
    return team


@asynccontextmanager
async def joined(qapp: QApplication, team: Team, folder: Path, invitation: tuple[Path, str]) -> AsyncIterator[Desk]:
    """Eve's desk, which sees what Alice shares."""
    alice, eve = Desk(folder / "alice", qapp, team, "alice"), Desk(folder / "eve", qapp, team, None)
    for one in (alice, eve):
        await one.start()
    try:
        await alice.online()
        theirs = await alice.person("Harriet", "Patel", "020 7946 0777")
        await alice.save(replace(theirs, shared=True))
        await join(eve, *invitation)
        await eve.until(lambda: "Harriet Patel" in eve.listed(), "Eve sees what is shared")
        yield eve
    finally:
        for one in (alice, eve):
            await one.front.stop()


def test_who_leaves_and_joins_again_needs_no_restart(qapp: QApplication, team: Team, tmp_path: Path) -> None:
    invitation = invited(team, tmp_path)

    async def story() -> None:
        async with joined(qapp, team, tmp_path, invitation) as eve:
            await leave_team(eve.front.core, eve.here)
            assert eve.listed() == []
            password = admin.invite_again(team.setup, "eve", datetime.now(UTC) + timedelta(days=1)).password
            await join(eve, invitation[0], password)
            await eve.until(lambda: "Harriet Patel" in eve.listed(), "and again")
            banner = eve.front.window.findChild(TeamBanner)
            assert banner is not None
            team.setup.close()
            await asyncio.to_thread(
                team.cluster.run, "pg_ctl", "-D", team.cluster.folder / "data", "-m", "fast", "stop"
            )
            await eve.until(lambda: banner.isVisibleTo(eve.front.window), "the banner is this team's")
            await asyncio.to_thread(team.cluster.start)
            team.setup = team.cluster.super(team.name)

    live(qapp, story)


def test_who_could_not_erase_all_and_joins_again_needs_no_restart(
    qapp: QApplication, team: Team, tmp_path: Path
) -> None:
    invitation = invited(team, tmp_path)

    async def story() -> None:
        async with joined(qapp, team, tmp_path, invitation) as eve:
            eve.here.team_authority.unlink()
            eve.here.team_authority.mkdir()  # no file, so that it cannot be written over
            with pytest.raises(SeatError):
                await leave_team(eve.front.core, eve.here)
            assert eve.listed() == []
            eve.here.team_authority.rmdir()
            password = admin.invite_again(team.setup, "eve", datetime.now(UTC) + timedelta(days=1)).password
            await join(eve, invitation[0], password)
            await eve.until(lambda: "Harriet Patel" in eve.listed(), "and again")

    live(qapp, story)
