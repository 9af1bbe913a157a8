"""Since when a phone or an e-mail lies on a contact in the account, and which desk has put it there."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass


@dataclass(frozen=True)
class _Put:
    at: float
    desk: int | None
    """None: a person has, in the account itself."""


_EVER = _Put(-math.inf, None)


class Signs:
    """What has come onto contacts and what has left them, by what was born on these; what lay there from the beginning
    came with its contact."""

    def __init__(self) -> None:
        self._puts: dict[tuple[str, str], _Put] = {}

    def changed(self, born: Iterable[str], before: Set[str], after: Set[str], at: float, desk: int | None) -> None:
        """A contact has other phones or e-mails; one that comes back had been heard of before."""
        for token in born:
            for sign in before - after:
                self._puts.setdefault((token, sign), _EVER)
            for sign in after - before:
                self._puts.setdefault((token, sign), _Put(at, desk))

    def unheard(self, token: str, signs: Set[str], heard: Mapping[int, float]) -> bool:
        """Whether there is a desk that need not have heard of any of these on what was born as this: they came too
        late for it, and it put none of them there. `heard`: until when each desk has heard of everything."""
        puts = [self._puts.get((token, sign), _EVER) for sign in signs]
        return any(all(put.at > until and put.desk != desk for put in puts) for desk, until in heard.items())
