"""Google's contacts over a real socket: pulls and sync tokens, labels, pictures, permissions that end."""

from __future__ import annotations

import gc
import struct
import zlib
from dataclasses import replace
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import pytest

from ringdesk.domain.card import PhoneEntry
from ringdesk.domain.remote import (
    Conflict,
    CursorExpired,
    Death,
    Gone,
    Invalid,
    NoPicture,
    RemoteContact,
    RemoteGone,
    RemoteUnreadable,
    Retry,
    SignInDead,
    Stop,
    Unclear,
    Update,
)
from ringdesk.domain.rightofway import WINDOW
from ringdesk.providers.google import listing, slices
from ringdesk.providers.google.people import GoogleBook
from ringdesk.providers.google.wire import Answer, Wire
from tests.providers.google.book_aid import made, paths, pull, stored
from tests.providers.google.practice import Account, Practice


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


def test_a_page_is_waited_for_with_the_collector_and_read_without(practice: Practice) -> None:
    """A look through a page that is being read holds the window up; one may be minutes away."""
    book = practice.account(people=20).book()
    request, ask = Wire.request, WINDOW.ask
    waiting, reading = list[bool](), list[bool]()

    def waits(wire: Wire, *args: Any, **more: Any) -> Answer:
        waiting.append(gc.isenabled())
        return request(wire, *args, **more)

    def reads() -> None:
        reading.append(gc.isenabled())
        ask()

    between_people = SimpleNamespace(ask=reads)
    with (
        patch.object(Wire, "request", waits),
        patch.object(listing, "WINDOW", between_people),
        patch.object(slices, "WINDOW", between_people),
    ):
        assert len(pull(book)[0]) == 20
    assert waiting
    assert all(waiting)
    assert len(reading) >= 20
    assert not any(reading)
    assert gc.isenabled()


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
    assert other.value.gone, "it is what was put there, and will not be read the next time either"


def test_a_page_in_place_of_a_picture_is_not_remembered(book: GoogleBook) -> None:
    """As the proxy of an office or a hotel answers for anything."""
    page = Answer(200, {"content-type": "text/html"}, b"<html>")
    with patch.object(Wire, "request", return_value=page), pytest.raises(NoPicture) as refused:
        book.photo("https://photos.example/p")
    assert not refused.value.gone


@pytest.mark.parametrize(("status", "gone"), [(400, False), (403, False), (404, True), (410, True), (451, True)])
def test_a_picture_that_is_refused_is_not_taken_for_gone(book: GoogleBook, status: int, gone: bool) -> None:
    """A proxy or a quota may answer so: ours was then put over a picture that was there all the time."""
    with patch.object(Wire, "request", return_value=Answer(status, {}, b"")), pytest.raises(NoPicture) as refused:
        book.photo("https://photos.example/p")
    assert refused.value.gone == gone


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
