"""Terminals over real sockets: what is answered is stored, once; nobody pays for somebody else's rubbish."""

import asyncio
import contextlib
import random
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from tests.gateway.terminal import NOW_S, REGISTER, Terminal, gateway, report

from nongshi.gateway.fix_row import FLAGS, LATE, LON, TIME
from nongshi.gateway.outbox import TEXT
from nongshi.gateway.store import PositionStore
from nongshi.geo.gcj02 import to_gcj02
from nongshi.tracks.device import Carrier, Datum, Device
from nongshi.tracks.jt808 import Version, encode_frame
from nongshi.tracks.jt808.platform import PartsMissing, PlatformReply, RegisterReply, TextToDriver
from nongshi.tracks.jt808.terminal import Authentication, Heartbeat, PositionBatch, TerminalReply

T1, T2 = "13900000001", "13900000002"


def stored(folder: Path) -> list[tuple[Any, ...]]:
    """All rows of a store that is closed."""
    with sqlite3.connect(folder / "store" / "positions.sqlite3") as connection:
        return connection.execute("SELECT * FROM fix ORDER BY device, time_ms").fetchall()


@pytest.mark.parametrize("version", [Version.V2013, Version.V2019])
def test_every_answered_fix_is_stored_once(tmp_path: Path, version: Version) -> None:
    async def run() -> None:
        async with gateway(tmp_path, T1) as (_, port), Terminal(port, T1, version) as terminal:
            await terminal.sign_in()
            await terminal.send(*(report(10 - k) for k in range(5)), report(8), Heartbeat())
            answers = await terminal.hear(7)
            assert all(isinstance(one, PlatformReply) and one.result == 0 for one in answers)
            assert [one.answered_id for one in answers] == [0x0200] * 6 + [0x0002]

    asyncio.run(run())
    assert [row[TIME] for row in stored(tmp_path)] == [round((NOW_S - 10 + k) * 1000) for k in range(5)]


def test_an_answer_means_that_the_fix_is_on_the_disk(tmp_path: Path) -> None:
    """The file is read by somebody else at the moment of the answer."""

    async def run() -> None:
        async with gateway(tmp_path, T1) as (_, port), Terminal(port, T1) as terminal:
            await terminal.sign_in()
            for k in range(20):
                await terminal.send(report(50 - k))
                await terminal.hear(1)
                assert len(stored(tmp_path)) == k + 1

    asyncio.run(run())


def test_whoever_is_not_in_the_register_or_has_no_token_is_refused(tmp_path: Path) -> None:
    async def run() -> None:
        async with gateway(tmp_path, T1) as (served, port):
            async with Terminal(port, "13999999999") as stranger:
                await stranger.send(REGISTER, report())
                first, second = await stranger.hear(2)
                assert isinstance(first, RegisterReply)
                assert first.result == 4
                assert second.result == 1
            async with Terminal(port, T1) as hasty:
                await hasty.send(report(), Authentication("wrong"), report(1))
                assert [one.result for one in await hasty.hear(3)] == [1, 1, 1]
            assert served.counts["refused_unknown_device"] == 2
            assert served.counts["refused_token"] == 1

    asyncio.run(run())
    assert stored(tmp_path) == []


def test_junk_clocks_and_fixes_without_a_fix_are_answered_and_not_stored(tmp_path: Path) -> None:
    async def run() -> None:
        async with gateway(tmp_path, T1) as (served, port), Terminal(port, T1) as terminal:
            await terminal.sign_in()
            await terminal.send(report(-3600), report(20 * 365 * 86_400), report(5, status=1), report(5))
            assert [one.result for one in await terminal.hear(4)] == [0, 0, 0, 0]
            assert served.counts["fixes_clock"] == 2
            assert served.counts["fixes_unfixed"] == 1

    asyncio.run(run())
    assert len(stored(tmp_path)) == 1


def test_late_fixes_are_kept_and_leave_the_last_position_where_it_is(tmp_path: Path) -> None:
    async def run() -> None:
        async with gateway(tmp_path, T1) as (served, port), Terminal(port, T1) as terminal:
            await terminal.sign_in()
            await terminal.send(report(5), PositionBatch(1, tuple(report(100 - k) for k in range(30))))
            await terminal.hear(2)
            assert served.store.last()[T1][TIME] == round((NOW_S - 5) * 1000)

    asyncio.run(run())
    assert [bool(row[FLAGS] & LATE) for row in stored(tmp_path)] == [True] * 30 + [False]


