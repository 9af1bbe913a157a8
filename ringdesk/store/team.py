"""What of my own book waits for the team's directory: claims, departments' callers, calls to be told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from ringdesk.domain.calllog import CallRecord
from ringdesk.domain.contact import Contact, Marks, Me, Unclaimed
from ringdesk.domain.news import CallsChanged, ContactsChanged
from ringdesk.domain.sockets import Clock
from ringdesk.domain.team import CallDue, CallerDue, ClaimDue
from ringdesk.domain.values import dataclass
from ringdesk.store import aside, contacts, history, notes
from ringdesk.store.calls import CallList
from ringdesk.store.contacts import note_texts
from ringdesk.store.database import Connection
from ringdesk.store.encode import id_of, key_of, millis, owner_of, seconds
from ringdesk.store.writer import Work, Writer

SECOND: Final = 1000

_FROM: Final = (
    "SELECT CASE WHEN contact IN (SELECT contact FROM earlier) THEN 0 ELSE at END FROM ticked WHERE contact = ?"
)
"""When the calls of a contact of mine that coworkers see begin, in milliseconds."""

_CALLS_DUE: Final = "SELECT call FROM call_due LIMIT ?"


@dataclass(frozen=True, slots=True)
class Look:
    """All that makes a call due when it changes; `begins` is `_FROM` of its contact."""

    record: CallRecord | None
    note: str
    begins: int | None


class TeamSide:
    """TeamWaits over my own database; belongs to the thread of the team's worker."""

    def __init__(
        self,
        reading: Connection,
        theirs: Callable[[str], Contact | None],
        writer: Writer,
        *,
        clock: Clock,
        region: Callable[[], str],
    ) -> None:
        self._reading = reading
        self._theirs = theirs
        self._writer = writer
        self._clock = clock
        self._region = region
        self._looks: dict[str, Look] = {}

    def marks(self, contact: str) -> Marks:
        """My marks on a coworker's contact."""
        return aside.marks(self._reading, contact)

    def touch_ticked(self, account: str) -> None:
        """Look at every contact that was ticked before there was a team."""
        sql = "INSERT OR IGNORE INTO touched (account, contact) SELECT ?, contact FROM ticked"
        self._writer.submit(lambda work: work.connection.run(sql, (account,))).result()

    # Claims and callers --------------------------------------------------------------------------------------------

    def claims(self) -> Sequence[ClaimDue]:
        """Claims to be made."""
        rows = self._reading.rows("SELECT contact, owner, known FROM claim_due")
        return [
            ClaimDue(id_of(key), department, self._number(id_of(key)), bool(known))
            for key, owner, known in rows
            if (department := _department(owner)) is not None
        ]

    def claimed(self, contact: str) -> None:
        """A claim was granted."""
        self._do(lambda work: _settle(work, contact))

    def claim_lost(self, contact: str, new_id: str) -> Contact | None:
        """A claim was lost: the contact goes on as a private one with an id of its own."""
        return self._writer.submit(lambda work: self._rename(work, contact, new_id)).result()

    def callers(self) -> Sequence[CallerDue]:
        """Callers to be handed in."""
        found: list[CallerDue] = []
        for (key,) in self._reading.rows("SELECT contact FROM caller_due"):
            held = contacts.held(self._reading, id_of(key))
            if held is not None and isinstance(held.contact.owner, Unclaimed):
                found.append(CallerDue(id_of(key), held.contact.owner.department, self._number(id_of(key))))
        return found

    def handed_in(self, contact: str, instead: str | None) -> None:
        """The directory has the caller: calls and notes go over to its contact, or stay with the number alone."""
        self._do(lambda work: self._hand_over(work, contact, instead))

    def _number(self, contact: str) -> str:
        held = contacts.held(self._reading, contact)
        phones = held.contact.card.phones if held is not None else ()
        return phones[0].value if phones else ""

    def _rename(self, work: Work, contact: str, new_id: str) -> Contact | None:
        connection, region = work.connection, self._region()
        _settle(work, contact)
        held = contacts.held(connection, contact)
        if held is None:
            return None
        texts = connection.rows("SELECT id FROM note WHERE contact = ?", (held.row,))
        moved = [note for (id,) in texts if (note := notes.take(connection, id, region)) is not None]
        calls = connection.rows("SELECT id FROM call WHERE contact = ?", (key_of(contact),))
        contacts.remove(connection, held, region)
        kept = replace(held.contact, id=new_id, shared=False)
        batch = history.open_batch(connection, self._now(), "team")
        (made,) = contacts.insert(connection, [kept], batch=batch, region=region)
        history.write(connection, batch, new_id, [(history.WHOLE, history.NOTHING, history.ADDED)])
        for note in moved:
            notes.put(connection, replace(note, contact=new_id), region)
        connection.many("UPDATE call SET contact = ? WHERE id = ?", [(key_of(new_id), id) for (id,) in calls])
        work.news.append(ContactsChanged(frozenset({contact, new_id})))
        return made.contact

    def _hand_over(self, work: Work, contact: str, instead: str | None) -> None:
        connection, region = work.connection, self._region()
        connection.run("DELETE FROM caller_due WHERE contact = ?", (key_of(contact),))
        held = contacts.held(connection, contact)
        if held is None or not isinstance(held.contact.owner, Unclaimed):
            return
        if instead is None:
            self._let_go(work, held)
            return
        for (id,) in connection.rows("SELECT id FROM note WHERE contact = ?", (held.row,)):
            note = notes.take(connection, id, region)
            if note is not None:
                aside.add_note(work, replace(note, contact=instead))
        if held.contact.marks != Marks():
            aside.mark(work, instead, held.contact.marks)
        calls = connection.rows("SELECT id FROM call WHERE contact = ?", (key_of(contact),))
        contacts.remove(connection, held, region)
        connection.many("UPDATE call SET contact = ? WHERE id = ?", [(key_of(instead), id) for (id,) in calls])
        work.news += [ContactsChanged(frozenset({contact})), CallsChanged(frozenset(id for (id,) in calls))]

    def _let_go(self, work: Work, held: contacts.Held) -> None:
        """A coworker keeps the caller private: the number stays in the call list, and what I have noted is mine."""
        if note_texts(work.connection, held.row):
            mine = replace(held.contact, owner=Me(), revision=held.contact.revision + 1)
            contacts.change(work.connection, held, mine, self._region())
            _settle(work, held.contact.id)
        else:
            contacts.remove(work.connection, held, self._region())
        work.news.append(ContactsChanged(frozenset({held.contact.id})))

    # Calls ---------------------------------------------------------------------------------------------------------

    def calls(self, limit: int) -> Sequence[CallDue]:
        """Calls that changed and may have to be told or taken back."""
        found: list[CallDue] = []
        self._looks = {id: _look(self._reading, id) for (id,) in self._reading.rows(_CALLS_DUE, (limit,))}
        for id, look in self._looks.items():
            told = self._reading.value("SELECT said FROM call_told WHERE call = ?", (id,)) or ""
            if look.record is not None and look.record.over:
                found.append(CallDue(look.record, self._seen(look.record, look.begins), look.note, told))
            else:
                self.call_told(id, told)
        return found

    def call_told(self, call: str, said: str) -> None:
        """What was told of a call; it is due still where it changed since `calls` looked at it."""
        look = self._looks[call]

        def job(work: Work) -> None:
            if _look(work.connection, call) == look:
                work.connection.run("DELETE FROM call_due WHERE call = ?", (call,))
            work.connection.run("DELETE FROM call_told WHERE call = ?", (call,))
            if said:
                work.connection.run("INSERT INTO call_told (call, said) VALUES (?, ?)", (call, said))

        self._do(job)

    def _seen(self, record: CallRecord, begins: int | None) -> str | None:
        """The contact, where coworkers see it and saw it when the call began, or may see earlier calls by choice."""
        if record.contact is None or record.private:
            return None
        if begins is not None:
            return record.contact if record.started * SECOND >= begins else None
        theirs = self._theirs(record.contact)
        return record.contact if theirs is not None and theirs.shared and record.started >= theirs.created else None

    def _do(self, job: Callable[[Work], None]) -> None:
        self._writer.submit(job).result()

    def _now(self) -> int:
        return millis(seconds(millis(self._clock.now())))


def _look(connection: Connection, call: str) -> Look:
    record = CallList(connection).get(call)
    contact = None if record is None else record.contact
    begins = None if contact is None else connection.value(_FROM, (key_of(contact),))
    return Look(record, _note(connection, call), begins)


def _note(connection: Connection, call: str) -> str:
    """The notes written in a call, the oldest first."""
    rows = connection.rows(
        "SELECT text, at FROM note WHERE call = ?1 UNION ALL SELECT text, at FROM aside_note WHERE call = ?1"
        " ORDER BY 2",
        (call,),
    )
    return "\n".join(text for text, _ in rows)


def _settle(work: Work, contact: str) -> None:
    work.connection.run("DELETE FROM claim_due WHERE contact = ?", (key_of(contact),))


def _department(owner: str) -> str | None:
    found = owner_of(owner)
    return found.department if isinstance(found, Unclaimed) else None
