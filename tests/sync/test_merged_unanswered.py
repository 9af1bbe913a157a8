"""Creations that nobody answered, merged there into one that goes or changes before they are settled."""

from __future__ import annotations

import pytest

from ringdesk.domain.replica import GoneThere
from ringdesk.sync.creations import Creations
from ringdesk.sync.pulling import Pulled
from tests.sync.kit import Pair, card
from tests.sync.memory_remote import Held
from tests.sync.test_merged_there import ANA, BEA, edited, ends_as_one, merged, unclear


def noted(pair: Pair) -> Held:
    """Bea, who is new there and has all of a creation of Ana; both are here, and it is known."""
    made = unclear(pair)
    bea = pair.server.add(card("Bea", BEA))
    merged(pair, bea, made)
    pair.sync()
    assert pair.names() == ["Ana", "Bea"]
    [entry] = pair.desk.replicas.entries()
    assert entry.remote == bea.remote
    return bea


def started_anew(pair: Pair) -> None:
    """The program is started anew: all that waits begins to wait again."""
    pair.desk.close()
    pair.desk.open()


@pytest.mark.parametrize("anew", [True, False])
def test_a_creation_merged_into_one_that_is_made_again_is_made_again_with_it(pair: Pair, *, anew: bool) -> None:
    """Seed 2409543: what it had become was deleted there and edited here, and it was sent again beside that."""
    bea = noted(pair)
    edited(pair, "Bea", note="mine")
    edited(pair, "Ana", note="hers")
    pair.server.delete(bea.remote)
    if anew:
        started_anew(pair)
    contact = ends_as_one(pair, ANA, BEA)
    assert contact.card.name.given == "Bea"
    assert len(pair.server.creates) == 2


def test_a_creation_merged_into_one_that_got_another_id_and_lost_its_phone_is_a_part_of_that(pair: Pair) -> None:
    bea = noted(pair)
    remote = pair.server.rename(bea.remote)
    pair.server.edit(remote, card("Bea", BEA))
    ends_as_one(pair, BEA)
    assert len(pair.server.creates) == 1


def test_a_creation_merged_into_one_that_goes_for_good_is_sent_again(pair: Pair) -> None:
    """Nobody here wants what it had become back, and of this one no report ever said that it was deleted."""
    pair.set(gone_there=GoneThere.DELETE)
    pair.server.delete(noted(pair).remote)
    for _ in range(3):
        pair.sync()
    pair.settled()
    assert pair.names() == pair.names_there() == ["Ana"]


def test_what_it_was_merged_into_and_that_is_brought_back_at_the_last_moment_is_still_that(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was taken for the creation itself, and the contact that it is was made again beside it."""
    bea = noted(pair)
    edited(pair, "Bea", note="mine")
    pair.server.delete(bea.remote)
    started_anew(pair)
    pair.sync()
    settle = Creations.settle

    def brought_back(creations: Creations, pulled: Pulled) -> None:
        if bea.remote in pair.server.trash:
            pair.server.restore(bea.remote)
        settle(creations, pulled)

    with monkeypatch.context() as patch:
        patch.setattr(Creations, "settle", brought_back)
        pair.sync()
    assert ends_as_one(pair, ANA, BEA).card.name.given == "Bea"
    assert len(pair.server.creates) == 1
