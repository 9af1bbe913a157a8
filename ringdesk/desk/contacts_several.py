"""Several contacts chosen in the list, without Qt: how many are shared, and sharing or unsharing them all at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ringdesk.desk.contacts_told import Shared
from ringdesk.desk.team_view import TeamView
from ringdesk.domain.contact import FOREIGN, SHARED, UNCLAIMED, ContactRow
from ringdesk.domain.sockets import ContactWrites, Deliver
from ringdesk.domain.values import dataclass


@dataclass(frozen=True, slots=True)
class Several:
    """Chosen rows: `open` and `shared` are ids of mine that are private or shared, `theirs` counts the others."""

    open: tuple[str, ...]
    shared: tuple[str, ...]
    theirs: int
    may_share: bool

    @property
    def count(self) -> int:
        """How many were chosen."""
        return len(self.open) + len(self.shared) + self.theirs

    @property
    def may_change(self) -> bool:
        """Whether there is a box to tick: view-only rights leave only taking back."""
        return bool(self.shared or (self.open and self.may_share))


class Counted:
    """What chosen rows mean for sharing, counted as they are read."""

    def __init__(self, may_share: Callable[[], bool]) -> None:
        self._may_share = may_share
        self._open: list[str] = []
        self._shared: list[str] = []
        self._theirs = 0

    def add(self, rows: Sequence[ContactRow]) -> None:
        """More of the chosen rows."""
        for row in rows:
            if row.flags & (FOREIGN | UNCLAIMED):
                self._theirs += 1
            else:
                (self._shared if row.flags & SHARED else self._open).append(row.id)

    def several(self) -> Several:
        """All that were added."""
        return Several(tuple(self._open), tuple(self._shared), self._theirs, may_share=self._may_share())


class SeveralContacts:
    """Shares many. `done` hears which contacts were asked for and what became of it."""

    def __init__(
        self,
        writes: ContactWrites,
        deliver: Deliver,
        view: Callable[[], TeamView],
        done: Callable[[Sequence[str], Shared], None],
        failed: Callable[[Exception], None],
    ) -> None:
        self._writes, self._deliver, self.view = writes, deliver, view
        self._done, self._failed = done, failed

    def counted(self) -> Counted:
        """For chosen rows, to be given bit by bit."""
        return Counted(lambda: self.view().may_share)

    def share(self, several: Several, on: bool) -> None:
        """Share those that are private, or unshare those that are shared: one change, taken back as one."""
        ids = several.open if on else several.shared
        if ids and (several.may_share or not on):
            self._deliver(self._writes.share(ids, on), lambda n: self._done(ids, Shared(n, on)), self._failed)
