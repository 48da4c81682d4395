"""Rows for the tests of what is sent out: a cooperative's field, machine, operator, job, plan and work orders."""

from datetime import datetime, timedelta
from typing import Any

import shapely
from django.test import Client
from django.utils import timezone
from tests.site.world import make_person

from nongshi.site.base.models import Org, Person
from nongshi.site.base.rights import RoleKind
from nongshi.site.jobs.models import FieldJob
from nongshi.site.plans.models import OrderState, PlanRow, PlanState, Season, WorkOrder
from nongshi.site.register.models import Field, Machine, Operator

HOUR = timedelta(hours=1)


def make_field(org: Org, ref: str = "F1", *, lon: float = 121.2, lat: float = 30.8, **more: Any) -> Field:
    field = Field(
        org=org,
        ref=ref,
        name=f"廊下{ref}",
        place="廊下镇",
        area_ha=1.0,
        gate_lon=lon,
        gate_lat=lat,
        crop="rice",
        **more,
    )
    field.set_geometry(shapely.box(lon, lat, lon + 0.001, lat + 0.001)).save()
    return field


def make_machine(org: Org, ref: str = "M1", **more: Any) -> Machine:
    return Machine.objects.create(org=org, ref=ref, machine_class="combine", yard_lon=121.21, yard_lat=30.81, **more)


def make_operator(org: Org, ref: str = "O1", *, login: str = "") -> Operator:
    person = make_person(org, RoleKind.OPERATOR, name=f"机手{ref}", login=login)
    return Operator.objects.create(org=org, ref=ref, person=person)


def make_job(field: Field, ref: str = "J1", *, open_at: datetime | None = None, **more: Any) -> FieldJob:
    open_at = open_at or timezone.now().replace(microsecond=0)
    return FieldJob.objects.create(
        org=field.org, ref=ref, field=field, grower=field.grower, operation="rice_harvest", area_ha=1.0, open=open_at,
        due=open_at + 48 * HOUR, close=open_at + 72 * HOUR, value_fen=100_000, loss_curve="rice_harvest", **more,
    )  # fmt: skip


def make_plan(org: Org) -> PlanRow:
    season = Season.objects.create(org=org, name="收割", start_date=timezone.localdate())
    return PlanRow.objects.create(org=org, season=season, number=1, state=PlanState.PUBLISHED, packed=b"")


def make_order(
    plan: PlanRow, job: FieldJob, machine: Machine, operator: Operator | None = None, *, hour: int = 24, **more: Any
) -> WorkOrder:
    start = timezone.now().replace(microsecond=0) + hour * HOUR
    return WorkOrder.objects.create(
        org=job.org, plan=plan, job=job, machine=machine, operator=operator, area_ha=1.0, start=start,
        end=start + 2 * HOUR, **more,
    )  # fmt: skip


def withdraw(order: WorkOrder) -> None:
    WorkOrder.objects.filter(pk=order.pk).update(state=OrderState.WITHDRAWN)


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person.user)
    return client
