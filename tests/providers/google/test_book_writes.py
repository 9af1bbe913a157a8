"""What is written to Google over a real socket: request counts, batches, conflicts, answers that are lost."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ringdesk.domain.card import Email, PhoneEntry
from ringdesk.domain.remote import (
    Conflict,
    Gone,
    Invalid,
    Ok,
    Retry,
    RetryAfter,
    Stop,
    Update,
    Withdraw,
)
from ringdesk.providers.google.people import GoogleBook
from tests.providers.google.book_aid import create, delete, kinds, made, paths, pull, stored, update
from tests.providers.google.practice import Account, Practice


def test_five_go_singly_and_six_in_a_batch(practice: Practice, book: GoogleBook) -> None:
    before = practice.log()
    made(book, "A", "B", "C", "D", "E")
    made(book, "F", "G", "H", "I", "J", "K")
    assert [path.rpartition(":")[2] for path in paths(practice, before)] == ["createContact"] * 5 + [
        "batchCreateContacts"
    ]


def test_two_hundred_creates_updates_and_deletes_are_three_requests(practice: Practice, book: GoogleBook) -> None:
    before = practice.log()
    items = made(book, *(f"N{n}" for n in range(200)))
    assert [item.card.name.given for item in items] == [f"N{n}" for n in range(200)]
    changed = [stored(result) for result in book.push([update(item, f"M{n}") for n, item in enumerate(items)])]
    assert [item.card.name.given for item in changed] == [f"M{n}" for n in range(200)]
    assert set(book.push([delete(item) for item in changed])) == {Ok(None)}
    assert len(paths(practice, before)) == 3


def test_unknown_fields_and_other_fields_survive(account: Account, book: GoogleBook) -> None:
    person = {
        "names": [{"givenName": "Ann"}],
        "emailAddresses": [{"value": "a@example.com", "displayName": "Ann A"}],
        "interests": [{"value": "boats"}],
        "organizations": [{"name": "Acme", "location": "Vigo"}],
    }
    account.hand("create", person=person)
    (item,), _ = pull(book)
    changed = replace(item.card, emails=(*item.card.emails, Email("b@example.com")))
    op = Update(op="", remote=item.remote, etag=item.etag, card=changed, mask=frozenset({"emails"}), raw=item.raw)
    stored(book.push([op])[0])
    dump = str(account.dump())
    assert all(text in dump for text in ("Ann A", "boats", "Vigo", "b@example.com"))


@pytest.mark.parametrize("count", [1, 8])
@pytest.mark.parametrize("batch", ["all_or_nothing", "per_element"])
def test_a_stale_update_is_a_conflict_and_harms_no_other(
    practice: Practice, account: Account, book: GoogleBook, count: int, batch: str
) -> None:
    practice.turn(batch=batch)
    items = made(book, *(f"N{n}" for n in range(count)))
    account.hand("edit", name=items[0].remote, person={"names": [{"givenName": "Hand"}]})
    results = book.push([update(item, "New") for item in items])
    conflict = results[0]
    assert isinstance(conflict, Conflict)
    assert conflict.item.card.name.given == "Hand"
    rest = results[1:]
    assert kinds(rest) <= ({"Ok"} if batch == "per_element" else {"RetryAfter"})
    again = book.push([update(conflict.item, "New"), *(update(item, "New") for item in items[1:])])
    assert kinds(again) == {"Ok"} or batch == "per_element"


def test_a_spurious_precondition_is_a_conflict_with_the_same_form(
    practice: Practice, account: Account, book: GoogleBook
) -> None:
    [item] = made(book, "Ann")
    practice.fault("spurious_precondition", path=":updateContact")
    [result] = book.push([update(item, "Eve")])
    assert result == Conflict(item)


@pytest.mark.parametrize("batch", ["all_or_nothing", "per_element"])
def test_one_bad_contact_is_named_and_the_good_ones_are_not_lost(
    practice: Practice, book: GoogleBook, batch: str
) -> None:
    practice.turn(batch=batch)
    ops = [create(f"N{n}") for n in range(7)]
    ops[2] = replace(ops[2], card=replace(ops[2].card, phones=(PhoneEntry("1" * 2000),)))
    results = book.push(ops)
    assert isinstance(results[2], Invalid)
    others = [result for place, result in enumerate(results) if place != 2]
    assert kinds(others) == ({"Ok"} if batch == "per_element" else {"Unclear"})
    there = {item.id for item in pull(book)[0]}
    assert there == ({op.id for op in ops if op is not ops[2]} if batch == "per_element" else set())


def test_a_batch_refused_without_a_reason_goes_one_by_one_the_next_time(practice: Practice, book: GoogleBook) -> None:
    ops = [create(f"N{n}") for n in range(7)]
    practice.fault("error_before", path="batchCreate", code=400)
    assert kinds(book.push(ops)) == {"Unclear"}
    before = practice.log()
    assert kinds(book.push(ops)) == {"Ok"}
    assert len(paths(practice, before)) == 7


@pytest.mark.parametrize("count", [1, 7])
@pytest.mark.parametrize("kind", ["cut_after", "error_after", "cut_midway"])
def test_a_create_whose_answer_was_lost_is_unclear_and_sent_once(
    practice: Practice, book: GoogleBook, kind: str, count: int
) -> None:
    practice.fault(kind, path="reateContact", code=503)
    before = practice.log()
    results = book.push([create(f"N{n}") for n in range(count)])
    assert kinds(results) == {"Unclear"}
    assert len(paths(practice, before)) == 1
    assert len(pull(book)[0]) == (count if kind != "cut_midway" else len(pull(book)[0]))


def test_a_create_over_a_connection_that_breaks_is_not_sent_again(practice: Practice, book: GoogleBook) -> None:
    """What httplib2 would do: it sends a request again when the kept connection ends without an answer."""
    made(book, "warm")
    for number in range(3):
        practice.fault("cut_after", path="createContact")
        assert kinds(book.push([create(f"N{number}")])) == {"Unclear"}
    assert len(pull(book)[0]) == 4


@pytest.mark.parametrize("kind", ["cut_after", "error_after"])
def test_lost_answers_of_updates_and_deletes_are_unclear(practice: Practice, book: GoogleBook, kind: str) -> None:
    items = made(book, *(f"N{n}" for n in range(8)))
    for ops in ([update(items[0], "x")], [update(item, "x") for item in items[1:]]):
        practice.fault(kind, path="pdateContact", code=503)
        assert kinds(book.push(ops)) == {"Unclear"}
    for some in (items[:1], items[1:]):
        practice.fault(kind, path="eleteContact", code=503)
        assert kinds(book.push([delete(item) for item in some])) == {"Unclear"}


def test_quota_puts_off_all_or_the_rest(practice: Practice, book: GoogleBook) -> None:
    practice.fault("error_before", path="createContact", code=429, retry_after=11)
    with pytest.raises(Retry) as caught:
        book.push([create("A"), create("B")])
    assert caught.value.after == 11
    practice.fault("error_before", path="createContact", code=429, retry_after=11, skip=1)
    results = book.push([create("A"), create("B"), create("C")])
    assert isinstance(results[0], Ok)
    assert results[1:] == [RetryAfter(11.0), RetryAfter(11.0)]
    assert len(pull(book)[0]) == 1


@pytest.mark.parametrize("unknown", ["ignore", "refuse"])
def test_deleting_what_is_partly_gone_deletes_the_rest(
    practice: Practice, account: Account, book: GoogleBook, unknown: str
) -> None:
    practice.turn(batch_delete_unknown=unknown)
    items = made(book, *(f"N{n}" for n in range(8)))
    account.hand("delete", name=items[2].remote)
    results = book.push([delete(item) for item in items])
    assert all(result in (Ok(None), Gone()) for result in results)
    assert pull(book)[0] == []


def test_updates_of_what_is_gone_say_so(account: Account, book: GoogleBook) -> None:
    items = made(book, *(f"N{n}" for n in range(8)))
    account.hand("delete", name=items[0].remote)
    assert book.push([update(items[0], "x")]) == [Gone()]
    assert book.push([update(item, "x") for item in items])[0] == Gone()


def test_a_full_account_stops(practice: Practice, book: GoogleBook) -> None:
    practice.turn(contact_cap=2)
    made(book, "A", "B")
    with pytest.raises(Stop) as caught:
        book.push([create("C")])
    assert caught.value.code == "full"
    assert kinds(book.push([create(f"N{n}") for n in range(8)])) == {"Unclear"}
    with pytest.raises(Stop):
        book.push([create(f"M{n}") for n in range(8)])
    practice.turn(contact_cap=100)
    assert kinds(book.push([create(f"M{n}") for n in range(8)])) == {"Ok"}


def test_what_google_has_not_got_is_refused(book: GoogleBook) -> None:
    assert kinds(book.push([Withdraw(op="", remote="people/c1", etag="")])) == {"Invalid"}


# Labels and pictures --------------------------------------------------------------------------------------------


def test_a_refusal_that_was_cut_off_is_no_word_on_the_contact(
    practice: Practice, account: Account, book: GoogleBook
) -> None:
    """It was taken for a value that Google does not like, and the contact waited for its user for ever."""
    [item] = made(book, "Ann")
    account.hand("edit", name=item.remote, person={"names": [{"givenName": "Anne"}]})
    practice.fault("truncated", path=":updateContact")
    assert book.push([update(item, "Anna")]) == [RetryAfter()]
