"""What the user does on a pop: open, note, copy, answer, decline, add, block, pick. Refuses what is not offered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Final, Protocol, assert_never

from ringdesk.desk.calls import CallDesk
from ringdesk.desk.popview import Action, PopView
from ringdesk.domain.call import Ability, Call
from ringdesk.domain.card import Card, Name, PhoneEntry, split_name
from ringdesk.domain.contact import Contact, Marks, Me
from ringdesk.domain.news import StoreTroubled
from ringdesk.domain.phone import Withheld
from ringdesk.domain.sockets import CallWrites, ContactReads, ContactWrites, Deliver, SendNews, Timer, Timers
from ringdesk.domain.status import StoreError, StoreTrouble

AGAIN_SECONDS: Final = 5.0
"""How long after a note could not be saved it is tried again."""

DRAFT_SECONDS: Final = 0.4
"""How long after the first keystroke that is not kept yet the note is: a crash loses no more than half a second of it,
also of one that is typed without a pause."""


class PopDoors(Protocol):
    """Where a pop's actions lead outside the pop."""

    def open_contact(self, contact: str) -> None:
        """Show a contact in the main window."""

    def new_contact(self, card: Card, contact: str | None) -> None:
        """Open the editor with this card: on the anonymous contact that has the number, or as a new one."""

    def add_to_existing(self, number: str, call: str) -> None:
        """Let the user choose a contact that gets this number."""

    def copy(self, text: str) -> None:
        """Put text on the clipboard."""

    def command(self, call: Call, ability: Ability) -> None:
        """Have the phone answer or decline."""


class _Note:
    """A note whose pop is gone. `waits`: it could not be saved, and a timer will try again."""

    __slots__ = ("call", "contact", "text", "waits")

    def __init__(self, call: str, contact: str | None, text: str) -> None:
        self.call, self.contact, self.text = call, contact, text
        self.waits = False


