"""A real SIP call to a real baresip: our source hears it, answers it, declines it, dials out."""

from __future__ import annotations

import asyncio
import random
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from ringdesk.domain.call import Answered, CallState, Direction, Ended, EndReason, Rang, SourceLost, SourceState
from ringdesk.domain.sockets import SourceRefused
from ringdesk.domain.status import Health
from ringdesk.feed.sources.baresip import BaresipSource, probe
from tests import phones
from tests.feed.aid import running, until

pytestmark = pytest.mark.sip
NUMBER, NAME = "+14155550123", 'Bob "Boss" Green'


@pytest.fixture
def phone(tmp_path: Path) -> Iterator[phones.Softphone]:
    gone = phones.missing()
    if gone:
        pytest.fail(f"a real call needs {', '.join(gone)}; on Debian: apt-get install baresip-core sip-tester")
    with phones.softphone(tmp_path / "phone") as softphone:
        yield softphone


def source_of(phone: phones.Softphone, domain: str = "") -> BaresipSource:
    return BaresipSource("baresip", phones.HOST, phone.control, chance=random.Random(1).random, dial_domain=domain)


async def went_well(process: subprocess.Popen[bytes]) -> None:
    await until(lambda: process.poll() is not None)
    assert process.returncode == 0


def test_a_call_rings_is_answered_by_us_and_ends(phone: phones.Softphone, tmp_path: Path) -> None:
    async def story() -> None:
        source = source_of(phone)
        async with running(source) as heard:
            await heard.change(state=SourceState.CONNECTED)
            with phones.caller(tmp_path, phone, phones.hangs_up(NUMBER, NAME)) as sipp:
                rang = await heard.fact(Rang)
                assert (rang.direction, rang.number, rang.name) == (Direction.INCOMING, NUMBER, NAME)
                await source.answer(rang.key)
                await heard.fact(Answered)
                await heard.fact(Ended)
                await went_well(sipp)
            assert heard.states() == [CallState.RINGING, CallState.ANSWERED_HERE, CallState.ANSWERED_HERE]

    asyncio.run(story())


def test_a_call_is_declined_by_us(phone: phones.Softphone, tmp_path: Path) -> None:
    async def story() -> None:
        source = source_of(phone)
        async with running(source) as heard:
            await heard.change(state=SourceState.CONNECTED)
            with phones.caller(tmp_path, phone, phones.is_declined(NUMBER, NAME)) as sipp:
                await source.decline((await heard.fact(Rang)).key)
                assert (await heard.fact(Ended)).reason is EndReason.REJECTED
                await went_well(sipp)
            assert heard.states() == [CallState.RINGING, CallState.REJECTED]

    asyncio.run(story())


def test_a_caller_who_gives_up_is_not_called_missed(phone: phones.Softphone, tmp_path: Path) -> None:
    async def story() -> None:
        async with running(source_of(phone)) as heard:
            await heard.change(state=SourceState.CONNECTED)
            with phones.caller(tmp_path, phone, phones.gives_up(NUMBER, NAME)) as sipp:
                await heard.fact(Ended)
                await went_well(sipp)
            assert heard.states() == [CallState.RINGING, CallState.ENDED_UNKNOWN]

    asyncio.run(story())


def test_an_answered_call_is_hung_up_by_us(phone: phones.Softphone, tmp_path: Path) -> None:
    async def story() -> None:
        source = source_of(phone)
        async with running(source) as heard:
            await heard.change(state=SourceState.CONNECTED)
            with phones.caller(tmp_path, phone, phones.is_hung_up(NUMBER)) as sipp:
                rang = await heard.fact(Rang)
                await source.answer(rang.key)
                await heard.fact(Answered)
                await source.decline(rang.key)
                await heard.fact(Ended)
                await went_well(sipp)

    asyncio.run(story())


def test_we_dial_out_and_the_far_end_answers(phone: phones.Softphone, tmp_path: Path) -> None:
    async def story() -> None:
        with phones.far_end(tmp_path) as far:
            source = source_of(phone, far.domain)
            async with running(source) as heard:
                await heard.change(state=SourceState.CONNECTED)
                await source.dial("+4930231250456")
                await heard.fact(Answered)
                rang = await heard.fact(Rang)
                assert (rang.direction, rang.number) == (Direction.OUTGOING, "+4930231250456")
                await source.decline(rang.key)
                await heard.fact(Ended)
                await went_well(far.process)
                assert heard.states()[-1] is CallState.OUTGOING_ANSWERED

    asyncio.run(story())


