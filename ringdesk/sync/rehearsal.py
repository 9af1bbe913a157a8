"""What a round would do, without doing it: the same engine over a store that forgets and a provider that only reads.

The account has to be kept in the store already, so that its contacts are known to be looked at; nothing else of it is.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from random import Random
from typing import Final

from ringdesk.domain import effects
from ringdesk.domain.card import Card
from ringdesk.domain.contact import Contact
from ringdesk.domain.effects import Replicas
from ringdesk.domain.remote import (
    Capabilities,
    Container,
    Create,
    Delete,
    Ok,
    Op,
    Page,
    RemoteBook,
    RemoteContact,
    RemoteItem,
    Result,
    RetryAfter,
    Update,
)
from ringdesk.domain.replica import Account, Entry, Link, LinkState, Parked, Policy, Question, Review
from ringdesk.domain.sockets import Clock, Ids
from ringdesk.sync.context import Report, Tell
from ringdesk.sync.engine import Engine

NOT_REAL: Final = "rehearsal:"
MOST_REHEARSED: Final = 1_000_000
"""Every line of a rehearsal is listed: the user is to see whom it is about before anything happens."""


class Overlay:
    """Replicas that read through to the real ones and keep every effect to themselves."""

    def __init__(self, real: Replicas) -> None:
        self._real = real
        self._account: Account | None = None
        self._contacts: dict[str, Contact | None] = {}
        self._links: dict[str, Link | None] = {}
        self._by_remote: dict[str, str] = {}
        self._entries: dict[str, Entry] = {}
        self._dropped: set[str] = set()
        self._asked: list[Question] = []
        self._untouched: set[str] = set()
        self._touched: set[str] = set()
        self._containers: Sequence[Container] | None = None

    def alone(self) -> AbstractContextManager[None]:
        """A rehearsal changes nothing, so nobody needs to wait for it."""
        return nullcontext()

    def account(self) -> Account:
        """The account as the rehearsal has left it."""
        return self._account or self._real.account()

    def contact(self, id: str) -> Contact | None:
        """A contact as the rehearsal has left it."""
        return self._contacts[id] if id in self._contacts else self._real.contact(id)

    def link(self, contact: str) -> Link | None:
        """A link as the rehearsal has left it."""
        return self._links[contact] if contact in self._links else self._real.link(contact)

    def links(self, remotes: Iterable[str]) -> Mapping[str, Link]:
        """Links by remote id, as the rehearsal has left them."""
        asked = list(remotes)
        found = {remote: one for remote, one in self._real.links(asked).items() if one.contact not in self._links}
        for remote in asked:
            one = self._links.get(self._by_remote.get(remote, ""))
            if one is not None and one.remote == remote:
                found[remote] = one
        return found

    def heard(self) -> bool:
        """Whether any contact there is or was known here, or is by the rehearsal."""
        return bool(self._links) or self._real.heard()

    def heirs(self, remotes: Iterable[str]) -> Mapping[str, str]:
        """Contacts by a former id; a rehearsal remembers none of its own."""
        return self._real.heirs(remotes)

    def formers(self, contact: str) -> Sequence[str]:
        """The former ids of a contact."""
        return self._real.formers(contact)

    def told(self, remotes: Iterable[str]) -> Mapping[str, str]:
        """Contacts by an id that was told to stand for them before the rehearsal began."""
        return self._real.told(remotes)

    def told_of(self, contact: str) -> Sequence[str]:
        """The ids that had been told to stand for a contact by then."""
        return self._real.told_of(contact)

    def in_state(self, state: LinkState, limit: int) -> Sequence[Link]:
        """Links in a state, as the rehearsal has left them."""
        real = [one for one in self._real.in_state(state, limit) if one.contact not in self._links]
        return [*real, *(one for one in self._links.values() if one is not None and one.state is state)][:limit]

    def active(self, after: str, limit: int) -> Sequence[str]:
        """Remote ids of links that were active before."""
        return self._real.active(after, limit)

    def linked(self) -> int:
        """How many links there would be."""
        new = sum(one is not None and self._real.link(id) is None for id, one in self._links.items())
        return self._real.linked() + new

    def newest(self) -> float | None:
        """The account's own time of the last change that was told of before the rehearsal began."""
        return self._real.newest()

    def photos_due(self, limit: int) -> Sequence[Link]:
        """Pictures are not rehearsed."""
        return []

    def touched(self, after: str, limit: int) -> Sequence[str]:
        """Contacts that may have something to send."""
        found = [id for id in self._real.touched(after, limit) if id not in self._untouched]
        if not found and (rest := self._real.touched(after, limit)):
            return self.touched(rest[-1], limit)
        return found or sorted(id for id in self._touched - self._untouched if id > after)[:limit]

    def like(self, card: Card) -> Sequence[Contact]:
        """Contacts that were there before."""
        return self._real.like(card)

    def any_free(self, cards: Iterable[Card]) -> bool:
        """Whether any contact that was there before is like any of these cards."""
        return self._real.any_free(cards)

    def known(self, ids: Sequence[str], *, linked: bool = True) -> frozenset[str]:
        """Of these ids those of contacts and links as the rehearsal has left them."""
        mine = {id for id in ids if id in self._contacts or id in self._links}
        real = self._real.known([id for id in ids if id not in mine], linked=linked)
        return real | {id for id in mine if self._has(id)}

    def _has(self, id: str) -> bool:
        return self.contact(id) is not None or self.link(id) is not None

    def members(self, group: str, after: str, limit: int) -> Sequence[Contact]:
        """Members that were there before."""
        return self._real.members(group, after, limit)

    def entries(self) -> Sequence[Entry]:
        """The outbox as the rehearsal has left it."""
        real = [one for one in self._real.entries() if one.id not in self._dropped and one.id not in self._entries]
        return [*real, *self._entries.values()]

    def entry_of(self, contact: str) -> Entry | None:
        """The open request about a contact."""
        return next((one for one in self.entries() if one.contact == contact), None)

    def questions(self, kind: Review | None = None, contact: str = "") -> Sequence[Question]:
        """Open questions, those that would be asked with them."""
        asked = [q for q in self._asked if kind in (None, q.kind) and contact in ("", q.contact)]
        return [*self._real.questions(kind, contact), *asked]

    def parked(self, contact: str) -> Parked | None:
        """Whether and how long a contact waits."""
        return self._real.parked(contact)

    def containers(self) -> Sequence[Container]:
        """The containers as the rehearsal has left them."""
        return self._real.containers() if self._containers is None else self._containers

    def edited(self, contact: str, field: str) -> float:
        """When the user last changed a field."""
        return self._real.edited(contact, field)

    def noted(self, contact: str) -> bool:
        """Whether somebody has written a note on a contact."""
        return self._real.noted(contact)

    def can_come_back(self, contact: str) -> bool:
        """Whether a contact was deleted before, and history has all of it."""
        return self._real.can_come_back(contact)

    def photo(self, digest: str) -> bytes | None:
        """A picture's bytes."""
        return self._real.photo(digest)

    def put_photo(self, data: bytes) -> str:
        """The digest that the picture would have."""
        return hashlib.sha256(data).hexdigest()

    def log(self) -> Sequence[effects.Logged]:
        """What was done before: a rehearsal leaves no log."""
        return self._real.log()

    def logged(self, round: int) -> bool:
        """As the real ones."""
        return self._real.logged(round)

    def rest(self) -> None:
        """What it kept goes with it."""

    def commit(self, wanted: Sequence[effects.Effect]) -> None:
        """Keep the effects here, where they are forgotten with the rehearsal."""
        for effect in wanted:
            if not self._contact_effect(effect):
                self._other_effect(effect)

    def _contact_effect(self, effect: effects.Effect) -> bool:
        match effect:
            case effects.AddContact(contact, clean) | effects.SaveContact(contact, clean):
                self._contacts[contact.id] = replace(contact, revision=contact.revision + 1)
                (self._untouched if clean else self._touched).add(contact.id)
            case effects.Arrive(links):
                self.commit([effects.AddContact(contact) for contact in effect.contacts()])
                self.commit([effects.PutLink(link) for link in links])
            case effects.RemoveContact(id, _) | effects.Absorb(_, id):
                self._contacts[id] = None
            case effects.PutLink(link):
                self._links[link.contact] = link
                self._by_remote[link.remote] = link.contact
            case effects.DropLink(id):
                self._links[id] = None
            case _:
                return False
        return True

    def _other_effect(self, effect: effects.Effect) -> None:
        match effect:
            case effects.PutAccount(account):
                self._account = account
            case effects.PutEntry(entry):
                self._entries[entry.id] = entry
            case effects.DropEntry(id):
                self._entries.pop(id, None)
                self._dropped.add(id)
            case effects.Untouch(id, _):
                self._untouched.add(id)
            case effects.Ask(question):
                self._asked.append(question)
            case effects.PutContainers(found):
                self._containers = found
            case _:
                return


