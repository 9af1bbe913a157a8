"""What tries to tie the HTTP feed down: endless, huge, slow, idle and many requests."""

from __future__ import annotations

import asyncio
import os
import socket
import time
from pathlib import Path

import pytest

from ringdesk.feed.sources import http
from ringdesk.feed.tokens import issue
from ringdesk.feed.visitors import CONNECTIONS_MOST
from ringdesk.feed.wire.http import BODY_MOST, HEAD_MOST
from tests.feed.aid import until
from tests.feed.http_aid import (
    CALL_EVENT,
    RING,
    ROUTES,
    Feed,
    every_route,
    feed,
    raw,
    read,
    refused,
    rest,
    run,
)


@every_route
def test_chunks_without_an_end_are_refused_at_once(tmp_path: Path, route: str) -> None:
    async def story() -> None:
        async with feed(tmp_path) as one:
            began = time.monotonic()
            head = one.request(route, b"", drop="Content-Length", Transfer_Encoding="chunked")
            assert (await raw(one.port, head + b"400\r\n" + b"x" * 1024)).status == 411
            assert time.monotonic() - began < http.READ_SECONDS
            assert one.heard.facts == []

    run(story)


@every_route
def test_a_mebibyte_of_headers_is_refused(tmp_path: Path, route: str) -> None:
    async def story() -> None:
        async with feed(tmp_path) as one:
            await refused(one, f"POST {route} HTTP/1.1\r\nX: ".encode() + b"x" * 2**20, 431)

    run(story)


@pytest.mark.parametrize("one_more", [False, True])
def test_the_longest_head_is_taken_and_no_longer_one(tmp_path: Path, one_more: bool) -> None:
    async def story() -> None:
        async with feed(tmp_path) as one:
            short = one.request(CALL_EVENT, X_Pad="")
            pad = "x" * (HEAD_MOST - short.index(b"\r\n\r\n") - 4 + one_more)
            assert (await raw(one.port, one.request(CALL_EVENT, X_Pad=pad))).status == (431 if one_more else 200)

    run(story)


def test_the_longest_body_is_taken(tmp_path: Path) -> None:
    async def story() -> None:
        async with feed(tmp_path) as one:
            assert (await one.post(CALL_EVENT, RING.ljust(BODY_MOST))).status == 200

    run(story)


@every_route
@pytest.mark.parametrize("said", [b"", b"P", b"POST /v1/cti HTTP/1.1\r\nHost: x\r\n"])
def test_a_request_that_does_not_come_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, route: str, said: bytes
) -> None:
    monkeypatch.setattr(http, "READ_SECONDS", 0.2)

    async def story() -> None:
        async with feed(tmp_path) as one:
            await refused(one, said, 408)
            await refused_late(one, one.request(route)[:-1])

    async def refused_late(one: Feed, request: bytes) -> None:
        before = len(one.heard.facts)
        assert (await raw(one.port, request)).status == 408
        assert len(one.heard.facts) == before

    run(story)


def test_a_request_that_drips_is_not_waited_for_either(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "READ_SECONDS", 0.3)

    async def story() -> None:
        async with feed(tmp_path) as one:
            reader, writer = await asyncio.open_connection("127.0.0.1", one.port)
            began = time.monotonic()
            dripping = asyncio.create_task(drip(writer, one.request(CALL_EVENT)))
            assert read(await rest(reader)).status == 408
            assert time.monotonic() - began < 1.5
            dripping.cancel()
            writer.close()
            assert one.heard.facts == []

    async def drip(writer: asyncio.StreamWriter, request: bytes) -> None:
        for byte in request:
            writer.write(bytes([byte]))
            await asyncio.sleep(0.05)

    run(story)


def test_the_read_limit_is_two_seconds() -> None:
    assert (http.READ_SECONDS, CONNECTIONS_MOST, HEAD_MOST, BODY_MOST) == (2.0, 16, 8192, 16384)


async def idle(port: int, number: int) -> list[socket.socket]:
    """Connections that say nothing, or half a request."""
    crowd = []
    for n in range(number):
        one = socket.create_connection(("127.0.0.1", port), timeout=5)
        one.setblocking(False)
        one.send(b"POST /v1/cti HTTP/1.1\r\n" if n % 2 else b"P")
        crowd.append(one)
        if n % 50 == 0:
            await asyncio.sleep(0)
    return crowd


@pytest.mark.parametrize("number", [500, pytest.param(10_000, marks=pytest.mark.soak)])
def test_idle_connections_neither_pile_up_nor_keep_a_producer_out(tmp_path: Path, number: int) -> None:
    async def story() -> None:
        async with feed(tmp_path) as one:
            before = len(os.listdir("/proc/self/fd"))
            crowd = await idle(one.port, number)
            assert len(one.source._visitors) <= CONNECTIONS_MOST
            await until(lambda: len(os.listdir("/proc/self/fd")) <= before + number + CONNECTIONS_MOST)
            for route in ROUTES:
                assert (await one.post(route)).status == 200
            for connection in crowd:
                connection.close()

    run(story)


def test_a_crowd_that_never_stops_does_not_keep_a_producer_out(tmp_path: Path) -> None:
    """Slowloris: idle connections come all the time, as fast as they can."""

    async def story() -> None:
        async with feed(tmp_path) as one:
            coming = [asyncio.create_task(come(one.port)) for _ in range(8)]
            await asyncio.sleep(0.2)
            answers = [await one.post(CALL_EVENT) for _ in range(10)]
            for task in coming:
                task.cancel()
            await asyncio.gather(*coming, return_exceptions=True)
            assert [answer.status for answer in answers].count(200) >= 9

    async def come(port: int) -> None:
        kept: list[asyncio.StreamWriter] = []
        try:
            while True:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
                kept.append(writer)
                writer.write(b"POST")
                if len(kept) > 50:
                    kept.pop(0).close()
        finally:
            for writer in kept:
                writer.close()

    run(story)


def test_producers_that_are_at_it_are_not_sent_away(tmp_path: Path) -> None:
    async def story() -> None:
        async with feed(tmp_path) as one:
            halves = [await asyncio.open_connection("127.0.0.1", one.port) for _ in range(CONNECTIONS_MOST)]
            for _, writer in halves:
                writer.write(one.request(CALL_EVENT)[:-1])
            await asyncio.sleep(0.1)
            assert (await one.post(CALL_EVENT)).status == 503
            for reader, writer in halves:
                writer.write(RING[-1:])
                assert read(await rest(reader)).status == 200
                writer.close()

    run(story)


def test_a_flood_is_slowed_and_what_was_taken_arrives(tmp_path: Path) -> None:
    async def story() -> None:
        async with feed(tmp_path) as one:
            other = issue(one.tokens, "door", 0.0)
            answers = [await one.post(ROUTES[n % 2]) for n in range(150)]
            taken = sum(answer.status == 200 for answer in answers)
            assert {answer.status for answer in answers} == {200, 429}
            assert 50 <= taken <= 130
            await until(lambda: len(one.heard.facts) == taken)
            assert (await one.post(CALL_EVENT, Authorization=f"Bearer {other}")).status == 200

    run(story)
