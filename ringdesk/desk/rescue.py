"""The data is damaged: which backup can take its place, and putting it there. Without Qt."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Protocol

from ringdesk.domain.sockets import Deliver
from ringdesk.domain.status import StoreError, StoreTrouble


@dataclass(frozen=True, slots=True)
class Later:
    """What the damaged data still shows that the backup does not have."""

    saves: int
    notes: int
    calls: int


@dataclass(frozen=True, slots=True)
class Sound:
    """A backup that is whole: when it was made (seconds since 1970), and what is in it.

    `later` is None where the damaged data cannot be read, so that nobody can tell what the backup lacks.
    """

    made: float
    contacts: int
    calls: int
    later: Later | None


@dataclass(frozen=True, slots=True)
class Looking:
    """The backups are being checked, newest first."""


@dataclass(frozen=True, slots=True)
class Offering:
    """This backup can be restored."""

    sound: Sound


@dataclass(frozen=True, slots=True)
class NoBackup:
    """There is none that can be used."""


@dataclass(frozen=True, slots=True)
class Restoring:
    """A backup is being put into place."""


@dataclass(frozen=True, slots=True)
class Restored:
    """It is in place; the damaged file lies at `aside`."""

    aside: str


@dataclass(frozen=True, slots=True)
class Refused:
    """It could not be put into place; nothing was changed."""

    trouble: StoreTrouble
    path: str


State = Looking | Offering | NoBackup | Restoring | Restored | Refused


class Backups(Protocol):
    """Where backups are looked at and restored; both read whole files, so they answer later."""

    def newest(self) -> Future[Sound | None]:
        """The newest backup that is whole."""

    def restore(self) -> Future[str]:
        """Put the one that was found last into place; gives where the damaged file was set aside."""

    def begin_empty(self) -> Future[str]:
        """Set the damaged file aside without a backup; gives where it was put."""


class Rescue:
    """Leads from damage to a backup in its place; `show` gets every state."""

    def __init__(self, backups: Backups, deliver: Deliver, show: Callable[[State], None]) -> None:
        self._backups, self._deliver, self._show = backups, deliver, show
        self.state: State = Looking()

    def look(self) -> None:
        """Find the newest backup that is whole."""
        self._be(Looking())
        self._deliver(self._backups.newest(), self._found, self._failed)

    def restore(self) -> None:
        """Put it into place."""
        if isinstance(self.state, Offering | Refused):
            self._be(Restoring())
            self._deliver(self._backups.restore(), lambda aside: self._be(Restored(aside)), self._failed)

    def begin_empty(self) -> None:
        """There is no backup: begin anew, the damaged file kept aside."""
        if isinstance(self.state, NoBackup):
            self._be(Restoring())
            self._deliver(self._backups.begin_empty(), lambda aside: self._be(Restored(aside)), self._failed)

    def _found(self, sound: Sound | None) -> None:
        self._be(NoBackup() if sound is None else Offering(sound))

    def _failed(self, error: Exception) -> None:
        if not isinstance(error, StoreError):
            raise error
        self._be(Refused(error.trouble, error.path))

    def _be(self, state: State) -> None:
        self.state = state
        self._show(state)
