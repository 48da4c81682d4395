"""A plan judged once more, now: rules and figures, against the register and the jobs as they are today."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from nongshi.core.errors import NongshiError
from nongshi.core.plan import Plan
from nongshi.site.auditor.acts import seen_acts
from nongshi.site.base.models import Event
from nongshi.site.base.scope import Scope
from nongshi.site.jobs.models import FieldJob, JobStatus
from nongshi.site.plans.models import PlanRow
from nongshi.site.plans.regions import Rows, season_rows, to_region
from nongshi.site.plans.services import plan_of
from nongshi.site.register.models import Machine, Operator
from nongshi.verify import Breach, Verdict, check_plan
from nongshi.verify.verdict import SUM_FEN, SUM_SHARE, Rule

WORD = re.compile(r"[^\s,:;()]+")
MONEY = ("objective_fen", "value_fen", "loss_fen", "move_cost_fen", "work_cost_fen")


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One number of a plan: as kept with the row, and as it comes out now."""

    name: str
    stored: float
    now: float
    allowed: float

    @property
    def same(self) -> bool:
        """Whether both agree within what rounding allows."""
        return abs(self.stored - self.now) <= self.allowed


@dataclass(frozen=True)
class Judged:
    """A plan, its acts, and what the judge says of it today."""

    row: PlanRow
    acts: tuple[Event, ...]
    verdict: Verdict | None  # None: no judgement possible, `fault` says why
    fault: str
    figures: tuple[Figure, ...]
    shown: tuple[Breach, ...]  # those that name nobody out of sight
    hidden: int
    gone: int  # jobs of the plan that were called off or are not in the season any more
    looked: Mapping[str, int]  # how much was judged
    later: int  # open jobs of the season that the plan did not know

    @cached_property
    def ok(self) -> bool:
        """Whether every rule is kept and every figure agrees."""
        return self.verdict is not None and self.verdict.ok and all(one.same for one in self.figures)

    @cached_property
    def by_rule(self) -> list[tuple[str, int]]:
        """Breaches by rule, most first."""
        found = Counter(breach.rule.value for breach in self.verdict.breaches) if self.verdict else Counter()
        return found.most_common()


def judge(scope: Scope, plan_id: int) -> Judged:
    """Judge a plan in sight; changes nothing.

    Raises:
        NotFound: no such plan in reach.
    """
    row = PlanRow.objects.select_related("season", "org", "made_by", "made_from").get_seen(scope, pk=plan_id)
    acts = tuple(seen_acts(scope).filter(about=f"plan:{row.pk}").order_by("at", "pk"))
    plan = plan_of(row)
    rows = season_rows(row.season, jobs=JobStatus.values)
    named = _named(plan)
    known = [job for job in rows.jobs if rows.key(job) in named]
    later = sum(rows.key(job) not in named and job.status == JobStatus.POSTED for job in rows.jobs)
    gone = len(named) - sum(job.status != JobStatus.CANCELLED for job in known)
    verdict, fault = _verdict(rows, known, plan)
    hidden_ids = _out_of_sight(scope, rows)
    breaches = verdict.breaches if verdict else ()
    shown = tuple(breach for breach in breaches if not hidden_ids & set(WORD.findall(f"{breach.where} {breach.text}")))
    return Judged(
        row=row,
        acts=acts,
        verdict=verdict,
        fault=fault,
        figures=tuple(_figures(row, plan, verdict)) if verdict else (),
        shown=shown,
        hidden=len(breaches) - len(shown),
        gone=gone,
        later=later,
        looked=_looked(plan, named),
    )


def _looked(plan: Plan, named: set[str]) -> dict[str, int]:
    """How much the judge looked at; counts of the whole plan, of which the reader may see a part."""
    return {
        "routes": len(plan.routes),
        "stops": sum(len(route.stops) for route in plan.routes),
        "crews": len(plan.crews),
        "jobs": len(named),
        "rules": len(Rule),
    }


def _named(plan: Plan) -> set[str]:
    served = {stop.job_id for route in plan.routes for stop in route.stops}
    return served | {one.job_id for one in plan.unserved}


def _verdict(rows: Rows, known: list[FieldJob], plan: Plan) -> tuple[Verdict | None, str]:
    """The judge's word on the plan's own jobs; jobs that came later are no fault of it."""
    try:
        return check_plan(to_region(replace(rows, jobs=known)), plan), ""
    except NongshiError as fault:
        return None, str(fault)


def _figures(row: PlanRow, plan: Plan, verdict: Verdict) -> Iterator[Figure]:
    """The row's own columns and the sums of its file against the sums of its stops."""
    true = verdict.totals
    stored = {name: float(getattr(plan.totals, name)) for name in (*MONEY[1:], "area_ha", "km")}
    stored |= {
        "objective_fen": float(row.objective_fen),
        "jobs_served": float(row.jobs_served),
        "jobs_unserved": float(row.jobs_unserved),
    }
    for name in (*MONEY, "area_ha", "km", "jobs_served", "jobs_unserved"):
        now = float(getattr(true, name))
        allowed = max(SUM_FEN, SUM_SHARE * abs(now)) if name in MONEY else 0.0 if name.startswith("jobs") else 0.05
        yield Figure(name=name, stored=stored[name], now=now, allowed=allowed)


def _out_of_sight(scope: Scope, rows: Rows) -> set[str]:
    """Ids of the season's machines, operators and jobs that this reader may not see."""
    seen = {
        model: set(model.objects.seen_by(scope).values_list("pk", flat=True)) for model in (Machine, Operator, FieldJob)
    }
    every = [(Machine, rows.machine_of), (Operator, rows.operator_of), (FieldJob, rows.job_of)]
    return {key for model, found in every for key, row in found.items() if row.pk not in seen[model]}
