"""Which of my accounts have a contact too: what the list marks, the details name, and a deletion warns of."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ringdesk.domain.values import dataclass


@dataclass(frozen=True, slots=True)
class Holder:
    """A connected account that has the contact: its kind and name, and whether it loses what is deleted here."""

    kind: str
    name: str
    loses: bool


Holders = Callable[[str], Sequence[Holder]]
"""The connected accounts that have a contact; those connected before are none."""


def nobody(contact: str) -> Sequence[Holder]:
    """No account is connected."""
    del contact
    return ()
