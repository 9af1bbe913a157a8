"""Contacts told of late: their news is older than what was heard of others, one of which they may be by now."""

from __future__ import annotations

from unittest.mock import patch

import pytest

from ringdesk.domain.replica import GoneThere
from tests.sync.kit import Pair, card

ANA, BEA = "+34600111222", "+34600333444"
LONG = 700.0
"""Seconds after which every write shows."""


@pytest.mark.parametrize("end", ["merged", "deleted"])
@pytest.mark.parametrize("here", ["linked", "taken back", "deleted"])
def test_one_told_of_late_under_the_id_it_had_before_it_was_heard_of_is_nobody(pair: Pair, here: str, end: str) -> None:
    """Seed 2200553: it came beside what it was by then; of that one's end no report told the old id, and it stayed."""
    pair.set(gone_there=GoneThere.DELETE)
    ana = pair.server.add(card("Ana", ANA))
    late = pair.server.form(ana)
    bea = pair.server.add(card("Bea", BEA))
    now = pair.server.rename(ana.remote)
    pair.server.edit(now, card("Anita", ANA))
    pair.sync()
    if here == "taken back":
        assert pair.desk.engine.undo().counts
    elif here == "deleted":
        pair.desk.delete(pair.here("Anita").id)
        pair.desk.sync()
    with patch.object(pair.book, "_delta", lambda _: [late]):
        pair.sync()
    assert pair.names() == {"linked": ["Anita", "Bea"], "taken back": [], "deleted": ["Bea"]}[here]
    if end == "merged" and here != "deleted":
        pair.server.merge(bea.remote, now, card("Bea", BEA, ANA))
    elif here != "deleted":
        pair.server.delete(now)
    pair.sync()
    pair.settled()
    assert pair.names() == ([] if here == "taken back" else ["Bea"])


def test_one_that_came_there_while_something_was_sent_is_asked_for_once_and_comes(pair: Pair) -> None:
    """The control: it is older than what was last heard of, which is all that is known of it."""
    pair.desk.add(card("Bea", BEA))
    pair.sync()
    pair.server.delay = lambda: LONG
    pair.server.add(card("Ana", ANA))
    pair.server.delay = lambda: 0.0
    pair.desk.edit(pair.here("Bea").id, card("Bea", BEA, note="mine"))
    pair.desk.sync()
    for asked, names in ((1, ["Ana", "Bea"]), (0, ["Ana", "Bea", "Eva"])):
        before = pair.server.requests["fetch"]
        pair.sync()
        assert (pair.server.requests["fetch"] - before, pair.names()) == (asked, names)
        pair.server.add(card("Eva", "+34600555666"))
