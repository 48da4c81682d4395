"""The live room beside a gateway: hears what is stored, and goes on after a restart without telling twice."""

import asyncio
import json
from pathlib import Path

import pytest
import shapely
from tests.gateway.terminal import NOW_S, Terminal, gateway, report

from nongshi.core.errors import BadUsage
from nongshi.gateway.metrics import metrics_text, serve_metrics
from nongshi.gateway.outbox import message_of
from nongshi.gateway.replay import check_loopback, report_of
from nongshi.gateway.replies import PositionReplies, plain_reply
from nongshi.gateway.run import gateway_key
from nongshi.gateway.watch import EVENTS_FILE, Watch
from nongshi.geo.track import make_track
from nongshi.tracks.jt808 import Version, encode_frame
from nongshi.tracks.jt808.header import phone_bytes_of
from nongshi.tracks.jt808.platform import PlatformReply, TrackTemporarily
from nongshi.tracks.live import Fence, FenceKind, Kind

T1 = "13900000001"
STRAW = Fence("straw", shapely.box(121.195, 30.795, 121.205, 30.805), kind=FenceKind.STRAW_BURNING)


def test_a_zone_is_watched_and_the_restart_tells_nothing_twice(tmp_path: Path) -> None:
    async def run(expected: list[str], lon: float, seconds: float) -> None:
        told: list[str] = []
        watch: list[Watch] = []
        hear = (lambda rows: watch[0].hear(rows),)
        async with gateway(tmp_path, T1, listeners=hear) as (served, port), Terminal(port, T1) as terminal:
            names = lambda: {n: name for name, n in served.store.hot.device_ids.items()}  # noqa: E731
            watch.append(Watch(tmp_path, [STRAW], names, tell=lambda one: told.append(one.kind.value)))
            await terminal.sign_in()
            await terminal.send(report(seconds, lon=lon))
            await terminal.hear(1)
            watch[0].save()
        assert told == expected

    asyncio.run(run(["entered"], 121.2, 100))
    asyncio.run(run([], 121.201, 90))
    asyncio.run(run(["left"], 121.3, 80))
    lines = [json.loads(line) for line in (tmp_path / EVENTS_FILE).read_text().splitlines()]
    assert [(one["kind"], one["alarm"]) for one in lines] == [("entered", True), ("left", False)]


def test_after_a_crash_what_was_told_is_not_told_again_and_what_was_not_is(tmp_path: Path) -> None:
    def rows(*seconds: int) -> list:
        return [(1, s * 1000, 1_212_000_000 + 100_000 * (s >= 30), 308_000_000, 40, 90, 0, 0, 0, None) for s in seconds]

    first = Watch(tmp_path, [STRAW], lambda: {1: "T"})
    first.hear(rows(0))
    first.save()
    first.hear(rows(10, 30))  # tells "left"; then the power goes, and 40 and 50 were stored but never heard
    told: list[str] = []
    second = Watch(tmp_path, [STRAW], lambda: {1: "T"}, tell=lambda one: told.append(one.kind.value))
    second.catch_up(lambda from_ms: [row for row in rows(0, 10, 30, 40, 50) if row[1] >= from_ms])
    assert told == []
    kinds = [json.loads(line)["kind"] for line in (tmp_path / EVENTS_FILE).read_text().splitlines()]
    assert kinds == ["entered", "left"]
    assert second.room.muster("straw", 50).balanced


def test_time_alone_brings_silence(tmp_path: Path) -> None:
    told: list[Kind] = []
    watch = Watch(tmp_path, [STRAW], lambda: {1: "T"}, tell=lambda one: told.append(one.kind))
    watch.hear([(1, 0, 1_213_000_000, 308_000_000, 40, 90, 0, 0, 0, None)])
    watch.check(2000.0)
    assert told == [Kind.OFFLINE]


@pytest.mark.parametrize("version", [Version.V2013, Version.V2019])
def test_the_quick_reply_is_the_codecs(version: Version) -> None:
    width = 10 if version == Version.V2019 else 6
    for serial in (0, 0x7E7D, 0x7D01, 258, 65_535):
        (frame,) = encode_frame(PlatformReply(serial, 0x0200, 0), phone=T1, serial=serial, version=version)
        assert plain_reply(phone_bytes_of(T1, width), serial, serial, 0x0200, 0, version) == frame
        assert PositionReplies(phone_bytes_of(T1, width), version).frame(serial, serial) == frame


def test_metrics_are_served_and_other_pages_are_not(tmp_path: Path) -> None:
    async def ask(port: int, path: str) -> str:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(f"GET {path} HTTP/1.1\r\n\r\n".encode())
        text = (await reader.read()).decode()
        writer.close()
        return text

    async def run() -> None:
        numbers = {"messages": 3.0, "store_failing": 0.0}
        server = await serve_metrics("127.0.0.1", 0, lambda: numbers)
        port = server.sockets[0].getsockname()[1]
        assert "nongshi_gateway_messages_total 3" in await ask(port, "/metrics")
        assert "200 OK" in await ask(port, "/health")
        assert "404" in await ask(port, "/")
        numbers["store_failing"] = 1.0
        assert "503" in await ask(port, "/health")
        server.close()

    asyncio.run(run())
    assert metrics_text({}) == "\n"


def test_tokens_outlive_a_restart_and_are_for_their_owner_only(tmp_path: Path) -> None:
    assert gateway_key(tmp_path) == gateway_key(tmp_path)
    assert (tmp_path / "gateway.key").stat().st_mode & 0o077 == 0


def test_the_outbox_knows_texts_and_tracking_and_nothing_else() -> None:
    assert message_of("track", "5,600", Version.V2013) == TrackTemporarily(5, 600)
    with pytest.raises(BadUsage):
        message_of("track", "often", Version.V2013)
    with pytest.raises(BadUsage):
        message_of("song", "la", Version.V2013)


@pytest.mark.parametrize("host", ["10.0.0.5", "example.org", "8.8.8.8"])
def test_a_replay_never_leaves_this_machine(host: str) -> None:
    with pytest.raises(BadUsage, match="this machine"):
        check_loopback(host)


def test_a_replayed_fix_says_what_the_track_says() -> None:
    import numpy as np

    track = make_track("1", np.array([NOW_S]), np.array([121.2]), np.array([30.8]), working=np.array([1], np.int8))
    found = report_of(track, 0)
    assert found.moment(8 * 3600) == NOW_S
    assert (found.lon, found.lat, found.speed_km_h) == (121.2, 30.8, 0.0)
    assert found.items
