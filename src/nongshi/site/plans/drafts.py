"""A plan worked on by hand: read once a version and kept in the process, asked often, changed step by step.

Reading a plan with its rows takes most of a second, asking it what a job would cost elsewhere some milliseconds; so
the last few plans are kept, each behind a lock. A change makes the next version from what is there.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.utils import timezone

from nongshi.core import plan as core
from nongshi.core.errors import NongshiError, NotPlannable
from nongshi.core.region import Region
from nongshi.dispatch.edit import NoPlaceThere, fit_plan, strip_plan
from nongshi.dispatch.lift import Lifter
from nongshi.dispatch.quote import Quoter
from nongshi.files.plan_files import parse_plan
from nongshi.site.jobs.models import KNOWN_STATUSES, OPEN_STATUSES, FieldJob, JobStatus
from nongshi.site.plans.facts import with_facts
from nongshi.site.plans.models import PlanRow, PlanState, Season
from nongshi.site.plans.pins import Pins, fixed_jobs, with_windows
from nongshi.site.plans.regions import Rows, season_rows, to_region
from nongshi.site.register.models import Licence, Machine, Operator

KEPT_MAX = 6  # plans in memory: a few dispatchers, each at one
STAMP_S = 1.0  # a change of the register is noticed so late at most
LIFTED_MAX = 40  # jobs of a plan whose places are remembered
NOW_STEP_MIN = 10  # minutes: how often "now" of a running season moves on
BEGUN = (JobStatus.WORKING, JobStatus.DONE, JobStatus.CONFIRMED, JobStatus.DISPUTED)


@dataclass
class Loaded:
    """One version of a plan with the rows it is made of, ready to be asked."""

    plan_id: int
    version: int
    season: Season
    rows: Rows
    region: Region
    plan: core.Plan
    pins: Pins
    stamp: tuple[object, ...]
    kept: dict[Any, Any] = field(default_factory=dict)  # what others make of it once: answers ready to be sent
    lock: threading.RLock = field(default_factory=threading.RLock)
    seen_at: float = 0.0
    _lifter: Lifter | None = None
    _warming: bool = False
    _lifted: "OrderedDict[str, tuple[Quoter, float]]" = field(default_factory=OrderedDict)

    @property
    def tz(self) -> ZoneInfo:
        """The season's zone."""
        return self.region.tz

    def begun(self) -> list[str]:
        """Jobs on which work has begun."""
        return [key for key, job in self.rows.job_of.items() if job.status in BEGUN]

    def fixed(self) -> Mapping[str, str]:
        """Jobs that stay as planned, and why."""
        if "fixed" not in self.kept:
            self.kept["fixed"] = fixed_jobs(self.plan, self.pins, self.begun())
        found: Mapping[str, str] = self.kept["fixed"]
        return found

    @property
    def lifter(self) -> Lifter:
        """The plan read for questions; what is fixed stays.

        Raises:
            NotPlannable: the plan does not hold any more, as things are now.
        """
        with self.lock:
            if self._lifter is None:
                held = with_windows(self.region, self.plan, self.pins, self.fixed())
                try:
                    self._lifter = Lifter(held, self.plan)
                except ValueError as error:
                    raise NotPlannable(
                        f"the plan does not hold as things are now: {error}; re-plan it by a disruption button"
                    ) from error
            return self._lifter

    def lift(self, job_id: str) -> tuple[Quoter, float]:
        """The quoter without a job, and what the job brings where it stands; ask it behind the lock."""
        with self.lock:
            found = self._lifted.get(job_id) or self.lifter.lift(job_id)
            self._lifted[job_id] = found
            self._lifted.move_to_end(job_id)
            while len(self._lifted) > LIFTED_MAX:
                self._lifted.popitem(last=False)
            return found

    def warm(self) -> None:
        """Read the plan for questions aside, so that the first one is answered as quickly as the others."""
        if self._lifter is None and not self._warming:
            self._warming = True
            threading.Thread(target=self._warm, daemon=True).start()

    def _warm(self) -> None:
        with suppress(NongshiError), self.lock:
            job = next(iter(self.lifter.region.jobs), None)
            if job is not None:
                self.lift(job.id)[0].best_by_machine(job)

    def once(self, name: Any, make: Callable[[], Any]) -> Any:
        """What is made once a version."""
        with self.lock:
            if name not in self.kept:
                self.kept[name] = make()
            return self.kept[name]


_kept: OrderedDict[int, Loaded] = OrderedDict()
_lock = threading.Lock()


def load(row: PlanRow, *, stale_s: float | None = None) -> Loaded:
    """The kept reading of a plan, or a new one where the plan or the rows it is made from have changed.

    `row` may come without its text (`.defer("packed")`): it is read only where needed. A change of rows less than
    `stale_s` ago may go unnoticed; None: STAMP_S.
    """
    stale_s = STAMP_S if stale_s is None else stale_s
    now = time.monotonic()
    with _lock:
        found = _kept.get(row.pk)
    if found is not None and found.version == row.version and now - found.seen_at < stale_s:
        return found
    stamp = stamp_of(row.season)
    if found is None or found.version != row.version or found.stamp != stamp:
        found = _read(row, stamp)
    found.seen_at = now
    _keep(found)
    return found


