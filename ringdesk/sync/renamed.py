"""Contacts that lie there under another id, which no report told, where the fields that would tell it are left out.

What came here under the new id has none of the phones or e-mails that it has there, so likeness here finds nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from ringdesk.domain.contact import Marks
from ringdesk.domain.effects import Effect, PutLink, RemoveContact
from ringdesk.domain.remote import RemoteContact
from ringdesk.domain.replica import Link, LinkState
from ringdesk.sync.context import Context, sliced
from ringdesk.sync.incoming import covers
from ringdesk.sync.pulling import Pulling
from ringdesk.sync.view import View

_SIGNS: Final = frozenset({"phones", "emails"})
_MOST: Final = 1000


def hides(view: View) -> bool:
    """Whether phones or e-mails that lie there do not come here."""
    return not view.capabilities.shares and not _SIGNS.isdisjoint(view.left_out)


def find_again(context: Context, pulling: Pulling, gone: Sequence[Link]) -> None:
    """Take in anew what has come in this round and has, there, all phones and e-mails of one of these that are gone.

    It is that one: the contact here keeps what it has in the fields that are left out, and what is agreed on them.
    """
    left = [link for link in gone if covers(link.base, link.base, context.region)]
    come = _come(context) if left else ()
    for some in sliced(come, context.capabilities.fetch_batch):
        for item in pulling.fetched(some):
            if isinstance(item, RemoteContact):
                same = [link for link in left if covers(item.card, link.base, context.region)]
                left = [link for link in left if link not in same]
                for link in same:
                    known = replace(item, former=(*item.former, link.remote))
                    pulling.take_freed(known, _freed(context, item.remote))


def _come(context: Context) -> list[str]:
    """The ids there of what has come in this round, as far as it is kept."""
    links = [context.replicas.link(id) for id in sorted(context.grown)[:_MOST]]
    return [link.remote for link in links if link is not None and link.state is LinkState.ACTIVE]


def _freed(context: Context, remote: str) -> Sequence[Effect]:
    """What takes out the contact that came here under this id; nothing where it was here before, or is more by now."""
    replicas = context.replicas
    link = replicas.links([remote]).get(remote)
    local = None if link is None else replicas.contact(link.contact)
    if link is None or local is None or local.revision > 1 or local.marks != Marks() or replicas.noted(local.id):
        return ()
    return RemoveContact(local.id, local.revision), PutLink(replace(link, state=LinkState.DELETED))
