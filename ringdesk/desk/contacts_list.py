"""The rows of the contacts list: read by pages when somebody looks at them, forgotten when nobody does."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from ringdesk.domain.contact import ContactRow
from ringdesk.domain.sockets import ContactReads, Show

PAGE: Final = 40
"""Rows of the whole list that are read at a time: a high window full, and what the next turn of the wheel brings."""

HITS: Final = 30
"""Rows of a search that are read at a time: a window full and no more, because each letter typed asks anew."""

KEPT: Final = 100
"""Pages in memory; scrolling through a million rows keeps no more."""


class ContactList:
    """What the list shows, whole or searched.

    The length of the whole list is known at once. A search knows only the rows it has read so far; `extend` reads
    further, until `complete`.
    """

    def __init__(self, reads: ContactReads) -> None:
        self._reads = reads
        self._pages: OrderedDict[int, Sequence[ContactRow]] = OrderedDict()
        self._step = PAGE
        self.show = Show()
        self.text = ""
        self.count = 0
        self.complete = False

    @property
    def searching(self) -> bool:
        """True while a search decides which rows there are."""
        return bool(self.text)

    def look(self, text: str, show: Show) -> None:
        """Show another list from its top."""
        self.text, self.show = text.strip(), show
        self.again(0)

    def again(self, last: int) -> None:
        """Read anew, because contacts changed; a search is read as far as row `last`."""
        self._pages.clear()
        self.complete = not self.searching
        self._step = HITS if self.searching else PAGE
        self.count = 0 if self.searching else self._reads.count(self.show)
        while not self.complete and self.count <= last:
            self.extend()

    def extend(self) -> int:
        """Read the next page of a search; gives how many rows were added."""
        if self.complete:
            return 0
        rows = self._page(self.count // self._step)
        self.complete = len(rows) < self._step
        self.count += len(rows)
        return len(rows)

    def row(self, place: int) -> ContactRow | None:
        """One row, or None where the list has become shorter since it was counted."""
        if not 0 <= place < self.count:
            return None
        page, offset = divmod(place, self._step)
        rows = self._page(page)
        return rows[offset] if offset < len(rows) else None

    def read(self, first: int, last: int) -> Iterator[ContactRow]:
        """Those of some rows that are in memory."""
        for place in range(first, min(last + 1, self.count)):
            page, offset = divmod(place, self._step)
            yield from self._pages.get(page, ())[offset : offset + 1]

    def place(self, id: str) -> int | None:
        """Where a contact stands: in the whole list, or among the rows of a search in memory."""
        if not self.searching:
            return self._reads.place(id, self.show)
        for number, rows in self._pages.items():
            for offset, row in enumerate(rows):
                if row.id == id and number * HITS + offset < self.count:
                    return number * HITS + offset
        return None

    def _page(self, number: int) -> Sequence[ContactRow]:
        if number in self._pages:
            self._pages.move_to_end(number)
            return self._pages[number]
        rows = self._pages[number] = self._read(number)
        if len(self._pages) > KEPT:
            self._pages.popitem(last=False)
        return rows

    def _read(self, number: int) -> Sequence[ContactRow]:
        if not self.searching:
            return self._reads.page(self.show, number * self._step, self._step)
        # A search among all contacts also finds callers that nobody has named; the row says what they are.
        show = replace(self.show, anonymous=None) if self.show == Show() else self.show
        return self._reads.search(self.text, show, number * self._step, self._step)
