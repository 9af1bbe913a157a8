"""A store with a team beside it: both books as one for the main thread, and the sides of the team's worker."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ringdesk.domain.sockets import Clock, Ids, SendNews
from ringdesk.store.links import TEAM
from ringdesk.store.replicas import AccountReplicas
from ringdesk.store.shared import SharedBook, SharedWork
from ringdesk.store.store import Reader, Store
from ringdesk.store.team import TeamSide

_DUE: Final = (
    "SELECT EXISTS (SELECT 1 FROM touched WHERE account = ?1) OR EXISTS (SELECT 1 FROM outbox WHERE account = ?1)"
    " OR EXISTS (SELECT 1 FROM claim_due) OR EXISTS (SELECT 1 FROM caller_due) OR EXISTS (SELECT 1 FROM call_due)"
)


@dataclass(frozen=True, slots=True)
class WorkerSides:
    """What the team's worker works on; opened, used and closed on its thread."""

    replicas: AccountReplicas
    coworkers: SharedWork
    waits: TeamSide
    reader: Reader

    def close(self) -> None:
        """Close the connections."""
        self.coworkers.close()
        self.reader.close()


class Joined:
    """The coworkers' book beside a store. Belongs to the thread that opened the store; close it before the store."""

    def __init__(
        self,
        store: Store,
        path: Path,
        *,
        region: str,
        clock: Clock,
        ids: Ids,
        send_news: SendNews,
        inline: bool = False,
    ) -> None:
        self._store = store
        self._clock = clock
        self.shared = SharedBook(path, region=region, clock=clock, send_news=send_news, inline=inline)
        store.reads.beside(self.shared)
        store.writes.beside(self.shared)

    def worker(self) -> WorkerSides:
        """What the team's worker works on, to be opened on its thread."""
        store, reader = self._store, self._store.reader()
        waits = TeamSide(
            reader.connection,
            lambda id: coworkers.contact(id),
            store._writer,
            clock=self._clock,
            region=lambda: store._region,
        )
        coworkers = self.shared.worker(waits.marks)
        return WorkerSides(store.replicas(TEAM, reader), coworkers, waits, reader)

    def due(self) -> bool:
        """Whether anything here waits for the directory. On the thread that opened the store."""
        return bool(self._store._reader.connection.value(_DUE, (TEAM,))) or self.shared.due()

    def part(self) -> None:
        """Read and write my book alone from now on. On the thread that opened the store."""
        self._store.reads.beside(None)
        self._store.writes.beside(None)

    def close(self) -> None:
        """Finish what was asked for, then close the coworkers' book. Blocks until it is done; see `part` first."""
        self.shared.close()
