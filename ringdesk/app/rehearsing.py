"""What makes the first calls as quick as later ones: some numbers of the book are gone through as if they rang."""

from __future__ import annotations

import gc
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Final

from ringdesk.app.steps import Steps
from ringdesk.domain.sockets import ContactReads, Show

if TYPE_CHECKING:
    from ringdesk.domain.phone import Number

PLACES: Final = 64
"""So many contacts are looked at, all over the list: with them come the numbering plans of the countries in the book,
of which each costs a call or a key a few milliseconds when it is first met."""


def rehearse(steps: Steps, reads: ContactReads, ring: Callable[[Number], None], region: str) -> None:
    """Let some numbers ring on trial, a step each, while nothing else is to be done."""
    size = reads.count(Show())
    places = range(0, size, max(1, size // PLACES))
    steps.add([partial(_look, reads, ring, region, place) for place in places])
    steps.add((gc.freeze,))  # looking through what stays would only make calls and keys wait


def _look(reads: ContactReads, ring: Callable[[Number], None], region: str, place: int) -> None:
    from ringdesk.domain.numbering import parse  # the phone library is not needed to start

    for row in reads.page(Show(), place, 1):
        ring(parse(row.phone, region))
