"""A search in RingDesk's store beside the same in evolution-data-server, over one book, in turns.

On demand only: it needs Debian's packages `evolution-data-server` and `gir1.2-ebook-1.2`, and `dbus-run-session`.
The peer's book lies in a home of its own in the scratch folder; its queries come by D-Bus, as for any of its users,
and bring every hit, because it knows neither rank nor limit. Ours give the first page, best first.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from contextlib import closing
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from ringdesk.desk.contacts_list import HITS
from ringdesk.domain.sockets import Show
from ringdesk.store.database import BUSY_MILLISECONDS
from ringdesk.store.store import open_reader
from tests.bench import books
from tests.bench.figures import Figures, middle, summary

SYSTEM_PYTHON: Final = "/usr/bin/python3"
NEEDS: Final = "evolution-data-server and gir1.2-ebook-1.2 (apt-get install evolution-data-server gir1.2-ebook-1.2)"
SERVICES: Final = Path("/usr/share/dbus-1/services")
FACTORY: Final = "org.gnome.evolution.dataserver.AddressBook*.service"
KINDS: Final = {
    "begins": '(or (beginswith "family_name" "%s") (beginswith "given_name" "%s"))',
    "contains": '(contains "full_name" "%s")',
}
"""What address books ask while somebody types. `contains` finds what we find: any word of a name."""

SECONDS: Final = 8.0
"""For one kind in one round; a slow kind is asked less often."""

FILL_SECONDS: Final = 1800


def measure(contacts: int, rounds: int, further: list[str]) -> Figures:
    """Milliseconds a typed text; `times_faster` is the peer's p50 over ours, for the kind that is quickest there."""
    _check()
    book = books.book(contacts)
    home, filled = _filled(book)
    texts = _typed(book)
    ours: list[Figures] = []
    peer: dict[str, list[Figures]] = {kind: [] for kind in KINDS}
    for _ in range(rounds):
        asked = _peer(home, "ask", order={"texts": texts, "kinds": KINDS, "seconds": SECONDS})
        for kind in KINDS:
            peer[kind].append({**summary(asked[kind]["ms"]), "hits": round(asked[kind]["hits"], 1)})
        ours.append(_ours(book, texts))
    times = {kind: round(middle(peer[kind], "p50") / middle(ours, "p50"), 1) for kind in KINDS}
    return {
        "floor": peer,
        "ours": ours,
        "filled": filled,
        **{f"{kind}_times_faster": value for kind, value in times.items()},
        "times_faster": min(times.values()),
    }


def _check() -> None:
    if shutil.which("dbus-run-session") is None:
        sys.exit("this benchmark needs dbus-run-session (apt-get install dbus-daemon)")
    found = subprocess.run(
        [SYSTEM_PYTHON, "-c", "import gi; gi.require_version('EBook', '1.2')"], capture_output=True, check=False
    )
    if found.returncode or not any(SERVICES.glob(FACTORY)):
        sys.exit(f"this benchmark needs {NEEDS}")


def _filled(book: books.Book) -> tuple[Path, Figures]:
    """A home of the peer with the whole book in it, filled once."""
    home = book.folder / f"eds{book.contacts}"
    told = home / "filled.json"
    if not told.exists():
        shutil.rmtree(home, ignore_errors=True)
        home.mkdir(mode=0o700)
        figures = _peer(home, "fill", str(book.generated / "contacts.vcf"))
        told.write_text(json.dumps(figures), encoding="utf-8")
    filled: Figures = json.loads(told.read_text(encoding="utf-8"))
    return home, filled


def _peer(home: Path, *arguments: str, order: dict[str, Any] | None = None) -> dict[str, Any]:
    folders = {
        "HOME": home,
        "XDG_DATA_HOME": home / "data",
        "XDG_CONFIG_HOME": home / "config",
        "XDG_CACHE_HOME": home / "cache",
        "XDG_RUNTIME_DIR": home,
    }
    environment = {**os.environ, **{name: str(path) for name, path in folders.items()}}
    done = subprocess.run(
        ["dbus-run-session", "--", SYSTEM_PYTHON, str(books.HERE / "peer_eds.py"), *arguments],
        env={name: value for name, value in environment.items() if name != "PYTHONPATH"},
        input=json.dumps(order or {}),
        capture_output=True,
        text=True,
        check=False,
        timeout=FILL_SECONDS,
    )
    if done.returncode:
        sys.exit(f"evolution-data-server failed:\n{done.stderr[-2000:]}")
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


def _typed(book: books.Book) -> list[str]:
    """Beginnings of surnames as they are typed, letter by letter; without quotation marks."""
    sys.path.insert(0, str(books.FLOORS))
    texts: list[str] = import_module("common").typed(str(book.generated), 20)["name"]
    return [text for text in texts if '"' not in text and "\\" not in text]


def _ours(book: books.Book, texts: list[str]) -> Figures:
    with closing(open_reader(book.data / "ringdesk.db", books.REGION, BUSY_MILLISECONDS)) as reader:
        reader.contacts.search(texts[0], Show(), 0, HITS)
        taken: list[float] = []
        for text in texts:
            began = time.perf_counter()
            reader.contacts.search(text, Show(), 0, HITS)
            taken.append((time.perf_counter() - began) * 1e3)
    return summary(taken)
