"""What must be true of a world at its end: nothing lost, doubled, leaked or apart, and nobody else's things harmed.

An excuse is for one token of one contact, and `Witness` has seen what it is for: none holds for a whole schedule.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import combinations

from ringdesk.domain.card import Card
from ringdesk.domain.contact import Contact
from ringdesk.domain.document import to_document
from ringdesk.domain.replica import Link, LinkState, Review
from ringdesk.sync.merge import differing
from ringdesk.sync.mergers import whole
from ringdesk.sync.view import View
from tests.sync.desk import REGION, Desk
from tests.sync.pictures import WORD, seen
from tests.sync.witness import Witness
from tests.sync.world import BORN, NOBODY, SINGLE, TELLS_WITHIN, HandSide, Ledger, Made, There, born_on, tokens_of

_ASKED = {LinkState.REVIEW: (Review.REMOVED,), LinkState.GONE: (Review.DOUBTFUL, Review.MERGED)}
"""What the user is asked about a contact that stands like this when all is quiet."""
_TOKEN = re.compile(r"[\w+@.]+")


class Judge:
    """Looks at everything once, then says what is wrong."""

    def __init__(self, ledger: Ledger, hand: HandSide, desks: Sequence[Desk], witness: Witness | None = None) -> None:
        self._ledger = ledger
        self._hand = hand
        self._desks = desks
        self._witness = witness or Witness(hand)
        self._there = {one.remote: one for one in hand.all()}
        self._books = [_Book(desk) for desk in desks]

    def faults(self) -> list[str]:
        """All that is wrong."""
        return [
            *self.lost(),
            *self.doubled(),
            *self.leaked(),
            *self.apart(),
            *self.excused_for_nothing(),
            *self._hand.harmed(),
        ]

    @cached_property
    def _trash(self) -> dict[str, There]:
        return {one.remote: one for one in self._hand.trash()}

    # Lost ----------------------------------------------------------------------------------------------------------

    def lost(self) -> list[str]:
        """Values that somebody entered, nobody took away, and that can be found nowhere, not even in a history."""
        found: set[str] = set()
        for one in self._there.values():
            found |= tokens_of(one.card)
        for book in self._books:
            for card in book.cards.values():
                found |= tokens_of(card)
        missing = self._ledger.entered.keys() - found - self._ledger.excused
        return [
            f"lost {token} of {self._ledger.entered[token]}"
            for token in sorted(missing)
            if not self._excused(token) and not self._in_history(token)
        ]

    def _excused(self, token: str) -> bool:
        """The two cases that cannot be told by looking at the end alone."""
        deleted = self._witness.unseen.get(token)
        if deleted is not None and token in tokens_of(self._trash[deleted].card if deleted in self._trash else NOBODY):
            return True
        return token in self._witness.outvoted

    def _in_history(self, token: str) -> bool:
        joined = token in self._ledger.joined
        if not (joined or token.startswith(SINGLE)):
            return False
        if token.startswith(WORD):
            return any(token in book.past_pictures for book in self._books)
        return any(
            desk.reader.connection.value(
                "SELECT 1 FROM change WHERE field IN ('note', 'name', ?2) AND (instr(old, ?1) OR instr(new, ?1))",
                (f'{token}"', "custom" if joined else ""),
            )
            for desk in self._desks
        )

    # Doubled, leaked -----------------------------------------------------------------------------------------------

    def doubled(self) -> list[str]:
        """Contacts that are there twice."""
        wrong: list[str] = []
        places = {"account": [one.card for one in self._there.values()]}
        for number, book in enumerate(self._books):
            asked = book.desk.replicas.questions(Review.REMOVED)
            removed = {one.contact for one in asked if one.remote not in self._there}
            removed |= {one.contact for one in book.desk.replicas.questions(Review.MERGED)}  # rightly: see `_moot`
            removed |= {id for id in book.cards if self._kept(number, id)}
            alive = {id: card for id, card in book.cards.items() if id not in removed}
            places[f"desk {number}"] = [card for id, card in alive.items() if not self._taken_back(book, id, card)]
        unlike = self._ledger.unlike | self._made_unlike() | self._made_apart()
        for where, cards in places.items():
            born = Counter(one.value for card in cards for one in card.custom if one.key == BORN)
            born -= Counter(unlike)
            wrong += [f"{token} {count} times at {where}" for token, count in sorted(born.items()) if count > 1]
        marks = Counter(one.id for one in self._there.values() if one.id and not self._carries(one.card))
        return wrong + [f"id {id} {count} times in the account" for id, count in sorted(marks.items()) if count > 1]

    def _carries(self, card: Card) -> bool:
        """Whether a merge brought it more than one birth, and with that may be the mark of somebody whom a user had
        made there again since."""
        born = born_on(card)
        return len(born) > 1 and not born.isdisjoint(self._ledger.merged)

    def _made_unlike(self) -> set[str]:
        """What was born on contacts that were merged into others which a desk made again, once those were deleted,
        without their phones and e-mails: it had left these fields out. No other desk can tell whom it has before it."""
        merged = self._ledger.merged
        again = [(one, {custom.value for custom in one.card.custom} & merged.keys()) for one in self._hand.made()]
        return {token for one, born in again if one.again for token in born if self._unread(token, one)}

    def _unread(self, token: str, made: Made) -> bool:
        """Whether a contact lacks all phones and e-mails of one merged into it because its desk left them out.

        The desk may sync them again by now: it did not when it heard of the merge, and there is nothing left to read.
        """
        signs, merged_at = self._ledger.merged[token], self._ledger.merged_at[token]
        if made.at <= merged_at or not signs.isdisjoint(tokens_of(made.card)):
            return False
        fields = {"emails" if "@" in sign else "phones" for sign in signs}
        return bool(fields) and fields <= self._witness.left_out(made.desk, merged_at, made.at)

    def _made_apart(self) -> set[str]:
        """What was born on contacts that got another id and were deleted before a desk had heard of that, where two
        desks, each of which knew it by one of these ids, have made it again: no mark of the one is on the other.
        Or where one has that knew the old id only, and could not yet hear that somebody had brought it back."""
        found: set[str] = set()
        for token, renamed in self._ledger.untold.items():
            again = [one for one in self._hand.made() if one.again and one.at > renamed and token in born_on(one.card)]
            pairs = [(one, other) for one, other in combinations(again, 2) if one.desk != other.desk]
            apart = any(one.marks.isdisjoint(other.marks) for one, other in pairs)
            if apart or any(self._brought_back(token, one) for one in again):
                found.add(token)
        return found

    def _brought_back(self, token: str, made: Made) -> bool:
        """Whether a contact that a desk made again was brought back by hand, under an id that this desk knew nothing
        of, too late for it to hear in time; with that nothing tells that it is the same, whenever it comes."""
        remote, at = self._ledger.back.get(token, ("", 0.0))
        one = self._there.get(remote)
        if one is None or token not in born_on(one.card):
            return False
        return made.at < at + TELLS_WITHIN and made.marks.isdisjoint({remote, one.id})

    def _kept(self, number: int, id: str) -> bool:
        """Whether its user keeps one that is gone there; it may live on in another one there, as when it was asked."""
        link = self._books[number].desk.replicas.link(id)
        kept = link is not None and link.state is LinkState.KEPT and link.remote not in self._there
        return kept and (number, id) in self._ledger.kept

    def _taken_back(self, book: _Book, id: str, card: Card) -> bool:
        """Whether its creation there was taken back when it had just been merged there."""
        link = book.desk.replicas.link(id)
        kept = link is not None and link.state is LinkState.KEPT
        return kept and not self._ledger.merged.keys().isdisjoint(custom.value for custom in card.custom)

    def leaked(self) -> list[str]:
        """Anonymous or coworkers' contacts in the account, or in any request that was ever sent."""
        private = self._ledger.private
        if not private:
            return []
        found = {token for one in (*self._there.values(), *self._trash.values()) for token in tokens_of(one.card)}
        sent = self._hand.sent()
        if any(token in sent for token in private):
            found |= {*_TOKEN.findall(sent)}
        return [f"leaked {token}" for token in sorted(found & private)]

    # Apart ---------------------------------------------------------------------------------------------------------

    def apart(self) -> list[str]:
        """Where a desk and the account do not agree."""
        return [
            f"desk {number}: {trouble}"
            for number, book in enumerate(self._books)
            for trouble in _Apart(book, self._there, self._witness.kept_apart(number)).told()
        ]

    def excused_for_nothing(self) -> list[str]:
        """What would excuse a difference of a desk, and must not: a doubt that is settled, a deletion by nobody."""
        return [f"desk {number}: {trouble}" for number in range(len(self._books)) for trouble in self._moot(number)]

    def _moot(self, number: int) -> Iterator[str]:
        book = self._books[number]
        replicas = book.desk.replicas
        for asked in replicas.questions(Review.DOUBTFUL):
            links = (replicas.link(asked.contact), replicas.links([asked.remote]).get(asked.remote))
            settled = any(link is not None and link.state is LinkState.ACTIVE for link in links)
            if settled or asked.contact not in book.cards or asked.remote not in self._there:
                yield f"is asked whether {asked.contact} is {asked.remote}, which is settled"
        for asked in replicas.questions(Review.MERGED):
            settled = (link := replicas.link(asked.contact)) is not None and link.state is not LinkState.GONE
            into = whole(replicas, asked.remote)
            cards = (book.cards.get(id, NOBODY) for id in (asked.contact, "" if into is None else into.id))
            born, others = ({one.value for one in card.custom if one.key == BORN} for card in cards)
            if settled or born.isdisjoint(others):
                yield f"is asked whether {asked.contact} was merged into {asked.remote}, which is settled, or was not"
        yield from _unheld(book)
        yield from self._outdated(book)
        left = self._witness.left_there(number, self._ledger.deleted_by(f"desk {number}"))
        for link in replicas.in_state(LinkState.IGNORED, 1000):
            if link.contact in book.cards or link.contact not in left:
                yield f"{link.remote} does not come here, and nobody left it there"

    def _outdated(self, book: _Book) -> Iterator[str]:
        """Fields about which a user is asked with a value that is not there any more."""
        view = View(book.desk.policy, book.desk.book.capabilities, REGION)
        for asked in book.desk.replicas.questions(Review.CLASH):
            link = book.desk.replicas.link(asked.contact)
            if link is None or link.remote not in self._there or asked.theirs is None:
                continue
            outdated = differing(asked.theirs, view.visible(self._there[link.remote].card), REGION)
            if asked.field in outdated & view.fields:  # what is left out of the map is not read
                yield f"{asked.contact} is asked about {asked.field} as it does not lie there"


