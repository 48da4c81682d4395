"""What one more job would bring: every position of every route tried exactly, in under a millisecond.

A quote changes nothing in the plan. It is exact for a plan without chains and dryers. Where there are some it is on
the safe side: a job that others wait for ends no later than they are planned to need it, a job that waits starts no
earlier than planned, and wet grain never comes on an earlier day than planned; on a later day only if the dryers
have room. Days after a machine's last stop count as usable where an operator is idle who may drive it.
"""

from collections.abc import Sequence, Set
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import numpy as np

from nongshi.core.errors import BadInput, BadUsage, NotFound
from nongshi.core.plan import Crew, Plan
from nongshi.core.region import Field, Job, Region
from nongshi.core.times import after_seconds
from nongshi.core.units import SECONDS_PER_HOUR
from nongshi.dispatch import quote_kernels as kernels
from nongshi.dispatch.from_plan import solution_of
from nongshi.dispatch.problem import Problem, make_problem
from nongshi.dispatch.quote_board import Drawn, Known, draw_board
from nongshi.dispatch.quote_displace import displace
from nongshi.dispatch.quote_kernels import Board, Wanted
from nongshi.dispatch.solution import Solution, TimedStop, time_routes

OFFERS_MAX = 10  # assumption: as many as anybody compares
SPLIT_MAX = 20  # assumption: a job of more parts is only quoted as a whole


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Parts of the job in a row on one machine."""

    machine_id: str
    operator_id: str  # who drives when the work begins
    parts: int
    start: datetime
    end: datetime
    after_job_id: str | None  # None: the machine comes from its yard
    before_job_id: str | None  # None: its last stop


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One way to serve the job, and what it changes."""

    gain_fen: float  # change of the plan's value: the job's value - losses - moves - work, all delays counted
    km: float  # more than now
    pieces: tuple[Piece, ...]  # more than one: split over machines or hours
    crew_new: tuple[Crew, ...] = ()  # idle operators that it calls in


@dataclass(frozen=True, slots=True, kw_only=True)
class Displacement:
    """What would have to go to make room."""

    job_ids: tuple[str, ...]
    lost_fen: float  # what the plan loses without them
    net_fen: float  # the new job's gain in the room made, less that
    offer: Offer  # its gain_fen is before that loss


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """The best offers, best first; what would make room where none gains anything."""

    job_id: str
    offers: tuple[Offer, ...]
    displacement: Displacement | None = None

    @property
    def pays(self) -> bool:
        """Whether some offer gains value."""
        return bool(self.offers) and self.offers[0].gain_fen > 0


