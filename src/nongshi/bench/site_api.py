"""`nongshi bench api`: how many requests a second one worker process of the site answers, and how soon.

The site runs in a process of its own as `nongshi serve` does; requests come from here, in a closed loop (so many at a
time, each as soon as the one before is answered) and at a fixed rate (an answer's time counts from when its request was
due, so that a queue shows).
"""

import asyncio
import json
import os
import platform
import random
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np

from nongshi.bench.site_server import managed, served

WARM_S = 2.0  # assumption: threads, connections and the compiled quoter are there by then
OPERATIONS = ("rice_harvest", "rotary_till", "wheat_sow")


def bench_api(
    *, fields: int = 1000, seconds: float = 10.0, concurrency: int = 4, list_rate: float = 200.0,
    quote_rate: float = 100.0, seed: int = 7, gzip: bool = True,
) -> dict[str, Any]:  # fmt: skip
    """Rate and times in milliseconds of lists of 50 jobs and of quotes of new jobs.

    Raises:
        SiteNotUp: the site does not start.
        RuntimeError: it answers with a fault.
    """
    with (
        tempfile.TemporaryDirectory(prefix="nongshi-bench-") as home,
        running(Path(home), fields, seed) as (port, told),
    ):
        asks = {"list": (_lists(told, seed), list_rate), "quote": (_quotes(told, seed), quote_rate)}
        load = {name: Load(port, told["key"], paths, gzip=gzip) for name, (paths, _) in asks.items()}
        figures: dict[str, Any] = {}
        for name, (_, rate) in asks.items():
            load[name].closed(concurrency, WARM_S)
            figures[f"{name}_closed"] = load[name].closed(concurrency, seconds)
            figures[f"{name}_offered"] = load[name].offered(rate, seconds)
    return {
        "format": "nongshi-bench-api/1",
        "machine": f"{platform.machine()}, {os.cpu_count()} CPUs, load {os.getloadavg()[0]:.1f}",
        "python": platform.python_version(),
        "seed": seed,
        "jobs": told["jobs"],
        "rows_a_page": 50,
        "gzip": gzip,
        "concurrency": concurrency,
        **figures,
    }


@contextmanager
def running(home: Path, fields: int, seed: int) -> Iterator[tuple[int, dict[str, Any]]]:
    """A filled site at a free port, and what `fill_for_bench` told of it."""
    managed(home, "migrate", "--verbosity", "0")
    told: dict[str, Any] = json.loads(managed(home, "fill_for_bench", "--fields", str(fields), "--seed", str(seed)))
    with served("--no-demo", "--no-worker", home=home, settings={"NONGSHI_API_RATE": "1000000000"}) as site:
        yield urlsplit(site.address).port or 80, told


class Load:
    """Requests of one kind."""

    def __init__(self, port: int, key: str, paths: list[str], *, gzip: bool) -> None:
        self.port, self.paths = port, paths
        packed = "Accept-Encoding: gzip\r\n" if gzip else ""
        self.head = f"Host: 127.0.0.1:{port}\r\nAuthorization: Bearer {key}\r\n{packed}\r\n"
        self.next = 0

    def closed(self, concurrency: int, seconds: float) -> dict[str, float]:
        """So many at a time."""
        return asyncio.run(self._closed(concurrency, seconds))

    def offered(self, rate: float, seconds: float) -> dict[str, float]:
        """So many a second, whether or not those before are answered."""
        return asyncio.run(self._offered(rate, seconds))

    async def _closed(self, concurrency: int, seconds: float) -> dict[str, float]:
        taken: list[float] = []
        end = time.perf_counter() + seconds

        async def one() -> None:
            line = await asyncio.open_connection("127.0.0.1", self.port)
            while (began := time.perf_counter()) < end:
                await self._ask(line)
                taken.append(time.perf_counter() - began)
            line[1].close()

        began = time.perf_counter()
        await asyncio.gather(*(one() for _ in range(concurrency)))
        return _figures(taken, time.perf_counter() - began)

    async def _offered(self, rate: float, seconds: float) -> dict[str, float]:
        taken: list[float] = []
        free: list[Any] = []

        async def one(due: float) -> None:
            line = free.pop() if free else await asyncio.open_connection("127.0.0.1", self.port)
            await self._ask(line)
            taken.append(time.perf_counter() - due)
            free.append(line)

        began = time.perf_counter()
        waiting = []
        for k in range(int(rate * seconds)):
            due = began + k / rate
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            waiting.append(asyncio.ensure_future(one(due)))
        await asyncio.gather(*waiting)
        ended = time.perf_counter()
        for _, writer in free:
            writer.close()
        return _figures(taken, ended - began)

    async def _ask(self, line: Any) -> None:
        reader, writer = line
        path = self.paths[self.next % len(self.paths)]
        self.next += 1
        writer.write(f"GET {path} HTTP/1.1\r\n{self.head}".encode())
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        status = int(head.split(" ", 2)[1])
        length = next(int(row.split(":")[1]) for row in head.lower().split("\r\n") if row.startswith("content-length"))
        body = await reader.readexactly(length)
        if status != 200:
            raise RuntimeError(f"{path}: {status} {body[:300]!r}")


def _figures(taken: list[float], seconds: float) -> dict[str, float]:
    ms = np.array(taken) * 1e3
    return {
        "per_s": round(len(taken) / seconds, 1),
        **{f"p{p}_ms": round(float(np.percentile(ms, p)), 1) for p in (50, 95, 99)},
        "requests": len(taken),
    }


def _lists(told: dict[str, Any], seed: int) -> list[str]:
    pages = [1 + k % (told["jobs"] // 50) for k in range(997)]
    random.Random(seed).shuffle(pages)
    return [f"/api/v1/jobs?limit=50&page={page}" for page in pages]


def _quotes(told: dict[str, Any], seed: int) -> list[str]:
    chance, first = random.Random(seed), date.fromisoformat(told["since"])
    found = []
    for _ in range(997):
        since = first + timedelta(days=chance.randrange(max(1, told["days"] - 4)))
        until = since + timedelta(days=chance.randint(1, 4))
        query = f"operation={chance.choice(OPERATIONS)}&since={since}&until={until}"
        found.append(f"/api/v1/fields/{chance.choice(told['fields'])}/quote?{query}")
    return found
