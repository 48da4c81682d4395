"""Why a job is not in a plan, in plain words of both languages.

The first reason that holds is given, from what nobody could change (no such machine) to what the plan chose
(others were worth more).
"""

from collections.abc import Iterable
from datetime import date

import numpy as np

from nongshi.core.plan import Reason, Unserved
from nongshi.core.region import Job
from nongshi.core.times import wall
from nongshi.dispatch.from_plan import day_of
from nongshi.dispatch.problem import Bools, Floats, Ints, Problem
from nongshi.dispatch.solution import Solution, time_routes
from nongshi.geo.distance import km_between

TEXTS: dict[Reason, tuple[str, str]] = {
    Reason.NO_MACHINE: (
        "no machine in the region can do {operation}",
        "本区域没有能做“{operation}”的农机",
    ),
    Reason.NO_WORK_HOURS: (
        "rain, nights or the end of the plan leave no work hours between {open} and {close}",
        "{open} 至 {close} 之间因雨、夜间或计划期结束，没有可作业时间",
    ),
    Reason.NO_LICENCE: (
        "nobody holds a valid licence {licences} between {open} and {close}",
        "{open} 至 {close} 之间无人持有有效的 {licences} 证",
    ),
    Reason.NO_OPERATOR: (
        "everyone who could drive a machine for this{held} is off, or may not drive another owner's machine, "
        "between {open} and {close}",
        "{open} 至 {close} 之间，能开这类农机的机手{held_zh}都休息，或不能开别家的农机",
    ),
    Reason.WINDOW_TOO_SHORT: (
        "the work takes {need_h:.1f} h but no machine has more than {have_h:.1f} h of work between {open} and {close}",
        "作业需 {need_h:.1f} 小时，而 {open} 至 {close} 之间任何一台农机最多只能干 {have_h:.1f} 小时",
    ),
    Reason.NOT_WORTH: (
        "getting there and working costs at least {cost_yuan:,.0f} yuan and brings {value_yuan:,.0f} yuan",
        "转移加作业的成本至少 {cost_yuan:,.0f} 元，收益只有 {value_yuan:,.0f} 元",
    ),
    Reason.AFTER_UNSERVED: (
        "job {before}, which must be done first on this field, is left out",
        "同一地块上必须先做的作业 {before} 未安排",
    ),
    Reason.DRYERS_FULL: (
        "the dryers are full: none of the days between {open} and {close} has room for {wet_t:.1f} t more",
        "烘干能力已满：{open} 至 {close} 之间没有一天还能再收 {wet_t:.1f} 吨湿粮",
    ),
    Reason.NO_CAPACITY: (
        "between {open} and {close} every machine and operator that could come is busy with work worth more, "
        "or too far away for what the job brings",
        "{open} 至 {close} 之间能来的农机和机手都排满了收益更高的活，或离得太远不合算",
    ),
}


def explain_unserved(problem: Problem, solution: Solution) -> tuple[Unserved, ...]:
    """The jobs that a solution leaves out, each with its reason, in the region's order."""
    served = np.zeros(len(problem.part_job), bool)
    served[[p for route in solution.routes for p in route]] = True
    licences, wet_t = _Licences(problem), _wet_t(problem, solution)
    return tuple(_explain(problem, int(j), licences, served, wet_t) for j in np.flatnonzero(~served[problem.job_first]))


def _wet_t(problem: Problem, solution: Solution) -> Floats:
    """(d,) wet tonnes harvested by day."""
    wet_t = np.zeros(len(problem.dates))
    if problem.dries:
        for stop in (stop for timed in time_routes(problem, solution) for stop in timed):
            wet_t[day_of(problem, stop.end_s)] += problem.part_wet_t[stop.part]
    return wet_t


def _dryers_full(problem: Problem, j: int, wet_t: Floats) -> bool:
    """Whether no day of the job's window has room in the dryers for its grain."""
    first = int(problem.job_first[j])
    mine_t = float(problem.part_wet_t[first])
    if not problem.dries or mine_t <= 0:
        return False
    low, high = (day_of(problem, float(x[first])) for x in (problem.part_open_s, problem.part_close_s))
    return not any(_dry_in_time(problem, wet_t + mine_t * (np.arange(len(wet_t)) == d)) for d in range(low, high + 1))


def _dry_in_time(problem: Problem, wet_t: Floats) -> bool:
    waiting_t = 0.0
    for day_t, takes_t in zip(wet_t, problem.dry_t_day, strict=True):
        waiting_t = max(0.0, waiting_t + day_t - takes_t)
        if waiting_t > problem.dry_hold_t:
            return False
    return True


