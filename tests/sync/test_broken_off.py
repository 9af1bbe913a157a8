"""Rounds that broke off in a listing: what they have brought here the next one knows, which goes on from there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from ringdesk.domain.remote import Page, Retry
from ringdesk.domain.replica import Choice, Review
from tests.sync.kit import Pair, card, mail
from tests.sync.memory_remote import MemoryBook
from tests.sync.test_merged_there import ANA, BEA, edited
from tests.sync.test_mergers import NEW, OLD, asked, end_as, merge_less

ZOE = "+34600999000"


class Broken(MemoryBook):
    """Its next listing breaks off after a first page with this contact alone."""

    first = ""

    def pull(self, cursor: str | None) -> Iterator[Page]:
        [whole] = super().pull(cursor)
        if self.first:
            early = tuple(item for item in whole.items if item.remote == self.first)
            assert early
            self.first = ""
            yield replace(whole, items=early, complete=False, cursor=None)
            raise Retry("cut")
        yield whole


def broken_off(pair: Pair, remote: str) -> None:
    """A listing of all that comes to its first page, which has this contact."""
    book = Broken(pair.server)
    book.first = remote
    pair.desk.renewed(book)
    with pytest.raises(Retry):
        pair.sync(full=True)


def renamed(pair: Pair) -> str:
    """Ana lies there under another id, which nobody tells."""
    held = pair.server.add(card("Ana", ANA))
    pair.sync()
    remote = pair.server.rename(held.remote)
    held.former = ()
    return remote


def merged(pair: Pair) -> str:
    """Ana has been merged there into another one."""
    ana, bea = pair.server.add(card("Ana", ANA)), pair.server.add(card("Bea", BEA))
    pair.sync()
    pair.server.merge(bea.remote, ana.remote, card("Bea", BEA, ANA))
    bea.former = ()
    return bea.remote


@pytest.mark.parametrize("begin", [renamed, merged])
def test_what_came_before_a_round_broke_off_is_still_what_another_one_has_become(
    pair: Pair, begin: Callable[[Pair], str]
) -> None:
    """Seed 2010683: that the old id is gone was taken for a deletion, and the user kept a contact that was there."""
    remote = begin(pair)
    broken_off(pair, remote)
    pair.server.edit(remote, replace(pair.server.held[remote].card, name=card("Cleo").name))
    pair.sync(full=True)
    assert not pair.questions(Review.REMOVED)
    pair.settled()
    assert pair.names() == pair.names_there() == ["Cleo"]


def test_what_came_in_a_round_that_was_made_up_for_is_no_reason_any_more(pair: Pair) -> None:
    """Two share a phone; much later one of them is deleted there."""
    ana = pair.server.add(card("Ana", ANA))
    pair.sync()
    broken_off(pair, pair.server.add(card("Zoe", ANA, ZOE)).remote)
    assert not pair.sync(full=True).counts
    pair.server.delete(ana.remote)
    pair.sync()
    assert [one.contact for one in pair.questions(Review.REMOVED)] == [pair.here("Ana").id]


def test_one_that_the_user_has_told_from_what_is_gone_is_not_what_that_has_become(pair: Pair) -> None:
    """The answer is written down like the beginning of a round."""
    ana = pair.server.add(card("Ana", ANA))
    pair.sync()
    pair.server.delete(ana.remote)
    pair.server.add(card("Eva", ANA))
    pair.desk.sync()
    [question] = pair.questions(Review.DOUBTFUL)
    pair.answer(question, Choice.DIFFERENT)
    pair.sync()
    assert pair.names() == ["Ana", "Eva"]
    assert [one.contact for one in pair.questions(Review.REMOVED)] == [pair.here("Ana").id]


def test_one_edited_here_a_part_of_which_came_onto_another_before_a_round_broke_off_is_asked_about(pair: Pair) -> None:
    """It was made again beside what it had become a part of."""
    ana, bea = pair.server.add(card("Ana", ANA, OLD)), pair.server.add(card("Bea", BEA))
    pair.sync()
    edited(pair, "Ana", emails=mail(NEW))
    merge_less(pair, bea, ana)
    broken_off(pair, bea.remote)
    for full in (True, False, False):
        pair.sync(full=full)
    assert pair.names_there() == ["Bea"]
    pair.answer(asked(pair), Choice.SAME)
    end_as(pair, "Bea")


def test_one_told_from_another_before_a_round_came_to_its_end_is_not_asked_about_again(pair: Pair) -> None:
    ana, bea = pair.server.add(card("Ana", ANA, OLD)), pair.server.add(card("Bea", BEA))
    pair.sync()
    edited(pair, "Ana", emails=mail(NEW))
    pair.server.delete(ana.remote)
    pair.desk.sync()
    pair.server.edit(bea.remote, card("Bea", BEA, ANA))
    broken_off(pair, bea.remote)
    pair.answer(asked(pair), Choice.DIFFERENT)
    pair.sync(full=True)
    end_as(pair, "Ana", "Bea")


def test_an_undo_has_nothing_to_say_of_what_the_user_was_only_asked_about(pair: Pair) -> None:
    ana, bea = pair.server.add(card("Ana", ANA, OLD)), pair.server.add(card("Bea", BEA))
    pair.sync()
    edited(pair, "Ana", emails=mail(NEW))
    merge_less(pair, bea, ana)
    pair.sync()
    broken_off(pair, pair.server.add(card("Zoe", ZOE)).remote)
    pair.answer(asked(pair), Choice.DIFFERENT)
    pair.desk.delete(pair.here("Bea").id)
    undone = pair.desk.engine.undo()
    assert (undone.counts, undone.skipped) == ({"taken out here": 1}, ())
    assert pair.names() == ["Ana"]
