"""The people of the simulator, and what they do on either side; `judge` says what must be true at the end.

Every value that somebody enters is a token found nowhere else, so that a lost one can be named.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from random import Random
from typing import Protocol

from ringdesk.domain.card import Card, CustomField, Email, Name, PhoneEntry
from ringdesk.domain.contact import Contact, Coworker, Me, Origin, Owner
from ringdesk.domain.replica import Link, LinkState, Review
from tests.sync.desk import Desk, VirtualClock
from tests.sync.pictures import WORD
from tests.sync.signs import Signs

BORN = "born"
SINGLE = ("note", "name", WORD)
NOBODY = Card()
KINDS = ("phone", "phone", "email", "note", "name", "group", "less", "label", WORD)
PICTURED = 0.15
"""How many new contacts have a picture."""
TELLS_WITHIN = 600.0
"""A round that begins so long after a change has heard of it."""
GROUPS = ("Clients", "Friends", "Suppliers")


@dataclass(frozen=True)
class There:
    """A contact of the account as its user sees it; the card has its groups, and the token of its picture."""

    remote: str
    card: Card
    id: str


@dataclass(frozen=True)
class Made:
    """A contact as a desk made it."""

    desk: int
    at: float
    card: Card
    id: str
    """Our own id on it."""
    was: frozenset[str]
    """The ids that it had there before, as the desk tells others; none where it had not been there."""

    @property
    def again(self) -> bool:
        """Whether it had been there before."""
        return bool(self.was)

    @property
    def marks(self) -> frozenset[str]:
        """All on it that tells who it is."""
        return self.was | {self.id}


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

    def made(self) -> list[Made]:
        """Contacts that the program has made."""

    def current(self, remote: str) -> str:
        """The id of what a request under this id is about: of another one, where what it named was merged into it."""

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
    return {*values, *custom, *(one for one in (card.note, card.name.given, card.photo) if one)}


def signs_of(card: Card) -> frozenset[str]:
    """The phones and e-mails on a card."""
    return frozenset([phone.value for phone in card.phones] + [email.value for email in card.emails])


def born_on(card: Card) -> frozenset[str]:
    """Who a card is, or who have become it."""
    return frozenset(one.value for one in card.custom if one.key == BORN)


def on_both_sides(desk: Desk, hand: HandSide, desks: Sequence[Desk]) -> Iterator[tuple[Contact, Link, There]]:
    """Contacts of a desk's user that are in the account as well, with nothing that its user is asked about; none of
    which one of `desks` asks whether it is somebody it has: a change may answer that, and two become one with the
    values of both."""
    asked = {question.remote for one in desks for question in one.replicas.questions(Review.DOUBTFUL)}
    there = {one.remote: one for one in hand.all() if one.remote not in asked}
    for contact in desk.contacts():
        link = desk.replicas.link(contact.id)
        if link is None or link.state is not LinkState.ACTIVE or not isinstance(contact.owner, Me):
            continue
        if link.remote in there and not link.held:
            yield contact, link, there[link.remote]


@dataclass
class Ledger:
    """What was entered, and what the people themselves have taken away again."""

    entered: dict[str, str] = field(default_factory=dict)
    excused: set[str] = field(default_factory=set)
    private: set[str] = field(default_factory=set)
    """Tokens of anonymous callers and of coworkers: never to be seen in the account."""
    unlike: set[str] = field(default_factory=set)
    """What was born on contacts without phone and e-mail that were merged into another: nobody can tell that from a
    deletion, and where a desk holds an edit, it makes the contact again. And on those that were merged and brought back
    by hand when the other one had been deleted: where a desk holds an edit of that one, it is made again with both.
    And on those whose other one was deleted before every desk had heard of the merge: one desk makes both again, edited
    as they were before it, another the one that they had become, and the account has nothing left that would tell.
    And on those of whose phones and e-mails the other one lost the last before every desk had heard of the merge, or
    that had got all of theirs in the account too shortly before it for every desk to have heard of these."""
    merged: dict[str, frozenset[str]] = field(default_factory=dict)
    """What was born on contacts that were merged into another, with their phones and e-mails. One whose creation an
    undo takes back, merged before the undo could delete it, stays on that desk beside what it has become a part of."""
    joined: set[str] = field(default_factory=set)
    """What was born on contacts that a user has said to be one: of two different ones one value is history."""
    deleted: set[tuple[str, str]] = field(default_factory=set)
    """Who deleted which contact."""
    kept: set[tuple[int, str]] = field(default_factory=set)
    """Contacts that are gone there and that a desk's user, asked about them, wants to keep at that desk."""
    back: dict[str, tuple[str, float]] = field(default_factory=dict)
    """What was born on `untold` ones that somebody took out of the trash again: under which id, and when."""
    trace: list[str] = field(default_factory=list)
    at: dict[str, float] = field(default_factory=dict)
    """When each token was entered."""
    merged_at: dict[str, float] = field(default_factory=dict)
    """When what was born on a contact became a part of another one."""
    renamed_at: dict[str, float] = field(default_factory=dict)
    """When, in the account, the contact on which something was born got another id."""
    untold: dict[str, float] = field(default_factory=dict)
    """What was born on contacts that were deleted before every desk had heard of another id of theirs, and when they
    got that: no report tells it of one that is gone."""
    signs: Signs = field(default_factory=Signs)
    """When, in the account, a phone or an e-mail came onto what was born on a contact."""
    rounds: dict[int, float] = field(default_factory=dict)
    """When the last whole round of each desk began; 0 before its first."""

    def deleted_by(self, where: str) -> frozenset[str]:
        return frozenset(id for one, id in self.deleted if one == where)

    def enter(self, token: str, where: str) -> str:
        self.entered[token] = where
        return token

    def deleted_there(self, card: Card) -> None:
        """A person has deleted a contact in the account."""
        self.replaced(card, None)
        self.unlike |= self._unheard(self.merged_at, card)
        self.untold |= {token: self.renamed_at[token] for token in self._unheard(self.renamed_at, card)}

    def renamed_there(self, card: Card, now: float) -> None:
        """A contact has got another id in the account."""
        self.renamed_at |= dict.fromkeys(born_on(card), now)

    def edited_there(self, before: Card, after: Card) -> None:
        """A person has changed a contact in the account."""
        self.replaced(before, after)
        now = max((self.at[sign] for sign in signs_of(after) - signs_of(before)), default=0.0)
        self.changed_there(before, after, now, None)

    def changed_there(self, before: Card, after: Card, now: float, desk: int | None) -> None:
        """A contact has been changed in the account, by a person there or by a desk."""
        self.signs.changed(born_on(before), signs_of(before), signs_of(after), now, desk)
        lost = tokens_of(before) - tokens_of(after)
        bereft = {token for token in self._unheard(self.merged_at, before, desk) if self.merged[token] & lost}
        self.unlike |= {token for token in bereft if self.merged[token].isdisjoint(tokens_of(after))}

    def _unheard(self, happened: Mapping[str, float], card: Card, but: int | None = None) -> set[str]:
        """What was born on this contact, or on one that became a part of it, and had this happen to it so late that a
        desk (another one than `but`) need not have heard yet."""
        heard = min((at for desk, at in self.rounds.items() if desk != but), default=0.0) - TELLS_WITHIN
        return {token for token in happened.keys() & born_on(card) if happened[token] > heard}

    def merged_there(self, into: Card, other: Card, merged: Card, now: float) -> None:
        """A person has made one contact of two in the account: this card is what became of them."""
        self.replaced(other, merged)
        born, signs = born_on(other), signs_of(other)
        self.merged |= dict.fromkeys(born, signs)
        self.merged_at |= dict.fromkeys(born, now)
        heard = {desk: begun - TELLS_WITHIN for desk, begun in self.rounds.items()}
        self.unlike |= {token for token in born if self.signs.unheard(token, signs, heard)}
        self.signs.changed(born_on(into), signs_of(into), signs_of(merged), now, None)

    def replaced(self, before: Card, after: Card | None, *, by: str = "") -> None:
        """A person has changed a card, or deleted it (None). `by`: only what was entered there goes with it."""
        gone = tokens_of(before) - (tokens_of(after) if after is not None else set())
        self.excused |= {token for token in gone if not by or self.entered[token] == by}


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
        self.ledger.at[made] = self.clock.time
        return self.ledger.enter(made, where)

    def card(self, where: str) -> Card:
        groups = (self.dice.choice(GROUPS),) if self.dice.random() < 0.3 else ()
        return Card(
            name=Name(given=self.token("name", where)),
            phones=(PhoneEntry(self.token("phone", where), "mobile"),),
            custom=(CustomField(BORN, self.token("born", where)),),
            groups=groups,
            photo=self.token(WORD, where) if self.dice.random() < PICTURED else "",
        )

    def changed(self, card: Card, where: str) -> Card:
        """The card with one thing changed."""
        kind = self.dice.choice(KINDS)
        if kind in SINGLE:
            return self._replaced(kind, card, where)
        match kind:
            case "phone":
                return replace(card, phones=(*card.phones, PhoneEntry(self.token("phone", where), "work")))
            case "email":
                return replace(card, emails=(*card.emails, Email(self.token("email", where), "work")))
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

    def _replaced(self, kind: str, card: Card, where: str) -> Card:
        if kind == "note":
            return replace(card, note=self.token("note", where))
        if kind == "name":
            return replace(card, name=Name(given=self.token("name", where)))
        gone = card.photo and self.dice.random() < 0.25
        return replace(card, photo="" if gone else self.token(WORD, where))

    # On a desk ---------------------------------------------------------------------------------------------------

    def at_desk(self, desk: Desk, name: str) -> None:
        mine = [contact for contact in desk.contacts() if isinstance(contact.owner, Me) and contact.known]
        mine.sort(key=lambda contact: contact.id)
        kind = self.dice.random()
        if kind < 0.25 or not mine:
            desk.add(desk.unseen(self.card(name)))
        elif kind < 0.32:
            self._private(desk, name)
        elif kind < 0.42:
            gone = self.dice.choice(mine)
            self.ledger.replaced(desk.seen(gone.card), None)
            self._unseen_picture(desk, gone)
            desk.delete(gone.id)
            self.ledger.deleted.add((name, gone.id))
        else:
            one = self.dice.choice(mine)
            before = desk.seen(one.card)
            card = self.changed(before, name)
            self.ledger.replaced(before, card)
            desk.edit(one.id, desk.unseen(card, one.card))
        self.ledger.trace.append(f"{name} {kind:.6f}")

    def _unseen_picture(self, desk: Desk, gone: Contact) -> None:
        """A contact is deleted whose picture has not come yet: it goes with it, as it is there now.

        Where another one is here, the picture may wait to go there: then only one that was heard of counts.
        """
        link = desk.replicas.link(gone.id)
        if link is not None and link.photo_due:
            there = {one.card.photo for one in self.hand.all() if one.remote == link.remote} - {""}
            heard = {token for token in there if self.ledger.at[token] <= (link.updated or 0.0)}
            self.ledger.excused |= heard if gone.card.photo else there

    def _private(self, desk: Desk, name: str) -> None:
        if self.dice.random() < 0.5:
            phone = self.token("phone", f"{name} caller")
            self.ledger.private.add(phone)
            desk.add(Card(phones=(PhoneEntry(phone),)), origin=Origin.CALL)
            return
        card = self.card(f"{name} coworker")
        self.ledger.private |= tokens_of(card)
        owner: Owner = Coworker("maria", "Maria")
        desk.add(desk.unseen(card), owner=owner, origin=Origin.TEAM)

    # In the account ----------------------------------------------------------------------------------------------

    def by_hand(self) -> None:
        """Somebody works in the account's own window."""
        there = sorted(self.hand.all(), key=lambda one: one.remote)
        kind = self.dice.random()
        if kind < 0.25 or not there:
            self.hand.add(self.card("account"))
        elif kind < 0.33:
            gone = self.dice.choice(there)
            self.ledger.deleted_there(gone.card)
            self.hand.delete(gone.remote)
        elif kind < 0.38:
            self._restore(there)
        elif kind < 0.43 and len(there) > 1:
            self._merge(there)
        elif kind < 0.5:
            self.hand.phantom(self.dice.choice(there).remote)
        elif kind < 0.53:
            one = self.dice.choice(there)
            self.hand.rename(one.remote)
            self.ledger.renamed_there(one.card, self.clock.time)
        else:
            one = self.dice.choice(there)
            card = self.changed(one.card, "account")
            self.ledger.edited_there(one.card, card)
            self.hand.edit(one.remote, card)
        self.ledger.trace.append(f"account {kind:.6f}")

    def _restore(self, there: list[There]) -> None:
        living = {custom.value for one in there for custom in one.card.custom}
        dead = [one for one in self.hand.trash() if living.isdisjoint(custom.value for custom in one.card.custom)]
        if dead:
            back = self.dice.choice(sorted(dead, key=lambda one: one.remote))
            self.ledger.unlike |= self.ledger.merged.keys() & {custom.value for custom in back.card.custom}
            untold = self.ledger.untold.keys() & born_on(back.card)
            self.ledger.back |= dict.fromkeys(untold, (back.remote, self.clock.time))
            self.hand.restore(back.remote)

    def _merge(self, there: list[There]) -> None:
        self.merge(*self.dice.sample(there, 2))

    def merge(self, one: There, other: There) -> None:
        """Somebody makes one contact of two in the account."""
        card = replace(
            one.card,
            phones=(*one.card.phones, *(p for p in other.card.phones if p not in one.card.phones)),
            emails=(*one.card.emails, *(e for e in other.card.emails if e not in one.card.emails)),
            custom=(*one.card.custom, *(c for c in other.card.custom if c not in one.card.custom)),
            groups=tuple(dict.fromkeys((*one.card.groups, *other.card.groups))),
            note=one.card.note or other.card.note,
            photo=one.card.photo or other.card.photo,
        )
        self.hand.merge(one.remote, other.remote, card)
        merged = next((now.card for now in self.hand.all() if now.remote == one.remote), NOBODY)
        self.ledger.merged_there(one.card, other.card, merged, self.clock.time)