def test_parts_of_a_long_message_are_stored_each_position_once_even_over_a_restart(tmp_path: Path) -> None:
    batch = PositionBatch(1, tuple(report(1000 - k) for k in range(40)))

    async def run() -> None:
        async with gateway(tmp_path, T1) as (_, port), Terminal(port, T1) as terminal:
            await terminal.sign_in()
            frames = terminal.frames(batch, max_body=300)
            assert len(frames) > 3
            await terminal.raw(frames[0] + frames[0] + frames[1])
            await terminal.hear(3)
        async with gateway(tmp_path, T1) as (_, port), Terminal(port, T1) as terminal:
            await terminal.sign_in()
            await terminal.raw(b"".join([*frames[2:-2], frames[-1]]))
            answers = await terminal.hear(len(frames) - 2)
            wanted = [one for one in answers if isinstance(one, PartsMissing)]
            assert [one.numbers for one in wanted] == [(len(frames) - 1,)]
            await terminal.raw(frames[-2])
            await terminal.hear(1)

    asyncio.run(run())
    assert [row[TIME] for row in stored(tmp_path)] == [round((NOW_S - 1000 + k) * 1000) for k in range(40)]


def test_another_clock_and_another_datum_come_out_as_utc_and_wgs84(tmp_path: Path) -> None:
    shifted = to_gcj02(121.2, 30.8)
    device = Device(id=T2, clock_ahead_s=0, datum=Datum.GCJ02)

    async def run() -> None:
        async with gateway(tmp_path, devices=(device,)) as (_, port), Terminal(port, T2) as terminal:
            await terminal.sign_in()
            await terminal.send(report(8 * 3600, lon=float(shifted[0]), lat=float(shifted[1])))
            await terminal.hear(1)

    asyncio.run(run())
    (row,) = stored(tmp_path)
    assert row[TIME] == round(NOW_S * 1000)
    assert abs(row[LON] - 1_212_000_000) < 20


@pytest.mark.parametrize("version", [Version.V2013, Version.V2019])
def test_the_quick_way_and_the_long_way_store_the_same_rows(tmp_path: Path, version: Version) -> None:
    """One read a frame goes the quick way; the same frames in two halves go the long way."""
    odd = [report(7, status=1), report(-9999), report(6, lat=-30.8, lon=-121.2), report(5, altitude_m=-3, alarm=1)]
    plain = [report(60 - k, lon=121 + k / 997, speed_km_h=k / 7, course_deg=k, items={1: bytes([0, 0, k, 9])})
             for k in range(40)]  # fmt: skip

    async def run(halves: bool) -> None:
        async with gateway(tmp_path / str(halves), T1) as (served, port), Terminal(port, T1, version) as terminal:
            await terminal.sign_in()
            before = served.counts["commits"]
            for message in (*plain, *odd):
                (frame,) = terminal.frames(message)
                for piece in (frame[:20], frame[20:]) if halves else (frame,):
                    await terminal.raw(piece)
                    await asyncio.sleep(0.001 if halves else 0)
                (answer,) = await terminal.hear(1)
                assert (answer.answered_serial, answer.result) == (terminal.serial, 0)
            assert served.counts["commits"] > before

    for halves in (False, True):
        asyncio.run(run(halves))
    quick, long = (stored(tmp_path / str(halves)) for halves in (False, True))
    assert quick == long
    assert len(quick) == 42


def test_of_a_person_only_what_lies_in_an_accepted_job_is_kept(tmp_path: Path) -> None:
    person = Device(id=T2, carrier=Carrier.PERSON)

    async def run(people: dict[str, list[tuple[float, float]]]) -> int:
        async with (
            gateway(tmp_path, devices=(person,), people=people) as (served, port),
            Terminal(port, T2) as terminal,
        ):
            await terminal.sign_in()
            await terminal.send(*(report(10 - k) for k in range(10)))
            assert len(await terminal.hear(10)) == 10
            return served.counts["fixes_private"]

    assert asyncio.run(run({})) == 10
    assert asyncio.run(run({T2: [(NOW_S - 8, NOW_S - 5)]})) == 7
    assert [row[TIME] for row in stored(tmp_path)] == [round((NOW_S - s) * 1000) for s in (8, 7, 6)]


