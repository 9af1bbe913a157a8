"""The people of the simulator: what they do on either side, and what must be true of it all at the end.

Every value that somebody enters is a token found nowhere else, so that a lost one can be named.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass, field, replace
from random import Random
from typing import Protocol

from ringdesk.domain.card import Card, CustomField, Email, Name, PhoneEntry
from ringdesk.domain.contact import Contact, Coworker, Me, Origin, Owner
from ringdesk.domain.document import to_document
from ringdesk.domain.replica import Link, LinkState, Review
from ringdesk.sync.merge import differing
from ringdesk.sync.view import View
from tests.sync.desk import REGION, Desk, VirtualClock

BORN = "born"
SINGLE = ("note", "name")
_TOKEN = re.compile(r"[\w+@.]+")
GROUPS = ("Clients", "Friends", "Suppliers")


@dataclass(frozen=True)
class There:
    """A contact of the account as its user sees it; the card has its groups."""

    remote: str
    card: Card
    id: str


class HandSide(Protocol):
    """The account as its user works with it by hand, beside the program: memory, the practice Google."""

    def all(self) -> list[There]:
        """Every contact there is."""

    def trash(self) -> list[There]:
        """Every contact that was deleted."""

    def add(self, card: Card) -> None:
        """A new contact."""

    def edit(self, remote: str, card: Card) -> None:
        """Make a contact as the card says, groups included."""

    def delete(self, remote: str) -> None:
        """Delete a contact."""

    def restore(self, remote: str) -> None:
        """Take it out of the trash."""

    def merge(self, into: str, gone: str, card: Card) -> None:
        """Make one of two."""

    def phantom(self, remote: str) -> None:
        """Give it a new etag and nothing else."""

    def rename(self, remote: str) -> None:
        """Let a contact get another id, as linking it with a profile does."""

    def mutations(self) -> int:
        """How many changes the program has asked for."""

    def sent(self) -> str:
        """Everything the program has ever sent, as text."""

    def harmed(self) -> list[str]:
        """What the program has done to things it knows nothing of."""


def tokens_of(card: Card) -> set[str]:
    """Every token on a card."""
    values = [phone.value for phone in card.phones] + [email.value for email in card.emails]
    custom = [one.value for one in card.custom]
    return {*values, *custom, *([card.note] if card.note else []), *([card.name.given] if card.name.given else [])}


@dataclass
class Ledger:
    """What was entered, and what the people themselves have taken away again."""

    entered: dict[str, str] = field(default_factory=dict)
    excused: set[str] = field(default_factory=set)
    private: set[str] = field(default_factory=set)
    """Tokens of anonymous callers and of coworkers: never to be seen in the account."""
    late: set[str] = field(default_factory=set)
    """What was entered between this desk's last look at a contact and its deletion: Google guards no deletion by etag,
    so that only its trash has it."""
    trace: list[str] = field(default_factory=list)

    def enter(self, token: str, where: str) -> str:
        self.entered[token] = where
        return token

    def replaced(self, before: Card, after: Card | None) -> None:
        """A person has changed a card, or deleted it (None)."""
        self.excused |= tokens_of(before) - (tokens_of(after) if after is not None else set())


class People:
    """Edits on the desks and in the account, at random."""

    def __init__(self, dice: Random, ledger: Ledger, hand: HandSide, clock: VirtualClock) -> None:
        self.dice = dice
        self.ledger = ledger
        self.hand = hand
        self.clock = clock
        self.count = 0

    def token(self, kind: str, where: str) -> str:
        self.count += 1
        made = {
            "phone": f"+3491{self.count:07d}",
            "email": f"t{self.count}@example.com",
        }.get(kind, f"{kind}{self.count}")
        return self.ledger.enter(made, where)

    def card(self, where: str) -> Card:
        groups = (self.dice.choice(GROUPS),) if self.dice.random() < 0.3 else ()
        return Card(
            name=Name(given=self.token("name", where)),
            phones=(PhoneEntry(self.token("phone", where), "mobile"),),
            custom=(CustomField(BORN, self.token("born", where)),),
            groups=groups,
        )

    def changed(self, card: Card, where: str) -> Card:
        """The card with one thing changed."""
        kind = self.dice.choice(("phone", "phone", "email", "note", "name", "group", "less", "label"))
        match kind:
            case "phone":
                return replace(card, phones=(*card.phones, PhoneEntry(self.token("phone", where), "work")))
            case "email":
                return replace(card, emails=(*card.emails, Email(self.token("email", where), "work")))
            case "note":
                return replace(card, note=self.token("note", where))
            case "name":
                return replace(card, name=Name(given=self.token("name", where)))
            case "group":
                group = self.dice.choice(GROUPS)
                kept = tuple(one for one in card.groups if one != group)
                return replace(card, groups=kept if group in card.groups else (*card.groups, group))
            case "less" if len(card.phones) > 1:
                return replace(card, phones=card.phones[1:])
            case "label" if card.phones:
                first = replace(card.phones[0], label=self.dice.choice(("mobile", "home", "work", "main")))
                return replace(card, phones=(first, *card.phones[1:]))
            case _:
                return card

    # On a desk ---------------------------------------------------------------------------------------------------

    def at_desk(self, desk: Desk, name: str) -> None:
        mine = [contact for contact in desk.contacts() if isinstance(contact.owner, Me) and contact.known]
        mine.sort(key=lambda contact: contact.id)
        kind = self.dice.random()
        if kind < 0.25 or not mine:
            desk.add(self.card(name))
        elif kind < 0.32:
            self._private(desk, name)
        elif kind < 0.42:
            gone = self.dice.choice(mine)
            self.ledger.replaced(gone.card, None)
            desk.delete(gone.id)
        else:
            one = self.dice.choice(mine)
            card = self.changed(one.card, name)
            self.ledger.replaced(one.card, card)
            desk.edit(one.id, card)
        self.ledger.trace.append(f"{name} {kind:.6f}")

    def _private(self, desk: Desk, name: str) -> None:
        if self.dice.random() < 0.5:
            phone = self.token("phone", f"{name} caller")
            self.ledger.private.add(phone)
            desk.add(Card(phones=(PhoneEntry(phone),)), origin=Origin.CALL)
            return
        card = self.card(f"{name} coworker")
        self.ledger.private |= tokens_of(card)
        owner: Owner = Coworker("maria", "Maria")
        desk.add(card, owner=owner, origin=Origin.TEAM)

    # In the account ----------------------------------------------------------------------------------------------

    def by_hand(self) -> None:
        """Somebody works in the account's own window."""
        there = sorted(self.hand.all(), key=lambda one: one.remote)
        kind = self.dice.random()
        if kind < 0.25 or not there:
            self.hand.add(self.card("account"))
        elif kind < 0.33:
            gone = self.dice.choice(there)
            self.ledger.replaced(gone.card, None)
            self.hand.delete(gone.remote)
        elif kind < 0.38:
            self._restore(there)
        elif kind < 0.43 and len(there) > 1:
            self._merge(there)
        elif kind < 0.5:
            self.hand.phantom(self.dice.choice(there).remote)
        elif kind < 0.53:
            self.hand.rename(self.dice.choice(there).remote)
        else:
            one = self.dice.choice(there)
            card = self.changed(one.card, "account")
            self.ledger.replaced(one.card, card)
            self.hand.edit(one.remote, card)
        self.ledger.trace.append(f"account {kind:.6f}")

    def _restore(self, there: list[There]) -> None:
        living = {custom.value for one in there for custom in one.card.custom}
        dead = [one for one in self.hand.trash() if living.isdisjoint(custom.value for custom in one.card.custom)]
        if dead:
            self.hand.restore(self.dice.choice(sorted(dead, key=lambda one: one.remote)).remote)

    def _merge(self, there: list[There]) -> None:
        one, other = self.dice.sample(there, 2)
        card = replace(
            one.card,
            phones=(*one.card.phones, *(p for p in other.card.phones if p not in one.card.phones)),
            emails=(*one.card.emails, *(e for e in other.card.emails if e not in one.card.emails)),
            custom=(*one.card.custom, *(c for c in other.card.custom if c not in one.card.custom)),
            groups=tuple(dict.fromkeys((*one.card.groups, *other.card.groups))),
            note=one.card.note or other.card.note,
        )
        self.ledger.replaced(other.card, card)
        self.hand.merge(one.remote, other.remote, card)


