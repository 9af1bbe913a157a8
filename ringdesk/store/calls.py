"""The call list: read, written again as more becomes known, forgotten in time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import Future
from functools import partial

from ringdesk.domain.call import CallState, Direction
from ringdesk.domain.calllog import CallRecord, EarlierCalls, LastContact
from ringdesk.domain.news import CallsChanged
from ringdesk.domain.numbering import parse
from ringdesk.domain.phone import Number
from ringdesk.domain.sockets import Clock
from ringdesk.store import tables
from ringdesk.store.contacts import held
from ringdesk.store.database import Connection, Row
from ringdesk.store.encode import id_of, json_of, key_of, millis, number_of, number_text, storable
from ringdesk.store.writer import Work, Writer

_COLUMNS = (
    "id, source, direction, state, over, number, country, name, contact, contact_name, line, answered_by,"
    " transferred_to, private, seen, started, answered, ended"
)

_EARLIER = (
    "SELECT count(*), EXISTS (SELECT 1 FROM earlier WHERE contact = ?1) FROM call, ticked"
    " WHERE call.contact = ?1 AND ticked.contact = ?1 AND over AND NOT private AND started * 1000 < ticked.at"
)
_OF_LAST = (
    "SELECT * FROM (SELECT started, direction, state, answered, ended, answered_by FROM call"
    " WHERE {} AND started < ?3 AND over ORDER BY started DESC LIMIT 1)"
)
_LAST = f"{_OF_LAST.format('number = ?1')} UNION ALL {_OF_LAST.format('contact = ?2')} ORDER BY started DESC LIMIT 1"


def _record(row: Row) -> CallRecord:
    id, source, direction, state, over, number, country, name, contact, contact_name, line, *rest = row
    answered_by, transferred_to, private, seen, started, answered, ended = rest
    return CallRecord(
        id=id,
        source=source,
        direction=Direction(direction),
        state=CallState(state),
        over=bool(over),
        number=number_of(number, country),
        name=name,
        contact=None if contact is None else id_of(contact),
        contact_name=contact_name,
        line=line,
        answered_by=answered_by,
        transferred_to=transferred_to,
        private=bool(private),
        seen=bool(seen),
        started=started,
        answered=answered,
        ended=ended,
    )


class CallList:
    """CallReads over one connection; belongs to one thread."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def recent(self, limit: int = 200, before: float | None = None) -> Sequence[CallRecord]:
        """Calls, newest first."""
        query = tables.Call.select().order_by(tables.Call.started.desc(), tables.Call.id.desc()).limit(limit).tuples()
        if before is not None:
            query = query.where(tables.Call.started < before)
        return [_record(row) for row in self._connection.fetch(query)]

    def of_contact(self, contact: str, limit: int = 50) -> Sequence[CallRecord]:
        """Calls with a contact: matched to it, or from one of its numbers."""
        key = key_of(contact)
        sql = (
            f"SELECT {_COLUMNS} FROM call WHERE id IN (SELECT id FROM call WHERE contact = ?1 UNION "
            "SELECT id FROM call WHERE number IN (SELECT value FROM json_each(?2)))"
            " ORDER BY started DESC, id DESC LIMIT ?3"
        )
        values = (key, json_of(self._numbers(contact)), limit)
        return [_record(row) for row in self._connection.rows(sql, values)]

    def _numbers(self, contact: str) -> list[str]:
        """A contact's numbers as calls keep them."""
        found = held(self._connection, contact)
        region = str(self._connection.value("SELECT value FROM meta WHERE key = 'region'") or "")
        phones = found.contact.card.phones if found is not None else ()
        return [text for phone in phones if (text := number_text(parse(phone.value, region))[0]) is not None]

    def earlier(self, contact: str) -> EarlierCalls:
        """Calls with a contact of mine from before it was shared."""
        count, shown = self._connection.row(_EARLIER, (key_of(contact),)) or (0, 0)
        return EarlierCalls(int(count), bool(shown))

    def last_contact(self, number: Number, contact: str | None, before: float) -> LastContact | None:
        """The newest finished call with this number or contact that began before a time."""
        text, _ = number_text(number)
        row = self._connection.row(_LAST, (text, None if contact is None else key_of(contact), before))
        if row is None:
            return None
        started, direction, state, answered, ended, answered_by = row
        spoken = None if answered is None or ended is None else max(0.0, ended - answered)
        return LastContact(started, Direction(direction), CallState(state), spoken, answered_by)

    def unseen_missed(self) -> int:
        """How many calls that nobody here answered the user has not seen."""
        return int(self._connection.value("SELECT count(*) FROM call WHERE seen = 0"))

    def unfinished(self) -> Sequence[CallRecord]:
        """Calls that were open when RingDesk last stopped."""
        rows = self._connection.rows(f"SELECT {_COLUMNS} FROM call WHERE over = 0 ORDER BY started, id")
        return [_record(row) for row in rows]

    def get(self, id: str) -> CallRecord | None:
        """One call."""
        row = self._connection.row(f"SELECT {_COLUMNS} FROM call WHERE id = ?", (storable(id),))
        return _record(row) if row is not None else None

    def drafts(self) -> Sequence[tuple[str, str]]:
        """Calls with a note that no contact has got, and its text; oldest first."""
        found = self._connection.fetch(
            tables.Draft.select(tables.Draft.call, tables.Draft.text).order_by(tables.Draft.at).tuples()
        )
        return [(str(call), str(text)) for call, text in found]

    def draft(self, call: str) -> str:
        """The note being written for a call."""
        found = self._connection.fetch(
            tables.Draft.select(tables.Draft.text).where(tables.Draft.call == storable(call)).tuples()
        )
        return str(found[0][0]) if found else ""


