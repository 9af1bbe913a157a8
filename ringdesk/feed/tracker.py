"""Facts to calls: the one place that knows which calls this user has. Pure; the time comes with each fact.

Rules that are not in the table of `domain.callstate`: only a ring makes a call; a key whose call has ended does not
ring again for a while; an answer that overtakes its ring is kept for a moment; two sources that see one call make one
call with two keys; a source that goes away ends its calls as LOST, never as missed. A call that is over may open
again when a better informed source says so later: the softphone stops ringing a moment before the telephone system
says that the desk phone beside it was lifted.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, assert_never

from ringdesk.domain.call import (
    Answered,
    Call,
    CallChanged,
    CallKey,
    Ended,
    Fact,
    Held,
    Rang,
    Resumed,
    SourceLost,
    Transferred,
)
from ringdesk.domain.line import Lines
from ringdesk.domain.sockets import Ids
from ringdesk.feed import story as stories
from ringdesk.feed.caller import read
from ringdesk.feed.memory import Memory
from ringdesk.feed.story import Story

OVERLAP: Final = 2.0
"""Seconds between two sources' rings of one call."""

GLOBAL_ID: Final = 8
"""An id of fewer letters ("1", "2") is a counter, not a SIP call id."""


class Tracker:
    """Turns the facts of all sources into the calls of this user."""

    def __init__(self, lines: Lines | Callable[[], Lines], ids: Ids) -> None:
        self._lines: Callable[[], Lines] = (lambda: lines) if isinstance(lines, Lines) else lines
        self._ids = ids
        self._rung: set[str] = set()
        self._memory = Memory()

    def open_calls(self) -> list[Call]:
        """The calls that are not over, oldest first."""
        return [story.call for story in self._memory.open()]

    def take(self, fact: Fact, received: float) -> list[CallChanged]:
        """Take one fact in; gives what came up or changed by it, which may be nothing."""
        self._memory.forget(received)
        match fact:
            case Rang():
                return self._rang(fact, received)
            case SourceLost(source=source):
                return self._source_lost(source, received)
            case Answered() | Ended() | Held() | Resumed() | Transferred():
                return self._told(fact, received)
            case _:
                assert_never(fact)

    def _rang(self, fact: Rang, received: float) -> list[CallChanged]:
        if self._memory.is_spent(fact.key):
            return []
        known = self._memory.of(fact.key)
        if known is not None:
            return self._put(known, stories.ring_again(known, fact, self._lines(), received), received)
        other = self._seen_by_another(fact, received)
        if other is not None:
            changed = self._put(other, stories.join(other, fact, self._lines(), received), received)
        else:
            changed = self._new(fact, received)
        early = self._memory.early(fact.key)
        return changed if early is None else changed + self._told(early, received)

    def _new(self, fact: Rang, received: float) -> list[CallChanged]:
        crowded = self._memory.oldest_too_many()
        changed = [] if crowded is None else self._put(crowded, stories.give_up(crowded, received), received)
        story = stories.begin(self._ids.new(), fact, self._lines(), received)
        self._memory.put(story, received)
        return [*changed, CallChanged(story.call, None)]

    def _seen_by_another(self, fact: Rang, received: float) -> Story | None:
        """The call that another source reports too: by its SIP call id, else by number and time."""
        self._rung.add(fact.key.source)
        if len(self._rung) == 1:
            return None
        same_id = self._memory.of_text(fact.key.id) if len(fact.key.id) >= GLOBAL_ID else None
        if same_id is not None and _may_join(same_id.call, fact):
            return same_id
        recent = [story for story in self._memory.since(received - OVERLAP) if _may_join(story.call, fact)]
        if not recent:
            return None
        caller = read(fact.number, "", self._lines(), withheld=fact.withheld)
        near = (story for story in recent if caller.told and story.caller.told and story.call.number == caller.number)
        return next(near, None)

    def _told(self, fact: Answered | Ended | Held | Resumed | Transferred, received: float) -> list[CallChanged]:
        known = self._memory.of(fact.key)
        if known is None:
            self._unheard_of(fact, received)
            return []
        return self._put(known, self._next(known, fact, received), received)

    def _next(self, known: Story, fact: Answered | Ended | Held | Resumed | Transferred, received: float) -> Story:
        match fact:
            case Answered():
                return stories.answer(known, fact, received)
            case Ended():
                return stories.end(known, fact, received)
            case Held() | Resumed():
                return stories.hold(known, fact)
            case Transferred():
                return stories.transfer(known, fact, self._lines())
            case _:
                assert_never(fact)

    def _unheard_of(self, fact: Answered | Ended | Held | Resumed | Transferred, received: float) -> None:
        if isinstance(fact, Answered):
            self._memory.keep_early(fact, received)
        elif isinstance(fact, Ended):
            self._memory.spend(fact.key, received)

    def _source_lost(self, source: str, received: float) -> list[CallChanged]:
        theirs = [story for story in self._memory.open() if any(key.source == source for key in story.call.keys)]
        return [
            change for story in theirs for change in self._put(story, stories.lose(story, source, received), received)
        ]

    def _put(self, before: Story, after: Story, received: float) -> list[CallChanged]:
        self._memory.put(after, received)
        return [] if after.call == before.call else [CallChanged(after.call, before.call)]


def _may_join(call: Call, fact: Rang) -> bool:
    keys: tuple[CallKey, ...] = call.keys
    return call.direction is fact.direction and all(key.source != fact.key.source for key in keys)