def put(row: PlanRow, before: Loaded, plan: core.Plan) -> Loaded:
    """What a change made of a plan, kept once the change is: nobody has to read it again."""
    made = Loaded(
        plan_id=row.pk,
        version=row.version,
        season=before.season,
        rows=before.rows,
        region=before.region,
        plan=plan,
        pins=pins_of(row, before.season),
        stamp=before.stamp,
        seen_at=before.seen_at,
    )
    transaction.on_commit(lambda: _keep(made))
    return made


def _keep(loaded: Loaded) -> None:
    with _lock:
        _kept[loaded.plan_id] = loaded
        _kept.move_to_end(loaded.plan_id)
        while len(_kept) > KEPT_MAX:
            _kept.popitem(last=False)


def _read(row: PlanRow, stamp: tuple[object, ...]) -> Loaded:
    season = Season.objects.get(pk=row.season_id)
    plan = read_plan(row)
    rows, region = plan_rows(season, plan)
    if needs_fit(plan, region):
        try:
            plan = fit_plan(region, plan)
        except NoPlaceThere:  # it does not hold any more; what is wrong is told by the verifier
            plan = strip_plan(region, plan)
    return Loaded(
        plan_id=row.pk,
        version=row.version,
        season=season,
        rows=rows,
        region=region,
        plan=plan,
        pins=pins_of(row, season),
        stamp=stamp,
    )


def read_plan(row: PlanRow) -> core.Plan:
    """The plan that a row keeps."""
    return parse_plan(row.text, ZoneInfo(row.season.zone), file=f"plan {row.number}")


def plan_rows(season: Season, plan: core.Plan) -> tuple[Rows, Region]:
    """Rows and region for a plan of a season: what is still to be done, and what of the plan is begun or done."""
    named = {stop.job_id for route in plan.routes for stop in route.stops}
    every = season_rows(season, jobs=KNOWN_STATUSES)
    jobs = [job for job in every.jobs if job.status in OPEN_STATUSES or every.key(job) in named]
    rows = replace(every, jobs=jobs)
    return rows, with_facts(to_region(rows), season.head.get("facts", {}))


def needs_fit(plan: core.Plan, region: Region) -> bool:
    """Whether a plan names other jobs, machines or people than there are."""
    named = {stop.job_id for route in plan.routes for stop in route.stops} | {out.job_id for out in plan.unserved}
    machines = {route.machine_id for route in plan.routes} | {crew.machine_id for crew in plan.crews}
    people = {crew.operator_id for crew in plan.crews}
    return (
        named != set(region.job_of) or not machines <= set(region.machine_of) or not people <= set(region.operator_of)
    )


def pins_of(row: PlanRow, season: Season) -> Pins:
    """A plan's pins; in a running season all before now stays, too."""
    tz = ZoneInfo(season.zone)
    pins = Pins.read(row.pins, tz)
    now = _now(tz)
    if row.state != PlanState.DRAFT or now.date() < season.start_date:
        return pins
    return replace(pins, until=max(now, pins.until or now))


def _now(tz: ZoneInfo) -> datetime:
    now = timezone.now().astimezone(tz)
    return now.replace(second=0, microsecond=0) - timedelta(minutes=now.minute % NOW_STEP_MIN)


def stamp_of(season: Season) -> tuple[object, ...]:
    """What changes when anything that a plan is read from changes; two questions, since it is asked all the time."""
    org_ids = [member.org_id for member in season.members.all() if member.agreed]
    tz = ZoneInfo(season.zone)
    now = _now(tz) if timezone.now().astimezone(tz).date() >= season.start_date else None
    with connection.cursor() as cursor:
        cursor.execute(*_stamp_sql(season, org_ids))
        return (*org_ids, *cursor.fetchone(), now)


def _stamp_sql(season: Season, org_ids: Sequence[int]) -> tuple[str, list[Any]]:
    """(words, parameters) of one row: how many rows there are, how many jobs are open, and when each last changed."""
    within = f"org_id IN ({', '.join(['%s'] * len(org_ids)) or 'NULL'})"
    operators = Operator._meta.db_table
    asked: list[tuple[str, list[Any]]] = [
        (f"SELECT changed FROM {Season._meta.db_table} WHERE id = %s", [season.pk]),
        (
            f"SELECT COUNT(*) FROM {Licence._meta.db_table} WHERE operator_id IN "
            f"(SELECT id FROM {operators} WHERE {within})",
            [*org_ids],
        ),
        (
            f"SELECT COUNT(*) FROM {FieldJob._meta.db_table} WHERE {within} "
            f"AND status IN ({', '.join(['%s'] * len(OPEN_STATUSES))})",
            [*org_ids, *OPEN_STATUSES],
        ),
    ]
    for table in (Machine._meta.db_table, operators, FieldJob._meta.db_table):
        asked += [(f"SELECT {what} FROM {table} WHERE {within}", [*org_ids]) for what in ("COUNT(*)", "MAX(changed)")]
    return f"SELECT {', '.join(f'({sql})' for sql, _ in asked)}", [one for _, given in asked for one in given]
