"""A cooperative with machines, fields, growers and jobs, for tests of orders: small rows, made directly."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from tests.site.world import make_coop, make_person

from nongshi.site.base.models import Org, Person
from nongshi.site.base.rights import RoleKind
from nongshi.site.base.scope import Scope
from nongshi.site.base.services import scope_of
from nongshi.site.jobs.models import FieldJob
from nongshi.site.orders.models import OrderRow
from nongshi.site.orders.places import Span, Spot
from nongshi.site.register.models import Field, Machine, Operator

AREA_HA = 1.0
HOURS = 2


@dataclass
class Shop:
    """The rows."""

    org: Org
    farmers: list[Person]
    dispatcher: Person
    driver: Person
    owner: Person
    machines: list[Machine]
    operators: list[Operator]
    now: datetime

    def scope(self, person: Person) -> Scope:
        return scope_of(person)

    def job(self, farmer: Person | None = None, **more: Any) -> FieldJob:
        """A job of one hectare, in a window of two weeks."""
        farmer = farmer or self.farmers[0]
        count = FieldJob.objects.count()
        field = Field.objects.create(
            org=self.org, ref=f"F{count}", name=f"东{count}号田", grower=farmer, area_ha=AREA_HA,
            gate_lon=121.2, gate_lat=30.8,
        )  # fmt: skip
        return FieldJob.objects.create(**job_values(self, field, farmer, f"N{count}") | more)

    def order(self, farmer: Person | None = None, **more: Any) -> OrderRow:
        return OrderRow.objects.create(org=self.org, job=self.job(farmer, **more))

    def spot(self, number: int = 0, machine: int = 0) -> Spot:
        """The number-th place of a machine."""
        begin_s = int(self.now.timestamp()) + 3 * 86_400 + number * HOURS * 3600
        span = Span(self.machines[machine].pk, self.operators[machine].pk, begin_s, begin_s + HOURS * 3600)
        return Spot((span,))


def job_values(shop: Shop, field: Field, farmer: Person, ref: str) -> dict[str, Any]:
    return {
        "org": shop.org, "ref": ref, "field": field, "grower": farmer, "operation": "rice_harvest",
        "area_ha": AREA_HA, "open": shop.now, "due": shop.now + timedelta(days=10),
        "close": shop.now + timedelta(days=30), "value_fen": 150_000, "loss_curve": "rice_harvest",
    }  # fmt: skip


def make_shop(*, machines: int = 2, farmers: int = 3) -> Shop:
    org = make_coop()
    owner = make_person(org, RoleKind.OWNER, name="机主")
    driver = make_person(org, RoleKind.OPERATOR, name="机手")
    yard = {"yard_lon": 121.2, "yard_lat": 30.8}
    return Shop(
        org=org,
        farmers=[make_person(org, RoleKind.FARMER, name=f"农户{i}") for i in range(farmers)],
        dispatcher=make_person(org, RoleKind.DISPATCHER, name="调度"),
        driver=driver,
        owner=owner,
        machines=[
            Machine.objects.create(org=org, ref=f"M{i}", machine_class="combine-tracked", owner=owner, **yard)
            for i in range(machines)
        ],
        operators=[Operator.objects.create(org=org, ref=f"O{i}", person=driver) for i in range(machines)],
        now=timezone.now().replace(microsecond=0),
    )
