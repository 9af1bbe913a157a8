"""What a world of the simulator is made of, how likely what happens in it, and how it went."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from tests.sync.accounts import Account
from tests.sync.desk import VirtualClock
from tests.sync.drives import Drive, faulty_drive, sound_drive
from tests.sync.google_account import GoogleAccount


@dataclass
class Parts:
    """What a world is made of: the account, the drives of a desk's store, the store to begin with."""

    account: Callable[[VirtualClock, Random], Account] = GoogleAccount
    drive: Callable[[Path, Path | None, Random], Drive] = faulty_drive
    sound: Callable[[Path, Path | None, Random], Drive] = sound_drive
    """Of a schedule in which no disk fails: SQLite is quicker without one."""
    template: Path | None = None


@dataclass
class Outcome:
    """How one schedule went."""

    seed: int
    faults: list[str]
    injected: Counter[str]
    digest: str


@dataclass
class Weather:
    """How likely what is, in this schedule."""

    meddling: float = 0.0
    disk: float = 0.0
    restarts: float = 0.0
    turns: float = 0.0
    twins: float = 0.0
    undos: float = 0.0
    answers: float = 0.0
    """When something may happen to a desk, its user answers a question."""
    ended: float = 0.0
    """Between two requests, all access tokens end."""
    injected: Counter[str] = field(default_factory=Counter)
