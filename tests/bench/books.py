"""Address books for measuring: generated once a size, kept in a scratch folder, filled by RingDesk's own import."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
FLOORS = HERE / "floors"
REGION = "ES"
"""The generator's home country: 55 % of its numbers are Spanish."""


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
        """RingDesk's data folder."""
        return self.folder / f"data{self.contacts}-{_fingerprint()}"

    @property
    def queries(self) -> Path:
        """Numbers to look up, with their forms."""
        return self.generated / "queries.json"

    def make(self) -> None:
        """Generate what is not there yet."""
        if not self.queries.exists():
            run(
                FLOORS / "gen_contacts.py",
                str(self.contacts),
                str(self.generated),
                "--formats",
                "jsonl,vcf,csv,queries",
            )
        if not (self.data / "ringdesk.db").exists():
            self._fill()

    def floor_db(self, script: str) -> Path:
        """The database a floor script (bench_lookup, bench_search) builds for itself."""
        path = self.folder / f"{script}_gen{self.contacts}.db"
        if not path.exists():
            code = f"import bench_{script} as b; b.mkdb({str(self.generated)!r})"
            environment = floor_environment(self.folder)
            subprocess.run([sys.executable, "-c", code], cwd=FLOORS, env=environment, check=True)
        return path

    def copy(self, purpose: str) -> Path:
        """A data folder of its own, for a program that writes into it."""
        folder = self.folder / f"{purpose}{self.contacts}"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.data, folder, ignore=shutil.ignore_patterns("run", "*.log*", "*.lock", "*.sock"))
        return folder

    def _fill(self) -> None:
        fresh = self.folder / f"fresh{self.contacts}"
        fresh.mkdir(parents=True, exist_ok=True)
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


def _fingerprint() -> str:
    """Changes when the store or the reading of files changes, so that no measurement uses an old database."""
    package = HERE.parent.parent / "ringdesk"
    digest = hashlib.sha256()
    for path in sorted([*package.glob("store/**/*"), *package.glob("domain/*.py")]):
        if path.suffix in (".py", ".sql"):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:10]
