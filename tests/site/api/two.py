"""Two cooperatives that know nothing of each other, each with one row of every kind, whose texts carry a mark."""

import json
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.apps import apps
from django.db import models, transaction
from django.utils import timezone
from tests.site.forecasts import drawn
from tests.site.world import make_coop, make_person

from nongshi.site.base.models import Event, Person
from nongshi.site.base.rights import RoleKind
from nongshi.site.base.rows import OrgRow
from nongshi.site.feeds.models import Webhook
from nongshi.site.forecasts.models import Forecast, SeasonFolder, WhatIf
from nongshi.site.jobs.models import FieldJob, JobStatus
from nongshi.site.money.models import (
    Account,
    CapRow,
    Netting,
    NettingTransfer,
    Payment,
    PriceRow,
    Statement,
    TermsRow,
)
from nongshi.site.money.services import post
from nongshi.site.orders.models import OrderRow, OrderTrack, Settlement
from nongshi.site.plans.models import Notice, PlanRow, PlanState, Report, Season, SeasonMember, WorkOrder
from nongshi.site.register.models import CodeTable, Dryer, Field, Lending, Licence, Machine, Operator, Yard
from nongshi.site.training.models import Answer, Certificate, Course, Enrolment, Vacancy
from nongshi.site.work.models import Run

OWN, OTHER = "OWNMARK", "OTHERMARK"
UP = frozenset({RoleKind.OFFICER, RoleKind.AUDITOR})  # hold their role in the district
HEAD = {"prefixed": False, "machine_classes": [], "work_rates": [], "workdays": [], "loss_curves": []}
EMPTY_PLAN = {
    "format": "nongshi-plan/1", "region": "", "engine": "own", "seed": 1, "cpu_s": None, "iterations": 1,
    "objective_yuan": 0.0, "bound_yuan": None, "gap": None, "crews": [], "routes": [], "unserved": [], "prices": None,
    "totals": {
        "value_yuan": 0.0, "loss_yuan": 0.0, "km": 0.0, "move_cost_yuan": 0.0, "work_cost_yuan": 0.0, "area_ha": 0.0,
        "jobs_served": 0, "jobs_unserved": 0,
    },
}  # fmt: skip


@dataclass
class Side:
    """A cooperative and its rows by name: `side.job`, `side.field` ..."""

    mark: str
    org: Any
    people: dict[RoleKind, Person]
    rows: dict[str, Any] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Any:
        try:
            return self.__dict__["rows"][name]
        except KeyError:
            raise AttributeError(name) from None


def make_two() -> tuple[Side, Side]:
    """Own and other."""
    return make_side(OWN), make_side(OTHER)