@dataclass(slots=True, kw_only=True)
class PopActions:
    """Carries out the actions of pops, and keeps their notes."""

    desk: CallDesk
    contacts: ContactReads
    writes: ContactWrites
    log: CallWrites
    deliver: Deliver
    timers: Timers
    doors: PopDoors
    cleared: Callable[[str], None]
    """Called with a call's id when its missed notice was seen: closed or acted on by the user."""
    send: SendNews
    _drafts: dict[str, Timer] = field(default_factory=dict)
    _typed: dict[str, str] = field(default_factory=dict)
    _unsaved: dict[str, str] = field(default_factory=dict)

    @property
    def unsaved(self) -> bool:
        """Whether the note of a pop that is gone waits for the store to take it: it is tried again and again."""
        return bool(self._unsaved)

    def act(self, id: str, action: Action, argument: str = "") -> None:
        """Do what the user clicked on the pop of call `id`. `argument` is the contact for PICK."""
        view = next((v for v in self.desk.pops.views() if v.id == id), None)
        if view is None or not _offers(view, action):
            return
        match action:
            case Action.CLOSE:
                self.cleared(id)
                self.desk.pops.close(id)
            case Action.ANSWER:
                self.doors.command(view.call, Ability.ANSWER)
            case Action.DECLINE:
                self.doors.command(view.call, Ability.DECLINE)
            case Action.COPY:
                self.doors.copy(str(view.call.number))
            case Action.NOTE:
                pass  # the pop opens its note box by itself
            case Action.OPEN | Action.ADD | Action.ADD_TO | Action.BLOCK | Action.PICK | Action.FORGET_PICK:
                self._about_contact(view, action, argument)
            case _:
                assert_never(action)

    def _about_contact(self, view: PopView, action: Action, argument: str) -> None:
        number = view.call.number
        if action is Action.OPEN and view.contact:
            self.cleared(view.id)
            self.doors.open_contact(view.contact)
        elif action is Action.ADD:
            contact = self._anonymous(view)
            card = contact.card if contact else Card(phones=(PhoneEntry(str(number)),))
            self.doors.new_contact(replace(card, name=_said(view, card)), contact.id if contact else None)
        elif action is Action.ADD_TO:
            self.doors.add_to_existing(str(number), view.id)
        elif action is Action.BLOCK:
            self._block(view)
        elif action is Action.PICK and any(c.contact == argument for c in view.choices):
            self.deliver(self.writes.pick(number, argument), lambda _: self.desk.refresh())
        elif action is Action.FORGET_PICK:
            self.deliver(self.writes.pick(number, None), lambda _: self.desk.refresh())

    def write(self, id: str, text: str, *, writing: bool) -> None:
        """The note box of a pop changed; what it holds then is kept half a second later at the latest."""
        self.desk.pops.write(id, text, writing=writing)
        self._typed[id] = text
        if id not in self._drafts:
            self._drafts[id] = self.timers.call_later(DRAFT_SECONDS, lambda: self._keep(id))

    def left(self, view: PopView) -> None:
        """A pop went: its note goes to the contact, or stays with the call where there is none."""
        if timer := self._drafts.pop(view.id, None):
            timer.cancel()
        self._typed.pop(view.id, None)
        if text := view.draft.strip():
            note = _Note(view.id, view.contact or self.desk.contact_of(view.id), text)
            if note.contact is None:
                self.desk.once_made(view.id, lambda contact: self._hand_over(note, contact))
            self._save(note)
        if view.call.over:
            self.desk.forget_soon(view.id)

    def _save(self, note: _Note) -> None:
        """First the note, then the draft goes: a crash between them leaves both, never neither."""
        call, contact = note.call, note.contact
        note.waits = False

        def saved(_: object) -> None:
            self._unsaved.pop(call, None)
            if contact is not None:
                self.deliver(self.log.keep_draft(call, ""), lambda _: None)

        def failed(error: Exception) -> None:
            if not isinstance(error, StoreError):
                raise error
            if note.contact == contact:  # else it was made meanwhile, and a try to put the note there is under way
                self._again(note, error)

        if contact is None:
            self.deliver(self.log.keep_draft(call, note.text), saved, failed)
        else:
            self.deliver(self.writes.add_note(contact, note.text, call), saved, failed)

    def _again(self, note: _Note, error: StoreError) -> None:
        """Try later; a note whose contact was deleted stays with its call."""
        if error.trouble is StoreTrouble.GONE:
            self._save(_Note(note.call, None, note.text))
            return
        if note.call not in self._unsaved:
            self.send(StoreTroubled(error.trouble, error.detail, error.path))
        self._unsaved[note.call] = note.text
        note.waits = True
        self.timers.call_later(AGAIN_SECONDS, lambda: self._save(note))

    def _hand_over(self, note: _Note, contact: str) -> None:
        """The call that a note was left with has its contact now; a try that waits for its turn will find it."""
        note.contact = contact
        if not note.waits:
            self._save(note)

    def _keep(self, id: str) -> None:
        self._drafts.pop(id, None)
        self.deliver(self.log.keep_draft(id, self._typed.pop(id, "")), lambda _: None)

    def _anonymous(self, view: PopView) -> Contact | None:
        """The anonymous contact that has the caller's number, if the call made one."""
        id = self.desk.contact_of(view.id) or view.contact
        contact = self.contacts.get(id) if id else None
        return contact if contact is not None and not contact.known else None

    def _block(self, view: PopView) -> None:
        def mark(id: str) -> None:
            contact = self.contacts.get(id)
            if contact is not None:
                blocked = replace(contact, marks=Marks(vip=False, blocked=True))
                self.deliver(self.writes.save(blocked, read_revision=contact.revision), lambda _: None)

        number = view.call.number
        self.deliver(self.writes.caller(number, str(number), name=view.call.name, owner=Me()), mark)
        self.cleared(view.id)
        self.desk.pops.close(view.id)


def _offers(view: PopView, action: Action) -> bool:
    if isinstance(view.call.number, Withheld) and action in (Action.COPY, Action.ADD, Action.ADD_TO, Action.BLOCK):
        return False
    if action is Action.PICK:
        return bool(view.choices)
    return action in view.actions or (action is Action.FORGET_PICK and view.picked)


def _said(view: PopView, card: Card) -> Name:
    """The name to begin with in the editor: what the caller says, as one given-name field the user can correct."""
    return card.name if card.name.full or not view.says else split_name(view.says)
