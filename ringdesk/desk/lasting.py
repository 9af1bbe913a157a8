"""Writes that are tried again while what is wrong with the store may pass: a call must leave its row."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final, Generic, TypeVar

from ringdesk.domain.sockets import Deliver, Timers
from ringdesk.domain.status import PASSING, StoreError
from ringdesk.domain.values import dataclass

if TYPE_CHECKING:
    from concurrent.futures import Future

FIRST_WAIT: Final = 5.0
LONGEST_WAIT: Final = 60.0
"""Seconds between two tries: doubled from the first to the longest."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Write(Generic[T]):
    """One thing to be written, however many tries it takes."""

    what: str
    token: object
    do: Callable[[], Future[T]]
    done: Callable[[T], None]
    given_up: Callable[[], None]


class Lasting:
    """The first failure becomes news, as of any write; the tries after it are silent."""

    def __init__(self, deliver: Deliver, timers: Timers) -> None:
        self._deliver, self._timers = deliver, timers
        self._latest: dict[str, object] = {}

    def write(
        self,
        what: str,
        do: Callable[[], Future[T]],
        done: Callable[[T], None],
        given_up: Callable[[], None] = lambda: None,
    ) -> None:
        """Do it until it is done, or until something newer is to be written under the same name.

        `given_up` is called where it failed and no later try can help.
        """
        token = object()
        self._latest[what] = token
        future = do()
        self._deliver(future, lambda _: None)
        self._watch(_Write(what, token, do, done, given_up), future, FIRST_WAIT)

    def _watch(self, write: _Write[T], future: Future[T], wait: float) -> None:
        def kept(value: T) -> None:
            self._forget(write)
            write.done(value)

        def failed(error: Exception) -> None:
            if isinstance(error, StoreError) and error.trouble in PASSING:
                self._timers.call_later(wait, again)
            else:
                self._forget(write)
                write.given_up()

        def again() -> None:
            if self._latest.get(write.what) is write.token:
                self._watch(write, write.do(), min(2 * wait, LONGEST_WAIT))

        self._deliver(future, kept, failed)

    def _forget(self, write: _Write[T]) -> None:
        if self._latest.get(write.what) is write.token:
            del self._latest[write.what]
