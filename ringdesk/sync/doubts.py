"""Doubts that nobody need decide any more: the contact here is another one's by now, or gone.

As long as one is open, its contact sends nothing and the one there does not come here; that one is then taken in anew.
"""

from __future__ import annotations

from dataclasses import replace

from ringdesk.domain.effects import Ask, Effect, Settle, Touch
from ringdesk.domain.remote import RemoteContact, RemoteGone
from ringdesk.domain.replica import LinkState, Question, Review
from ringdesk.sync.context import Context, sliced
from ringdesk.sync.incoming import covers
from ringdesk.sync.mergers import needless, whole
from ringdesk.sync.plan import edits
from ringdesk.sync.pulling import Pulled, Pulling


class Doubts:
    """Settles the doubts of earlier rounds and of this one's pull."""

    def __init__(self, context: Context, pulling: Pulling) -> None:
        self._context = context
        self._replicas = context.replicas
        self._pulling = pulling

    def settle(self, pulled: Pulled) -> None:
        """Take out what is decided already, and look at what there was a doubt about as if for the first time.

        A full listing names nothing that is gone, so after one every doubt is asked about; neither is one named that
        has got another id.
        """
        if over := needless(self._replicas):
            self._replicas.commit(over)
        decided = {asked: self._decided(asked) for asked in self._replicas.questions(Review.DOUBTFUL)}
        former = self._pulling.former
        looked = (asked.remote for asked, moot in decided.items() if moot or pulled.full or asked.remote in former)
        remotes = [*dict.fromkeys(looked)]
        for some in sliced(remotes, self._context.capabilities.fetch_batch):
            items = dict(zip(some, self._pulling.fetched(some), strict=True))
            settled: list[Effect] = []
            again: set[str] = set()
            for asked, moot in decided.items():
                item = items.get(asked.remote)
                moved = isinstance(item, RemoteContact) and (moot or item.remote != asked.remote)
                if moved or isinstance(item, RemoteGone):
                    doubt = Settle(asked.contact, frozenset({Review.DOUBTFUL}), remote=asked.remote)
                    settled += [doubt, Touch(asked.contact), *self._still(asked)]
                    again.add(asked.remote)
            self._pulling.take([items[remote] for remote in some if remote in again], settled, sure=True)

    def _still(self, asked: Question) -> list[Effect]:
        """Asks whether one that is gone, and was edited here, has become a part of what it might have been.

        That had all its phones and e-mails when it was asked, lost them since, and came here as somebody else.
        """
        frame, link = self._context.frame(), self._replicas.link(asked.contact)
        local, view = self._replicas.contact(asked.contact), frame.view
        if link is None or local is None or link.state is not LinkState.GONE or not (view.inward and view.outward):
            return []
        if asked.theirs is None or whole(self._replicas, asked.remote) is None:
            return []
        if not covers(asked.theirs, view.visible(link.base), view.region):
            return []
        return [Ask(replace(asked, kind=Review.MERGED, at=frame.now))] if edits(frame, link, local) else []

    def _decided(self, asked: Question) -> bool:
        """Whether it cannot be that contact: there is none, or it lies there under another id."""
        if self._replicas.contact(asked.contact) is None:
            return True
        link = self._replicas.link(asked.contact)
        other = self._replicas.links([asked.remote]).get(asked.remote)
        return any(one is not None and one.state is LinkState.ACTIVE for one in (link, other))