class Quoter:
    """Answers quotes against one plan; built once, then asked often. Not for several threads at a time."""

    _job: dict[str, int]
    _curve: dict[str, int]
    _field: dict[str, float]  # field -> place
    _operations: dict[str, tuple[Any, Any]]

    def __init__(self, region: Region, plan: Plan, *, without: str | None = None) -> None:
        """Read a plan; `without` a job: as if it and all its parts were taken out.

        Raises:
            NotFound: the plan names what the region does not have, or there is no job `without`.
            BadInput: the plan cannot be read into routes.
            BadUsage: it was made over roads.
        """
        if "roads" in plan.extra:
            raise BadUsage(
                f"the plan's distances are those of {plan.extra['roads']}; quotes know great circles only: "
                "plan the region without --roads"
            )
        problem = make_problem(region)
        solution = solution_of(problem, plan)
        if without is None:
            self._set_up(problem, solution)
        else:
            self._set_up(*without_job(problem, solution, without))

    @classmethod
    def of(cls, problem: Problem, solution: Solution) -> "Quoter":
        """A quoter of a solution in arrays."""
        quoter = cls.__new__(cls)
        quoter._set_up(problem, solution)
        return quoter

    @classmethod
    def without(cls, problem: Problem, solution: Solution, job_id: str) -> "Quoter":
        """A quoter of a solution as if a job and all its parts were taken out."""
        quoter = cls.__new__(cls)
        quoter._set_up(*without_job(problem, solution, job_id))
        return quoter

    @classmethod
    def timed(
        cls,
        problem: Problem,
        solution: Solution,
        timed: list[list[TimedStop]],
        needed: tuple[str, float] | None = None,
        like: "tuple[Quoter, Set[int]] | None" = None,
    ) -> "Quoter":
        """A quoter of a solution whose times are known; it displaces nothing.

        `like`: a quoter of the same region and crews, and the machines on which this solution is different.
        """
        quoter = cls.__new__(cls)
        quoter._set_up(problem, solution, needed, timed, like)
        return quoter

    def _set_up(
        self,
        problem: Problem,
        solution: Solution,
        needed: tuple[str, float] | None = None,
        timed: list[list[TimedStop]] | None = None,
        like: "tuple[Quoter, Set[int]] | None" = None,
    ) -> None:
        """`needed`: a job and the moment at which jobs that wait for it need it ended, if it is served again."""
        self.problem, self.solution, self._needed = problem, solution, dict([needed] if needed else [])
        known = None if like is None else Known(like[0].drawn, like[1])
        self.drawn: Drawn = draw_board(
            problem, solution, spare=SPLIT_MAX, timed=timed, known=known, displaces=timed is None
        )
        self.board: Board = self.drawn.board
        self._look_up(problem, None if like is None else like[0])
        machines, length = self.board.rows.shape[:2]
        self._km, self._found = np.zeros((machines, length + 1)), np.zeros((machines, length + 1, 5))
        self._rows, self._length = self.board.rows.copy(), self.board.length.copy()  # a split writes into the board
        self._room = kernels.make_room(self.board)
        self._origin_s = problem.origin.timestamp()

    def _look_up(self, problem: Problem, like: "Quoter | None") -> None:
        """What is found by name; the same for every solution of a region."""
        if like is not None:
            self._job, self._curve = like._job, like._curve
            self._field, self._operations = like._field, like._operations
            return
        region = problem.region
        self._job = {job.id: j for j, job in enumerate(region.jobs)}
        self._curve = {curve.id: k for k, curve in enumerate(region.loss_curves)}
        self._field = {
            job.field_id: float(problem.part_place[problem.job_first[j]]) for j, job in enumerate(region.jobs)
        }
        self._operations = self._by_operation()

    def quote(
        self, job: Job, field: Field | None = None, *, offers_max: int = OFFERS_MAX, displace: bool = True
    ) -> Quote:
        """The best offers for a job that the plan does not serve.

        Args:
            job: as a row of jobs.csv; its field may be one that has had no job yet.
            field: where it lies; None: the region's field of that id.
            offers_max: at most so many offers.
            displace: also look for jobs to displace where no offer gains anything.

        Raises:
            NotFound: unknown field, loss curve or job before.
            BadInput: the plan serves the job already.
        """
        wanted = self.wanted(job, field)
        if wanted is None:
            return Quote(job_id=job.id, offers=())
        kernels.offers(self.board, wanted, self._room, self._km, self._found)
        offers = self._ranked(wanted, offers_max)
        if 1 < wanted.parts <= SPLIT_MAX:
            offers = self._with_split(wanted, offers)[:offers_max]
        displacement = None
        if displace and not (offers and offers[0].gain_fen > 0):
            displacement = self._displacement(wanted)
        return Quote(job_id=job.id, offers=tuple(offers), displacement=displacement)

    def best_by_machine(self, job: Job, field: Field | None = None) -> dict[str, Offer]:
        """The best offer of every machine that can serve the job whole."""
        wanted = self.wanted(job, field)
        if wanted is None:
            return {}
        kernels.offers(self.board, wanted, self._room, self._km, self._found)
        at = self._found[:, :, 0].argmax(axis=1)
        can = np.flatnonzero(np.isfinite(self._found[np.arange(len(at)), at, 0]))
        picked = list(zip(can.tolist(), at[can].tolist(), strict=True))
        machines = self.problem.region.machines
        return {machines[m].id: offer for (m, _), offer in zip(picked, self._offers(wanted, picked), strict=True)}

    @property
    def chained(self) -> bool:
        """Whether some job waits for another, so that quotes are on the safe side."""
        return self.problem.chained

    def needed_s(self, job_id: str) -> float:
        """The moment at which planned jobs need a job ended for which they wait; inf: none does."""
        return min(self._needed.get(job_id, np.inf), self.drawn.needed_s.get(job_id, np.inf))

    def serves(self, job_id: str) -> bool:
        """Whether the plan serves a job."""
        return job_id in self._job and bool(np.isfinite(self.drawn.job_end_s[self._job[job_id]]))

    def busy_until(self, machine: int, job: Job) -> datetime:
        """The end of the last stop that a machine begins before a job's close."""
        rows = self.board.rows[machine, : self.board.length[machine]]
        spans_s = self._moments(
            [machine] * len(rows),
            np.stack([rows[:, kernels.END] - rows[:, kernels.WORK], rows[:, kernels.END]], axis=1),
        )
        begun = spans_s[:, 0] < job.close.timestamp() - self._origin_s
        last_s = float(spans_s[begun, 1].max(initial=0.0))
        return after_seconds(self.problem.origin, last_s, self.problem.region.tz)

    def wanted(self, job: Job, field: Field | None = None) -> Wanted | None:
        """The job in numbers; None: it waits for a job that nobody serves."""
        problem, board = self.problem, self.board
        self._check(job, field)
        place = field or problem.region.field_of[job.field_id]
        parts, machines = job.parts, len(board.length)
        opens_s = job.open.timestamp() - self._origin_s
        closes_s = min(problem.horizon_s, job.close.timestamp() - self._origin_s)
        first = self.drawn.no_first
        if job.after_job_id is not None:
            before = self._job[job.after_job_id]
            if not np.isfinite(self.drawn.job_end_s[before]):
                return None
            opens_s = max(opens_s, self.drawn.job_end_s[before] + job.after_h * SECONDS_PER_HOUR)
            first = self.drawn.behind(before)
        closes_s = min(closes_s, self.needed_s(job.id))
        opens, closes = np.empty(machines), np.empty(machines)
        kernels.windows(board, max(0.0, opens_s), closes_s, opens, closes)
        hours, fen_s = self._operations.get(job.operation, self._operations[""])
        work_s = hours * (job.area_ha / parts)
        return Wanted(
            spot=kernels.spot(place.gate_lon, place.gate_lat),
            field=self._field.get(job.field_id, kernels.NOWHERE),
            parts=parts,
            value=job.value_fen / parts,
            due=job.due.timestamp() - self._origin_s,
            curve=self._curve[job.loss_curve],
            wet=(job.wet_t or 0.0) / parts if problem.region.dryers else 0.0,
            work=work_s,
            fen=np.where(np.isfinite(work_s), work_s, 0.0) * fen_s,
            opens=opens,
            closes=closes,
            first=first,
        )

    def _check(self, job: Job, field: Field | None) -> None:
        region = self.problem.region
        if field is None and job.field_id not in region.field_of:
            raise NotFound(
                f"job {job.id}: field {job.field_id} does not stand in the region; correct field_id, or give the field"
            )
        if job.loss_curve not in self._curve:
            raise NotFound(
                f"job {job.id}: loss curve {job.loss_curve} does not stand in the region; "
                f"it has: {', '.join(sorted(self._curve))}"
            )
        if job.after_job_id is not None and job.after_job_id not in self._job:
            raise NotFound(f"job {job.id}: after_job_id {job.after_job_id} does not stand in the region; correct it")
        if self.serves(job.id):
            raise BadInput(f"job {job.id}: the plan serves it already; give a new job another id")

    def _by_operation(self) -> dict[str, tuple[Any, Any]]:
        """Operation -> (m,) seconds a ha, inf where the machine cannot; (m,) fen a second."""
        problem, region = self.problem, self.problem.region
        fen_s = problem.class_fen_s[problem.machine_class]
        operations = {name for _, name in region.rate_ha_h} | {""}
        found = {}
        for name in operations:
            rates = (region.rate_ha_h.get((machine.machine_class, name)) for machine in region.machines)
            found[name] = (np.array([SECONDS_PER_HOUR / rate if rate else np.inf for rate in rates]), fen_s)
        return found

    def _ranked(self, wanted: Wanted, count: int) -> list[Offer]:
        machines, stops = np.nonzero(self._found[:, :, 0] > -np.inf)
        top = np.argsort(-self._found[machines, stops, 0], kind="stable")[:count]
        return self._offers(wanted, list(zip(machines[top].tolist(), stops[top].tolist(), strict=True)))

    def _offers(self, wanted: Wanted, picked: Sequence[tuple[int, int]]) -> list[Offer]:
        """Offers of positions (machine, stop)."""
        if not picked:
            return []
        machines, stops = zip(*picked, strict=True)
        rows = self._found[list(machines), list(stops)]
        spans_s = self._moments(machines, rows[:, 2:4])
        return [
            self._offer(wanted, m, row, span, self._job_at(m, k - 1), self._job_at(m, k))
            for (m, k), row, span in zip(picked, rows.tolist(), spans_s.tolist(), strict=True)
        ]

    def _moments(self, machines: Sequence[int], begin_end: Any) -> Any:
        out = np.empty((len(machines), 2))
        kernels.moments(self.board, np.array(machines, np.int64), np.ascontiguousarray(begin_end), out)
        return out

    def _offer(
        self, wanted: Wanted, m: int, row: list[float], span: list[float], after: str | None, before: str | None
    ) -> Offer:
        piece = self._piece(m, wanted.parts, span, after, before)
        return Offer(gain_fen=row[0], km=row[1], pieces=(piece,), crew_new=self._crew_new(m, row[4]))

    def _piece(self, m: int, parts: int, span: list[float], after: str | None, before: str | None) -> Piece:
        problem = self.problem
        return Piece(
            machine_id=problem.region.machines[m].id,
            operator_id=self.drawn.operator_at(m, span[0]),
            parts=parts,
            start=after_seconds(problem.origin, span[0], problem.region.tz),
            end=after_seconds(problem.origin, span[1], problem.region.tz),
            after_job_id=after,
            before_job_id=before,
        )

    def _crew_new(self, m: int, until_s: float) -> tuple[Crew, ...]:
        """Idle operators who are called in for a route that ends at a working time."""
        if until_s <= self.board.own_s[m] + kernels.EPS_S:
            return ()
        return self.drawn.borrowed(m, until_s)

    def _job_at(self, m: int, k: int) -> str | None:
        if not 0 <= k < self.board.length[m]:
            return None
        part = int(self.board.rows[m, k, kernels.PART])
        return str(self.problem.region.jobs[self.problem.part_job[part]].id)

    def _with_split(self, wanted: Wanted, offers: list[Offer]) -> list[Offer]:
        """Also the job in parts, each where it gains most, where that is better than every whole offer."""
        board, pieces = self.board, np.full((wanted.parts, 3), -1.0)
        gain = kernels.split(board, wanted, self._room, np.empty_like(self._km), pieces)
        offer = None
        if gain > (offers[0].gain_fen if offers else -np.inf) + 1.0:
            offer = self._split_offer(gain, sorted({int(m) for m in pieces[:, 0]}))
        for m in {int(m) for m in pieces[:, 0] if m >= 0}:
            board.rows[m], board.length[m] = self._rows[m], self._length[m]
        return offers if offer is None else [offer, *offers]

    def _split_offer(self, gain: float, machines: list[int]) -> Offer:
        """The offer of a board that stands as split() left it."""
        pieces: list[Piece] = []
        crew_new: list[Crew] = []
        km = 0.0
        for m in machines:
            n = int(self.board.length[m])
            rows = self.board.rows[m, :n]
            fresh = rows[:, kernels.PART] < 0
            km += float(rows[:, kernels.LEG].sum()) - float(self._rows[m, :, kernels.LEG].sum())
            for k in np.flatnonzero(fresh & ~np.concatenate([[False], fresh[:-1]])):
                last = int(k)
                while last + 1 < n and fresh[last + 1]:
                    last += 1
                begin_end = np.array([[rows[k, kernels.END] - rows[k, kernels.WORK], rows[last, kernels.END]]])
                span = self._moments([m], begin_end)[0].tolist()
                parts = last - int(k) + 1
                pieces.append(self._piece(m, parts, span, self._job_at(m, int(k) - 1), self._job_at(m, last + 1)))
            crew_new += self._crew_new(m, float(rows[-1, kernels.END]))
        pieces.sort(key=lambda piece: piece.start)
        return Offer(gain_fen=gain, km=km, pieces=tuple(pieces), crew_new=tuple(crew_new))

    def _displacement(self, wanted: Wanted) -> Displacement | None:
        found, drawn = np.zeros(5), self.drawn
        units = drawn.units, drawn.unit_begins, drawn.unit_gains, drawn.unit_freed
        u, k = displace(self.board, wanted, self._room, self._km, *units, found)
        if u < 0:
            return None
        m, a, b = drawn.units[u].tolist()
        lost_fen = -float(drawn.unit_gains[u])
        row = found.tolist()
        span = self._moments([m], found[None, 2:4])[0].tolist()
        ahead, behind = self._job_at(m, a - 1 if k == b else k - 1), self._job_at(m, k)
        ids = dict.fromkeys(self._job_at(m, i) or "" for i in range(a, b))
        return Displacement(
            job_ids=tuple(ids),
            lost_fen=lost_fen,
            net_fen=row[0] - lost_fen,
            offer=self._offer(wanted, m, row, span, ahead, behind),
        )


