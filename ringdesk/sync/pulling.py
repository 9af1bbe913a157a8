"""Brings in what the account reports: pages in slices, each slice one transaction, the cursor with the last of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from ringdesk.domain.card import Card
from ringdesk.domain.contact import Contact
from ringdesk.domain.effects import MOST_AT_ONCE, DropEntry, Effect, PutAccount, PutEntry, PutLink, Settle, Touch
from ringdesk.domain.remote import CursorExpired, Page, RemoteContact, RemoteGone, RemoteItem, RemoteUnreadable, Retry
from ringdesk.domain.replica import Account, Entry, Intent, Link, LinkState, Review
from ringdesk.domain.rightofway import WINDOW
from ringdesk.domain.syncing import Phase
from ringdesk.domain.uncollected import uncollected
from ringdesk.sync import match
from ringdesk.sync.census import Census
from ringdesk.sync.context import Context, sliced
from ringdesk.sync.failure import FULL_EVERY
from ringdesk.sync.incoming import Known, came_twice, incoming, stranger, swallows
from ringdesk.sync.items import asked_as, contacts, named, others, our_id, turn, with_former
from ringdesk.sync.mergers import asking
from ringdesk.sync.parted import UNLINKED, parted
from ringdesk.sync.plan import Deed, Frame, Step, after_deletion, said_gone
from ringdesk.sync.standing import standing
from ringdesk.sync.strangers import Faces, Heard, arriving, faces

_SAME: Final = match.Likeness.SAME
A_SLICE: Final = 200
"""Reported contacts in one transaction, as those of an import: for most there is little to do."""
FIRST_SLICE: Final = 500
"""The same of a first pull: what only comes is put in quickly, and more of it at once is written less often."""
LIFE_USED: Final = 6 / 7


@dataclass(frozen=True, slots=True)
class Pulled:
    """How a pull went: when it began, whether it named everything that there was to name, or only what is there."""

    began: float
    whole: bool
    full: bool = False


class Pulling:
    """The inward half of a round."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._replicas = context.replicas
        self._entries: dict[str, Entry] = {}
        self._heard = Heard(context.replicas)
        self._heirs: Mapping[str, str] = {}
        self._told: Mapping[str, str] = {}
        self._delta = False
        self._anew = False
        self._most = A_SLICE
        self._faces = Faces()
        """What is known of those that are being taken in."""
        self._freed: Sequence[Effect] = ()
        """What goes first in the next transaction; a link of it counts as written already."""
        self.gone: set[str] = set()
        """Ids that were asked for in this round and are not there."""
        self.former: set[str] = set()  # those that were told as former ones
        self._strange = False
        """Something was deleted there of which nothing was ever heard here, or a listing has passed some over."""

    # The pull ----------------------------------------------------------------------------------------------------

    def pull(self, *, full: bool = False) -> Pulled:
        """Bring in everything since the cursor, or everything."""
        began = self._context.clock.now()
        self._anew = self._context.changes_form()
        account = self._replicas.account()
        cursor = None if full or self._full_due(account, began) else account.cursor
        if cursor is not None:
            try:
                return self._pages(cursor, began)
            except CursorExpired:
                expired = replace(self._replicas.account(), cursor=None, reset=True)
                self._replicas.commit([PutAccount(expired)])
                if account.full_at is not None and 0.0 <= began - account.full_at < FULL_EVERY:
                    raise Retry("full pulls too often", after=account.full_at + FULL_EVERY - began) from None
        return self._pages(None, began)

    def _full_due(self, account: Account, now: float) -> bool:
        life = self._context.capabilities.cursor_life
        at = account.full_at
        # one that lies ahead was written down before the computer's clock was set back
        old = life is not None and at is not None and (now - at > life * LIFE_USED or at > now)
        return account.form != self._context.form or old

    def _pages(self, cursor: str | None, began: float) -> Pulled:
        self._entries = {entry.contact: entry for entry in self._replicas.entries()}
        self._delta = cursor is not None
        self._most = FIRST_SLICE if self._replicas.account().full_at is None else A_SLICE
        self._heard = Heard(self._replicas, blank=cursor is None and not self._replicas.heard())
        census = Census()
        pages = self._context.reading.pages(cursor)
        while True:
            come = [next(pages, None)]  # outside: it may be minutes away
            with uncollected():  # until it is forgotten: a look through all of it holds others up
                ended = self._page(come.pop(), census, began)
            if ended is not None:
                self._heard, self._delta = Heard(self._replicas), True  # what changes from now on is not listed
                return ended

    def _page(self, page: Page | None, census: Census, began: float) -> Pulled | None:
        """Take a page in; says how the pull went if it was the last one."""
        if page is None:
            raise Retry("the listing ended before its last page")
        census.add(page)
        self._context.tell(Phase.READING, census.reported, page.total)
        if page.complete:
            whole = self._whole(census) if page.full else True
            self._last(page, began, census.seen, whole=whole)
            return Pulled(began, whole, page.full)
        self.take(page.items)
        if self._context.stopped():
            self._context.report.stopped = True
            return Pulled(began, whole=False)
        self._faces = Faces()
        return None

    def _whole(self, census: Census) -> bool:
        trusted = census.steady and (bool(census.seen) or self._emptied())
        self._context.report.distrusted = not trusted
        return trusted

    def _emptied(self) -> bool:
        """Whether an account that lists nothing has nothing: of what is linked, some are asked for by id."""
        some = self._replicas.active("", self._context.capabilities.fetch_batch)
        return all(isinstance(item, RemoteGone) for item in (self.fetched(some) if some else ()))

    def _last(self, page: Page, began: float, seen: set[str], *, whole: bool) -> None:
        """The last page, and with its effects the cursor; what a whole listing lacks is to be asked about."""
        if page.full and whole and not self._heard.only_strangers:
            self._absent(seen)
        *most, last = [*sliced(page.items, self._most)] or [()]
        for items in most:
            self.take(items)
        account = self._replicas.account()
        life = self._context.capabilities.cursor_life or 0.0
        soon = began - life * LIFE_USED + FULL_EVERY
        if page.full:
            account = replace(account, full_at=began if whole else soon)
        account = replace(account, cursor=page.cursor, form=self._context.form)
        self.take(last, [PutAccount(account)])
        if self._strange and not page.full and self._context.all_wanted and (account.full_at or 0.0) > soon:
            # maybe one of ours that got another id and was deleted before either was heard of, or one that no page
            # showed and no report will ever name: a full listing tells
            self._replicas.commit([PutAccount(replace(self._replicas.account(), full_at=soon))])

    def _absent(self, seen: set[str]) -> None:
        after = ""
        while remotes := self._replicas.active(after, MOST_AT_ONCE):
            gone = [remote for remote in remotes if remote not in seen]
            links = self._replicas.links(gone).values()
            now = self._context.clock.now()
            self._replicas.commit([PutLink(said_gone(link, now)) for link in links])
            after = remotes[-1]

    # Items -------------------------------------------------------------------------------------------------------

    def take(self, items: Iterable[RemoteItem], with_last: Sequence[Effect] = (), *, sure: bool = False) -> None:
        """Take reported items in, some a transaction. `sure`: they were asked for by id just now."""
        latest: Mapping[str, RemoteItem] = {item.remote: item for item in items}
        self._context.learn(latest.values())
        if not sure:
            latest = parted(latest, self._replicas, self.fetched, self._context.capabilities.fetch_batch)
        *most, last = [*sliced(sorted(latest.values(), key=turn), self._most)] or [()]
        doubtful = [remote for some in most for remote in self._slice(some, (), sure=sure)]
        doubtful += self._slice(last, () if doubtful else with_last, sure=sure)
        if doubtful:
            self._check({remote: latest[remote] for remote in doubtful})
            self._replicas.commit(with_last)

    def take_freed(self, item: RemoteContact, freed: Sequence[Effect]) -> None:
        """Take one in together with what frees it of its link: the cursor is past it, so nothing brings it again."""
        self._freed = freed
        self.take([item], sure=True)

    def _check(self, reported: Mapping[str, RemoteItem]) -> None:
        """Ask by id for what may be old news; former ids are told in a report only, so they are kept."""
        for some in sliced([*reported], self._context.capabilities.fetch_batch):
            pairs = zip(some, self.fetched(some), strict=True)
            self.take([with_former(item, reported[remote]) for remote, item in pairs], sure=True)

    def fetched(self, remotes: Sequence[str]) -> list[RemoteItem]:
        """The current form of contacts; one that answers under another id keeps the id asked for as a former one."""
        found: list[RemoteItem] = []
        for asked, item in zip(remotes, self._context.reading.fetch(remotes), strict=True):
            if isinstance(item, RemoteGone):
                self.gone.add(asked)
            found.append(asked_as(item, asked))
        return found

    def _slice(self, items: Sequence[RemoteItem], with_last: Sequence[Effect], *, sure: bool) -> list[str]:
        """One slice; gives the ids that have to be asked for. Items about one contact go one after another."""
        merged = [item for item in items if isinstance(item, RemoteContact) and item.former]
        self.former.update(*(item.former for item in merged))
        left = [*items, *merged]  # once for what it is, once for what it has taken over
        doubtful: list[str] = []
        while left:
            some = partial(self._some, [*left], [*doubtful], with_last, sure=sure)
            done, doubtful_now = self._context.committed(some)
            self._freed = ()
            doubtful += doubtful_now
            del left[:done]
        if not items:
            self._replicas.commit(with_last)
        return doubtful

    def _some(
        self, items: Sequence[RemoteItem], before: Sequence[str], with_last: Sequence[Effect], *, sure: bool
    ) -> tuple[list[Effect], tuple[int, list[str]]]:
        found, self._heirs, self._told = self._heard.of(items)
        links = {**found, **{one.link.remote: one.link for one in self._freed if isinstance(one, PutLink)}}
        region = self._context.region
        creates = [entry for entry in self._replicas.entries() if entry.intent is Intent.CREATE]
        unclear = [(entry, match.signs(entry.sent, region)) for entry in creates]
        self._faces = faces(self._context, items, links, self._heirs, self._entries, self._heard, our_id)
        frame = self._context.frame()
        quick = not (self._delta or unclear or self._freed)
        if quick and (come := arriving(self._context, frame, items, self._faces)) is not None:
            return [*come, *(() if before else with_last)], (len(items), [])
        self._heard.only_strangers = False
        asks = asking(self._context, frame, items, links, creates, self._faces.cards)
        effects: list[Effect] = []
        doubtful: list[str] = []
        about: set[str] = set()
        steps: list[tuple[Step, str]] = []
        done = known = 0
        for item in items:
            WINDOW.ask()
            step = self._step(frame, item, links, sure=sure)
            told = ({step.contact} - {""} if self._new(item.remote) else contacts(step)) | {item.remote}
            taken = self._swallowed(frame, item, links.get(item.remote), unclear) if unclear else []
            card = self._faces.cards.get(item.remote) if self._delta or not frame.view.inward else None
            stands = standing(self._context, item, step, links.get(item.remote), self._told, our_id, card=card)
            beside = (*taken, *stands, *asks(item, step))
            told |= others(beside)
            known += bool(step.effects) and not self._new(item.remote)
            if told & about or known > A_SLICE:
                break
            about |= told
            done += 1
            steps.append((step, named(item) if isinstance(item, RemoteContact) else ""))
            if step.deed is Deed.CHECK:
                doubtful.append(item.remote)
            effects += (*step.effects, *beside)
        for step, name in steps:
            self._context.report.note(step, name)
            if step.fields & {"phones", "emails"} or step.deed is Deed.ADD_HERE:
                self._context.grown.add(step.contact)
        if done == len(items) and not doubtful and not before:
            effects += with_last
        put = {effect.link.remote for effect in effects if isinstance(effect, PutLink)}  # in the place of the old
        freed = [one for one in self._freed if not (isinstance(one, PutLink) and one.link.remote in put)]
        return [*freed, *effects], (done, doubtful)

    def _swallowed(
        self, frame: Frame, item: RemoteItem, link: Link | None, unclear: Sequence[tuple[Entry, frozenset[str]]]
    ) -> list[PutEntry]:
        """Creations nobody has answered of which this contact there has all: that is written down for `Creations`."""
        if not isinstance(item, RemoteContact):
            return []
        card = self._faces.cards[item.remote]
        mine = match.signs(card, self._context.region)
        like = [entry for entry, signs in unclear if signs <= mine or item.id == entry.contact]
        taken = [entry for entry in like if swallows(frame, item, card, link, entry)]
        return [PutEntry(replace(entry, remote=item.remote)) for entry in taken]

    def _step(self, frame: Frame, item: RemoteItem, links: Mapping[str, Link], *, sure: bool) -> Step:
        match item:
            case RemoteGone(remote):
                return self._tombstone(links.get(remote), remote)
            case RemoteUnreadable():
                self._context.report.unreadable += 1
                return Step(Deed.NOTHING, "")
            case RemoteContact():
                card = self._faces.cards[item.remote]
                if self._new(item.remote):
                    return stranger(frame, item, card, self._faces.new[item.remote], self._context.ids)
                known = self.known(item, card, links)
                self._strange = self._strange or came_twice(known, self._context.region)
                step = incoming(frame, item, card, known, self._replicas.edited, self._context.ids, sure=sure)
                unheard = self._delta and not sure and item.remote not in links
                if unheard and self._heard.late(self._context, item, step):
                    return Step(Deed.CHECK, "")
                return self._with_twins(step, card) if step.deed is Deed.ADD_HERE and self._delta else step

    def _new(self, remote: str) -> bool:
        """Whether there is nothing to decide: a listing of all names a contact of whom nothing is known."""
        return remote in self._faces.new and not self._delta

    def _with_twins(self, step: Step, card: Card) -> Step:
        """A new contact that is just like one here may be that one under an id nobody told: its link is asked about."""
        now, region = self._context.clock.now(), self._context.region
        twins = [one.id for one in self._replicas.like(card) if match.likeness(card, one.card, region) is _SAME]
        links = [link for id in twins if (link := self._replicas.link(id)) and link.state is LinkState.ACTIVE]
        return replace(step, effects=(*step.effects, *(PutLink(said_gone(link, now)) for link in links)))

    def _tombstone(self, link: Link | None, remote: str) -> Step:
        if link is not None and link.state is LinkState.ACTIVE:
            return Step(Deed.NOTHING, link.contact, (PutLink(said_gone(link, self._context.clock.now())),))
        doubts = [one for one in self._replicas.questions(Review.DOUBTFUL) if one.remote == remote]
        self._strange = self._strange or (link is None and not doubts)
        settled = [Settle(one.contact, frozenset({Review.DOUBTFUL}), remote=remote) for one in doubts]
        known = link is not None and link.state in (LinkState.KEPT, LinkState.IGNORED)
        of = link.contact if link is not None and known else ""
        return Step(Deed.NOTHING, of, (*settled, *(Touch(one.contact) for one in doubts)))

    def known(self, item: RemoteContact, card: Card, links: Mapping[str, Link]) -> Known:
        """What is known here about a reported contact."""
        link = links.get(item.remote)
        former = next((links[old] for old in item.former if old in links), None)
        settled = link is not None and link.state is not LinkState.DELETED
        mark = "" if settled else our_id(item.id)
        about = link.contact if link is not None and settled else mark
        entry = self._open(about)
        marked = self._replicas.contact(mark) if mark else None
        if marked is None and not settled and entry is None:
            marked = self._heir(item, links)
        of = mark if marked is None else marked.id
        strange = not settled and former is None and marked is None
        alike, theirs = self._alike(card) if strange and self._faces.free else ((), {})
        return Known(
            link=link,
            local=self._replicas.contact(link.contact) if link is not None and settled else None,
            former=former,
            former_local=None if former is None else self._replicas.contact(former.contact),
            mark=mark,
            marked=marked,
            marked_link=self._replicas.link(of) if of else None,
            entry=entry,
            alike=alike,
            links=theirs,
            gone=link is None and (item.remote in self._heirs or item.remote in self._told),
            anew=self._anew,
        )

    def _heir(self, item: RemoteContact, links: Mapping[str, Link]) -> Contact | None:
        """The contact here that lay there under this id, or under that of one it was made again from."""
        for remote in (item.remote, *item.was):
            id = self._heirs.get(remote) or (links[remote].contact if remote in item.was and remote in links else "")
            if id and (found := self._replicas.contact(id)) is not None:
                return found
        hearsay = (self._told[remote] for remote in item.was if remote in self._told)
        return next((found for id in hearsay if (found := self._replicas.contact(id)) is not None), None)

    def kin(self, item: RemoteContact) -> Contact | None:
        """The contact here that a reported one was made of, as our marks on it tell."""
        mark = our_id(item.id)
        marked = self._replicas.contact(mark) if mark else None
        if marked is not None:
            return marked
        links, self._heirs, self._told = self._heard.of([item])
        return self._heir(item, links)

    def _open(self, contact: str) -> Entry | None:
        return self._replicas.entry_of(contact) if contact in self._entries else None

    def _alike(self, card: Card) -> tuple[tuple[Contact, ...], Mapping[str, Link]]:
        """Contacts here that it may be, and the links that some of them have had."""
        free = [contact for contact in self._replicas.like(card) if contact.id not in self._entries]
        links = {one.id: link for one in free if (link := self._replicas.link(one.id)) is not None}
        return tuple(one for one in free if one.id not in links or links[one.id].state in UNLINKED), links

    # The outbox --------------------------------------------------------------------------------------------------

    def settle_outbox(self) -> None:
        """Find out what became of requests that were sent and never answered."""
        entries = {e.remote: e for e in self._replicas.entries() if e.intent is not Intent.CREATE and e.remote}
        self._entries = {entry.contact: entry for entry in entries.values()}
        if entries:
            self._context.changes_form()
        for remotes in sliced([*entries], self._context.capabilities.fetch_batch):
            for asked, item in zip(remotes, self.fetched(remotes), strict=True):
                self.settle(entries[asked], item)

    def settle(self, entry: Entry, item: RemoteItem) -> None:
        """What became of a request about a contact that lies there as `item`."""
        if isinstance(item, RemoteUnreadable):
            return
        self._entries[entry.contact] = entry
        if isinstance(item, RemoteGone):
            link = self._replicas.link(entry.contact)
            self._replicas.commit([*self._no_more(entry, link), DropEntry(entry.id), Touch(entry.contact)])
            return
        self.take([item], [DropEntry(entry.id), Touch(entry.contact)], sure=True)

    def _no_more(self, entry: Entry, link: Link | None) -> list[Effect]:
        if link is None:
            return []
        deleted = entry.intent in (Intent.DELETE, Intent.WITHDRAW)
        dead = after_deletion(link, self._context.clock.now())
        return [PutLink(dead if deleted else said_gone(link, self._context.clock.now()))]
