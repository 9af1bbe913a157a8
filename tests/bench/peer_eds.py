"""evolution-data-server as the peer of searching: a program for the system's Python, which has its bindings.

usage: peer_eds.py fill FILE.vcf | peer_eds.py ask, with {"texts": [...], "kinds": {name: sexp}, "seconds": S} on
standard input. Runs inside a D-Bus session of its own (`dbus-run-session`) whose folders the caller has chosen. `ask`
prints a JSON object: milliseconds by kind, each list cut off where a kind has taken its seconds, and hits on average.
In a sexp, "%s" stands for the typed text.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any

import gi  # type: ignore[import-not-found, unused-ignore]  # the system's Python has it  # the system's, not a package of ours

BATCH = 1000
CONNECT_SECONDS = 30


def client() -> Any:
    """The address book of this session."""
    for name in ("EDataServer", "EBook", "EBookContacts"):
        gi.require_version(name, "1.2")
    from gi.repository import EBook, EDataServer  # type: ignore[import-not-found, unused-ignore]  # the system's Python has it

    registry = EDataServer.SourceRegistry.new_sync(None)
    return EBook.BookClient.connect_sync(registry.ref_builtin_address_book(), CONNECT_SECONDS, None)


def fill(path: str) -> dict[str, float]:
    """Load a vCard file; gives how many cards and how long it took."""
    book = client()
    from gi.repository import EBookContacts

    with open(path, encoding="utf-8", newline="") as file:
        cards = [f"{text.strip()}\r\nEND:VCARD" for text in file.read().split("END:VCARD") if text.strip()]
    began = time.perf_counter()
    for start in range(0, len(cards), BATCH):
        some = [EBookContacts.Contact.new_from_vcard(card) for card in cards[start : start + BATCH]]
        book.add_contacts_sync(some, 0, None)
    return {"cards": len(cards), "seconds": round(time.perf_counter() - began, 2)}


def ask(order: dict[str, Any]) -> dict[str, Any]:
    """Type every text in every kind of query."""
    book = client()
    answer: dict[str, Any] = {}
    for kind, sexp in order["kinds"].items():
        book.get_contacts_sync(sexp.replace("%s", order["texts"][0]), None)
        taken: list[float] = []
        hits = 0
        until = time.perf_counter() + order["seconds"]
        for text in order["texts"]:
            began = time.perf_counter()
            _, found = book.get_contacts_sync(sexp.replace("%s", text), None)
            taken.append((time.perf_counter() - began) * 1e3)
            hits += len(found)
            if time.perf_counter() > until:
                break
        answer[kind] = {"ms": taken, "hits": hits / len(taken)}
    return answer


if __name__ == "__main__":
    print(json.dumps(fill(sys.argv[2]) if sys.argv[1] == "fill" else ask(json.load(sys.stdin))))
