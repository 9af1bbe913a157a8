"""Creations that were sent and never answered: found by our mark on them, or else found out about by waiting."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from ringdesk.domain.contact import Contact
from ringdesk.domain.effects import DropEntry, Effect, PutEntry, PutLink, Settle, Touch
from ringdesk.domain.remote import RemoteContact
from ringdesk.domain.replica import Entry, Intent, Link, LinkState, Review
from ringdesk.sync.context import Context
from ringdesk.sync.incoming import taken_over
from ringdesk.sync.mergers import stands_for
from ringdesk.sync.pulling import Pulled, Pulling


class Creations:
    """Settles those that no listing has brought."""

    def __init__(self, context: Context, pulling: Pulling) -> None:
        self._context = context
        self._replicas = context.replicas
        self._pulling = pulling

    def settle(self, pulled: Pulled) -> None:
        """A creation that is in no listing long after it was asked for has not happened, or was merged away.

        "Long after" is told by the clock of this run only: between two runs the computer's may have been set.
        """
        for entry in self._replicas.entries():
            if entry.intent is not Intent.CREATE or not pulled.whole:
                continue
            absent = entry.absent
            if absent is None or not self._context.since <= absent <= pulled.began:
                self._replicas.commit([PutEntry(replace(entry, absent=pulled.began))])
            elif pulled.began - absent >= self._context.capabilities.settles and not self._is_there(entry):
                self._context.committed(partial(self._absent, entry))

    def _is_there(self, entry: Entry) -> bool:
        """Whether what has all of it is no contact here, so that it is this one: ignored until now, or doubtful."""
        link = self._link(entry)
        if not entry.remote or (link is not None and link.state not in (LinkState.IGNORED, LinkState.DELETED)):
            return False
        [item] = self._pulling.fetched([entry.remote])
        if not isinstance(item, RemoteContact):
            return False
        asked = [one.contact for one in self._replicas.questions(Review.DOUBTFUL) if one.remote == entry.remote]
        freed: list[Effect] = [Settle(one, frozenset({Review.DOUBTFUL}), remote=entry.remote) for one in asked]
        freed += [PutLink(replace(link, state=LinkState.DELETED))] if link is not None else []
        freed += [Touch(one) for one in asked]
        back = self._replicas.heirs([entry.remote])  # a contact here that was to be made there again
        self._pulling.take_freed(item if back else replace(item, id=entry.contact), freed)
        return True

    def _link(self, entry: Entry) -> Link | None:
        """The link of what has all of it."""
        return self._replicas.links([entry.remote]).get(entry.remote) if entry.remote else None

    def _became(self, entry: Entry) -> Contact | None:
        """The contact here that has taken all of it over: it may have another id by now, or be made there again."""
        one = stands_for(self._context.frame(), self._replicas, entry.remote) if entry.remote else None
        return one if one is not None and one.id != entry.contact else None

    def _absent(self, entry: Entry) -> tuple[list[Effect], None]:
        """Send it again, unless a contact has taken all of it over since: then it was made and merged away."""
        local = self._replicas.contact(entry.contact)
        if (linked := self._replicas.link(entry.contact)) is not None and linked.state is LinkState.ACTIVE:
            return [DropEntry(entry.id), Touch(entry.contact)], None  # another desk has made it meanwhile
        if local is not None and (into := self._became(entry)) is not None:
            return [*taken_over(self._context.frame(), into, entry, local)], None
        # where the user has yet to say whether another one has become of it, it waits for that
        return [DropEntry(entry.id), Touch(entry.contact)], None
