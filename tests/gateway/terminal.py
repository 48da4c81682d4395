"""A terminal for tests: signs in, sends, and knows what was answered."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from nongshi.gateway.server import Gateway
from nongshi.gateway.settings import GatewaySettings
from nongshi.gateway.store import PositionStore
from nongshi.tracks.device import Device
from nongshi.tracks.jt808 import FrameReader, PositionReport, Version, decode_frame, encode_frame
from nongshi.tracks.jt808.platform import PlatformReply, RegisterReply
from nongshi.tracks.jt808.terminal import Authentication, Register

KEY = b"test key"
NOW_S = 1_793_835_000.0  # 2026-11-05 07:30 in Shanghai
CHINA = timedelta(hours=8)
REGISTER = Register(44, 115, "NS001", "NS-1", "0000001", 1, "")


def report(seconds: float = 0.0, *, lon: float = 121.2, lat: float = 30.8, **more: Any) -> PositionReport:
    """A fix so many seconds before now, on a clock that runs in China."""
    at = datetime.fromtimestamp(NOW_S - seconds, UTC).replace(tzinfo=None) + CHINA
    return PositionReport.of(lat=lat, lon=lon, at=at, **more)


class Terminal:
    """One connection."""

    def __init__(self, port: int, phone: str, version: Version = Version.V2013) -> None:
        self.port, self.phone, self.version, self.serial = port, phone, version, 0
        self._reader = FrameReader()
        self.answers: list[Any] = []

    async def __aenter__(self) -> "Terminal":
        self._in, self._out = await asyncio.open_connection("127.0.0.1", self.port)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._out.close()
        with contextlib.suppress(OSError):
            await self._out.wait_closed()

    def frames(self, message: Any, **more: Any) -> list[bytes]:
        self.serial += 1
        found = encode_frame(message, phone=self.phone, serial=self.serial, version=self.version, **more)
        self.serial += len(found) - 1
        return found

    async def send(self, *messages: Any) -> None:
        await self.raw(b"".join(frame for message in messages for frame in self.frames(message)))

    async def raw(self, data: bytes) -> None:
        self._out.write(data)
        await self._out.drain()

    async def hear(self, count: int, timeout_s: float = 5.0) -> list[Any]:
        """The next bodies from the platform."""
        found: list[Any] = []
        async with asyncio.timeout(timeout_s):
            while len(found) < count:
                data = await self._in.read(65536)
                if not data:
                    raise ConnectionResetError("the platform closed")
                found += [decode_frame(payload).body for payload in self._reader.feed(data)]
        self.answers += found
        return found

    async def sign_in(self) -> None:
        await self.send(REGISTER)
        (reply,) = await self.hear(1)
        assert isinstance(reply, RegisterReply)
        assert reply.result == 0
        await self.send(Authentication(reply.token))
        (signed,) = await self.hear(1)
        assert isinstance(signed, PlatformReply)
        assert signed.result == 0

    async def closed(self, timeout_s: float = 5.0) -> bool:
        """Whether the platform closes."""
        async with asyncio.timeout(timeout_s):
            while True:
                try:
                    if not await self._in.read(65536):
                        return True
                except ConnectionResetError:
                    return True


@contextlib.asynccontextmanager
async def gateway(
    folder: Path,
    *ids: str,
    devices: tuple[Device, ...] = (),
    clock: Callable[[], float] = lambda: NOW_S,
    listeners: tuple[Any, ...] = (),
    people: dict[str, list[tuple[float, float]]] | None = None,
    **limits: Any,
) -> AsyncIterator[tuple[Gateway, int]]:
    """A gateway on a port of the system's choice."""
    store = PositionStore(folder / "store")
    served = Gateway(
        store,
        [*(Device(id=name) for name in ids), *devices],
        key=KEY,
        settings=GatewaySettings(**limits),
        listeners=listeners,
        people=people,
        clock=clock,
    )
    port = await served.start("127.0.0.1", 0)
    try:
        yield served, port
    finally:
        await served.stop()
        store.close()
