"""How a season goes, in numbers: from facts of jobs to progress, lateness, shortage and days. Pure counting.

Late is what is done, planned or still open after its due day. What lateness costs follows the job's loss curve at the
end of its work, for work without a place at the moment that is asked for.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from nongshi.core.region import LossCurve

DAY_S = 86_400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class JobFacts:
    """What is counted of one job."""

    job_id: int
    ref: str
    town: str
    operation: str
    area_ha: float
    value_fen: int
    open: datetime
    due: datetime
    curve: LossCurve
    ends: datetime | None = None  # of the work, real or planned; None: no place
    starts: datetime | None = None
    done: bool = False
    working: bool = False
    reason: str = ""  # why the plan in force leaves it out
    grower_id: int | None = None
    lonlat: tuple[float, float] | None = None

    def late_d(self, now: datetime) -> float:
        """Days after due at which the work ends, for work without a place: so far."""
        return max(0.0, ((self.ends or now) - self.due).total_seconds() / DAY_S)

    def lost_fen(self, now: datetime) -> float:
        """What lateness costs."""
        return self.curve.share(self.late_d(now)) * self.value_fen


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Sums of some jobs."""

    jobs: int = 0
    area_ha: float = 0.0
    done_ha: float = 0.0
    working_ha: float = 0.0
    planned_ha: float = 0.0
    open_ha: float = 0.0  # without a place
    late_jobs: int = 0
    late_ha: float = 0.0
    lost_fen: float = 0.0
    wait_d: float = 0.0  # mean days from earliest start to start, of those with a place
    growers: int = 0

    @property
    def done_share(self) -> float:
        """0..1 of the area."""
        return self.done_ha / self.area_ha if self.area_ha else 0.0

    def percent(self, part: float) -> float:
        """A part of the area, 0..100."""
        return round(100.0 * part / self.area_ha, 1) if self.area_ha else 0.0

    @property
    def shares(self) -> tuple[float, float, float]:
        """Done, in work and planned, 0..100, for a bar."""
        return self.percent(self.done_ha), self.percent(self.working_ha), self.percent(self.planned_ha)

    @property
    def before_planned(self) -> float:
        """Where the planned part of a bar begins, 0..100."""
        return self.percent(self.done_ha + self.working_ha)


@dataclass(frozen=True, slots=True)
class Day:
    """One day: hectares that fall due, that the plan ends, that are done, each summed up to its end."""

    day: date
    due_ha: float
    planned_ha: float
    done_ha: float


@dataclass(frozen=True, slots=True)
class Short:
    """Jobs that the plan in force leaves out for one reason."""

    reason: str
    jobs: int
    area_ha: float
    value_fen: int


def progress(facts: Iterable[JobFacts], now: datetime) -> Progress:
    """Sums of these jobs at a moment."""
    found = list(facts)
    late = [one for one in found if one.late_d(now) > 0]
    waits = [max(0.0, (one.starts - one.open).total_seconds() / DAY_S) for one in found if one.starts is not None]
    return Progress(
        jobs=len(found),
        area_ha=sum(one.area_ha for one in found),
        done_ha=sum(one.area_ha for one in found if one.done),
        working_ha=sum(one.area_ha for one in found if one.working),
        planned_ha=sum(one.area_ha for one in found if _planned(one)),
        open_ha=sum(one.area_ha for one in found if not one.done and not one.working and one.ends is None),
        late_jobs=len(late),
        late_ha=sum(one.area_ha for one in late),
        lost_fen=sum(one.lost_fen(now) for one in late),
        wait_d=sum(waits) / len(waits) if waits else 0.0,
        growers=len({one.grower_id for one in found if one.grower_id is not None}),
    )


def progress_by(facts: Iterable[JobFacts], key: Callable[[JobFacts], Any], now: datetime) -> list[tuple[Any, Progress]]:
    """Sums by town, operation or both, in order of their names."""
    groups: dict[Any, list[JobFacts]] = defaultdict(list)
    for one in facts:
        groups[key(one)].append(one)
    return [(name, progress(groups[name], now)) for name in sorted(groups)]


def by_day(facts: Sequence[JobFacts], days: Sequence[date], day_of: Callable[[datetime], date]) -> list[Day]:
    """Due, planned and done hectares up to the end of each day; `day_of` knows the place's clock."""
    due, planned, done = (defaultdict[date, float](float) for _ in range(3))
    for one in facts:
        due[day_of(one.due - timedelta(seconds=1))] += one.area_ha
        if one.ends is not None:
            (done if one.done else planned)[day_of(one.ends)] += one.area_ha

    def until(sums: dict[date, float], day: date) -> float:
        return sum(area for at, area in sums.items() if at <= day)

    return [Day(day, until(due, day), until(planned, day) + until(done, day), until(done, day)) for day in days]


def shortage(facts: Iterable[JobFacts]) -> list[Short]:
    """What the plan in force leaves out, most hectares first."""
    groups: dict[str, list[JobFacts]] = defaultdict(list)
    for one in facts:
        if one.ends is None and not one.done and not one.working and one.reason:
            groups[one.reason].append(one)
    found = [
        Short(reason, len(jobs), sum(j.area_ha for j in jobs), sum(j.value_fen for j in jobs))
        for reason, jobs in groups.items()
    ]
    return sorted(found, key=lambda one: -one.area_ha)


def exceptions(facts: Iterable[JobFacts], now: datetime, count: int = 12) -> list[JobFacts]:
    """The jobs that cost most by being late or without a place, worst first."""
    wrong = [one for one in facts if one.late_d(now) > 0 or (one.ends is None and one.reason and not one.done)]
    return sorted(wrong, key=lambda one: (-one.lost_fen(now), one.due, one.ref))[:count]


def _planned(one: JobFacts) -> bool:
    return one.ends is not None and not one.done and not one.working
