"""What the last run left open: calls that were up and notes being written when RingDesk was ended or died."""

from __future__ import annotations

from dataclasses import replace

from ringdesk.domain.call import CallState, EndReason
from ringdesk.domain.callstate import ended
from ringdesk.domain.contact import Note
from ringdesk.domain.sockets import CallReads, CallWrites, ContactReads, ContactWrites, Deliver


def take_up_leftovers(
    *, calls: CallReads, known: ContactReads, log: CallWrites, contacts: ContactWrites, deliver: Deliver
) -> None:
    """Close the calls that nobody will hear the end of, and give the notes to their contacts.

    Such a call ends as LOST (never as missed) at a time nobody knows, so no end is written. The note of a call
    without a contact stays with the call; one that was saved already and left only its draft is not given twice.
    """
    for record in calls.unfinished():
        state = ended(record.state, EndReason.LOST) or record.state
        unseen = state is CallState.ENDED_UNKNOWN
        deliver(log.log(replace(record, state=state, over=True, seen=record.seen and not unseen)), lambda _: None)
    for call, text in calls.drafts():
        kept = calls.get(call)
        if kept is None or kept.contact is None or not text.strip():
            continue
        if any(note.call == call and note.text.startswith(text.strip()) for note in known.notes(kept.contact)):
            deliver(log.keep_draft(call, ""), lambda _: None)
        else:
            _hand_over(call, kept.contact, text.strip(), log=log, contacts=contacts, deliver=deliver)


def _hand_over(
    call: str, contact: str, text: str, *, log: CallWrites, contacts: ContactWrites, deliver: Deliver
) -> None:
    """First the note, then its draft goes; where the contact is gone meanwhile, the note stays with the call."""

    def kept(_: Note) -> None:
        deliver(log.keep_draft(call, ""), lambda _: None)

    deliver(contacts.add_note(contact, text, call), kept, lambda _: None)
