"""`nongshi bench gateway`: messages a second with every fix durable before its answer, and kills at any moment.

The server runs in a process of its own, the terminals in this one, both on the loopback of one machine. The fixes are
generated.
"""

import asyncio
import json
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from nongshi.core.errors import NongshiError
from nongshi.files.whole import write_whole
from nongshi.gateway.replay import REGISTER, check_loopback
from nongshi.gateway.store import PositionStore
from nongshi.tracks.device import CHINA_OFFSET_S
from nongshi.tracks.jt808 import FrameReader, PositionReport, decode_frame, encode_frame
from nongshi.tracks.jt808.bcd import write_time
from nongshi.tracks.jt808.platform import PlatformReply, RegisterReply
from nongshi.tracks.jt808.terminal import Authentication
from nongshi.tracks.jt808.wire import check_byte, escape, opened

HOST = "127.0.0.1"
EPOCH = datetime(1970, 1, 1)
DAYS_BACK = 2  # the terminals' clocks: every message is a second later than the last, and none from the future
START_S_MAX = 60.0
QUANTILE = 0.99
KILL_S = (0.2, 1.2)  # a kill comes somewhere between, after the terminals began


class BenchFailed(NongshiError):
    """The server of the benchmark did not come up."""

    code = "bench_failed"


@dataclass
class Server:
    """A gateway in a process of its own."""

    process: subprocess.Popen[str]
    port: int
    metrics_port: int

    def metrics(self) -> dict[str, float]:
        """Its numbers now."""
        with urllib.request.urlopen(f"http://{HOST}:{self.metrics_port}/metrics", timeout=10) as answer:
            lines = answer.read().decode().splitlines()
        pairs = (line.split() for line in lines if not line.startswith("#"))
        return {name.removeprefix("nongshi_gateway_").removesuffix("_total"): float(value) for name, value in pairs}


def start_server(folder: Path, metrics_port: int) -> Server:
    """Start a gateway on a port of the system's choice.

    Raises:
        BenchFailed: it does not come up.
    """
    code = "from nongshi.cli.main import run; run()"
    words = ["gateway", "--open", "--listen", f"{HOST}:0", "--store", str(folder), "--lang", "en"]
    process = subprocess.Popen(
        [sys.executable, "-c", code, *words, "--metrics", f"{HOST}:{metrics_port}"],
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "LC_ALL": "C.UTF-8"},
    )
    assert process.stderr is not None
    began_s = time.monotonic()
    while time.monotonic() - began_s < START_S_MAX:
        line = process.stderr.readline()
        if "terminals connect to" in line:
            port = int(line.split(f"{HOST}:")[1].split(";")[0])
            return Server(process, port, metrics_port)
        if not line and process.poll() is not None:
            break
    process.kill()
    raise BenchFailed("the gateway did not come up")


@dataclass
class Tally:
    """What all terminals sent and heard."""

    answered: dict[str, list[int]] = field(default_factory=dict)  # times (s) of answered fixes by terminal
    waits_s: list[float] = field(default_factory=list)
    sent: int = 0


class Terminal(asyncio.Protocol):
    """Sends one fix, waits for its answer, sends the next."""

    def __init__(self, phone: str, tally: Tally, ready: Callable[[], None], rng: random.Random) -> None:
        self._phone, self._tally, self._ready = phone, tally, ready
        self._reader = FrameReader()
        self._serial, self._sent_s = 0, 0.0
        self._moment = int(time.time()) - DAYS_BACK * 86_400 - rng.randrange(1000)
        report = PositionReport.of(
            lat=30.7 + rng.random() / 5, lon=121.0 + rng.random() / 5, at=EPOCH.replace(year=2026), speed_km_h=4.5,
            course_deg=90, items={0x01: b"\x00\x00\x30\x39", 0x30: b"\x14", 0x31: b"\x0e"},
        )  # fmt: skip
        self._frame = bytearray(opened(encode_frame(report, phone=phone, serial=0)[0])[:-1])
        self.running = False
        self.done = False
        self.lost = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: Any) -> None:
        """Present itself."""
        self._transport = transport
        self._send(REGISTER)

    def connection_lost(self, exc: Exception | None) -> None:
        """The server is gone."""
        if not self.lost.done():
            self.lost.set_result(None)

    def data_received(self, data: bytes) -> None:
        """An answer."""
        for payload in self._reader.feed(data):
            if self.running and payload[0] == 0x80:
                self._heard()
                continue
            body = decode_frame(payload).body
            if isinstance(body, RegisterReply):
                self._send(Authentication(body.token))
            elif isinstance(body, PlatformReply):
                self._ready()

    def start(self) -> None:
        """Begin to send."""
        self.running = True
        self._next()

    def _heard(self) -> None:
        tally = self._tally
        tally.waits_s.append(time.perf_counter() - self._sent_s)
        tally.answered.setdefault(self._phone, []).append(self._moment)
        if not self.done:
            self._next()

    def _next(self) -> None:
        self._moment += 1
        self._serial = self._serial + 1 & 0xFFFF
        frame = self._frame
        frame[10:12] = self._serial.to_bytes(2, "big")
        frame[34:40] = write_time(EPOCH + timedelta(seconds=self._moment + CHINA_OFFSET_S))
        payload = bytes(frame)
        self._tally.sent += 1
        self._sent_s = time.perf_counter()
        self._transport.write(escape(payload + bytes((check_byte(payload),))))

    def _send(self, message: Any) -> None:
        self._serial = self._serial + 1 & 0xFFFF
        self._transport.write(encode_frame(message, phone=self._phone, serial=self._serial)[0])


