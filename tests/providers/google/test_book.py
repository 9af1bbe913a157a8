"""Google's contacts over a real socket: request counts, sync tokens, batches, and whatever goes wrong."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from ringdesk.domain.card import Card, Email, Name, PhoneEntry
from ringdesk.domain.remote import (
    Conflict,
    Create,
    CursorExpired,
    Death,
    Delete,
    Gone,
    Invalid,
    NoPicture,
    Ok,
    Page,
    RemoteContact,
    RemoteGone,
    RemoteUnreadable,
    Result,
    Retry,
    RetryAfter,
    SignInDead,
    Stop,
    Unclear,
    Update,
    Withdraw,
)
from ringdesk.providers.google.people import GoogleBook
from tests.providers.google.practice import Account, Practice


@pytest.fixture
def book(account: Account) -> GoogleBook:
    return account.book()


def card(given: str, *phones: str) -> Card:
    return Card(name=Name(given=given), phones=tuple(PhoneEntry(phone, "mobile") for phone in phones))


def create(given: str, id: str = "") -> Create:
    return Create(op=f"op {given}", id=id or f"id-{given}", card=card(given))


def made(book: GoogleBook, *names: str) -> list[RemoteContact]:
    return [stored(result) for result in book.push([create(name) for name in names])]


def stored(result: Result) -> RemoteContact:
    assert isinstance(result, Ok), result
    assert result.item is not None
    return result.item


def update(item: RemoteContact, given: str) -> Update:
    changed = replace(item.card, name=Name(given=given))
    return Update(op="", remote=item.remote, etag=item.etag, card=changed, mask=frozenset({"name"}), raw=item.raw)


def delete(item: RemoteContact) -> Delete:
    return Delete(op="", remote=item.remote, etag=item.etag)


def pull(book: GoogleBook, cursor: str | None = None) -> tuple[list[Any], str]:
    pages: list[Page] = list(book.pull(cursor))
    assert pages[-1].cursor is not None
    return [item for page in pages for item in page.items], pages[-1].cursor


def paths(practice: Practice, since: int) -> list[str]:
    return [f"{one['method']} {one['path']}" for one in practice.since(since) if one["path"].startswith("/v1")]


def kinds(results: Sequence[Result]) -> set[str]:
    return {type(result).__name__ for result in results}


# Reading --------------------------------------------------------------------------------------------------------


def test_a_first_pull_takes_one_request_a_thousand_and_one_for_the_labels(practice: Practice) -> None:
    book = practice.account(people=2100).book()
    before = practice.log()
    book.containers()
    pages = list(book.pull(None))
    assert [len(page.items) for page in pages] == [1000, 1000, 100]
    assert pages[-1].total == 2100
    assert len(paths(practice, before)) == 4
    before = practice.log()
    book.containers()
    assert pull(book, pages[-1].cursor)[0] == []
    assert len(paths(practice, before)) == 2


@pytest.mark.parametrize("way", ["failed_precondition", "invalid_argument", "gone"])
@pytest.mark.parametrize("details", [True, False])
def test_a_sync_token_that_ended_is_known_in_every_form(
    practice: Practice, account: Account, book: GoogleBook, way: str, details: bool
) -> None:
    _, cursor = pull(book)
    practice.turn(expired_token=way, expired_token_details=details)
    practice.order("POST", "/clock", advance=7 * 86400 + 1)
    with pytest.raises(CursorExpired):
        pull(book, cursor)
    pull(book)


@pytest.mark.parametrize("cursor", ["nonsense", ""])
def test_a_foreign_sync_token_is_dropped(book: GoogleBook, cursor: str) -> None:
    with pytest.raises(CursorExpired):
        pull(book, cursor or _foreign(book))


def _foreign(book: GoogleBook) -> str:
    return pull(book)[1][::-1]


def test_a_delta_has_changes_tombstones_and_former_names(account: Account, book: GoogleBook) -> None:
    kept, lost = made(book, "Ann", "Eve")
    _, cursor = pull(book)
    account.hand("merge", keep=kept.remote, other=lost.remote)
    items, _ = pull(book, cursor)
    assert RemoteGone(lost.remote) in items
    [changed] = [item for item in items if isinstance(item, RemoteContact)]
    assert changed.former == (lost.remote,)


def test_a_contact_under_a_new_name_tells_the_one_asked_for(account: Account, book: GoogleBook) -> None:
    [one] = made(book, "Ann")
    new = account.hand("link", name=one.remote, profile={"names": [{"givenName": "Profile"}]})
    [item] = book.fetch([one.remote])
    assert isinstance(item, RemoteContact)
    assert item.remote == new
    assert item.former == (one.remote,)
    assert item.card.name.given == "Ann"


def test_fetching_many_is_one_request_and_says_what_is_gone(
    practice: Practice, account: Account, book: GoogleBook
) -> None:
    names = [item.remote for item in made(book, *(f"N{n}" for n in range(200)))]
    account.hand("delete", name=names[3])
    before = practice.log()
    items = book.fetch(names)
    assert len(paths(practice, before)) == 1
    assert items[3] == RemoteGone(names[3])
    assert [item.remote for item in items] == names


@pytest.mark.parametrize("kind", ["malformed", "cut_midway", "cut_before", "hostile"])
def test_a_broken_listing_is_an_error_or_reported_and_the_next_one_works(
    practice: Practice, account: Account, book: GoogleBook, kind: str
) -> None:
    made(book, "Ann", "Eve")
    practice.fault(kind, path="/v1/people/me/connections", times=1 if kind == "hostile" else 2)
    try:
        items, _ = pull(book)
    except Retry:
        items = [RemoteUnreadable("", "")]
    assert kind == "hostile" or any(isinstance(item, RemoteUnreadable) for item in items)
    practice.order("DELETE", "/faults")
    assert len(pull(book)[0]) == 2


@pytest.mark.parametrize(("code", "after"), [(429, 7), (503, 9), (500, None)])
def test_overload_says_how_long_to_wait(practice: Practice, book: GoogleBook, code: int, after: int | None) -> None:
    practice.fault("error_before", path="/v1/people/me/connections", code=code, retry_after=after)
    with pytest.raises(Retry) as caught:
        pull(book)
    assert caught.value.after == after
    pull(book)


def test_a_long_list_is_fetched_whole_before_it_is_written(practice: Practice, account: Account) -> None:
    practice.turn(list_item_cap=3)
    book = account.book(listed=3)
    phones = [f"+3460000000{n}" for n in range(5)]
    name = account.hand("create", person={"phoneNumbers": [{"value": phone} for phone in phones]})
    (cut,), _ = pull(book)
    assert not cut.whole
    written = replace(cut.card, phones=(*cut.card.phones, PhoneEntry("1")))
    op = Update(op="", remote=name, etag=cut.etag, card=written, mask=frozenset({"phones"}), raw=cut.raw)
    [refused] = book.push([op])
    assert isinstance(refused, Conflict)
    assert {phone.value for phone in refused.item.card.phones} == set(phones)
    items = book.fetch([name, name])
    assert all(isinstance(item, RemoteContact) and item.whole for item in items)


# Writing --------------------------------------------------------------------------------------------------------


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


def test_a_label_is_found_instead_of_made_twice(account: Account, book: GoogleBook) -> None:
    account.hand("create_label", label="Clients")
    made_one = book.create_container("Clients")
    assert [one.name for one in book.containers() if not one.system] == ["Clients"]
    other = book.create_container("Other")
    with pytest.raises(Stop) as caught:
        book.rename_container(other.remote, "Clients")
    assert caught.value.code == "label taken"
    account.hand("delete_label", label="Other")
    with pytest.raises(Stop) as caught:
        book.rename_container(other.remote, "Third")
    assert caught.value.code == "label gone"
    assert book.rename_container(made_one.remote, "Customers").name == "Customers"


def test_googles_own_labels_are_marked(book: GoogleBook) -> None:
    assert {"contactGroups/myContacts", "contactGroups/friends"} <= {
        one.remote for one in book.containers() if one.system
    }


def test_a_label_unknown_here_survives_a_change_of_labels(account: Account, book: GoogleBook) -> None:
    [item] = made(book, "Ann")
    mine = book.create_container("Mine")
    book.containers()
    account.hand("label", name=item.remote, label="Brand new")
    [fresh] = book.fetch([item.remote])
    assert isinstance(fresh, RemoteContact)
    op = Update(
        op="",
        remote=fresh.remote,
        etag=fresh.etag,
        card=fresh.card,
        mask=frozenset({"groups"}),
        raw=fresh.raw,
        containers=frozenset({mine.remote}),
    )
    assert stored(book.push([op])[0]).containers == fresh.containers | {mine.remote}


def png(shade: int, side: int = 8) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\x00" + bytes([shade]) * side * 3 for _ in range(side))
    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def test_pictures_go_both_ways_and_keep_their_reference(account: Account, book: GoogleBook) -> None:
    [item] = made(book, "Ann")
    assert item.photo == ""
    given = stored(book.put_photo(item.remote, item.etag, png(200)))
    assert given.photo
    assert book.photo(given.photo).startswith((b"\x89PNG", b"\xff\xd8\xff"))
    assert pull(book)[0][0].photo == given.photo
    other = stored(book.put_photo(item.remote, given.etag, png(90)))
    assert other.photo not in ("", given.photo)
    assert stored(book.put_photo(item.remote, other.etag, None)).photo == ""
    assert isinstance(book.put_photo(item.remote, "", b"GIF89a"), Invalid)
    assert book.put_photo("people/c1", "", png(1)) == Gone()


def test_a_picture_is_fetched_from_safe_places_only(book: GoogleBook) -> None:
    for address in ("http://192.0.2.1/p", "file:///etc/passwd"):
        with pytest.raises(NoPicture) as refused:
            book.photo(address)
        assert refused.value.gone


def test_a_picture_that_is_gone_and_one_that_is_none_are_told_apart(practice: Practice, book: GoogleBook) -> None:
    with pytest.raises(NoPicture) as gone:
        book.photo(f"{practice.address}/photos/!")
    assert gone.value.gone
    with pytest.raises(NoPicture) as other:
        book.photo(f"{practice.address}/favicon.ico")
    assert not other.value.gone


@pytest.mark.parametrize("path", ["contactGroups", "connections"])
def test_half_letters_anywhere_in_an_answer_can_be_stored(
    practice: Practice, account: Account, book: GoogleBook, path: str
) -> None:
    """Names of labels and sync tokens came through unmended, and the store could not take them."""
    account.hand("create_label", label="Clients")
    made(book, "Ann")
    for _ in range(6):
        practice.fault("hostile", path=path)
        try:
            said = [str(book.containers()), str([(page.cursor, page.items) for page in book.pull(None)])]
        except (Retry, Stop):
            continue
        assert all(text.encode() for text in said)


# The end of a sign-in --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cause", "death", "detail"),
    [
        ("revoked", Death.REVOKED, "revoked"),
        ("idle", Death.REVOKED, "revoked"),
        ("over_limit", Death.REVOKED, "revoked"),
        ("admin_policy", Death.POLICY, "invalid_rapt"),
    ],
)
def test_a_dead_token_says_why_in_one_request(
    practice: Practice, account: Account, cause: str, death: Death, detail: str
) -> None:
    book = account.book()
    practice.order("POST", "/kill", account=account.email, cause=cause)
    before = practice.log()
    with pytest.raises(SignInDead) as caught:
        pull(book)
    assert (caught.value.cause, caught.value.detail) == (death, detail)
    assert len(practice.since(before)) == 1


def test_an_access_token_that_ended_is_renewed(practice: Practice, book: GoogleBook) -> None:
    pull(book)
    practice.order("POST", "/clock", advance=4000)
    pull(book)


def test_without_the_permission_for_contacts_it_says_so(practice: Practice, account: Account) -> None:
    token = account.sign_in(scopes=["openid", "email"])
    book = practice.book(lambda: token)
    with pytest.raises(SignInDead) as caught:
        pull(book)
    assert caught.value.cause is Death.SCOPE


def test_without_a_stored_token_it_says_so(practice: Practice) -> None:
    book = practice.book(lambda: None)
    with pytest.raises(SignInDead) as caught:
        pull(book)
    assert caught.value.cause is Death.NO_SECRET


def test_no_network_is_worth_another_try(practice: Practice) -> None:
    dead = practice.book(lambda: "x", client=replace(practice.client, token_uri="http://127.0.0.1:9/token"))
    with pytest.raises(Retry):
        pull(dead)


def test_unclear_is_a_value_of_its_own() -> None:
    assert Unclear("a") != Unclear("b")