# What must be true -----------------------------------------------------------------------------------------------


def lost(ledger: Ledger, hand: HandSide, desks: list[Desk], *, far: bool = False, narrow: bool = False) -> list[str]:
    """Values that somebody entered, nobody took away, and that can be found nowhere, not even in a history.

    `far`: a desk synced only to the account for a while, and may have replaced a note or a name there. `narrow`: a desk
    left fields out for a while, so that what was entered in them there did not keep a contact from being deleted by it;
    the trash has that.
    """
    found: set[str] = set()
    for one in hand.all():
        found |= tokens_of(one.card)
    for desk in desks:
        for contact in desk.contacts():
            found |= tokens_of(contact.card)
    missing = {token for token in ledger.entered if token not in found} - ledger.excused
    missing -= ledger.late & {token for one in hand.trash() for token in tokens_of(one.card)}
    if narrow:
        trashed = {token for one in hand.trash() for token in tokens_of(one.card)}
        missing = {one for one in missing if not (one in trashed and ledger.entered[one] == "account")}
    if far:
        missing = {one for one in missing if not (one.startswith(SINGLE) and ledger.entered[one] == "account")}
    return [f"lost {token} of {ledger.entered[token]}" for token in sorted(missing) if not _in_history(token, desks)]


def _in_history(token: str, desks: list[Desk]) -> bool:
    single = token.startswith(SINGLE)
    return single and any(
        desk.reader.connection.value(
            "SELECT 1 FROM change WHERE field IN ('note', 'name') AND (instr(old, ?1) OR instr(new, ?1))",
            (f'{token}"',),
        )
        for desk in desks
    )


