"""`nongshi bench store`: how fast positions go in and come out; the fixes are generated random walks."""

import json
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from nongshi.files.whole import write_whole
from nongshi.gateway.day_files import day_of, day_start_ms
from nongshi.gateway.fix_row import Row
from nongshi.gateway.store import PositionStore

STEP_S = 5
BATCH = 100_000
REPLAY_S = 8 * 3600
ASKED = 50  # look-ups of which the median is told


def bench_store(
    *, fixes: int, devices: int, seed: int, out: Path, on_step: Callable[[str], None] | None = None
) -> dict[str, Any]:
    """Insert, ask, roll a day and ask again; writes `store.json` into `out`."""
    with tempfile.TemporaryDirectory(dir=out if out.is_dir() else None) as name:
        store = PositionStore(Path(name))
        figures = _measure(store, fixes, devices, seed, on_step)
        store.close()
    out.mkdir(parents=True, exist_ok=True)
    write_whole(out / "store.json", json.dumps(figures, indent=1) + "\n")
    return figures


def _measure(
    store: PositionStore, fixes: int, devices: int, seed: int, on_step: Callable[[str], None] | None
) -> dict[str, Any]:
    numbers = [store.number_of(f"139{k:08d}") for k in range(devices)]
    wall_s = cpu_s = 0.0
    kept = 0
    for batch in _batches(numbers, fixes, seed):
        began_s, began_cpu_s = time.perf_counter(), time.process_time()
        kept += store.insert(batch)
        wall_s += time.perf_counter() - began_s
        cpu_s += time.process_time() - began_cpu_s
        if on_step is not None and kept % (10 * BATCH) == 0:
            on_step(f"{kept:,} fixes, {kept / wall_s:,.0f} a second")
    figures: dict[str, Any] = {
        "format": "nongshi-bench-store/1",
        "fixes": kept,
        "devices": devices,
        "seed": seed,
        "insert_s_wall": kept / wall_s,
        "insert_s_cpu": kept / cpu_s,
        "bytes_a_fix": store.hot.path.stat().st_size / kept,
    }
    figures |= _ask(store, devices, seed, "hot")
    span = store.hot.span_ms()
    if span is not None and day_of(span[0]) != day_of(span[1]):
        began_s = time.perf_counter()
        rolled = store.roll(day_of(span[1]), hot_days=1)
        figures["roll_days"], figures["roll_s"] = len(rolled), time.perf_counter() - began_s
        figures["day_file_bytes_a_fix"] = sum(path.stat().st_size for path in store.days.folder.iterdir()) / max(
            1, store.days.count()
        )
        figures |= _ask(store, devices, seed, "day_file", from_s=day_start_ms(rolled[0]) / 1000)
    return figures


def _ask(store: PositionStore, devices: int, seed: int, name: str, from_s: float | None = None) -> dict[str, float]:
    rng = random.Random(seed)
    span = store.hot.span_ms()
    first_s = from_s if from_s is not None else (span[0] / 1000 if span else 0.0)
    last_ms, replay_ms, fixes = [], [], 0
    for _ in range(ASKED):
        began_s = time.perf_counter()
        store.last()
        last_ms.append(1000 * (time.perf_counter() - began_s))
        device = f"139{rng.randrange(devices):08d}"
        began_s = time.perf_counter()
        fixes = len(store.replay(device, first_s, first_s + REPLAY_S))
        replay_ms.append(1000 * (time.perf_counter() - began_s))
    found = {f"replay_8h_ms_{name}": float(np.median(replay_ms)), f"replay_8h_fixes_{name}": float(fixes)}
    return found if from_s is not None else found | {"last_of_all_ms": float(np.median(last_ms))}


def _batches(numbers: list[int], fixes: int, seed: int) -> Iterator[list[Row]]:
    """Random walks of all devices, in the order in which they would come in."""
    rng = np.random.default_rng(seed)
    devices, begin_ms = len(numbers), day_start_ms(day_of(1_793_835_000_000))
    lon = rng.integers(1_210_000_000, 1_213_000_000, devices)
    lat = rng.integers(307_000_000, 309_000_000, devices)
    rows: list[Row] = []
    for step in range(-(-fixes // devices)):
        lon += rng.integers(-700, 700, devices)
        lat += rng.integers(-700, 700, devices)
        speed = rng.integers(0, 120, devices)
        time_ms = begin_ms + step * STEP_S * 1000
        rows += [
            (number, time_ms, x, y, v, 90, 4, 3, 0, None)
            for number, x, y, v in zip(numbers, lon.tolist(), lat.tolist(), speed.tolist(), strict=True)
        ]
        if len(rows) >= BATCH:
            yield rows
            rows = []
    if rows:
        yield rows
