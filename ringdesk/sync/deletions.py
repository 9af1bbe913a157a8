"""Deletes there what was deleted here: not more than the guard allows, and nothing that has changed there meanwhile.

Where the account deletes whatever lies there (decision 26), a contact is read in the request just before the one that
deletes it, and once more before that one is sent again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from ringdesk.domain.effects import PutAccount, PutLink, Touch
from ringdesk.domain.remote import RemoteContact, RemoteGone
from ringdesk.domain.replica import Link, LinkState
from ringdesk.sync.context import Context, sliced
from ringdesk.sync.plan import Deed, Step, after_deletion, guarded
from ringdesk.sync.pulling import Pulling
from ringdesk.sync.unguarded import Send, Unguarded


class Deletions:
    """The deletions of a pass. `again` takes a contact that has changed there, to be planned anew."""

    def __init__(
        self, context: Context, pulling: Pulling, send: Send, tries: int, again: Callable[[str], None]
    ) -> None:
        self._context = context
        self._replicas = context.replicas
        self._pulling = pulling
        self._send = send
        self._tries = tries
        self._again = again
        self._unguarded = Unguarded(context, send, tries, self._unchanged)

    def carry_out(self, steps: Sequence[Step]) -> None:
        """Delete there, unless these are so many that the user has to allow it first."""
        if not steps:
            return
        account, able = self._replicas.account(), self._context.capabilities
        # where contacts are shared there is no guard: coworkers are not to keep what the owner has deleted
        if not able.shares and guarded(len(steps), self._replicas.linked(), account.approved):
            report = self._context.report
            report.guard_there = report.waits(Deed.DELETE_THERE, steps, _name_there)
            return
        if account.approved:
            self._replicas.commit([PutAccount(replace(account, approved=0))])
        for some in sliced(steps, able.delete_batch):
            if able.guarded_deletes:
                self._send(some, self._tries)
            else:
                self._unguarded.carry_out(some)

    def _unchanged(self, steps: Sequence[Step]) -> list[Step]:
        """Those whose contact there is still as it was; where the account would delete anything, this desk looks."""
        links = {step.link.remote: step for step in steps if step.link is not None}
        still: list[Step] = []
        for some in sliced([*links], self._context.capabilities.fetch_batch):
            for asked, item in zip(some, self._pulling.fetched(some), strict=True):
                link = links[asked].link
                if isinstance(item, RemoteContact) and link is not None and item.etag == link.etag:
                    still += self._unpictured(links[asked], link, item)
                elif isinstance(item, RemoteContact):
                    self._pulling.take([item], sure=True)
                    self._again(links[asked].contact)
                elif isinstance(item, RemoteGone) and link is not None:
                    self._replicas.commit([PutLink(after_deletion(link, self._context.clock.now()))])
        return still

    def _unpictured(self, step: Step, link: Link, item: RemoteContact) -> list[Step]:
        """The deletion, unless an undo asks for it and a picture lies there that never came here: it would be lost."""
        comes = self._context.capabilities.photos and link.photo_due and item.photo != link.photo_ref
        if link.state is not LinkState.TAKEN_BACK or not comes:
            return [step]
        self._replicas.commit([PutLink(replace(link, state=LinkState.ACTIVE)), Touch(step.contact)])
        return []


def _name_there(step: Step) -> str:
    """The name of a contact that is to be deleted there: here it may be gone."""
    return "" if step.push is None else step.push.base.display_name
