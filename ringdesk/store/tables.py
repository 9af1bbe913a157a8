"""The tables of `ringdesk.store.models`, by their names: `tables.Call`.

The models and peewee are imported when the first table is asked for: the first picture of the window needs neither,
and they take as long as all the rest of the store.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ringdesk.store.models import Call as Call
    from ringdesk.store.models import Category as Category
    from ringdesk.store.models import Draft as Draft
    from ringdesk.store.models import Link as Link
    from ringdesk.store.models import Note as Note
    from ringdesk.store.models import Outbox as Outbox
    from ringdesk.store.models import Photo as Photo
    from ringdesk.store.models import Pick as Pick
else:

    def __getattr__(name: str) -> type:
        from ringdesk.store import models

        return getattr(models, name)
