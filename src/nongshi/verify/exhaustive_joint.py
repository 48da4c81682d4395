"""The true optimum where machines wait for each other or for dryers: all routes of all machines at once.

Why this is exact, besides what :mod:`exhaustive` says of rosters, parts and clocks:

- *Order and days are all.* For one roster and one set of orders, times follow from the earliest-start rule, from the
  ends of the jobs before, and from the day before which a wet part must not end. Times only grow with any of them, so
  the least fixed point of the rules is the earliest schedule, and no later one is worth more.
- *Which parts to put off.* Where too much grain waits on a day in the earliest schedule, any schedule that keeps the
  dryers' rule has less of it by that day. Ends are no earlier there, so at least one of the parts that end by that day
  ends on a later one. Each of them is put off by a day in turn, from its end in the schedule at hand.
- A part put off to a day is counted with an end at the day's first usable moment. That is the least upper bound of
  what a plan can be worth, which must end a moment later.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from nongshi.core.plan import Crew
from nongshi.core.region import Job, Region
from nongshi.core.times import days, midnight
from nongshi.verify.rosters import DayCrews, Shift, list_rosters
from nongshi.verify.rules import HOUR_S, NOISE_S, Clock, dryer_nights, loss_share, make_clock, part_count, road_km

Order = tuple[int, ...]
Orders = tuple[Order, ...]
Key = tuple[int, int]  # machine and place in its order


@dataclass(frozen=True, slots=True)
class Joint:
    """The best found: worth, orders of jobs by machine, and the roster."""

    objective_fen: float
    orders: Orders
    crews: tuple[Crew, ...]


@dataclass(frozen=True, slots=True)
class _End:
    """When a stop ends, and what getting there cost."""

    start: float
    end: float
    km: float


def best_joint(region: Region, *, prune: bool) -> Joint:
    """The optimum of a tiny region with jobs in order or dryers; the empty plan is worth 0."""
    search = _Search(region)
    for roster in list_rosters(region, prune=prune):
        search.look(roster)
    return search.best


class _Search:
    """All rosters, one after the other; the best so far cuts off what cannot be better."""

    def __init__(self, region: Region) -> None:
        self.region, self.jobs = region, region.jobs
        self.counts = tuple(part_count(job) for job in region.jobs)
        number = {job.id: j for j, job in enumerate(region.jobs)}
        self.before = [None if job.after_job_id is None else number[job.after_job_id] for job in region.jobs]
        self.all_orders = [orders for orders in self._list_orders() if self._is_whole(orders)]
        self.best = Joint(0.0, (), ())
        self.clocks: dict[tuple[Shift, ...], Clock] = {}

    def look(self, roster: tuple[DayCrews, ...]) -> None:
        """Every set of orders under one roster."""
        clocks = []
        for m in range(len(self.region.machines)):
            shifts = tuple(day.shifts[m] for day in roster)
            if shifts not in self.clocks:
                self.clocks[shifts] = make_clock(shift for shift in shifts if shift is not None)
            clocks.append(self.clocks[shifts])
        for orders in self.all_orders:
            if self._most(orders) <= self.best.objective_fen:
                continue
            if any(order and not clock.starts for order, clock in zip(orders, clocks, strict=True)):
                continue
            value = self._worth(orders, clocks, {}, set())
            if value is not None and value > self.best.objective_fen:
                self.best = Joint(value, orders, tuple(crew for day in roster for crew in day.crews))

    def _list_orders(self) -> Iterator[Orders]:
        """Every way to put parts onto the machines in some order, machine after machine."""

        def extend(m: int, left: tuple[int, ...], orders: Orders, order: Order) -> Iterator[Orders]:
            if m == len(self.region.machines):
                yield orders
                return
            yield from extend(m + 1, left, (*orders, order), ())
            kind = self.region.machines[m].machine_class
            for j, count in enumerate(left):
                if count and (kind, self.jobs[j].operation) in self.region.rate_ha_h:
                    yield from extend(m, (*left[:j], count - 1, *left[j + 1 :]), orders, (*order, j))

        yield from extend(0, self.counts, (), ())

    def _is_whole(self, orders: Orders) -> bool:
        """Jobs in all their parts or none, and none without the one that it follows."""
        served = [sum(order.count(j) for order in orders) for j in range(len(self.jobs))]
        if any(s not in (0, n) for s, n in zip(served, self.counts, strict=True)):
            return False
        return all(b is None or not served[j] or served[b] for j, b in enumerate(self.before))

    def _most(self, orders: Orders) -> float:
        """No schedule of these orders is worth more."""
        return sum(self.jobs[j].value_fen / self.counts[j] for order in orders for j in order)

    def _worth(
        self, orders: Orders, clocks: list[Clock], least_day: dict[Key, date], seen: set[frozenset[tuple[Key, date]]]
    ) -> float | None:
        """The best worth with parts put off at least as told; None: not possible, or no better than the best."""
        state = frozenset(least_day.items())
        if state in seen:
            return None
        seen.add(state)
        ends = self._time(orders, clocks, least_day)
        if ends is None:
            return None
        value = self._value(orders, ends)
        if value <= self.best.objective_fen:
            return None
        over = self._day_over(orders, ends, least_day)
        if over is None:
            return value
        found: list[float] = []
        for key in ends:
            day = self._day(key, ends, least_day)
            if self._wet_t(orders, key) > 0 and day <= over:
                worth = self._worth(orders, clocks, {**least_day, key: day + timedelta(days=1)}, seen)
                found += [] if worth is None else [worth]
        return max(found, default=None)

    def _time(self, orders: Orders, clocks: list[Clock], least_day: Mapping[Key, date]) -> dict[Key, _End] | None:
        """The earliest schedule; None: a window is missed, or jobs wait for each other in a circle."""
        ended: dict[int, float] = {}
        for _ in range(2 + sum(map(len, orders))):
            ends: dict[Key, _End] = {}
            for m, order in enumerate(orders):
                if not self._time_route(m, order, clocks[m], ended, least_day, ends):
                    return None
            now = {j: max(ends[k].end for k in ends if orders[k[0]][k[1]] == j) for order in orders for j in order}
            if now == ended:
                return ends
            ended = now
        return None

    def _time_route(
        self,
        m: int,
        order: Order,
        clock: Clock,
        ended: Mapping[int, float],
        least_day: Mapping[Key, date],
        ends: dict[Key, _End],
    ) -> bool:
        region, machine = self.region, self.region.machines[m]
        machine_class, used_s, field = region.class_of[machine.machine_class], 0.0, None
        for k, j in enumerate(order):
            job = self.jobs[j]
            there, km, move_s = region.field_of[job.field_id], 0.0, 0.0
            if field is None or field.id != there.id:
                here = (machine.yard_lon, machine.yard_lat) if field is None else (field.gate_lon, field.gate_lat)
                km = road_km(region, here, (there.gate_lon, there.gate_lat))
                move_s = km / machine_class.road_km_h * HOUR_S + machine_class.load_min * 60
            work_s = job.area_ha / self.counts[j] / region.rate_ha_h[machine_class.id, job.operation] * HOUR_S
            before, ready = self.before[j], midnight(region.start_date, region.tz).timestamp()
            if before is not None:
                ready = max(ready, ended.get(before, ready) + job.after_h * HOUR_S)
            opens = max(job.open.timestamp(), ready)
            start_s = max(used_s + move_s, clock.used_s(opens))
            end = self._end(clock, start_s + work_s, least_day.get((m, k)))
            if end is None or end[1] > job.close.timestamp() + NOISE_S:
                return False
            used_s, field = end[0], there
            start = clock.latest(used_s - work_s)
            ends[m, k] = _End(max(start, opens), end[1], km)
        return True

    def _end(self, clock: Clock, end_s: float, least_day: date | None) -> tuple[float, float] | None:
        """Usable time and moment of an end; a part put off ends at the day's first usable moment at the earliest."""
        if least_day is not None:
            begins = midnight(least_day, self.region.tz).timestamp()
            later = [i for i, start in enumerate(clock.starts) if start >= begins]
            if not later:
                return None
            if end_s <= clock.before[later[0]] + NOISE_S:
                return clock.before[later[0]], clock.starts[later[0]]
        if end_s > clock.total_s + NOISE_S:
            return None
        return end_s, clock.earliest(end_s)

    def _value(self, orders: Orders, ends: Mapping[Key, _End]) -> float:
        value = 0.0
        for (m, k), stop in ends.items():
            j = orders[m][k]
            job, kind = self.jobs[j], self.region.class_of[self.region.machines[m].machine_class]
            late_s = stop.end - job.due.timestamp()
            gain = job.value_fen / self.counts[j] * (1 - loss_share(self.region.curve_of[job.loss_curve], late_s))
            work_h = job.area_ha / self.counts[j] / self.region.rate_ha_h[kind.id, job.operation]
            value += gain - stop.km * kind.cost_fen_km - work_h * kind.cost_fen_h
        return value

    def _day(self, key: Key, ends: Mapping[Key, _End], least_day: Mapping[Key, date]) -> date:
        """The day on which a part's grain comes in."""
        day = datetime.fromtimestamp(ends[key].end, self.region.tz).date()
        return max(day, least_day.get(key, day))

    def _wet_t(self, orders: Orders, key: Key) -> float:
        job: Job = self.jobs[orders[key[0]][key[1]]]
        return (job.wet_t or 0.0) / part_count(job)

    def _day_over(self, orders: Orders, ends: Mapping[Key, _End], least_day: Mapping[Key, date]) -> date | None:
        """The first day on which more grain waits than the dryers hold."""
        if not self.region.dryers:
            return None
        wet_t: defaultdict[date, float] = defaultdict(float)
        for key in ends:
            wet_t[self._day(key, ends, least_day)] += self._wet_t(orders, key)
        horizon = days(self.region.start_date, self.region.horizon_days)
        return next((day for day, _, fits in dryer_nights(self.region, wet_t, horizon) if not fits), None)
