"""Links and effects: what the store keeps of an account, one transaction a commit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from ringdesk.domain.card import Card, Email, Name, PhoneEntry
from ringdesk.domain.contact import BatchKind, Contact, Marks, Origin
from ringdesk.domain.effects import (
    Absorb,
    AddContact,
    DropLink,
    Effect,
    Logged,
    Lost,
    Park,
    PutAccount,
    PutLink,
    RemoveContact,
    SaveContact,
    Told,
    Touch,
    TouchAll,
    Untouch,
)
from ringdesk.domain.replica import Account, Link, LinkState, Parked
from ringdesk.domain.sockets import Show
from ringdesk.domain.status import StoreError, StoreTrouble
from ringdesk.store.alike import all_linked, free_few
from ringdesk.store.leftovers import trim
from ringdesk.store.links import NEWEST, newest
from ringdesk.store.outbox import accounts, forget_account
from ringdesk.store.replicas import AccountReplicas
from ringdesk.store.wording import _BEGINNINGS, _DOMAINS, _NAME_WORDS, SAID_BY_FIRM, _folded_word, _part_words
from tests.store.kit import Opened, card, check_rows, check_tables, open_store


@dataclass
class Kept:
    opened: Opened
    replicas: AccountReplicas


@pytest.fixture
def kept(path: Path) -> Iterator[Kept]:
    opened = open_store(path)
    reader = opened.store.reader()
    replicas = opened.store.replicas("google:me", reader)
    yield Kept(opened, replicas)
    reader.close()
    opened.store.close()
    check_tables(path)


def link(contact: str, remote: str = "people/c1", **more: object) -> Link:
    base = Card(name=Name(given="Ana"), note="😀 ok")
    return replace(Link(contact=contact, remote=remote, etag="e1", base=base), **more)  # type: ignore[arg-type]  # given by name, checked when run


def account(kept: Kept) -> None:
    kept.replicas.commit([PutAccount(Account(id="google:me", kind="google"))])


def test_a_link_comes_back_whole(kept: Kept) -> None:
    one = link(
        "id-1",
        there=Card(note="x"),
        raw=b"\0raw",
        state=LinkState.GONE,
        acknowledged=3,
        held=frozenset({"note", "name"}),
        updated=12.5,
        written=3.25,
        photo="p",
        photo_ref="r",
        photo_due=True,
        others=2.5,
    )
    kept.replicas.commit([PutLink(one)])
    assert kept.replicas.link("id-1") == one
    assert kept.replicas.links(["people/c1", "people/c2"]) == {"people/c1": one}
    assert kept.replicas.in_state(LinkState.GONE, 5) == [one]


def test_a_link_takes_the_place_of_another_of_its_contact_or_remote(kept: Kept) -> None:
    kept.replicas.commit([PutLink(link("id-1")), PutLink(link("id-2", "people/c2"))])
    kept.replicas.commit([PutLink(link("id-1", "people/c2"))])
    assert kept.replicas.link("id-2") is None
    assert kept.replicas.links(["people/c1"]) == {}
    assert kept.replicas.linked() == 1


def test_active_links_are_counted(kept: Kept) -> None:
    kept.replicas.commit([PutLink(link(f"id-{n}", f"people/c{n}")) for n in range(5)])
    assert kept.replicas.linked() == 5
    kept.replicas.commit([PutLink(link("id-0", "people/c0", state=LinkState.REVIEW)), DropLink("id-1")])
    assert kept.replicas.linked() == 3
    assert kept.replicas.active("", 2) == ["people/c2", "people/c3"]
    assert kept.replicas.active("people/c3", 2) == ["people/c4"]


def test_the_newest_change_that_an_account_told_of_is_known_whatever_became_of_it(kept: Kept) -> None:
    assert kept.replicas.newest() is None
    kept.replicas.commit([PutLink(link("id-1"))])
    assert kept.replicas.newest() is None
    kept.replicas.commit([PutLink(link(f"id-{n}", f"people/c{n}", updated=float(n))) for n in (2, 4, 3)])
    kept.replicas.commit([PutLink(link("id-4", "people/c4", updated=4.0, state=LinkState.IGNORED))])
    assert kept.replicas.newest() == 4.0


def test_every_save_is_noted_for_every_account(kept: Kept) -> None:
    early = kept.opened.add(card("Ana Gil"))
    assert kept.replicas.touched("", 9) == []
    account(kept)
    assert kept.replicas.touched("", 9) == [early.id]
    kept.replicas.commit([Untouch(early.id, early.revision)])
    assert kept.replicas.touched("", 9) == []
    late = kept.opened.add(card("Eva Gil"))
    writes = kept.opened.store.writes
    writes.save(replace(early, card=card("Ana Ruiz")), read_revision=early.revision).result()
    assert sorted(kept.replicas.touched("", 9)) == sorted([early.id, late.id])
    kept.replicas.commit([Untouch(early.id, early.revision), Untouch(late.id, late.revision)])
    assert kept.replicas.touched("", 9) == [early.id]
    writes.delete([late.id]).result()
    assert sorted(kept.replicas.touched("", 9)) == sorted([early.id, late.id])
    kept.replicas.commit([Untouch(late.id, None)])
    writes.undo().result()
    assert late.id in kept.replicas.touched("", 9)
    kept.replicas.commit([Untouch(id, None) for id in kept.replicas.touched("", 9)])
    kept.replicas.commit([TouchAll()])
    assert len(kept.replicas.touched("", 9)) == 2


def test_a_commit_is_all_or_nothing(kept: Kept) -> None:
    account(kept)
    held = kept.opened.add(card("Ana Gil"))
    stale = replace(held, card=card("Eva Gil"), revision=7)
    effects: list[Effect] = [PutLink(link("id-9")), SaveContact(stale), Touch("id-9")]
    with pytest.raises(StoreError) as refused:
        kept.replicas.commit(effects)
    assert refused.value.trouble is StoreTrouble.STALE
    assert kept.replicas.link("id-9") is None
    with pytest.raises(StoreError):
        kept.replicas.commit([PutLink(link("id-9")), RemoveContact("nobody", 1)])
    assert kept.replicas.link("id-9") is None


def test_contacts_from_the_account_have_a_history(kept: Kept) -> None:
    account(kept)
    made = Contact(id="c0ffee00-0000-4000-8000-000000000001", card=card("Ana Gil"), origin=Origin.ACCOUNT, linked=True)
    kept.replicas.commit([AddContact(made)])
    held = kept.replicas.contact(made.id)
    assert held is not None
    assert held.revision == 1
    assert kept.replicas.touched("", 9) == []
    kept.replicas.commit([SaveContact(replace(held, card=card("Ana Ruiz")), clean=False)])
    assert kept.replicas.touched("", 9) == [made.id]
    lost = Lost(made.id, "note", Card(note="theirs"), Card(note="mine"))
    kept.replicas.commit([lost])
    changes = kept.opened.store.reads.changes(made.id)
    assert [(change.field, change.source) for change in changes] == [
        ("note", "account"),
        ("name", "account"),
        ("contact", "account"),
    ]
    assert (changes[0].old, changes[0].new) == ('"theirs"', '"mine"')
    assert [change.aside for change in changes] == [True, False, False]
    assert kept.replicas.edited(made.id, "name") == held.created


def brought(number: int, text: str = "Ana Gil") -> list[Effect]:
    """A contact that the account brings, with its link, as the engine has it."""
    made = card(f"{text} {number}", f"+34600{number:06}", company="Acme", note="rings late", groups="Clients")
    contact = Contact(id=f"c0ffee00-0000-4000-8000-{number:012}", card=made, origin=Origin.ACCOUNT, linked=True)
    return [AddContact(contact), PutLink(link(contact.id, f"people/c{number}", base=contact.card))]


def base_of(kept: Kept, id: str) -> Card:
    found = kept.replicas.link(id)
    assert found is not None
    return found.base


def test_a_base_outlives_the_document_it_was_read_from(kept: Kept) -> None:
    account(kept)
    kept.replicas.commit([*brought(1), *brought(2), *brought(3)])
    count = "SELECT count(*) FROM link WHERE base IS NULL"
    connection = kept.opened.store._writer._connection  # type: ignore[attr-defined]  # the stand-in's own part
    assert connection.value(count) == 3, "kept once"
    ids = [f"c0ffee00-0000-4000-8000-{number:012}" for number in (1, 2, 3)]
    bases = [base_of(kept, id) for id in ids]
    assert [base.name.given for base in bases] == ["Ana", "Ana", "Ana"]
    held = kept.replicas.contact(ids[0])
    assert held is not None
    assert held.card == bases[0]
    edited = kept.opened.store.writes.save(replace(held, card=Card(note="\0x")), read_revision=held.revision).result()
    kept.opened.store.writes.delete([ids[1]]).result()
    kept.opened.store.writes.save(replace(edited, card=card("Eva")), read_revision=edited.revision).result()
    assert connection.value(count) == 1
    assert [base_of(kept, id) for id in ids] == bases
    kept.replicas.commit([PutLink(link(ids[0], base=card("Eva")))])
    assert base_of(kept, ids[0]) == card("Eva")
    assert kept.replicas.links(["people/c3"])["people/c3"].base == bases[2]


def test_what_an_account_brings_is_news_for_the_others_only(kept: Kept) -> None:
    account(kept)
    kept.replicas.commit([PutAccount(Account(id="google:you", kind="google"))])
    reader = kept.opened.store.reader()
    other = kept.opened.store.replicas("google:you", reader)
    later = Contact(id="id-9", card=card("Eva Sol"), origin=Origin.ACCOUNT, linked=True)
    kept.replicas.commit([*brought(1), AddContact(later, clean=False)])
    assert kept.replicas.touched("", 9) == ["id-9"]
    assert len(other.touched("", 9)) == 2
    reader.close()


def test_known_ids_are_those_of_contacts_and_links(kept: Kept) -> None:
    account(kept)
    kept.replicas.commit([*brought(1), PutLink(link("gone", "people/c9"))])
    asked = ["c0ffee00-0000-4000-8000-000000000001", "gone", "nobody", *(f"x{number}" for number in range(250))]
    assert kept.replicas.known(asked) == {"c0ffee00-0000-4000-8000-000000000001", "gone"}
    assert kept.replicas.known([]) == frozenset()


def test_what_many_contacts_of_an_account_leave(kept: Kept) -> None:
    account(kept)
    for start in range(0, 450, 150):
        kept.replicas.commit([effect for number in range(start, start + 150) for effect in brought(number)])
    assert kept.opened.store.reads.count(Show()) == 450
    check_rows(kept.opened.store._writer._connection)  # type: ignore[attr-defined]  # the stand-in's own part
    [change] = kept.opened.store.reads.changes("c0ffee00-0000-4000-8000-000000000007")
    assert (change.field, change.source) == ("contact", "account")
    batches = kept.opened.store.reads.batches()
    assert [(one.kind, one.count) for one in batches] == [(BatchKind.ADDED, 150)] * 3


def test_absorbing_keeps_notes_marks_and_sharing(kept: Kept) -> None:
    account(kept)
    into, gone = kept.opened.add(card("Ana Gil")), kept.opened.add(card("A. Gil", "+34600111222"))
    writes = kept.opened.store.writes
    note = writes.add_note(gone.id, "wants the offer").result()
    writes.save(replace(gone, shared=True, marks=Marks(vip=True)), read_revision=gone.revision).result()
    kept.replicas.commit([Absorb(into.id, gone.id)])
    assert kept.replicas.contact(gone.id) is None
    held = kept.replicas.contact(into.id)
    assert held is not None
    assert held.shared
    assert held.marks.vip
    assert [one.id for one in kept.opened.store.reads.notes(into.id)] == [note.id]
    assert kept.opened.names("offer") == ["Ana Gil"]


def test_whom_an_id_there_stands_for_is_told_anew_or_once_and_goes_with_what_absorbs_it(kept: Kept) -> None:
    account(kept)
    into, gone = kept.opened.add(card("Ana Gil")), kept.opened.add(card("A. Gil"))
    kept.replicas.commit([Told(into.id, ("c1", "c2")), Told(gone.id, ("c2",)), Told(into.id, ("c2", "c3"), anew=False)])
    assert kept.replicas.told(["c1", "c2", "c3", "c4"]) == {"c1": into.id, "c2": gone.id, "c3": into.id}
    kept.replicas.commit([PutLink(link(gone.id, "c5")), DropLink(gone.id), PutLink(link(gone.id, "c6"))])
    kept.replicas.commit([Absorb(into.id, gone.id)])
    assert kept.replicas.told_of(into.id) == ["c1", "c2", "c3", "c5", "c6"]
    assert kept.replicas.told_of(gone.id) == []
    forget_account(kept.opened.store._writer._connection, "google:me", links=True)  # type: ignore[attr-defined]  # the stand-in's own part
    assert kept.replicas.told_of(into.id) == []


def test_candidates_share_a_phone_an_email_or_the_name(kept: Kept) -> None:
    ana = kept.opened.add(card("Ana Gil", "600 111 222"))
    eva = kept.opened.add(card("Eva Sol", email="Eva@Example.com"))
    kept.opened.add(card("Pía Mar", "+34600111223"))
    found = kept.replicas.like(card("Eva Sol", "+34 600 111 222", email="eva@example.com"))
    assert {one.id for one in found} == {ana.id, eva.id}
    assert [one.id for one in kept.replicas.like(card("ana gil"))] == [ana.id]
    assert kept.replicas.like(Card(phones=(PhoneEntry(""),))) == []


def test_members_are_linked_contacts_of_a_group(kept: Kept) -> None:
    account(kept)
    one = kept.opened.add(card("Ana Gil", groups="Clients"))
    kept.opened.add(card("Eva Gil", groups="Clients"))
    kept.replicas.commit([PutLink(link(one.id))])
    assert [contact.id for contact in kept.replicas.members("Clients", "", 9)] == [one.id]


def test_the_log_keeps_the_last_round_only(kept: Kept) -> None:
    first, second = Logged(1, "id-1", "c1", Card(note="a"), None), Logged(2, "id-1", "c1", None, Card(note="b"))
    kept.replicas.commit([first])
    assert kept.replicas.log() == [first]
    kept.replicas.commit([second])
    assert kept.replicas.log() == [second]


def test_a_picture_is_kept_once(kept: Kept) -> None:
    digest = kept.replicas.put_photo(b"png")
    assert kept.replicas.put_photo(b"png") == digest
    assert kept.replicas.photo(digest) == b"png"
    assert kept.replicas.photo("nothing") is None


def test_a_forgotten_account_keeps_its_links_unless_told(kept: Kept, path: Path) -> None:
    account(kept)
    kept.replicas.commit([PutLink(link("id-1"))])
    connection = kept.opened.store._writer._connection  # type: ignore[attr-defined]  # the stand-in's own part
    forget_account(connection, "google:me", links=False)
    assert accounts(connection) == []
    assert kept.replicas.link("id-1") is not None
    forget_account(connection, "google:me", links=True)
    assert kept.replicas.link("id-1") is None


def test_memory_of_many_is_given_back_and_of_few_not_looked_for(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    account(kept)
    trims: list[None] = []
    monkeypatch.setattr("ringdesk.store.replicas.trim", lambda: trims.append(None))
    kept.replicas.commit(brought(0))
    kept.replicas.rest()
    assert trims == []
    for start in range(1, 301, 100):
        kept.replicas.commit([effect for number in range(start, start + 100) for effect in brought(number)])
    assert trims == []
    kept.replicas.rest()
    kept.replicas.rest()
    assert trims == [None]
    assert [len(one) for one in (_BEGINNINGS, _DOMAINS, _NAME_WORDS, SAID_BY_FIRM)] == [0, 0, 0, 0]
    assert [one.cache_info().currsize for one in (_folded_word, _part_words)] == [0, 0]
    trim()
    assert kept.opened.store.reads.count(Show()) == 301


def test_the_time_of_the_last_change_is_read_as_the_rows_lie(kept: Kept) -> None:
    """By the index of ids, every row in another place, it took 120 ms at 100,000 contacts whenever one came; so, 18."""
    account(kept)
    assert kept.replicas.newest() is None
    kept.replicas.commit([PutLink(link(f"id-{at}", f"people/c{at}", updated=at)) for at in (3.0, 7.0, 5.0)])
    connection = kept.opened.store.reads._connection
    assert newest(connection, "google:me") == 7.0
    assert newest(connection, "google:you") is None
    [(*_, plan)] = connection.rows(f"EXPLAIN QUERY PLAN {NEWEST}", ("google:me",))
    assert "INDEX" not in plan


def test_few_that_are_not_linked_are_known_and_the_only_ones_looked_at(kept: Kept) -> None:
    connection = kept.opened.store.reads._connection
    account(kept)
    assert free_few(connection, "google:me") == []
    kept.replicas.commit([*brought(1), *brought(2)])
    free = [kept.opened.add(card(f"Bea Sol {number}", f"+3460000001{number}")) for number in range(3)]
    assert free_few(connection, "google:me") == [3, 4, 5]
    assert not kept.replicas.any_free([card("Ana Gil 1", "+34600000001")]), "linked"
    assert not kept.replicas.any_free([card("Eva Pla", "+34600000077")]), "nobody here"
    for alike in (card("Eva Pla", "+34600000011"), card("Bea Sol 2", "+34600000077")):
        assert kept.replicas.any_free([alike])
    by_email = replace(card("Eva Pla", "+34600000077"), emails=(Email("bea@example.com"),))
    assert not kept.replicas.any_free([by_email])
    kept.opened.add(replace(card("Lea Paz", "+34600000078"), emails=(Email("Bea@Example.com"),)))
    assert kept.replicas.any_free([by_email])
    kept.opened.store.writes.delete(["c0ffee00-0000-4000-8000-000000000001"]).result()
    assert free_few(connection, "google:me") == [3, 4, 5, 6], "its link is nobody's, and says so itself"
    kept.replicas.commit([Untouch(free[0].id, free[0].revision)])
    assert free_few(connection, "google:me") is None, "there is one more than are found"
    assert kept.replicas.any_free([card("Bea Sol 0", "+34600000099")])


def test_of_many_that_are_not_linked_all_are_looked_at(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    account(kept)
    monkeypatch.setattr("ringdesk.store.alike.FEW", 2)
    for number in range(3):
        kept.opened.add(card(f"Bea Sol {number}", f"+3460000001{number}"))
    assert free_few(kept.opened.store.reads._connection, "google:me") is None
    assert kept.replicas.any_free([card("Bea Sol 2", "+34600000099")])
    assert not kept.replicas.any_free([card("Eva Pla", "+34600000099")])


def test_counts_say_that_all_are_linked_only_where_it_is_so(kept: Kept) -> None:
    def said(account: str = "google:me") -> bool:
        return all_linked(kept.opened.store.reads._connection, account)

    account(kept)
    assert said(), "nobody is here"
    kept.replicas.commit([*brought(1), *brought(2)])
    assert said()
    assert not said("google:you")
    assert not kept.replicas.any_free([card("Ana Gil 1", "+34600000001")])
    free = kept.opened.add(card("Bea Sol", "+34600000009"))
    kept.replicas.commit([Untouch(free.id, free.revision)])
    assert not said()
    kept.opened.store.writes.delete(["c0ffee00-0000-4000-8000-000000000001"]).result()
    assert not said(), "as many links as contacts, and one of them of nobody"
    assert kept.replicas.any_free([card("Bea Sol", "+34600000009")])
    kept.replicas.commit([Untouch("c0ffee00-0000-4000-8000-000000000001", None)])
    kept.replicas.commit([Park(Parked("c0ffee00-0000-4000-8000-000000000001", 0, None))])
    assert not said(), "its deletion waits"
