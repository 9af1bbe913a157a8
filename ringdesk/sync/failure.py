"""What a failure means for the next try. Pure: how long to wait, and what the user must do, if anything."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Final, assert_never

from ringdesk.domain.remote import CursorExpired, Death, RemoteError, Retry, SignInDead, Stop
from ringdesk.domain.status import StoreError, StoreTrouble

FIRST_WAIT: Final = 2.0
LONGEST_WAIT: Final = 900.0
CONTACT_WAIT: Final = 30.0
CONTACT_LONGEST: Final = 6 * 3600.0
CONFLICT_TRIES: Final = 3
"""Read, merge, write again within one round, before a contact is put off."""
FULL_EVERY: Final = 3600.0
"""Seconds between two full pulls that nobody asked for."""


@dataclass(frozen=True, slots=True)
class Wait:
    """Try again by itself, in so many seconds."""

    seconds: float
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Reconnect:
    """The user has to connect anew; edits wait."""

    cause: Death
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Halt:
    """Something else the user has to see to; an order to sync tries again."""

    code: str
    detail: str = ""


Reaction = Wait | Reconnect | Halt


def backoff(tries: int, dice: Random, *, first: float = FIRST_WAIT, longest: float = LONGEST_WAIT) -> float:
    """Seconds before the next try: doubling, with half of it left to chance so that many desks do not come at once."""
    span = min(longest, first * 2.0 ** min(max(tries, 1) - 1, 32))
    return span / 2 + dice.random() * span / 2


def react(error: RemoteError | StoreError, tries: int, dice: Random) -> Reaction:
    """What to do about a round that broke off; `tries` counts the failures in a row, this one included."""
    match error:
        case Retry():
            return Wait(max(error.after or 0.0, backoff(tries, dice)), error.detail)
        case CursorExpired():
            return Wait(backoff(tries, dice), "cursor expired")
        case SignInDead():
            return Reconnect(error.cause, error.detail)
        case Stop():
            return Halt(error.code, error.detail)
        case StoreError():
            return _store(error, tries, dice)
        case RemoteError():
            return Wait(backoff(tries, dice), str(error))
        case _:
            assert_never(error)


def _store(error: StoreError, tries: int, dice: Random) -> Reaction:
    if error.trouble in (StoreTrouble.LOCKED, StoreTrouble.STALE, StoreTrouble.GONE):
        return Wait(backoff(tries, dice), error.detail)
    return Halt(error.trouble.value, error.detail)
