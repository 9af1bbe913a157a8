"""This desk goes out of its team: by the user's wish, or because the team has shut it out. On the main thread."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from ringdesk.app.places import Places

if TYPE_CHECKING:
    from ringdesk.app.core import Core


async def leave_team(core: Core, here: Places) -> str:
    """End the worker, erase coworkers' contacts, the seat and the password; gives the server that was, if any.

    In this order, so that nothing speaks of a team only once nothing of it is left. Raises SeatError where a file
    could not be erased: then the seat is still there, and the next start finds out anew.
    """
    if core.team is not None:
        await core.team.leave()
    host = await asyncio.get_running_loop().run_in_executor(None, _erase, here, core)
    await core.forget_team()
    return host


def _erase(here: Places, core: Core) -> str:
    from ringdesk.app.team_join import leave  # here, off the main thread: the driver is heavy

    left = leave(here, core.outside.secrets)
    return "" if left is None else left[0].host
