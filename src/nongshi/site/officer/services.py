"""From rows in the officer's reach to facts that can be counted."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from django.utils import timezone

from nongshi.agronomy import LOSS_CURVES
from nongshi.core.region import LossCurve
from nongshi.site.base.models import Event, Org, OrgKind
from nongshi.site.base.rights import RoleKind
from nongshi.site.base.scope import Held, Scope
from nongshi.site.jobs.models import FieldJob, JobStatus
from nongshi.site.officer.figures import (
    Day,
    JobFacts,
    Progress,
    Short,
    by_day,
    exceptions,
    progress,
    progress_by,
    shortage,
)
from nongshi.site.plans.models import OrderState, PlanRow, PlanState, Season, WorkOrder
from nongshi.site.plans.regions import season_rows
from nongshi.site.plans.services import plan_of

FINISHED = (JobStatus.DONE, JobStatus.CONFIRMED, JobStatus.DISPUTED)
NO_LOSS = LossCurve(id="none", days_late=(0.0,), loss_share=(0.0,))


@dataclass(frozen=True)
class Standing:
    """How the season stands for one reader at one moment."""

    season: Season
    facts: tuple[JobFacts, ...]
    now: datetime
    plan: PlanRow | None
    machines_today: int
    operators_today: int
    rain_days: tuple[date, ...]
    posted: int  # since the period's first day
    finished: int
    since: date

    @cached_property
    def all(self) -> Progress:
        """Sums of everything in reach."""
        return progress(self.facts, self.now)

    @cached_property
    def towns(self) -> list[tuple[str, Progress]]:
        """By town."""
        return progress_by(self.facts, lambda one: one.town, self.now)

    @cached_property
    def operations(self) -> list[tuple[str, Progress]]:
        """By operation."""
        return progress_by(self.facts, lambda one: one.operation, self.now)

    @cached_property
    def cells(self) -> list[tuple[tuple[str, str], Progress]]:
        """By town and operation."""
        return progress_by(self.facts, lambda one: (one.town, one.operation), self.now)

    @cached_property
    def short(self) -> list[Short]:
        """What the plan in force leaves out, by reason."""
        return shortage(self.facts)

    @cached_property
    def short_by_town(self) -> list[tuple[str, list[Short]]]:
        """The same by town."""
        towns = sorted({one.town for one in self.facts})
        found = [(town, shortage(one for one in self.facts if one.town == town)) for town in towns]
        return [(town, short) for town, short in found if short]

    @cached_property
    def worst(self) -> list[JobFacts]:
        """Late jobs and those without a place, worst first."""
        return exceptions(self.facts, self.now)

    @cached_property
    def days(self) -> list[Day]:
        """Due, planned and done by day of the season."""
        first = self.season.start_date
        days = [first + timedelta(days=k) for k in range(self.season.horizon_days)]
        return by_day(self.facts, days, _day)


def only_officer(scope: Scope) -> Scope:
    """The scope of somebody's roles as officer, without their other ones."""
    held = tuple(role for role in scope.held if role.kind == RoleKind.OFFICER)
    return Scope(person_id=scope.person_id, held=held, token_rights=scope.token_rights)


def officer_of(org: Org) -> Scope:
    """What an officer of an organisation reaches: for reports and open data that nobody asks for by name."""
    below = Org.objects.filter(path__startswith=org.path).exclude(pk=org.pk).values_list("pk", flat=True)
    return Scope(held=(Held(RoleKind.OFFICER, org.pk, below=frozenset(below)),))


def seasons_of(scope: Scope) -> list[Season]:
    """Seasons in sight, newest first."""
    return list(Season.objects.seen_by(scope).distinct())


