"""The team directory at the level of its client: from the push of a tick to the decoded contact at every desktop, the
price of a look for news, and the first join, each beside the least that could do the job on the same server. With
windows (`team_rows`): from the checkbox pressed in one to the row painted in the others.

Further options: --desktops 10,100 --shares 30 --visible 30000 --windows 10 --parts join,delta,client,rows
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from ringdesk.domain.card import Card, Email, Name, Organization, PhoneEntry
from ringdesk.domain.document import to_document
from ringdesk.domain.phone import E164
from ringdesk.domain.remote import Page
from ringdesk.domain.sockets import Show
from ringdesk.providers.team.directory import Directory
from ringdesk.providers.team.wire import Content, Share
from tests.bench.figures import Figures, middle, percentile, ratio
from tests.bench.team_rows import measure_rows
from tests.postgres import PASSWORD, Team, make_template, new_team, running_cluster
from tests.providers.team.desks import TeamDesk

ROOT: Final = Path(__file__).resolve().parents[2]
SERVER: Final = ("max_connections=1300", "shared_buffers=256MB", "log_min_messages=panic")
"""As an office would run it, with fsync; room for the connections of 500 desktops and of their floor."""

LATENCY_BARS: Final = {10: 200.0, 100: 500.0}
"""Milliseconds: 95 in 100 arrivals at 10 desktops; the last of 100 desktops, 95 in 100 shares."""
JOIN_BAR: Final = 1.5
A_PROCESS: Final = 25

FILL: Final = """
insert into rd.contact (id, owner, shared, probe, card, numbers, edited_by, edited_at)
select gen_random_uuid(), %s, true, false, jsonb_build_object(
    'name', jsonb_build_object('given', 'Zoe' || n, 'family', 'Meier' || n),
    'organizations', jsonb_build_array(jsonb_build_object('name', 'Company ' || (n %% 500), 'title', 'Buyer')),
    'phones', jsonb_build_array(jsonb_build_object('value', '+49 30 ' || n, 'label', 'work'),
                                jsonb_build_object('value', '+49 170 ' || n, 'label', 'mobile')),
    'emails', jsonb_build_array(jsonb_build_object('value', 'zoe' || n || '@example.com', 'label', 'work')),
    'groups', jsonb_build_array('Clients')), array['4930' || n, '49170' || n], %s, now()
from generate_series(1, %s) as n"""


def measure(contacts: int, rounds: int, further: list[str]) -> Figures:
    """Milliseconds and seconds; see the bars in this module."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--desktops", default="10,100")
    parser.add_argument("--shares", type=int, default=30)
    parser.add_argument("--visible", type=int, default=30_000)
    parser.add_argument("--windows", type=int, default=10)
    parser.add_argument("--parts", default="join,delta,client,rows")
    options = parser.parse_args(further)
    groups = [int(number) for number in options.desktops.split(",") if number]
    parts = options.parts.split(",")
    figures: Figures = {"visible": options.visible}
    with running_cluster(SERVER) as cluster:
        make_template(cluster)
        with new_team(cluster) as team:
            furnish(team, max(*groups, options.windows + 1, 1))
            visible = min(options.visible, contacts)
            fill(team, visible)
            figures |= join(team, rounds) if "join" in parts else {}
            small = delta(team, rounds) if "delta" in parts else 0.0
            fill(team, contacts - visible)
            if small:
                figures |= {"delta_ms": delta(team, rounds), "delta_small_ms": small}
                figures["delta_ratio"] = round(figures["delta_ms"] / small, 3)
            for number in groups if "client" in parts else ():
                figures |= latency(team, number, options.shares, rounds)
            if "rows" in parts:
                with TemporaryDirectory(prefix="rdrows") as folder:
                    figures |= measure_rows(team, Path(folder), contacts, options.windows, options.shares * rounds)
    return figures