def test_rubbish_beside_it_costs_a_terminal_nothing(tmp_path: Path) -> None:
    draw = random.Random(5)

    async def rubbish(port: int) -> None:
        async with Terminal(port, T2) as terminal:
            for _ in range(40):
                data = draw.randbytes(draw.randint(1, 5000))
                good = encode_frame(Heartbeat(), phone=T2, serial=1)[0]
                await terminal.raw(draw.choice([data, b"\x7e" + data, good[:-3], good[: len(good) // 2] + good]))

    async def run() -> None:
        async with gateway(tmp_path, T1) as (served, port), Terminal(port, T1) as terminal:
            await terminal.sign_in()
            tasks = [asyncio.create_task(rubbish(port)) for _ in range(3)]
            for k in range(50):
                await terminal.send(report(100 - k))
                await terminal.hear(1)
            await asyncio.gather(*tasks, return_exceptions=True)
            assert served.counts["session_faults"] == 0
            assert served.counts["refused_check"] + served.counts["refused_short"] > 0

    asyncio.run(run())
    assert len(stored(tmp_path)) == 50


def test_a_flood_is_slowed_down_and_loses_nothing(tmp_path: Path) -> None:
    async def run() -> None:
        limits = {"fixes_burst": 100, "fixes_s_max": 50.0}
        async with gateway(tmp_path, T1, T2, clock=_ticking(), **limits) as (served, port):
            async with Terminal(port, T1) as fast, Terminal(port, T2) as calm:
                await fast.sign_in()
                await calm.sign_in()
                await fast.send(*(report(3000 - k) for k in range(600)))
                await calm.send(report(5))
                await calm.hear(1)
                await fast.hear(600, timeout_s=30.0)
            assert served.counts["paused_fast"] > 0

    asyncio.run(run())
    assert len(stored(tmp_path)) == 601


def _ticking() -> Any:
    """A clock that runs ten times as fast, from NOW_S."""
    loop = asyncio.get_running_loop()
    began = loop.time()

    def clock() -> float:
        return NOW_S + 10 * (loop.time() - began)

    return clock


def test_connections_that_never_sign_in_or_say_nothing_are_closed(tmp_path: Path) -> None:
    async def run() -> None:
        async with gateway(tmp_path, T1, clock=_ticking(), unsigned_s_max=5.0, silent_s_max=8.0) as (served, port):
            async with Terminal(port, T1) as slow, Terminal(port, T1) as good:
                await good.sign_in()
                await slow.raw(b"\x7e\x02")
                assert await slow.closed()
                assert await good.closed()
            assert served.counts["closed_unsigned"] == 1
            assert served.counts["closed_silent"] == 1

    asyncio.run(run())


def test_a_terminal_that_never_reads_its_answers_is_let_go(tmp_path: Path) -> None:
    async def run() -> None:
        async with gateway(tmp_path, T1, unread_bytes_max=1000, fixes_burst=10**9) as (served, port):
            async with Terminal(port, T1) as deaf:
                await deaf.sign_in()
                deaf._in._transport.pause_reading()  # type: ignore[attr-defined]
                frames = b"".join(frame for k in range(500) for frame in deaf.frames(report(600 - k)))
                with contextlib.suppress(ConnectionError):
                    while not served.counts["closed_unread"]:
                        await deaf.raw(frames)
                        await asyncio.sleep(0)
            assert served.counts["closed_unread"] == 1

    asyncio.run(run())


def test_the_house_is_full_at_its_limit(tmp_path: Path) -> None:
    async def run() -> None:
        async with gateway(tmp_path, T1, connections_max=1) as (_, port), Terminal(port, T1) as first:
            await first.sign_in()
            async with Terminal(port, T1) as second:
                assert await second.closed()
            await first.send(report())
            await first.hear(1)

    asyncio.run(run())


def test_a_disk_that_is_full_answers_nobody_and_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from nongshi.gateway import committer
    from nongshi.gateway.hot_store import HotStore

    monkeypatch.setattr(committer, "RETRY_S", 0.02)
    commit, broken = HotStore.commit, {"left": 5}

    def failing(self: HotStore, *args: Any) -> int:
        if args[0] and broken["left"]:
            broken["left"] -= 1
            raise sqlite3.OperationalError("database or disk is full")
        return commit(self, *args)

    monkeypatch.setattr(HotStore, "commit", failing)

    async def run() -> None:
        async with gateway(tmp_path, T1) as (served, port), Terminal(port, T1) as terminal:
            await terminal.sign_in()
            await terminal.send(*(report(50 - k) for k in range(10)))
            while not served.metrics()["store_failing"]:
                await asyncio.sleep(0.001)
            assert terminal.answers[-1].answered_id != 0x0200
            await terminal.hear(10)

    asyncio.run(run())
    assert len(stored(tmp_path)) == 10


def test_a_stop_stores_and_answers_what_came_in(tmp_path: Path) -> None:
    async def run() -> None:
        async with gateway(tmp_path, T1) as (served, port):
            terminal = Terminal(port, T1)
            async with terminal:
                await terminal.sign_in()
                await terminal.send(*(report(900 - k) for k in range(500)))
                while not (served.batch or served.quick):
                    await asyncio.sleep(0)
                await served.stop()
                heard = 0
                while True:
                    try:
                        heard += len(await terminal.hear(1))
                    except (ConnectionResetError, TimeoutError):
                        break
                assert heard == len(stored(tmp_path)) > 0
            served.start = None  # type: ignore[method-assign,assignment]
            served.stop = _nothing  # type: ignore[method-assign]

    asyncio.run(run())


async def _nothing() -> None:
    return None


def test_a_text_reaches_the_cab_and_its_receipt_is_kept(tmp_path: Path) -> None:
    async def run() -> None:
        async with gateway(tmp_path, T1, outbox_s=0.0) as (served, port), Terminal(port, T1) as terminal:
            await terminal.sign_in()
            number = served.store.hot.ask(T1, TEXT, "廊下3队 12亩 收割", 1)
            (text,) = await terminal.hear(1)
            assert isinstance(text, TextToDriver)
            assert text.text == "廊下3队 12亩 收割"
            with served.store.hot.reading() as connection:
                sent = connection.execute("SELECT sent_ms FROM outbox WHERE number = ?", (number,)).fetchone()
            assert sent[0] is not None
            serial = next(s for (_, s) in served._sent)
            await terminal.send(TerminalReply(serial, 0x8300, 0), Heartbeat())
            await terminal.hear(1)
            with served.store.hot.reading() as connection:
                read = connection.execute("SELECT answered_ms FROM outbox WHERE number = ?", (number,)).fetchone()
            assert read[0] is not None

    asyncio.run(run())


def test_listeners_hear_committed_fixes_in_order_of_time(tmp_path: Path) -> None:
    heard: list[int] = []

    async def run() -> None:
        async with (
            gateway(tmp_path, T1, listeners=(lambda rows: heard.extend(row[TIME] for row in rows),)) as (
                _,
                port,
            ),
            Terminal(port, T1) as terminal,
        ):
            await terminal.sign_in()
            await terminal.send(PositionBatch(0, (report(1), report(3), report(2))))
            await terminal.hear(1)

    asyncio.run(run())
    assert heard == [round((NOW_S - s) * 1000) for s in (3, 2, 1)]


def test_replay_gives_the_track_that_came_in(tmp_path: Path) -> None:
    async def run() -> None:
        async with gateway(tmp_path, T1) as (_, port), Terminal(port, T1) as terminal:
            await terminal.sign_in()
            await terminal.send(*(report(10 - k, lon=121 + k / 1e4, speed_km_h=4.5) for k in range(10)))
            await terminal.hear(10)

    asyncio.run(run())
    store = PositionStore(tmp_path / "store")
    track = store.replay(T1, NOW_S - 100, NOW_S + 100)
    assert len(track) == 10
    assert track.speed_km_h.tolist() == [4.5] * 10
    store.close()
