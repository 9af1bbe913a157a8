"""Floor of reacting: a window with a 1 ms timer, and one thread that reads a vCard file into SQLite.

usage: floor_blocked.py FILE. The thread does what bench_import.py does for vCards, a hundred contacts a transaction.
Prints the gaps of the timer in milliseconds as JSON.
"""

from __future__ import annotations

import json
import sqlite3
import sys
import tempfile
import threading
import time
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import phonenumbers
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QMainWindow

SCHEMA = """
pragma journal_mode=wal; pragma synchronous=normal;
create table contact(id integer primary key, name text, org text, fold text);
create table phone(id integer primary key, cid int, raw text, e164 text);
create index p1 on phone(e164);
create table tok(t text, cid int, primary key(t,cid)) without rowid;
"""
SLICE = 100


def cards(path: str) -> Iterator[tuple[str, str, list[str]]]:
    """Name, organization and numbers of every card."""
    name = organization = ""
    numbers: list[str] = []
    with open(path, encoding="utf-8") as file:
        for line in file:
            key, _, value = line.rstrip("\r\n").partition(":")
            match key.partition(";")[0]:
                case "FN":
                    name = value
                case "ORG":
                    organization = value
                case "TEL":
                    numbers.append(value)
                case "END":
                    yield name, organization, numbers
                    name, organization, numbers = "", "", []


def fold(text: str) -> str:
    """Without accents and case."""
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c)).casefold()


def e164(text: str) -> str | None:
    """The number as the phone library reads it."""
    try:
        parsed = phonenumbers.parse(text, "ES")
    except phonenumbers.NumberParseException:
        return None
    return str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164))


def take(path: str, database: Path) -> None:
    """Read and store the whole file."""
    connection = sqlite3.connect(database)
    connection.executescript(SCHEMA)
    for id, (name, organization, numbers) in enumerate(cards(path), 1):
        folded = fold(f"{name} {organization}")
        connection.execute("insert into contact values(?,?,?,?)", (id, name, organization, folded))
        connection.executemany("insert into phone(cid,raw,e164) values(?,?,?)", [(id, n, e164(n)) for n in numbers])
        connection.executemany("insert or ignore into tok values(?,?)", [(word, id) for word in set(folded.split())])
        if id % SLICE == 0:
            connection.commit()
    connection.commit()
    connection.close()


def main(path: str) -> None:
    """Watch the timer while the thread works."""
    app = QApplication([])
    window = QMainWindow()
    window.resize(900, 600)
    window.show()
    gaps: list[float] = []
    before = [0.0]

    def tick() -> None:
        now = time.perf_counter()
        gaps.append((now - before[0]) * 1e3)
        before[0] = now
        if not worker.is_alive():
            app.quit()

    timer = QTimer()
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.timeout.connect(tick)
    with tempfile.TemporaryDirectory() as folder:
        worker = threading.Thread(target=take, args=(path, Path(folder) / "floor.db"))

        def begin() -> None:
            before[0] = time.perf_counter()
            worker.start()
            timer.start(1)

        QTimer.singleShot(500, begin)
        app.exec()
        worker.join()
    print(json.dumps({"gaps": gaps}))


if __name__ == "__main__":
    main(sys.argv[1])
