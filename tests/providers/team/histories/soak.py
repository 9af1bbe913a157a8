"""Plays thousands of histories on all processors, each part against a server of its own:

python -m tests.providers.team.histories.soak --runs 10000 --jobs 2
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.postgres import Cluster, make_template, new_team, running_cluster
from tests.providers.team.histories.machine import made_for, run

PART = 1000
"""Histories of a part at most: its server costs little beside them, and no processor waits long for the last."""


def play_all(runs: int, jobs: int, first: int = 0) -> list[int]:
    """Play in parts, numbered from `first`, so many at once; gives the numbers of the parts that failed."""
    part = min(PART, -(-runs // jobs))
    sizes = [min(part, runs - start) for start in range(0, runs, part)]
    with ThreadPoolExecutor(jobs) as pool:
        codes = list(pool.map(_in_a_process, range(first, first + len(sizes)), sizes))
    return [first + n for n, code in enumerate(codes) if code]


def _in_a_process(number: int, runs: int) -> int:
    words = [sys.executable, "-m", "tests.providers.team.histories.soak", "--part", str(number), "--runs", str(runs)]
    return subprocess.run(words, cwd=Path(__file__).parents[4], check=False).returncode


def play(number: int, runs: int) -> None:
    """One part, with what it cost. What fails is raised with the steps that lead to it."""
    began = time.monotonic()
    with running_cluster() as cluster:
        make_template(cluster)
        with new_team(cluster) as team:
            machine = made_for(team)
            run(machine, runs, number=number)
        server = spent_by_server(cluster)
    used = resource.getrusage(resource.RUSAGE_SELF)
    client, took, ended = used.ru_utime + used.ru_stime, time.monotonic() - began, machine.field.ended
    assert ended >= runs, f"{ended} of {runs} histories came to their end"
    print(
        f"part {number}: {ended} histories in {took:.0f} s; processor {client:.0f} s client + {server:.0f} s server,"
        f" {(client + server) / ended * 1000:.0f} ms a history",
        flush=True,
    )


def spent_by_server(cluster: Cluster) -> float:
    """Processor seconds of the server and of those of its processes that have ended."""
    postmaster = (cluster.folder / "data" / "postmaster.pid").read_text().split("\n", 1)[0]
    figures = Path(f"/proc/{postmaster}/stat").read_text().rsplit(")", 1)[1].split()
    return sum(map(int, figures[11:15])) / os.sysconf("SC_CLK_TCK")


def main(words: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Play histories of a team against the model of its rules.")
    parser.add_argument("--runs", type=int, default=10_000)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="how many parts at once")
    parser.add_argument(
        "--first", type=int, default=0, help="the number of the first part: other numbers, other histories"
    )
    parser.add_argument("--part", type=int, help="play this part alone, in this process")
    asked = parser.parse_args(words)
    if asked.part is not None:
        play(asked.part, asked.runs)
        return 0
    failed = play_all(asked.runs, asked.jobs, asked.first)
    print(f"{asked.runs} histories, parts that failed: {failed or 'none'}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
