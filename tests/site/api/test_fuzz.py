"""No request made from the schema, sound or broken, ends in a fault of ours; every answer is as described."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone
from tests.site.api import fuzz

from nongshi.site.base import api_http
from nongshi.site.base.models import Org, Person, User
from nongshi.site.base.scope import EVERYTHING
from nongshi.site.jobs.models import FieldJob, JobStatus
from nongshi.site.money.models import AccountKind, Netting, NettingTransfer, Payment, Statement
from nongshi.site.money.services import account_of, post
from nongshi.site.orders.models import OrderRow
from nongshi.site.plans import services
from nongshi.site.plans.models import Notice, PlanRow, WorkOrder
from nongshi.site.register.models import CodeTable, Dryer, Field, Lending, Machine, Operator, Yard
from nongshi.site.work.models import Run

ROLES = ("dispatcher", "officer", "farmer")


@pytest.fixture
def planned(demo: Any, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The demo with a plan in force and one more draft; a row of each kind that farmer or dispatcher reaches."""
    settings.API_RATE = 10**9
    monkeypatch.setattr(api_http, "STRANGER_RATE", 10**9)
    for _ in range(2):
        services.make_plan({"season": demo.pk, "iterations": 50}, lambda share, words: None)
    first, draft = PlanRow.objects.order_by("pk")
    services.publish(EVERYTHING, first.pk, first.version)
    farmer = User.objects.get(username="farmer").person
    org, third = farmer.org, Org.objects.get(code="lvxiang-coop")
    field = Field.objects.filter(grower=farmer).first()
    jobs = list(FieldJob.objects.filter(field=field))
    done = FieldJob.objects.filter(org=org).exclude(pk=jobs[0].pk).first()
    FieldJob.objects.filter(pk=done.pk).update(status=JobStatus.DONE, grower=farmer)
    today = timezone.localdate()
    CodeTable.objects.create(name="crops", edition="1", source="test")
    return SimpleNamespace(
        **_orders_and_books(org, jobs[0], farmer),
        org=org,
        third=third,
        no_table=SimpleNamespace(pk=999_999),
        person=farmer,
        field=field,
        machine=Machine.objects.create(org=org, ref="M", machine_class="combine-s", yard_lon=121.2, yard_lat=30.8),
        operator=Operator.objects.create(org=org, ref="O", person=farmer),
        dryer=Dryer.objects.create(org=org, ref="D", lon=121.2, lat=30.8, t_day=60, hold_t=9),
        yard=Yard.objects.create(org=org, ref="Y", name="Y", lon=121.2, lat=30.8),
        lending=Lending.objects.create(org=org, to=third, what="machine", since=today, until=today),
        job=jobs[0],
        done=done,
        season=demo,
        plan=draft,
        work_order=WorkOrder.objects.filter(org=org).first(),
        run=Run.objects.create(org=org, kind="plan"),
        notice=Notice.objects.filter(person=farmer).first() or Notice.objects.create(org=org, person=farmer, text="x"),
    )


def _orders_and_books(org: Org, job: FieldJob, farmer: Person) -> dict[str, Any]:
    """Orders in three states, and books with a payment, a statement and a netting."""
    jobs = [job, *FieldJob.objects.filter(org=org, status=JobStatus.PLANNED).exclude(pk=job.pk)[:2]]
    states, now = ("quoted", "draft", "in_work"), timezone.now()
    priced = {"price": [["area", 90_000]], "price_fen": 90_000, "booked_ha": 1.0}
    order, draft, worked = (
        OrderRow.objects.create(org=org, job=one, state=state, start=now, held_until=now + timedelta(hours=9), **priced)
        for one, state in zip(jobs, states, strict=True)
    )
    account, coop = account_of(org.pk, AccountKind.FARMER, farmer.pk), account_of(org.pk, AccountKind.COOP)
    post("booking:0", "settlement", {account.pk: -90_000, coop.pk: 90_000})
    day = timezone.localdate() - timedelta(days=9)
    closed = {"first": day, "last": day, "opening_fen": 0, "closing_fen": 0}
    netting = Netting.objects.create(org=org, state="accepted")
    return {
        "order": order,
        "draft": draft,
        "worked": worked,
        "account": account,
        "payment": Payment.objects.create(org=org, account=account, provider="sandbox", ref="R", amount_fen=90_000),
        "statement": Statement.objects.create(org=org, account=account, **closed),
        "netting": netting,
        "transfer": NettingTransfer.objects.create(netting=netting, payer=account, payee=coop, amount_fen=90_000),
    }


@pytest.mark.fuzz
@pytest.mark.parametrize("role", ROLES)
def test_every_operation_holds(planned: Any, caller: Any, role: str) -> None:
    head = caller(role).head
    with fuzz.kept_connection():
        assert fuzz.ask_each(fuzz.make_schema(), head, planned) == []


@pytest.mark.fuzz
@pytest.mark.parametrize("role", ROLES)
def test_chains_along_the_links_hold(planned: Any, caller: Any, role: str) -> None:
    head = caller(role).head
    with fuzz.kept_connection():
        fuzz.follow_links(fuzz.make_schema(), head)
