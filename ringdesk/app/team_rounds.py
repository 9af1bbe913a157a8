"""What the team's worker works with, opened on its thread: the seat, the password, the directory, both books."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import replace
from queue import SimpleQueue
from random import Random
from typing import Final

from ringdesk.app.places import Places
from ringdesk.app.team_seat import Seat, SeatError, read_seat
from ringdesk.domain.effects import PutAccount
from ringdesk.domain.numbering import parse
from ringdesk.domain.orders import SyncNow
from ringdesk.domain.phone import E164
from ringdesk.domain.remote import Death, RemoteError, Retry, SignInDead, Stop
from ringdesk.domain.replica import Choice, GoneThere, Policy, Question
from ringdesk.domain.sockets import Clock, Ids, Secrets, SecretsUnavailable, SendNews
from ringdesk.domain.team import SHOWN, TeamHeard
from ringdesk.providers.team.book import TeamBook, Wakes
from ringdesk.providers.team.directory import Directory
from ringdesk.providers.team.link import connect
from ringdesk.providers.team.listen import Deaf, Listener, Listening, State
from ringdesk.providers.team.trouble import TeamTrouble
from ringdesk.store.joined import Joined, WorkerSides
from ringdesk.sync.context import Report
from ringdesk.sync.coworkers import Coworkers, Mine
from ringdesk.sync.engine import Engine
from ringdesk.sync.team import TeamRounds
from ringdesk.sync.unasked import Unasked
from ringdesk.sync.worker import Worker

log = logging.getLogger(__name__)

TEAM: Final = "team"
SECOND_LOOK: Final = 10.0
"""Seconds between being told that this desk is out and asking again: an offboarding is taken back sooner than that."""


class TeamLink:
    """What the rounds are made of. Belongs to the worker's thread; `answered` is filled by the main thread."""

    def __init__(
        self,
        joined: Joined,
        here: Places,
        secrets: Secrets,
        *,
        clock: Clock,
        ids: Ids,
        region: Callable[[], str],
        send: SendNews,
        chosen: Callable[[], frozenset[str]],
        answered: SimpleQueue[tuple[str, str]],
    ) -> None:
        self.joined, self._here, self._secrets = joined, here, secrets
        self.clock, self.ids, self.region, self.send, self.chosen = clock, ids, region, send, chosen
        self._answered = answered

    def seat(self) -> tuple[Seat, str]:
        """The seat and its password. Raises SignInDead, Stop."""
        try:
            seat = read_seat(self._here)
        except SeatError as error:
            raise Stop("seat", str(error)) from error
        if seat is None:
            raise Stop("seat", "this desk has left the team")
        try:
            password = self._secrets.get(seat.key)
        except SecretsUnavailable as error:
            raise SignInDead(Death.NO_SECRET, error.why) from error
        if password is None:
            raise SignInDead(Death.NO_SECRET)
        return seat, password

    def tell_answered(self, book: TeamBook) -> None:
        """Tell of rings that were answered here; what cannot be told now is not news any more."""
        while not self._answered.empty():
            department, number = self._answered.get()
            read = parse(number, self.region())
            if isinstance(read, E164):
                book.tell_answered(self.ids.new(), department, read)


class LateRounds(Unasked):
    """`sync.worker.Rounds` over a directory that is opened with the first round, and anew where the sign-in died."""

    def __init__(self, link: TeamLink, worker: Worker) -> None:
        self._link, self._worker = link, worker
        self._sides: WorkerSides | None = None
        self._open: tuple[TeamRounds, TeamBook] | None = None
        self._hurry: Callable[[], None] = lambda: None

    def round(self, *, full: bool = False) -> Report:
        """One round. That this desk is out of the team is raised only where two connections in a row were told so."""
        try:
            return self._round(full=full)
        except SignInDead as error:
            if error.cause is not Death.DISABLED:
                raise
            log.warning("the team says that this desk is out; asking once more in %.0f s", SECOND_LOOK)
        self._link.send(TeamHeard(False, TeamTrouble.OUT.value))
        self._worker.pause(SECOND_LOOK)
        if self._worker.stopped():
            raise Retry("asked to stop before the second look")
        return self._round(full=full)

    def _round(self, *, full: bool) -> Report:
        try:
            rounds, book = self._opened()
            self._link.tell_answered(book)
            report = rounds.round(full=full)
        except (SignInDead, Stop):
            self._drop()
            raise
        self._hurry()
        return report

    def answer(self, question: Question, choice: Choice) -> None:
        """What the user decided."""
        self._opened()[0].answer(question, choice)

    def look_again(self) -> None:
        """What is shown of contacts has changed."""
        self._opened()[0].look_again()

    def approve(self, deletions: int, kept: Collection[str]) -> None:
        """The user allows so many deletions, once, and wants these contacts kept."""
        self._opened()[0].approve(deletions, kept)

    def close(self) -> None:
        """Hang up and close the connections to both books."""
        self._drop()
        if self._sides is not None:
            self._sides.close()

    def _opened(self) -> tuple[TeamRounds, TeamBook]:
        if self._open is None:
            seat, password = self._link.seat()
            self._sides = self._sides or self._link.joined.worker()
            self._know(self._sides, seat)
            book = self._book(seat, password)
            self._open = self._rounds(self._sides, book), book
            book.on_wake(lambda: self._worker.order(SyncNow()))
        return self._open

    def _know(self, sides: WorkerSides, seat: Seat) -> None:
        """Keep the account; what was ticked before there was a team is looked at now."""
        account = sides.replicas.account()
        name = f"{seat.login}@{seat.host}:{seat.port}/{seat.database}"
        if account.name != name:
            sides.replicas.commit([PutAccount(replace(account, kind=TEAM, name=name, cursor=None))])
            sides.waits.touch_ticked(TEAM)

    def _book(self, seat: Seat, password: str) -> TeamBook:
        def told(state: State) -> None:
            heard = isinstance(state, Listening)
            self._link.send(TeamHeard(heard, "" if isinstance(state, Listening) else state.trouble.value))
            if isinstance(state, Deaf) and state.trouble is TeamTrouble.OUT:
                self._worker.order(SyncNow())  # what follows from that is decided by a round

        def wakes(wake: Callable[[], None]) -> Callable[[], None]:
            listener = Listener(lambda: connect(seat.server, seat.login, password), wake, told)
            listener.start()
            self._hurry = listener.hurry
            return listener.stop

        listen: Wakes = wakes
        directory = Directory(seat.server, seat.login, password)
        return TeamBook(directory, region=self._link.region, chosen=self._link.chosen, wakes=listen)

    def _rounds(self, sides: WorkerSides, book: TeamBook) -> TeamRounds:
        link, worker = self._link, self._worker
        coworkers = Coworkers(sides.coworkers, ids=link.ids, region=link.region, tell=link.send)
        engine = Engine(
            sides.replicas,
            Mine(book, coworkers),
            policy=lambda: Policy(fields=frozenset(SHOWN) | link.chosen(), gone_there=GoneThere.KEEP),
            region=link.region,
            clock=link.clock,
            ids=link.ids,
            dice=Random(),
            pause=worker.pause,
            stopped=worker.stopped,
            tell=worker.progress,
        )
        return TeamRounds(
            engine, book, book, coworkers, sides.coworkers, sides.waits,
            clock=link.clock, ids=link.ids, region=link.region, tell=link.send,
        )  # several to a line  # fmt: skip

    def _drop(self) -> None:
        if self._open is not None:
            with suppress(RemoteError):  # it is given up either way
                self._open[0].close()
            self._open = None
