"""What the last run left open: calls that were up and notes being written when RingDesk was ended or died."""

from __future__ import annotations

from dataclasses import replace

from ringdesk.domain.call import CallState, EndReason
from ringdesk.domain.callstate import ended
from ringdesk.domain.sockets import CallReads, CallWrites, Clock, ContactWrites, Deliver


def take_up_leftovers(
    *, calls: CallReads, log: CallWrites, contacts: ContactWrites, clock: Clock, deliver: Deliver
) -> None:
    """Close the calls that nobody will hear the end of, and give the notes to their contacts.

    Such a call ends as LOST (never as missed) at a time nobody knows, so no end is written. The note of a call
    without a contact stays with the call.
    """
    for record in calls.unfinished():
        state = ended(record.state, EndReason.LOST) or record.state
        unseen = state is CallState.ENDED_UNKNOWN
        deliver(log.log(replace(record, state=state, over=True, seen=record.seen and not unseen)), lambda _: None)
    for call, text in calls.drafts():
        kept = calls.get(call)
        if kept is not None and kept.contact is not None and text.strip():
            noted = contacts.add_note(kept.contact, text.strip(), call)
            deliver(noted, lambda _, call=call: deliver(log.keep_draft(call, ""), lambda _: None), lambda _: None)
