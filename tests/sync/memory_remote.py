"""An address book in memory: honest, with faults that a test switches on.

It behaves as an account's does: etags, cursors, tombstones, writes that show in pulls only after a while. `between` is
called before every request, so that somebody can edit by hand between any two.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from random import Random

from ringdesk.domain.remote import (
    CARD_FIELDS,
    Capabilities,
    Claim,
    Conflict,
    Container,
    Create,
    CursorExpired,
    Delete,
    Gone,
    Invalid,
    Ok,
    Op,
    Page,
    RemoteGone,
    RemoteItem,
    Result,
    Retry,
    RetryAfter,
    Unclear,
    Update,
)
from tests.sync.memory_server import READING, WRITING, Fault, Faults, Held, Server

__all__ = ["READING", "WRITING", "Fault", "Faults", "Held", "MemoryBook", "Server"]


class MemoryBook:
    """RemoteBook on a server in memory; one a device."""

    def __init__(
        self,
        server: Server,
        faults: Faults | None = None,
        *,
        between: Callable[[str], None] = lambda _: None,
        page: int = 1000,
        capabilities: Capabilities | None = None,
        desk: int = 0,
    ) -> None:
        self.server = server
        self.desk = desk
        self.faults = faults or Faults(Random(0))
        self.between = between
        self.page = page
        self.form = "all fields"
        self.capabilities = capabilities or Capabilities(
            cursor_life=7 * 86400.0, create_batch=200, update_batch=200, delete_batch=500, fetch_batch=200, photos=True
        )
        self.in_flight = 0
        self.changing = frozenset[str]()
        """The contacts that the last change was about."""

    # Reading -----------------------------------------------------------------------------------------------------

    def pull(self, cursor: str | None) -> Iterator[Page]:
        now = self.server.clock.now()
        since, started = (0, now) if cursor is None else _read_cursor(cursor)
        life = self.capabilities.cursor_life
        if cursor is not None and life is not None and now - started > life:
            raise CursorExpired
        deltas = cursor is not None
        changed = self._changed(since, now) if deltas else []
        upto = self._upto(now)
        items: list[RemoteItem] = self._delta(changed) if deltas else self._all()
        total = None if deltas else len(items)
        fault = self._asked("pull", READING)
        if fault is Fault.EXPIRED and deltas:
            self.faults.did(fault)
            raise CursorExpired
        items = self._distorted(items, fault, deltas=deltas)
        next_cursor = f"{upto}@{now if not deltas else started}"
        pages = [items[start : start + self.page] for start in range(0, len(items), self.page)] or [[]]
        for place, some in enumerate(pages):
            if place:
                self._asked("pull", (Fault.CUT_BEFORE, Fault.BUSY, Fault.QUOTA))
            last = place == len(pages) - 1
            yield Page(
                items=tuple(some), full=not deltas, total=total, complete=last, cursor=next_cursor if last else None
            )

    def _upto(self, now: float) -> int:
        """A cursor never goes past what does not show yet."""
        hidden = [line.version for line in self.server.log if line.at > now]
        return min(hidden) - 1 if hidden else self.server.version

    def _changed(self, since: int, now: float) -> list[str]:
        lines = [line for line in self.server.log if line.version > since and line.at <= now]
        return list(dict.fromkeys(line.remote for line in lines))

    def _delta(self, changed: Sequence[str]) -> list[RemoteItem]:
        held = self.server.held
        return [self.server.form(held[one]) if one in held else RemoteGone(one) for one in changed]

    def _all(self) -> list[RemoteItem]:
        items = [replace(self.server.form(one), former=()) for one in self.server.held.values()]
        self.faults.dice.shuffle(items)
        return [*items]

    def _distorted(self, items: list[RemoteItem], fault: Fault | None, *, deltas: bool) -> list[RemoteItem]:
        if fault is None or not items:
            return items
        changed = items
        match fault:
            case Fault.REORDER:
                changed = items[::-1]
            case Fault.DUPLICATE:
                changed = items + items[: 1 + len(items) // 2]
            case Fault.TRUNCATED if not deltas:
                changed = items[: len(items) // 2]
            case Fault.STALE if deltas:
                changed = [self._old(item) for item in items]
            case Fault.PHANTOM if items[0].remote in self.server.held:
                self.server.phantom(items[0].remote)
            case _:
                return items
        self.faults.did(fault)
        return changed

    def _old(self, item: RemoteItem) -> RemoteItem:
        """The form before the last change; the newer one is told of later, as in any book that copies itself about."""
        held = self.server.held.get(item.remote)
        if held is None or held.old is None:
            return item
        self.server.touch(item.remote)
        self.server.log[-1].at += 60.0
        return held.old

    def fetch(self, remotes: Sequence[str]) -> Sequence[RemoteItem]:
        assert len(remotes) <= self.capabilities.fetch_batch
        self._asked("fetch", (Fault.CUT_BEFORE, Fault.BUSY, Fault.QUOTA))
        return [self._current(remote) for remote in remotes]

    def _current(self, remote: str) -> RemoteItem:
        held = self.server.held.get(remote)
        return RemoteGone(remote) if held is None else replace(self.server.form(held), former=())

    # Writing -----------------------------------------------------------------------------------------------------

    def push(self, ops: Sequence[Op]) -> Sequence[Result]:
        assert self.in_flight == 0, "two mutations in flight"
        self._legal(ops)
        self.in_flight += 1
        try:
            self.changing = frozenset(op.remote for op in ops if isinstance(op, Update | Delete))
            fault = self._asked(f"push {type(ops[0]).__name__.lower()}", WRITING)
            if fault is Fault.QUOTA_ONE:
                self.faults.did(fault)
                return [RetryAfter(30.0), *(self._carry(op) for op in ops[1:])]
            if fault is Fault.SPURIOUS and isinstance(ops[0], Update) and ops[0].remote in self.server.held:
                self.faults.did(fault)
                return [Conflict(self.server.form(self.server.held[ops[0].remote])), *map(self._carry, ops[1:])]
            results = [self._carry(op) for op in ops]
            if fault is Fault.CUT_AFTER:
                self.faults.did(fault)
                return [Unclear("cut")] * len(ops)
            return results
        finally:
            self.in_flight -= 1

    def _legal(self, ops: Sequence[Op]) -> None:
        able = self.capabilities
        kinds = {type(op) for op in ops}
        assert len(kinds) == 1, "one kind a batch"
        most = {Create: able.create_batch, Update: able.update_batch, Delete: able.delete_batch}
        assert 0 < len(ops) <= most.get(next(iter(kinds)), 1)
        masks = {op.mask for op in ops if isinstance(op, Update)}
        assert len(masks) <= 1 or not able.one_mask_a_batch
        assert all(op.mask for op in ops if isinstance(op, Update)), "an update of nothing"

    def _carry(self, op: Op) -> Result:
        self.server.mutations += 1
        match op:
            case Create():
                self.server.creates.append(op)
                self.server.creators.append((self.desk, self.server.clock.now()))
                held = self.server.add(op.card, id=op.id if self.capabilities.marks else "", containers=op.containers)
                held.was = op.was if self.capabilities.marks else ()
                return Ok(self.server.form(held))
            case Update():
                return self._update(op)
            case Delete():
                return self._delete(op)
            case Claim():
                return Invalid("", "no claims here")
            case _:
                return Invalid("", "nothing is shared here")

    def _update(self, op: Update) -> Result:
        held = self.server.held.get(op.remote)
        if held is None:
            return Gone()
        current = self.server.form(held)
        if self.capabilities.guarded_updates and op.etag != current.etag:
            return Conflict(current)
        assert op.raw == current.raw, "what the provider gave has to come back"
        fields = op.mask & CARD_FIELDS
        card = replace(held.card, **{name: getattr(op.card, name) for name in fields})
        self.server.edit(op.remote, card, containers=op.containers if "groups" in op.mask else None)
        return Ok(self.server.form(held))

    def _delete(self, op: Delete) -> Result:
        held = self.server.held.get(op.remote)
        if held is None:
            return Gone()
        if self.capabilities.guarded_deletes and op.etag != f"e{held.version}":
            return Conflict(self.server.form(held))
        self.server.delete(op.remote)
        return Ok(None)

    # The rest ----------------------------------------------------------------------------------------------------

    def photo(self, reference: str) -> bytes:
        self._asked("photo", (Fault.CUT_BEFORE,))
        return self.server.photos[reference]

    def put_photo(self, remote: str, etag: str, data: bytes | None) -> Result:
        self.changing = frozenset({remote})
        self._asked("put photo", (Fault.CUT_BEFORE, Fault.BUSY))
        held = self.server.held.get(remote)
        if held is None:
            return Gone()
        self.server.mutations += 1
        held.photo = "" if data is None else f"https://photos/{remote}/{held.version}"
        if data is not None:
            self.server.photos[held.photo] = b"re-encoded " + data
        held.version += 1
        self.server.touch(remote)
        return Ok(self.server.form(held))

    def containers(self) -> Sequence[Container]:
        self._asked("containers", (Fault.CUT_BEFORE, Fault.BUSY, Fault.QUOTA))
        return [*self.server.labels.values()]

    def create_container(self, name: str) -> Container:
        self._asked("create container", (Fault.CUT_BEFORE, Fault.BUSY))
        return self.server.labels[self.server.label(name)]

    def rename_container(self, remote: str, name: str) -> Container:
        self.server.labels[remote] = Container(remote, name)
        return self.server.labels[remote]

    def on_wake(self, wake: Callable[[], None] | None) -> None:
        return None

    def close(self) -> None:
        return None

    def _asked(self, what: str, possible: Sequence[Fault]) -> Fault | None:
        """A request arrives; whoever wants to do something in between does it now."""
        self.between(what)
        self.server.requests[what.split()[0]] += 1
        fault = self.faults.next(possible)
        if fault in (Fault.CUT_BEFORE, Fault.BUSY, Fault.QUOTA):
            self.faults.did(fault)
            raise Retry(fault.value, after=20.0 if fault is Fault.QUOTA else None)
        return fault


def _read_cursor(cursor: str) -> tuple[int, float]:
    since, started = cursor.split("@")
    return int(since), float(started)
