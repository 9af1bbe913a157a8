"""Sharing many contacts at once: mine only, one change, a hundred a transaction."""

from __future__ import annotations

from ringdesk.domain.contact import SHARED, Contact, Unclaimed
from ringdesk.domain.news import ContactsChanged
from tests.store.kit import ALL, Opened, card


def shared(opened: Opened) -> int:
    return sum(bool(row.flags & SHARED) for row in opened.store.reads.page(ALL, 0, 1000))


def test_many_are_shared_as_one_change_and_taken_back_as_one(opened: Opened) -> None:
    made: list[Contact] = [opened.add(card(f"Ana {n}")) for n in range(250)]
    ids = [one.id for one in made]
    opened.store.writes.share(ids[:2], True).result()
    opened.news.clear()
    assert opened.store.writes.share([*ids, *ids], True).result() == 248
    assert shared(opened) == 250
    named = [news.ids for news in opened.news if isinstance(news, ContactsChanged)]
    assert [len(one) for one in named] == [98, 100, 50]
    assert len(opened.store.writes.undo().result().ids) == 248
    assert shared(opened) == 2
    assert opened.store.writes.share(ids, False).result() == 2
    assert shared(opened) == 0


def test_what_is_not_mine_or_not_there_stays(opened: Opened) -> None:
    caller = opened.add(card("", "600 111 222"), owner=Unclaimed("Sales"))
    before = len(opened.store.reads.batches())
    assert opened.store.writes.share([caller.id, "00000000-0000-4000-8000-000000000001"], True).result() == 0
    found = opened.store.reads.get(caller.id)
    assert found is not None
    assert (found.shared, found.owner) == (False, Unclaimed("Sales"))
    assert len(opened.store.reads.batches()) == before, "nothing changed, so there is nothing to take back"


def test_a_shared_contact_of_many_says_so_in_its_history(opened: Opened) -> None:
    ana = opened.add(card("Ana"))
    opened.store.writes.share([ana.id], True).result()
    newest = opened.store.reads.changes(ana.id)[0]
    assert (newest.field, newest.new) == ("shared", "true")
