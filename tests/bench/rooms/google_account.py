"""The engine, its provider and a store against a practice Google in a process of its own.

usage: python -m tests.bench.rooms.google_account made|pulled CONTACTS FOLDER INTRODUCTION EMAIL

`made`: desk A makes the contacts in Google and changes some; FOLDER gets Google's pages, for the floor. `pulled`: desk
B takes them in and then idles. Time is CPU time of this process; the practice Google's is its own.
"""

from __future__ import annotations

import json
import os
import sys
import time
import urllib.request
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from random import Random
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any, Final
from urllib.parse import urlencode

from PySide6.QtWidgets import QApplication, QMainWindow

from ringdesk.domain.card import Card, Email, Name, Organization, PhoneEntry
from ringdesk.domain.contact import Origin
from ringdesk.domain.effects import PutAccount
from ringdesk.domain.replica import Account, Policy
from ringdesk.domain.sockets import Show
from ringdesk.providers.google.fields import READ_MASK
from ringdesk.providers.google.people import SOURCE, GoogleBook
from ringdesk.store.store import Store
from ringdesk.sync.engine import Engine
from tests.bench.figures import Figures
from tests.bench.process import pss
from tests.providers.google.practice import Account as PracticeAccount
from tests.providers.google.practice import Practice
from tests.sync.desk import REGION, SeededIds

STACK: Final = (
    "qasync", "peewee", "keyring", "googleapiclient.discovery", "google_auth_oauthlib.flow",
    "google.auth.transport.requests", "phonenumbers",
)  # several to a line  # fmt: skip
IDLE_ROUNDS: Final = 50
FILES: Final = "Pss_File"
"""Told beside the whole: where the two differ much in it, other programs came or went, and the ratio says little."""
OWN: Final = "Pss_Anon"
"""What no file is behind: it alone tells what this process has come to hold, whoever else maps the same libraries."""
NOTES, PHONES = 450, 250
"""So many contacts get a new note, so many others a new phone: two masks, so two kinds of batches."""


class Desk:
    """One desk, writing inline, so that all it costs is the time of this thread."""

    def __init__(self, path: Path, account: PracticeAccount) -> None:
        ahead: float = account.practice.order("GET", "/state")["now"] - time.time()
        self.clock = Ahead(ahead)
        token, ids = account.sign_in(), SeededIds(Random(str(path)))
        self.store = Store.open(
            path, region=REGION, clock=self.clock, ids=ids, send_news=lambda _: None, inline=True
        )  # several to a line  # fmt: skip
        self.reader = self.store.reader()
        replicas = self.store.replicas("google:me", self.reader)
        replicas.commit([PutAccount(Account(id="google:me", kind="google", name=account.email))])
        self.book = GoogleBook(account.practice.client, lambda: token, self.clock)
        self.engine = Engine(
            replicas,
            self.book,
            policy=Policy,
            region=lambda: REGION,
            clock=self.clock,
            ids=ids,
            dice=Random(1),
            pause=time.sleep,
        )

    def round(self, practice: Practice) -> tuple[float, list[str]]:
        """A round: CPU seconds, and the requests it took, without those for tokens."""
        before, begun = practice.log(), time.process_time()
        self.engine.round()
        used = time.process_time() - begun
        return used, [one["method"] for one in practice.since(before) if one["method"]]

    def close(self) -> None:
        self.book.close()
        self.reader.close()
        self.store.close()


