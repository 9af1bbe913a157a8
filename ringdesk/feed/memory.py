"""What the tracker remembers, bounded: open calls, finished ones for a while, and keys it must not believe again."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Final, TypeVar

from ringdesk.domain.call import Answered, CallKey
from ringdesk.feed.story import Story

K = TypeVar("K")

KEPT_SECONDS: Final = 600.0
"""How long a finished call is remembered."""

FINISHED_MOST: Final = 2000
OPEN_MOST: Final = 256
RECENT_MOST: Final = 64
"""How many of the newest calls may be the same as one that another source reports."""

EARLY_SECONDS: Final = 5.0
"""How long an answer waits for the ring it overtook."""

EARLY_MOST: Final = 200


class Memory:
    """Calls by id and by key."""

    def __init__(self) -> None:
        self._stories: dict[str, Story] = {}
        self._by_key: dict[CallKey, str] = {}
        self._by_text: dict[str, str] = {}
        self._open: dict[str, None] = {}
        self._finished: dict[str, float] = {}
        self._spent: dict[CallKey, float] = {}
        self._early: dict[CallKey, Answered] = {}
        self._early_at: dict[CallKey, float] = {}

    def of(self, key: CallKey) -> Story | None:
        """The story this key belongs to."""
        id = self._by_key.get(key)
        return None if id is None else self._stories[id]

    def of_text(self, text: str) -> Story | None:
        """The newest story one of whose keys has this id, whatever its source."""
        id = self._by_text.get(text)
        return None if id is None else self._stories.get(id)

    def open(self) -> list[Story]:
        """The stories of calls that are not over, oldest first."""
        return [self._stories[id] for id in self._open]

    def since(self, received: float) -> list[Story]:
        """The newest stories first heard of at or after a time, oldest first."""
        return list(islice(self._newest_until(received), RECENT_MOST))[::-1]

    def put(self, story: Story, received: float) -> None:
        """Keep a new story, or a changed one in the old one's place."""
        call = story.call
        self._stories[call.id] = story
        for key in call.keys:
            self._by_key[key] = call.id
            self._by_text[key.id] = call.id
        if call.over:
            self._open.pop(call.id, None)
            self._finished.setdefault(call.id, received)
        else:
            self._finished.pop(call.id, None)
            self._open.setdefault(call.id)

    def oldest_too_many(self) -> Story | None:
        """The open story that must go before another may come, or None while there is room."""
        return self._stories[next(iter(self._open))] if len(self._open) >= OPEN_MOST else None

    def spend(self, key: CallKey, received: float) -> None:
        """Remember that a call ended that never rang here, so that its late ring is not believed."""
        self.early(key)
        self._spent[key] = received

    def is_spent(self, key: CallKey) -> bool:
        """True when this key's call is known to have ended before it rang."""
        return key in self._spent

    def keep_early(self, fact: Answered, received: float) -> None:
        """Keep an answer that came before its ring."""
        if fact.key not in self._spent:
            self._early[fact.key], self._early_at[fact.key] = fact, received

    def early(self, key: CallKey) -> Answered | None:
        """The answer that came before this key's ring; it is given out once."""
        self._early_at.pop(key, None)
        return self._early.pop(key, None)

    def forget(self, now: float) -> None:
        """Let go of what is old or too much."""
        while (id := _first_old(self._finished, now - KEPT_SECONDS, FINISHED_MOST)) is not None:
            self._drop(id)
        while (key := _first_old(self._spent, now - KEPT_SECONDS, FINISHED_MOST)) is not None:
            del self._spent[key]
        while (key := _first_old(self._early_at, now - EARLY_SECONDS, EARLY_MOST)) is not None:
            self.early(key)

    def _drop(self, id: str) -> None:
        del self._finished[id]
        for key in self._stories.pop(id).call.keys:
            self._by_key.pop(key, None)
            if self._by_text.get(key.id) == id:
                del self._by_text[key.id]

    def _newest_until(self, received: float) -> Iterator[Story]:
        for story in reversed(self._stories.values()):
            if story.received < received:
                return
            yield story


def _first_old(times: dict[K, float], oldest: float, most: int) -> K | None:
    for key, at in times.items():
        return key if at < oldest or len(times) > most else None
    return None
