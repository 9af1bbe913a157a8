"""The team directory as an address book behind the sync engine: what is ticked goes out, what coworkers share comes in.

A contact has one id here and there. Its etag is the directory's revision; `raw` is the card as it lies there, so that
an edit replaces the fields it names and no others. Labels travel inside the card.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any, Final, assert_never
from uuid import NAMESPACE_URL, uuid5

from ringdesk.domain import remote
from ringdesk.domain.card import Card
from ringdesk.domain.contact import Me, Owner
from ringdesk.domain.document import FIELDS, from_document, to_document
from ringdesk.domain.numbering import parse
from ringdesk.domain.phone import E164
from ringdesk.domain.remote import Capabilities, Container, Page, RemoteContact, RemoteGone, RemoteItem, Result
from ringdesk.domain.team import CallDue, CallsPage, Handed, Roster, ring_key
from ringdesk.domain.uncollected import uncollected
from ringdesk.providers.team import ring, rows, wire
from ringdesk.providers.team.callings import calls_page, encoded
from ringdesk.providers.team.calls import ReportAnswer
from ringdesk.providers.team.directory import BATCH, Directory
from ringdesk.providers.team.trouble import TeamError, TeamTrouble
from ringdesk.providers.team.troubles import as_remote, translated

PAGE: Final = 1000
MOST_NUMBERS: Final = 100
"""Numbers of one contact that the directory keeps for recognising callers."""

CAPABILITIES: Final = Capabilities(
    fields=frozenset(FIELDS) - {"photo"},
    groups=False,
    create_batch=BATCH,
    update_batch=BATCH,
    delete_batch=BATCH,
    fetch_batch=BATCH,
    one_mask_a_batch=False,
    guarded_deletes=False,
    idempotent=True,
    settles=0.0,
    keeps_unknown=True,
    shares=True,
    activities=frozenset({"calls"}),
)

_CURSOR: Final = re.compile(r"[0-9a-f]{16}(:[0-9]{1,18}){2}(:[0-9]{1,18}){0,2}(:[0-9a-f-]{36})?")

Wakes = Callable[[Callable[[], None]], Callable[[], None]]
"""Begins to listen and to call what it is given; gives what ends it."""


class TeamBook:
    """The address book of one coworker. `chosen`: what the owner shows besides the usual fields of a contact."""

    def __init__(
        self,
        directory: Directory,
        *,
        region: Callable[[], str],
        chosen: Callable[[], frozenset[str]] = frozenset,
        wakes: Wakes | None = None,
        page: int = PAGE,
    ) -> None:
        self._directory = directory
        self._region = region
        self._chosen = chosen
        self._wakes = wakes
        self._page = page
        self._hush: Callable[[], None] | None = None

    @property
    def capabilities(self) -> Capabilities:
        """What the directory can do."""
        return CAPABILITIES

    @property
    def form(self) -> str:
        """Cursors are bound to what is shown, so that all is looked through once where that changes."""
        return " ".join(("team 1", *sorted(self._chosen())))

    def pull(self, cursor: str | None) -> Iterator[Page]:
        """What changed since a cursor.

        The directory may answer a good cursor with a full listing: a coworker who sees other things than before.
        """
        if cursor is not None and not _CURSOR.fullmatch(cursor):
            raise remote.CursorExpired("not a cursor of a team directory")
        more = True
        while more:
            with translated():
                page = self._directory.pull(cursor, self._page)
            with uncollected():  # a look through all of it while it is read holds others up
                items = [item for row in page.items if (item := self._item(row, full=page.full)) is not None]
            more, cursor = page.more, page.cursor
            kept = self._kept(items)
            yield Page(items=kept, full=page.full, complete=not more, cursor=None if more else cursor)

    def push(self, ops: Sequence[remote.Op]) -> Sequence[Result]:
        """Carry operations out; one that broke off is sent once more, with its own id."""
        sent = [self._op(op) for op in ops]
        with translated():
            self._directory.ready()
        try:
            answers = self._again(sent)
        except TeamError as error:
            if error.trouble is not TeamTrouble.UNREACHABLE:
                raise as_remote(error) from error
            return [remote.Unclear(error.detail)] * len(ops)
        return [self._result(op, one, answer) for op, one, answer in zip(ops, sent, answers, strict=True)]

    def _again(self, sent: Sequence[wire.Op]) -> Sequence[wire.Result]:
        try:
            return self._directory.push(sent)
        except TeamError as error:
            if error.trouble is not TeamTrouble.UNREACHABLE:
                raise
            self._directory.close()
            return self._directory.push(sent)

    def fetch(self, remotes: Sequence[str]) -> Sequence[RemoteItem]:
        """The current form of contacts."""
        with translated():
            found = self._directory.fetch(remotes)
        items = (self._item(row, full=False) for row in found)
        return [RemoteGone(id) if item is None else item for id, item in zip(remotes, items, strict=True)]

    def photo(self, reference: str) -> bytes:
        """Pictures do not travel. Raises Stop."""
        raise remote.Stop("photo", reference)

    def put_photo(self, remote_id: str, etag: str, data: bytes | None) -> Result:
        """Pictures do not travel."""
        return remote.Refused("photo")

    def containers(self) -> Sequence[Container]:
        """There are none: labels are part of the card."""
        return ()

    def create_container(self, name: str) -> Container:
        """There are none. Raises Stop."""
        raise remote.Stop("container", name)

    def rename_container(self, remote_id: str, name: str) -> Container:
        """There are none. Raises Stop."""
        raise remote.Stop("container", name)

    def on_wake(self, wake: Callable[[], None] | None) -> None:
        """Listen to the directory, or listen no more."""
        if self._hush is not None:
            self._hush()
            self._hush = None
        if wake is not None and self._wakes is not None:
            self._hush = self._wakes(wake)

    def close(self) -> None:
        """Hang up, and listen no more."""
        self.on_wake(None)
        self._directory.close()

    # What the directory does besides ------------------------------------------------------------------------------

    def roster(self) -> Roster:
        """The team and my rights in it."""
        with translated():
            return self._directory.hello()

    def hand_in(self, department: str, number: E164) -> Handed:
        """An unknown caller rings a department."""
        with translated():
            answer = self._directory.department_call(department, number)
        match answer:
            case ring.Caller(contact):
                return Handed(contact.id, contact.owner)
            case ring.ClaimedPrivately():
                return Handed(None)
            case wire.Refused(why):
                return Handed(None, refused=why)
            case wire.Invalid(field):
                return Handed(None, refused=f"invalid {field}")
            case _:
                assert_never(answer)

    def tell_calls(self, told: Sequence[tuple[str, CallDue]]) -> Sequence[bool]:
        """Tell of calls or take them back; an answer that nobody can read is asked for again."""
        with translated():
            answers = self._directory.push_calls([encoded(op, due) for op, due in told])
        return [not isinstance(answer, rows.Unreadable) for answer in answers]

    def tell_answered(self, op: str, department: str, number: E164) -> None:
        """I answered a department's ring."""
        with translated():
            salt = self._directory.hello().ring_salt
            self._directory.push_calls([ReportAnswer(op, department, ring_key(salt, department, number))])

    def calls(self, cursor: str | None) -> CallsPage:
        """Coworkers' calls since a cursor."""
        with translated():
            return calls_page(self._directory.pull_calls(cursor))

    # Out -----------------------------------------------------------------------------------------------------------

    def _op(self, op: remote.Op) -> wire.Op:
        match op:
            case remote.Create():
                return wire.Share(op.op, op.id, 0, self._content(self._shown(op.card)))
            case remote.Update():
                return wire.Edit(op.op, op.remote, int(op.etag or 0), self._content(self._updated(op)))
            case remote.Withdraw():
                return wire.Unshare(op.op, op.remote)
            case remote.Delete():
                return wire.Delete(op.op, op.remote)
            case remote.Claim():
                return wire.Claim(op.op, op.remote, None if op.card is None else self._content(self._shown(op.card)))
            case _:
                assert_never(op)

    def _shown(self, card: Card) -> Card:
        return wire.shared_part(card, self._chosen())

    def _updated(self, op: remote.Update) -> Card:
        """The card there with the fields of the mask; of mine nothing goes out that I do not show."""
        lies, mine = _read_raw(op.raw)
        changes: dict[str, Any] = {field: getattr(op.card, field) for field in op.mask}
        card = replace(lies, **changes, photo="")
        return self._shown(card) if mine else card

    def _content(self, card: Card) -> wire.Content:
        parsed = (parse(phone.value, self._region()) for phone in card.phones)
        numbers = dict.fromkeys(number for number in parsed if isinstance(number, E164))
        return wire.Content(card, tuple(numbers)[:MOST_NUMBERS])

    def _kept(self, items: Sequence[RemoteItem]) -> tuple[RemoteItem, ...]:
        """The items; of mine, what I do not show any more is taken out of the directory first."""
        over = [one for one in items if isinstance(one, RemoteContact) and self._shows_too_much(one)]
        if not over:
            return tuple(items)
        edits = [
            wire.Edit(_new_id(one), one.remote, int(one.etag), self._content(self._shown(one.card))) for one in over
        ]
        with translated():
            answers = self._directory.push(edits)
        done = {
            one.remote: _contact(edit.contact, Me(), answer.rev, edit.content.card)
            for one, edit, answer in zip(over, edits, answers, strict=True)
            if isinstance(answer, wire.Ok)
        }
        return tuple(done.get(item.remote, item) for item in items)

    def _shows_too_much(self, item: RemoteContact) -> bool:
        return isinstance(item.owner, Me) and self._shown(item.card) != item.card

    # In ------------------------------------------------------------------------------------------------------------

    def _item(self, row: rows.Item, *, full: bool) -> RemoteItem | None:
        """A row; None for a contact of mine that is private, in a listing of all."""
        match row:
            case rows.GoneContact(id):
                return RemoteGone(id)
            case rows.Unreadable(id, detail):
                return remote.RemoteUnreadable(id, detail)
            case rows.SharedContact():
                return _read(row) if row.card is not None else None if full else RemoteGone(row.id)
            case _:
                assert_never(row)

    def _result(self, op: remote.Op, sent: wire.Op, answer: wire.Result) -> Result:
        match answer:
            case wire.Ok(rev):
                return remote.Ok(self._stored(op, sent, rev))
            case wire.Conflict(now):
                item = _read(now)
                return remote.Gone() if item is None else remote.Conflict(item)
            case wire.Gone():
                return remote.Gone()
            case wire.Refused(why, by):
                return remote.Refused(why, by)
            case wire.Invalid(field):
                return remote.Invalid(field)
            case rows.Unreadable(_, detail):
                return remote.Unclear(detail)
            case _:
                assert_never(answer)

    def _stored(self, op: remote.Op, sent: wire.Op, rev: int) -> RemoteContact | None:
        if not isinstance(sent, wire.Share | wire.Edit | wire.Claim) or sent.content is None:
            return None
        owner = None if isinstance(op, remote.Update) and not _read_raw(op.raw)[1] else Me()
        return _contact(sent.contact, owner, rev, sent.content.card)