def make_side(mark: str) -> Side:
    """One cooperative."""
    org = make_coop(mark.lower(), f"{mark} coop", f"{mark} coop")
    people = {
        kind: make_person(org.parent if kind in UP else org, kind, name=f"{mark} {kind}", login=f"{mark}-{kind}")
        for kind in RoleKind
    }
    side = Side(mark, org, people)
    someone = make_person(org, name=f"{mark} someone")
    now = timezone.now()
    own: dict[str, Any] = {"org": org}
    made = side.rows
    made["person"] = someone
    made["field"] = Field.objects.create(
        **own, ref=f"{mark}-F", name=f"{mark} field", area_ha=1.0, gate_lon=121.2, gate_lat=30.8, grower=someone
    )
    made["machine"] = Machine.objects.create(
        **own, ref=f"{mark}-M", name=f"{mark} machine", machine_class="combine-s", yard_lon=121.2, yard_lat=30.8
    )
    made["operator"] = Operator.objects.create(**own, ref=f"{mark}-O", person=someone)
    made["dryer"] = Dryer.objects.create(**own, ref=f"{mark}-D", name=mark, lon=121.2, lat=30.8, t_day=60, hold_t=9)
    made["yard"] = Yard.objects.create(**own, ref=f"{mark}-Y", name=f"{mark} yard", lon=121.2, lat=30.8)
    third = make_coop(f"{mark}-third".lower(), f"{mark} third")
    day = timezone.localdate()
    made["lending"] = Lending.objects.create(**own, to=third, what="machine", since=day, until=day)
    made["third"] = third
    made["no_table"] = CodeTable(pk=999_999)
    made["job"] = _job(side, "J", JobStatus.POSTED, now)
    made["done"] = _job(side, "K", JobStatus.DONE, now)
    made["season"] = Season.objects.create(**own, name=f"{mark} season", start_date=day, horizon_days=5, head=HEAD)
    SeasonMember.objects.create(season=side.season, org=org, agreed=True)
    plan = PlanRow(**own, season=side.season, number=1, state=PlanState.DRAFT, title=f"{mark} plan")
    plan.text = json.dumps(EMPTY_PLAN | {"region": mark})
    plan.save()
    made["plan"] = plan
    made["work_order"] = WorkOrder.objects.create(
        **own, plan=plan, job=side.job, machine=side.machine, operator=side.operator, area_ha=1.0, start=now,
        end=now + timedelta(hours=1), note=mark,
    )  # fmt: skip
    made["licence"] = Licence.objects.create(operator=side.operator, licence_class="G1", valid_until=day)
    made["webhook"] = Webhook.objects.create(**own, name=f"{mark} webhook", url="https://example.org/hook")
    made["report"] = Report.objects.create(
        org=org, order=side.work_order, key=f"report-{mark}", kind="problem", at=timezone.now(), data={"words": mark}
    )
    made["run"] = Run.objects.create(**own, kind="plan", words=mark)
    made["notice"] = Notice.objects.create(**own, person=someone, about=f"job:{side.job.pk}", text=mark, text_en=mark)
    _season_ahead(side, day)
    _keep_orders(side)
    made["event"] = Event.objects.create(org=org, name="JobPosted", about=f"job:{side.job.pk}", data={"mark": mark})
    return side


def _keep_orders(side: Side) -> None:
    """An order with a held place, books with a payment, a statement and a netting, prices and terms."""
    own: dict[str, Any] = {"org": side.org}
    made, day, now = side.rows, timezone.localdate(), timezone.now()
    made["order"] = OrderRow.objects.create(
        **own, job=side.job, state="quoted", machine=side.machine, start=now + timedelta(days=1),
        end=now + timedelta(days=1, hours=2), held_until=now + timedelta(hours=9), price=[["area", 90_000]],
        price_fen=90_000, booked_ha=1.0, measured={"why": side.mark},
    )  # fmt: skip
    made["draft"] = OrderRow.objects.create(**own, job=_job(side, "L", JobStatus.POSTED, now))
    made["worked"] = OrderRow.objects.create(
        **own, job=_job(side, "W", JobStatus.WORKING, now), state="in_work", machine=side.machine, booked_ha=1.0,
        price=[["area", 90_000]], price_fen=90_000, start=now, measured={"why": side.mark},
    )  # fmt: skip
    OrderTrack.objects.create(order=side.order, device=side.mark, began=now, packed=zlib.compress(b"[]"))
    Settlement.objects.create(**own, order=side.order, posting_id="1" * 32, total_fen=1, parties=[[side.mark, 1]])
    made["account"] = Account.objects.create(**own, kind="farmer", person=side.person, holder=side.mark)
    coop = Account.objects.create(**own, kind="coop")
    post(f"booking:{side.order.pk}", "settlement", {side.account.pk: -90_000, coop.pk: 90_000})
    made["payment"] = Payment.objects.create(
        **own, account=side.account, provider="sandbox", ref=side.mark, amount_fen=90_000
    )  # fmt: skip
    made["statement"] = Statement.objects.create(
        **own, account=side.account, first=day - timedelta(days=9), last=day - timedelta(days=8), opening_fen=0,
        closing_fen=0, digest=side.mark,
    )  # fmt: skip
    made["netting"] = Netting.objects.create(**own, state="accepted", digest=side.mark)
    made["transfer"] = NettingTransfer.objects.create(
        netting=side.netting, payer=side.account, payee=coop, amount_fen=90_000
    )  # fmt: skip
    priced: dict[str, Any] = {"operation": "rice_harvest", "since": day, "per_ha_fen": 90_000, "minimum_fen": 0}
    made["price"] = PriceRow.objects.create(**own, **priced, small_ha=0, small_share=0, near_km=0, km_fen=0)
    made["cap"] = CapRow.objects.create(org=side.org.parent, **priced)
    made["terms"] = TermsRow.objects.create(
        **own, since=day, coop_share=0.1, wage="hour", wage_fen=1, notice=[[0, 0.1]], no_show_share=0.5,
        bank_holder=side.mark,
    )  # fmt: skip


