"""Former ids that are none: what was merged there may be taken out again, and one report may tell both."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from ringdesk.domain.effects import Replicas
from ringdesk.domain.remote import RemoteContact, RemoteItem
from ringdesk.domain.replica import LinkState
from ringdesk.sync.context import sliced

UNLINKED: Final = frozenset({LinkState.DELETED, LinkState.GONE, LinkState.REVIEW, LinkState.KEPT})
"""A contact here with such a link has none there."""


def parted(
    reported: Mapping[str, RemoteItem],
    replicas: Replicas,
    fetched: Callable[[Sequence[str]], Sequence[RemoteItem]],
    batch: int,
) -> Mapping[str, RemoteItem]:
    """The items without the former ids under which there is somebody: those in question are asked for by id.

    In question are those reported as alive themselves, which may be older news than the merge, and those that have a
    contact here and are not said to be gone.
    """
    told = {old for item in reported.values() if isinstance(item, RemoteContact) for old in item.former}
    if not told:
        return reported
    links = replicas.links(told)
    alive = {old for old in told if isinstance(reported.get(old), RemoteContact)}
    held = {old for old, link in links.items() if old not in reported and link.state not in UNLINKED}
    there: set[str] = set()
    for some in sliced(sorted(alive | held), batch):
        pairs = zip(some, fetched(some), strict=True)
        there |= {old for old, item in pairs if isinstance(item, RemoteContact) and item.remote == old}
    return {remote: _without(item, there) for remote, item in reported.items()}


def _without(item: RemoteItem, there: set[str]) -> RemoteItem:
    if not isinstance(item, RemoteContact) or there.isdisjoint(item.former):
        return item
    return replace(item, former=tuple(old for old in item.former if old not in there))
