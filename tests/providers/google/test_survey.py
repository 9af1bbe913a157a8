"""Counting what an account holds before anything of it is fetched."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ringdesk.providers.google.survey import MASK, Counted
from tests.providers.google.practice import Account, Practice


def test_contacts_are_counted_by_label_and_with_phones_and_nothing_else_is_asked_for(
    practice: Practice, account: Account
) -> None:
    numbers = [{"value": "+44 20 7946 0000"}]
    account.hand("create_label", label="Clients")
    for number in range(5):
        person = {"names": [{"givenName": f"P{number}"}], **({"phoneNumbers": numbers} if number < 3 else {})}
        name = account.hand("create", person=person)
        if number % 2 == 0:
            account.hand("label", name=name, label="Clients")
    book = account.book()
    [clients] = [one.remote for one in book.containers() if one.name == "Clients"]
    before = practice.log()
    told: list[tuple[int, int | None]] = []
    counted = book.survey(lambda done, total: told.append((done, total)), lambda: False)
    assert (counted.contacts, counted.with_phones) == (5, 3)
    assert (counted.labelled[clients], counted.labelled_with_phones[clients]) == (3, 2)
    assert told == [(5, 5)]
    [asked] = practice.since(before)
    assert asked["query"]["personFields"] == [MASK]
    assert "requestSyncToken" not in asked["query"]


def test_a_count_can_be_broken_off_before_it_asks(practice: Practice, account: Account) -> None:
    book = account.book()
    before = practice.log()
    assert book.survey(lambda done, total: None, lambda: True).contacts == 0
    assert practice.log() == before


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["phoneNumbers", "memberships", "metadata", "value", "contactGroupMembership"]), inner
        )
    ),
    max_leaves=20,
)


@given(st.lists(JSON, max_size=5))
def test_no_answer_of_whatever_form_breaks_the_count(people: list[object]) -> None:
    counted = Counted()
    for person in people:
        counted.take(person)
    assert counted.with_phones <= counted.contacts <= len(people)
