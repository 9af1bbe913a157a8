"""The HTTP feed over real sockets: what is taken, where it listens, what becomes of events."""

from __future__ import annotations

import asyncio
import json
import socket
from pathlib import Path

import pytest

from ringdesk.domain.call import CallKey, Ended, Rang
from ringdesk.feed.tokens import issue
from tests.fakes import FakeTime
from tests.feed.aid import until
from tests.feed.http_aid import (
    CALL_EVENT,
    RING,
    can_bind,
    every_route,
    feed,
    raw,
    read,
    rest,
    run,
)


@every_route
def test_an_event_with_a_token_is_taken(tmp_path: Path, route: str) -> None:
    async def story() -> None:
        async with feed(tmp_path) as one:
            answer = await one.post(route)
            assert (answer.status, answer.said) == (200, {"ok": True})
            assert (await one.heard.fact(Rang)).key == CallKey("http/pbx", "7")

    run(story)


@every_route
def test_any_chunking_is_the_same_request(tmp_path: Path, route: str) -> None:
    async def story() -> None:
        async with feed(tmp_path) as one:
            reader, writer = await asyncio.open_connection("127.0.0.1", one.port)
            for byte in one.request(route):
                writer.write(bytes([byte]))
                await writer.drain()
            assert read(await rest(reader)).status == 200
            writer.close()

    run(story)


@pytest.mark.skipif(not can_bind(socket.AF_INET6, "::1"), reason="no IPv6 on this machine")
@every_route
def test_the_same_port_answers_at_the_ipv6_loopback(tmp_path: Path, route: str) -> None:
    async def story() -> None:
        async with feed(tmp_path) as one:
            answer = await raw(one.port, one.request(route, Host=f"[::1]:{one.port}"), "::1")
            assert answer.status == 200

    run(story)


def test_it_listens_at_no_other_address(tmp_path: Path) -> None:
    async def story() -> None:
        async with feed(tmp_path) as one:
            for family, host in ((socket.AF_INET, "127.0.0.2"), (socket.AF_INET, own_address())):
                with socket.socket(family) as probe:
                    probe.settimeout(2)
                    assert probe.connect_ex((host, one.port)) != 0, host

    run(story)


def own_address() -> str:
    """An address of this machine that others can reach, or another loopback one."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return "127.0.0.3"
        address: str = probe.getsockname()[0]
        return address


def test_a_clock_that_is_off_is_marked_and_not_trusted(tmp_path: Path) -> None:
    async def story() -> None:
        async with feed(tmp_path) as one:
            late = json.dumps({"event": "ringing", "id": "7", "from": "1", "at": FakeTime().now() + 301}).encode()
            assert (await one.post(CALL_EVENT, late)).said == {"ok": True, "warning": "clock_skew"}
            assert (await one.heard.fact(Rang)).at is None

    run(story)


@every_route
def test_a_repeated_event_is_one_call(tmp_path: Path, route: str) -> None:
    async def story() -> None:
        async with feed(tmp_path) as one:
            for _ in range(3):
                assert (await one.post(route)).status == 200
            await until(lambda: len(one.heard.facts) == 3)
            assert len(one.heard.states()) == 1

    run(story)


def test_a_producer_cannot_end_anothers_call(tmp_path: Path) -> None:
    async def story() -> None:
        async with feed(tmp_path) as one:
            other = issue(one.tokens, "door", 0.0)
            await one.post(CALL_EVENT)
            await one.post(CALL_EVENT, b'{"event":"ended","id":"7"}', Authorization=f"Bearer {other}")
            end = await one.heard.fact(Ended)
            assert end.key == CallKey("http/door", "7")
            assert len(one.heard.states()) == 1

    run(story)


def test_a_sender_that_waits_to_be_told_is_told(tmp_path: Path) -> None:
    async def story() -> None:
        async with feed(tmp_path) as one:
            reader, writer = await asyncio.open_connection("127.0.0.1", one.port)
            writer.write(one.request(CALL_EVENT, Expect="100-continue")[: -len(RING)])
            assert await reader.readuntil(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
            writer.write(RING)
            assert read(await rest(reader)).status == 200
            writer.close()

    run(story)
