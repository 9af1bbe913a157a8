"""Listings: full ones and deltas, page by page, for contacts, Other contacts and directory alike."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ringdesk.sandbox.google.book import Book, Change, Version
from ringdesk.sandbox.google.errors import invalid
from ringdesk.sandbox.google.masks import View
from ringdesk.sandbox.google.quota import FIRST_PAGES
from ringdesk.sandbox.google.service import Call
from ringdesk.sandbox.google.tokens import FULL_SYNC_DAYS, Session
from ringdesk.sandbox.google.web import JsonObject, encode, first


@dataclass(frozen=True, slots=True)
class Shape:
    """How one listing differs from the others: its name in tokens, the keys of its answer."""

    name: str
    items: str
    totals: tuple[str, ...] = ()
    sortable: bool = False


@dataclass(frozen=True, slots=True)
class _Page:
    """Where a page begins: the listing, its number (0: not kept yet), how far it has come."""

    session: Session
    number: int
    offset: int
    after: int


def list_book(call: Call, book: Book, shape: Shape, view: View, most: int = 1000) -> bytes:
    """One page of a listing as JSON. Raises Refusal for tokens that do not fit [D], and for quotas."""
    size = call.integer("pageSize", 100, most)
    bound = _bound(call, shape, view, size)
    token = first(call.query, "pageToken")
    page = _resume(call, token, bound) if token else _start(call, book, bound)
    session = page.session
    frozen = _frozen(call, session)
    full = session.versions if frozen else _live(call, book, session)
    begin = page.offset
    if not frozen and call.world.switches.paging == "cursor":
        begin = sum(1 for version in full if version.number <= page.after)
    shown = full[begin : begin + size]
    tail: JsonObject = {}
    if begin + size < len(full):
        tail["nextPageToken"] = _page_token(call, page, begin + size, shown[-1].number)
    elif bound["asked"]:
        tail["nextSyncToken"] = _sync_token(call, session)
    if full and (not session.delta or call.world.switches.delta_totals):
        tail |= dict.fromkeys(shape.totals, len(full))
    return _answer(call, shape, view, session, shown, tail)


def _frozen(call: Call, session: Session) -> bool:
    return session.delta or call.world.switches.paging == "snapshot" or bool(session.bound["sort"])


def _bound(call: Call, shape: Shape, view: View, size: int) -> JsonObject:
    sort = first(call.query, "sortOrder")
    asked = call.flag("requestSyncToken")
    synced = first(call.query, "syncToken")
    if sort and not shape.sortable:
        sort = ""
    if sort not in _SORTS:
        raise invalid(f"Invalid value at 'sort_order', \"{sort[:40]}\"")
    if sort and (asked or synced):
        if call.world.switches.sort_with_sync == "reject":
            raise invalid("sortOrder is not supported when sync is requested.")
        sort = ""
    return {
        "list": f"{call.account.id}/{shape.name}",
        "mask": ",".join(view.fields),
        "sources": sorted(view.sources),
        "size": size,
        "sort": sort,
        "asked": asked,
        "sync": synced,
        "query": first(call.query, "query"),
    }


def _start(call: Call, book: Book, bound: JsonObject) -> _Page:
    arrived = book.settle()
    now = call.world.now()
    session = Session(bound, arrived, now, now + call.world.switches.page_token_seconds)
    if bound["sync"]:
        payload = _read_sync_token(call, bound)
        log = book.changes_after(payload["arrived"])
        session.delta, session.full_at = True, payload["full_at"]
        session.versions, session.former = _delta(call, book, log), _former_names(log)
    else:
        if bound["asked"]:
            call.charge({FIRST_PAGES: 1})
        if _frozen(call, session):
            session.versions = _sorted(_live(call, book, session), bound["sort"])
    return _Page(session, 0, 0, 0)


def _read_sync_token(call: Call, bound: JsonObject) -> JsonObject:
    payload = call.service.tokens.read(bound["sync"], "sync")
    if payload["list"] != bound["list"]:
        raise invalid()
    names = ("mask", "sources", "size") if call.world.switches.page_size_bound else ("mask", "sources")
    if any(payload[name] != bound[name] for name in names):
        raise invalid("Sync token was created with other request parameters. All parameters must match the first call.")
    call.service.tokens.check_age(payload["full_at"], FULL_SYNC_DAYS)
    return payload


def _resume(call: Call, token: str, bound: JsonObject) -> _Page:
    payload = call.service.tokens.read(token, "page")
    if payload["list"] != bound["list"]:
        raise invalid()
    session = call.service.tokens.session(payload["session"])
    if session.bound != bound:
        raise invalid("Page token was created with other request parameters. All parameters must match the first call.")
    return _Page(session, payload["session"], payload["offset"], payload["after"])


def _live(call: Call, book: Book, session: Session) -> list[Version]:
    lag = call.world.switches.full_listing
    if lag == "lags" or (lag == "lags_in_sync" and session.bound["asked"]):
        return sorted(book.replica.values(), key=lambda version: version.number)
    return list(book.current.values())


_SORTS = {"", "LAST_MODIFIED_ASCENDING", "LAST_MODIFIED_DESCENDING", "FIRST_NAME_ASCENDING", "LAST_NAME_ASCENDING"}


def _sorted(versions: list[Version], sort: str) -> list[Version]:
    if sort == "LAST_MODIFIED_DESCENDING":
        return versions[::-1]
    if sort.endswith("NAME_ASCENDING"):
        part = "givenName" if sort.startswith("FIRST") else "familyName"
        return sorted(versions, key=lambda version: _name_part(version, part))
    return versions


def _name_part(version: Version, part: str) -> str:
    names = version.content.get("names") or ({},)
    found: str = names[0].get(part, "")
    return found.casefold()


def _delta(call: Call, book: Book, log: Iterable[Change]) -> list[Version]:
    """The newest state of each contact that changed [D]; farewells to former names stand for themselves."""
    newest: dict[object, Version] = {}
    for change in log:
        key: object = change.version.name if change.farewell else change.version.id
        newest.pop(key, None)
        newest[key] = change.version if change.farewell else _as_shown(call, book, change.version)
    mask = first(call.query, "personFields") or first(call.query, "readMask")
    if call.world.switches.bare_tombstones == "absent" and "metadata" not in mask:
        return [version for version in newest.values() if not version.deleted]
    return list(newest.values())


def _as_shown(call: Call, book: Book, arrived: Version) -> Version:
    if call.world.switches.delta_shows == "replica":
        return arrived
    return book.current.get(arrived.id) or book.tombstone(arrived)


def _former_names(log: Iterable[Change]) -> dict[int, list[str]]:
    """Former names are told once: by the deltas in whose time the name changed [D]."""
    found: dict[int, list[str]] = {}
    for change in log:
        if change.former:
            found.setdefault(change.version.id, []).append(change.former)
    return found


def _page_token(call: Call, page: _Page, offset: int, after: int) -> str:
    number = page.number or call.service.tokens.open_session(page.session)
    payload = {"session": number, "offset": offset, "after": after, "list": page.session.bound["list"]}
    return call.service.tokens.seal({"kind": "page", **payload})


def _sync_token(call: Call, session: Session) -> str:
    bound = {name: session.bound[name] for name in ("list", "mask", "sources", "size")}
    return call.service.tokens.seal({"kind": "sync", "arrived": session.arrived, "full_at": session.full_at, **bound})


def _answer(call: Call, shape: Shape, view: View, session: Session, shown: list[Version], tail: JsonObject) -> bytes:
    """Joined as bytes: one emoji would make a text of the whole page four times as large."""
    render = call.service.renderer
    people = [
        (
            render.tombstone(version, view)
            if version.deleted
            else render.person(version, view, listed=True, former=session.former.get(version.id, ()))
        ).encode()
        for version in shown
    ]
    rest = encode(tail).encode()
    if not people:
        return rest
    end = b"]," + rest[1:] if tail else b"]}"
    return b"".join((f'{{"{shape.items}":['.encode(), b",".join(people), end))
