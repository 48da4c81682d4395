"""What really happens in a season: drawn from a seed, each kind from its own stream, and equal for every policy."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import numpy as np

from nongshi.core.errors import BadInput
from nongshi.core.region import Region, Workday
from nongshi.core.times import days, seconds_between
from nongshi.core.units import SECONDS_PER_DAY
from nongshi.dispatch.problem import Floats, Ints
from nongshi.simulate.hazards import Hazards

SHIFT_D_MAX = 7  # a season begins so many days before or after its own day of the weather's year (assumption)
WET_PLANTERS = ("transplant",)  # machines that only do this work through light rain
WEATHER, BREAKDOWNS, NO_SHOWS, CALLS, RATES, FORECASTS = range(6)  # streams

Rain = Mapping[date, float]  # mm a day


@dataclass(frozen=True, slots=True)
class Truth:
    """All that happens; d days, m machines, o operators, j jobs of the season's region."""

    rain_mm: Floats  # (d,)
    dry: tuple[tuple[bool, ...], ...]  # morning -> day -> is it dry, as far as that morning knows
    breaks_s: Floats  # (m, d) seconds after the season's first midnight; inf: it does not break down
    repaired_s: Floats  # (m, d)
    absent: np.ndarray  # (o, d) bool
    called_d: Ints  # (j,) first morning that knows of the job
    slowness: Floats  # (j,) work time over its mean


def draw_truth(region: Region, seed: int, hazards: Hazards, rain: Rain | None = None) -> Truth:
    """Draw a season.

    Args:
        region: whose jobs, machines and operators things happen to.
        seed: the same seed gives the same season; one kind of event does not move another.
        hazards: how often.
        rain: measured mm by day; a year of it is taken by the seed. None: it rains where the region's work hours say.

    Raises:
        BadInput: no year of the weather covers the season.
    """
    count = region.horizon_days
    rngs = [np.random.default_rng([seed, stream]) for stream in range(6)]
    fallen = _own_rain(region, hazards) if rain is None else _year_of(region, rngs[WEATHER], rain)
    day_s = np.arange(count) * SECONDS_PER_DAY
    machines, operators = len(region.machines), len(region.operators)
    draw = rngs[BREAKDOWNS].random((3, machines, count))
    breaks_s = np.where(draw[0] < hazards.breakdown_share, day_s + (6.0 + 12.0 * draw[1]) * 3600.0, np.inf)
    least, most = hazards.repair_h
    return Truth(
        rain_mm=fallen,
        dry=_forecasts(fallen < hazards.rain_stops_mm, rngs[FORECASTS], hazards),
        breaks_s=breaks_s,
        repaired_s=breaks_s + (least + (most - least) * draw[2]) * 3600.0,
        absent=rngs[NO_SHOWS].random((operators, count)) < hazards.no_show_share,
        called_d=_calls(region, rngs[CALLS], hazards),
        slowness=_slowness(rngs[RATES], len(region.jobs), hazards),
    )


def work_hours(region: Region, truth: Truth, hazards: Hazards, morning: int) -> tuple[Workday, ...]:
    """Work hours of every class and day from a morning on: today's as they are, later ones as forecast."""
    rows = []
    for d, day in enumerate(days(region.start_date, region.horizon_days)):
        if d < morning:
            continue
        for name, hours in usual_hours(region).items():
            known_mm = float(truth.rain_mm[d]) if d == morning else 0.0 if truth.dry[morning][d] else np.inf
            stops = hazards.heavy_rain_mm if _works_wet(region, name) else hazards.rain_stops_mm
            start, end = (None, None) if hours is None or known_mm >= stops else hours
            sodden = d > 0 and d <= morning + 1 and truth.rain_mm[d - 1] >= hazards.heavy_rain_mm
            if start is not None and end is not None and sodden and not _works_wet(region, name):
                start = min(end, _later(start, hazards.sodden_h))
            rows.append(Workday(date=day, machine_class=name, start=start, end=end))
    return tuple(rows)


