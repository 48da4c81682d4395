"""Terminals and trouble that would cost others something: each pays for itself."""

import asyncio
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from tests.gateway.terminal import Terminal, gateway, report

from nongshi.gateway import server
from nongshi.gateway.outbox import TEXT, TRACK
from nongshi.tracks.jt808.platform import TextToDriver
from nongshi.tracks.jt808.terminal import Heartbeat, PositionBatch

T1, T2 = "13900000001", "13900000002"


def test_unfinished_messages_of_one_terminal_cost_another_nothing(tmp_path: Path) -> None:
    batch = PositionBatch(1, tuple(report(1000 - k) for k in range(40)))

    async def run() -> int:
        async with (
            gateway(tmp_path, T1, T2) as (served, port),
            Terminal(port, T1) as good,
            Terminal(port, T2) as greedy,
        ):
            await good.sign_in()
            await greedy.sign_in()
            frames = good.frames(batch, max_body=300)
            await good.raw(b"".join(frames[:-1]))
            await good.hear(len(frames) - 1)
            await greedy.raw(b"".join(greedy.frames(batch, max_body=300)[0] for _ in range(100)))
            await greedy.hear(100)
            await good.raw(frames[-1])
            await good.hear(1)
            return served.counts["fixes_stored"]

    assert asyncio.run(run()) == 40


def test_connecting_anew_brings_no_new_allowance(tmp_path: Path) -> None:
    async def run() -> int:
        async with gateway(tmp_path, T1, fixes_burst=50, fixes_s_max=1.0) as (served, port):
            for k in range(3):
                async with Terminal(port, T1) as terminal:
                    await terminal.sign_in()
                    await terminal.send(*(report(1000 * k + n + 1) for n in range(50)))
                    await terminal.hear(50 if k == 0 else 0)
                    await asyncio.sleep(0.05)
            return served.counts["fixes_stored"]

    assert asyncio.run(run()) == 50


def test_heartbeats_that_wait_for_a_full_disk_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> int:
        raise sqlite3.OperationalError("database or disk is full")

    async def run() -> None:
        async with gateway(tmp_path, T1, pending_max=500) as (served, port), Terminal(port, T1) as terminal:
            await terminal.sign_in()
            monkeypatch.setattr(served.store.hot, "commit", refuse)
            data = terminal.frames(Heartbeat())[0] * 100
            for _ in range(20):
                await terminal.raw(data)
                await asyncio.sleep(0.01)
            assert served.full
            held = len(served.batch.answers)
            await terminal.raw(data * 50)
            await asyncio.sleep(0.05)
            assert len(served.batch.answers) == held
            monkeypatch.undo()
            assert len(await terminal.hear(2000)) >= 2000

    asyncio.run(run())


def test_a_message_that_cannot_be_sent_stops_neither_the_next_nor_the_timeouts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "SWEEP_S", 0.02)

    async def run() -> None:
        async with gateway(tmp_path, T1, outbox_s=0.0) as (served, port), Terminal(port, T1) as terminal:
            await terminal.sign_in()
            served.store.hot.ask(T1, TRACK, "every now and then", 0)
            served.store.hot.ask(T1, TEXT, "field 3", 0)
            (heard,) = await terminal.hear(1)
            assert isinstance(heard, TextToDriver)
            assert served._sweeper is not None
            assert not served._sweeper.done()

    asyncio.run(run())


def test_an_outbox_that_cannot_be_read_stops_no_timeouts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "SWEEP_S", 0.02)

    def locked() -> Any:
        raise sqlite3.OperationalError("database is locked")

    async def run() -> None:
        async with gateway(tmp_path, T1, outbox_s=0.0, unsigned_s_max=-1.0) as (served, port):
            monkeypatch.setattr(served.store.hot, "unsent", locked)
            await asyncio.sleep(0.06)
            async with Terminal(port, T1) as slow:
                await slow.raw(b"\x7e")
                assert await slow.closed()
            assert served.counts["outbox_faults"] > 0

    asyncio.run(run())
