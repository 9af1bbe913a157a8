"""What rounds have brought here that broke off after it: the next one goes on from there, and has to know it.

What a round remembers of its pull goes with it. The log of the sync, which is written with every change, still has it:
rounds that break off are counted with the one that comes to its end.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ringdesk.domain.card import Card
from ringdesk.domain.effects import Effect, Logged, Replicas
from ringdesk.domain.replica import LinkState
from ringdesk.sync import match
from ringdesk.sync.context import Came, Context
from ringdesk.sync.plan import Deed, Frame

_MOST: Final = 1000


def asked_about(frame: Frame, replicas: Replicas, contact: str, effects: Sequence[Effect] = ()) -> Sequence[Effect]:
    """Notes that the user has said who a contact is or is not, so that what has come onto it tells nothing any more.

    Only beside other notes of the round to come: a first one would make what the last round did forgotten. One that
    stays there is nobody here (no `contact`), and there is nothing to note.
    """
    if not contact:
        return []
    noted = any(isinstance(effect, Logged) for effect in effects) or replicas.logged(frame.round)
    return [Logged(frame.round, contact, "", None, None, Deed.ASK.value)] if noted else []


def recall(context: Context) -> None:
    """Add to what has come in this round what had come before it, but for what the user was asked about."""
    begun = context.frame().round
    by_contact: dict[str, list[Logged]] = {}
    for one in context.replicas.log():
        if one.round >= begun:
            by_contact.setdefault(one.contact, []).append(one)
    for id, logs in by_contact.items():
        if (before := _before(context, logs)) is not None:
            _came(context, id, before)


def _before(context: Context, logs: Sequence[Logged]) -> Card | None:
    """What a contact was before all of this came from the account, newest first; None where nothing did."""
    deeds = {one.deed for one in logs}
    if Deed.ASK.value in deeds:
        return None
    if Deed.ADD_HERE.value in deeds:
        return Card()
    cards = [one.here for one in logs if one.deed == Deed.UPDATE_HERE.value and one.here is not None]
    return context.view.visible(cards[-1]) if cards else None


def _came(context: Context, id: str, before: Card) -> None:
    link, region = context.replicas.link(id), context.region
    if link is None or link.state is not LinkState.ACTIVE:
        return
    now = context.view.visible(link.lies_there)
    if before == Card() or not match.signs(now, region) <= match.signs(before, region):
        context.grown.add(id)
    if len(context.came) < _MOST:
        context.came.setdefault(link.remote, Came(frozenset({id}), before, now))
