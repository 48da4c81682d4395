"""Numbers of a running gateway as Prometheus text, over a small HTTP answer of its own."""

import asyncio
from collections.abc import Callable, Mapping

GAUGES = frozenset({"connections", "signed_in", "fixes_waiting", "parts_held_bytes", "store_failing"})
REQUEST_S_MAX = 5.0
REQUEST_BYTES_MAX = 8192


def metrics_text(numbers: Mapping[str, float]) -> str:
    """Prometheus text format 0.0.4, sorted.

    >>> print(metrics_text({"connections": 2, "messages": 5.0}), end="")
    # TYPE nongshi_gateway_connections gauge
    nongshi_gateway_connections 2
    # TYPE nongshi_gateway_messages_total counter
    nongshi_gateway_messages_total 5
    """
    lines = []
    for name, value in sorted(numbers.items()):
        gauge = name in GAUGES
        full = f"nongshi_gateway_{name}" + ("" if gauge else "_total")
        lines += [f"# TYPE {full} {'gauge' if gauge else 'counter'}", f"{full} {value:.15g}"]
    return "\n".join(lines) + "\n"


async def serve_metrics(host: str, port: int, numbers: Callable[[], Mapping[str, float]]) -> asyncio.Server:
    """Answer every request for /metrics with the numbers of that moment, and /health with ok."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(REQUEST_S_MAX):
                line = (await reader.readuntil(b"\n")).decode("ascii", "replace").split()
                path = line[1] if len(line) > 1 else ""
                body, status = _page(path, numbers)
                head = f"HTTP/1.1 {status}\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\n"
                head += f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
                writer.write(head.encode() + body)
                await writer.drain()
        except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError):
            pass
        finally:
            writer.close()

    return await asyncio.start_server(answer, host, port, limit=REQUEST_BYTES_MAX)


def _page(path: str, numbers: Callable[[], Mapping[str, float]]) -> tuple[bytes, str]:
    if path.startswith("/metrics"):
        return metrics_text(numbers()).encode(), "200 OK"
    if path == "/health":
        failing = bool(numbers().get("store_failing"))
        return (b"store failing\n", "503 Service Unavailable") if failing else (b"ok\n", "200 OK")
    return b"look at /metrics\n", "404 Not Found"
