"""A contact that an undo left there gets another id, of which no report tells: our own id on it says who it is."""

from __future__ import annotations

from ringdesk.domain.replica import LinkState
from tests.sync.desk import Desk
from tests.sync.kit import Pair, card
from tests.sync.memory_remote import Held
from tests.sync.test_merged_there import ANA, BEA, unclear


def later(pair: Pair, desk: Desk, *, full: bool = False) -> None:
    pair.clock.pass_(700.0)
    desk.sync(full=full)


def left_there(pair: Pair) -> tuple[Desk, Held]:
    """One desk's creation is never answered; another one's user takes back here what came of it."""
    ana, other = unclear(pair), pair.second()
    later(pair, other)
    assert other.engine.undo().counts == {"taken out here": 1}
    later(pair, other)
    assert (other.contacts(), other.replicas.links([ana.remote])[ana.remote].state) == ([], LinkState.IGNORED)
    return other, ana


def renamed(pair: Pair, ana: Held) -> None:
    pair.server.rename(ana.remote)
    ana.former = ()


def test_one_made_again_by_two_desks_is_there_once_though_one_of_them_had_left_it_there(pair: Pair) -> None:
    """Seed 1060664: it came back under an id of its own, so that no mark on it told the other desk who it was."""
    other, ana = left_there(pair)
    renamed(pair, ana)
    later(pair, other, full=True)
    [came] = other.contacts()
    assert came.id == ana.id
    other.edit(came.id, card("Ana", ANA, BEA))
    pair.server.delete(ana.remote)
    for _ in range(5):
        later(pair, pair.desk, full=True)
        later(pair, other)
    assert pair.names_there() == pair.names() == [one.card.name.given for one in other.contacts()] == ["Ana"]
    assert {phone.value for phone in pair.there("Ana").card.phones} == {ANA, BEA}


def test_one_that_lies_there_beside_what_was_left_there_and_has_its_mark_is_a_double(pair: Pair) -> None:
    """The one that was left there is nobody's any more then; heard of again it is joined, as all that have one mark."""
    other, ana = left_there(pair)
    twin = pair.server.add(ana.card)
    twin.id = ana.id
    pair.server.touch(twin.remote)
    for _ in range(3):
        later(pair, other, full=True)
    assert [one.card.name.given for one in other.contacts()] == pair.names_there() == ["Ana"]


def test_one_that_keeps_its_id_there_stays_left_there(pair: Pair) -> None:
    """The control: nothing else says that it has become another one."""
    other, ana = left_there(pair)
    pair.server.edit(ana.remote, card("Ana", ANA, BEA))
    later(pair, other, full=True)
    assert not other.contacts()
