"""The orders to a worker that a team has no use for."""

from __future__ import annotations

from ringdesk.domain.remote import Stop
from ringdesk.domain.replica import Policy
from ringdesk.domain.syncing import Surveyed, SyncUndone
from ringdesk.sync.context import Report


class Unasked:
    """The part of `sync.worker.Rounds` that is the same for whoever runs a team's rounds."""

    def refresh(self, contact: str) -> bool:
        """Contacts are as new as the last notification; there is nothing to ask for."""
        return False

    def survey(self) -> Surveyed:
        """Joining a team fetches nothing that has to be chosen. Raises Stop."""
        raise Stop("survey")

    def rehearse(self, policy: Policy) -> Report:
        """Joining a team changes nothing that is mine. Raises Stop."""
        raise Stop("rehearse")

    def undo(self) -> SyncUndone:
        """A tick is taken back by unticking. Raises Stop."""
        raise Stop("undo")