class CallBook:
    """CallWrites through the writer."""

    def __init__(self, writer: Writer, clock: Clock) -> None:
        self._writer = writer
        self._clock = clock

    def log(self, record: CallRecord) -> Future[None]:
        """Write a call, or write it again with what is known now."""
        return self._writer.submit(partial(_log, record=record))

    def see(self, ids: Iterable[str] | None = None) -> Future[None]:
        """Mark missed calls as seen; all of them where no id is named."""
        named = None if ids is None else list(ids)
        return self._writer.submit(lambda work: _see(work, named))

    def keep_private(self, call: str, on: bool) -> Future[None]:
        """Let coworkers see nothing of a call, or let them see it again."""
        return self._writer.submit(partial(_keep_private, call=storable(call), on=on))

    def show_earlier(self, contact: str, on: bool) -> Future[None]:
        """Let coworkers see the calls from before a contact was shared too, or no more."""
        return self._writer.submit(partial(_show_earlier, contact=contact, on=on))

    def keep_draft(self, call: str, text: str) -> Future[None]:
        """Keep the note being written for a call; an empty text drops it."""
        at = millis(self._clock.now())
        return self._writer.submit(lambda work: _keep_draft(work, storable(call), storable(text), at))

    def forget_before(self, at: float) -> Future[int]:
        """Delete calls that began before a time."""
        return self._writer.submit(lambda work: _forget(work, at))


def _log(work: Work, record: CallRecord) -> None:
    connection = work.connection
    number, country = number_text(record.number)
    contact = None if record.contact is None else key_of(record.contact)
    here = contact is not None and not record.elsewhere
    if here and connection.value("SELECT 1 FROM contact WHERE uuid = ?", (contact,)) is None:
        contact = None
    known = connection.row("SELECT state, seen, private FROM call WHERE id = ?", (storable(record.id),))
    seen_already = known is not None and known[0] == record.state.value and bool(known[1])
    values = {
        "id": storable(record.id),
        "source": storable(record.source),
        "direction": record.direction.value,
        "state": record.state.value,
        "over": record.over,
        "number": None if number is None else storable(number),
        "country": country,
        "name": storable(record.name),
        "contact": contact,
        "contact_name": storable(record.contact_name),
        "line": storable(record.line),
        "answered_by": storable(record.answered_by),
        "transferred_to": storable(record.transferred_to),
        "private": record.private or (known is not None and bool(known[2])),
        "seen": record.seen or seen_already,
        "started": record.started,
        "answered": record.answered,
        "ended": record.ended,
    }
    connection.apply(tables.Call.insert(**values).on_conflict_replace())
    work.news.append(CallsChanged(frozenset({record.id})))


def _see(work: Work, ids: list[str] | None) -> None:
    query = tables.Call.update(seen=True).where(tables.Call.seen == False)  # noqa: E712  # peewee's way to say it in SQL
    for some in [None] if ids is None else [ids[at : at + 500] for at in range(0, len(ids), 500)]:
        work.connection.apply(query if some is None else query.where(tables.Call.id.in_(some)))
    work.news.append(CallsChanged(frozenset(ids or ())))


def _keep_private(work: Work, call: str, on: bool) -> None:
    """The team hears of it where it has heard of the call, or may hear of it now."""
    connection = work.connection
    if connection.run("UPDATE call SET private = ?1 WHERE id = ?2 AND private <> ?1", (on, call)):
        due = "INSERT OR IGNORE INTO call_due (call) SELECT ? FROM account WHERE kind = 'team'"
        connection.run(due, (call,))
        work.news.append(CallsChanged(frozenset({call})))


def _show_earlier(work: Work, contact: str, on: bool) -> None:
    """Only where the contact is shared now; its calls are looked at anew, to be told or to be taken back."""
    connection, key = work.connection, key_of(contact)
    if on:
        sql = "INSERT OR IGNORE INTO earlier (contact) SELECT contact FROM ticked WHERE contact = ?"
    else:
        sql = "DELETE FROM earlier WHERE contact = ?"
    if not connection.run(sql, (key,)):
        return
    due = (
        "INSERT OR IGNORE INTO call_due (call)"
        " SELECT call.id FROM call, account WHERE call.contact = ? AND over AND account.kind = 'team'"
    )
    connection.run(due, (key,))
    work.news.append(CallsChanged(frozenset()))


def _keep_draft(work: Work, call: str, text: str, at: int) -> None:
    if text:
        work.connection.apply(tables.Draft.insert(call=call, text=text, at=at).on_conflict_replace())
    else:
        work.connection.apply(tables.Draft.delete().where(tables.Draft.call == call))


def _forget(work: Work, at: float) -> int:
    gone = work.connection.run("DELETE FROM call WHERE started < ? AND over", (at,))
    if gone:
        work.news.append(CallsChanged(frozenset()))
    return gone
