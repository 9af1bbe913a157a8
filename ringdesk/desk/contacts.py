"""What the contacts pane does, without Qt: find, select, mark, note, delete, take back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final, Protocol

from ringdesk.desk.contacts_list import ContactList
from ringdesk.desk.contacts_several import SeveralContacts
from ringdesk.desk.contacts_told import Deleted, Farewell, NothingToUndo, Restored, Shared, Told, Troubled, Undone
from ringdesk.desk.holders import Holder, Holders, nobody
from ringdesk.desk.team_view import ALONE, TeamView
from ringdesk.domain.calllog import CallRecord, EarlierCalls
from ringdesk.domain.card import Card
from ringdesk.domain.contact import Change, Contact, ContactRow, Me, Note, Origin, Unclaimed
from ringdesk.domain.contact import Undone as BatchUndone
from ringdesk.domain.news import CallsChanged, ContactsChanged, NotesChanged
from ringdesk.domain.ownership import Deed, refused
from ringdesk.domain.sockets import CallReads, Clock, ContactReads, ContactWrites, Deliver, Show
from ringdesk.domain.status import StoreError, StoreTrouble
from ringdesk.domain.values import dataclass

if TYPE_CHECKING:
    from ringdesk.desk.team import TeamDesk
    from ringdesk.domain.team import CoworkerCall

HISTORY: Final = 50
NONE_EARLIER: Final = EarlierCalls(0, shown=False)
_TRIES: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """Everything the details pane shows of one contact, and what may be done with it."""

    contact: Contact
    calls: Sequence[CallRecord]
    notes: Sequence[Note]
    history: Sequence[Change]
    may: frozenset[Deed]
    region: str
    now: float
    team: TeamView = ALONE
    spoke: Sequence[CoworkerCall] = ()
    """Coworkers' calls with the contact, newest first."""
    holders: Sequence[Holder] = ()
    """Connected accounts that have the contact too."""
    seen: Card | None = None
    """Exactly what coworkers see of it; None where they see nothing."""
    earlier: EarlierCalls = NONE_EARLIER
    """Calls from before it was shared, which coworkers see by choice."""


class Pane(Protocol):
    """What the presenter asks of the window."""

    def list_replaced(self) -> None:
        """Another list is shown, from its top."""

    def list_changed(self, before: int) -> None:
        """The same list was read anew; it had `before` rows. Keep place and selection."""

    def details_changed(self) -> None:
        """Show `details` anew."""

    def tell(self, what: Told) -> None:
        """Tell the user in the pane, without a dialog."""


