"""A track file driven again as real terminals: what a gateway sees in the field, for trying it out."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

from nongshi.core.errors import BadUsage
from nongshi.geo.track import YES, Track
from nongshi.tracks.device import CHINA_OFFSET_S
from nongshi.tracks.jt808 import FrameReader, PositionReport, decode_frame, encode_frame, standard_items
from nongshi.tracks.jt808.platform import PlatformReply, RegisterReply
from nongshi.tracks.jt808.terminal import Authentication, Register

ANSWER_S_MAX = 20.0
REGISTER = Register(44, 115, "NS001", "NS-1", "0000001", 1, "")
POSITION_ID = 0x0200


@dataclass(frozen=True, slots=True)
class Replayed:
    """What came of one terminal."""

    device_id: str
    sent: int
    answered: int
    refused: str = ""


def check_loopback(host: str) -> None:
    """Refuse to send generated traffic anywhere but to this machine.

    Raises:
        BadUsage: another host.
    """
    try:
        here = host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        here = False
    if not here:
        raise BadUsage(f"{host} is not this machine; a track is replayed to a gateway on 127.0.0.1 only")


def replay_tracks(
    tracks: Sequence[Track], host: str, port: int, *, speed: float, on_step: Callable[[int], None] | None = None
) -> list[Replayed]:
    """Send every track from a connection of its own, `speed` times as fast as it was driven; 0: as fast as it goes.

    Raises:
        BadUsage: the host is not this machine.
        OSError: nobody listens there.
    """
    check_loopback(host)
    return asyncio.run(_replay(tracks, host, port, speed, on_step))


async def _replay(
    tracks: Sequence[Track], host: str, port: int, speed: float, on_step: Callable[[int], None] | None
) -> list[Replayed]:
    first_s = min(float(track.time_s[0]) for track in tracks)
    began_s = time.monotonic()
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(_drive(track, host, port, speed, first_s, began_s, on_step)) for track in tracks]
    return [task.result() for task in tasks]


async def _drive(
    track: Track,
    host: str,
    port: int,
    speed: float,
    first_s: float,
    began_s: float,
    on_step: Callable[[int], None] | None,
) -> Replayed:
    if not track.device_id.isdigit() or len(track.device_id) > 20:
        return Replayed(track.device_id, 0, 0, "a terminal's number has digits only, at most 20")
    reader, writer = await asyncio.open_connection(host, port)
    terminal = _Line(reader, writer, track.device_id)
    try:
        refused = await terminal.sign_in()
        if refused:
            return Replayed(track.device_id, 0, 0, refused)
        for k in range(len(track)):
            if speed > 0:
                await asyncio.sleep(max(0.0, began_s + (track.time_s[k] - first_s) / speed - time.monotonic()))
            await terminal.send(report_of(track, k))
            if on_step is not None:
                on_step(1)
        answered = await terminal.answers(len(track))
        return Replayed(track.device_id, len(track), answered)
    finally:
        writer.close()


def report_of(track: Track, k: int) -> PositionReport:
    """The position report of a track's fix, on a clock that runs in China; the work switch as agricultural item."""
    at = datetime.fromtimestamp(float(track.time_s[k]), UTC).replace(tzinfo=None) + timedelta(seconds=CHINA_OFFSET_S)
    speed, course = float(track.speed_km_h[k]), float(track.course_deg[k])
    items = standard_items().write({"working": track.working[k] == YES}, vendor="agri") if track.working[k] >= 0 else {}
    return PositionReport.of(
        lat=round(float(track.lat[k]), 6),
        lon=round(float(track.lon[k]), 6),
        at=at,
        speed_km_h=0.0 if speed != speed else round(speed, 1),
        course_deg=0 if course != course else round(course) % 360,
        items=items,
    )


class _Line:
    """One connection that reads its answers as it goes, so that neither side's buffers fill."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, phone: str) -> None:
        self._reader, self._writer, self._phone = reader, writer, phone
        self._frames, self._serial, self._answered = FrameReader(), 0, 0

    async def sign_in(self) -> str:
        """Register and sign in; why not, or nothing."""
        await self.send(REGISTER)
        reply = await self._hear()
        if not isinstance(reply, RegisterReply) or reply.result:
            return "the gateway does not know the device; put it into --devices, or use --open"
        await self.send(Authentication(reply.token))
        signed = await self._hear()
        return "" if isinstance(signed, PlatformReply) and signed.result == 0 else "the token was not taken"

    async def send(self, message: object) -> None:
        self._serial = self._serial + 1 & 0xFFFF
        for frame in encode_frame(message, phone=self._phone, serial=self._serial):
            self._writer.write(frame)
        await self._writer.drain()

    async def answers(self, wanted: int) -> int:
        """How many positions were answered."""
        try:
            async with asyncio.timeout(ANSWER_S_MAX):
                while self._answered < wanted:
                    await self._hear()
        except (TimeoutError, ConnectionError):
            pass
        return self._answered

    async def _hear(self) -> object:
        while True:
            data = await self._reader.read(65_536)
            if not data:
                raise ConnectionResetError("the gateway closed the connection")
            bodies = [decode_frame(payload).body for payload in self._frames.feed(data)]
            self._answered += sum(isinstance(b, PlatformReply) and b.answered_id == POSITION_ID for b in bodies)
            if bodies:
                return bodies[-1]
