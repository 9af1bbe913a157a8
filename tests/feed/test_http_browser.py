"""A hostile page in a real Chromium against the HTTP feed, and against a server without guards, in one run.

The second is the control: it shows that every one of the page's attempts does leave the browser and arrive. The page
knows a valid token, which no page can, so that what stops it is what is left when a token has leaked.
"""

from __future__ import annotations

import asyncio
import html
import json
import shutil
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.feed.http_aid import BODIES, CALL_EVENT, CTI, Feed, feed, raw, run

pytestmark = pytest.mark.browser
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--disable-extensions", "--no-proxy-server",
    "--host-resolver-rules=MAP page.test 127.0.0.1, MAP rebind.test 127.0.0.2", "--dump-dom",
)  # several to a line  # fmt: skip
PAGE = (Path(__file__).parent / "hostile.html").read_text(encoding="utf-8")
FORM = [("event", "newCall"), ("callId", "9"), ("from", "+14155550123"), ("to", "201"), ("direction", "in")]
ATTEMPTS = 10
"""What the page tries on each route."""

SECONDS = 90


@pytest.fixture
def chromium() -> str:
    found = shutil.which("chromium")
    if found is None:
        pytest.fail("the browser test needs chromium; on Debian: apt-get install chromium")
    return found


class Unguarded:
    """Takes and permits everything, and remembers what came."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, str, dict[str, str], bytes]] = []
        self.port = 0

    async def client(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            method, path, headers, body = await request(reader)
            self.seen.append((method, path, headers, body))
            origin = headers.get("origin", "*")
            writer.write(
                f"HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: {origin}\r\nAccess-Control-Allow-Headers: "
                "authorization, content-type\r\nAccess-Control-Allow-Private-Network: true\r\n"
                "Content-Length: 2\r\nConnection: close\r\n\r\n{}".encode()
            )
            await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            pass  # a connection that the browser opened in advance and never used
        finally:
            writer.close()

    def count(self, **wanted: str) -> int:
        """How many requests have this method (or any) and these headers; names with _ for -."""
        method = wanted.pop("method", "")
        fits = (m for m, _, headers, _ in self.seen if m == (method or m) and _has(headers, wanted))
        return sum(1 for _ in fits)


def _has(headers: dict[str, str], wanted: dict[str, str]) -> bool:
    return all(value in headers.get(name.replace("_", "-"), "") for name, value in wanted.items())


async def request(reader: asyncio.StreamReader) -> tuple[str, str, dict[str, str], bytes]:
    """Read a request loosely."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    method, path, _ = head[0].split(" ", 2)
    pairs = (line.partition(":") for line in head[1:] if line)
    headers = {name.lower(): value.strip() for name, _, value in pairs}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return method, path, headers, body


def page(hold: str, **plan: object) -> bytes:
    """The hostile page as an HTTP answer."""
    bodies = {route: body.decode() for route, body in BODIES.items()}
    text = json.dumps({"bodies": bodies, "form": FORM, **plan})
    made = PAGE.replace('"PLAN"', json.dumps(text).replace("</", "<\\/")).replace("HOLD", html.escape(hold))
    return b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n" + made.encode()


