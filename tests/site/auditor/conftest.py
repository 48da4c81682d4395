"""What an audit has to look at: the demo planned and in force, one job worked and reported, and a second district."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from tests.site.world import make_coop, make_person, plan_season

from nongshi.site.base.models import Org, Person, User
from nongshi.site.base.rights import RoleKind
from nongshi.site.base.scope import Scope
from nongshi.site.base.services import log
from nongshi.site.jobs.models import FieldJob, JobStatus
from nongshi.site.plans.models import OrderState, Report, WorkOrder
from nongshi.site.register.models import Field, Machine, Operator

ID_NUMBER = "310228196503124417"


def signed_in(login: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(username=login))
    return client


def finish(order: WorkOrder, *, hours: float | None = None, reported: bool = True) -> WorkOrder:
    """Work an order as planned, or in `hours`."""
    order.began_at = order.start
    order.ended_at = order.end if hours is None else order.start + timedelta(hours=hours)
    order.state = OrderState.DONE
    order.save()
    FieldJob.objects.filter(pk=order.job_id).update(status=JobStatus.DONE)
    if reported:
        by = order.operator.person if order.operator else None
        for kind, at in (("start", order.began_at), ("done", order.ended_at)):
            Report.objects.create(key=f"{order.pk}-{kind}", order=order, by=by, kind=kind, at=at)
    return order


def fill(season: Any) -> Any:
    """Plan the season, put the plan in force, finish the first order of the auditor's district."""
    _share_machines()
    plan = plan_season(season)
    dispatcher = User.objects.get(username="dispatcher").person
    order = WorkOrder.objects.filter(
        org__path__contains=_district_path(), machine__org__path__contains=_district_path()
    ).first()
    assert order is not None
    finish(order)
    assert order.operator is not None
    driver = order.operator.person
    assert driver is not None
    driver.set_id_number(ID_NUMBER)
    driver.save()
    scope = Scope(person_id=dispatcher.pk)
    log("JobPosted", f"job:{order.job_id}", scope=scope, org_id=order.org_id, operation="rice_harvest")
    return SimpleNamespace(season=season, plan=plan, order=order, job=order.job, driver=driver, dispatcher=dispatcher)


def _share_machines() -> None:
    """Most machines and all operators to the auditor's district; the last one stays where the small demo puts it."""
    coop = Org.objects.get(code="langxia-coop")
    outside = Machine.objects.exclude(org__path__contains=_district_path()).order_by("ref")
    stays = outside.last()
    assert stays is not None
    outside.exclude(pk=stays.pk).update(org=coop)
    Operator.objects.exclude(org__path__contains=_district_path()).update(org=coop)


def _district_path() -> str:
    return str(User.objects.get(username="auditor").person.org.path)


def stranger(name: str = "外区农户") -> Any:
    """A district of its own with an auditor, a finished job, and an act."""
    coop = make_coop("elsewhere", "外区合作社", "Elsewhere cooperative")
    assert coop.parent is not None
    person: Person = make_person(coop.parent, RoleKind.AUDITOR, login="auditor2", name=name)
    field = Field.objects.create(org=coop, ref="X1", name="外区田", area_ha=1.0, gate_lon=121.0, gate_lat=30.8)
    now = WorkOrder.objects.order_by("start").values_list("start", flat=True).first()
    assert now is not None
    job = FieldJob.objects.create(
        org=coop, ref="XJ1", field=field, operation="rice_harvest", area_ha=1.0, open=now, due=now, close=now,
        value_fen=1000, loss_curve="rice_harvest", status=JobStatus.DONE,
    )  # fmt: skip
    log("JobPosted", f"job:{job.pk}", scope=Scope(person_id=person.pk), org_id=coop.pk)
    return SimpleNamespace(org=coop, job=job, person=person)


@pytest.fixture
def audited(demo: Any) -> Any:
    return fill(demo)


@pytest.fixture
def other(audited: Any) -> Any:
    return stranger()
