"""What the users of the desks say to the engine's questions, and what must have come of it when all is quiet.

Whoever says "two" of what was one has two from then on, whoever says "put it back" of what lives on in another one has
it twice, unless another desk knows its id for one of that other one and joins them again, and what is deleted by an
answer is deleted by a person: the ledger is told. All else must be as ever.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from random import Random

from ringdesk.desk.accounts import ANSWERS
from ringdesk.domain.card import Card
from ringdesk.domain.replica import Choice, LinkState, Question, Review
from ringdesk.sync.keys import SINGLES
from ringdesk.sync.mergers import whole
from tests.sync.desk import Desk
from tests.sync.deskwork import Deskwork
from tests.sync.parts import Weather
from tests.sync.world import NOBODY, SINGLE, People, born_on, tokens_of

_MOST_TURNS = 6
"""An answer may lead to another question, but these come to an end."""

_Pair = tuple[int, Review, str, str, str]


@dataclass(frozen=True)
class Said:
    """An answer, with the contact that it is about and all others that may be the same, as they were before it."""

    number: int
    question: Question
    choice: Choice
    card: Card
    others: tuple[Card, ...]
    lived_on: frozenset[str] = frozenset()
    """Those there that one which was gone had become a part of when its user was asked: who it was is on them."""
    was: str = ""
    """The id that it had there."""

    @property
    def pair(self) -> _Pair:
        """What it was asked about, and at which desk."""
        asked = self.question
        return self.number, asked.kind, asked.contact, asked.remote, asked.field

    @property
    def about(self) -> frozenset[str]:
        """Whom it may change."""
        return born_on(self.card).union(*map(born_on, self.others))

    def __str__(self) -> str:
        return f"desk {self.number}: {self.question.kind.value} {self.question.contact} {self.choice.name.lower()}"


class Answering:
    """Answers at random, by dice of its own: a schedule in which nobody answers is what it would be without it."""

    def __init__(self, dice: Random, people: People, work: Deskwork, weather: Weather) -> None:
        self._dice = dice
        self._people = people
        self._work = work
        self._weather = weather

    def one(self, number: int) -> Said | None:
        """A desk's user answers one open question; gives it if that was taken."""
        begun: list[Said] = []
        taken: list[Said] = []
        self._work.live(number, "answer", partial(self._say, number, begun))
        for said in begun:
            self._work.calmly(number, partial(self._taken, said, taken))
        return taken[0] if taken else None

    def every(self, rests: Callable[[], int]) -> tuple[int, list[str]]:
        """All of them, until nobody is asked any more: what had been sent before the last round, and what is wrong."""
        before: dict[_Pair, Said] = {}
        mutations = 0
        for _ in range(_MOST_TURNS):
            while asking := [number for number, desk in enumerate(self._work.desks) if desk.replicas.questions()]:
                said = self.one(self._dice.choice(asking))
                if said is None or (said.pair in before and not _moved(said, before)):
                    return mutations, [f"{said or self._work.desks[asking[0]].replicas.questions()} is asked again"]
                before[said.pair] = said
            mutations = rests()
            if not any(desk.replicas.questions() for desk in self._work.desks):
                return mutations, [f"{said} was forgotten" for said in self._forgotten([*before.values()])]
        return mutations, [f"after {len(before)} answers there is still something to ask"]

    # One answer --------------------------------------------------------------------------------------------------

    def _say(self, number: int, begun: list[Said]) -> str:
        desk = self._work.desks[number]
        asked = desk.replicas.questions()
        if not asked:
            return "nothing"
        question = self._dice.choice(asked)
        choice = self._dice.choice(ANSWERS[question.kind])
        local = desk.replicas.contact(question.contact)
        card = NOBODY if local is None else desk.seen(local.card)
        link, others = desk.replicas.link(question.contact), tuple(self._others(desk, question))
        was = "" if link is None else link.remote
        begun.append(said := Said(number, question, choice, card, others, self._lives_on(question, card), was))
        desk.answer(question, choice)
        return str(said)

    def _others(self, desk: Desk, asked: Question) -> Iterator[Card]:
        """Who else there is that the question is about."""
        if asked.kind is Review.MERGED and (into := whole(desk.replicas, asked.remote)) is not None:
            yield into.card
        if asked.kind in (Review.DOUBTFUL, Review.CLASH):
            link = desk.replicas.link(asked.contact) if asked.kind is Review.CLASH else None
            remote = asked.remote if link is None else link.remote  # since it was asked, it may have got another id
            yield from (one.card for one in self._people.hand.all() if one.remote == remote)
        if asked.kind is Review.DOUBTFUL:
            others = [one.contact for one in desk.replicas.questions(Review.DOUBTFUL) if one.remote == asked.remote]
            alike = (desk.replicas.contact(one) for one in others if one != asked.contact)
            yield from (one.card for one in alike if one is not None)

    def _lives_on(self, asked: Question, card: Card) -> frozenset[str]:
        born = born_on(card) if asked.kind in (Review.REMOVED, Review.MERGED) else frozenset[str]()
        return frozenset(one.remote for one in self._people.hand.all() if born and born <= born_on(one.card))

    def _taken(self, said: Said, taken: list[Said]) -> None:
        """The answer was taken, unless it broke off: what the people have done by it."""
        desk, asked, ledger = self._work.desks[said.number], said.question, self._people.ledger
        still = desk.replicas.questions(asked.kind, asked.contact)
        if any((one.remote, one.field) == (asked.remote, asked.field) for one in still):
            return
        taken.append(said)
        self._weather.injected[f"answers {asked.kind.value} {said.choice.name.lower()}"] += 1
        match said.choice:
            case Choice.DELETE if desk.replicas.contact(asked.contact) is None:
                ledger.replaced(said.card, None)
            case Choice.KEEP:
                ledger.kept.add((said.number, asked.contact))
            case Choice.CREATE:
                ledger.unlike |= born_on(said.card) & ledger.merged.keys()
            case Choice.DIFFERENT:
                born = Counter(token for card in (said.card, *said.others) for token in born_on(card))
                ledger.unlike |= {token for token, count in born.items() if count > 1}
            case Choice.SAME:
                ledger.joined |= said.about
            case _:
                pass

    # At the end --------------------------------------------------------------------------------------------------

    def _forgotten(self, every: list[Said]) -> Iterator[Said]:
        """Answers of which nothing has come, though nobody said anything against it."""
        for said in every:
            against = (other for other in every if other is not said and said.about & other.about)
            if all(one.choice is said.choice is not Choice.MINE for one in against) and not self._kept(said):
                yield said

    def _kept(self, said: Said) -> bool:
        """Whether it is as the user said."""
        desk, asked = self._work.desks[said.number], said.question
        here, link = desk.replicas.contact(asked.contact) is not None, desk.replicas.link(asked.contact)
        linked = here and link is not None and link.state is LinkState.ACTIVE
        other = desk.replicas.links([asked.remote]).get(asked.remote)
        is_other = other is not None and other.contact == asked.contact
        match asked.kind, said.choice:
            case Review.REMOVED, Choice.DELETE:
                return linked or not here
            case Review.REMOVED, Choice.KEEP:
                return here
            case (Review.REMOVED, Choice.CREATE) | (Review.MERGED, Choice.DIFFERENT):
                return linked or (not here and self._joined_again(said))
            case Review.MERGED, Choice.SAME:
                return not here
            case Review.DOUBTFUL, Choice.SAME:
                return is_other
            case Review.DOUBTFUL, Choice.DIFFERENT:
                return not is_other
            case Review.CLASH, _ if asked.field in SINGLES and linked:
                [wanted] = [said.card] if said.choice is Choice.MINE else said.others
                is_now, shall = (getattr(card, asked.field) for card in (desk.get(asked.contact).card, wanted))
                return bool(is_now == shall)
            case _:
                return True

    def _joined_again(self, said: Said) -> bool:
        """Whether it was put back there and is, by now, a part of the one that it had lived on in, with all its values.

        To another desk its id stands for that one, or was that one's own, so what bears it as a former one was a double
        to it, just as if two desks had made one again. Of two names, notes or pictures one is history, which
        `Judge.lost` looks after.
        """
        desk = self._work.desks[said.number]
        by_it = (one for one in self._people.hand.made() if (one.desk, one.id) == (said.number, said.question.contact))
        if not any(said.was in one.was for one in by_it):
            return False
        values = {token for token in tokens_of(said.card) if not token.startswith(SINGLE)}
        links = desk.replicas.links([*said.lived_on]).values()
        into = (desk.replicas.contact(link.contact) for link in links if link.state is LinkState.ACTIVE)
        return any(one is not None and values <= tokens_of(one.card) for one in into)


def _moved(said: Said, before: Mapping[_Pair, Said]) -> bool:
    """Whether the user of another desk has changed there meanwhile what this one has yet to send.

    By now this desk's own answers may have put there who it was here: it is about whom it was before, too.
    """
    about = said.about | before[said.pair].about
    others = [one for one in before.values() if one.number != said.number]
    return said.question.kind is Review.CLASH and any(about & one.about for one in others)