@asynccontextmanager
async def pages(first: bytes) -> AsyncIterator[int]:
    """Serves the page; its picture comes only after the page says that it is done, so that the browser waits."""
    done = asyncio.Event()

    async def client(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            _, path, _, _ = await request(reader)
            if path == "/done":
                done.set()
            elif path == "/hold":
                await done.wait()
            writer.write(first if path == "/" else b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")
            await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            pass  # opened in advance and never used
        finally:
            writer.close()

    server = await asyncio.start_server(client, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        done.set()
        server.close()


@asynccontextmanager
async def rebinding(port: int, token: str) -> AsyncIterator[str]:
    """What DNS rebinding comes to: a page of rebind.test:PORT, whose later requests all go to 127.0.0.1:PORT."""

    async def client(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        first = await reader.read(65536)
        if first.startswith(b"GET /page "):
            writer.write(page("data:,", here=True, token=token))
        elif first:
            there, back = await asyncio.open_connection("127.0.0.1", port)
            back.write(first)
            forth = asyncio.create_task(pour(reader, back))
            await pour(there, writer)
            forth.cancel()
            back.close()
        writer.close()

    async def pour(source: asyncio.StreamReader, to: asyncio.StreamWriter) -> None:
        while data := await source.read(65536):
            to.write(data)

    server = await asyncio.start_server(client, "127.0.0.2", port)
    try:
        yield f"http://rebind.test:{port}/page"
    finally:
        server.close()


async def browse(chromium: str, url: str, profile: Path) -> str:
    """Open a page and give its document when it has loaded."""
    command = (chromium, *FLAGS, f"--user-data-dir={profile}", url)
    quiet = asyncio.subprocess.DEVNULL
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE, stderr=quiet)
    try:
        async with asyncio.timeout(SECONDS):
            told, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return told.decode()


def test_a_hostile_page_gets_nothing_in_and_the_same_page_gets_all_of_it_into_a_server_without_guards(
    tmp_path: Path, chromium: str
) -> None:
    control = Unguarded()

    async def story() -> None:
        open_server = await asyncio.start_server(control.client, "127.0.0.1", 0)
        control.port = open_server.sockets[0].getsockname()[1]
        async with (
            feed(tmp_path) as one,
            rebinding(one.port, one.token) as rebound,
            rebinding(control.port, one.token) as rebound_control,
        ):
            bases = [
                f"http://{name}:{port}" for port in (one.port, control.port) for name in ("127.0.0.1", "localhost")
            ]
            first = page("/hold", bases=bases, frames=[rebound, rebound_control], token=one.token)
            async with pages(first) as port:
                document = await browse(chromium, f"http://page.test:{port}/", tmp_path / "profile")
            print(document[document.rfind("<pre>") :], dict(one.source.answered), sep="\n")
            assert "<title>attacked</title>" in document, "the page did not run to its end"
            await nothing_came_in(one)
        open_server.close()

    run(story)
    everything_arrived(control)


async def nothing_came_in(one: Feed) -> None:
    answered = one.source.answered
    assert one.heard.facts == []
    assert answered["taken"] == 0
    assert set(answered) <= {"origin", "host", "upgrade", "method", "slow", "too_many"}, answered
    assert answered["origin"] >= 4 * ATTEMPTS, "cross-site requests did arrive, and were refused by their Origin"
    assert answered["host"] >= 2 * ATTEMPTS, "rebound requests did arrive, and were refused by their Host"
    assert (await raw(one.port, one.request(CALL_EVENT))).status == 200, "the feed was up"


def everything_arrived(control: Unguarded) -> None:
    rebound, here = f"rebind.test:{control.port}", f"127.0.0.1:{control.port}"
    for host in (here, rebound):
        seen = Counter(path.partition("?")[0] for _, path, headers, _ in control.seen if headers.get("host") == host)
        assert seen[CALL_EVENT] >= ATTEMPTS, (host, seen)
        assert seen[CTI] >= ATTEMPTS, (host, seen)
        assert control.count(method="GET", host=host, upgrade="websocket") >= 2
        assert control.count(method="POST", host=host, content_type="text/plain") >= 6
        assert control.count(method="POST", host=host, content_type="application/x-www-form-urlencoded") >= 4
        assert control.count(method="POST", host=host, content_type="multipart/form-data") >= 2
        assert control.count(method="POST", host=host, authorization="Bearer ", content_type="application/json") >= 2
    assert control.count(method="OPTIONS", host=here) >= 2
    silent = [h for m, _, h, _ in control.seen if m == "GET" and h.get("host") == rebound and "origin" not in h]
    assert [h for h in silent if "sec-fetch-site" not in h], "the request that only the Host check or a token stops"
    assert any(
        json.loads(body)["event"] == "ringing" for _, _, _, body in control.seen if body.startswith(b'{"event":"r')
    )
