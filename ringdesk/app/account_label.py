"""A share label that is named, or named anew: its members here are shared before the account is synced by it.

With a share label being in it and being shared are one. A member that is not shared would look as if it had just been
unticked, and would be taken out of the label in the account.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from ringdesk.app.clockwork import Outside
from ringdesk.domain.contact import SHARED
from ringdesk.domain.lookup import Book
from ringdesk.domain.replica import Policy
from ringdesk.domain.sockets import Show
from ringdesk.store.store import Store

PAGE: Final = 1000


def share_members(store: Store, outside: Outside, before: Policy, after: Policy, then: Callable[[], None]) -> None:
    """Share my contacts in a group of the new share label's name, as one change that can be taken back, then go on.

    Where that cannot be written nothing goes on, and what is wrong is news.
    """
    label = after.share_label
    if not label or label == before.share_label:
        then()
        return
    show = Show(group=label, anonymous=None, book=Book.MINE)
    starts = range(0, store.reads.count(show), PAGE)
    members = [row.id for start in starts for row in store.reads.page(show, start, PAGE) if not row.flags & SHARED]
    outside.deliver(store.writes.share(members, True), lambda _: then())
