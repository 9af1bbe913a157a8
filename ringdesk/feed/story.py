"""The story of one call: what every source has said about it, and the `Call` that follows. Pure values."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from ringdesk.domain.call import (
    Answered,
    Call,
    CallKey,
    CallState,
    Ended,
    Held,
    Rang,
    Resumed,
    Transferred,
)
from ringdesk.domain.callstate import TALKING
from ringdesk.domain.line import Lines
from ringdesk.domain.phone import Extension, Withheld
from ringdesk.domain.values import dataclass
from ringdesk.domain.words import for_display
from ringdesk.feed import legs
from ringdesk.feed.caller import NUMBER_MOST, Caller, merged, read
from ringdesk.feed.legs import Leg

TEXT_MOST: Final = 80
"""The longest queue, extension or coworker's name, in letters."""

_ANSWERED: Final = TALKING | {CallState.ANSWERED_ELSEWHERE}


@dataclass(frozen=True, slots=True)
class Story:
    """A call, its caller as known so far, and each source's leg of it; `received` is when it was first heard of."""

    call: Call
    caller: Caller
    legs: tuple[Leg, ...]
    received: float

    def leg(self, key: CallKey) -> Leg:
        """The leg of this key."""
        return next(leg for leg in self.legs if leg.key == key)


def begin(id: str, fact: Rang, lines: Lines, received: float) -> Story:
    """A call came up."""
    caller = read(fact.number, fact.name, lines, withheld=fact.withheld)
    leg = legs.first(fact)
    called, queue, diverted = _dialled(fact, lines)
    call = Call(
        id=id,
        keys=(fact.key,),
        direction=fact.direction,
        state=leg.state,
        number=caller.number,
        name=caller.name,
        line=lines.of(caller.number, called, queue),
        called=called,
        queue=queue,
        diverted_from=diverted,
        started=_time(fact.at, received),
    )
    return Story(call, caller, (leg,), received)


def join(story: Story, fact: Rang, lines: Lines, received: float) -> Story:
    """A second source sees the same call."""
    call = replace(story.call, keys=(*story.call.keys, fact.key))
    seen = _ring_told(replace(story, call=call, legs=(*story.legs, legs.first(fact))), fact, lines)
    return _told(seen, _time(fact.at, received))


def ring_again(story: Story, fact: Rang, lines: Lines, received: float) -> Story:
    """The same source says again that it rings: better words for the caller, and nothing else."""
    leg = story.leg(fact.key)
    if leg.over:
        return story
    return _with_leg(_ring_told(story, fact, lines), legs.rang_again(leg, fact), _time(fact.at, received))


def answer(story: Story, fact: Answered, received: float) -> Story:
    """A source says that somebody answered."""
    before = story.leg(fact.key)
    leg = legs.answer(before, fact)
    news = leg.state is not before.state or not story.call.answered_by
    if fact.by and news and leg.state in _ANSWERED:
        story = replace(story, call=replace(story.call, answered_by=for_display(fact.by, TEXT_MOST)))
    return _with_leg(story, leg, _time(fact.at, received))


def end(story: Story, fact: Ended, received: float) -> Story:
    """A source says that the call is over."""
    return _with_leg(story, legs.end(story.leg(fact.key), fact), _time(fact.at, received))


def lose(story: Story, source: str, received: float) -> Story:
    """A source went away."""
    left = tuple(legs.lose(leg) if leg.key.source == source else leg for leg in story.legs)
    return _told(replace(story, legs=left), received)


def give_up(story: Story, received: float) -> Story:
    """Nobody will hear the end of this call: all sources count as gone."""
    return _told(replace(story, legs=tuple(legs.lose(leg) for leg in story.legs)), received)


def hold(story: Story, fact: Held | Resumed) -> Story:
    """The call was put on hold or taken back."""
    call = story.call
    if call.over or call.state not in TALKING:
        return story
    return replace(story, call=replace(call, held=isinstance(fact, Held)))


def transfer(story: Story, fact: Transferred, lines: Lines) -> Story:
    """The call was passed on, or the other party changed: an annotation, whatever the state."""
    call = replace(
        story.call,
        transferred_to=_other(fact.to, lines) or story.call.transferred_to,
        via=for_display(fact.via, TEXT_MOST) or story.call.via,
    )
    caller = _new_party(story.caller, fact, lines)
    return replace(story, caller=caller, call=replace(call, number=caller.number, name=caller.name))


def _new_party(known: Caller, fact: Transferred, lines: Lines) -> Caller:
    """A hidden caller stays hidden, because a source may repeat the number without the mark; a coworker may follow."""
    if fact.number is None:
        return known
    party = read(fact.number, fact.name, lines, withheld=False)
    if isinstance(party.number, Withheld) and not party.hidden:
        return known
    if known.hidden and not isinstance(party.number, Extension):
        return merged(known, party)
    return party


def _ring_told(story: Story, fact: Rang, lines: Lines) -> Story:
    caller = merged(story.caller, read(fact.number, fact.name, lines, withheld=fact.withheld))
    call = replace(story.call, number=caller.number, name=caller.name)
    return replace(story, caller=caller, call=_placed(call, fact, lines))


def _placed(call: Call, fact: Rang, lines: Lines) -> Call:
    """With what was dialled, as far as it was not known, and the line that follows from it."""
    called, queue, diverted = _dialled(fact, lines)
    called, queue = call.called or called, call.queue or queue
    line = lines.of(call.number, called, queue)
    return replace(call, called=called, queue=queue, diverted_from=call.diverted_from or diverted, line=line)


def _dialled(fact: Rang, lines: Lines) -> tuple[str | None, str | None, str | None]:
    """The called number, the queue and the number that passed the call on, in the form they are kept."""
    queue = for_display(fact.queue, TEXT_MOST) if fact.queue else ""
    return _other(fact.called or "", lines) or None, queue or None, _other(fact.diverted_from or "", lines) or None


def _other(text: str, lines: Lines) -> str:
    """A number that is not the caller's, in the form it is kept; empty where it says nothing."""
    return str(lines.number(for_display(text, NUMBER_MOST))) if text else ""


def _with_leg(story: Story, leg: Leg, at: float) -> Story:
    return _told(replace(story, legs=tuple(leg if other.key == leg.key else other for other in story.legs)), at)


def _told(story: Story, at: float) -> Story:
    """With the state that all legs together say, and the times that follow."""
    call = story.call
    state, over = legs.decide(story.legs)
    answered = at if call.answered is None and state in TALKING else call.answered
    ended = (at if call.ended is None else call.ended) if over else None
    told = replace(call, state=state, over=over, held=call.held and not over, answered=answered, ended=ended)
    return replace(story, call=told)


def _time(at: float | None, received: float) -> float:
    return received if at is None else at
