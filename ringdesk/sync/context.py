"""What the parts of a round share: the sockets, the choices, what is known of the labels, and the report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from random import Random
from typing import Final, TypeVar

from ringdesk.domain.card import Card
from ringdesk.domain.effects import Effect, PutAccount, Replicas
from ringdesk.domain.remote import Capabilities, RemoteBook, RemoteContact, RemoteItem
from ringdesk.domain.replica import Policy, Review
from ringdesk.domain.sockets import Clock, Ids
from ringdesk.domain.status import StoreError, StoreTrouble
from ringdesk.domain.syncing import Phase
from ringdesk.sync.plan import Deed, Frame, Step
from ringdesk.sync.reading import Reading
from ringdesk.sync.view import Labels, View

T = TypeVar("T")

Tell = Callable[[Phase, int, int | None], None]
"""Told how far a round has come: what it is at, contacts done, of how many (None: nobody knows yet)."""

MOST_LISTED: Final = 1000
STALE_TRIES: Final = 8


@dataclass(frozen=True, slots=True)
class Waiting:
    """A contact that this run of the program has found gone there, said so at `told`, with the user's word to come."""

    remote: str
    told: float
    doubts: frozenset[tuple[Review, str]]
    """The ids there that it may be, or have become a part of: an answer about another one may make that of this."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a report's list: what was done with which contact."""

    deed: Deed
    contact: str
    name: str
    fields: frozenset[str] = frozenset()


@dataclass(slots=True)
class Report:
    """What a round did, or a rehearsal would do."""

    counts: Counter[Deed] = field(default_factory=Counter)
    lines: list[Line] = field(default_factory=list)
    most: int = MOST_LISTED
    """So many lines are kept."""
    unclear: int = 0
    """Requests of which nobody knows whether they were carried out."""
    unreadable: int = 0
    questions: int = 0
    """So many questions of all rounds are open."""
    invalid: int = 0
    put_off: int = 0
    guard_here: int = 0
    """So many deletions here wait for the user's word."""
    guard_there: int = 0
    guarded: list[Line] = field(default_factory=list)
    """The deletions that wait, as far as they are listed."""
    distrusted: bool = False
    """The full listing was not whole, so that nothing was concluded from what it lacked."""
    stopped: bool = False
    more: bool = False
    """Pictures are left that did not fit into this round; the next one need not wait for its time."""

    def waits(self, deed: Deed, steps: Sequence[Step], name: Callable[[Step], str]) -> int:
        """List the deletions of one side that wait for the user's word; gives how many there are."""
        others = [line for line in self.guarded if line.deed is not deed]
        listed = steps[: max(0, self.most - len(others))]
        self.guarded = [*others, *(Line(deed, step.contact, name(step)) for step in listed)]
        return len(steps)

    def note(self, step: Step, name: str = "") -> None:
        """Count a step."""
        if step.deed is Deed.NOTHING or step.deed is Deed.CHECK:
            return
        self.counts[step.deed] += 1
        if len(self.lines) < self.most:
            self.lines.append(Line(step.deed, step.contact, name, step.fields))

    def add(self, deed: Deed, done: Sequence[tuple[str, Card]]) -> None:
        """Count what was done with contacts (ids and cards) of which there is nothing else to tell."""
        self.counts[deed] += len(done)
        listed = done[: max(0, self.most - len(self.lines))]
        self.lines += [Line(deed, contact, card.display_name) for contact, card in listed]


@dataclass(frozen=True, slots=True)
class Came:
    """What a report has brought onto a contact there: its ids here, what it had before, what it has now.

    `doubtful`: it may be one of several here, so that it is none yet.
    """

    ids: frozenset[str]
    before: Card
    now: Card
    doubtful: bool = False


