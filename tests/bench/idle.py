"""What RingDesk costs while nothing happens, with its feeds connected: CPU time and wake-ups of all its threads."""

from __future__ import annotations

import json
import socket
import time
from pathlib import Path
from typing import Final

from tests.bench import books, process
from tests.bench.figures import Figures, middle, ratio
from tests.bench.trayhost import tray_host

SECONDS: Final = 20.0
SETTLE: Final = 5.0


def measure(contacts: int, rounds: int, further: list[str]) -> Figures:
    """CPU ms a second and voluntary switches a second. `further`: seconds to look, 20 where not said.

    In the tray; one producer is connected to the local feed, and a listener that says nothing stands for a baresip.
    The floor reports its own measuring timer as a switch: one in the time looked at.
    """
    seconds = float(further[0]) if further else SECONDS if contacts > 1000 else 2.0
    data = books.book(contacts).copy("idle")
    floor: list[Figures] = []
    ours: list[Figures] = []
    with socket.create_server(("127.0.0.1", 0)) as phone, tray_host():
        _use(data, phone.getsockname()[1])
        for _ in range(rounds):
            floor.append(_floor(seconds))
            ours.append(_ours(data, phone, seconds))
    return {
        "floor": floor,
        "ours": ours,
        "cpu_ratio": ratio(ours, floor, "cpu_ms_per_s"),
        "wakeups": round(middle(ours, "wakeups"), 3),
        "floor_wakeups": round(middle(floor, "wakeups"), 3),
    }


def _use(data: Path, port: int) -> None:
    phone = {"id": "desk phone", "kind": "baresip", "host": "127.0.0.1", "port": port}
    settings = {"region": books.REGION, "sources": [phone]}
    (data / "settings.json").write_text(json.dumps(settings), encoding="utf-8")


def _floor(seconds: float) -> Figures:
    said = json.loads(books.run(books.FLOORS / "bench_idle.py", "qasync", DUR=str(seconds)))
    return {"cpu_ms_per_s": said["cpu_ms_per_s"], "wakeups": said["vol_cs_per_s"]}


def _ours(data: Path, phone: socket.socket, seconds: float) -> Figures:
    with process.Program(data, "--hidden") as program, socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as producer:
        program.wait_for("ready")
        connected, _ = phone.accept()
        with connected:
            producer.connect(str(data / "run" / "feed.sock"))
            time.sleep(SETTLE)
            pid = program.process.pid
            began, cpu, switches = time.monotonic(), process.cpu(pid), process.switches(pid)
            time.sleep(seconds)
            took = time.monotonic() - began
            return {
                "cpu_ms_per_s": round((process.cpu(pid) - cpu) / took * 1e3, 3),
                "wakeups": round((process.switches(pid) - switches) / took, 3),
            }
