"""`nongshi bench jt808`: how fast frames are read and written, and how a folder of published frames fares."""

import random
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from nongshi.bench.jt808_vectors import bench_vectors
from nongshi.tracks.jt808 import (
    FrameReader,
    PositionReport,
    Version,
    decode_frame,
    encode_frame,
    read_position,
    unescape,
)
from nongshi.tracks.jt808.batch import OK, decode_batch
from nongshi.tracks.jt808.terminal import LIVE, PositionBatch

ROUNDS = 7  # the best of so many: other work on the machine only ever makes a round slower
BATCH_REPORTS = 10


def bench_jt808(*, frames: int = 20_000, seed: int = 1, vectors: Path | None = None) -> dict[str, Any]:
    """Frames per CPU second: position reports with mileage, fuel and satellites; and the counts of `vectors`."""
    reports = some_reports(frames, seed)
    sent = [encode_frame(one, phone="13912345678", serial=k & 0xFFFF)[0] for k, one in enumerate(reports)]
    payloads = [unescape(frame[1:-1]) for frame in sent]
    stream = b"".join(sent)
    batches = batch_payloads(reports)
    rows, codes = decode_batch(stream)  # compiled, or loaded, before the clock runs
    if len(rows) != frames or (codes != OK).any():
        raise RuntimeError(f"the batch read {len(rows)} of {frames} frames")
    figures: dict[str, Any] = {
        "format": "nongshi-bench-jt808/1",
        "frames": frames,
        "bytes_a_frame": round(len(stream) / frames, 1),
        "decode_full_per_cpu_s": rate(frames, lambda: decode_full(payloads)),
        "decode_tuple_per_cpu_s": rate(frames, lambda: [read_position(payload) for payload in payloads]),
        "decode_named_items_per_cpu_s": rate(frames // 10, lambda: name_items(reports[: frames // 10])),
        "decode_0704_positions_per_cpu_s": rate(len(batches) * BATCH_REPORTS, lambda: decode_full_batches(batches)),
        "decode_batch_per_cpu_s": rate(frames * 10, lambda: decode_batch(stream * 10)),
        "split_stream_per_cpu_s": rate(frames, lambda: FrameReader().feed(stream)),
        "encode_per_cpu_s": rate(frames, lambda: encode_all(reports)),
    }
    if vectors is not None:
        figures["vectors"] = bench_vectors(vectors)
    return figures


def rate(count: int, work: Callable[[], object]) -> int:
    """Things per second of CPU time, best of ROUNDS."""
    taken_s = []
    for _ in range(ROUNDS):
        began_s = time.process_time()
        work()
        taken_s.append(time.process_time() - began_s)
    return round(count / max(min(taken_s), 1e-9))


def decode_full(payloads: list[bytes]) -> None:
    """Typed frame, time as a datetime, items as a dictionary."""
    for payload in payloads:
        report = decode_frame(payload).body
        _ = report.at_local
        _ = report.items


def decode_full_batches(payloads: list[bytes]) -> None:
    """The same for the positions of 0x0704."""
    for payload in payloads:
        for report in decode_frame(payload).body.reports:
            _ = report.at_local
            _ = report.items


def encode_all(reports: list[PositionReport]) -> None:
    """Frames of the reports, sent nowhere."""
    for serial, report in enumerate(reports):
        encode_frame(report, phone="13912345678", serial=serial & 0xFFFF)


def name_items(reports: list[PositionReport]) -> None:
    """All names and units that the item table knows."""
    from nongshi.tracks.jt808 import standard_items

    table = standard_items()
    for report in reports:
        table.values(report)


def some_reports(count: int, seed: int) -> list[PositionReport]:
    """Reports like those of a harvester at work, with mileage, fuel and satellites."""
    rng = random.Random(seed)
    began = datetime(2026, 11, 1, 7, 30)
    return [
        PositionReport.of(
            lat=30.8 + rng.random() / 10,
            lon=121.1 + rng.random() / 5,
            at=began + timedelta(seconds=k),
            altitude_m=rng.randrange(10),
            speed_km_h=rng.randrange(100) / 10,
            course_deg=rng.randrange(360),
            items={0x01: rng.randbytes(4), 0x02: rng.randbytes(2), 0x31: bytes((rng.randrange(4, 30),))},
        )
        for k in range(count)
    ]


def batch_payloads(reports: list[PositionReport]) -> list[bytes]:
    """0x0704 messages of ten positions each, raw."""
    groups = [reports[at : at + BATCH_REPORTS] for at in range(0, len(reports) - BATCH_REPORTS + 1, BATCH_REPORTS)]
    frames = [
        encode_frame(PositionBatch(LIVE, tuple(group)), phone="13912345678", serial=1, version=Version.V2013)[0]
        for group in groups
    ]
    return [unescape(frame[1:-1]) for frame in frames]
