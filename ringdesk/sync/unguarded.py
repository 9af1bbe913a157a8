"""Sends what no etag guards: each request right after a look at what it is about; so is one that is repeated."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ringdesk.domain.remote import Retry
from ringdesk.sync.context import Context
from ringdesk.sync.plan import Step

Send = Callable[[Sequence[Step], int], None]
"""Sends steps together; a request is tried so many times."""
Look = Callable[[Sequence[Step]], Sequence[Step]]
"""Asks the account about steps; gives those that are still to be carried out."""


class Unguarded:
    """Steps of one kind, each of which somebody may have made wrong since the account was last asked."""

    def __init__(self, context: Context, send: Send, tries: int, look: Look) -> None:
        self._context = context
        self._send = send
        self._tries = tries
        self._look = look

    def carry_out(self, steps: Sequence[Step]) -> None:
        """In one request, or one by one where the account takes so few of them that way: a look for each request."""
        if len(steps) <= self._context.capabilities.small_batch:
            for step in steps:
                self._one_request([step])
        elif steps:
            self._one_request(steps)

    def _one_request(self, steps: Sequence[Step]) -> None:
        for tries in range(1, self._tries + 1):
            wanted = self._look(steps)
            if 1 < len(wanted) <= self._context.capabilities.small_batch:
                self.carry_out(wanted)
                return
            try:
                if wanted:
                    self._send(wanted, 1)
            except Retry as error:
                self._context.reading.wait(error, tries, self._tries)
            else:
                return
