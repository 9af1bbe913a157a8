"""Contacts that calls make, from the ring until the store has taken them: what waits for each of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ringdesk.domain.call import Call


class _Wait:
    """What there is to be done once the contact of a call is made."""

    __slots__ = ("notes", "over")

    def __init__(self) -> None:
        self.over: Call | None = None
        self.notes: list[Callable[[str], None]] = []


class Awaited:
    """Holds no more than the calls whose contact is still being written, and nothing of them after that.

    The desk forgets a call some seconds after its pop; while the store is locked its contact takes longer.
    """

    def __init__(self) -> None:
        self._of: dict[str, _Wait] = {}

    def begin(self, call: str) -> None:
        """The contact of a call is being made from now on."""
        self._of[call] = _Wait()

    def keep(self, call: Call) -> None:
        """The desk forgets a call: this is the last that is known of it."""
        if wait := self._of.get(call.id):
            wait.over = call

    def then(self, call: str, told: Callable[[str], None]) -> None:
        """Tell somebody of the contact of a call once it is made; nobody where none is being made."""
        if wait := self._of.get(call):
            wait.notes.append(told)

    def end(self, call: str) -> tuple[Call | None, Sequence[Callable[[str], None]]]:
        """The contact was made or never will be: gives the call, where the desk has forgotten it, and who is told."""
        wait = self._of.pop(call, None) or _Wait()
        return wait.over, wait.notes