async def _drive(server: Server, terminals: int, run: Callable[[list[Terminal]], Any], seed: int) -> Tally:
    """Connect, sign in, then let `run` decide how long."""
    tally, signed, rng = Tally(), asyncio.Event(), random.Random(seed)
    waiting = terminals

    def ready() -> None:
        nonlocal waiting
        waiting -= 1
        if waiting == 0:
            signed.set()

    loop = asyncio.get_running_loop()
    made = []
    for number in range(terminals):
        phone = f"139{number:08d}"
        _, terminal = await loop.create_connection(partial(Terminal, phone, tally, ready, rng), HOST, server.port)
        made.append(terminal)
    await asyncio.wait_for(signed.wait(), START_S_MAX)
    await run(made)
    return tally


def _run(main: Any) -> Any:
    from nongshi.gateway.run import loop_factory

    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        return runner.run(main)


def bench_gateway(
    *, terminals: int, seconds: float, kills: int, seed: int, out: Path, on_step: Callable[[str], None] | None = None
) -> dict[str, Any]:
    """Measure a gateway and kill some; writes `gateway.json` into `out`."""
    check_loopback(HOST)
    figures: dict[str, Any] = {"format": "nongshi-bench-gateway/1", "terminals": terminals, "seed": seed}
    with tempfile.TemporaryDirectory() as name:
        figures |= _measure_rate(Path(name), terminals, seconds, seed)
    if kills:
        figures |= _kill(kills, min(terminals, 100), seed, on_step)
    out.mkdir(parents=True, exist_ok=True)
    write_whole(out / "gateway.json", json.dumps(figures, indent=1) + "\n")
    return figures


def _measure_rate(folder: Path, terminals: int, seconds: float, seed: int) -> dict[str, Any]:
    server = start_server(folder, _free_port())
    span: dict[str, float] = {}

    async def run(made: list[Terminal]) -> None:
        before, began_s = await asyncio.to_thread(server.metrics), time.perf_counter()
        for terminal in made:
            terminal.start()
        await asyncio.sleep(seconds)
        after = await asyncio.to_thread(server.metrics)
        span["wall_s"] = time.perf_counter() - began_s
        span["cpu_s"] = after["cpu_seconds"] - before["cpu_seconds"]
        span["answers"] = after.get("answers", 0) - before.get("answers", 0)
        span["commits"] = after.get("commits", 0) - before.get("commits", 0)
        for terminal in made:
            terminal.done = True
        await asyncio.sleep(1.0)

    tally: Tally = _run(_drive(server, terminals, run, seed))
    server.process.send_signal(signal.SIGTERM)
    code = server.process.wait(timeout=30)
    lost = _missing(folder, tally)
    waits = sorted(tally.waits_s)
    return {
        "seconds": span["wall_s"],
        "messages": int(span["answers"]),
        "messages_s_wall": span["answers"] / span["wall_s"],
        "messages_s_server_cpu": span["answers"] / span["cpu_s"],
        "messages_a_commit": span["answers"] / max(1.0, span["commits"]),
        "wait_ms_median": 1000 * waits[len(waits) // 2],
        "wait_ms_p99": 1000 * waits[int(QUANTILE * (len(waits) - 1))],
        "answered_within_100_ms": sum(wait <= 0.1 for wait in waits) / len(waits),
        "answered": sum(map(len, tally.answered.values())),
        "answered_but_missing": lost,
        "exit_code": code,
    }


def _missing(folder: Path, tally: Tally) -> int:
    """Answered fixes that the store does not have."""
    store = PositionStore(folder)
    missing = 0
    for phone, moments in tally.answered.items():
        kept = {row[0] // 1000 for row in store.hot.rows(phone, 0, 2**53)}
        missing += len(set(moments) - kept)
    store.close()
    return missing


def _kill(kills: int, terminals: int, seed: int, on_step: Callable[[str], None] | None) -> dict[str, Any]:
    """Kill the server at moments by chance; what was answered must be there afterwards."""
    rng, answered, missing = random.Random(seed), 0, 0
    for number in range(kills):
        with tempfile.TemporaryDirectory() as name:
            server = start_server(Path(name), _free_port())
            delay_s = rng.uniform(*KILL_S)

            async def run(made: list[Terminal], server: Server = server, delay_s: float = delay_s) -> None:
                for terminal in made:
                    terminal.start()
                await asyncio.sleep(delay_s)
                server.process.kill()
                await asyncio.wait([terminal.lost for terminal in made], timeout=10)

            tally: Tally = _run(_drive(server, terminals, run, seed + number))
            server.process.wait(timeout=10)
            answered += sum(map(len, tally.answered.values()))
            missing += _missing(Path(name), tally)
        if on_step is not None:
            on_step(f"kill {number + 1} of {kills}: {answered} answered, {missing} missing")
    return {"kills": kills, "answered_before_kills": answered, "missing_after_kills": missing}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])
