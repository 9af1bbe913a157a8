"""The contacts pane without Qt."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pytest

from ringdesk.desk.contacts import ContactsPresenter
from ringdesk.desk.contacts_list import HITS, ContactList
from ringdesk.desk.contacts_told import Deleted, NothingToUndo, Told, Troubled, Undone
from ringdesk.desk.team import TeamDesk
from ringdesk.domain.card import Card, Name, PhoneEntry
from ringdesk.domain.contact import Contact, Coworker, Origin, Unclaimed
from ringdesk.domain.news import ContactsChanged
from ringdesk.domain.ownership import Deed
from ringdesk.domain.sockets import Show
from ringdesk.domain.status import StoreTrouble
from ringdesk.domain.team import CoworkerCall, Person, Roster, TeamMet
from ringdesk.domain.team_kept import TeamKept
from tests.fakes import CountingIds, FakeTime, deliver
from tests.memory_book import MemoryBook, person
from tests.memory_calls import MemoryCalls


@dataclass
class FakePane:
    """Remembers what it was asked to show."""

    replaced: int = 0
    changed: list[int] = field(default_factory=list)
    shown: int = 0
    told: list[Told] = field(default_factory=list)

    def list_replaced(self) -> None:
        self.replaced += 1

    def list_changed(self, before: int) -> None:
        self.changed.append(before)

    def details_changed(self) -> None:
        self.shown += 1

    def tell(self, what: Told) -> None:
        self.told.append(what)


class Desk:
    """A presenter over a book in memory."""

    def __init__(self) -> None:
        self.book = MemoryBook(FakeTime(), CountingIds())
        self.presenter = ContactsPresenter(
            self.book, self.book, MemoryCalls(self.book), deliver, FakeTime(), lambda: "GB"
        )
        self.pane = FakePane()

    def add(self, given: str, phone: str = "") -> Contact:
        return person(self.book, Card(name=Name(given=given), phones=(PhoneEntry(phone),) if phone else ()))

    def start(self) -> None:
        self.book.send = lambda news: (
            self.presenter.contacts_changed(news) if isinstance(news, ContactsChanged) else None
        )
        self.presenter.attach(self.pane)


@pytest.fixture
def desk() -> Desk:
    return Desk()


def names(rows: ContactList) -> list[str]:
    found = [rows.row(place) for place in range(rows.count)]
    return [row.name for row in found if row is not None]


def test_list_is_ordered_by_name(desk: Desk) -> None:
    for name in ("Zoe", "adam", "Émile"):
        desk.add(name)
    desk.start()
    assert names(desk.presenter.rows) == ["adam", "Émile", "Zoe"]


def test_every_row_of_many_is_reachable_while_few_pages_are_kept(desk: Desk) -> None:
    for number in range(4321):
        desk.add(f"Name {number:05}")
    desk.start()
    assert names(desk.presenter.rows) == [f"Name {number:05}" for number in range(4321)]
    last = desk.presenter.rows.row(4320)
    assert last is not None
    assert last.name == "Name 04320"


def test_search_grows_page_by_page_to_its_end(desk: Desk) -> None:
    for number in range(250):
        desk.add(f"Clara {number:03}")
    desk.start()
    desk.presenter.search("cla")
    rows = desk.presenter.rows
    assert (rows.count, rows.complete) == (HITS, False)
    while not rows.complete:
        rows.extend()
    assert rows.count == 250
    assert len(set(names(rows))) == 250


def test_search_among_all_finds_callers_nobody_has_named(desk: Desk) -> None:
    person(desk.book, Card(phones=(PhoneEntry("020 7946 0991"),)))
    desk.start()
    assert desk.presenter.rows.count == 0
    desk.presenter.search("7946 0991")
    assert desk.presenter.rows.count == 1


def test_filter_keeps_the_search(desk: Desk) -> None:
    desk.add("Clara")
    desk.start()
    desk.presenter.search("cla")
    desk.presenter.filter(Show(vip=True, anonymous=None))
    assert desk.presenter.rows.count == 0
    desk.presenter.filter(Show())
    assert names(desk.presenter.rows) == ["Clara"]


def test_selection_survives_a_change_of_other_contacts(desk: Desk) -> None:
    anna, bert = desk.add("Anna"), desk.add("Bert")
    desk.start()
    desk.presenter.select(bert.id)
    shown = desk.pane.shown
    desk.book.delete([anna.id])
    assert desk.presenter.selected == bert.id
    assert desk.pane.changed == [2]
    assert desk.pane.shown == shown, "details of an untouched contact are not shown again"


def test_details_say_what_may_be_done(desk: Desk) -> None:
    mine = desk.add("Anna")
    theirs = person(desk.book, mine.card, owner=Coworker("rita"))
    nobodys = person(desk.book, mine.card, owner=Unclaimed("Sales"))
    desk.start()
    allowed = {}
    for contact in (mine, theirs, nobodys):
        desk.presenter.select(contact.id)
        details = desk.presenter.details()
        assert details is not None
        allowed[contact.id] = details.may
    assert allowed[mine.id] == frozenset(Deed)
    assert allowed[theirs.id] == {Deed.EDIT, Deed.MARK}
    assert allowed[nobodys.id] == {Deed.EDIT, Deed.MARK, Deed.DELETE}


def test_marks_and_share_are_saved(desk: Desk) -> None:
    anna = desk.add("Anna")
    desk.start()
    desk.presenter.select(anna.id)
    desk.presenter.vip(True)
    desk.presenter.block(True)
    desk.presenter.share(True)
    stored = desk.book.contacts[anna.id]
    assert (stored.marks.vip, stored.marks.blocked, stored.shared) == (True, True, True)


def test_a_coworkers_contact_cannot_be_shared_or_deleted(desk: Desk) -> None:
    theirs = person(desk.book, Card(name=Name(given="Anna")), owner=Coworker("rita"))
    desk.start()
    desk.presenter.select(theirs.id)
    desk.presenter.share(True)
    assert desk.presenter.farewell() is None
    assert desk.book.saves == 0


def test_mark_is_put_on_the_contact_as_somebody_else_just_saved_it(desk: Desk) -> None:
    anna = desk.add("Anna")
    desk.start()
    desk.presenter.select(anna.id)
    real, meddled = desk.book.get, False

    def get_old(id: str) -> Contact | None:
        nonlocal meddled
        found = real(id)
        if found is not None and not meddled:
            meddled = True
            renamed = replace(found, card=Card(name=Name(given="Annabel")))
            desk.book.save(renamed, read_revision=found.revision)
        return found

    desk.book.get = get_old  # type: ignore[method-assign]  # the test puts its own in this place
    desk.presenter.vip(True)
    stored = real(anna.id)
    assert stored is not None
    assert (stored.card.name.given, stored.marks.vip) == ("Annabel", True)


def test_delete_says_what_goes_and_undo_brings_it_back_with_its_notes(desk: Desk) -> None:
    anna, bert = desk.add("Anna"), desk.add("Bert")
    desk.start()
    desk.presenter.select(anna.id)
    desk.presenter.add_note("one", lambda: None, lambda: None)
    desk.presenter.add_note("two", lambda: None, lambda: None)
    farewell = desk.presenter.farewell()
    assert farewell is not None
    assert (farewell.name, farewell.notes) == ("Anna", 2)
    desk.presenter.delete(farewell)
    assert desk.pane.told == [Deleted("Anna")]
    assert desk.presenter.selected == bert.id, "the next row is selected"
    desk.presenter.undo_told()
    assert desk.pane.told[-1] == Undone(1)
    assert desk.presenter.selected == anna.id
    assert len(desk.book.notes(anna.id)) == 2


def test_undo_of_a_delete_touches_nothing_when_something_else_came_after(desk: Desk) -> None:
    anna, bert = desk.add("Anna"), desk.add("Bert")
    desk.start()
    desk.presenter.select(anna.id)
    farewell = desk.presenter.farewell()
    assert farewell is not None
    desk.presenter.delete(farewell)
    desk.presenter.select(bert.id)
    desk.presenter.vip(True)
    desk.presenter.undo_told()
    assert desk.pane.told[-1] == NothingToUndo()
    assert desk.book.contacts[bert.id].marks.vip


def test_note_that_is_not_kept_stays_in_its_box(desk: Desk) -> None:
    anna = desk.add("Anna")
    desk.start()
    desk.presenter.select(anna.id)
    desk.book.trouble = StoreTrouble.FULL
    said: list[str] = []
    desk.presenter.add_note("text", lambda: said.append("kept"), lambda: said.append("not kept"))
    assert said == ["not kept"]
    assert desk.pane.told == [Troubled(StoreTrouble.FULL)]


def test_open_leaves_a_filter_that_hides_the_contact(desk: Desk) -> None:
    anna = desk.add("Anna")
    desk.start()
    desk.presenter.filter(Show(vip=True, anonymous=None))
    desk.presenter.open(anna.id)
    assert desk.presenter.rows.show == Show()
    assert desk.presenter.selected == anna.id


def test_a_deleted_selected_contact_is_shown_no_more(desk: Desk) -> None:
    anna = desk.add("Anna")
    desk.start()
    desk.presenter.select(anna.id)
    desk.book.delete([anna.id])
    assert desk.presenter.selected is None
    assert desk.presenter.details() is None


def test_a_caller_of_the_whole_team_is_deleted_by_the_administrator_and_for_good(desk: Desk) -> None:
    caller = desk.add("", "020 7946 0018")
    desk.book.contacts[caller.id] = replace(caller, owner=Unclaimed("Sales"), origin=Origin.TEAM)
    desk.start()
    desk.presenter.select(caller.id)
    team = TeamDesk(lambda order: None, MemoryCalls(desk.book))
    desk.presenter.team = team
    me = Person(login="me", name="Me")
    team.begin(NoBook(), TeamKept())
    team.take(TeamMet(Roster(7, "s", "salt", me, (), (me,))))
    assert desk.presenter.farewell() is None, "not for everybody"
    chief = replace(me, administrator=True)
    team.take(TeamMet(Roster(7, "s", "salt", chief, (), (chief,))))
    farewell = desk.presenter.farewell()
    assert farewell is not None
    assert farewell.everybodys
    desk.presenter.delete(farewell)
    assert desk.pane.told == [Deleted("020 7946 0018", everybodys=True)]


class NoBook:
    """A coworkers' book without calls."""

    def calls_of(self, contact: str, limit: int = 20) -> list[CoworkerCall]:
        return []
