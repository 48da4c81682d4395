"""What one more job would cost and when somebody would come: the plan in force, asked by exact insertion.

Reading a plan takes a while, asking it does not: the last few quoters are kept in the process, each behind a lock.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, Max, Q
from django.utils import timezone

from nongshi.agronomy import LOSS_CURVES
from nongshi.core import plan as core
from nongshi.core import region as nouns
from nongshi.core.errors import NotPlannable
from nongshi.dispatch.explain_job import why_none
from nongshi.dispatch.explain_words import Line
from nongshi.dispatch.quote import Offer, Quoter
from nongshi.site.jobs.assumptions import price_range_fen
from nongshi.site.jobs.models import KNOWN_STATUSES, FieldJob, JobStatus
from nongshi.site.plans.facts import with_facts
from nongshi.site.plans.models import PlanRow, PlanState, Season
from nongshi.site.plans.regions import Rows, season_rows, to_field, to_job, to_region
from nongshi.site.plans.services import plan_of
from nongshi.site.register.models import Machine, Operator

KEPT_MAX = 8  # quoters in memory: the seasons of a district
STAMP_S = 1.0  # a change of the register is noticed so late at most
NOTICE_MIN = 60  # assumption: nobody comes within the hour
OFFERS_MAX = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One way to serve a job in the plan in force."""

    start: datetime
    end: datetime
    machine: Machine
    operator: Operator | None
    gain_fen: float  # change of the plan's value
    km: float  # more than now
    offer: Offer


@dataclass(frozen=True, slots=True, kw_only=True)
class JobQuote:
    """The price and the likely hours of a job."""

    price_fen: tuple[int, int]  # least and most, by the table of operations
    plan: PlanRow | None  # None: no plan is in force for these days
    places: tuple[Place, ...] = ()  # best first
    why: Line | None = None  # why there is no place

    @property
    def hours(self) -> tuple[datetime, datetime] | None:
        """When work likely begins: earliest and latest start of the best places."""
        starts = [place.start for place in self.places]
        return (min(starts), max(starts)) if starts else None


class PlanQuoter:
    """The quoter of one plan with the rows it was made from."""

    def __init__(self, plan: PlanRow) -> None:
        every = season_rows(plan.season, jobs=(*KNOWN_STATUSES, JobStatus.CANCELLED))
        gone = {every.key(job) for job in every.jobs if job.status == JobStatus.CANCELLED}
        self.rows: Rows = replace(every, jobs=[job for job in every.jobs if every.key(job) not in gone])
        region = _every_curve(to_region(self.rows))
        self.region = with_facts(region, plan.season.head.get("facts", {}))
        self.plan = _without(plan_of(plan), gone)
        self.tz = ZoneInfo(plan.season.zone)
        self.quoter = Quoter(self.region, self.plan)
        self.lock = threading.Lock()
        self.seen_at = time.monotonic()

    def places(
        self, job: FieldJob, count: int = OFFERS_MAX, *, explain: bool = True
    ) -> tuple[tuple[Place, ...], Line | None]:
        """The best places of a job that the plan does not serve, and why there is none (takes ten times as long)."""
        noun, field = self._nouns(job)
        with self.lock:
            offers = self.quoter.quote(noun, field, offers_max=count, displace=False).offers
            why = None if offers or not explain else why_none(self.quoter, noun, field)
        return tuple(self._place(offer) for offer in offers), why

    def _nouns(self, job: FieldJob) -> tuple[nouns.Job, nouns.Field | None]:
        noun = to_job(job, self.rows, self.tz)
        soonest = timezone.now().astimezone(self.tz) + timedelta(minutes=NOTICE_MIN)
        noun = replace(noun, open=max(noun.open, min(soonest, noun.due)))
        known = self.region.field_of.get(noun.field_id)
        return noun, None if known is not None else to_field(job.field, self.rows)

    def _place(self, offer: Offer) -> Place:
        first = min(offer.pieces, key=lambda piece: piece.start)
        return Place(
            start=first.start,
            end=max(piece.end for piece in offer.pieces),
            machine=self.rows.machine_of[first.machine_id],
            operator=self.rows.operator_of.get(first.operator_id),
            gain_fen=offer.gain_fen,
            km=offer.km,
            offer=offer,
        )


_kept: OrderedDict[tuple[object, ...], PlanQuoter] = OrderedDict()
_lock = threading.Lock()


def quote_job(job: FieldJob, *, explain: bool = True) -> JobQuote:
    """The price range and the likely hours of a job, kept or not.

    Whoever asks must have been allowed to see the job's field; machines of others in the answer are theirs to hide.
    """
    return quote_jobs([job], explain=explain)[0]


