"""`nongshi bench live`: fixes a CPU-second of a live room with many devices and fences; generated."""

import json
import time
from collections import deque
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from nongshi.files.whole import write_whole
from nongshi.tracks.live import Fence, FenceKind, Kind, LiveFix, LiveRoom

STEP_S = 5.0
WEST, SOUTH, SIZE_DEG = 121.0, 30.7, 0.25  # the five-town belt
FENCE_DEG = 0.002  # about 200 m: a field
MOVE_DEG = 2e-5  # 2 m a step of 5 s, in the middle
LATE_SHARE, LATE_STEPS = 0.02, 3  # so many fixes come so many steps after their time


def bench_live(*, devices: int, fences: int, fixes: int, seed: int, out: Path) -> dict[str, Any]:
    """Feed a room with random walks, some fixes late; writes `live.json` into `out`."""
    rng = np.random.default_rng(seed)
    corners = rng.random((fences, 2)) * SIZE_DEG + (WEST, SOUTH)
    kinds = (FenceKind.FIELD, FenceKind.NO_GO)
    areas = [
        Fence(f"F{k}", shapely.box(x, y, x + FENCE_DEG, y + FENCE_DEG), kind=kinds[k % 10 == 0], dwell_s=600)
        for k, (x, y) in enumerate(corners.tolist())
    ]
    room, place = LiveRoom(areas), rng.random((devices, 2)) * SIZE_DEG + (WEST, SOUTH)
    heading = rng.random(devices) * 2 * np.pi
    batches: list[list[LiveFix]] = []
    held: deque[list[LiveFix]] = deque([] for _ in range(LATE_STEPS))
    for step in range(-(-fixes // devices)):
        heading += rng.normal(0, 0.3, devices)
        place += MOVE_DEG * rng.random(devices)[:, None] * np.column_stack([np.cos(heading), np.sin(heading)])
        late = rng.random(devices) < LATE_SHARE
        batch = [LiveFix(f"T{k}", step * STEP_S, x, y, 5.0) for k, (x, y) in enumerate(place.tolist())]
        batches.append([one for one, is_late in zip(batch, late, strict=True) if not is_late] + held.popleft())
        held.append([one for one, is_late in zip(batch, late, strict=True) if is_late])
    count = sum(len(batch) for batch in batches)
    began_s = time.process_time()
    told = [one for batch in batches for one in room.take(batch)]
    cpu_s = time.process_time() - began_s
    began_s = time.process_time()
    musters = [room.muster(fence.id, count * STEP_S) for fence in areas[:50]]
    muster_s = (time.process_time() - began_s) / max(1, len(musters))
    figures = {
        "format": "nongshi-bench-live/1",
        "devices": devices,
        "fences": fences,
        "fixes": count,
        "seed": seed,
        "late_share": LATE_SHARE,
        "fixes_s_cpu": count / cpu_s,
        "happenings": len(told),
        "taken_back": sum(one.retracted for one in told),
        "entered": sum(one.kind == Kind.ENTERED and not one.retracted for one in told),
        "musters_balanced": all(one.balanced for one in musters),
        "muster_ms": 1000 * muster_s,
    }
    out.mkdir(parents=True, exist_ok=True)
    write_whole(out / "live.json", json.dumps(figures, indent=1) + "\n")
    return figures