class _Licences:
    """What does not depend on the job: who could drive what on each day, and with the most hours."""

    def __init__(self, problem: Problem) -> None:
        days = len(problem.dates)
        self.held = np.zeros((len(problem.class_ids), days), bool)
        if len(problem.licensed):
            self.held = np.asarray(problem.licensed.any(axis=0))
        self.day_end_s = problem.day_start_s.copy()  # (m, d) end of the longest day that some operator could work
        for d in range(days):
            may = problem.may_drive_matrix(d)
            if not may.any():
                continue
            hours_s = np.where(may, problem.operator_hours_s[:, None], 0.0).max(axis=0)
            end_s = np.minimum(problem.day_end_s[:, d], problem.shift_start_s[:, d] + hours_s)
            self.day_end_s[:, d] = np.maximum(problem.day_start_s[:, d], end_s)


def _explain(problem: Problem, j: int, licences: _Licences, served: Bools, wet_t: Floats) -> Unserved:
    job, part = problem.region.jobs[j], int(problem.job_first[j])
    reason, facts = _reason(problem, job, part, licences)
    before = int(problem.job_after[j])
    if before >= 0 and not served[problem.job_first[before]]:
        reason, facts = Reason.AFTER_UNSERVED, {"before": problem.region.jobs[before].id}
    elif reason is Reason.NO_CAPACITY and _dryers_full(problem, j, wet_t):
        reason, facts = Reason.DRYERS_FULL, {"wet_t": float(problem.part_wet_t[part])}
    facts |= {
        "operation": job.operation,
        "open": wall(job.open, seconds=False).replace("T", " "),
        "close": wall(job.close, seconds=False).replace("T", " "),
    }
    english, chinese = TEXTS[reason]
    return Unserved(job_id=job.id, reason=reason, text=english.format(**facts), text_zh=chinese.format(**facts))


def _reason(problem: Problem, job: Job, part: int, licences: _Licences) -> tuple[Reason, dict[str, str | float]]:
    able = np.isfinite(problem.work_s[problem.machine_class, part])
    if not able.any():
        return Reason.NO_MACHINE, {}
    machines = np.flatnonzero(able)
    hours_s = _inside(problem, part, problem.day_start_s[machines], problem.day_end_s[machines])
    if not hours_s.any():
        return Reason.NO_WORK_HOURS, {}
    classes = problem.machine_class[machines]
    names = {problem.region.machine_classes[c].licence or "" for c in classes}
    licence = "/".join(sorted(names - {""}))
    named: dict[str, str | float] = {
        "licences": licence,
        "held": f" (licence {licence})" if licence else "",
        "held_zh": f"（持 {licence} 证）" if licence else "",
    }
    if not ((hours_s > 0) & licences.held[classes]).any():
        return _no_licence(problem, job, classes), named
    crewed_s = _inside(problem, part, problem.day_start_s[machines], licences.day_end_s[machines]).sum(axis=1)
    if not crewed_s.any():
        return Reason.NO_OPERATOR, named
    work_s = problem.work_s[classes, part]
    if (work_s > crewed_s).all():
        best = int(np.argmin(work_s - crewed_s))
        return Reason.WINDOW_TOO_SHORT, {"need_h": work_s[best] / 3600, "have_h": crewed_s[best] / 3600}
    way_fen = _nearest_km(problem, part, machines) * problem.class_fen_km[classes]
    cost_fen = float((work_s * problem.class_fen_s[classes] * job.parts + way_fen).min())
    if cost_fen >= job.value_fen:
        return Reason.NOT_WORTH, {"cost_yuan": cost_fen / 100, "value_yuan": job.value_fen / 100}
    return Reason.NO_CAPACITY, {}


def _nearest_km(problem: Problem, part: int, machines: Ints) -> Floats:
    """(machines,) road km at least to the part: from the machine's own yard or from the nearest other field."""
    here = int(problem.part_place[part])
    lon, lat = problem.place_lon, problem.place_lat
    km = problem.least_detour * km_between(lon, lat, lon[here], lat[here])
    other = np.delete(km[: problem.yard0], here)
    return np.asarray(np.minimum(km[problem.yard0 + machines], other.min(initial=np.inf)))


def _no_licence(problem: Problem, job: Job, classes: Ints) -> Reason:
    """Whether nobody holds the licence in the window, or those who do are off."""
    wanted = {problem.region.machine_classes[c].licence for c in classes}
    if None in wanted:
        return Reason.NO_OPERATOR
    last_days: Iterable[date] = (day for o in problem.region.operators for x, day in o.licences.items() if x in wanted)
    return Reason.NO_OPERATOR if any(day >= job.open.date() for day in last_days) else Reason.NO_LICENCE


def _inside(problem: Problem, part: int, start_s: Floats, end_s: Floats) -> Floats:
    """(m, d) seconds of each day's hours inside the part's window."""
    low, high = np.maximum(start_s, problem.part_open_s[part]), np.minimum(end_s, problem.part_close_s[part])
    return np.asarray(np.maximum(0.0, high - low))
