"""The record of every request: what came, what it cost, what was answered. Never a token, never a code."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from ringdesk.sandbox.google.quota import Cost
from ringdesk.sandbox.google.web import JsonObject

_SECRET_PARAMETERS = frozenset({"access_token", "oauth_token", "key", "code", "state", "code_challenge", "token"})


@dataclass(slots=True)
class Entry:
    """One request. `committed` says that Google carried it out, whether or not the program was told."""

    number: int
    time: float
    verb: str
    path: str
    query: JsonObject
    method: str = ""
    account: str = ""
    body: bytes = b""
    status: int = 0
    cost: Cost = field(default_factory=dict)
    fault: str = ""
    committed: bool = False
    delivered: bool = True
    size: int = 0

    def json(self) -> JsonObject:
        """The entry for the control port."""
        return {
            "number": self.number,
            "time": self.time,
            "verb": self.verb,
            "path": self.path,
            "query": self.query,
            "method": self.method,
            "account": self.account,
            "body": self.body.decode("utf-8", "replace"),
            "status": self.status,
            "cost": dict(self.cost),
            "fault": self.fault,
            "committed": self.committed,
            "delivered": self.delivered,
            "size": self.size,
        }


class RequestLog:
    """Every request in order of arrival, numbered from 1."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []

    def open(self, time: float, verb: str, path: str, query: JsonObject) -> Entry:
        """A new entry, with secret parameters left out."""
        shown = {name: values for name, values in query.items() if name not in _SECRET_PARAMETERS}
        entry = Entry(len(self.entries) + 1, time, verb, path, shown)
        self.entries.append(entry)
        return entry

    def since(self, number: int) -> list[Entry]:
        """The entries after that number."""
        return self.entries[number:]

    def units(self) -> Counter[str]:
        """What all requests cost together, by bucket."""
        total: Counter[str] = Counter()
        for entry in self.entries:
            total.update(entry.cost)
        return total

    def methods(self, after: int = 0) -> Counter[str]:
        """How often each method was called after that request."""
        return Counter(entry.method for entry in self.since(after) if entry.method)

    def faults(self) -> Counter[str]:
        """How often each fault was injected."""
        return Counter(entry.fault for entry in self.entries if entry.fault)