def _job(side: Side, ref: str, status: Any, now: Any) -> FieldJob:
    return FieldJob.objects.create(
        org=side.org, ref=f"{side.mark}-{ref}", field=side.field, grower=side.person, operation="rice_harvest",
        area_ha=1.0, open=now, due=now + timedelta(days=2), close=now + timedelta(days=5), value_fen=100_000,
        loss_curve="rice", status=status, note=f"{side.mark} note",
    )  # fmt: skip


def _season_ahead(side: Side, day: Any) -> None:
    """A forecast, a course with somebody in it, a certificate, a vacancy with a yes."""
    own, mark, made = {"org": side.org}, side.mark, side.rows
    soon, person = day + timedelta(days=9), side.person
    made["forecast"] = Forecast(
        **own, region=mark, as_of=day, first_day=soon, weeks=3, scenarios=5, source="file"
    )  # fmt: skip
    made["forecast"].text = drawn.text(soon, region=mark)
    made["forecast"].save()
    made["folder"] = SeasonFolder.objects.create(**own, name=mark, data=b"")
    made["whatif"] = WhatIf.objects.create(**own, forecast=side.forecast, name=mark, shared=True)
    made["course"] = Course.objects.create(
        **own, ref=f"{mark}-C", licence_class="S", town=mark, start=soon, end=soon, seats=5
    )
    made["enrolment"] = Enrolment.objects.create(**own, course=side.course, person=person, rank=1, why_zh=mark)
    course = Course.objects.create(
        **own, ref=f"{mark}-D", licence_class="G1", town=mark, start=day, end=day, seats=5, state="done"
    )
    passed = Enrolment.objects.create(**own, course=course, person=person, state="passed")
    made["certificate"] = Certificate.objects.create(
        **own, enrolment=passed, person=person, licence_class="G1", issued=day, valid_until=day
    )
    made["vacancy"] = Vacancy.objects.create(
        **own, town=mark, licence_class="G1", start=day, end=day, hours=8.0, pay_fen_h=6000
    )
    made["answer"] = Answer.objects.create(**own, vacancy=side.vacancy, person=person)


def snapshot(side: Side) -> dict[str, Any]:
    """Every row of the cooperative, of any model: what must not change by the hands of others."""
    org_ids = [side.org.pk, side.org.parent_id]
    found: dict[str, Any] = {}
    for model in apps.get_models():
        if issubclass(model, OrgRow) or model in (Event, Season):
            found[model.__name__] = _values(model.objects.filter(org_id__in=org_ids))
    found["licences"] = _values(Licence.objects.filter(operator__org_id__in=org_ids))
    found["members"] = _values(SeasonMember.objects.filter(org_id__in=org_ids))
    return found


def _values(rows: models.QuerySet) -> list[Any]:
    return [tuple(map(str, row)) for row in rows.order_by("pk").values_list()]


@contextmanager
def undone() -> Iterator[None]:
    """What happens within is rolled back: each request meets the same rows."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


Fill = Callable[[Side], Any]
