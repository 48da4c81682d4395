"""Work nearby that no plan serves, for an owner to look at before taking it; and the word "I could take it".

Shared sideways on purpose, and no more than this: village, operation, area, days, price and the distance from the
yard. Neither grower, nor field, nor gate; only jobs of the organisations in which somebody is an owner.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from django.db import transaction
from django.utils import timezone

from nongshi.agronomy import OPERATIONS, WORK_RATES
from nongshi.core.errors import BadUsage, NotFound
from nongshi.geo.distance import km_between
from nongshi.site.base.models import Event
from nongshi.site.base.rights import RoleKind
from nongshi.site.base.scope import Scope
from nongshi.site.base.services import log
from nongshi.site.jobs.assumptions import price_range_fen
from nongshi.site.jobs.models import FieldJob, JobStatus
from nongshi.site.owner.assumptions import NEAR_KM
from nongshi.site.owner.services import own_machines
from nongshi.site.plans.models import Notice
from nongshi.site.plans.report_words import dispatchers_of
from nongshi.site.register.models import Machine

DETOUR = 1.3  # assumption: road to straight line, as the planner's default
SHOWN_MAX = 50
OFFERED = "WorkOffered"


@dataclass(frozen=True, slots=True)
class OpenWork:
    """One job without a machine, as an owner sees it."""

    job_id: int
    place: str
    operation: str
    area_ha: float
    km: float
    hours: float
    since: datetime
    due: datetime
    price_fen: tuple[int, int]
    offered: bool  # this machine was offered already


def rates_of(machine: Machine) -> dict[str, float]:
    """What a machine's class can do, in ha/h, by operation."""
    return {
        rate.operation: rate.rate_ha_h for rate in WORK_RATES.values() if rate.machine_class == machine.machine_class
    }


def open_work(scope: Scope, machine: Machine, now: datetime) -> list[OpenWork]:
    """Jobs that fit the machine's class and have no place yet, nearest first."""
    rates = rates_of(machine)
    jobs = list(_open_jobs(scope, rates, now).select_related("field"))
    if not jobs:
        return []
    lon, lat = (np.array([getattr(job.field, name) for job in jobs], dtype=float) for name in ("gate_lon", "gate_lat"))
    km = km_between(np.full_like(lon, machine.yard_lon), np.full_like(lat, machine.yard_lat), lon, lat) * DETOUR
    offered = set(Event.objects.filter(name=OFFERED, data__machine=machine.pk).values_list("about", flat=True))
    found = [
        OpenWork(
            job_id=job.pk,
            place=job.field.place or str(job.field.org),
            operation=job.operation,
            area_ha=job.area_ha,
            km=round(float(far) * 2) / 2,  # to half a kilometre: it tells no gate
            hours=job.area_ha / rates[job.operation],
            since=max(job.open, now),
            due=job.due,
            price_fen=price_range_fen(job.operation, job.area_ha),
            offered=f"job:{job.pk}" in offered,
        )
        for job, far in zip(jobs, km, strict=True)
        if far <= NEAR_KM
    ]
    return sorted(found, key=lambda one: (one.km, one.due, one.job_id))[:SHOWN_MAX]


def offer(scope: Scope, machine_id: int, job_id: int) -> bool:
    """Tell the job's dispatchers that one's machine could take it; False where it was said before.

    Raises:
        NotFound: no own machine of this number, or no job of an own organisation that it could do.
        BadUsage: the job has found a machine meanwhile.
    """
    machine = next((one for one in own_machines(scope) if one.pk == machine_id), None)
    if machine is None:
        raise NotFound(f"no machine {machine_id}")
    jobs = FieldJob.objects.filter(org_id__in=scope.orgs_as(RoleKind.OWNER), operation__in=rates_of(machine))
    with transaction.atomic():
        job = jobs.select_for_update(of=("self",)).select_related("field").filter(pk=job_id).first()
        if job is None:
            raise NotFound(f"no job {job_id}")
        if job.status != JobStatus.POSTED:
            raise BadUsage("this job has found a machine or was called off; look at the list again")
        if Event.objects.filter(name=OFFERED, about=f"job:{job.pk}", data__machine=machine.pk).exists():
            return False
        log(OFFERED, f"job:{job.pk}", scope=scope, org_id=job.org_id, machine=machine.pk)
        _tell(machine, job)
    return True


def _open_jobs(scope: Scope, rates: dict[str, float], now: datetime) -> Any:
    return FieldJob.objects.filter(
        org_id__in=scope.orgs_as(RoleKind.OWNER), operation__in=rates, status=JobStatus.POSTED, due__gt=now
    )


def _tell(machine: Machine, job: FieldJob) -> None:
    owner, operation = machine.owner, OPERATIONS[job.operation]
    who = owner.name if owner is not None else str(machine.org)
    due = timezone.localtime(job.due)
    text = f"{who}的 {machine} 可以接 {job.field} 的{operation.name_zh}（{due.month}月{due.day}日前）。"
    text_en = f"{who} could take the {operation.name_en} of {job.field} with {machine} (before {due:%Y-%m-%d})."
    Notice.objects.bulk_create(
        Notice(org_id=org_id, person=person, about=f"job:{job.pk}", text=text, text_en=text_en)
        for person, org_id in dispatchers_of([job.org_id])
    )