def furnish(team: Team, desktops: int) -> None:
    """A login a desktop, and the floor's plain table with all rights on it."""
    for n in range(desktops):
        team.enroll(f"desk{n}")
    team.setup.execute("""create schema bare; grant usage on schema bare to rd_coworker;
        create table bare.row (n bigserial primary key, id uuid not null, card jsonb not null);
        grant all on bare.row, bare.row_n_seq to rd_coworker""")


def fill(team: Team, contacts: int) -> None:
    """Shared contacts past the triggers, as a restore would bring them."""
    with team.setup.transaction():
        team.setup.execute("set local session_replication_role = replica")
        team.setup.execute("set local statement_timeout = 0")
        team.setup.execute(FILL, ("alice", "alice", contacts))
    team.setup.execute("vacuum analyze rd.contact")


# The first join ------------------------------------------------------------------------------------------------------


def join(team: Team, rounds: int) -> Figures:
    """Seconds until everything visible is on the disk of a new desk, and how much of that was reading.

    The floor reads by one plain SELECT; storing takes what it takes our store, on both sides.
    """
    floor: list[Figures] = []
    ours: list[Figures] = []
    for _ in range(rounds):
        reading, contacts = plain_join(team)
        found = joined(team)
        assert found.pop("contacts") == contacts
        ours.append(found)
        storing = found["seconds"] - found["reading"]
        floor.append({"seconds": round(reading + storing, 3), "reading": round(reading, 3)})
    return {
        "floor": floor,
        "ours": ours,
        "join_s": middle(ours, "seconds"),
        "join_ratio": ratio(ours, floor, "seconds"),
        "join_reading_ratio": ratio(ours, floor, "reading"),
        "join_bar_ratio": JOIN_BAR,
    }


def plain_join(team: Team) -> tuple[float, int]:
    """The floor: seconds of one SELECT by somebody who may read the table, the documents parsed."""
    began = time.perf_counter()
    query = "select id::text, owner, shared, rev, card, edited_by, extract(epoch from edited_at) from rd.contact"
    found = team.setup.execute(f"{query} where shared".encode()).fetchall()
    return time.perf_counter() - began, len(found)


def joined(team: Team) -> Figures:
    """Ours: a new desk's first round through the engine, into its own file of coworkers' contacts."""
    with TemporaryDirectory(prefix="rdteam") as folder:
        desk = TeamDesk(team, "bob", Path(folder))
        pull, reading = desk.book.pull, 0.0

        def watched(cursor: str | None) -> Iterator[Page]:
            nonlocal reading
            pages = pull(cursor)
            while True:
                start = time.perf_counter()
                page = next(pages, None)
                reading += time.perf_counter() - start
                if page is None:
                    return
                yield page

        desk.book.pull = watched  # type: ignore[method-assign]  # a stopwatch around it
        desk.directory.hello()
        began = time.perf_counter()
        desk.sync()
        seconds = time.perf_counter() - began
        contacts = desk.reads.count(Show(anonymous=None))
        team.hang_up()  # closes the desk
    return {"seconds": round(seconds, 3), "reading": round(reading, 3), "contacts": contacts}


# A look for news -----------------------------------------------------------------------------------------------------


def delta(team: Team, rounds: int) -> float:
    """Milliseconds of a pull that finds one contact, the median."""
    with closing(Directory(team.cluster.local(team.name), "alice", PASSWORD)) as alice:
        cursor = now_cursor(alice)
        alice.push([one_share(str(uuid.uuid4()))])
        times: list[float] = []
        for _ in range(100 * rounds):
            start = time.perf_counter()
            page = alice.pull(cursor)
            times.append((time.perf_counter() - start) * 1000)
            assert len(page.items) == 1
    return round(percentile(times, 0.5), 3)


def now_cursor(desk: Directory) -> str:
    """A cursor of this moment, without reading everything that came before: where the last page would end."""
    first = desk.pull(None, 1)
    store, view, *_ = first.cursor.split(":")
    until = first.cursor.split(":")[3] if first.more else first.cursor.split(":")[2]
    return f"{store}:{view}:{until}"


