"""The three-way merge: field by field, lists item by item, with what both sides last agreed on as the base.

There are two bases: what the agreement looked like here, and what it looked like there. They are one and the same
until a difference is wanted (a value kept here that was removed there, one-way sync); then a difference that both
sides have agreed on is no change of either.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any, Final

from ringdesk.domain.card import Card, Name
from ringdesk.sync.keys import LISTS, SINGLES, Item, Key, agree, keyed, same

FIELDS: Final = (*SINGLES, *sorted(LISTS))
"""Every field that is merged. The photo is not: it travels by itself."""

_SAY_MORE: Final = frozenset({"custom", "organizations"})
"""Lists of items that say more than what they are known by: where a name or a firm is there twice, it is no label."""


class Side(Enum):
    """Who wins a clash."""

    HERE = "here"
    THERE = "there"
    NEITHER = "neither"
    """Nothing moves until the user says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What may move where: `inward` edits made there, `outward` edits made here; `keep_removed`: removals not inward.

    `held` fields do not move at all.
    """

    region: str
    inward: bool = True
    outward: bool = True
    keep_removed: bool = False
    held: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Merged:
    """What each side shall hold, what counts as agreed from now on, and the fields both sides changed differently."""

    here: Card
    there: Card
    base: Card
    clashes: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Four:
    """One value as it was and is, here and there; None where it is absent."""

    was_here: Any
    here: Any
    was_there: Any
    there: Any


@dataclass(frozen=True, slots=True)
class _Two:
    """One value as it shall be; the base is not `here` as long as an edit made here is still to be sent."""

    here: Any
    there: Any
    base: Any
    clash: bool = False


def merge(
    was_here: Card, here: Card, was_there: Card, there: Card, rules: Rules, wins: Mapping[str, Side] | None = None
) -> Merged:
    """Merge two cards over what each of them was at the last agreement.

    `wins` says who wins a clash, by field; where it says nothing, here does.
    """
    new_here: dict[str, Any] = {}
    new_there: dict[str, Any] = {}
    new_base: dict[str, Any] = {}
    clashes: set[str] = set()
    for field in FIELDS:
        four = _Four(*(getattr(card, field) for card in (was_here, here, was_there, there)))
        if field in rules.held or (four.here == four.was_here and four.there == four.was_there):
            continue
        winner = (wins or {}).get(field, Side.HERE)
        two = _list(field, four, rules, winner) if field in LISTS else _value(four, rules, winner, item=False)
        new_here[field], new_there[field], new_base[field] = two.here, two.there, two.base
        if two.clash:
            clashes.add(field)
    return Merged(
        replace(here, **new_here) if new_here else here,
        replace(there, **new_there) if new_there else there,
        replace(was_here, **new_base) if new_base else was_here,
        frozenset(clashes),
    )


def _value(four: _Four, rules: Rules, winner: Side, *, item: bool) -> _Two:
    """The table of the merge: who changed it, and what follows."""
    changed_here = not same(four.here, four.was_here)
    changed_there = not same(four.there, four.was_there)
    if changed_here and changed_there:
        return _both(four, rules, winner, item=item)
    if changed_here:
        return _out(four, rules)
    if changed_there and rules.inward and not (rules.keep_removed and _empty(four.there)):
        return _Two(four.there, four.there, four.there)
    return _Two(four.here, four.there, four.here)


def _out(four: _Four, rules: Rules, *, clash: bool = False) -> _Two:
    """An edit made here is to be sent; where it may not be, it waits. One that lies there already is agreed on."""
    if same(four.here, four.there):
        return _Two(four.here, four.here, four.here, clash)
    if not rules.outward:
        return _Two(four.here, four.there, four.was_here, clash)
    return _Two(four.here, four.here, four.there, clash)


def _both(four: _Four, rules: Rules, winner: Side, *, item: bool) -> _Two:
    if same(four.here, four.there):
        return _Two(four.here, four.there, four.here)
    clash = rules.inward and rules.outward
    if item and (four.here is None or four.there is None):  # an edit is worth more than a removal
        winner, clash = (Side.THERE if four.here is None else Side.HERE), False
    elif not rules.outward:
        winner = Side.THERE
    if not rules.inward:
        winner = Side.HERE
    if winner is Side.HERE:
        return _out(four, rules, clash=clash)
    if winner is Side.THERE:
        return _Two(four.there, four.there, four.there, clash)
    return _Two(four.here, four.there, four.was_here, clash)


def _empty(value: object) -> bool:
    """A value that is not there."""
    return not value or value == Name()


def _list(field: str, four: _Four, rules: Rules, winner: Side) -> _Two:
    was_here, here, was_there, there = keyed(
        field, (four.was_here, four.here, four.was_there, four.there), rules.region
    )
    made: tuple[dict[Key, Item], ...] = ({}, {}, {})
    clash = False
    for key in {**here, **there, **was_here, **was_there}:
        each = _Four(was_here.get(key), here.get(key), was_there.get(key), there.get(key))
        two = _value(each, rules, winner, item=True)
        clash = clash or two.clash
        for side, value in zip(made, (two.here, two.there, two.base), strict=True):
            if value is not None:
                side[key] = value
    new_here, new_there, base = made
    return _Two(
        _ordered(new_here, here, there), _ordered(new_there, there, here), _ordered(base, here | was_here, there), clash
    )


def _ordered(items: Mapping[Key, Item], own: Mapping[Key, Item], other: Mapping[Key, Item]) -> tuple[Item, ...]:
    """The items as this side had them in order, then what came from the other side."""
    return tuple(items[key] for key in {**own, **other} if key in items)


def first_bases(here: Card, there: Card, region: str) -> tuple[Card, Card]:
    """The bases of two cards that were never compared: what agrees counts as agreed, the rest as new on its side."""
    was_here: dict[str, Any] = {}
    was_there: dict[str, Any] = {}
    for field in SINGLES:
        mine, theirs = getattr(here, field), getattr(there, field)
        if agree(mine, theirs):
            was_here[field], was_there[field] = mine, theirs
    for field in LISTS:
        ours, others = keyed(field, (getattr(here, field), getattr(there, field)), region)
        both = [key for key in ours if key in others and agree(ours[key], others[key])]
        was_here[field] = tuple(ours[key] for key in both)
        was_there[field] = tuple(others[key] for key in both)
    return Card(**was_here), Card(**was_there)


def has_items(one: Card, other: Card, region: str, *, each: bool = False) -> bool:
    """Whether a card has all items of another's lists but the groups, under whatever label.

    `each`: of several fields of one's own by one name, or posts at one firm, it has to have what each of them says.
    """
    for field in sorted(LISTS - {"groups"}):
        mine, theirs = keyed(field, (getattr(one, field), getattr(other, field)), region)
        told_by = 2 if each and field in _SAY_MORE else 1
        if not {key[:told_by] for key in theirs} <= {key[:told_by] for key in mine}:
            return False
    return True


def found_in(there: Card, base: Card, region: str) -> Card:
    """The base without what is not there in any form, so that its absence is no removal."""
    kept: dict[str, Any] = {}
    for field in FIELDS:
        was, now = getattr(base, field), getattr(there, field)
        if field in LISTS:
            ours, others = keyed(field, (was, now), region)
            kept[field] = tuple(item for key, item in ours.items() if key in others)
        elif not _empty(now):
            kept[field] = was
    return Card(**kept)


def differing(one: Card, other: Card, region: str) -> frozenset[str]:
    """The fields in which two cards say different things; the order of items does not count."""
    if one is other:
        return frozenset()
    return frozenset(field for field in FIELDS if not _alike(field, getattr(one, field), getattr(other, field), region))


def _alike(field: str, one: Any, other: Any, region: str) -> bool:
    if one == other:
        return True
    if field not in LISTS:
        return same(one, other)
    mine, theirs = keyed(field, (one, other), region)
    return mine.keys() == theirs.keys() and all(same(item, theirs[key]) for key, item in mine.items())


def own_part(base: Card, sent: Card, there: Card, region: str) -> Card:
    """The base, brought forward by what of our own request is there already: that is no change of anybody else's."""
    rules = Rules(region=region, keep_removed=False)
    moved: dict[str, Any] = {}
    for field in FIELDS:
        was, want, now = getattr(base, field), getattr(sent, field), getattr(there, field)
        if was == want:
            continue
        if field not in LISTS:
            moved[field] = want if same(want, now) else was
            continue
        before, wanted, current = keyed(field, (was, want, now), rules.region)
        keys = {**before, **wanted}
        done = {key: wanted.get(key) if same(wanted.get(key), current.get(key)) else before.get(key) for key in keys}
        moved[field] = tuple(item for item in done.values() if item is not None)
    return replace(base, **moved) if moved else base
