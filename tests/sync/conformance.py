"""What every provider must do, as functions that run on any: the engine relies on nothing else.

A provider's test makes a `Bench` (an empty account, a door to it, a hand that works in it beside the program) and calls
`check_all`, or parametrizes over `CHECKS`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from ringdesk.domain.card import Birthday, Card, CustomField, Email, Name, PhoneEntry
from ringdesk.domain.remote import (
    ChangeFeed,
    Conflict,
    Create,
    CursorExpired,
    Delete,
    Gone,
    Ok,
    Page,
    RemoteBook,
    RemoteContact,
    RemoteGone,
    RemoteItem,
    Update,
)
from ringdesk.domain.sockets import Ids
from ringdesk.sync.merge import differing

REGION: Final = "ES"


@dataclass
class Bench:
    """An account to be tried. `edit` and `delete` work by hand; `later` lets every write become visible."""

    book: RemoteBook
    ids: Ids
    edit: Callable[[str, Card], None]
    delete: Callable[[str], None]
    later: Callable[[], None]

    def card(self, given: str, *phones: str, **more: object) -> Card:
        able = self.book.capabilities.fields
        entries = tuple(PhoneEntry(phone, "mobile") for phone in phones)
        wanted = {"name": Name(given=given), "phones": entries, **more}
        return Card(**{field: value for field, value in wanted.items() if field in able})  # type: ignore[arg-type]  # given by name, checked when run

    def create(self, card: Card) -> RemoteContact:
        op = self.ids.new()
        (result,) = self.book.push([Create(op=op, id=self.ids.new(), card=card)])
        assert isinstance(result, Ok)
        assert result.item is not None
        return result.item

    def update(self, item: RemoteContact, card: Card, *mask: str) -> Update:
        return Update(
            op=self.ids.new(), remote=item.remote, etag=item.etag, card=card, mask=frozenset(mask), raw=item.raw
        )


def pulled(book: RemoteBook, cursor: str | None) -> tuple[list[RemoteItem], str | None]:
    """All items of a pull, and the next cursor."""
    pages = list(book.pull(cursor))
    check_pages(pages, full=cursor is None)
    return [item for page in pages for item in page.items], pages[-1].cursor


def check_pages(pages: Sequence[Page], *, full: bool) -> None:
    """The pages of one pull are of one kind, and only the last is complete."""
    assert pages, "a pull has at least one page"
    assert [page.complete for page in pages] == [False] * (len(pages) - 1) + [True]
    assert all(page.full == full for page in pages) or not full
    assert all(page.cursor is None for page in pages[:-1])
    if full:
        assert not any(isinstance(item, RemoteGone) for page in pages for item in page.items)


def a_created_contact_comes_back_with_our_id(bench: Bench) -> None:
    made = bench.card("Ana", "+34600111222")
    id = bench.ids.new()
    was = tuple(f"people/c{number}" for number in (7, 2, 9, 1))
    (result,) = bench.book.push([Create(op=bench.ids.new(), id=id, card=made, was=was)])
    assert isinstance(result, Ok)
    assert result.item is not None
    assert result.item.etag
    assert not differing(result.item.card, made, REGION)
    bench.later()
    items, _ = pulled(bench.book, None)
    [found] = [item for item in items if item.remote == result.item.remote]
    assert isinstance(found, RemoteContact)
    assert not differing(found.card, made, REGION)
    if bench.book.capabilities.marks:
        assert found.id == result.item.id == id
    if bench.book.capabilities.marks and not bench.book.capabilities.shares:
        assert found.was == was


def every_field_goes_there_and_back(bench: Bench) -> None:
    card = bench.card(
        "Ñandú",
        "+34600111222",
        note="One\ntwo",
        nicknames=("Ñ",),
        birthday=Birthday(2, 29),
        emails=(Email("a@example.com", "work"),),
        custom=(CustomField("Plate", "1234 BCD"),),
    )
    item = bench.create(card)
    [again] = bench.book.fetch([item.remote])
    assert isinstance(again, RemoteContact)
    assert not differing(again.card, card, REGION)


def an_update_changes_the_masked_fields_only(bench: Bench) -> None:
    item = bench.create(bench.card("Ana", "+34600111222", note="stays"))
    other = bench.card("Eva", note="goes nowhere")
    (result,) = bench.book.push([bench.update(item, other, "name")])
    assert isinstance(result, Ok)
    assert result.item is not None
    assert result.item.card.name.given == "Eva"
    assert result.item.card.phones == item.card.phones
    assert result.item.card.note == item.card.note
    assert result.item.remote == item.remote


def an_update_with_an_old_etag_is_answered_with_the_current_form(bench: Bench) -> None:
    if not bench.book.capabilities.guarded_updates:
        return
    item = bench.create(bench.card("Ana"))
    bench.edit(item.remote, replace(item.card, name=Name(given="By hand")))
    (result,) = bench.book.push([bench.update(item, bench.card("Eva"), "name")])
    assert isinstance(result, Conflict)
    assert result.item.card.name.given == "By hand"
    (again,) = bench.book.push([bench.update(result.item, bench.card("Eva"), "name")])
    assert isinstance(again, Ok)


def what_is_gone_is_said_to_be_gone(bench: Bench) -> None:
    item = bench.create(bench.card("Ana"))
    bench.delete(item.remote)
    assert list(bench.book.fetch([item.remote])) == [RemoteGone(item.remote)]
    (result,) = bench.book.push([bench.update(item, bench.card("Eva"), "name")])
    assert result == Gone()
    (deleted,) = bench.book.push([Delete(op=bench.ids.new(), remote=item.remote, etag=item.etag)])
    assert isinstance(deleted, Gone | Ok)


def a_delete_deletes(bench: Bench) -> None:
    kept, gone = bench.create(bench.card("Ana")), bench.create(bench.card("Eva"))
    (result,) = bench.book.push([Delete(op=bench.ids.new(), remote=gone.remote, etag=gone.etag)])
    assert result == Ok(None)
    bench.later()
    items, _ = pulled(bench.book, None)
    assert [item.remote for item in items] == [kept.remote]


def a_cursor_gives_what_changed_and_what_was_deleted(bench: Bench) -> None:
    if bench.book.capabilities.feed is not ChangeFeed.CURSOR:
        return
    one, two, three = (bench.create(bench.card(name)) for name in ("Ana", "Eva", "Pía"))
    bench.later()
    _, cursor = pulled(bench.book, None)
    assert cursor is not None
    bench.edit(one.remote, replace(one.card, name=Name(given="Ana María")))
    bench.delete(two.remote)
    bench.later()
    items, cursor = pulled(bench.book, cursor)
    found = {item.remote: item for item in items}
    changed = found[one.remote]
    assert isinstance(changed, RemoteContact)
    assert changed.card.name.given == "Ana María"
    if bench.book.capabilities.deletes_reported:
        assert found[two.remote] == RemoteGone(two.remote)
    assert three.remote not in found
    items, _ = pulled(bench.book, cursor)
    assert not [item for item in items if item.remote in found and item != found[item.remote]]


def a_full_listing_counts_what_it_has(bench: Bench) -> None:
    for number in range(7):
        bench.create(bench.card(f"Name {number}"))
    bench.later()
    pages = list(bench.book.pull(None))
    items = [item for page in pages for item in page.items]
    assert len({item.remote for item in items}) == 7
    assert pages[-1].total in (None, 7)


def a_foreign_cursor_is_refused(bench: Bench) -> None:
    if bench.book.capabilities.feed is not ChangeFeed.CURSOR:
        return
    try:
        pulled(bench.book, "0@0")
    except CursorExpired:
        return
    raise AssertionError("a cursor of another time was taken")


def containers_are_made_once(bench: Bench) -> None:
    if not bench.book.capabilities.groups:
        return
    made = bench.book.create_container("Clients")
    assert bench.book.create_container("Clients").remote == made.remote
    id = bench.ids.new()
    (result,) = bench.book.push(
        [Create(op=bench.ids.new(), id=id, card=bench.card("Ana"), containers=frozenset({made.remote}))]
    )
    assert isinstance(result, Ok)
    assert result.item is not None
    assert made.remote in result.item.containers
    system = {one.remote for one in bench.book.containers() if one.system}
    item = result.item
    emptied = replace(bench.update(item, item.card, "groups"), containers=frozenset[str]())
    (after,) = bench.book.push([emptied])
    assert isinstance(after, Ok)
    assert after.item is not None
    assert made.remote not in after.item.containers
    assert item.containers & system == after.item.containers & system
    assert bench.book.rename_container(made.remote, "Customers").name == "Customers"


def a_batch_has_one_result_an_op_in_order(bench: Bench) -> None:
    most = min(bench.book.capabilities.create_batch, 5)
    ops = [Create(op=bench.ids.new(), id=bench.ids.new(), card=bench.card(f"N{place}")) for place in range(most)]
    results = bench.book.push(ops)
    assert len(results) == most
    for op, result in zip(ops, results, strict=True):
        assert isinstance(result, Ok)
        assert result.item is not None
        assert result.item.card.name == op.card.name


CHECKS: Final[tuple[Callable[[Bench], None], ...]] = (
    a_created_contact_comes_back_with_our_id,
    every_field_goes_there_and_back,
    an_update_changes_the_masked_fields_only,
    an_update_with_an_old_etag_is_answered_with_the_current_form,
    what_is_gone_is_said_to_be_gone,
    a_delete_deletes,
    a_cursor_gives_what_changed_and_what_was_deleted,
    a_full_listing_counts_what_it_has,
    a_foreign_cursor_is_refused,
    containers_are_made_once,
    a_batch_has_one_result_an_op_in_order,
)


def check_all(bench: Callable[[], Bench]) -> None:
    """Every check, each on an empty account."""
    for check in CHECKS:
        check(bench())
