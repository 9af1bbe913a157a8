"""Nothing is erased on one answer: a round that is told that this desk is out asks once more, on another connection."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import pytest

from ringdesk.app.team_rounds import SECOND_LOOK, LateRounds, TeamLink
from ringdesk.domain.news import News
from ringdesk.domain.remote import Death, RemoteError, Retry, SignInDead
from ringdesk.domain.team import TeamHeard
from ringdesk.sync.context import Report
from ringdesk.sync.worker import Worker

OUT = SignInDead(Death.DISABLED)
WELCOME = Report()


class Post:
    """Keeps what is told."""

    def __init__(self) -> None:
        self.told: list[News] = []

    def send(self, news: News) -> None:
        self.told.append(news)


class Clockless:
    """A worker that waits no time; `stops` while it waits."""

    def __init__(self, *, stops: bool = False) -> None:
        self.waited: list[float] = []
        self._stops = stops

    def pause(self, seconds: float) -> None:
        self.waited.append(seconds)

    def stopped(self) -> bool:
        return self._stops and bool(self.waited)


class Answers(LateRounds):
    """Rounds with a directory that answers so, one answer a round."""

    def __init__(self, answers: Sequence[Report | RemoteError], *, stops: bool = False) -> None:
        self.post, self.clockless, self.answers = Post(), Clockless(stops=stops), list(answers)
        super().__init__(cast(TeamLink, self.post), cast(Worker, self.clockless))

    def _round(self, *, full: bool) -> Report:
        answer = self.answers.pop(0)
        if isinstance(answer, RemoteError):
            raise answer
        return answer


def test_who_is_told_twice_is_out() -> None:
    rounds = Answers([OUT, OUT])
    with pytest.raises(SignInDead) as caught:
        rounds.round()
    assert caught.value.cause is Death.DISABLED
    assert rounds.clockless.waited == [SECOND_LOOK]
    assert rounds.post.told == [TeamHeard(False, "shut out")]


def test_who_is_let_in_at_the_second_look_goes_on() -> None:
    assert Answers([OUT, WELCOME]).round() is WELCOME


def test_a_server_that_is_away_at_the_second_look_says_nothing_of_leaving() -> None:
    with pytest.raises(Retry):
        Answers([OUT, Retry("away")]).round()


def test_a_desk_that_quits_before_the_second_look_is_not_out() -> None:
    rounds = Answers([OUT, OUT], stops=True)
    with pytest.raises(Retry):
        rounds.round()
    assert len(rounds.answers) == 1, "nobody was asked again"


@pytest.mark.parametrize("cause", [Death.PASSWORD, Death.NO_SECRET])
def test_another_refusal_is_told_at_once(cause: Death) -> None:
    rounds = Answers([SignInDead(cause)])
    with pytest.raises(SignInDead):
        rounds.round()
    assert rounds.clockless.waited == []
