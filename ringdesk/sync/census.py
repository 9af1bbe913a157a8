"""What a whole listing has named so far, and whether it can be believed to have named everything."""

from __future__ import annotations

from ringdesk.domain.remote import Page, RemoteContact


class Census:
    """Counts the pages of one listing; pages of changes are only counted.

    Where pages are counted off anew, whatever changes between two of them may move a contact past both: the total is
    another one then, or a contact comes twice, be it under another id that it has got since.
    """

    def __init__(self) -> None:
        self.seen: set[str] = set()
        self.reported = 0
        """Items of all pages, those of changes too."""
        self._marks: set[str] = set()
        self._totals: set[int | None] = set()
        self._twice = False

    def add(self, page: Page) -> None:
        """Take a page in."""
        self.reported += len(page.items)
        if not page.full:
            return
        contacts = [item for item in page.items if isinstance(item, RemoteContact)]
        named = {item.remote for item in contacts}
        marks = {item.id for item in contacts if item.id}
        self._twice = self._twice or not (self.seen.isdisjoint(named) and self._marks.isdisjoint(marks))
        self.seen |= named
        self._marks |= marks
        self._totals.add(page.total)

    @property
    def steady(self) -> bool:
        """Whether it named each contact on one page, and as many as every page said there were."""
        return not self._twice and self._totals <= {None, len(self.seen)}
