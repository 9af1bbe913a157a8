"""Writes that are tried again while what is wrong with the store may pass: a call must leave its row."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final, TypeVar

from ringdesk.domain.sockets import Deliver, Timers
from ringdesk.domain.status import PASSING, StoreError

if TYPE_CHECKING:
    from concurrent.futures import Future

FIRST_WAIT: Final = 5.0
LONGEST_WAIT: Final = 60.0
"""Seconds between two tries: doubled from the first to the longest."""

T = TypeVar("T")


class Lasting:
    """The first failure becomes news, as of any write; the tries after it are silent."""

    def __init__(self, deliver: Deliver, timers: Timers) -> None:
        self._deliver, self._timers = deliver, timers
        self._latest: dict[str, object] = {}

    def write(self, what: str, do: Callable[[], Future[T]], done: Callable[[T], None]) -> None:
        """Do it until it is done, or until something newer is to be written under the same name."""
        token = object()
        self._latest[what] = token
        future = do()
        self._deliver(future, lambda _: None)
        self._watch(what, token, future, do, done, FIRST_WAIT)

    def _watch(
        self,
        what: str,
        token: object,
        future: Future[T],
        do: Callable[[], Future[T]],
        done: Callable[[T], None],
        wait: float,
    ) -> None:
        def kept(value: T) -> None:
            self._forget(what, token)
            done(value)

        def failed(error: Exception) -> None:
            if isinstance(error, StoreError) and error.trouble in PASSING:
                self._timers.call_later(wait, again)
            else:
                self._forget(what, token)

        def again() -> None:
            if self._latest.get(what) is token:
                self._watch(what, token, do(), do, done, min(2 * wait, LONGEST_WAIT))

        self._deliver(future, kept, failed)

    def _forget(self, what: str, token: object) -> None:
        if self._latest.get(what) is token:
            del self._latest[what]
