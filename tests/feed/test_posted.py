"""The inbox of sources that are posted to: what is told, in which order, and what goes where there is no room."""

from __future__ import annotations

import asyncio

import pytest

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


def test_what_comes_after_a_pause_is_told_at_once_and_what_follows_waits_its_turn() -> None:
    async def story() -> tuple[list[Fact], list[Fact]]:
        inbox, heard, told = Inbox(), list[Fact](), asyncio.Event()
        telling = asyncio.create_task(inbox.tell(heard.append, told.set))
        await asyncio.sleep(0)
        inbox.put(Taken((RING,)))
        at_once = list(heard)
        inbox.put(Taken((Ended(key=RING.key),)))
        inbox.put(Taken((RING, RING)))
        assert heard == at_once
        await told.wait()
        telling.cancel()
        return at_once, heard

    at_once, heard = asyncio.run(story())
    assert at_once == [RING]
    assert heard == [RING, Ended(key=RING.key), RING, RING]


def test_a_fault_of_whoever_is_told_reaches_the_teller_not_the_producer() -> None:
    def fail(fact: Fact) -> None:
        raise LookupError("a fault of ours")

    async def story() -> list[Fact]:
        inbox, heard, told = Inbox(), list[Fact](), asyncio.Event()
        telling = asyncio.create_task(inbox.tell(fail))
        await asyncio.sleep(0)
        assert inbox.put(Taken((RING,))) == Taken((RING,))
        with pytest.raises(LookupError, match="a fault of ours"):
            await telling
        inbox.put(Taken((RING,)))  # nobody listens: it is kept for the next one who does
        again = asyncio.create_task(inbox.tell(heard.append, told.set))
        await told.wait()
        again.cancel()
        return heard

    assert asyncio.run(story()) == [RING]
