"""What the simulator says of a contact that a desk makes twice; see `google_account.Creations`."""

from __future__ import annotations

from random import Random

import pytest

from ringdesk.domain.card import Card, Name
from tests.sync.desk import VirtualClock
from tests.sync.google_account import EMAIL, Creations, GoogleAccount
from tests.sync.world import TELLS_WITHIN

MARK = "an-id-of-ours"


@pytest.mark.parametrize(("ago", "told"), [(0.0, False), (TELLS_WITHIN / 2, False), (TELLS_WITHIN, True), (None, True)])
def test_one_made_again_is_told_unless_somebody_brought_it_back_just_before(ago: float | None, told: bool) -> None:
    """Seed 1807902: no answer, deleted and brought back by hand: the listing of five minutes later knew nothing yet."""
    clock = VirtualClock()
    account = GoogleAccount(clock, Random(1), plain=True)
    hand, seen = account.hand, Creations(account.hand)
    marks = frozenset({MARK})
    seen.sent()
    seen.asked(0, marks)
    hand.add(Card(name=Name(given="Ana")))
    [ana] = hand.all()
    account.google.hand(EMAIL).edit(ana.remote, {"clientData": [{"key": "ringdesk.id", "value": MARK}]})
    seen.done(0, marks)
    if ago is not None:
        hand.delete(ana.remote)
        hand.restore(ana.remote)
        clock.pass_(ago)
    seen.sent()
    seen.asked(0, marks)
    assert bool(hand.repeated) == told
