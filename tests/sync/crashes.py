"""Kills of the program at chosen moments: before and after each commit, around each request."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from ringdesk.domain.effects import Effect, Replicas


class Crash(BaseException):
    """The program is killed here."""


@dataclass
class Crashing:
    """Kills the program at a commit or a request, when the dice say so."""

    dice: Random
    rate: float = 0.0
    injected: Counter[str] = field(default_factory=Counter)

    def maybe(self, where: str) -> None:
        if self.rate and self.dice.random() < self.rate:
            self.injected[f"killed {where}"] += 1
            raise Crash(where)


class CrashingReplicas:
    """Replicas that a kill can hit before and after each commit."""

    def __init__(self, replicas: Replicas, crashing: Crashing) -> None:
        self._replicas = replicas
        self._crashing = crashing

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._replicas, name)
        setattr(self, name, found)  # asked once: a round calls these by the hundred
        return found

    def commit(self, effects: Sequence[Effect]) -> None:
        self._crashing.maybe("before a commit")
        self._replicas.commit(effects)
        self._crashing.maybe("after a commit")
