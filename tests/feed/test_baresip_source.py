"""The baresip source against a small honest stand-in of ctrl_tcp: one client at a time, netstrings, replies."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from ringdesk.domain.call import Ability, CallKey, Ended, Rang, SourceLost, SourceState
from ringdesk.domain.sockets import SourceRefused
from ringdesk.domain.status import Health
from ringdesk.feed.sources import baresip
from ringdesk.feed.sources.baresip import BaresipSource, probe
from ringdesk.feed.wire.netstring import Netstrings, packed
from tests.feed.aid import Heard, running, until
from tests.phones import HOST, free_port


class Control:
    """ctrl_tcp as 1.0.0 does it: a new client closes the old one."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.orders: list[dict[str, str]] = []
        self.connections = 0
        self.mute = False
        self.ok = True
        self._writer: asyncio.StreamWriter | None = None
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._client, HOST, self.port)

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None
        self.drop()

    def drop(self) -> None:
        if self._writer is not None:
            self._writer.close()
            self._writer = None

    def send(self, data: bytes) -> None:
        assert self._writer is not None
        self._writer.write(data)

    def event(self, kind: str, id: str, **fields: str) -> None:
        said = {"event": True, "type": kind, "id": id, "direction": "incoming", "peeruri": "sip:+14155550123@h"}
        self.send(packed(json.dumps({**said, **fields}).encode()))

    async def _client(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.drop()
        self._writer = writer
        self.connections += 1
        frames = Netstrings()
        while data := await reader.read(4096):
            for frame in frames.feed(data):
                order = json.loads(frame)
                self.orders.append(order)
                if not self.mute:
                    reply = {"response": True, "ok": self.ok, "data": "said", "token": order["token"]}
                    writer.write(packed(json.dumps(reply).encode()))
        writer.close()


@asynccontextmanager
async def control() -> AsyncIterator[Control]:
    server = Control(free_port())
    await server.start()
    try:
        yield server
    finally:
        await server.stop()
        await asyncio.sleep(0.01)


@asynccontextmanager
async def connected(server: Control, domain: str = "") -> AsyncIterator[tuple[BaresipSource, Heard]]:
    source = BaresipSource("b", HOST, server.port, chance=random.Random(1).random, dial_domain=domain)
    async with running(source) as heard:
        await heard.change(state=SourceState.CONNECTED)
        await until(lambda: server.connections > 0)
        yield source, heard


def run(story: Callable[[], Awaitable[None]]) -> None:
    async def main() -> None:
        await story()

    asyncio.run(main())


def test_it_waits_for_a_softphone_that_is_not_there_yet() -> None:
    async def story() -> None:
        server = Control(free_port())
        source = BaresipSource("b", HOST, server.port, chance=lambda: 0.0)
        async with running(source) as heard:
            assert (await heard.change(state=SourceState.WAITING)).why == "refused"
            assert source.abilities == frozenset()
            await server.start()
            await heard.change(state=SourceState.CONNECTED)
            assert source.abilities == frozenset(Ability)
        await server.stop()

    run(story)


def test_a_lost_softphone_loses_its_calls_and_comes_back_without_inventing_any() -> None:
    async def story() -> None:
        async with control() as server, connected(server) as (source, heard):
            server.event("CALL_INCOMING", "one")
            await heard.fact(Rang)
            server.drop()
            await heard.fact(SourceLost)
            await heard.change(state=SourceState.WAITING, why="lost")
            await until(lambda: server.connections == 2)
            server.event("CALL_CLOSED", "one", param="Connection reset by peer")
            server.event("CALL_INCOMING", "two")
            rang = await heard.fact(Rang, 2)
            assert rang.key == CallKey("b", "two")
            assert [type(fact) for fact in heard.facts] == [Rang, SourceLost, Ended, Rang]
            assert source.abilities == frozenset(Ability)

    run(story)


def test_a_stream_that_is_taken_again_and_again_is_called_stolen() -> None:
    async def story() -> None:
        async with control() as server, connected(server) as (_, heard):
            server.drop()
            await until(lambda: server.connections == 2)
            await until(lambda: heard.news[-1].state is SourceState.CONNECTED)
            server.drop()
            await heard.change(state=SourceState.WAITING, why="stolen")
            await asyncio.sleep(0.3)
            assert server.connections == 2, "it does not fight over the stream"

    run(story)


def test_commands_carry_tokens_and_wait_for_their_reply() -> None:
    async def story() -> None:
        async with control() as server, connected(server) as (source, heard):
            server.event("CALL_INCOMING", "one")
            key = (await heard.fact(Rang)).key
            await asyncio.gather(source.answer(key), source.decline(key), source.dial("+4930231250456"))
            assert [order["command"] for order in server.orders] == ["accept", "hangup", "dial"]
            assert server.orders[2]["params"] == "+4930231250456"
            assert len({order["token"] for order in server.orders}) == 3

    run(story)


def test_a_number_is_dialled_at_the_domain_of_the_settings() -> None:
    async def story() -> None:
        async with control() as server, connected(server, "pbx.example:5062") as (source, _):
            await source.dial("#31#*8")
            assert server.orders[0]["params"] == "sip:%2331%23*8@pbx.example:5062"

    run(story)


@pytest.mark.parametrize("number", ["", "abc", "+1 415", "1;quit", "1\n2", "1" * 33, "sip:x@y", "٣", "1\n"])
def test_what_is_no_number_is_never_sent(number: str) -> None:
    async def story() -> None:
        async with control() as server, connected(server) as (source, _):
            with pytest.raises(SourceRefused, match="bad_number"):
                await source.dial(number)
            assert server.orders == []

    run(story)


def test_an_older_call_is_not_touched_because_baresip_would_take_the_newest() -> None:
    async def story() -> None:
        async with control() as server, connected(server) as (source, heard):
            server.event("CALL_INCOMING", "one")
            server.event("CALL_INCOMING", "two")
            await heard.fact(Rang, 2)
            with pytest.raises(SourceRefused, match="other_call"):
                await source.decline(CallKey("b", "one"))
            await source.decline(CallKey("b", "two"))
            with pytest.raises(SourceRefused, match="other_rings"):
                await source.answer(CallKey("b", "two"))
            server.event("CALL_CLOSED", "two")
            await heard.fact(Ended)
            await source.answer(CallKey("b", "one"))

    run(story)


def test_refusal_silence_and_loss_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(baresip, "REPLY_SECONDS", 0.2)

    async def story() -> None:
        async with control() as server, connected(server) as (source, heard):
            server.ok = False
            with pytest.raises(SourceRefused, match="refused: said"):
                await source.dial("1")
            server.mute = True
            with pytest.raises(SourceRefused, match="timeout"):
                await source.dial("1")
            monkeypatch.setattr(baresip, "REPLY_SECONDS", 5)
            dialling = asyncio.create_task(source.dial("1"))
            await until(lambda: len(server.orders) == 3)
            await server.stop()
            with pytest.raises(SourceRefused, match="lost"):
                await dialling
            await heard.change(why="refused")
            with pytest.raises(SourceRefused, match="not_connected"):
                await source.dial("1")

    run(story)


def test_garbage_does_not_cost_the_connection() -> None:
    async def story() -> None:
        async with control() as server, connected(server) as (_, heard):
            for garbage in (b"\x00\xff" * 5000, b"99999:{" * 100, b"12:{}", packed(b'{"type":'), packed(b"{" * 60000)):
                server.send(garbage)
            server.send(b"x" * 70000)
            server.event("CALL_INCOMING", "one")
            await heard.fact(Rang)
            assert server.connections == 1

    run(story)


def test_the_test_button_tells_what_is_there() -> None:
    async def story() -> None:
        port = free_port()
        nobody = await probe(HOST, port)
        assert nobody.health is Health.BAD
        assert "refused" in nobody.seen
        assert "ctrl_tcp" in nobody.advice
        async with control() as server:
            assert (await probe(HOST, server.port)).health is Health.GOOD

    run(story)


def test_the_test_button_knows_another_program(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(baresip, "REPLY_SECONDS", 0.2)

    async def story() -> None:
        async with control() as server:
            server.mute = True
            found = await probe(HOST, server.port)
            assert (found.health, "does not answer" in found.seen) == (Health.BAD, True)

    run(story)
