"""Address books for measuring: generated once a size, kept in a scratch folder, filled by RingDesk's own import.

One that was filled by an earlier state of the code is not used, unless `--any-book` says so: a million contacts take
minutes to fill, and most changes of the store change nothing in the file. Whoever makes something here holds a lock,
and every process works on copies of its own.
"""

from __future__ import annotations

import atexit
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

HERE = Path(__file__).resolve().parent
FLOORS = HERE / "floors"
REGION = "ES"
"""The generator's home country: 55 % of its numbers are Spanish."""

ANY_BOOK = "RINGDESK_BENCH_ANY"
"""Set: a book filled by an earlier state of the code will do."""


@dataclass(frozen=True)
class Book:
    """One size of address book: the generator's files, and RingDesk's data folder filled with them."""

    contacts: int
    folder: Path

    @property
    def generated(self) -> Path:
        """contacts.jsonl, .vcf, .csv and queries.json."""
        return self.folder / f"gen{self.contacts}"

    @property
    def data(self) -> Path:
        """RingDesk's data folder; with `--any-book` the newest one there is of this size."""
        ours = self.folder / f"data{self.contacts}-{_fingerprint()}"
        if ours.exists() or not os.environ.get(ANY_BOOK):
            return ours
        filled = [path for path in self.folder.glob(f"data{self.contacts}-*") if (path / "ringdesk.db").exists()]
        return max(filled, key=lambda path: path.stat().st_mtime, default=ours)

    @property
    def queries(self) -> Path:
        """Numbers to look up, with their forms."""
        return self.generated / "queries.json"

    def make(self) -> None:
        """Generate what is not there yet."""
        with _alone(self.folder):
            if not self.queries.exists():
                self._generate()
            if not (self.data / "ringdesk.db").exists():
                self._fill()

    def floor_db(self, script: str) -> Path:
        """The database a floor script (bench_lookup, bench_search) builds for itself."""
        path = self.folder / f"{script}_gen{self.contacts}.db"
        with _alone(self.folder):
            if not path.exists():
                self._build_floor(script)
        return path

    def copy(self, purpose: str) -> Path:
        """A data folder of its own, for a program that writes into it; gone when this process ends."""
        folder = _own(self.folder) / f"{purpose}{self.contacts}"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.data, folder, ignore=shutil.ignore_patterns("run", "*.log*", "*.lock", "*.sock"))
        return folder

    def _generate(self) -> None:
        formats = "jsonl,vcf,csv,queries"
        run(FLOORS / "gen_contacts.py", str(self.contacts), str(self.generated), "--formats", formats)

    def _build_floor(self, script: str) -> None:
        """Where it is broken off, what is there so far does not look finished."""
        building = _own(self.folder)
        code = f"import bench_{script} as b; b.mkdb({str(self.generated)!r})"
        subprocess.run([sys.executable, "-c", code], cwd=FLOORS, env=floor_environment(building), check=True)
        for built in sorted(building.glob(f"{script}_gen{self.contacts}.db*"), reverse=True):
            built.rename(self.folder / built.name)

    def _fill(self) -> None:
        fresh = _own(self.folder) / f"fresh{self.contacts}"
        fresh.mkdir()
        (fresh / "settings.json").write_text(f'{{"region": "{REGION}"}}', encoding="utf-8")
        command = [
            sys.executable,
            "-m",
            "ringdesk",
            "import",
            str(self.generated / "contacts.vcf"),
            "--data",
            str(fresh),
        ]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        fresh.rename(self.data)


def scratch() -> Path:
    """Where books are kept: RINGDESK_BENCH, else under the temporary folder."""
    folder = Path(os.environ.get("RINGDESK_BENCH") or Path(tempfile.gettempdir()) / "ringdesk-bench")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def book(contacts: int) -> Book:
    """The book of a size, made where it is not there yet."""
    made = Book(contacts, scratch())
    made.make()
    return made


def floor_environment(folder: Path) -> dict[str, str]:
    """The environment floor scripts run in: their databases go into `folder`."""
    return {**os.environ, "PERF_SCRATCH": str(folder)}


def run(script: Path, *arguments: str, **environment: str) -> str:
    """Run a floor script as it is; gives what it printed."""
    done = subprocess.run(
        [sys.executable, str(script), *arguments],
        env={**floor_environment(scratch()), **environment},
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Nobody else makes anything in this folder meanwhile."""
    with open(folder / "lock", "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@cache
def _own(folder: Path) -> Path:
    """A folder in it for this process alone."""
    own = Path(tempfile.mkdtemp(prefix="of-one-run-", dir=folder))
    atexit.register(shutil.rmtree, own, ignore_errors=True)
    return own


def _fingerprint() -> str:
    """Changes when the store or the reading of files changes, so that no measurement uses an old database."""
    package = HERE.parent.parent / "ringdesk"
    digest = hashlib.sha256()
    for path in sorted([*package.glob("store/**/*"), *package.glob("domain/*.py")]):
        if path.suffix in (".py", ".sql"):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:10]
