"""Quotes in plain Python, for reading and for checking the compiled ones: every route timed anew from its yard.

Same answers as `dispatch.quote`, to the fen and the second; some thousand times as slow.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nongshi.core.region import Field, Job, LossCurve
from nongshi.core.units import SECONDS_PER_DAY
from nongshi.dispatch.from_plan import day_of
from nongshi.dispatch.problem import Floats, Problem
from nongshi.dispatch.quote import Quoter
from nongshi.dispatch.quote_board import Drawn
from nongshi.dispatch.solution import (
    WAIT_MARGIN_S,
    Clock,
    Solution,
    TimedStop,
    earliest_start_s,
    make_clock,
    time_routes,
)
from nongshi.geo.distance import km_between

SLACK_S = 1e-7  # of windows, as quote_kernels.EPS_S
SPARE_T = 2e-6  # of dryers, as quote_kernels.DRY_SPARE_T


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainStop:
    """What a stop needs to be timed and priced on its machine; times on the machine's working clock."""

    lon: float
    lat: float
    field_id: str
    opens_s: float
    closes_s: float
    work_s: float
    work_fen: float
    value_fen: float
    due_s: float  # after the origin
    curve: LossCurve
    wet_t: float
    day: int  # on which its grain is counted; -1: a new one


@dataclass(frozen=True, slots=True)
class Walked:
    """A route timed from its yard."""

    worth_fen: float
    km: float
    spans_s: list[tuple[float, float]]  # moments of start and end
    days: list[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainOffer:
    """The job as stops `position`, ... of a machine; `gone` stops left out for it."""

    gain_fen: float
    machine: int
    position: int
    gone: tuple[int, int]
    km: float
    start_s: float
    end_s: float


class PlainQuoter:
    """Reads the same solution as a :class:`nongshi.dispatch.quote.Quoter`, by the readable rules alone."""

    def __init__(self, problem: Problem, solution: Solution, drawn: Drawn) -> None:
        self.problem, self.drawn = problem, drawn
        timed = time_routes(problem, solution)
        self.clocks = [make_clock(problem, drawn.crew_all, m) for m in range(len(timed))]
        self.routes = [[self._stop(m, stop) for stop in stops] for m, stops in enumerate(timed)]
        self.wet_t = np.zeros(len(problem.dates))
        for stop in (stop for route in self.routes for stop in route):
            self.wet_t[stop.day] += stop.wet_t
        self.walked = [self.walk(m, route, self.wet_t.copy()) for m, route in enumerate(self.routes)]

    @classmethod
    def beside(cls, quoter: Quoter) -> "PlainQuoter":
        """For the same plan as a compiled quoter."""
        return cls(quoter.problem, quoter.solution, quoter.drawn)

    def offers(self, job: Job, field: Field | None = None) -> list[PlainOffer]:
        """All positions of all machines at which the job fits whole, best first."""
        found = [
            offer
            for m in range(len(self.routes))
            for stops in [self._new_stops(m, job, field)]
            for k in range(self._first(job, m), len(self.routes[m]) + 1)
            for offer in [self._try(m, k, (0, 0), stops)]
            if stops and offer is not None
        ]
        return sorted(found, key=lambda offer: -offer.gain_fen)

    def displacement(self, job: Job, field: Field | None = None) -> PlainOffer | None:
        """The best net gain where one job, or two next to each other, are left out; gain_fen is net."""
        best: PlainOffer | None = None
        for m, a, b in self.drawn.units.tolist():
            stops, first = self._new_stops(m, job, field), self._first(job, m)
            if not stops or a < first <= b:
                continue
            for k in [*range(first, a), *range(max(b, first), len(self.routes[m]) + 1)]:
                offer = self._try(m, k, (a, b), stops)
                if offer is not None and (best is None or offer.gain_fen > best.gain_fen):
                    best = offer
        return best

    def _try(self, m: int, k: int, gone: tuple[int, int], stops: Sequence[PlainStop]) -> PlainOffer | None:
        """The job in front of stop k of machine m, stops gone[0] .. gone[1] - 1 left out."""
        route, before, (a, b) = self.routes[m], self.walked[m], gone
        if before is None or not stops:
            return None
        wet_t = self.wet_t.copy()
        for stop in route[a:b]:
            wet_t[stop.day] -= stop.wet_t
        ahead = [stop for i, stop in enumerate(route[:k]) if not a <= i < b]
        behind = [stop for i, stop in enumerate(route[k:], start=k) if not a <= i < b]
        after = self.walk(m, [*ahead, *stops, *behind], wet_t)
        if after is None:
            return None
        at = len(ahead)
        return PlainOffer(
            gain_fen=after.worth_fen - before.worth_fen,
            machine=m,
            position=k,
            gone=gone,
            km=after.km - before.km,
            start_s=after.spans_s[at][0],
            end_s=after.spans_s[at + len(stops) - 1][1],
        )

    def walk(self, m: int, route: Sequence[PlainStop], wet_t: Floats) -> Walked | None:
        """Earliest times of a route and what it is worth; None where a stop cannot be kept. Changes `wet_t`."""
        problem, clock, c = self.problem, self.clocks[m], self.problem.machine_class[m]
        yard = problem.yard0 + m
        lon, lat, field_id = float(problem.place_lon[yard]), float(problem.place_lat[yard]), None
        now_s = worth_fen = km_all = 0.0
        spans_s, days = [], []
        for stop in route:
            km = float(problem.detour * km_between(*np.array([lon, lat, stop.lon, stop.lat])))
            if stop.field_id != field_id:
                now_s += km / problem.class_km_s[c] + problem.class_load_s[c]
            now_s = max(now_s, stop.opens_s) + stop.work_s
            end_s = now_s
            if problem.region.dryers and stop.wet_t > 0 and now_s <= min(stop.closes_s, clock.total_s + SLACK_S):
                end_s = self._dried(clock, m, stop, now_s, wet_t)
            if end_s > stop.closes_s or end_s > clock.total_s + SLACK_S:
                return None
            now_s = end_s
            span_s = clock.moment_s(now_s - stop.work_s, begins=True), clock.moment_s(now_s, begins=False)
            share = stop.curve.share((span_s[1] - stop.due_s) / SECONDS_PER_DAY)
            worth_fen += stop.value_fen * (1 - share) - stop.work_fen - km * problem.class_fen_km[c]
            km_all += km
            spans_s.append(span_s)
            days.append(day_of(problem, span_s[1]))
            lon, lat, field_id = stop.lon, stop.lat, stop.field_id
        return Walked(worth_fen, km_all, spans_s, days)

    def _dried(self, clock: Clock, m: int, stop: PlainStop, now_s: float, wet_t: Floats) -> float:
        """When wet grain can end at the earliest: where planned, else on the next day with room. Counts it there."""
        day = day_of(self.problem, clock.moment_s(now_s, begins=False))
        if day == stop.day:
            return now_s
        if stop.day >= 0:
            wet_t[stop.day] -= stop.wet_t
        for f in range(day, len(wet_t)):
            begins_s = clock.worked_s(self.problem.midnight_s[f])
            if f > day:
                if begins_s + WAIT_MARGIN_S > clock.worked_s(self.problem.midnight_s[f + 1]):
                    continue  # the machine stands still that day
                now_s = max(now_s, begins_s + WAIT_MARGIN_S)
            if self._has_room(wet_t, f, stop.wet_t):
                wet_t[f] += stop.wet_t
                return now_s
        return np.inf

    def _has_room(self, wet_t: Floats, day: int, more_t: float) -> bool:
        """Whether the dryers take so many tonnes more on a day without breaking what waits over any night behind."""
        before = waiting = 0.0
        for d, dry_t in enumerate(self.problem.dry_t_day):
            before = max(0.0, before + wet_t[d] - dry_t)
            waiting = max(0.0, waiting + wet_t[d] + (more_t if d == day else 0.0) - dry_t + SPARE_T * (d >= day))
            if d >= day and waiting > self.problem.dry_hold_t:
                return False
            if d >= day and waiting <= before:
                return True
        return True

    def _first(self, job: Job, m: int) -> int:
        """The first position that does not stand before the job to be waited for."""
        if job.after_job_id is None:
            return 0
        index = [one.id for one in self.problem.region.jobs].index(job.after_job_id)
        return int(self.drawn.behind(index)[m])

    def _new_stops(self, m: int, job: Job, field: Field | None) -> list[PlainStop]:
        """The new job's parts as stops of a machine; none where it cannot be done."""
        problem, region, clock = self.problem, self.problem.region, self.clocks[m]
        place = field or region.field_of[job.field_id]
        machine_class = region.class_of[region.machines[m].machine_class]
        rate_ha_h = region.rate_ha_h.get((machine_class.id, job.operation))
        origin_s = problem.origin.timestamp()
        opens_s, closes_s = job.open.timestamp() - origin_s, job.close.timestamp() - origin_s
        if job.after_job_id is not None:
            index = [one.id for one in region.jobs].index(job.after_job_id)
            opens_s = max(opens_s, self.drawn.job_end_s[index] + job.after_h * 3600)
        closes_s = min(closes_s, problem.horizon_s, self.drawn.needed_s.get(job.id, np.inf))
        if rate_ha_h is None or not np.isfinite(opens_s):
            return []
        work_s = job.area_ha / job.parts / rate_ha_h * 3600
        stop = PlainStop(
            lon=place.gate_lon,
            lat=place.gate_lat,
            field_id=job.field_id,
            opens_s=clock.worked_s(opens_s),
            closes_s=clock.worked_s(closes_s) + SLACK_S,
            work_s=work_s,
            work_fen=work_s * machine_class.cost_fen_h / 3600,
            value_fen=job.value_fen / job.parts,
            due_s=job.due.timestamp() - origin_s,
            curve=region.curve_of[job.loss_curve],
            wet_t=(job.wet_t or 0.0) / job.parts if region.dryers else 0.0,
            day=-1,
        )
        return [stop] * job.parts

    def _stop(self, m: int, timed: TimedStop) -> PlainStop:
        """A planned stop: it keeps followers and the job before it where they are, and its grain on its day."""
        problem, clock, part = self.problem, self.clocks[m], timed.part
        j, c, place = problem.part_job[part], problem.machine_class[m], problem.part_place[part]
        job, work_s = problem.region.jobs[j], float(problem.work_s[c, part])
        opens_s, before = earliest_start_s(problem, m, part), problem.job_after[j]
        if before >= 0:
            opens_s = max(opens_s, self.drawn.job_end_s[before] + problem.job_after_s[j])
        opens, ends = clock.worked_s(opens_s), clock.worked_s(timed.end_s)
        day, wet_t = day_of(problem, timed.end_s), float(problem.part_wet_t[part])
        if wet_t > 0:
            opens = max(opens, min(ends, clock.worked_s(problem.midnight_s[day]) + WAIT_MARGIN_S) - work_s)
        closes = clock.worked_s(min(problem.part_close_s[part], self.drawn.needed_s.get(job.id, np.inf)))
        return PlainStop(
            lon=float(problem.place_lon[place]),
            lat=float(problem.place_lat[place]),
            field_id=job.field_id,
            opens_s=opens,
            closes_s=max(closes, ends) + SLACK_S,
            work_s=work_s,
            work_fen=float(work_s * problem.class_fen_s[c]),
            value_fen=float(problem.part_value_fen[part]),
            due_s=float(problem.part_due_s[part]),
            curve=problem.region.curve_of[job.loss_curve],
            wet_t=wet_t,
            day=day,
        )