class ContactsPresenter:
    """The contacts pane without Qt. `region` gives the home country, which settings may change."""

    def __init__(
        self,
        reads: ContactReads,
        writes: ContactWrites,
        calls: CallReads,
        deliver: Deliver,
        clock: Clock,
        region: Callable[[], str],
    ) -> None:
        self.reads, self.writes, self.deliver, self.region = reads, writes, deliver, region
        self._calls, self._clock = calls, clock
        self.rows = ContactList(reads)
        self.team: TeamDesk | None = None
        """The team, where there is one; set before the pane is shown."""
        self.holders: Holders = nobody
        self.synced = True
        """Whether an account is connected, so that the list marks what it has; nobody knows in the first moment."""
        self.selected: str | None = None
        self.opened: Callable[[str], None] = _nobody
        """Told which contact is shown now."""
        self._pane: Pane | None = None
        self._deleted: frozenset[str] = frozenset()
        self._undoable: frozenset[str] = frozenset()
        """What the undo button in the pane would take back is about these."""
        self.several = SeveralContacts(writes, deliver, lambda: self.team_view, self._shared, self._failing())
        """Several contacts at once."""

    def attach(self, pane: Pane) -> None:
        """Show everything in a window from now on."""
        self._pane = pane
        self.rows.look(self.rows.text, self.rows.show)
        pane.list_replaced()
        pane.details_changed()

    # --- the list

    def search(self, text: str) -> None:
        """Show what a text finds; an empty text shows the whole list again."""
        self._look(text, self.rows.show)

    def filter(self, show: Show) -> None:
        """Show all contacts, a group, VIPs or unknown callers; the search stays."""
        self._look(self.rows.text, show)

    def groups(self) -> Sequence[str]:
        """The groups a filter can be chosen from."""
        return self.reads.groups()

    def is_empty(self) -> bool:
        """True when there is no contact at all, known or not."""
        return self.reads.count(Show(anonymous=None)) == 0

    def select(self, id: str | None) -> None:
        """Show the details of a contact, or of none."""
        if id == self.selected:
            return
        self.selected = id
        self._show_details()
        if id is not None:
            self.opened(id)

    def open(self, id: str) -> None:
        """Bring a contact into sight, whatever the list shows now."""
        before = self.rows.count
        self.rows.again(0)
        if self.rows.place(id) is None:
            contact = self.reads.get(id)
            self._look("", Show() if contact is None or contact.known else Show(anonymous=True))
        self.selected = id
        if self._pane is not None:
            self._pane.list_changed(before)
        self._show_details()

    # --- the details

    def details(self) -> Details | None:
        """What there is of the selected contact; None where none is selected or it is gone."""
        contact = self.contact()
        if contact is None:
            return None
        seen = None if self.team is None else self.team.seen(contact)
        return Details(
            contact=contact,
            calls=self._calls.of_contact(contact.id),
            notes=self.reads.notes(contact.id),
            history=self.reads.changes(contact.id, HISTORY),
            may=frozenset(deed for deed in Deed if self.may(contact, deed)),
            region=self.region(),
            now=self._clock.now(),
            team=self.team_view,
            holders=tuple(self.holders(contact.id)) if contact.linked else (),
            spoke=() if self.team is None else self.team.calls_of(contact.id),
            seen=seen,
            earlier=NONE_EARLIER if seen is None else self._calls.earlier(contact.id),
        )

    @property
    def team_view(self) -> TeamView:
        """How the team stands."""
        return ALONE if self.team is None else self.team.view

    def may(self, contact: Contact, deed: Deed) -> bool:
        """Whether the rules allow it, and the rights that the team has given me: what is shared can be taken back."""
        view = self.team_view
        if refused(contact, deed, administrator=view.administrator) is not None:
            return False
        if deed is Deed.SHARE:
            return view.may_share or contact.shared
        return deed is not Deed.EDIT or isinstance(contact.owner, Me) or view.may_share

    def contact(self) -> Contact | None:
        """The selected contact as it is stored now."""
        return None if self.selected is None else self.reads.get(self.selected)

    def number(self, row: ContactRow | None = None) -> str:
        """The number to copy: of a row, else the selected contact's first."""
        if row is not None:
            return row.phone
        contact = self.contact()
        return contact.card.phones[0].value if contact is not None and contact.card.phones else ""

    # --- deeds

    def share(self, on: bool) -> None:
        """Tick or untick *Clients: share with coworkers* of the selected contact."""
        if self.selected is not None:
            self.tick(self.selected, on)

    def tick(self, id: str, on: bool) -> None:
        """Tick or untick the box of one row of the list."""
        self._mark(id, Deed.SHARE, lambda contact: replace(contact, shared=on))

    def vip(self, on: bool) -> None:
        """Mark the selected contact as VIP, or not."""
        self._mark(self.selected, Deed.MARK, lambda contact: replace(contact, marks=replace(contact.marks, vip=on)))

    def block(self, on: bool) -> None:
        """Let the selected contact's calls pop no more, or again."""
        self._mark(self.selected, Deed.MARK, lambda contact: replace(contact, marks=replace(contact.marks, blocked=on)))

    def keep_private(self, call: str, on: bool) -> None:
        """Let coworkers see nothing of a call, or let them see it again."""
        if self.team is not None:
            self.deliver(self.team.keep_private(call, on), lambda _: None, self._failing())

    def show_earlier(self, on: bool) -> None:
        """Let coworkers see the selected contact's calls from before it was shared too, or no more."""
        if self.team is not None and self.selected is not None:
            self.deliver(self.team.show_earlier(self.selected, on), lambda _: None, self._failing())

    def add_note(self, text: str, done: Callable[[], None], failed: Callable[[], None]) -> None:
        """Write a note; `done` once it is kept, `failed` where it is not, so that the text stays in its box."""
        if self.selected is None or not text.strip():
            return
        self.deliver(self.writes.add_note(self.selected, text.strip()), lambda _: done(), self._failing(failed))

    def delete_note(self, note: str) -> None:
        """Delete a note."""
        self.deliver(self.writes.delete_note(note), lambda _: None, self._failing())

    def farewell(self) -> Farewell | None:
        """What deleting the selected contact means; None where it may not be deleted."""
        contact = self.contact()
        if contact is None or not self.may(contact, Deed.DELETE):
            return None
        notes = len(self.reads.notes(contact.id))
        holders = tuple(self.holders(contact.id)) if contact.linked else ()
        everybodys = isinstance(contact.owner, Unclaimed) and contact.origin is Origin.TEAM
        return Farewell((contact.id,), contact.card.display_name, notes, holders, everybodys)

    def delete(self, farewell: Farewell) -> None:
        """Delete what the user has agreed to; the row after it becomes the selected one."""
        next_one = self._neighbour(farewell.ids[0])
        was_selected = self.selected in farewell.ids

        def done(count: int) -> None:
            self._deleted = self._undoable = frozenset(farewell.ids)
            if was_selected and self.selected in (None, *farewell.ids):
                self.select(next_one)
            if count:
                self._tell(Deleted(farewell.name, farewell.everybodys))

        self.deliver(self.writes.delete(farewell.ids), done, self._failing())

    def _shared(self, ids: Sequence[str], what: Shared) -> None:
        self._undoable = frozenset(ids)
        if what.count:
            self._tell(what)

    def undo_told(self) -> None:
        """Take back what was told last, unless something else was changed since: then nothing is touched."""
        touched = {change.contact for change in self.reads.last_change()}
        if touched & self._undoable:
            self.undo()
        else:
            self._tell(NothingToUndo())

    def undo(self) -> None:
        """Take the newest change back."""

        def done(undone: BatchUndone) -> None:
            ids, left = undone.ids, tuple(dict.fromkeys(skip.field for skip in undone.skipped))
            self._tell(Undone(len(ids), left) if ids or left else NothingToUndo())
            back = [id for id in ids if id in self._deleted]
            self._deleted = self._undoable = frozenset()
            if back:
                self.open(back[0])

        if not self.reads.last_change():
            self._tell(NothingToUndo())
            return
        self.deliver(self.writes.undo(), done, self._failing())

    def restore(self, change: Change) -> None:
        """Set one field of a contact back to what it was before a change."""
        done = self.writes.restore(change.contact, change.id)
        self.deliver(done, lambda _: self._tell(Restored(change.field)), self._failing())

    # --- news

    def contacts_changed(self, news: ContactsChanged, last: int = 0) -> None:
        """Read anew what is shown; `last` is the lowest row in sight."""
        before = self.rows.count
        self.rows.again(last)
        if self._pane is not None:
            self._pane.list_changed(before)
        if not news.ids or self.selected in news.ids:
            if self.selected is not None and self.contact() is None:
                self.selected = None
            self._show_details()

    def notes_changed(self, news: NotesChanged) -> None:
        """Show the notes of the selected contact anew."""
        if news.contact == self.selected:
            self._show_details()

    def accounts_changed(self, holders: Holders, *, synced: bool) -> None:
        """Accounts were connected, disconnected, or are synced in another way."""
        self.holders, self.synced = holders, synced
        if self._pane is not None:
            self._pane.list_changed(self.rows.count)
            self._pane.details_changed()

    def team_changed(self) -> None:
        """Rights, names or the connection of the team have changed."""
        self._show_details()

    def calls_changed(self, news: CallsChanged) -> None:
        """Show the calls of the selected contact anew."""
        if self.selected is not None:
            self._show_details()

    def photo(self, id: str) -> bytes | None:
        """The picture of a contact of the list, where it has one."""
        contact = self.reads.get(id)
        return self.reads.photo(contact.card.photo) if contact is not None and contact.card.photo else None

    # --- inside

    def _look(self, text: str, show: Show) -> None:
        self.rows.look(text, show)
        if self._pane is not None:
            self._pane.list_replaced()

    def _show_details(self) -> None:
        if self._pane is not None:
            self._pane.details_changed()

    def _tell(self, what: Told) -> None:
        if self._pane is not None:
            self._pane.tell(what)

    def _neighbour(self, id: str) -> str | None:
        place = self.rows.place(id)
        if place is None:
            return None
        row = self.rows.row(place + 1) or self.rows.row(place - 1)
        return None if row is None else row.id

    def _mark(self, id: str | None, deed: Deed, change: Callable[[Contact], Contact], tries: int = _TRIES) -> None:
        """Marks and shares do not touch the content, so a contact saved meanwhile is marked as it is now."""
        contact = None if id is None else self.reads.get(id)
        if contact is None or not self.may(contact, deed) or change(contact) == contact:
            return

        def failed(error: Exception) -> None:
            if isinstance(error, StoreError) and error.trouble is StoreTrouble.STALE and tries > 1:
                self._mark(id, deed, change, tries - 1)
            else:
                self._failing()(error)

        self.deliver(self.writes.save(change(contact), read_revision=contact.revision), lambda _: None, failed)

    def _failing(self, then: Callable[[], None] | None = None) -> Callable[[Exception], None]:
        """Tell what went wrong and show what is really stored."""

        def failed(error: Exception) -> None:
            if not isinstance(error, StoreError):
                raise error
            self._tell(Troubled(error.trouble, error.path))
            if then is not None:
                then()
            else:
                self._show_details()

        return failed


def _nobody(id: str) -> None:
    """Nobody wants to know."""
