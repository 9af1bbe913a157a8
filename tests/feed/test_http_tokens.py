"""The HTTP feed's tokens, its address and its port."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import stat
from pathlib import Path

import pytest

from ringdesk.domain.call import CallKey, SourceState
from ringdesk.domain.sockets import SourceRefused
from ringdesk.feed import loopback
from ringdesk.feed.loopback import NoPortError, announced, listen
from ringdesk.feed.sources.http import HttpSource
from ringdesk.feed.tokens import issue, revoke
from tests.fakes import FakeTime
from tests.feed.aid import running
from tests.feed.http_aid import (
    CALL_EVENT,
    LINES,
    can_bind,
    feed,
    run,
)


def test_new_and_revoked_tokens_count_at_once(tmp_path: Path) -> None:
    async def story() -> None:
        async with feed(tmp_path) as one:
            token = issue(one.tokens, "door", 0.0)
            assert (await one.post(CALL_EVENT, Authorization=f"Bearer {token}")).status == 200
            revoke(one.tokens, "door")
            assert (await one.post(CALL_EVENT, Authorization=f"Bearer {token}")).status == 401
            assert (await one.post(CALL_EVENT)).status == 200
            one.tokens.unlink()
            assert (await one.post(CALL_EVENT)).status == 401

    run(story)


def test_tokens_that_others_can_read_let_nobody_in_and_are_told(tmp_path: Path) -> None:
    async def story() -> None:
        async with feed(tmp_path) as one:
            one.tokens.chmod(0o644)
            assert (await one.post(CALL_EVENT)).status == 401
            assert (await one.heard.change(state=SourceState.WAITING)).why == "tokens_unsafe"
            one.heard.news.clear()
            one.tokens.chmod(0o600)
            assert (await one.post(CALL_EVENT)).status == 200
            await one.heard.change(state=SourceState.CONNECTED)

    run(story)


def test_the_address_is_written_for_this_user_only_and_taken_away(tmp_path: Path) -> None:
    async def story() -> None:
        async with feed(tmp_path) as one:
            assert stat.S_IMODE(one.address.stat().st_mode) == 0o600
            said = announced(one.address)
            assert said is not None
            assert (said.port, said.process) == (one.port, os.getpid())
            assert json.loads(one.address.read_text())["url"] == f"http://127.0.0.1:{one.port}"
            assert one.token not in one.address.read_text()

    run(story)
    assert not (tmp_path / "feed-http.json").exists()


@pytest.mark.parametrize(
    "text", ["", "{}", '{"port":1,"pid":0}', '{"port":1,"pid":4194303}', "[", '{"port":1e999,"pid":1}']
)
def test_an_address_left_behind_is_not_believed(tmp_path: Path, text: str) -> None:
    (tmp_path / "a").write_text(text)
    assert announced(tmp_path / "a") is None


def test_a_chosen_port_is_kept_and_one_in_use_is_waited_for(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as holder:
        port = holder.getsockname()[1]

        async def story() -> None:
            source = HttpSource("http", port, tmp_path / "a", tmp_path / "t", lambda: LINES, FakeTime())
            async with running(source) as heard:
                assert (await heard.change(state=SourceState.WAITING)).why == "port_in_use"
                holder.close()
                await heard.change(state=SourceState.CONNECTED)
                assert source.port == port

        run(story)


@pytest.mark.skipif(not can_bind(socket.AF_INET6, "::1"), reason="no IPv6 on this machine")
def test_a_port_that_somebody_holds_at_ipv6_is_not_ours() -> None:
    with socket.create_server(("::1", 0), family=socket.AF_INET6) as holder, pytest.raises(NoPortError, match="in_use"):
        listen(holder.getsockname()[1])


def test_without_ipv6_it_listens_at_ipv4(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(port: int) -> list[socket.socket]:
        raise NoPortError("no_ipv6", "")

    real = loopback._bound
    monkeypatch.setattr(
        loopback, "_bound", lambda family, host, port: none(port) if ":" in host else real(family, host, port)
    )
    (only,) = listen(0)
    assert only.getsockname()[0] == "127.0.0.1"
    only.close()


def test_nothing_of_a_token_or_a_caller_is_logged(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")

    async def story() -> None:
        async with feed(tmp_path) as one:
            await one.post(CALL_EVENT)
            await one.post(CALL_EVENT, b'{"id":"+14155550123"}')
            await one.post(CALL_EVENT, Authorization=f"Bearer {one.token}0")
            assert one.token[:16] not in caplog.text
            assert "14155550123" not in caplog.text
            assert "refused a request (token" in caplog.text

    run(story)


def test_it_takes_no_commands(tmp_path: Path) -> None:
    source = HttpSource("http", 0, tmp_path / "a", tmp_path / "t", lambda: LINES, FakeTime())
    assert source.abilities == frozenset()
    for order in (source.answer(CallKey("http", "7")), source.decline(CallKey("http", "7")), source.dial("1")):
        with pytest.raises(SourceRefused, match="unable"):
            asyncio.run(order)
