"""Why a job stands where it stands in a plan, what each other machine would cost, and what would free a job left out.

Everything is reckoned by quotes: the job is taken out of the plan, and every other place is priced exactly.
"""

from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np

from nongshi.core.errors import NotFound
from nongshi.core.plan import Plan
from nongshi.core.region import Field, Job, Region
from nongshi.core.times import after_seconds
from nongshi.core.units import SECONDS_PER_HOUR, yuan
from nongshi.dispatch.explain import explain_unserved
from nongshi.dispatch.explain_cannot import list_cannot
from nongshi.dispatch.explain_frees import list_frees
from nongshi.dispatch.explain_words import Line, line
from nongshi.dispatch.from_plan import day_of, solution_of
from nongshi.dispatch.problem import Problem, make_problem
from nongshi.dispatch.quote import Displacement, Offer, Quoter
from nongshi.dispatch.solution import Solution, TimedStop, price_solution, time_routes


@dataclass(frozen=True, slots=True, kw_only=True)
class Instead:
    """What another machine would cost, or why it cannot."""

    machine_id: str
    worse_fen: float | None  # than the plan; None: it cannot
    offer: Offer | None
    line: Line


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Everything that is said about one job."""

    job_id: str
    served: bool
    why: tuple[Line, ...]
    instead: tuple[Instead, ...]  # other machines, cheapest first, then those that cannot
    frees: tuple[Line, ...]  # only where it is left out
    displacement: Displacement | None = None


def explain_job(region: Region, plan: Plan, job_id: str) -> Explanation:
    """Explain one job of a plan.

    Raises:
        NotFound: there is no such job, or the plan names what the region does not have.
        BadInput: the plan cannot be read into routes.
    """
    if job_id not in region.job_of:
        raise NotFound(f"job {job_id} does not stand in jobs.csv; correct the id")
    problem = make_problem(region)
    solution = solution_of(problem, plan)
    j = [job.id for job in region.jobs].index(job_id)
    timed = time_routes(problem, solution)
    stops = [(m, k) for m, route in enumerate(timed) for k, s in enumerate(route) if problem.part_job[s.part] == j]
    if not stops:
        return _unserved(problem, solution, region.jobs[j])
    return _served(problem, solution, j, timed, stops)


def why_none(quoter: Quoter, job: Job, field: Field | None = None) -> Line:
    """Why nothing fits for a job that the plan does not serve."""
    region = quoter.problem.region
    fields = region.fields if field is None else (*region.fields, field)
    jobs = region.jobs if job.id in region.job_of else (*region.jobs, job)
    problem = make_problem(replace(region, jobs=jobs, fields=fields))
    end_day = quoter.solution.end_day
    if end_day is not None:
        missing = len(problem.part_job) - len(end_day)
        end_day = np.concatenate([end_day, np.full(missing, -1, np.int64)])
    return _reason(problem, replace(quoter.solution, end_day=end_day), job)


def _reason(problem: Problem, solution: Solution, job: Job) -> Line:
    found = next(one for one in explain_unserved(problem, solution) if one.job_id == job.id)
    return Line(kind=str(found.reason), en=found.text, zh=found.text_zh)


def _served(
    problem: Problem, solution: Solution, j: int, timed: list[list[TimedStop]], stops: list[tuple[int, int]]
) -> Explanation:
    job = problem.region.jobs[j]
    quoter = Quoter.without(problem, solution, job.id)
    gain_fen = price_solution(problem, solution) - price_solution(quoter.problem, quoter.solution)
    mine = {problem.region.machines[m].id for m, _ in stops}
    offers = {id_: offer for id_, offer in quoter.best_by_machine(job).items() if id_ not in mine}
    km = _way_km(problem, timed, quoter, mine)
    instead = [
        _instead(machine_id, offer, gain_fen, km)
        for machine_id, offer in sorted(offers.items(), key=lambda item: -item[1].gain_fen)
    ]
    instead += _cannot(quoter, job, {*offers, *mine})
    why = [_who(problem, solution, timed, stops)]
    why += [_near(km, instead), _free(problem, timed, stops), _licence(problem, solution, timed, stops)]
    why += [_in_time(problem, timed, stops), *_bonds(problem, solution, j, timed, stops)]
    why.append(line("gain", yuan=yuan(gain_fen)))
    return Explanation(job_id=job.id, served=True, why=tuple(why), instead=tuple(instead), frees=())


def _way_km(problem: Problem, timed: list[list[TimedStop]], quoter: Quoter, mine: set[str]) -> float:
    """How much longer the way of the job's machines is with it."""
    before = time_routes(quoter.problem, quoter.solution)
    machines = [m for m, machine in enumerate(problem.region.machines) if machine.id in mine]
    return sum(sum(s.km for s in timed[m]) - sum(s.km for s in before[m]) for m in machines)


