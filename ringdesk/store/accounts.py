"""The accounts as the main thread sees them: which there are, how each is to be synced, what waits for the user.

What the engine keeps of an account (cursor, rounds, approvals) is its worker's to write, what the user chose is not:
the two are different columns, and neither side ever writes the other's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Future

from ringdesk.domain.remote import Container
from ringdesk.domain.replica import Account, Question, Review
from ringdesk.store import outbox
from ringdesk.store.database import Connection
from ringdesk.store.encode import key_of
from ringdesk.store.writer import Work, Writer


class AccountBook:
    """Accounts; reads for the thread that opened the store, writes for any."""

    def __init__(self, reading: Connection, writer: Writer) -> None:
        self._reading = reading
        self._writer = writer

    def all(self) -> Sequence[Account]:
        """Every account that is kept, in the order of their ids."""
        return outbox.accounts(self._reading)

    def get(self, id: str) -> Account | None:
        """An account, or None where it is not kept."""
        return outbox.account(self._reading, id)

    def touched(self, id: str) -> bool:
        """Whether there may be something to send."""
        return self._reading.value("SELECT 1 FROM touched WHERE account = ? LIMIT 1", (id,)) is not None

    def linked(self, id: str) -> bool:
        """Whether it was ever synced: contacts here have, or had, one there."""
        return self._reading.value("SELECT 1 FROM link WHERE account = ? LIMIT 1", (id,)) is not None

    def holding(self, contact: str) -> Sequence[str]:
        """Ids of the accounts that have a contact, those that are not connected any more among them."""
        sql = "SELECT account FROM link WHERE contact = ? AND state = 'active' ORDER BY account"
        return [account for (account,) in self._reading.rows(sql, (key_of(contact),))]

    def undoable(self, id: str) -> bool:
        """Whether there is a last sync to be taken back."""
        return self._reading.value("SELECT 1 FROM sync_log WHERE account = ? LIMIT 1", (id,)) is not None

    def waiting(self, id: str) -> Mapping[Review, int]:
        """How many questions of each kind are open."""
        rows = self._reading.rows("SELECT kind, count(*) FROM question WHERE account = ? GROUP BY kind", (id,))
        return {Review(kind): count for kind, count in rows}

    def questions(self, id: str, kind: Review, start: int, count: int) -> Sequence[Question]:
        """Open questions of a kind, oldest first."""
        return outbox.questions(self._reading, id, kind, "", start=start, count=count)

    def containers(self, id: str) -> Sequence[Container]:
        """The account's labels as last read, system ones among them."""
        return outbox.containers(self._reading, id)

    def keep(self, account: Account) -> Future[None]:
        """Keep an account: with a new one every contact is to be looked at, of a known one only the words change."""

        def job(work: Work) -> None:
            if outbox.account(work.connection, account.id) is None:
                outbox.put_account(work.connection, account)
            else:
                outbox.describe(work.connection, account.id, account.name, account.settings)

        return self._writer.submit(job)

    def forget(self, id: str) -> Future[None]:
        """Forget an account that was never synced; where links are kept, they stay for a later connecting."""
        return self._writer.submit(lambda work: outbox.forget_account(work.connection, id, links=False))

    def forget_all(self, id: str) -> Future[None]:
        """Forget an account and its links."""
        return self._writer.submit(lambda work: outbox.forget_account(work.connection, id, links=True))

    def describe(self, id: str, name: str, settings: str, *, anew: bool = False) -> Future[None]:
        """Keep what the user calls and chose of an account; `anew`: by that, every contact is to be looked at again.

        The two are one: what is kept without the other would never send what it lets out.
        """

        def job(work: Work) -> None:
            outbox.describe(work.connection, id, name, settings)
            if anew:
                outbox.touch_all(work.connection, id)

        return self._writer.submit(job)
