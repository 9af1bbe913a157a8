"""Shares or unshares many contacts of mine: one batch for undo, a limited number a transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from ringdesk.domain.contact import Me
from ringdesk.domain.news import ContactsChanged
from ringdesk.store import contacts, history
from ringdesk.store.encode import millis
from ringdesk.store.writer import Work


class Sharing:
    """One such action, as steps of a chain. What is not mine, or is so already, stays as it is."""

    def __init__(
        self, ids: Iterable[str], on: bool, now: Callable[[], float], region: Callable[[], str], most: int
    ) -> None:
        self._left = list(dict.fromkeys(ids))
        self._on, self._now, self._region, self._most = on, now, region, most
        self._batch: int | None = None
        self._count = 0

    def step(self, work: Work) -> int | None:
        """Change up to `most`; gives how many were changed once nothing is left."""
        some = self._left[: self._most]
        found = [one for id in some if (one := contacts.held(work.connection, id)) is not None]
        wanted = [one for one in found if isinstance(one.contact.owner, Me) and one.contact.shared != self._on]
        made = self._batch
        if wanted and made is None:
            made = history.open_batch(work.connection, millis(self._now()), "hand")
        for one in wanted:
            self._change(work, one, made or 0)
        if wanted:
            work.news.append(ContactsChanged(frozenset(one.contact.id for one in wanted)))
        # Remembered only here: a step that was taken back is run again.
        self._batch, self._count = made, self._count + len(wanted)
        del self._left[: self._most]
        return None if self._left else self._count

    def _change(self, work: Work, before: contacts.Held, batch: int) -> None:
        old = before.contact
        wanted = replace(old, shared=self._on, revision=old.revision + 1, updated=self._now())
        after = contacts.change(work.connection, before, wanted, self._region()).contact
        history.write(work.connection, batch, old.id, history.differences(old, after))
