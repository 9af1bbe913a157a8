"""Answers to a doubt: whatever else is known of the contact there, the two become one, or stay two on both sides."""

from __future__ import annotations

import pytest

from ringdesk.domain.replica import Choice, GoneThere, LinkState, Review
from tests.sync.kit import Pair, card


@pytest.mark.parametrize(("choice", "names"), [(Choice.SAME, ["Ana"]), (Choice.DIFFERENT, ["Ana", "Bea"])])
def test_a_doubt_about_one_that_was_deleted_here_and_is_back_there_can_be_answered(
    pair: Pair, choice: Choice, names: list[str]
) -> None:
    """Seed 2105653: the answer was forgotten, and the contact never came here."""
    pair.set(gone_there=GoneThere.DELETE)
    held = pair.server.add(card("Bea", "+34600111222"))
    pair.sync()
    pair.server.delete(held.remote)
    pair.sync()
    pair.desk.add(card("Ana", "+34600111222"))
    pair.server.restore(held.remote)
    pair.sync()
    [asked] = pair.questions(Review.DOUBTFUL)
    assert [link.remote for link in pair.desk.replicas.in_state(LinkState.DELETED, 9)] == [held.remote]
    pair.answer(asked, choice)
    pair.settled()
    assert pair.names() == pair.names_there() == names
    assert not pair.questions(Review.DOUBTFUL)
