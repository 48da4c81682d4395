"""Whatever bytes come: a session raises nothing, holds little, and says nothing that is no frame."""

import random

from hypothesis import given
from hypothesis import strategies as st
from tests.gateway.terminal import NOW_S, REGISTER, report

from nongshi.gateway.allowance import Allowance
from nongshi.gateway.committer import Batch
from nongshi.gateway.session import Session
from nongshi.gateway.settings import GatewaySettings
from nongshi.tracks.device import Device
from nongshi.tracks.jt808 import FrameReader, Reassembler, decode_frame, encode_frame
from nongshi.tracks.jt808.terminal import Authentication, Heartbeat, PositionBatch


class Hub:
    """A gateway without sockets and without a store."""

    def __init__(self) -> None:
        self.settings, self.batch, self.counts = GatewaySettings(), Batch(), dict[str, int]()
        self._parts = Reassembler()

    def find_device(self, phone: str) -> Device | None:
        return Device(id=phone)

    def token_of(self, device: Device) -> str:
        return "token"

    def number_of(self, device: Device) -> int:
        return 1

    def join_part(self, header, body, now_s):  # type: ignore[no-untyped-def]
        key = (header.phone, header.message_id, header.serial, header.total)
        return self._parts.add(header, body, now_s), key, []

    def tool_of(self, device: Device, report: object) -> bool | None:
        return None

    def may_keep(self, device: Device, time_s: float) -> bool:
        return True

    def count(self, kind: str, number: int = 1) -> None:
        self.counts[kind] = self.counts.get(kind, 0) + number

    def allowance_of(self, device: Device) -> Allowance:
        return Allowance(float(self.settings.fixes_burst), NOW_S)

    def answered(self, device: Device, serial: int) -> None:
        return None


GOOD = [
    frame
    for message in (REGISTER, Authentication("token"), Heartbeat(), report(5), PositionBatch(1, (report(9), report(8))))
    for frame in encode_frame(message, phone="13900000001", serial=7)
] + encode_frame(PositionBatch(1, tuple(report(k) for k in range(30))), phone="13900000001", serial=9, max_body=200)
PIECES = st.one_of(st.binary(max_size=200), st.sampled_from(GOOD), st.integers(0, 10**9))


@given(pieces=st.lists(PIECES, max_size=30))
def test_bytes_of_any_kind_are_read_or_refused(pieces: list[bytes | int]) -> None:
    hub, out = Hub(), list[bytes]()
    session = Session(hub, out.append, NOW_S)
    for piece in pieces:
        session.feed(_mangled(piece) if isinstance(piece, int) else piece, NOW_S)
    for answer in hub.batch.answers:
        out.append(session.frame_of(answer))
    reader = FrameReader()
    for frame in out:
        (payload,) = reader.feed(frame)
        decode_frame(payload)
    assert all(-1_800_000_000 <= row[2] <= 1_800_000_000 for row in hub.batch.rows)


def _mangled(seed: int) -> bytes:
    """A good frame with some of its bytes changed, cut or doubled."""
    draw = random.Random(seed)
    frame = bytearray(draw.choice(GOOD))
    for _ in range(draw.randint(1, 4)):
        frame[draw.randrange(len(frame))] = draw.randrange(256)
    cut = draw.randrange(len(frame))
    return bytes(frame[cut:] if draw.random() < 0.2 else frame)
