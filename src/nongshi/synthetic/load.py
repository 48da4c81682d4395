"""Load: machine-hours that the jobs offer over machine-hours that crews can give.

Offered: every job's work at the mean rate of the machines that can do it, one loading, and a short road.
Given: for every day between the first open and the last close of the group's jobs, machines and operators
paired longest hours first within each licence. An operator counts for the first of his licences that is
valid that day and wanted in the region, and for machines without licence if he has none.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

from nongshi.core.region import Job, Machine, Operator, Region, Workday
from nongshi.core.times import days, local, seconds_between
from nongshi.synthetic.defaults import ROAD_MIN
from nongshi.synthetic.seasons import GROUP_OF_CLASS

Span = tuple[date, date]
Fleet = Sequence[tuple[str, str | None, Machine]]  # (class, licence, machine)


def load_reached(region: Region) -> dict[str, float]:
    """Load of each group that has jobs: H harvest, T tractors, P planting, U UAV."""
    hours = JobHours(region)
    group_of = hours.group_of_operation
    jobs: dict[str, list[Job]] = defaultdict(list)
    for job in region.jobs:
        jobs[group_of[job.operation]].append(job)
    capacity = Capacity(region)
    return {
        group: round(sum(map(hours.of, jobs[group])) / max(1e-9, capacity.hours(group, span_of(jobs[group]))), 4)
        for group in sorted(jobs)
    }


def span_of(jobs: Iterable[Job]) -> Span:
    """First and last day of the jobs' windows."""
    listed = list(jobs)
    return min(job.open for job in listed).date(), max(job.close for job in listed).date()


class JobHours:
    """Machine-hours that a job asks of the fleet that stands in a region."""

    def __init__(self, region: Region) -> None:
        count = Counter(machine.machine_class for machine in region.machines)
        rate_sum: dict[str, float] = defaultdict(float)
        load_min_sum: dict[str, float] = defaultdict(float)
        able: Counter[str] = Counter()
        self.group_of_operation: dict[str, str] = {}
        for rate in region.work_rates:
            n = count[rate.machine_class]
            able[rate.operation] += n
            rate_sum[rate.operation] += n * rate.rate_ha_h
            load_min_sum[rate.operation] += n * region.class_of[rate.machine_class].load_min
            self.group_of_operation[rate.operation] = GROUP_OF_CLASS[rate.machine_class]
        self.rate_ha_h = {operation: rate_sum[operation] / n for operation, n in able.items() if n}
        self.move_h = {operation: (load_min_sum[operation] / n + ROAD_MIN) / 60 for operation, n in able.items() if n}

    def of(self, job: Job) -> float:
        """Work, loading and road of one job, h."""
        return job.area_ha / self.rate_ha_h[job.operation] + self.move_h[job.operation]


class Capacity:
    """Crew-limited machine-hours of each group and day."""

    def __init__(self, region: Region) -> None:
        self.region = region
        self.days = days(region.start_date, region.horizon_days)
        open_hours = {(row.date, row.machine_class): row for row in region.workdays}
        licence_of = {c.id: c.licence for c in region.machine_classes}
        wanted = {licence for licence in licence_of.values() if licence}
        self.by_day: dict[tuple[str, date], float] = defaultdict(float)
        for day in self.days:
            people = _people_of_day(region.operators, day, wanted)
            machines: dict[tuple[str, str | None], list[float]] = defaultdict(list)
            for machine in region.machines:
                name = machine.machine_class
                row = open_hours.get((day, name), open_hours.get((day, "*")))
                machines[GROUP_OF_CLASS[name], licence_of[name]].append(_machine_h(region, machine, row))
            for (group, licence), machine_h in machines.items():
                pairs = zip(sorted(machine_h, reverse=True), people.get(licence, []), strict=False)
                self.by_day[group, day] += sum(min(pair) for pair in pairs)

    def hours(self, group: str, span: Span) -> float:
        """Hours that the group can give from the first to the last day of the span."""
        first, last = span
        return sum(self.by_day[group, day] for day in self.days if first <= day <= last)


def _people_of_day(operators: Iterable[Operator], day: date, wanted: set[str]) -> Mapping[str | None, list[float]]:
    people: dict[str | None, list[float]] = defaultdict(list)
    for operator in operators:
        if day not in operator.off_days:
            held = (name for name, last in operator.licences.items() if name in wanted and last >= day)
            people[next(held, None)].append(operator.hours_max)
    return {licence: sorted(hours, reverse=True) for licence, hours in people.items()}


def _machine_h(region: Region, machine: Machine, row: Workday | None) -> float:
    """Hours of the day that a machine is there and may work."""
    if row is None or row.start is None or row.end is None:
        return 0.0
    start: datetime = local(row.date, row.start, region.tz)
    end: datetime = local(row.date, row.end, region.tz)
    start = max(start, machine.available_from or start)
    end = min(end, machine.available_to or end)
    return max(timedelta(0).total_seconds(), seconds_between(start, end)) / 3600