def test_a_command_without_its_call_is_refused(phone: phones.Softphone, tmp_path: Path) -> None:
    async def story() -> None:
        source = source_of(phone)
        async with running(source) as heard:
            await heard.change(state=SourceState.CONNECTED)
            with phones.caller(tmp_path, phone, phones.gives_up(NUMBER)):
                key = (await heard.fact(Rang)).key
                await heard.fact(Ended)
            with pytest.raises(SourceRefused, match="unknown_call"):
                await source.answer(key)

    asyncio.run(story())


def test_a_softphone_that_dies_in_a_call_loses_it(phone: phones.Softphone, tmp_path: Path) -> None:
    async def story() -> None:
        async with running(source_of(phone)) as heard:
            await heard.change(state=SourceState.CONNECTED)
            with phones.caller(tmp_path, phone, phones.hangs_up(NUMBER)):
                await heard.fact(Rang)
                phone.process.kill()
                await heard.fact(SourceLost)
            await heard.change(why="refused")
            assert heard.states() == [CallState.RINGING, CallState.ENDED_UNKNOWN]

    asyncio.run(story())


def test_another_program_that_keeps_taking_the_stream_is_named(phone: phones.Softphone) -> None:
    async def story() -> None:
        async with running(source_of(phone)) as heard:
            await heard.change(state=SourceState.CONNECTED)
            assert (await probe(phones.HOST, phone.control)).health is Health.GOOD
            await heard.change(state=SourceState.WAITING, why="lost")
            await until(lambda: heard.news[-1].state is SourceState.CONNECTED)
            assert (await probe(phones.HOST, phone.control)).health is Health.GOOD
            await heard.change(state=SourceState.WAITING, why="stolen")

    asyncio.run(story())


def test_of_two_ringing_calls_only_the_newest_can_be_declined_and_none_answered(
    phone: phones.Softphone, tmp_path: Path
) -> None:
    async def story() -> None:
        source = source_of(phone)
        async with running(source) as heard:
            await heard.change(state=SourceState.CONNECTED)
            with phones.caller(tmp_path, phone, phones.hangs_up(NUMBER), "older") as older:
                first = (await heard.fact(Rang)).key
                with phones.caller(tmp_path, phone, phones.is_declined("+442079460777"), "newer") as newer:
                    second = (await heard.fact(Rang, 2)).key
                    for refused, why in (
                        (source.answer(first), "other_rings"),
                        (source.answer(second), "other_rings"),
                        (source.decline(first), "other_call"),
                    ):
                        with pytest.raises(SourceRefused, match=why):
                            await refused
                    await source.decline(second)
                    assert (await heard.fact(Ended)).key == second
                    await went_well(newer)
                await source.answer(first)
                await went_well(older)

    asyncio.run(story())


def test_a_second_call_is_answered_while_the_first_one_waits(phone: phones.Softphone, tmp_path: Path) -> None:
    async def story() -> None:
        source = source_of(phone)
        async with running(source) as heard:
            await heard.change(state=SourceState.CONNECTED)
            with phones.caller(tmp_path, phone, phones.is_hung_up(NUMBER), "older"):
                await source.answer((await heard.fact(Rang)).key)
                await heard.fact(Answered)
                with phones.caller(tmp_path, phone, phones.is_hung_up("+442079460777"), "newer") as newer:
                    second = (await heard.fact(Rang, 2)).key
                    await source.answer(second)
                    assert (await heard.fact(Answered, 2)).key == second
                    await source.decline(second)
                    await went_well(newer)

    asyncio.run(story())


def test_a_number_nobody_has_fails_without_having_rung(phone: phones.Softphone) -> None:
    async def story() -> None:
        source = source_of(phone, f"{phones.HOST}:{phone.sip + 1}")
        async with running(source) as heard:
            await heard.change(state=SourceState.CONNECTED)
            await source.dial("+4930231250456")
            assert not [state for state in heard.states() if state is CallState.OUTGOING_ANSWERED]

    asyncio.run(story())
