"""Rows for tests of the cab: an operator's day of fields, one after the other."""

from datetime import datetime, time, timedelta
from typing import Any

import shapely
from django.utils import timezone
from tests.site.world import make_coop, make_person

from nongshi.site.base.models import Person
from nongshi.site.base.rights import RoleKind
from nongshi.site.base.scope import Scope
from nongshi.site.base.services import scope_of
from nongshi.site.jobs.models import FieldJob, JobStatus
from nongshi.site.plans.models import PlanRow, PlanState, Season, WorkOrder
from nongshi.site.register.models import Field, Licence, Machine, Operator

LON, LAT = 121.20, 30.80


class Day:
    """A cooperative with one machine, one driver, a dispatcher, and `count` fields of today."""

    def __init__(self, count: int = 3, *, code: str = "langxia", login: str = "driver", day: int = 0) -> None:
        self.org = make_coop(code)
        self.driver = make_person(self.org, RoleKind.OPERATOR, name="王师傅", login=login)
        self.dispatcher = make_person(
            self.org, RoleKind.DISPATCHER, name="李调度", login=f"{login}-desk", phone="13800000001"
        )
        self.operator = Operator.objects.create(org=self.org, ref="O1", person=self.driver)
        Licence.objects.create(
            operator=self.operator, licence_class="R", valid_until=timezone.localdate() + timedelta(days=20)
        )
        self.machine = Machine.objects.create(
            org=self.org, ref="M1", name="久保田 1 号", machine_class="combine", yard_lon=LON, yard_lat=LAT
        )
        self.season = Season.objects.create(org=self.org, name="秋收", start_date=timezone.localdate())
        self.plan = PlanRow(org=self.org, season=self.season, number=1, state=PlanState.PUBLISHED)
        self.plan.text = "{}"
        self.plan.save()
        self.orders = [self.add(number, day=day) for number in range(count)]

    def add(self, number: int, *, day: int = 0, job: FieldJob | None = None, **more: Any) -> WorkOrder:
        """One more field with its order, an hour after the one before."""
        job = job or self.add_job(number)
        start = at(6, day) + timedelta(hours=number)
        values = {
            "operator": self.operator, "machine": self.machine, "area_ha": 1.0, "km": 2.5, "start": start,
            "end": start + timedelta(minutes=50),
        }  # fmt: skip
        return WorkOrder.objects.create(org=job.org, plan=self.plan, job=job, **values | more)

    def add_job(self, number: int) -> FieldJob:
        """A field and its planned harvest."""
        lon, lat = LON + number * 0.004, LAT
        field = Field(
            org=self.org, ref=f"F{number}", name=f"廊下{number + 1}号田", area_ha=1.0, gate_lon=lon, gate_lat=lat,
            hazards="东侧有沟" if number % 2 else "",
        )  # fmt: skip
        field.set_geometry(shapely.box(lon, lat, lon + 0.001, lat + 0.001)).save()
        now = timezone.now()
        return FieldJob.objects.create(
            org=self.org, ref=f"J{number}", field=field, operation="rice_harvest", area_ha=1.0, open=now,
            due=now + timedelta(days=3), close=now + timedelta(days=5), value_fen=150000, loss_curve="rice_harvest",
            status=JobStatus.PLANNED,
        )  # fmt: skip

    @property
    def scope(self) -> Scope:
        """The driver's."""
        return scope_of(self.driver)

    @property
    def desk(self) -> Scope:
        """The dispatcher's."""
        return scope_of(self.dispatcher)


def at(hour: float, day: int = 0) -> datetime:
    """An hour of a local day; 0 is today."""
    midnight = datetime.combine(timezone.localdate() + timedelta(days=day), time())
    return timezone.make_aware(midnight) + timedelta(hours=hour)


def lent_driver(day: Day, other: Day) -> Person:
    """Another cooperative's driver, put on an order of the first."""
    day.orders[0].operator = other.operator
    day.orders[0].machine = other.machine
    day.orders[0].save()
    return other.driver
