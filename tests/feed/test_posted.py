"""The inbox of sources that are posted to: what is told, in which order, and what goes where there is no room."""

from __future__ import annotations

import asyncio

from ringdesk.domain.call import CallKey, Direction, Ended, Fact, Rang
from ringdesk.feed.posted import SLICE, Inbox
from ringdesk.feed.wire.local import Refused, Taken

RING = Rang(key=CallKey("pbx", "1"), direction=Direction.INCOMING, number="1")


def told(inbox: Inbox, count: int, after: list[int] | None = None) -> list[Fact]:
    """The first facts an inbox tells."""

    async def story() -> list[Fact]:
        heard: list[Fact] = []
        done = asyncio.Event()

        def take(fact: Fact) -> None:
            heard.append(fact)
            if len(heard) == count:
                done.set()

        def between() -> None:
            if after is not None:
                after.append(len(heard))

        async with asyncio.TaskGroup() as group:
            telling = group.create_task(inbox.tell(take, between))
            await done.wait()
            await asyncio.sleep(0)
            telling.cancel()
        return heard

    return asyncio.run(story())


def test_an_end_outlives_a_full_queue() -> None:
    inbox = Inbox()
    inbox.put(Taken((Ended(key=RING.key),)))
    for _ in range(1500):
        inbox.put(Taken((RING,)))
    heard = told(inbox, 1000)
    assert len(heard) == 1000
    assert isinstance(heard[0], Ended)


def test_what_is_refused_tells_nothing() -> None:
    inbox = Inbox()
    assert inbox.put(Refused("no_id", "an event needs an id")) == Refused("no_id", "an event needs an id")
    inbox.put(Taken((RING,)))
    assert told(inbox, 1) == [RING]


def test_after_is_called_when_all_has_been_told() -> None:
    inbox, after = Inbox(), list[int]()
    for _ in range(SLICE + 1):
        inbox.put(Taken((RING,)))
    told(inbox, SLICE + 1, after)
    assert after == [SLICE + 1]
