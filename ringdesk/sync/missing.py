"""Decides about contacts that are said to be deleted there: asks once more, keeps the guard, then acts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Final

from ringdesk.domain.contact import Contact
from ringdesk.domain.effects import MOST_AT_ONCE, Effect, PutAccount, Replicas
from ringdesk.domain.remote import RemoteContact, RemoteGone
from ringdesk.domain.replica import Link, LinkState, Question, Review
from ringdesk.sync.context import Came, Context, Waiting, sliced
from ringdesk.sync.incoming import absorbed_by, covers
from ringdesk.sync.items import contacts
from ringdesk.sync.merge import has_items
from ringdesk.sync.mergers import late, made_again
from ringdesk.sync.plan import Deed, Frame, Step, edits, guarded, vanished
from ringdesk.sync.pulling import Pulling
from ringdesk.sync.renamed import find_again, hides
from ringdesk.sync.resumed import recall

MOST_GONE: Final = 100_000


class Missing:
    """Decides about contacts that are said to be deleted there: asks once more, keeps the guard, then acts."""

    def __init__(self, context: Context, pulling: Pulling) -> None:
        self._context = context
        self._replicas = context.replicas
        self._pulling = pulling
        self._waited = frozenset(context.waiting)
        self._recalled = False

    def decide(self) -> None:
        """Decide about every link whose contact is said to be gone, except where the user is being asked about it."""
        gone = self._replicas.in_state(LinkState.GONE, MOST_GONE)
        if gone and self._context.resumes and not self._recalled:
            self._recalled = True
            recall(self._context)
        if gone and (asks := late(self._context, gone, self._context.came)):
            self._replicas.commit(asks)
        doubts: dict[str, set[tuple[Review, str]]] = {}
        for asked in self._asked() if gone else ():
            doubts.setdefault(asked.contact, set()).add((asked.kind, asked.remote))
        doubted = {
            link.remote: Waiting(link.remote, link.written, frozenset(doubts[link.contact]))
            for link in gone
            if link.contact in doubts
        }
        links = {link.remote: link for link in gone if not self._waits(link, doubted.get(link.remote))}
        found = self._decide(links) if links else frozenset[str]()
        self._context.waiting.clear()
        self._context.waiting.update(
            doubt for remote, doubt in doubted.items() if remote in found or remote not in links
        )

    def _asked(self, contact: str = "") -> list[Question]:
        """Which other one a contact may be or have become a part of; of all of them."""
        return [asked for kind in (Review.DOUBTFUL, Review.MERGED) for asked in self._replicas.questions(kind, contact)]

    def _waits(self, link: Link, doubt: Waiting | None) -> bool:
        """Whether the user has yet to say what a contact is, and it is no part of another one here either.

        It was looked at in an earlier round, with just these doubts: until they are settled, there is nothing to find.
        """
        if doubt not in self._waited:
            return False
        local = self._replicas.contact(link.contact)
        return local is not None and self._merged_into(self._context.frame(), link, local) is None

    def _decide(self, links: Mapping[str, Link]) -> frozenset[str]:
        """Decide about these; gives the ids of those that are gone indeed."""
        found = self._found_gone([*links])
        gone = [links[remote].contact for remote in found]
        if hides(self._context.view):
            apart = [link for id in gone if (link := self._apart(id)) is not None]
            find_again(self._context, self._pulling, apart)
        self._left_there(gone)
        steps = {id: step for id in gone if (step := self._step(id)) is not None}
        deleting = [step for step in steps.values() if step.deed is Deed.DELETE_HERE]
        account = self._replicas.account()
        shares = self._context.capabilities.shares
        if not shares and guarded(len(deleting), self._replicas.linked() + len(links), account.approved):
            report = self._context.report
            report.guard_here = report.waits(
                Deed.DELETE_HERE, deleting, lambda step: _name(self._replicas, step.contact)
            )
            gone = [id for id, step in steps.items() if step.deed is not Deed.DELETE_HERE]
        elif deleting and account.approved:
            self._replicas.commit([PutAccount(replace(account, approved=0))])
        left = [*gone]
        while left:  # two that become one are decided about one after the other
            del left[: self._context.committed(partial(self._effects, left[:MOST_AT_ONCE]))]
        return frozenset(found)

    def _found_gone(self, remotes: Sequence[str]) -> list[str]:
        """Those that are gone indeed; the others are taken in as they are.

        One that was not there when this round asked for it is not asked for again as long as nothing was sent.
        """
        gone = self._pulling.gone.intersection(remotes)
        for some in sliced([one for one in remotes if one not in gone], self._context.capabilities.fetch_batch):
            for asked, item in zip(some, self._pulling.fetched(some), strict=True):
                if isinstance(item, RemoteGone):
                    gone.add(asked)
                elif isinstance(item, RemoteContact):
                    self._pulling.take([item], sure=True)
        return [one for one in remotes if one in gone]

    def _apart(self, id: str) -> Link | None:
        """The link of a contact that is gone there, and that no other one here has become, as far as one sees."""
        link, local = self._replicas.link(id), self._replicas.contact(id)
        if link is None or local is None or link.state is not LinkState.GONE:
            return None
        return link if self._merged_into(self._context.frame(), link, local) is None else None

    def _left_there(self, gone: Sequence[str]) -> None:
        """Contacts edited here that were merged into one that does not come here: from now on they are that one.

        An ignored link without an etag says that the contact there has changed since; the others were no part of it.
        Nor was one whose phones and e-mails it had before, which it shares. One that only a part of has come onto it
        may be that one: the user is asked.
        """
        edited = [link for id in gone if (link := self._replicas.link(id)) is not None and self._made_again(link)]
        ignored = self._replicas.in_state(LinkState.IGNORED, MOST_GONE) if edited else ()
        before = {one.remote: one.lies_there for one in ignored if not one.etag}
        region = self._context.region
        for some in sliced([*before], self._context.capabilities.fetch_batch):
            for asked, item in zip(some, self._pulling.fetched(some), strict=True):
                if not isinstance(item, RemoteContact):
                    continue
                card = self._context.labels.on(item)
                grown = [link for link in edited if not covers(before[asked], link.base, region)]
                merged = [link for link in grown if covers(card, link.base, region)]
                for link in merged[:1]:  # another one finds it among the contacts here
                    edited.remove(link)
                    self._pulling.take([replace(item, former=(*item.former, link.remote))], sure=True)
                view = self._context.view
                ids = frozenset(link.contact for link in merged[:1])
                came = Came(ids, view.visible(before[asked]), view.visible(card), doubtful=not merged)
                self._replicas.commit(late(self._context, edited, {asked: came}))

    def _made_again(self, link: Link) -> bool:
        """Whether a contact is gone there, but was edited here, and no other contact here has become of it."""
        local, frame = self._replicas.contact(link.contact), self._context.frame()
        if local is None or link.state is not LinkState.GONE or not frame.view.outward:
            return False
        return bool(edits(frame, link, local)) and self._merged_into(frame, link, local) is None

    def _step(self, id: str) -> Step | None:
        link = self._replicas.link(id)
        if link is None or link.state is not LinkState.GONE:
            return None
        frame, local = self._context.frame(), self._replicas.contact(id)
        if local is not None and (into := self._merged_into(frame, link, local)) is not None:
            return absorbed_by(frame, into, link, local)
        if self._replicas.questions(Review.DOUBTFUL, id):
            return None  # it may be a part of another one there: the user is asked about that first
        if local is not None and self._replicas.questions(Review.MERGED, id) and edits(frame, link, local):
            return None  # so may this, which has nothing to lose where nobody has edited it
        return vanished(frame, link, local, doubtful=self._replicas.account().reset)

    def _merged_into(self, frame: Frame, link: Link, local: Contact) -> Contact | None:
        """The contact that has taken over all of this one's phones and e-mails, where they were merged there.

        Where nothing was edited here, only one that grew in this round counts: else the user is asked.
        """
        if (told := self._told(frame, link, local)) is not None:
            return told
        region = frame.view.region
        edited = bool(edits(frame, link, local))
        for one in self._replicas.like(link.base):
            counts = (edited or one.id in self._context.grown) and covers(one.card, link.base, region)
            if one.id != local.id and counts and self._lives_on(frame, one, link):
                return one
        return None

    def _lives_on(self, frame: Frame, one: Contact, gone: Link) -> bool:
        """Whether a contact is there, or was deleted there, too, and will be made again because it was edited here.

        Of two that were deleted it has to have all items of the other and more: two people may share a phone.
        """
        link, region = self._replicas.link(one.id), frame.view.region
        if link is not None and link.state is LinkState.ACTIVE:
            return True
        if not has_items(one.card, gone.base, region) or has_items(gone.base, one.card, region):
            return False
        return made_again(frame, self._replicas, one, link)

    def _told(self, frame: Frame, gone: Link, local: Contact) -> Contact | None:
        """The contact for which this one's id stands by now, as reports or our marks there told, if that lives on.

        So may one that is gone, too, as long as the user is asked what it has become: both go by that answer.
        """
        id = self._replicas.told([gone.remote]).get(gone.remote, local.id)
        one = None if id == local.id else self._replicas.contact(id)
        link = None if one is None else self._replicas.link(id)
        if one is None or (link is not None and link.state is LinkState.ACTIVE):
            return one
        doubted = link is not None and link.state is LinkState.GONE and self._replicas.questions(Review.DOUBTFUL, id)
        return one if doubted or made_again(frame, self._replicas, one, link) else None

    def _effects(self, gone: Sequence[str]) -> tuple[list[Effect], int]:
        """What follows for the first of these, as far as none is about a contact that changes with one before it."""
        effects: list[Effect] = []
        about: set[str] = set()
        done = 0
        for id in gone:
            step = self._step(id)
            told = contacts(step) if step is not None else set[str]()
            if told & about:
                break
            about |= told
            done += 1
            if step is not None:
                self._context.report.note(step, _name(self._replicas, id))
                effects += step.effects
        return effects, done


def _name(replicas: Replicas, id: str) -> str:
    contact = replicas.contact(id)
    return "" if contact is None else contact.card.display_name
