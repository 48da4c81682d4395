"""Rubbish against the codec: nothing but BadFrame may come out, and memory stays bounded.

`nongshi bench fuzz` mutates sound frames at random; with the extra `fuzz` installed, atheris steers the mutations by
the branches that they reach: `python -m nongshi.bench.fuzz_jt808 -max_total_time=120`.
"""

import random
import sys
import time
from collections import Counter
from types import FunctionType
from typing import Any

from nongshi.bench.jt808 import some_reports
from nongshi.tracks.jt808 import (
    MESSAGES,
    BadFrame,
    FrameReader,
    Reassembler,
    Unknown,
    Version,
    check_byte,
    decode_body,
    decode_frame,
    encode_body,
    encode_frame,
    parse_items,
    read_position,
    standard_items,
)
from nongshi.tracks.jt808.batch import decode_batch
from nongshi.tracks.jt808.fast import read_plain
from nongshi.tracks.jt808.vendor import LockReport, passed_values

IDS = (*MESSAGES, 0x0210, 0x5502)
FRAME_BYTES_MAX = 2048


class Target:
    """What a gateway does with bytes of a connection, in one call; state lives on from call to call, as there."""

    def __init__(self) -> None:
        self.parts = Reassembler(wholes_max=8, bytes_max=1 << 16)
        self.counts: Counter[str] = Counter()

    def __call__(self, data: bytes) -> None:
        """Raises what should never be raised."""
        self.counts["inputs"] += 1
        self.stream(data)
        self.message(data)
        decode_batch(data)
        if data[:1] == b"p":
            self.table(data)

    def stream(self, data: bytes) -> None:
        """As a stream in two pieces."""
        reader = FrameReader(max_frame=FRAME_BYTES_MAX)
        cut = len(data) // 2
        for payload in reader.feed(data[:cut]) + reader.feed(data[cut:]):
            self.payload(payload)
            self.payload(payload + bytes((check_byte(payload),)))
        if reader.held_bytes > FRAME_BYTES_MAX or self.parts.held_bytes > 1 << 16:
            raise MemoryError("more is held than may be")

    def payload(self, payload: bytes) -> None:
        """As one raw frame."""
        try:
            frame = decode_frame(payload)
        except BadFrame as fault:
            self.counts[fault.kind] += 1
            return
        self.counts["frames"] += 1
        plain, position = read_plain(payload), read_position(payload)
        if plain is not None and plain != decode_frame(payload, strict=False):
            raise AssertionError("the fast decoder disagrees")
        if position is not None and plain is None:
            raise AssertionError("the bare tuple is of no plain report")
        self.read_all(frame.body)
        if isinstance(frame.body, Unknown) and frame.header.total > 1:
            whole = self.parts.add(frame.header, frame.body.body, float(self.counts["frames"]))
            self.parts.missing(frame.header)
            if whole is not None:
                self.body(frame.header.message_id, whole, Version.V2013)

    def message(self, data: bytes) -> None:
        """As a body: the first two bytes say of what, in which edition."""
        if len(data) >= 2:
            self.body(IDS[data[0] % len(IDS)], data[2:], list(Version)[data[1] % 3])

    def body(self, message_id: int, body: bytes, version: Version) -> None:
        """Read, and if that goes well written and read again: the same message."""
        try:
            message = decode_body(message_id, body, version)
        except BadFrame as fault:
            self.counts[fault.kind] += 1
            return
        self.counts["bodies"] += 1
        written = encode_body(message, version)
        again = decode_body(message_id, written, version)
        if again != message and encode_body(again, version) != written:
            raise AssertionError(f"{message} came back as {again}")
        self.read_all(message)

    def read_all(self, message: Any) -> None:
        """All that can be asked of a message."""
        for report in (message, *getattr(message, "reports", ()), getattr(message, "report", None)):
            if hasattr(report, "extra") and hasattr(report, "clock"):
                standard_items().values(report, "aovx")
                _ = (report.items, report.mileage_km, report.fuel_l, report.satellites)
                self.quiet(lambda report=report: report.moment(0))
        if isinstance(message, LockReport):
            self.quiet(message.values)
            self.quiet(lambda: message.at_utc)
        if hasattr(message, "kind") and hasattr(message, "content"):
            standard_items().passed_through(message.kind, message.content)
            self.quiet(lambda: passed_values(message.kind, message.content))

    def quiet(self, asked: Any) -> None:
        """A question that BadFrame may answer."""
        try:
            asked()
        except BadFrame as fault:
            self.counts[fault.kind] += 1

    def table(self, data: bytes) -> None:
        """As the text of an item table, which only BadInput may refuse."""
        from nongshi.core.errors import BadInput

        try:
            parse_items(data.decode("latin-1"))
        except BadInput:
            self.counts["table"] += 1


def bench_fuzz(*, seconds: float, seed: int = 1) -> dict[str, Any]:
    """Mutated frames for so many seconds of CPU time; counts by what came of them.

    Raises:
        Exception: whatever the codec should not have raised, with the input as a note.
    """
    rng, target, seeds = random.Random(seed), Target(), sound_frames(seed)
    until_s = time.process_time() + seconds
    data = b""
    try:
        while time.process_time() < until_s:
            for _ in range(50):
                data = mutated(rng, seeds)
                target(data)
    except Exception as fault:
        fault.add_note(f"input: {data.hex()}")
        raise
    return {"format": "nongshi-bench-fuzz/1", "cpu_s": seconds, "seed": seed, **dict(sorted(target.counts.items()))}


def sound_frames(seed: int) -> list[bytes]:
    """Something to begin with: frames of every message id, and reports with items."""
    rng = random.Random(seed)
    found = [encode_frame(one, phone="139", serial=1)[0] for one in some_reports(20, seed)]
    for message_id in IDS:
        for version in (Version.V2013, Version.V2019):
            body = Unknown(message_id, rng.randbytes(rng.randrange(120)))
            serial = rng.randrange(256)
            found += encode_frame(body, phone="139", serial=serial, version=version)
            if message_id not in (0x5501, 0x5502):
                found += encode_frame(body, phone="139", serial=serial, version=version, max_body=40)
    return found


def mutated(rng: random.Random, seeds: list[bytes]) -> bytes:
    """One or several frames with bytes flipped, cut, doubled or put in."""
    data = bytearray(b"".join(rng.choice(seeds) for _ in range(rng.randint(1, 3))))
    for _ in range(rng.choice((0, 1, 1, 2, 5, 20))):
        at, way = rng.randrange(len(data) + 1), rng.randrange(4)
        if way == 0 and at < len(data):
            data[at] = rng.choice((0, 1, 2, 0x7D, 0x7E, 0xFF, rng.randrange(256)))
        elif way == 1:
            del data[at : at + rng.randrange(1, 30)]
        elif way == 2:
            data[at:at] = rng.randbytes(rng.randrange(1, 30))
        else:
            data[at:at] = data[at : at + rng.randrange(1, 60)]
    return bytes(data)


def main() -> None:
    """Steered by atheris; options are libFuzzer's."""
    import atheris

    target = Target()
    for module in [one for name, one in sys.modules.items() if name.startswith("nongshi.tracks.jt808")]:
        for owner in [module, *(one for one in vars(module).values() if isinstance(one, type))]:
            for name, one in list(vars(owner).items()):
                if isinstance(one, FunctionType) and one.__module__.startswith("nongshi.tracks.jt808"):
                    setattr(owner, name, atheris.instrument_func(one))
    atheris.Setup(sys.argv, target)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