@dataclass(slots=True)
class Context:
    """One round's surroundings."""

    replicas: Replicas
    book: RemoteBook
    policy: Policy
    region: str
    clock: Clock
    ids: Ids
    dice: Random
    pause: Callable[[float], None]
    stopped: Callable[[], bool]
    tell: Tell
    since: float = 0.0
    """When this run of the program began; what was written down before was told by a clock that may have been set."""
    report: Report = field(default_factory=Report)
    grown: set[str] = field(default_factory=set)
    """Contacts here that got phones or e-mails from the account in this round."""
    came: dict[str, Came] = field(default_factory=dict)
    """What this round has brought onto contacts there, as far as it is kept."""
    resumes: bool = False
    """Whether rounds before this one broke off when they had changed something, or an answer has: see `resumed`."""
    waiting: set[Waiting] = field(default_factory=set)
    unhad: dict[str, None] = field(default_factory=dict)
    """Contacts there whose picture could not be had this time, in that order: the others come first."""
    labels: Labels = field(default_factory=lambda: Labels(()))
    reading: Reading = field(init=False)
    _view: View | None = field(init=False, default=None)
    _round: int | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        """Where there are no containers, labels are part of the card."""
        self.reading = Reading(self.book, self.pause, self.dice, self.stopped)
        if not self.book.capabilities.groups:
            self.labels = Labels((), inside=True)

    @property
    def capabilities(self) -> Capabilities:
        """What the account can do."""
        return self.book.capabilities

    @property
    def view(self) -> View:
        """What of a contact takes part: one view while the account can do the same, for it remembers what follows."""
        able = self.capabilities
        if self._view is None or self._view.capabilities is not able:
            self._view = View(self.policy, able, self.region)
        return self._view

    @property
    def form(self) -> str:
        """What a cursor is good for: another form of the account, or a wider choice here, asks for everything anew."""
        policy, view = self.policy, self.view
        chosen = (view.inward, sorted(policy.labels), policy.only_with_phones)
        mapped = (sorted(view.left_out), sorted(policy.private_custom))
        return f"{self.book.form} {chosen} {mapped}"

    def changes_form(self) -> bool:
        """Whether what comes from now on is of another form than what has come: it is of neither, until all of it has.

        To be asked before anything is taken in: a round that breaks off, or an answer, may be the only one of its form.
        """
        account = self.replicas.account()
        if account.form == self.form:
            return False
        if account.form:
            self.replicas.commit([PutAccount(replace(account, form=""))])
        return True

    @property
    def all_wanted(self) -> bool:
        """Whether every contact of the account is to come here, so that one nobody knows of is worth a question."""
        policy = self.policy
        inward = self.view.inward
        chosen = policy.labels or policy.only_with_phones
        return inward and not chosen and self.capabilities.cursor_life is not None

    def frame(self) -> Frame:
        """What planning needs to know."""
        if self._round is None:  # nobody else counts rounds while this one holds the account
            self._round = self.replicas.account().round + 1
        return Frame(self.view, self.clock.now(), self._round, self.since)

    def learn(self, items: Iterable[RemoteItem]) -> None:
        """Read the containers again where a contact is in one that was not there when they were read."""
        met = {one for item in items if isinstance(item, RemoteContact) for one in item.containers}
        if self.capabilities.groups and not met <= {one.remote for one in self.labels.all}:
            self.labels = Labels(tuple(self.reading.containers()))

    def committed(self, make: Callable[[], tuple[list[Effect], T]]) -> T:
        """Work effects out and commit them; worked out anew where the user has saved a contact meanwhile."""
        for _ in range(STALE_TRIES):
            effects, result = make()
            try:
                self.replicas.commit(effects)
            except StoreError as error:
                if error.trouble is not StoreTrouble.STALE:
                    raise
            else:
                return result
        raise StoreError(StoreTrouble.STALE, "contacts change faster than they can be synced")


def sliced(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """The items, some at a time."""
    for start in range(0, len(items), max(1, size)):
        yield items[start : start + max(1, size)]
