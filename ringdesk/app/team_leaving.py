"""This desk goes out of its team: by the user's wish, or because the team has shut it out. On the main thread."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from ringdesk.app.places import Places

if TYPE_CHECKING:
    from ringdesk.app.core import Core


async def leave_team(core: Core, here: Places, *, shut_out: bool = False) -> str:
    """End the worker, erase coworkers' contacts, the seat and the password; gives the server that was, if any.

    In this order, so that nothing speaks of a team only once nothing of it is left. Raises SeatError where a file
    could not be erased: then the seat is still there, and the next start finds out anew. Of a desk that was `shut_out`
    a note of it stays (`Places.team_left`), by which every start tells the user until they have read it.
    """
    if core.team is not None:
        await core.team.leave()
    host = await asyncio.get_running_loop().run_in_executor(None, _erase, here, core, shut_out)
    await core.forget_team()
    return host


def _erase(here: Places, core: Core, shut_out: bool) -> str:
    from ringdesk.app.team_join import leave  # here, off the main thread: the driver is heavy

    left = leave(here, core.outside.secrets, shut_out=shut_out)
    return "" if left is None else left[0].host