class Ahead:
    """The computer's clock, so much ahead."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    def now(self) -> float:
        return time.time() + self._seconds


def cards(count: int) -> list[tuple[Card, None]]:
    """People as an office has them."""
    dice = Random(7)
    given = [f"{a}{b}" for a in ("Mar", "Lu", "Ca", "An", "Jo", "Pe", "Ro") for b in ("ía", "is", "los", "a", "sé")]
    made: list[tuple[Card, None]] = []
    for number in range(count):
        name = Name(given=dice.choice(given), family=f"{dice.choice(given)} {number}")
        phones = tuple(PhoneEntry(f"+349{number:08}", label) for label in ("work", "mobile")[: dice.randint(1, 2)])
        emails = (Email(f"p{number}@example.com", "work"),) if dice.random() < 0.7 else ()
        firm = (Organization(f"Firm {number % 997}", "Director"),) if dice.random() < 0.6 else ()
        made.append((Card(name=name, phones=phones, emails=emails, organizations=firm), None))
    return made


def fill(desk: Desk, practice: Practice, count: int) -> Figures:
    """Desk A has the contacts, and Google gets them; then some are changed."""
    desk.store.writes.import_cards(iter(cards(count)), origin=Origin.FILE).result()
    _, creates = desk.round(practice)
    reads, writes = desk.store.reads, desk.store.writes
    rows = reads.page(Show(), 0, min(count, NOTES + PHONES))
    for number, row in enumerate(rows):
        held = reads.get(row.id)
        assert held is not None
        card = held.card
        changed: dict[str, Any] = (
            {"note": "new"} if number < NOTES else {"phones": (*card.phones, PhoneEntry(f"+346{number:08}", "home"))}
        )
        writes.save(replace(held, card=replace(card, **changed)), read_revision=held.revision).result()
    _, updates = desk.round(practice)
    return {"creates": creates.count("people.batchCreateContacts"), "create_requests": len(creates),
            "updates": sum("pdate" in one for one in updates), "edited": len(rows)}  # several to a line  # fmt: skip


def pages(account: PracticeAccount, folder: Path, token: str) -> None:
    """Google's own pages, as they go over the wire, for the floor."""
    practice, following = account.practice, ""
    form = {"grant_type": "refresh_token", "refresh_token": token, "client_id": practice.client.id,
            "client_secret": practice.client.secret}  # several to a line  # fmt: skip
    with urllib.request.urlopen(practice.client.token_uri, urlencode(form).encode(), timeout=60) as answer:
        access = json.load(answer)["access_token"]
    with (folder / "people_pages.jsonl").open("wb") as file:
        while True:
            asked = {"personFields": READ_MASK, "sources": SOURCE, "pageSize": 1000, "pageToken": following}
            address = f"{practice.address}/v1/people/me/connections?{urlencode(asked)}"
            request = urllib.request.Request(address, headers={"Authorization": f"Bearer {access}"})
            with urllib.request.urlopen(request, timeout=60) as answer:
                page = answer.read()
            file.write(page + b"\n")
            following = json.loads(page).get("nextPageToken", "")
            if not following:
                return


def made(account: PracticeAccount, folder: Path, count: int) -> Figures:
    """Desk A fills Google."""
    with TemporaryDirectory() as data:
        desk = Desk(Path(data) / "a.db", account)
        found = fill(desk, account.practice, count)
        desk.close()
    pages(account, folder, account.sign_in())
    return found


def pulled(account: PracticeAccount) -> Figures:
    """Desk B takes all of it in, then idles."""
    for name in STACK:
        import_module(name)
    application, window = QApplication([]), QMainWindow()
    window.show()
    application.processEvents()
    stack, stack_files, practice = pss_here(), pss_here(FILES), account.practice
    with TemporaryDirectory() as data:
        desk = Desk(Path(data) / "b.db", account)
        used, requests = desk.round(practice)
        desk.round(practice)
        idle = [desk.round(practice) for _ in range(5)]
        before, before_files, before_own = pss_here(), pss_here(FILES), pss_here(OWN)
        idle += [desk.round(practice) for _ in range(IDLE_ROUNDS)]
        after, after_own = pss_here(), pss_here(OWN)
        desk.close()
    return {
        "pull_cpu_s": round(used, 3),
        "pull_requests": len(requests),
        "idle_requests": max(len(asked) for _, asked in idle),
        "idle_ms": round(median(used for used, _ in idle) * 1e3, 2),
        "pss_stack_mb": round(stack, 1),
        "pss_idle_mb": round(before, 1),
        "pss_stack_files_mb": round(stack_files, 1),
        "pss_idle_files_mb": round(before_files, 1),
        "pss_growth_mb": round(after - before, 2),
        "own_growth_mb": round(after_own - before_own, 2),
    }


def main(part: str, count: str, folder: str, introduction: str, email: str) -> Figures:
    account = PracticeAccount(Practice(json.loads(introduction)), email)
    return made(account, Path(folder), int(count)) if part == "made" else pulled(account)


def pss_here(part: str = "Pss") -> float:
    return pss(os.getpid(), part)


if __name__ == "__main__":
    print(json.dumps(main(*sys.argv[1:])))
