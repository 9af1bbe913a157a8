"""What the user chose for an account, and the engine that goes by it: direction, labels, what is removed or deleted."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ringdesk.domain.card import CustomField, PhoneEntry
from ringdesk.domain.contact import Coworker, Origin, Unclaimed
from ringdesk.domain.replica import Choice, Direction, GoneThere, LinkState, Review
from tests.sync.kit import Pair, card


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
