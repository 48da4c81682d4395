"""Local wall time at the edges, aware datetimes inside.

Python subtracts two datetimes of the same zone by their wall clocks, which is wrong over a change of
summer time; elapsed time therefore always goes through :func:`seconds_between`.
"""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def local(day: date, at: time, tz: ZoneInfo) -> datetime:
    """The aware moment of a wall time."""
    return datetime.combine(day, at, tzinfo=tz)


def midnight(day: date, tz: ZoneInfo) -> datetime:
    """The first moment of a local day."""
    return local(day, time(0), tz)


def seconds_between(earlier: datetime, later: datetime) -> float:
    """Elapsed seconds, true over changes of summer time.

    >>> berlin = ZoneInfo("Europe/Berlin")
    >>> before, after = (datetime(2026, 10, d, 12, tzinfo=berlin) for d in (24, 25))
    >>> seconds_between(before, after) / 3600
    25.0
    """
    return later.timestamp() - earlier.timestamp()


def after_seconds(origin: datetime, elapsed_s: float, tz: ZoneInfo) -> datetime:
    """The moment `elapsed_s` seconds after `origin`, to the nearest whole second."""
    return datetime.fromtimestamp(round(origin.timestamp() + elapsed_s), tz)


def wall(moment: datetime, *, seconds: bool = True) -> str:
    """Write a moment as the wall time of its own zone.

    >>> wall(datetime(2026, 11, 1, 7, 30, tzinfo=ZoneInfo("Asia/Shanghai")), seconds=False)
    '2026-11-01T07:30'
    """
    return moment.strftime("%Y-%m-%dT%H:%M:%S" if seconds else "%Y-%m-%dT%H:%M")


def days(start: date, count: int) -> list[date]:
    """`count` consecutive days from `start`."""
    return [start + timedelta(days=i) for i in range(count)]