def _read(row: rows.SharedContact) -> RemoteContact | None:
    if row.card is None:
        return None
    card = replace(row.card, photo="") if row.card.photo else row.card
    return _contact(row.id, row.owner, row.rev, card, shared=row.shared, updated=row.at or None)


def _contact(
    id: str, owner: Owner | None, rev: int, card: Card, *, shared: bool = True, updated: float | None = None
) -> RemoteContact:
    mine = isinstance(owner, Me)
    raw = json.dumps({"mine": mine, "card": to_document(card)}, ensure_ascii=False, separators=(",", ":"))
    return RemoteContact(
        remote=id,
        etag=str(rev),
        card=card,
        raw=raw.encode("utf-8", "replace"),
        id=id,
        owner=owner,
        shared=shared,
        updated=updated,
    )


def _read_raw(raw: bytes) -> tuple[Card, bool]:
    """The card that lies there, and whether it is mine. Without it nothing may be sent in its place."""
    if not raw:
        raise remote.Stop("raw", "an update without the form it is an update of")
    document = json.loads(raw)
    return from_document(document["card"]), bool(document["mine"])


def _new_id(item: RemoteContact) -> str:
    return str(uuid5(NAMESPACE_URL, f"ringdesk:trim:{item.remote}:{item.etag}"))
