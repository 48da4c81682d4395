"""Running a gateway until it is told to stop."""

import asyncio
import gc
import os
import secrets
import signal
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from nongshi.core.errors import BadUsage
from nongshi.gateway.metrics import serve_metrics
from nongshi.gateway.server import Gateway
from nongshi.gateway.settings import GatewaySettings
from nongshi.gateway.store import PositionStore
from nongshi.gateway.watch import Watch
from nongshi.tracks.device import Carrier, Device
from nongshi.tracks.jt808 import ItemTable
from nongshi.tracks.live import Fence
from nongshi.tracks.privacy import Retention

KEY_FILE = "gateway.key"
KEY_BYTES = 32
ROLL_S = 3600.0
LOOK_S = 5.0
GC_THRESHOLDS = (100_000, 50, 50)


def run_gateway(
    folder: Path,
    devices: Iterable[Device],
    *,
    listen: tuple[str, int],
    metrics: tuple[str, int] | None = None,
    settings: GatewaySettings | None = None,
    items: ItemTable | None = None,
    fences: Sequence[Fence] = (),
    people: Mapping[str, Sequence[tuple[float, float]]] | None = None,
    rules: Retention | None = None,
    retain_days: int | None = None,
    on_ready: Callable[[int], None] | None = None,
) -> bool:
    """Serve until SIGTERM or SIGINT, then stop without loss; whether uvloop carried it."""
    store = PositionStore(folder)
    watch = Watch(folder, fences, lambda: {n: name for name, n in store.hot.device_ids.items()}) if fences else None
    if watch is not None:
        watch.catch_up(store.hot.rows_since)
    listeners = [watch.hear] if watch else []
    known = list(devices)
    gateway = Gateway(
        store, known, key=gateway_key(folder), settings=settings, items=items, listeners=listeners, people=people
    )
    carried = [device.id for device in known if device.carrier == Carrier.PERSON]

    stopping = threading.Event()  # a roll leaves off at once: a stop waits for nobody longer than 10 s

    def tidy(today: date) -> None:
        store.hot.drop_parts(gateway.clock() - gateway.settings.parts_age_s_max)
        store.roll(today, stopped=stopping.is_set)
        if stopping.is_set():
            return
        store.tidy_people(carried, today, rules or Retention())
        if retain_days is not None:
            store.retain(today - timedelta(days=retain_days))

    factory = loop_factory()
    gc.freeze()  # rows and answers make no circles: looking for some among them costs a tenth of the messages
    gc.set_threshold(*GC_THRESHOLDS)
    try:
        with asyncio.Runner(loop_factory=factory) as runner:
            runner.run(_serve(gateway, listen, metrics, watch, tidy, on_ready, stopping))
    finally:
        store.close()
    return factory is not None


async def _serve(
    gateway: Gateway,
    listen: tuple[str, int],
    metrics: tuple[str, int] | None,
    watch: Watch | None,
    tidy: Callable[[date], None],
    on_ready: Callable[[int], None] | None,
    stopping: threading.Event,
) -> None:
    stopped = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stopped.set)
    try:
        port = await gateway.start(*listen)
    except OSError as error:
        raise BadUsage(
            f"cannot listen on {listen[0]}:{listen[1]}: {error.strerror}; choose another --listen"
        ) from error
    watched = None if metrics is None else await serve_metrics(*metrics, gateway.metrics)
    tasks = [asyncio.create_task(_tidy(tidy))]
    if watch is not None:
        tasks.append(asyncio.create_task(_look(watch, gateway.clock)))
    if on_ready is not None:
        on_ready(port)
    await stopped.wait()
    stopping.set()
    for task in tasks:
        task.cancel()
    if watched is not None:
        watched.close()
    await gateway.stop()
    if watch is not None:
        watch.save()


async def _look(watch: Watch, clock: Callable[[], float]) -> None:
    """Once in a while: who fell silent, whose call for help waits; the room's place is kept."""
    while True:
        await asyncio.sleep(LOOK_S)
        watch.check(clock())
        await asyncio.to_thread(watch.save)


async def _tidy(tidy: Callable[[date], None]) -> None:
    """Once an hour: days that are no longer hot go into day files, people's are made coarse, too old ones go."""
    while True:
        await asyncio.to_thread(tidy, datetime.now(UTC).date())
        await asyncio.sleep(ROLL_S)


def loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """uvloop's event loop where it is installed; None: Python's own."""
    try:
        import uvloop  # twice the messages a second; the gateway works without it
    except ImportError:
        return None
    made: Callable[[], asyncio.AbstractEventLoop] = uvloop.new_event_loop
    return made


def gateway_key(folder: Path) -> bytes:
    """The key that tokens of terminals are made with: kept beside the positions, made at first use."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / KEY_FILE
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_bytes()
    with os.fdopen(handle, "wb") as file:
        key = secrets.token_bytes(KEY_BYTES)
        file.write(key)
        file.flush()
        os.fsync(file.fileno())
    return key
