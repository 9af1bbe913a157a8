"""What another contact was merged into before anybody had linked it, at a desk that only writes."""

from __future__ import annotations

import pytest

from ringdesk.domain.replica import Direction
from tests.sync.kit import Pair, card
from tests.sync.test_standing import ANA, BEA, edited, rounds


@pytest.mark.parametrize("listed", ["all", "what changed"])
def test_one_merged_there_into_what_is_only_then_found_to_be_a_contact_here_is_a_part_of_that(
    pair: Pair, listed: str
) -> None:
    """Nobody had linked the other one when it had become more, and nothing of that came here: made again beside it."""
    pair.desk.add(card("Ana", ANA))
    pair.sync()
    pair.set(direction=Direction.TO)
    pair.sync()
    bea = pair.server.add(card("Bea", BEA))
    pair.server.merge(bea.remote, pair.there("Ana").remote, card("Bea", BEA, ANA))
    bea.former, bea.id = (), ""
    pair.server.log[-1].at += 1000.0
    edited(pair.desk, "Ana", "mine")
    pair.desk.add(card("Bea", BEA))
    pair.sync(full=listed == "all")
    rounds(pair, count=3)
    before = pair.server.mutations
    rounds(pair)
    assert pair.server.mutations == before
    assert pair.names() == pair.names_there() == ["Bea"]
    assert pair.there("Bea").card.note == "mine"
    assert len(pair.server.creates) == 1


@pytest.mark.parametrize("listed", ["all", "what changed"])
def test_one_whose_phone_is_on_what_is_only_then_found_to_be_a_contact_here_is_itself(pair: Pair, listed: str) -> None:
    pair.desk.add(card("Ana", ANA))
    pair.sync()
    pair.set(direction=Direction.TO)
    pair.sync()
    ana, bea = pair.there("Ana"), pair.server.add(card("Bea", BEA, ANA))
    pair.desk.add(card("Bea", BEA))
    pair.sync(full=listed == "all")
    edited(pair.desk, "Ana", "mine")
    rounds(pair)
    assert (pair.there("Ana").remote, pair.there("Ana").card.note) == (ana.remote, "mine")
    edited(pair.desk, "Ana", "newer")
    pair.server.edit(bea.remote, card("Bea", BEA, ANA, note="theirs"))
    pair.server.delete(ana.remote)
    rounds(pair, count=3)
    assert pair.names() == pair.names_there() == ["Ana", "Bea"]
    assert pair.there("Ana").card.note == "newer"