def one_share(contact: str) -> Share:
    """A contact as a desktop shares it."""
    card = Card(
        name=Name(given="Zoe", family="Meier"),
        organizations=(Organization(name="Company", title="Buyer"),),
        phones=(PhoneEntry("+49 30 123456", "work"),),
        emails=(Email("zoe@example.com", "work"),),
    )
    return Share(str(uuid.uuid4()), contact, 0, Content(card, (E164("4930123456", 2),)))


# From the tick to the coworkers --------------------------------------------------------------------------------------


def latency(team: Team, desktops: int, shares: int, rounds: int) -> Figures:
    """Milliseconds from the push to the decoded contact: all arrivals, and the last desktop of each share."""
    ours = spread(team, "ours", desktops, shares * rounds)
    floor = spread(team, "floor", desktops, shares * rounds)
    name = f"d{desktops}"
    figures: Figures = {}
    for kind, arrivals in (("ours", ours), ("floor", floor)):
        every = [time for times in arrivals for time in times]
        last = [max(times) for times in arrivals]
        figures |= {
            f"{name}_{kind}_p50": round(percentile(every, 0.5), 1),
            f"{name}_{kind}_p95": round(percentile(every, 0.95), 1),
            f"{name}_{kind}_last_p95": round(percentile(last, 0.95), 1),
            f"{name}_{kind}_arrivals": len(every),
        }
    if desktops in LATENCY_BARS:
        figures[f"{name}_bar"] = LATENCY_BARS[desktops]
    return figures


def spread(team: Team, kind: str, desktops: int, shares: int) -> list[list[float]]:
    """Milliseconds after the push, a list of all desktops for each share."""
    place = team.cluster.local(team.name)
    with closing(Directory(place, "desk0", PASSWORD)) as one:
        cursor = now_cursor(one)  # every desk's: they see the same; alice, of a department, sees more
    with closing(Directory(place, "alice", PASSWORD)) as alice, seated(team, kind, desktops, cursor) as offices:
        push = alice.push if kind == "ours" else lambda ops: bare_push(team, ops)
        found: list[list[float]] = []
        for _ in range(shares):
            contact = str(uuid.uuid4())
            began = time.monotonic() * 1000
            push([one_share(contact)])
            found.append([at - began for office in offices for at in heard(office, contact)])
    return found


def bare_push(team: Team, ops: Sequence[Share]) -> None:
    """The floor: a row and a notification in one transaction."""
    for op in ops:
        document = json.dumps(to_document(op.content.card))
        with team.setup.transaction():
            team.setup.execute("insert into bare.row (id, card) values (%s, %s)", (op.contact, document))
            team.setup.execute("notify bare")


def heard(office: subprocess.Popen[str], contact: str) -> list[float]:
    """When each desktop of a process had the contact."""
    assert office.stdout is not None
    for line in office.stdout:
        told: dict[str, Any] = json.loads(line)
        if told["contact"] == contact:
            return [float(at) for at in told["at"]]
    raise RuntimeError("the desktops ended")


@contextmanager
def seated(team: Team, kind: str, desktops: int, cursor: str) -> Iterator[list[subprocess.Popen[str]]]:
    """Desktops that listen, in processes of at most 25."""
    logins = [f"desk{n}" for n in range(desktops)]
    command = [sys.executable, "-m", "tests.bench.team_desks", kind]
    command += [str(team.cluster.folder), str(team.cluster.port), team.name, cursor]
    offices = [
        subprocess.Popen([*command, *logins[start : start + A_PROCESS]], cwd=ROOT, stdout=subprocess.PIPE, text=True)
        for start in range(0, desktops, A_PROCESS)
    ]
    try:
        for office in offices:
            assert office.stdout is not None
            if not any(line == "ready\n" for line in office.stdout):  # what was shared before may be seen again first
                raise RuntimeError("the desktops did not come to listen")
        yield offices
    finally:
        for office in offices:
            office.kill()
            office.communicate()
