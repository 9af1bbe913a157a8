"""The reading half of an account's book, asked again a few times where it was busy or an answer got lost.

A first pull of 25,000 contacts is 25 requests: one that fails must not send the other 24 again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from random import Random
from typing import Final, TypeVar

from ringdesk.domain.remote import Container, Page, RemoteBook, RemoteItem, Retry
from ringdesk.sync.failure import FIRST_WAIT, backoff

T = TypeVar("T")

READ_TRIES: Final = 3
LONGEST_IN_ROUND: Final = 60.0
"""Seconds a round waits for the account; longer than that, the next round goes on."""


class Reading:
    """Reads; whatever still fails after a few tries breaks the round off, as it would have at once."""

    def __init__(
        self, book: RemoteBook, pause: Callable[[float], None], dice: Random, stopped: Callable[[], bool]
    ) -> None:
        self._book = book
        self._pause = pause
        self._dice = dice
        self._stopped = stopped

    def containers(self) -> Sequence[Container]:
        """All containers."""
        return self._patiently(self._book.containers)

    def fetch(self, remotes: Sequence[str]) -> Sequence[RemoteItem]:
        """The current form of contacts."""
        return self._patiently(lambda: self._book.fetch(remotes))

    def photo(self, ref: str) -> bytes:
        """A picture. Raises NoPicture where it cannot be had, maybe never."""
        return self._patiently(lambda: self._book.photo(ref))

    def pages(self, cursor: str | None) -> Iterator[Page]:
        """The pages of a pull; one that could not be read is asked for again, where the book can go on from there."""
        pages = iter(self._book.pull(cursor))
        while found := [page for page in (self._patiently(lambda: next(pages, None)),) if page is not None]:
            yield found.pop()  # kept no longer than by whoever takes it: a page is large

    def _patiently(self, ask: Callable[[], T]) -> T:
        failed: Retry | None = None
        tries = 1
        while True:
            try:
                answer = ask()
            except Retry as error:
                failed = error
                self.wait(error, tries, READ_TRIES)
                tries += 1
            else:
                if answer is None and failed is not None:  # a book that cannot go on after a page has failed
                    raise failed
                return answer

    def wait(self, error: Retry, tries: int, most: int) -> None:
        """Wait after a try that failed; raises its error where there is to be no other."""
        wait = max(error.after or 0.0, backoff(tries, self._dice, first=FIRST_WAIT))
        if tries >= most or wait > LONGEST_IN_ROUND or self._stopped():
            raise error
        self._pause(wait)
        if self._stopped():
            raise error
