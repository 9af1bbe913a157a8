"""The team directory as its desktops use it: one connection, the functions of the schema `api` as methods.

Synchronous, for one thread: the team's worker. A connection that broke is opened anew by the next call.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, Literal, TypeVar

from ringdesk.domain.phone import E164
from ringdesk.domain.team import Roster
from ringdesk.providers.team.calls import CallOp, CallPage, encode_call_op, read_call_page
from ringdesk.providers.team.link import Connection, Place, connect, translated
from ringdesk.providers.team.password import set_own_password
from ringdesk.providers.team.ring import CallerResult, read_caller
from ringdesk.providers.team.roster import AuditRow, Staff, read_audit, read_roster, read_staff
from ringdesk.providers.team.rows import BROKEN, Item, Page, read_item, read_page
from ringdesk.providers.team.trouble import TeamError, TeamTrouble
from ringdesk.providers.team.wire import Invalid, Op, Result, encode_op, read_result, to_json

T = TypeVar("T")

BATCH: Final = 100
"""Operations the server takes at once."""

OLDEST_SCHEMA: Final = 7
"""The schema whose functions this module calls."""

Function = Literal["push", "pull", "calls_push", "calls_pull"]


class Directory:
    """A coworker's door to the team directory. Every method raises TeamError and nothing else."""

    def __init__(self, place: Place, login: str, password: str) -> None:
        self._place = place
        self._password = password
        self._connection: Connection | None = None
        self.login: Final = login

    def close(self) -> None:
        """Hang up; the next call would connect again."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def ready(self) -> None:
        """Connect where that is not done: what fails here has sent nothing."""
        self._open()

    def hello(self) -> Roster:
        """The team and my rights in it. Raises TeamError VERSION where the schema is too old for this RingDesk."""
        roster = self._read("select api.hello()", (), read_roster)
        if roster.schema < OLDEST_SCHEMA:
            raise TeamError(TeamTrouble.VERSION, f"schema {roster.schema}, {OLDEST_SCHEMA} or newer is needed")
        return roster

    def push(self, ops: Sequence[Op]) -> list[Result]:
        """Carry out operations; one result each, in order. Safe to repeat with the same operation ids."""
        return self._send("push", [encode_op(op) for op in ops])

    def pull(self, cursor: str | None, page: int = 500) -> Page:
        """What changed since a cursor; None for everything."""
        return self._read("select api.pull(%s, %s)", (cursor, page), lambda answer: read_page(answer, self.login))

    def fetch(self, contacts: Sequence[str]) -> list[Item]:
        """The current form of contacts by id, in order; what is not for these eyes is gone."""

        def read(answer: list[Any]) -> list[Item]:
            if len(answer) != len(contacts):
                raise ValueError(f"{len(answer)} contacts for {len(contacts)} ids")
            return [read_item(row, self.login) for row in answer]

        return self._read("select api.fetch(to_jsonb(%s::text[]))", (list(contacts),), read) if contacts else []

    def department_call(self, department: str, number: E164) -> CallerResult:
        """An unknown caller rings a department: the one contact for them, made by whoever comes first."""
        query = "select api.department_call(%s, %s)"
        return self._read(query, (department, number.digits), lambda answer: read_caller(answer, self.login))

    def push_calls(self, ops: Sequence[CallOp]) -> list[Result]:
        """Tell of calls; as `push`."""
        return self._send("calls_push", [encode_call_op(op) for op in ops])

    def pull_calls(self, cursor: str | None, page: int = 500) -> CallPage:
        """Coworkers' calls since a cursor; None for everything."""
        return self._read("select api.calls_pull(%s, %s)", (cursor, page), read_call_page)

    def change_password(self, password: str) -> None:
        """Give this login a new password; only its SCRAM verifier travels."""
        with translated():
            set_own_password(self._open(), self.login, password)
        self._password = password

    def join(self) -> None:
        """Use the invitation up; the first thing to do once this login has a password of its own."""
        self._read("select api.join()", (), _nothing)

    # For administrators; the server refuses everybody else.

    def staff(self) -> Staff:
        """Everybody's rights, departments and open invitations."""
        return self._read("select api.team()", (), read_staff)

    def set_coworker(self, login: str, **change: str | bool | Sequence[str]) -> None:
        """Change a coworker's name, extensions, administrator, view_only or google."""
        self._read("select api.set_coworker(%s, %s::jsonb)", (login, self._json(change)), _nothing)

    def set_department(self, name: str, members: Sequence[str]) -> None:
        """Make a department, or say anew who is in it."""
        wrapped = self._json({"members": list(members)})
        self._read("select api.set_department(%s, %s::jsonb -> 'members')", (name, wrapped), _nothing)

    def rename_department(self, old: str, new: str) -> None:
        """Give a department another name."""
        self._read("select api.rename_department(%s, %s)", (old, new), _nothing)

    def offboard(self, login: str, give_to: str | None) -> int:
        """Shut a coworker out and hand their shared contacts over; gives how many. The login itself stays: `admin`."""
        return self._read("select api.offboard(%s, %s)", (login, give_to), int)

    def audit(self, before: int | None = None, page: int = 200) -> tuple[AuditRow, ...]:
        """Who did what, newest first."""
        return self._read("select api.audit(%s, %s)", (before, page), read_audit)

    def _send(self, function: Function, ops: Sequence[Mapping[str, Any]]) -> list[Result]:
        texts = [to_json(op) for op in ops]
        good = [text for text in texts if text is not None]
        answers = [
            answer
            for start in range(0, len(good), BATCH)
            for answer in self._batch(function, good[start : start + BATCH])
        ]
        results = iter(answers)
        return [Invalid("text") if text is None else next(results) for text in texts]

    def _batch(self, function: Function, texts: Sequence[str]) -> list[Result]:
        def read(answer: list[Any]) -> list[Result]:
            if len(answer) != len(texts):
                raise ValueError(f"{len(answer)} results for {len(texts)} operations")
            return [read_result(one, self.login) for one in answer]

        query = "select api.push(%s::jsonb)" if function == "push" else "select api.calls_push(%s::jsonb)"
        return self._read(query, (f"[{','.join(texts)}]",), read)

    def _json(self, document: Mapping[str, Any]) -> str:
        text = to_json(document)
        if text is None:
            raise TeamError(TeamTrouble.INVALID, "text that cannot be stored")
        return text

    def _read(self, query: str, values: Sequence[Any], read: Callable[[Any], T]) -> T:
        with translated():
            row = self._open().execute(query.encode(), values).fetchone()
        try:
            return read(row[0] if row else None)
        except BROKEN as error:
            raise TeamError(TeamTrouble.VERSION, f"unexpected answer: {error}") from error

    def _open(self) -> Connection:
        if self._connection is None or self._connection.closed:
            self._connection = connect(self._place, self.login, self._password)
        return self._connection


def _nothing(_: object) -> None:
    """The answer of a function that gives none."""