def without_job(
    problem: Problem, solution: Solution, job_id: str
) -> tuple[Problem, Solution, tuple[str, float] | None]:
    """(problem, solution, (job, moment at which it is needed)) with all parts of a job taken out.

    Jobs that wait for it stay where they are planned: they wait for nobody now, and do not begin earlier.

    Raises:
        NotFound: there is no such job.
    """
    region = problem.region
    index = {job.id: j for j, job in enumerate(region.jobs)}
    if job_id not in index:
        raise NotFound(f"job {job_id} does not stand in the region; correct the id")
    j = index[job_id]
    out = set(range(int(problem.job_first[j]), int(problem.job_first[j] + problem.job_parts[j])))
    rest = replace(solution, routes=tuple(tuple(p for p in route if p not in out) for route in solution.routes))
    start_s: dict[int, float] = {}
    for stop in (stop for route in time_routes(problem, solution) for stop in route):
        follower = int(problem.part_job[stop.part])
        if problem.job_after[follower] == j:
            start_s[follower] = min(stop.start_s, start_s.get(follower, np.inf))
    if not start_s:
        return problem, rest, None
    jobs = list(region.jobs)
    for follower, begins_s in start_s.items():
        opens = datetime.fromtimestamp(problem.origin.timestamp() + begins_s, region.tz)
        jobs[follower] = replace(jobs[follower], after_job_id=None, after_h=0.0, open=opens)
    needed_s = min(begins_s - float(problem.job_after_s[follower]) for follower, begins_s in start_s.items())
    return make_problem(replace(region, jobs=tuple(jobs))), rest, (job_id, needed_s)