def _instead(machine_id: str, offer: Offer, gain_fen: float, km: float) -> Instead:
    worse_fen, piece = gain_fen - offer.gain_fen, offer.pieces[0]
    facts = {"machine": machine_id, "start": piece.start, "operator": piece.operator_id, "more_km": offer.km - km}
    if worse_fen < -0.5:
        said = line("instead_better", better=yuan(-worse_fen), **facts)
    else:
        said = line("instead", worse=yuan(max(0.0, worse_fen)), **facts)
    return Instead(machine_id=machine_id, worse_fen=worse_fen, offer=offer, line=said)


def _cannot(quoter: Quoter, job: Job, others: set[str]) -> list[Instead]:
    """Why each machine that has no offer has none."""
    return [
        Instead(machine_id=machine_id, worse_fen=None, offer=None, line=why)
        for machine_id, why in list_cannot(quoter, job, others)
    ]


def _who(problem: Problem, solution: Solution, timed: list[list[TimedStop]], stops: list[tuple[int, int]]) -> Line:
    m, k = stops[0]
    machine = problem.region.machines[m]
    job = problem.region.jobs[problem.part_job[timed[m][k].part]]
    ends_s = [timed[m2][k2].end_s for m2, k2 in stops]
    others = sorted({problem.region.machines[m2].id for m2, _ in stops} - {machine.id})
    several = len(stops) > 1
    beside, beside_zh = (f", with {', '.join(others)}", f"，{'、'.join(others)} 同做") if others else ("", "")
    return line(
        "served",
        machine=machine.id,
        name=problem.region.class_of[machine.machine_class].name or machine.machine_class,
        operator=_operator(problem, solution, m, timed[m][k]),
        start=_moment(problem, min(timed[m2][k2].start_s for m2, k2 in stops)),
        end=_moment(problem, max(ends_s)),
        parts=f", in {job.parts} parts{beside}" if several else "",
        parts_zh=f"，分 {job.parts} 份{beside_zh}" if several else "",
    )


def _near(km: float, instead: list[Instead]) -> Line:
    nearest = min((one for one in instead if one.offer is not None), key=lambda one: one.offer.km, default=None)  # type: ignore[union-attr]
    if nearest is None or nearest.offer is None or nearest.offer.km < km + 0.1:
        return line("way", km=km)
    return line("near", km=km, other=nearest.machine_id, other_km=nearest.offer.km)


def _free(problem: Problem, timed: list[list[TimedStop]], stops: list[tuple[int, int]]) -> Line:
    """What comes before and after on the machine of the first part."""
    m, first = stops[0]
    last = first
    while (m, last + 1) in stops:
        last += 1
    before, after = line("yard"), line("last")
    if first > 0:
        stop = timed[m][first - 1]
        before = line("done_before", job=_job_id(problem, stop), end=_moment(problem, stop.end_s))
    if last + 1 < len(timed[m]):
        stop = timed[m][last + 1]
        after = line("goes_on", job=_job_id(problem, stop), start=_moment(problem, stop.start_s))
    said = line("free", before=before.en, after=after.en)
    return replace(said, zh=line("free", before=before.zh, after=after.zh).zh)