class ReadingBook:
    """A provider of which only the reading half is real; whatever is asked of it comes back as done."""

    def __init__(self, real: RemoteBook) -> None:
        self._real = real
        self._made = 0

    @property
    def capabilities(self) -> Capabilities:
        """Those of the real one."""
        return self._real.capabilities

    @property
    def form(self) -> str:
        """That of the real one."""
        return self._real.form

    def pull(self, cursor: str | None) -> Iterator[Page]:
        """Pull for real."""
        return self._real.pull(cursor)

    def fetch(self, remotes: Sequence[str]) -> Sequence[RemoteItem]:
        """Fetch for real."""
        return self._real.fetch(remotes)

    def push(self, ops: Sequence[Op]) -> Sequence[Result]:
        """Say that it was done."""
        return [self._done(op) for op in ops]

    def _done(self, op: Op) -> Result:
        match op:
            case Create():
                self._made += 1
                remote = f"{NOT_REAL}{self._made}"
                return Ok(RemoteContact(remote=remote, etag=remote, card=op.card, containers=op.containers, id=op.id))
            case Update():
                return Ok(
                    RemoteContact(remote=op.remote, etag=NOT_REAL, card=op.card, raw=op.raw, containers=op.containers)
                )
            case Delete():
                return Ok(None)
            case _:
                return Ok(None)

    def photo(self, reference: str) -> bytes:
        """Read a picture for real."""
        return self._real.photo(reference)

    def put_photo(self, remote: str, etag: str, data: bytes | None) -> Result:
        """Not now."""
        return RetryAfter()

    def containers(self) -> Sequence[Container]:
        """Read the containers for real."""
        return self._real.containers()

    def create_container(self, name: str) -> Container:
        """A container that is not there."""
        return Container(f"{NOT_REAL}{name}", name)

    def rename_container(self, remote: str, name: str) -> Container:
        """Say that it was done."""
        return Container(remote, name)

    def on_wake(self, wake: Callable[[], None] | None) -> None:
        """Nothing wakes a rehearsal."""

    def close(self) -> None:
        """Hang up."""
        self._real.close()


def rehearse(
    replicas: Replicas,
    book: RemoteBook,
    *,
    policy: Policy,
    region: str,
    clock: Clock,
    ids: Ids,
    stopped: Callable[[], bool] = lambda: False,
    tell: Tell = lambda phase, done, total: None,
) -> Report:
    """What the next round would do, with lists. Both sides stay as they are."""
    engine = Engine(
        Overlay(replicas),
        ReadingBook(book),
        policy=lambda: policy,
        region=lambda: region,
        clock=clock,
        ids=ids,
        dice=Random(0),
        pause=lambda seconds: None,
        stopped=stopped,
        tell=tell,
        most=MOST_REHEARSED,
    )
    return engine.round()