def stand(scope: Scope, season: Season, *, period_days: int = 1, now: datetime | None = None) -> Standing:
    """Everything that pages, wall and report show of a season."""
    now = now or timezone.now()
    plan = PlanRow.objects.filter(season=season, state=PlanState.PUBLISHED).seen_by(scope).distinct().first()
    rows = season_rows(season, jobs=JobStatus.values) if plan is not None else None
    reasons = {}
    if plan is not None and rows is not None:
        unserved = plan_of(plan).unserved
        reasons = {rows.job_of[one.job_id].pk: one.reason.value for one in unserved if one.job_id in rows.job_of}
    orders = WorkOrder.objects.seen_by(scope).filter(plan__season=season).exclude(state=OrderState.WITHDRAWN).distinct()
    today = _day(now)
    active = [order for order in orders if _day(order.start) <= today <= _day(order.end)]
    since = today - timedelta(days=period_days - 1)
    jobs = _jobs(scope, season)
    posted = Event.objects.filter(
        name="JobPosted", at__date__gte=since, org_id__in={job.org_id for job in jobs}
    ).count()
    return Standing(
        season=season,
        facts=tuple(_facts(jobs, orders, reasons, season)),
        now=now,
        plan=plan,
        machines_today=len({order.machine_id for order in active}),
        operators_today=len({order.operator_id for order in active if order.operator_id}),
        rain_days=rain_days(season, today),
        posted=posted,
        finished=sum(job.status in FINISHED and _day(job.changed) >= since for job in jobs),
        since=since,
    )


def rain_days(season: Season, since: date) -> tuple[date, ...]:
    """Days from a day on that have no work hours for some class of machine."""
    dry = {w["date"] for w in season.head.get("workdays", []) if w["start"] is None}
    return tuple(day for day in sorted(map(date.fromisoformat, dry)) if day >= since)


def town_names() -> Mapping[int, str]:
    """By organisation: the town that it lies in, else its own name; in the reader's language."""
    orgs = {org.pk: org for org in Org.objects.all()}

    def town(org: Org) -> str:
        line = [orgs[pk] for pk in reversed(org.lineage) if pk in orgs]
        return str(next((one for one in line if one.kind == OrgKind.TOWN), org))

    return {pk: town(org) for pk, org in orgs.items()}


def _jobs(scope: Scope, season: Season) -> list[FieldJob]:
    first = season.start_date - timedelta(days=30)
    last = season.start_date + timedelta(days=season.horizon_days + 30)
    members = [member.org_id for member in season.members.all() if member.agreed]
    jobs = (
        FieldJob.objects.seen_by(scope)
        .filter(org_id__in=members, open__date__lte=last, close__date__gte=first)
        .exclude(status=JobStatus.CANCELLED)
        .select_related("field")
        .distinct()
    )
    return list(jobs)


def _facts(jobs: list[FieldJob], orders: Any, reasons: Mapping[int, str], season: Season) -> list[JobFacts]:
    ends: dict[int, datetime] = {}
    starts: dict[int, datetime] = {}
    for order in orders:
        end, start = order.ended_at or order.end, order.began_at or order.start
        ends[order.job_id] = max(end, ends.get(order.job_id, end))
        starts[order.job_id] = min(start, starts.get(order.job_id, start))
    curves = {
        c["id"]: LossCurve(id=c["id"], days_late=tuple(c["days_late"]), loss_share=tuple(c["loss_share"]))
        for c in season.head.get("loss_curves", [])
    }
    towns = town_names()
    return [
        JobFacts(
            job_id=job.pk,
            ref=job.ref,
            town=towns.get(job.org_id, ""),
            operation=job.operation,
            area_ha=job.area_ha,
            value_fen=job.value_fen,
            open=job.open,
            due=job.due,
            curve=curves.get(job.loss_curve) or _table_curve(job.loss_curve),
            ends=ends.get(job.pk),
            starts=starts.get(job.pk),
            done=job.status in FINISHED,
            working=job.status == JobStatus.WORKING,
            reason=reasons.get(job.pk, "") if job.pk not in ends else "",
            grower_id=job.grower_id,
            lonlat=(job.field.gate_lon, job.field.gate_lat),
        )
        for job in jobs
    ]


def _table_curve(name: str) -> LossCurve:
    return LOSS_CURVES[name].curve() if name in LOSS_CURVES else NO_LOSS


def _day(moment: datetime) -> date:
    return timezone.localtime(moment).date()