def doubled(hand: HandSide, desks: list[Desk]) -> list[str]:
    """Contacts that are there twice."""
    wrong: list[str] = []
    books: dict[str, list[Card]] = {"account": [one.card for one in hand.all()]}
    for number, desk in enumerate(desks):
        removed = {question.contact for question in desk.replicas.questions(Review.REMOVED)}
        books[f"desk {number}"] = [contact.card for contact in desk.contacts() if contact.id not in removed]
    for where, cards in books.items():
        born = Counter(custom.value for card in cards for custom in card.custom if custom.key == BORN)
        wrong += [f"{token} {count} times at {where}" for token, count in sorted(born.items()) if count > 1]
    marks = Counter(one.id for one in hand.all() if one.id)
    return wrong + [f"id {id} {count} times in the account" for id, count in sorted(marks.items()) if count > 1]


def leaked(ledger: Ledger, hand: HandSide) -> list[str]:
    """Anonymous or coworkers' contacts in the account, or in any request that was ever sent."""
    found = {token for one in (*hand.all(), *hand.trash()) for token in tokens_of(one.card)}
    found |= {*_TOKEN.findall(hand.sent())}
    return [f"leaked {token}" for token in sorted(found & ledger.private)]


def apart(hand: HandSide, desks: list[Desk], only_to: frozenset[int] = frozenset()) -> list[str]:
    """Where a desk and the account do not agree.

    `only_to` are desks that synced only to the account for a while: they need not have what was edited there then.
    """
    wrong: list[str] = []
    there = {one.remote: one for one in hand.all()}
    for number, desk in enumerate(desks):
        wrong += [f"desk {number}: {trouble}" for trouble in _apart(desk, there, agreed=number in only_to)]
    return wrong


def _apart(desk: Desk, there: dict[str, There], *, agreed: bool) -> list[str]:
    view = View(desk.policy, desk.book.capabilities, REGION)
    wrong: list[str] = []
    left = dict(there)
    doubts = {one.remote for one in desk.replicas.questions(Review.DOUBTFUL)}
    doubts |= {link.remote for link in desk.replicas.in_state(LinkState.IGNORED, 1000)}  # deleted here, kept there
    waiting = {one.contact for one in desk.replicas.questions(Review.DOUBTFUL)}
    for contact in desk.contacts():
        link = desk.replicas.link(contact.id)
        if link is None or link.state is LinkState.DELETED:
            if view.goes_out(contact) and contact.id not in waiting:
                wrong.append(f"{contact.card.display_name} never reached the account")
        elif link.state is LinkState.ACTIVE:
            one = left.pop(link.remote, None)
            wrong += _unsettled(view, contact, link, one) if agreed and one else _pair(view, contact, one)
    wrong += [f"{one.card.display_name} never came here" for one in left.values() if one.remote not in doubts]
    if desk.replicas.entries():
        wrong.append("the outbox is not empty")
    return wrong


def _pair(view: View, contact: Contact, one: There | None) -> list[str]:
    if one is None:
        return [f"{contact.card.display_name} is linked to nothing"]
    fields = differing(view.visible(contact.card), view.visible(one.card), REGION)
    shown = {name: (to_document(contact.card).get(name), to_document(one.card).get(name)) for name in sorted(fields)}
    return [f"{contact.card.display_name} differs in {json.dumps(shown)}"] if fields else []


def _unsettled(view: View, contact: Contact, link: Link, one: There) -> list[str]:
    """Where one side is not as it was at the last agreement."""
    here = differing(view.visible(contact.card), link.base, REGION)
    there = differing(view.visible(one.card), link.lies_there, REGION)
    return [f"{contact.card.display_name} waits with {sorted(here | there)}"] if here | there else []