def quote_jobs(jobs: Sequence[FieldJob], count: int = OFFERS_MAX, *, explain: bool = True) -> list[JobQuote]:
    """Each job as if it were the only new one; plans and quoters are looked up once for all of them."""
    plans: dict[int, list[PlanRow]] = {}
    quoters: dict[int, PlanQuoter] = {}
    quotes = []
    for job in jobs:
        price_fen = price_range_fen(job.operation, job.area_ha)
        if job.org_id not in plans:
            plans[job.org_id] = plans_in_force(job.org_id)
        plan = next((one for one in plans[job.org_id] if _overlaps(one.season, job)), None)
        if plan is None:
            quotes.append(JobQuote(price_fen=price_fen, plan=None))
            continue
        if plan.pk not in quoters:
            quoters[plan.pk] = quoter_of(plan)
        places, why = quoters[plan.pk].places(job, count, explain=explain)
        quotes.append(JobQuote(price_fen=price_fen, plan=plan, places=places, why=why))
    return quotes


def find_plan(job: FieldJob) -> PlanRow | None:
    """The plan in force in whose days a job's window begins or ends, of a season that its organisation plans in."""
    return next((plan for plan in plans_in_force(job.org_id) if _overlaps(plan.season, job)), None)


def plans_in_force(org_id: int) -> list[PlanRow]:
    """Published plans of the seasons that an organisation agreed to, latest season first."""
    return list(
        PlanRow.objects.filter(state=PlanState.PUBLISHED, season__members__org_id=org_id, season__members__agreed=True)
        .select_related("season")
        .defer("packed")
        .order_by("-season__start_date", "-published_at")
    )


def quoter_of(plan: PlanRow) -> PlanQuoter:
    """The kept quoter of a plan, or a new one where rows that it was made from have changed since.

    Raises:
        NotPlannable: the season has nothing to plan with any more.
    """
    now = time.monotonic()
    name = (plan.pk, plan.version, plan.changed)
    with _lock:
        found = next((one for key, one in _kept.items() if key[:3] == name), None)
        if found is not None and now - found.seen_at < STAMP_S:
            return found
    stamp = (*name, *_stamp(plan.season))
    with _lock:
        found = _kept.get(stamp)
        if found is None:
            found = PlanQuoter(PlanRow.objects.select_related("season").get(pk=plan.pk))
            for key in [key for key in _kept if key[0] == plan.pk]:
                del _kept[key]
            _kept[stamp] = found
            while len(_kept) > KEPT_MAX:
                _kept.popitem(last=False)
        found.seen_at = now
        _kept.move_to_end(stamp)
    return found


def check_doable(job: FieldJob) -> None:
    """Refuse a job that no machine of its season can do at all.

    Raises:
        NotPlannable: no machine there has a rate for the operation.
    """
    plan = find_plan(job)
    if plan is None:
        return
    doing = {rate["machine_class"] for rate in plan.season.head["work_rates"] if rate["operation"] == job.operation}
    org_ids = _members(plan.season)
    if not Machine.objects.filter(org_id__in=org_ids, machine_class__in=doing).exists():
        raise NotPlannable(
            f"no machine of the season {plan.season} does {job.operation}; "
            "choose another operation, or ask your cooperative for a machine from outside"
        )


def _every_curve(region: nouns.Region) -> nouns.Region:
    """The region with every loss curve of the table: a job that is quoted may follow one that no job of it follows."""
    known = {curve.id for curve in region.loss_curves}
    missing = tuple(curve.curve() for name, curve in LOSS_CURVES.items() if name not in known)
    return replace(region, loss_curves=(*region.loss_curves, *missing))


def _without(plan: core.Plan, job_ids: Iterable[str]) -> core.Plan:
    """The plan without the stops of jobs called off since."""
    gone = set(job_ids)
    if not gone:
        return plan
    routes = (replace(r, stops=tuple(s for s in r.stops if s.job_id not in gone)) for r in plan.routes)
    return replace(
        plan,
        routes=tuple(route for route in routes if route.stops),
        unserved=tuple(one for one in plan.unserved if one.job_id not in gone),
        lots=tuple(lot for lot in plan.lots if lot.job_id not in gone),
    )


def _overlaps(season: Season, job: FieldJob) -> bool:
    zone = ZoneInfo(season.zone)
    first, last = season.start_date, season.start_date + timedelta(days=season.horizon_days - 1)
    return job.open.astimezone(zone).date() <= last and job.close.astimezone(zone).date() >= first


def _members(season: Season) -> list[int]:
    return [member.org_id for member in season.members.all() if member.agreed]


def _stamp(season: Season) -> tuple[object, ...]:
    """What changes when machines, operators or the jobs that a plan names change."""
    within = {"org_id__in": _members(season)}
    return (
        *Season.objects.filter(pk=season.pk).values_list("changed", flat=True),
        *Machine.objects.filter(**within).aggregate(n=Count("pk"), at=Max("changed")).values(),
        *Operator.objects.filter(**within).aggregate(n=Count("pk"), at=Max("changed")).values(),
        FieldJob.objects.filter(**within).aggregate(n=Count("pk", filter=Q(status=JobStatus.CANCELLED)))["n"],
    )