def _unheld(book: _Book) -> Iterator[str]:
    """Fields that wait for an answer nobody is asked for, and questions about fields that do not wait."""
    asked = {(one.contact, one.field) for one in book.desk.replicas.questions(Review.CLASH)}
    links = (book.desk.replicas.link(contact.id) for contact in book.contacts)
    held = {(link.contact, field) for link in links if link is not None for field in link.held}
    for contact, field in sorted(asked ^ held):
        yield f"{contact} {'is asked about' if (contact, field) in asked else 'waits with'} {field} for nothing"


class _Book:
    """A desk as it is at the end, read once."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.contacts = desk.contacts()
        self.cards = {contact.id: desk.seen(contact.card) for contact in self.contacts}

    @cached_property
    def past_pictures(self) -> set[str]:
        """Every picture that a contact of this desk has had."""
        rows = self.desk.reader.connection.rows("SELECT old, new FROM change WHERE field = 'photo'")
        digests = {json.loads(text) for row in rows for text in row if text} - {None, ""}
        return {seen(data) for digest in digests if (data := self.desk.replicas.photo(digest)) is not None}


class _Apart:
    """One desk beside the account."""

    def __init__(self, book: _Book, there: Mapping[str, There], kept_apart: Mapping[str, frozenset[str]]) -> None:
        self._book = book
        self._desk = book.desk
        self._there = there
        self._left = dict(there)
        self._kept_apart = kept_apart
        self._view = View(book.desk.policy, book.desk.book.capabilities, REGION)

    def told(self) -> Iterator[str]:
        """What does not agree."""
        doubtful = self._desk.replicas.questions(Review.DOUBTFUL)
        waiting = {one.contact for one in (*doubtful, *self._desk.replicas.questions(Review.MERGED))}
        for contact in self._book.contacts:
            link = self._desk.replicas.link(contact.id)
            if link is None or link.state is LinkState.DELETED:
                if self._view.goes_out(contact) and contact.id not in waiting:
                    yield f"{contact.card.display_name} never reached the account"
            else:
                yield from self._linked(contact, link)
        doubts = {one.remote for one in doubtful}
        doubts |= {
            link.remote for link in self._desk.replicas.in_state(LinkState.IGNORED, 1000)
        }  # deleted here, kept there
        yield from (
            f"{one.card.display_name} never came here" for one in self._left.values() if one.remote not in doubts
        )
        if self._desk.replicas.entries():
            yield "the outbox is not empty"

    def _asked(self, link: Link) -> bool:
        """Whether its user is asked about a contact, where one has to be."""
        asks = _ASKED.get(link.state)
        return asks is None or any(self._desk.replicas.questions(kind, link.contact) for kind in asks)

    def _goes_back(self, contact: Contact, link: Link) -> bool:
        """Whether it was edited here and is to be made there again, which waits until a merge would have been told."""
        edited = differing(self._view.visible(contact.card), link.base, REGION)
        return link.state is LinkState.GONE and (bool(edited) or contact.card.photo != link.photo)

    def _linked(self, contact: Contact, link: Link) -> Iterator[str]:
        name = contact.card.display_name
        if link.state is not LinkState.ACTIVE:
            if link.remote in self._there and link.state is not LinkState.IGNORED:
                yield f"{name} is {link.state.value}, but it is in the account"
            if not self._asked(link) and not self._goes_back(contact, link):
                yield f"{name} is {link.state.value}, and nobody is asked about it"
            return
        one = self._left.pop(link.remote, None)
        if one is None:
            yield f"{name} is linked to nothing"
            return
        apart = self._kept_apart.get(contact.id, frozenset())
        clashes = self._desk.replicas.questions(Review.CLASH, contact.id) if link.held else ()
        asked = frozenset(clash.field for clash in clashes)
        here, there = self._view.visible(contact.card), self._view.visible(one.card)
        unequal = differing(here, there, REGION) - asked
        if unequal - apart:
            shown = {
                name: (to_document(contact.card).get(name), to_document(one.card).get(name)) for name in sorted(unequal)
            }
            yield f"{name} differs in {json.dumps(shown)}"
        elif unequal and (moved := self._moved(link, here, there) - asked):
            yield f"{name} waits with {sorted(moved)}"
        picture = self._book.cards[contact.id].photo
        if picture != one.card.photo and WORD not in apart:
            yield f"{name} has {picture or 'no picture'} here, {one.card.photo or 'none'} there"

    def _moved(self, link: Link, here: Card, there: Card) -> frozenset[str]:
        """The fields that were changed since the two sides agreed."""
        return differing(here, link.base, REGION) | differing(there, link.lies_there, REGION)
