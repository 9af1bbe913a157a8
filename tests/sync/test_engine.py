"""The engine's invariants, I1 to I17, one by one on small cases; the simulation holds them on random ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from ringdesk.domain.card import Card, CustomField, Name, PhoneEntry
from ringdesk.domain.contact import Coworker, Origin, Unclaimed
from ringdesk.domain.effects import Effect, PutAccount
from ringdesk.domain.remote import Capabilities, Create, CursorExpired, Invalid, Page, Result, Retry, Update
from ringdesk.domain.replica import Account, Choice, Clash, Direction, GoneThere, LinkState, Review
from ringdesk.store.outbox import forget_account
from ringdesk.sync.plan import Deed
from ringdesk.sync.rehearsal import rehearse
from tests.sync.kit import Pair, card, mail
from tests.sync.memory_remote import Fault, Faults


def test_i1_both_sides_become_equal_and_then_rest(pair: Pair) -> None:
    for number in range(5):
        pair.server.add(card(f"There {number}", f"+3460000000{number}"))
        pair.desk.add(card(f"Here {number}", f"+3461000000{number}", groups=("Clients",)))
    pair.settled()
    assert len(pair.names()) == len(pair.names_there()) == 10
    assert not pair.desk.replicas.touched("", 5)


def test_i2_the_loser_of_a_clash_is_in_the_history(pair: Pair) -> None:
    held = pair.server.add(card("Ana", note="old"))
    pair.sync()
    ana = pair.here("Ana")
    pair.desk.edit(ana.id, replace(ana.card, note="mine"))
    pair.clock.pass_(60)
    pair.server.edit(held.remote, replace(held.card, note="theirs"))
    pair.settled()
    assert pair.here("Ana").card.note == held.card.note == "theirs"
    assert any(change.old == '"mine"' for change in pair.desk.store.reads.changes(ana.id))


@pytest.mark.parametrize(("clash", "wins"), [(Clash.MINE, "mine"), (Clash.THEIRS, "theirs"), (Clash.RECENT, "mine")])
def test_i2_the_policy_decides_a_clash(pair: Pair, clash: Clash, wins: str) -> None:
    pair.set(clash=clash)
    held = pair.server.add(card("Ana", note="old"))
    pair.sync()
    pair.server.edit(held.remote, replace(held.card, note="theirs"))
    pair.clock.pass_(60)
    ana = pair.here("Ana")
    pair.desk.edit(ana.id, replace(ana.card, note="mine"))
    pair.settled()
    assert pair.here("Ana").card.note == held.card.note == wins
    past = " ".join(change.old + change.new for change in pair.desk.store.reads.changes(ana.id))
    assert "mine" in past
    assert "theirs" in past


@pytest.mark.parametrize("choice", [Choice.MINE, Choice.THEIRS])
def test_i2_a_clash_can_be_asked_about(pair: Pair, choice: Choice) -> None:
    pair.set(clash=Clash.ASK)
    held = pair.server.add(card("Ana", note="old"))
    pair.sync()
    ana = pair.here("Ana")
    pair.server.edit(held.remote, replace(held.card, note="theirs"))
    pair.desk.edit(ana.id, replace(ana.card, note="mine", nicknames=("An",)))
    pair.sync()
    assert (pair.here("Ana").card.note, held.card.note, held.card.nicknames) == ("mine", "theirs", ("An",))
    [question] = pair.questions(Review.CLASH)
    assert question.theirs is not None
    assert question.theirs.note == "theirs"
    pair.answer(question, choice)
    pair.settled()
    assert held.card.note == ("mine" if choice is Choice.MINE else "theirs")
    assert not pair.questions(Review.CLASH)


def test_i3_edits_of_different_fields_and_items_all_survive(pair: Pair) -> None:
    held = pair.server.add(card("Ana", "+34600111221", "+34600111222"))
    pair.sync()
    ana = pair.here("Ana")
    pair.desk.edit(ana.id, card("Ana", "+34600111222", "+34600111223", note="n"))
    pair.server.edit(held.remote, card("Ana", "+34600111221", "+34600111222", "+34600111224", emails=mail("a@b.c")))
    pair.settled()
    assert {phone.value[-1] for phone in held.card.phones} == {"2", "3", "4"}
    assert held.card.note == "n"
    assert pair.here("Ana").card.emails


def test_i4_only_changed_fields_are_sent_and_what_is_unknown_goes_back(pair: Pair) -> None:
    held = pair.server.add(card("Ana", "+34600111222"), unknown=b"foreign")
    pair.sync()
    ana = pair.here("Ana")
    pair.desk.edit(ana.id, replace(ana.card, note="n"))
    masks: list[frozenset[str]] = []
    right = pair.book._update

    def update(op: Update) -> Result:
        masks.append(op.mask)
        return right(op)

    pair.book._update = update  # type: ignore[method-assign]  # the test puts its own in this place
    pair.sync()
    assert masks == [frozenset({"note"})]
    assert held.unknown == b"foreign"


@pytest.mark.parametrize("fault", [Fault.CUT_AFTER, Fault.CUT_BEFORE])
def test_i5_an_unclear_creation_makes_no_second_contact(pair: Pair, fault: Fault) -> None:
    pair.desk.add(card("Ana", "+34600111222"))
    pair.desk.sync()
    pair.desk.add(card("Eva", "+34600111223"))
    pair.book.faults = Faults(Random(1), rate=1.0, kinds=(fault,))
    right = pair.book._asked
    pair.book._asked = (  # type: ignore[method-assign]  # the test puts its own in this place
        lambda what, possible: right(what, possible) if what.startswith("push") else None
    )
    pair.server.delay = lambda: 590.0
    if fault is Fault.CUT_BEFORE:
        with pytest.raises(Retry):
            pair.desk.sync()
    else:
        pair.desk.sync()
    pair.book.faults.rate = 0.0
    for _ in range(4):
        pair.clock.pass_(200.0)
        pair.desk.sync()
    pair.settled()
    assert pair.names_there() == ["Ana", "Eva"]


def test_i6_an_edit_there_beats_a_deletion_here(pair: Pair) -> None:
    held = pair.server.add(card("Ana", "+34600111222"))
    pair.sync()
    pair.desk.delete(pair.here("Ana").id)
    pair.server.edit(held.remote, card("Ana", "+34600111222", note="new"))
    pair.settled()
    assert pair.here("Ana").card.note == "new"


def test_i6_an_edit_here_beats_a_deletion_there(pair: Pair) -> None:
    held = pair.server.add(card("Ana", "+34600111222"))
    pair.sync()
    ana = pair.here("Ana")
    pair.desk.edit(ana.id, replace(ana.card, note="new"))
    pair.server.delete(held.remote)
    pair.sync()
    assert not pair.server.held
    pair.settled()
    assert pair.there("Ana").card.note == "new"
    assert pair.here("Ana").id == ana.id


def test_i6_a_phantom_etag_does_not_stop_a_deletion(pair: Pair) -> None:
    held = pair.server.add(card("Ana"))
    pair.sync()
    pair.desk.delete(pair.here("Ana").id)
    pair.server.phantom(held.remote)
    pair.settled()
    assert not pair.server.held
    assert not pair.names()


@pytest.mark.parametrize("guarded", [True, False])
def test_i6_an_account_that_deletes_unguarded_is_asked_first(tmp_path: Path, guarded: bool) -> None:
    able = Capabilities(
        create_batch=50, update_batch=50, delete_batch=50, fetch_batch=50, guarded_deletes=guarded, cursor_life=9e9
    )
    pair = Pair(tmp_path, able)
    held = pair.server.add(card("Ana"))
    pair.server.add(card("Eva"))
    pair.sync()
    pair.desk.delete(pair.here("Ana").id, pair.here("Eva").id)
    pair.server.delay = lambda: 5000.0
    pair.server.edit(held.remote, card("Ana", note="by hand"))
    pair.sync()
    assert pair.names_there() == ["Ana"]
    assert pair.here("Ana").card.note == "by hand"
    pair.close()


def test_i7_many_deletions_here_wait_for_the_user(pair: Pair) -> None:
    pair.set(gone_there=GoneThere.DELETE)
    for number in range(40):
        pair.server.add(card(f"N{number:02}"))
    pair.sync()
    for remote in sorted(pair.server.held)[:11]:
        pair.server.delete(remote)
    report = pair.sync()
    assert report.guard_here == 11
    assert len(pair.names()) == 40
    pair.desk.engine.approve(11)
    pair.settled()
    assert len(pair.names()) == 29
    assert pair.desk.replicas.account().approved == 0


def test_i7_many_deletions_there_wait_for_the_user(pair: Pair) -> None:
    for number in range(40):
        pair.server.add(card(f"N{number:02}"))
    pair.sync()
    pair.desk.delete(*(contact.id for contact in pair.desk.contacts()[:11]))
    assert pair.sync().guard_there == 11
    assert len(pair.server.held) == 40
    pair.desk.engine.approve(11)
    pair.settled()
    assert len(pair.server.held) == 29


def test_i7_after_a_lost_cursor_absence_is_asked_about(pair: Pair) -> None:
    pair.set(gone_there=GoneThere.DELETE)
    held = pair.server.add(card("Ana"))
    pair.server.add(card("Eva"))
    pair.sync()
    pair.clock.pass_(4000.0)
    pair.server.delete(held.remote)
    right, expired = pair.book.pull, [True]

    def pull(cursor: str | None) -> Iterator[Page]:
        if cursor is not None and expired.pop():
            raise CursorExpired
        return right(cursor)

    pair.book.pull = pull  # type: ignore[method-assign]  # the test puts its own in this place
    pair.sync()
    assert pair.names() == ["Ana", "Eva"]
    [question] = pair.questions(Review.REMOVED)
    assert question.contact == pair.here("Ana").id
    assert not pair.desk.replicas.account().reset


def test_i7_a_listing_that_is_not_whole_proves_nothing(pair: Pair) -> None:
    pair.set(gone_there=GoneThere.DELETE)
    for number in range(4):
        pair.server.add(card(f"N{number}"))
    pair.sync()
    before = pair.server.requests["fetch"]
    pair.book.faults = Faults(Random(1), rate=1.0, kinds=(Fault.TRUNCATED,))
    assert pair.sync(full=True).distrusted
    assert len(pair.names()) == 4
    assert pair.server.requests["fetch"] == before
    pair.book.faults.rate = 0.0
    pair.clock.pass_(3700.0)
    before = pair.server.requests["pull"]
    assert not pair.sync().distrusted
    pair.settled()


def test_i8_our_own_write_coming_back_is_no_change(pair: Pair) -> None:
    pair.server.delay = lambda: 300.0
    pair.desk.add(card("Ana", "+34600111222"))
    pair.desk.sync()
    ana = pair.here("Ana")
    pair.desk.edit(ana.id, replace(ana.card, note="one"))
    pair.desk.sync()
    before, revision = pair.server.mutations, pair.here("Ana").revision
    pair.clock.pass_(310.0)
    assert not pair.desk.sync().counts
    assert (pair.server.mutations, pair.here("Ana").revision) == (before, revision)


def test_i8_a_phantom_etag_is_no_change(pair: Pair) -> None:
    held = pair.server.add(card("Ana"))
    pair.sync()
    pair.server.phantom(held.remote)
    revision = pair.here("Ana").revision
    assert not pair.sync().counts
    assert pair.here("Ana").revision == revision
    pair.desk.edit(pair.here("Ana").id, card("Ana", note="n"))
    pair.sync()
    assert held.card.note == "n"


def test_i9_full_pulls_are_an_hour_apart(pair: Pair) -> None:
    pair.server.add(card("Ana"))
    pair.sync()
    pair.book.faults = Faults(Random(1), rate=1.0, kinds=(Fault.EXPIRED,))
    with pytest.raises(Retry) as refused:
        pair.sync()
    assert refused.value.after is not None
    assert 0 < refused.value.after <= 3600


def test_i9_a_bad_contact_is_put_off_and_the_others_go_on(tmp_path: Path) -> None:
    pair = Pair(tmp_path)
    right = pair.book._carry
    pair.book._carry = lambda op: (  # type: ignore[method-assign]  # the test puts its own in this place
        Invalid("note", "too long") if isinstance(op, Create) and op.card.note == "bad" else right(op)
    )
    bad = pair.desk.add(card("Bad", note="bad"))
    pair.desk.add(card("Good"))
    assert pair.sync().invalid == 1
    assert pair.names_there() == ["Good"]
    [question] = pair.questions(Review.INVALID)
    assert (question.contact, question.field) == (bad.id, "note")
    before = pair.server.requests["push"]
    pair.sync()
    assert pair.server.requests["push"] == before
    held = pair.desk.get(bad.id)
    pair.desk.edit(bad.id, replace(held.card, note="good"))
    pair.sync()
    assert pair.names_there() == ["Bad", "Good"]
    pair.close()


def test_i10_an_interrupted_run_goes_on_where_it_was(pair: Pair) -> None:
    able = replace(pair.book.capabilities, create_batch=10)
    pair.book.capabilities = able
    for number in range(55):
        pair.desk.add(card(f"N{number}", f"+346{number:08}"))
    pair.book.faults = Faults(Random(4), rate=0.3, kinds=(Fault.CUT_BEFORE, Fault.QUOTA, Fault.BUSY))
    for _ in range(30):
        try:
            pair.sync()
        except Retry:
            continue
    pair.book.faults.rate = 0.0
    pair.settled()
    assert len(pair.server.creates) == 55
    assert len(pair.server.held) == 55


def test_i10_requests_are_the_minimum(pair: Pair) -> None:
    for number in range(450):
        pair.desk.add(card(f"N{number}", f"+346{number:08}"))
    pair.sync()
    assert pair.server.requests == {"containers": 1, "pull": 1, "push": 3}
    pair.sync()
    assert pair.server.requests == {"containers": 2, "pull": 2, "push": 3}


def test_i12_the_cursor_is_saved_with_the_last_effects(pair: Pair) -> None:
    pair.book.page = 2
    for number in range(5):
        pair.server.add(card(f"N{number}"))
    seen: list[tuple[str | None, int]] = []
    right = pair.desk.replicas.commit

    def commit(effects: Sequence[Effect]) -> None:
        right(effects)
        seen.append((pair.desk.replicas.account().cursor, pair.desk.replicas.linked()))

    pair.desk.replicas.commit = commit  # type: ignore[method-assign,assignment]  # the test puts its own in this place
    pair.sync()
    assert all(linked == 5 for cursor, linked in seen if cursor is not None)


def test_i13_a_merge_there_is_a_merge_here(pair: Pair) -> None:
    one, other = pair.server.add(card("Ana", "+34600111221")), pair.server.add(card("A. Gil", "+34600111222"))
    pair.sync()
    gone = pair.here("A. Gil")
    pair.desk.store.writes.add_note(gone.id, "call back").result()
    held = pair.desk.get(gone.id)
    pair.desk.store.writes.save(replace(held, shared=True), read_revision=held.revision).result()
    held = pair.desk.get(gone.id)
    pair.desk.edit(gone.id, replace(held.card, nicknames=("edited here",)))
    pair.server.merge(one.remote, other.remote, card("Ana", "+34600111221", "+34600111222"))
    pair.settled()
    ana = pair.here("Ana")
    assert pair.names() == ["Ana"]
    assert ana.shared
    assert len(ana.card.phones) == 2
    assert one.card.nicknames == ("edited here",)
    assert [note.text for note in pair.desk.store.reads.notes(ana.id)] == ["call back"]


def test_i13_a_changed_id_is_followed(pair: Pair) -> None:
    held = pair.server.add(card("Ana"))
    pair.sync()
    id = pair.here("Ana").id
    moved = pair.server.held.pop(held.remote)
    moved.remote, moved.former, moved.version = "people/new", (held.remote,), 9
    pair.server.held[moved.remote] = moved
    pair.server.touch("people/new")
    pair.server.touch("people/c1")
    pair.settled()
    assert pair.here("Ana").id == id
    assert pair.desk.replicas.links(["people/new"])["people/new"].contact == id


def test_i14_sharing_is_no_business_of_the_account(pair: Pair) -> None:
    held = pair.server.add(card("Ana"))
    pair.sync()
    ana = pair.here("Ana")
    pair.desk.store.writes.save(replace(ana, shared=True), read_revision=ana.revision).result()
    before = pair.server.mutations
    pair.sync()
    pair.server.edit(held.remote, card("Ana", note="n"))
    pair.sync()
    assert pair.server.mutations == before
    assert pair.here("Ana").shared


def test_i14_a_share_label_is_the_checkbox(pair: Pair) -> None:
    pair.set(share_label="Clients")
    label = pair.server.label("Clients")
    inside = pair.server.add(card("In"), containers=frozenset({label}))
    outside = pair.server.add(card("Out"))
    pair.sync()
    assert (pair.here("In").shared, pair.here("Out").shared) == (True, False)
    ticked = pair.here("Out")
    pair.desk.store.writes.save(replace(ticked, shared=True), read_revision=ticked.revision).result()
    unticked = pair.here("In")
    pair.desk.store.writes.save(replace(unticked, shared=False), read_revision=unticked.revision).result()
    pair.settled()
    assert label in outside.containers
    assert label not in inside.containers
    assert len(pair.server.held) == 2
    pair.server.edit(inside.remote, containers=frozenset({label}))
    pair.settled()
    assert pair.here("In").shared


def test_i17_exact_matches_are_linked_without_a_write(pair: Pair) -> None:
    pair.desk.add(card("Ana Gil", "600 111 222"))
    pair.desk.add(card("Eva Sol", emails=mail("Eva@Example.com")))
    pair.desk.add(Card(phones=(PhoneEntry("+34600111224"),)), origin=Origin.CALL)
    pair.server.add(card("ana gil", "+34600111222"))
    pair.server.add(card("Eva Sol", emails=mail("eva@example.com")))
    pair.server.add(card("Known Now", "+34600111224"))
    report = pair.sync()
    assert report.counts[Deed.LINK] == 3
    assert pair.server.mutations == 0
    assert len(pair.names()) == 3
    pair.sync()
    assert pair.server.mutations == 0


@pytest.mark.parametrize(("choice", "count"), [(Choice.SAME, 1), (Choice.DIFFERENT, 2)])
def test_i17_a_doubtful_match_is_the_users_to_decide(pair: Pair, choice: Choice, count: int) -> None:
    pair.desk.add(card("Ana", "+34600111222"))
    pair.server.add(card("Luis", "+34600111222"))
    pair.sync()
    assert (pair.names(), pair.names_there()) == (["Ana"], ["Luis"])
    [question] = pair.questions(Review.DOUBTFUL)
    pair.answer(question, choice)
    pair.settled()
    assert len(pair.names()) == len(pair.names_there()) == count


def test_only_what_is_mine_and_known_goes_there(pair: Pair) -> None:
    pair.desk.add(card("Mine"))
    pair.desk.add(card("Maria's"), owner=Coworker("maria"), origin=Origin.TEAM)
    pair.desk.add(card("", "+34600111222"), origin=Origin.CALL)
    pair.desk.add(card("", "+34600111223"), owner=Unclaimed("Sales"), origin=Origin.CALL)
    pair.sync()
    assert pair.names_there() == ["Mine"]
    pair.set(unknown_callers=True)
    pair.sync()
    assert pair.names_there() == ["", "Mine"]


def test_what_the_caller_says_never_leaves(pair: Pair) -> None:
    pair.desk.add(card("Ana", custom=(CustomField("caller says", "ANA G"), CustomField("Plate", "1"))))
    pair.settled()
    assert pair.there("Ana").card.custom == (CustomField("Plate", "1"),)
    assert len(pair.here("Ana").card.custom) == 2


def test_only_from_the_account(pair: Pair) -> None:
    pair.set(direction=Direction.FROM)
    held = pair.server.add(card("Ana"))
    pair.desk.add(card("Here"))
    pair.sync()
    pair.desk.edit(pair.here("Ana").id, card("Ana", note="here"))
    pair.sync()
    assert pair.server.mutations == 0
    pair.server.edit(held.remote, card("Ana", "+34600111222"))
    pair.sync()
    assert pair.here("Ana").card.phones
    assert pair.here("Ana").card.note == "here"
    pair.set(direction=Direction.BOTH)
    pair.settled()
    assert held.card.note == "here"
    assert pair.names_there() == ["Ana", "Here"]


def test_only_to_the_account(pair: Pair) -> None:
    pair.desk.add(card("Ana", "+34600111221"))
    pair.sync()
    pair.set(direction=Direction.TO)
    held = pair.there("Ana")
    pair.server.add(card("There"))
    pair.server.edit(held.remote, card("Ana", "+34600111221", "+34600111222", note="there"))
    pair.sync()
    assert pair.names() == ["Ana"]
    pair.desk.edit(pair.here("Ana").id, card("Ana", "+34600111221", "+34600111223"))
    pair.sync()
    assert {phone.value[-1] for phone in held.card.phones} == {"1", "2", "3"}
    assert held.card.note == "there"
    before = pair.server.mutations
    pair.sync()
    assert pair.server.mutations == before


def test_view_only_rights_bring_nothing_in(pair: Pair) -> None:
    pair.set(view_only=True)
    pair.server.add(card("There"))
    pair.desk.add(card("Here"))
    pair.sync()
    assert pair.names() == ["Here"]
    assert pair.names_there() == ["Here", "There"]


def test_a_chosen_label_is_a_list_and_new_contacts_land_in_it(pair: Pair) -> None:
    label = pair.server.label("Clients")
    pair.set(labels=frozenset({label}), landing=label)
    pair.server.add(card("In"), containers=frozenset({label}))
    pair.server.add(card("Out"))
    pair.desk.add(card("New"))
    pair.sync()
    assert pair.names() == ["In", "New"]
    assert label in pair.there("New").containers
    assert pair.here("New").card.groups == ("Clients",)
    pair.set(groups=frozenset({"Clients"}))
    pair.desk.add(card("Elsewhere"))
    pair.sync()
    assert "Elsewhere" not in pair.names_there()


def test_only_with_phones(pair: Pair) -> None:
    pair.set(only_with_phones=True)
    pair.server.add(card("Phone", "+34600111222"))
    pair.server.add(card("None"))
    pair.desk.add(card("None here"))
    pair.sync()
    assert pair.names() == ["None here", "Phone"]
    assert pair.names_there() == ["None", "Phone"]


def test_removed_values_can_be_kept(pair: Pair) -> None:
    pair.set(keep_removed=True)
    held = pair.server.add(card("Ana", "+34600111221", "+34600111222", note="n"))
    pair.sync()
    pair.server.edit(held.remote, card("Ana", "+34600111221"))
    pair.sync()
    assert len(pair.here("Ana").card.phones) == 2
    assert pair.here("Ana").card.note == "n"
    ana = pair.here("Ana")
    pair.desk.edit(ana.id, replace(ana.card, phones=(*ana.card.phones, PhoneEntry("+34600111223", "home"))))
    pair.sync()
    assert [phone.value[-1] for phone in held.card.phones] == ["1", "3"]
    before = pair.server.mutations
    pair.sync()
    assert pair.server.mutations == before


@pytest.mark.parametrize(
    ("policy", "names", "state"),
    [
        (GoneThere.REVIEW, ["Ana"], LinkState.REVIEW),
        (GoneThere.KEEP, ["Ana"], LinkState.KEPT),
        (GoneThere.DELETE, [], LinkState.DELETED),
    ],
)
def test_deleted_there(pair: Pair, policy: GoneThere, names: list[str], state: LinkState) -> None:
    pair.set(gone_there=policy)
    held = pair.server.add(card("Ana"))
    pair.sync()
    id = pair.here("Ana").id
    pair.server.delete(held.remote)
    pair.sync()
    pair.sync()
    assert pair.names() == names
    link = pair.desk.replicas.link(id)
    assert link is not None
    assert link.state is state
    assert not pair.server.held
    pair.server.restore(held.remote)
    pair.settled()
    assert pair.names() == ["Ana"]
    assert not pair.questions(Review.REMOVED)


@pytest.mark.parametrize("choice", [Choice.DELETE, Choice.KEEP, Choice.CREATE])
def test_a_removed_contact_is_the_users_to_decide(pair: Pair, choice: Choice) -> None:
    held = pair.server.add(card("Ana"))
    pair.sync()
    pair.server.delete(held.remote)
    pair.sync()
    [question] = pair.questions(Review.REMOVED)
    pair.answer(question, choice)
    pair.sync()
    assert pair.names() == ([] if choice is Choice.DELETE else ["Ana"])
    assert pair.names_there() == (["Ana"] if choice is Choice.CREATE else [])
    assert not pair.questions(Review.REMOVED)


def test_deleted_here_can_be_kept_there(pair: Pair) -> None:
    pair.set(delete_there=False)
    held = pair.server.add(card("Ana"))
    pair.sync()
    pair.desk.delete(pair.here("Ana").id)
    pair.sync()
    pair.server.edit(held.remote, card("Ana", note="n"))
    pair.sync()
    assert pair.names() == []
    assert pair.names_there() == ["Ana"]
    pair.desk.store.writes.undo().result()
    pair.settled()
    assert pair.here("Ana").card.note == "n"


def test_a_label_that_is_renamed_there_is_renamed_here(pair: Pair) -> None:
    pair.desk.add(card("Ana", groups=("Clients",)))
    pair.sync()
    label = pair.server.label("Clients")
    pair.book.rename_container(label, "Customers")
    before = pair.server.mutations
    pair.sync()
    assert pair.here("Ana").card.groups == ("Customers",)
    pair.settled()
    assert pair.server.mutations == before


def test_a_contact_is_refreshed_when_it_is_opened(pair: Pair) -> None:
    held = pair.server.add(card("Ana"))
    pair.sync()
    pair.server.delay = lambda: 600.0
    pair.server.edit(held.remote, card("Ana", note="just now"))
    before = sum(pair.server.requests.values())
    assert pair.desk.engine.refresh(pair.here("Ana").id)
    assert pair.here("Ana").card.note == "just now"
    assert sum(pair.server.requests.values()) == before + 1


def test_photos_travel_once(pair: Pair) -> None:
    held = pair.server.add(card("Ana"))
    pair.server.photos["https://p/1"] = b"png"
    held.photo = "https://p/1"
    pair.sync()
    assert pair.desk.replicas.photo(pair.here("Ana").card.photo) == b"png"
    mine = pair.desk.store.writes.put_photo(b"mine").result()
    ana = pair.here("Ana")
    pair.desk.edit(ana.id, replace(ana.card, photo=mine))
    pair.sync()
    pair.sync()
    assert pair.server.photos[held.photo] == b"re-encoded mine"
    before, requests = pair.server.mutations, pair.server.requests["put"]
    pair.sync()
    pair.sync()
    assert (pair.server.mutations, pair.server.requests["put"]) == (before, requests)
    assert pair.here("Ana").card.photo == mine


def test_a_rehearsal_tells_what_the_round_then_does(pair: Pair) -> None:
    for number in range(4):
        pair.server.add(card(f"There {number}", f"+3460000000{number}"))
    for number in range(3):
        pair.desk.add(card(f"Here {number}", f"+3461000000{number}", groups=("Clients",)))
    pair.desk.add(card("There 1", "600 000 001", note="more"))
    pair.desk.add(card("Luis", "600000002"))
    before = [contact.revision for contact in pair.desk.contacts()]
    desk = pair.desk
    told = rehearse(desk.replicas, pair.book, policy=desk.policy, region="ES", clock=pair.clock, ids=desk.ids)
    assert pair.server.mutations == 0
    assert [contact.revision for contact in desk.contacts()] == before
    assert desk.replicas.linked() == 0
    assert desk.replicas.account().cursor is None
    assert not pair.questions(Review.DOUBTFUL)
    done = pair.sync()
    assert told.counts == done.counts
    assert done.counts[Deed.ADD_HERE] == 2
    assert done.counts[Deed.ADD_THERE] == 3


def test_a_rehearsal_lists_everybody_and_a_round_the_first_thousand(pair: Pair) -> None:
    for number in range(1100):
        pair.server.add(card(f"There {number}", f"+346{number:08d}"))
    desk = pair.desk
    told = rehearse(desk.replicas, pair.book, policy=desk.policy, region="ES", clock=pair.clock, ids=desk.ids)
    assert len(told.lines) == told.counts[Deed.ADD_HERE] == 1100
    done = pair.sync()
    assert (len(done.lines), done.counts[Deed.ADD_HERE]) == (1000, 1100)


def test_disconnect_and_reconnect_makes_no_duplicate(pair: Pair) -> None:
    pair.desk.add(card("Ana", "+34600111222"))
    pair.server.add(card("Eva", "+34600111223"))
    pair.sync()
    forget_account(pair.desk.store._writer._connection, "google:me", links=False)  # type: ignore[attr-defined]  # the stand-in's own part
    pair.desk.replicas.commit([PutAccount(Account(id="google:me", kind="google"))])
    before = pair.server.mutations
    pair.settled()
    assert pair.server.mutations == before
    assert pair.names() == pair.names_there() == ["Ana", "Eva"]


def test_two_desks_of_one_account_agree(pair: Pair) -> None:
    other = pair.second()
    pair.desk.add(card("Ana", "+34600111222"))
    pair.sync()
    other.sync()
    [copy] = other.contacts()
    assert copy.id == pair.here("Ana").id
    other.edit(copy.id, card("Ana", "+34600111222", note="from b"))
    other.sync()
    pair.settled()
    assert pair.here("Ana").card.note == "from b"


def test_the_name_is_one_field(pair: Pair) -> None:
    pair.set(clash=Clash.THEIRS)
    held = pair.server.add(Card(name=Name(given="Jon", family="Smit")))
    pair.sync()
    contact = pair.here("Jon")
    pair.desk.edit(contact.id, Card(name=Name(given="John", family="Smit")))
    pair.server.edit(held.remote, Card(name=Name(given="Jon", family="Smith")))
    pair.settled()
    assert pair.here("Jon").card.name.family == "Smith"
