import asyncio
from collections.abc import AsyncIterator

from nongshi.site.base import sse
from nongshi.site.base.sse import Sent, event_stream


async def two() -> AsyncIterator[Sent]:
    yield Sent("moved", {"m": "甲"}, id="1")
    yield Sent("ended")


async def silent() -> AsyncIterator[Sent]:
    await asyncio.sleep(3600)
    yield Sent("never")


def read(events: AsyncIterator[Sent], lines: int) -> list[str]:
    async def collect() -> list[str]:
        found = []
        async for part in event_stream(events).streaming_content:
            found.append(part.decode())
            if len(found) == lines:
                break
        return found

    return asyncio.run(collect())


def test_events_go_out_one_by_one_and_the_stream_ends_with_them() -> None:
    assert read(two(), 9) == [
        "retry: 2000\n\n",
        'id: 1\nevent: moved\ndata: {"m": "甲"}\n\n',
        "event: ended\ndata: null\n\n",
    ]


def test_a_quiet_line_is_kept_open(monkeypatch: object) -> None:
    sse.BEAT_S, kept = 0.01, sse.BEAT_S
    try:
        assert read(silent(), 3)[1:] == [": still here\n\n", ": still here\n\n"]
    finally:
        sse.BEAT_S = kept


def test_nobody_packs_or_keeps_a_stream() -> None:
    headers = event_stream(two()).headers
    assert headers["Content-Encoding"] == "identity"
    assert headers["Cache-Control"] == "no-cache"
