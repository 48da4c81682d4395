"""Rows for tests of the owner's desk: two machines, a season of known hours, orders done and planned."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from tests.site.cab.day import LAT, LON, Day, at
from tests.site.world import make_person

from nongshi.site.base.rights import RoleKind
from nongshi.site.base.scope import Scope
from nongshi.site.base.services import scope_of
from nongshi.site.jobs.models import FieldJob, JobStatus
from nongshi.site.plans.models import OrderState, WorkOrder
from nongshi.site.register.models import Machine

HOURS_A_DAY = 10  # 7:00 to 17:00


class Fleet:
    """An owner of two combines; the season began three days ago and lasts ten."""

    def __init__(self, *, code: str = "langxia", login: str = "owner1") -> None:
        self.day = Day(0, code=code, login=f"{login}-driver")
        self.org = self.day.org
        self.person = make_person(self.org, RoleKind.OWNER, name="陈老板", login=login)
        self.first = self._machine("M1", "久保田 1 号", width_m=2.0)
        self.second = self._machine("M2", "沃得 2 号", width_m=None)
        self.season = self.day.season
        self.season.start_date = timezone.localdate() - timedelta(days=3)
        self.season.horizon_days = 10
        self.season.head = {"workdays": [self._workday(n) for n in range(10)]}
        self.season.save()

    def _machine(self, ref: str, name: str, **more: Any) -> Machine:
        values = {"name": name, "machine_class": "combine-full", "owner": self.person, "yard_lon": LON, "yard_lat": LAT}
        return Machine.objects.update_or_create(org=self.org, ref=ref, defaults=values | more)[0]

    def _workday(self, number: int) -> dict[str, Any]:
        day = self.season.start_date + timedelta(days=number)
        return {"date": day.isoformat(), "machine_class": "*", "start": "07:00:00", "end": "17:00:00"}

    def add_done(self, number: int, began: datetime, ended: datetime, **more: Any) -> WorkOrder:
        """One order that was worked."""
        return self._add(number, state=OrderState.DONE, began_at=began, ended_at=ended, start=began, end=ended, **more)

    def add_planned(self, number: int, start: datetime, hours: float, **more: Any) -> WorkOrder:
        """One that is to come."""
        return self._add(number, start=start, end=start + timedelta(hours=hours), **more)

    def _add(self, number: int, **more: Any) -> WorkOrder:
        return self.day.add(number, machine=more.pop("machine", self.first), **more)

    def add_open(self, number: int, **more: Any) -> FieldJob:
        """A job that no plan serves."""
        job = self.day.add_job(number)
        for name, value in {"status": JobStatus.POSTED, **more}.items():
            setattr(job, name, value)
        job.save()
        return job

    @property
    def scope(self) -> Scope:
        """The owner's."""
        return scope_of(self.person)


def yesterday(hour: float) -> datetime:
    """An hour of yesterday."""
    return at(hour, -1)
