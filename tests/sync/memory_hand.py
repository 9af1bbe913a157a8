"""The account in memory as its user works with it by hand, for the simulator."""

from __future__ import annotations

from dataclasses import replace

from ringdesk.domain.card import Card
from ringdesk.domain.remote import Container
from tests.sync.memory_remote import Server
from tests.sync.world import There


class MemoryHand:
    """HandSide of the server in memory."""

    def __init__(self, server: Server) -> None:
        self.server = server

    def _seen(self, remote: str) -> There:
        held = self.server.held.get(remote) or self.server.trash[remote]
        names = tuple(sorted(self.server.labels[one].name for one in held.containers if one != "all"))
        return There(remote, replace(held.card, groups=names), held.id)

    def all(self) -> list[There]:
        return [self._seen(remote) for remote in self.server.held]

    def trash(self) -> list[There]:
        return [self._seen(remote) for remote in self.server.trash]

    def add(self, card: Card) -> None:
        self.server.add(card, containers=self._labels(card))

    def edit(self, remote: str, card: Card) -> None:
        self.server.edit(remote, card, containers=self._labels(card))

    def _labels(self, card: Card) -> frozenset[str]:
        return frozenset(self.server.label(name) for name in card.groups)

    def delete(self, remote: str) -> None:
        self.server.delete(remote)

    def restore(self, remote: str) -> None:
        self.server.restore(remote)

    def merge(self, into: str, gone: str, card: Card) -> None:
        self.server.merge(into, gone, card)
        self.server.edit(into, card, containers=self._labels(card))

    def phantom(self, remote: str) -> None:
        self.server.phantom(remote)

    def rename(self, remote: str) -> None:
        self.server.rename(remote)

    def mutations(self) -> int:
        return self.server.mutations

    def sent(self) -> str:
        return repr(self.server.creates)

    def harmed(self) -> list[str]:
        return []  # an update that does not bring back what it was given fails at once

    def containers(self) -> list[Container]:
        return [*self.server.labels.values()]
