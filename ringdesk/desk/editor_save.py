"""One contact being edited, without Qt: saving it whole, and what happens when it was changed meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from ringdesk.desk.editor import NOTHING, Fault, Form, card_of, changed, faults, form_of, form_of_contact, rebase
from ringdesk.desk.team_view import ALONE, TeamView
from ringdesk.domain.card import Card
from ringdesk.domain.contact import Contact, Me, Origin
from ringdesk.domain.ownership import Deed, owner_after_edit, refused
from ringdesk.domain.sockets import ContactReads, ContactWrites, Deliver
from ringdesk.domain.status import StoreError, StoreTrouble

_TRIES: Final = 3


@dataclass(frozen=True, slots=True)
class Saved:
    """The contact is saved; `joined` says that somebody else's changes of other fields were kept beside mine."""

    contact: Contact
    joined: bool = False


@dataclass(frozen=True, slots=True)
class Clashed:
    """Somebody else changed the same fields meanwhile; nothing was saved. `theirs` is the contact as it is now."""

    theirs: Contact
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Vanished:
    """The contact was deleted meanwhile; nothing was saved."""


@dataclass(frozen=True, slots=True)
class NotSaved:
    """The store could not save; nothing was changed."""

    trouble: StoreTrouble
    path: str = ""


@dataclass(frozen=True, slots=True)
class Faulty:
    """Some fields have to be put right first."""

    faults: tuple[Fault, ...]


Outcome = Saved | Clashed | Vanished | NotSaved | Faulty


class Editing:
    """The editing of one contact, or of a new one (`contact` None).

    `start` is what the form begins with instead: an unknown caller's number, or a contact's card with that number
    added. What it holds beyond the contact counts as typed.
    """

    def __init__(
        self,
        reads: ContactReads,
        writes: ContactWrites,
        deliver: Deliver,
        contact: Contact | None = None,
        start: Card = NOTHING,
        *,
        team: TeamView = ALONE,
    ) -> None:
        """`team`: how the team stands; its rights say whether a private contact may be ticked."""
        self._team = team
        self.reads = reads
        self._writes, self._deliver = writes, deliver
        self.contact = contact
        self._read = NOTHING if contact is None else contact.card
        self.original = form_of(NOTHING) if contact is None else form_of_contact(contact)
        self.first = self.original if start == NOTHING else self._begun(start)
        self._busy = False

    def _begun(self, start: Card) -> Form:
        contact = self.contact
        return form_of(start) if contact is None else form_of(start, shared=contact.shared, marks=contact.marks)

    @property
    def new(self) -> bool:
        """True while the contact was never saved."""
        return self.contact is None

    @property
    def may_share(self) -> bool:
        """False where only somebody else may tick the Clients box, or nobody; what is shared can be taken back."""
        if not self._team.may_share and not (self.contact is not None and self.contact.shared):
            return False
        return self.contact is None or refused(self.contact, Deed.SHARE, administrator=True) is None

    @property
    def busy(self) -> bool:
        """True while a save is under way."""
        return self._busy

    def changed(self, form: Form) -> bool:
        """True when closing now would lose something."""
        return changed(form, self.original)

    def save(self, form: Form, photo: bytes | None, done: Callable[[Outcome], None]) -> None:
        """Save the whole form, or nothing of it. `photo`: the bytes of a newly chosen picture."""
        if self._busy:
            return
        found = faults(form, self._read)
        if found:
            done(Faulty(tuple(found)))
            return
        self._busy = True

        def finish(outcome: Outcome) -> None:
            self._busy = False
            done(outcome)

        if photo is None:
            self._write(form, finish, _TRIES)
            return

        def kept(digest: str) -> None:
            self._write(replace(form, photo=digest), finish, _TRIES)

        self._deliver(self._writes.put_photo(photo), kept, _trouble(finish))

    def overwrite(self, theirs: Contact) -> None:
        """Go on from somebody else's version: what I typed stands, what I did not touch becomes theirs."""
        self.contact = theirs

    def keep_as_new(self) -> None:
        """The contact was deleted meanwhile: save what was typed as a new one."""
        self.contact = None

    def _write(self, form: Form, finish: Callable[[Outcome], None], tries: int, *, joined: bool = False) -> None:
        contact = self.contact
        if contact is None:
            future = self._writes.add(
                card_of(form), origin=Origin.HAND, owner=Me(), shared=form.shared, marks=form.marks
            )
            self._deliver(future, lambda saved: finish(Saved(saved)), _trouble(finish))
            return
        mine = self._mine(form, contact)

        def failed(error: Exception) -> None:
            if isinstance(error, StoreError) and error.trouble is StoreTrouble.STALE and tries > 0:
                self._meet(contact, form, finish, tries - 1)
            else:
                _trouble(finish)(error)

        self._deliver(
            self._writes.save(mine, read_revision=contact.revision), lambda c: finish(Saved(c, joined)), failed
        )

    def _mine(self, form: Form, contact: Contact) -> Contact:
        """The stored contact with everything that was changed in the form, and nothing else."""
        card = rebase(self._read, card_of(form, self._read), contact.card).card
        shared = form.shared if self.may_share and form.shared != self.original.shared else contact.shared
        marks = contact.marks if form.marks == self.original.marks else form.marks
        return replace(contact, card=card, owner=owner_after_edit(contact), shared=shared, marks=marks)

    def _meet(self, before: Contact, form: Form, finish: Callable[[Outcome], None], tries: int) -> None:
        """Somebody else saved first: join the two where they touch different fields, ask where they do not."""
        theirs = self.reads.get(before.id)
        if theirs is None:
            finish(Vanished())
            return
        result = rebase(self._read, card_of(form, self._read), theirs.card)
        if result.clashes:
            finish(Clashed(theirs, result.clashes))
            return
        self.contact = theirs
        self._write(form, finish, tries, joined=True)


def _trouble(finish: Callable[[Outcome], None]) -> Callable[[Exception], None]:
    def failed(error: Exception) -> None:
        if not isinstance(error, StoreError):
            raise error
        finish(Vanished() if error.trouble is StoreTrouble.GONE else NotSaved(error.trouble, error.path))

    return failed
