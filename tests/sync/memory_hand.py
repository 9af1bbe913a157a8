"""The account in memory as its user works with it by hand, for the simulator."""

from __future__ import annotations

from dataclasses import replace

from ringdesk.domain.card import Card
from ringdesk.domain.remote import Container
from tests.sync.memory_remote import Server
from tests.sync.pictures import drawn, seen
from tests.sync.world import Made, There


class MemoryHand:
    """HandSide of the server in memory."""

    def __init__(self, server: Server) -> None:
        self.server = server

    def _seen(self, remote: str) -> There:
        held = self.server.held.get(remote) or self.server.trash[remote]
        names = tuple(sorted(self.server.labels[one].name for one in held.containers if one != "all"))
        picture = seen(self.server.photos[held.photo]) if held.photo else ""
        return There(remote, replace(held.card, groups=names, photo=picture), held.id)

    def all(self) -> list[There]:
        return [self._seen(remote) for remote in self.server.held]

    def trash(self) -> list[There]:
        return [self._seen(remote) for remote in self.server.trash]

    def add(self, card: Card) -> None:
        held = self.server.add(card, containers=self._labels(card))
        self._picture(held.remote, card.photo)

    def edit(self, remote: str, card: Card) -> None:
        if self._seen(remote).card.photo != card.photo:
            self._picture(remote, card.photo)
        self.server.edit(remote, card, containers=self._labels(card))

    def _picture(self, remote: str, token: str) -> None:
        held = self.server.held[remote]
        held.photo = f"https://photos/{token}" if token else ""
        if token:
            self.server.photos[held.photo] = drawn(token)

    def _labels(self, card: Card) -> frozenset[str]:
        return frozenset(self.server.label(name) for name in card.groups)

    def delete(self, remote: str) -> None:
        self.server.delete(remote)

    def restore(self, remote: str) -> None:
        self.server.restore(remote)

    def merge(self, into: str, gone: str, card: Card) -> None:
        if not self.server.held[into].photo:
            self.server.held[into].photo = self.server.held[gone].photo
        self.server.merge(into, gone, card)
        self.server.edit(into, card, containers=self._labels(card))

    def phantom(self, remote: str) -> None:
        self.server.phantom(remote)

    def rename(self, remote: str) -> None:
        self.server.rename(remote)

    def made(self) -> list[Made]:
        creates = zip(self.server.creates, self.server.creators, strict=True)
        return [Made(desk, at, one.card, one.id, frozenset(one.was)) for one, (desk, at) in creates]

    def current(self, remote: str) -> str:
        return remote  # requests under a former id are refused

    def mutations(self) -> int:
        return self.server.mutations

    def sent(self) -> str:
        return repr(self.server.creates)

    def harmed(self) -> list[str]:
        return []  # an update that does not bring back what it was given fails at once

    def containers(self) -> list[Container]:
        return [*self.server.labels.values()]