def _licence(problem: Problem, solution: Solution, timed: list[list[TimedStop]], stops: list[tuple[int, int]]) -> Line:
    m, k = stops[0]
    day = day_of(problem, timed[m][k].start_s)
    licence = problem.region.class_of[problem.region.machines[m].machine_class].licence
    operator_id = _operator(problem, solution, m, timed[m][k])
    count = int(problem.may_drive_matrix(day)[:, m].sum()) - 1
    if licence is None:
        return line("no_licence_needed", count=count)
    until = problem.region.operator_of[operator_id].licences[licence].isoformat()
    return line("licence", operator=operator_id, licence=licence, until=until, count=count)


def _in_time(problem: Problem, timed: list[list[TimedStop]], stops: list[tuple[int, int]]) -> Line:
    lost_fen, last_s = 0.0, -np.inf
    for m, k in stops:
        stop = timed[m][k]
        job = problem.region.jobs[problem.part_job[stop.part]]
        late_s = float(stop.end_s - problem.part_due_s[stop.part])
        last_s = max(last_s, late_s)
        lost_fen += float(problem.part_value_fen[stop.part]) * problem.region.curve_of[job.loss_curve].share(
            late_s / 86_400
        )
    if last_s <= 0:
        return line("in_time", hours=-last_s / SECONDS_PER_HOUR)
    return line("late", hours=last_s / SECONDS_PER_HOUR, yuan=yuan(lost_fen))


def _bonds(
    problem: Problem, solution: Solution, j: int, timed: list[list[TimedStop]], stops: list[tuple[int, int]]
) -> list[Line]:
    """Dryers, the job before and the jobs behind."""
    said, jobs = [], problem.region.jobs
    last = max((timed[m][k] for m, k in stops), key=lambda stop: stop.end_s)
    if problem.dries and problem.part_wet_t[last.part] > 0:
        day = day_of(problem, last.end_s)
        ended = [s for route in timed for s in route if day_of(problem, s.end_s) == day]
        taken_t = sum(float(problem.part_wet_t[s.part]) for s in ended)
        dry_t = float(problem.dry_t_day[day])
        facts = {"wet_t": jobs[j].wet_t or 0.0, "day": problem.dates[day], "taken_t": taken_t, "dry_t": dry_t}
        said.append(line("dryer", **facts))
        if solution.end_day is not None and solution.end_day[last.part] >= 0:
            said.append(line("waits_dryer"))
    if problem.job_after[j] >= 0:
        hours = problem.job_after_s[j] / SECONDS_PER_HOUR
        pause, pause_zh = (f", {hours:g} h earlier", f"并隔 {hours:g} 小时") if hours else ("", "")
        said.append(line("after", before=jobs[problem.job_after[j]].id, pause=pause, pause_zh=pause_zh))
    behind = [jobs[f].id for f in np.flatnonzero(problem.job_after == j)]
    if behind:
        said.append(line("followed", jobs=", ".join(behind)))
    return said


def _unserved(problem: Problem, solution: Solution, job: Job) -> Explanation:
    quoter = Quoter.of(problem, solution)
    why = _reason(problem, solution, job)
    quote = quoter.quote(job)
    offers = quoter.best_by_machine(job)
    instead = [
        _instead(machine_id, offer, 0.0, 0.0)
        for machine_id, offer in sorted(offers.items(), key=lambda item: -item[1].gain_fen)
    ]
    return Explanation(
        job_id=job.id,
        served=False,
        why=(Line(kind=why.kind, en=line("left_out", why=why.en).en, zh=line("left_out", why=why.zh).zh),),
        instead=(*instead, *_cannot(quoter, job, set(offers))),
        frees=list_frees(quoter, job, quote),
        displacement=quote.displacement,
    )


def _operator(problem: Problem, solution: Solution, m: int, stop: TimedStop) -> str:
    operator = int(solution.crew[m, day_of(problem, stop.start_s)])
    return problem.region.operators[operator].id


def _job_id(problem: Problem, stop: TimedStop) -> str:
    return str(problem.region.jobs[problem.part_job[stop.part]].id)


def _moment(problem: Problem, moment_s: float) -> datetime:
    return after_seconds(problem.origin, moment_s, problem.region.tz)