def usual_hours(region: Region) -> dict[str, tuple[time, time] | None]:
    """The work hours that a class has on most of its workable days, and `*`."""
    found: dict[str, Counter[tuple[time, time]]] = {"*": Counter()}
    for row in region.workdays:
        mine = found.setdefault(row.machine_class, Counter())
        if row.start is not None and row.end is not None:
            mine[row.start, row.end] += 1
    return {
        name: min(n for n in seen if seen[n] == max(seen.values())) if seen else None for name, seen in found.items()
    }


def _works_wet(region: Region, machine_class: str) -> bool:
    operations = {rate.operation for rate in region.work_rates if rate.machine_class == machine_class}
    return bool(operations) and operations <= set(WET_PLANTERS)


def _later(start: time, hours: float) -> time:
    moment = datetime.combine(date.min, start) + timedelta(hours=hours)
    return moment.time() if moment.date() == date.min else time(23, 59)


def _own_rain(region: Region, hazards: Hazards) -> Floats:
    """Where no class works, it rains as much as stops them."""
    works = {row.date for row in region.workdays if row.start is not None}
    wet_mm = hazards.rain_stops_mm if np.isfinite(hazards.rain_stops_mm) else 0.0
    return np.array([0.0 if day in works else wet_mm for day in days(region.start_date, region.horizon_days)], float)


def _year_of(region: Region, rng: np.random.Generator, rain: Rain) -> Floats:
    """The season's days in one of the weather's years, moved by up to a week."""
    shift = timedelta(days=int(rng.integers(-SHIFT_D_MAX, SHIFT_D_MAX + 1)))
    starts = []
    for year in sorted({day.year for day in rain}):
        start = _same_day(region.start_date, year) + shift
        if all(day in rain for day in days(start, region.horizon_days)):
            starts.append(start)
    if not starts:
        first, last = min(rain, default=None), max(rain, default=None)
        raise BadInput(
            f"weather: no year from {first} to {last} covers {region.horizon_days} days around "
            f"{region.start_date:%d %B}; give a file that does"
        )
    start = starts[int(rng.integers(len(starts)))]
    return np.array([rain[day] for day in days(start, region.horizon_days)], float)


def _same_day(day: date, year: int) -> date:
    return day.replace(year=year) if (day.month, day.day) != (2, 29) else date(year, 3, 1)


def _forecasts(dry: np.ndarray, rng: np.random.Generator, hazards: Hazards) -> tuple[tuple[bool, ...], ...]:
    """For every morning what it expects of each day; the past and today as they are."""
    count, mornings = len(dry), []
    right = rng.random((count, len(hazards.forecast_right))) < np.array(hazards.forecast_right)
    for morning in range(count):
        expected = [True] * count
        expected[: morning + 1] = [bool(x) for x in dry[: morning + 1]]
        for ahead in range(min(len(hazards.forecast_right), count - morning - 1)):
            truth = bool(dry[morning + 1 + ahead])
            expected[morning + 1 + ahead] = truth if right[morning, ahead] else not truth
        mornings.append(tuple(expected))
    return tuple(mornings)


def _calls(region: Region, rng: np.random.Generator, hazards: Hazards) -> Ints:
    """The first morning that knows of each job: the first of all, or for late ones some day between open and due.

    Nobody knows of a job before the one that it follows.
    """
    origin = datetime.combine(region.start_date, time(0), tzinfo=region.tz)
    late, where = rng.random((2, len(region.jobs)))
    called = {}
    for job, is_late, share in zip(region.jobs, late < hazards.late_call_share, where, strict=True):
        opens, due = (seconds_between(origin, moment) / SECONDS_PER_DAY for moment in (job.open, job.due))
        called[job.id] = max(0, int(opens + share * max(0.0, due - opens))) if is_late else 0
    for _ in range(len(region.jobs)):  # as often as the longest chain is long
        behind = {j.id: called[j.after_job_id] for j in region.jobs if j.after_job_id in called}
        moved = {job_id: d for job_id, d in behind.items() if d is not None and d > called[job_id]}
        if not moved:
            break
        called |= moved
    return np.array([called[job.id] for job in region.jobs], np.int64)


def _slowness(rng: np.random.Generator, count: int, hazards: Hazards) -> Floats:
    """Work times over their mean: lognormal with mean 1."""
    spread = hazards.rate_spread
    return np.asarray(np.exp(spread * rng.standard_normal(count) - spread * spread / 2.0))
