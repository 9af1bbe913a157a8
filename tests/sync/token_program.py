"""A program that signs in at the practice Google and syncs, through every room a token goes through.

    python -m tests.sync.token_program FOLDER CLIENT.json

Each word on standard input is a round; `crash` lets it break by a fault of its own in the middle of one. What breaks is
logged, and told once more with every variable in `FOLDER/broken.txt`.
"""

from __future__ import annotations

import logging
import sys
import threading
import traceback
from pathlib import Path
from random import Random
from unittest.mock import patch
from urllib.request import urlopen

import keyring

from ringdesk.app import logs
from ringdesk.domain.effects import PutAccount
from ringdesk.domain.remote import RemoteError
from ringdesk.domain.replica import Account, Policy
from ringdesk.providers.google import mapping
from ringdesk.providers.google.client_file import read_client_file
from ringdesk.providers.google.people import GoogleBook
from ringdesk.providers.google.signin import SignedIn, SignIn
from ringdesk.store.store import Store
from ringdesk.sync.engine import Engine
from ringdesk.vault import probe
from ringdesk.vault.tokens import Vault
from tests.sync.desk import REGION, SeededIds
from tests.sync.second_program import RealClock
from tests.vault.test_tokens import Memory

log = logging.getLogger(__name__)
KEY = "google:me"


class Browser:
    """A browser whose user says yes; it follows wherever it is sent."""

    def open(self, address: str) -> bool:
        threading.Thread(target=lambda: urlopen(address, timeout=20).read()).start()
        return True


def main(folder: Path, client_file: Path) -> None:
    logs.start(folder / "ringdesk.log", verbose=True)
    probe.ALLOWED[Memory.__module__] = "memory"
    keyring.set_keyring(Memory())
    vault, clock, client = Vault(), RealClock(), read_client_file(client_file)
    outcome = SignIn(client, Browser(), seconds=30.0).run()
    assert isinstance(outcome, SignedIn)
    kept = vault.keep(KEY, outcome.refresh_token)
    log.info("signed in: %r, kept in %s", outcome, kept)
    ids = SeededIds(Random(1))
    store = Store.open(folder / "ringdesk.db", region=REGION, clock=clock, ids=ids, send_news=lambda _: None)
    reader = store.reader()
    replicas = store.replicas(KEY, reader)
    replicas.commit([PutAccount(Account(id=KEY, kind="google", name=outcome.account))])
    book = GoogleBook(client, lambda: vault.get(KEY), clock)
    engine = Engine(
        replicas, book, policy=Policy, region=lambda: REGION, clock=clock, ids=ids, dice=Random(1), pause=lambda _: None
    )
    print("ready", flush=True)
    try:
        for line in sys.stdin:
            if line.strip() == "crash":
                patch.object(mapping, "contact_of", lambda *_, **__: 1 / 0).start()
            one_round(engine, folder / "broken.txt")
            print("done", flush=True)
    finally:
        book.close()
        reader.close()
        store.close()


def one_round(engine: Engine, broken: Path) -> None:
    try:
        engine.round(full=True)
    except RemoteError as error:
        log.exception("a round broke off")
        tell(error, broken)
    except ZeroDivisionError as error:
        tell(error, broken)
        print("".join(traceback.TracebackException.from_exception(error, capture_locals=True).format()), flush=True)
        raise


def tell(error: BaseException, broken: Path) -> None:
    """The whole story of an error, with every variable on its way."""
    told = traceback.TracebackException.from_exception(error, capture_locals=True)
    with broken.open("a", encoding="utf-8") as file:
        file.write("".join(told.format()))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
