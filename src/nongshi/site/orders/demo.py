"""Orders of the demo: a few fields harvested in the days before, measured by generated tracks, settled or not yet.

Every step goes through the services that people use; only the tracks, prices and terms are made up, and marked so.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from nongshi.market.orders import Act, Who
from nongshi.site.base.models import Org, Person, Role
from nongshi.site.base.rights import RoleKind
from nongshi.site.base.scope import EVERYTHING
from nongshi.site.base.services import scope_of
from nongshi.site.jobs.models import FieldJob
from nongshi.site.money import payments
from nongshi.site.money.models import CapRow, Payment, PaymentState, PriceRow, TermsRow
from nongshi.site.orders import measuring, services
from nongshi.site.orders.models import OrderRow
from nongshi.site.orders.places import Span, Spot
from nongshi.site.plans.models import Notice
from nongshi.site.register.models import Machine, Operator

if TYPE_CHECKING:
    from nongshi.geo.track import Track

SEED = 11
WIDTH_M = 2.0
STEP_S = 2.0  # between two fixes
SPEED_M_S = 1.25
RATE_HA_H = 0.45  # assumption: hours that are booked for a field
HOURS = (8, 10, 13, 15)
OPERATION = "rice_harvest"


@dataclass(frozen=True, slots=True)
class Story:
    """What became of one order."""

    days_ago: int
    end: str  # settled, waits, disputed, outside
    skipped: int = 0  # passes that were forgotten
    stars: int = 0


STORIES = (
    Story(6, "settled", stars=5),
    Story(5, "settled", stars=4),
    Story(4, "settled"),
    Story(3, "disputed"),
    Story(2, "outside", skipped=3),
    Story(1, "waits"),
)


def make_demo_orders(org: Org, farmer: Person, now: datetime | None = None) -> list[OrderRow]:
    """Orders of a cooperative of the demo; the first is the demo farmer's, where a field of theirs can be harvested."""
    now = now or timezone.now()
    _keep_money(org, now)
    jobs = FieldJob.objects.filter(org=org, operation=OPERATION, after=None, followers=None).exclude(grower=None)
    rows = sorted(jobs.select_related("field", "grower"), key=lambda job: (job.grower_id != farmer.pk, job.pk))
    rows = [job for job in rows if job.field.geometry is not None and job.area_ha >= 0.15]
    mine = [job for job in rows if job.grower_id == farmer.pk]
    if len(mine) > 1:  # one is left to be planned
        rows = mine[:-1] + [job for job in rows if job.grower_id != farmer.pk]
    machines = list(Machine.objects.filter(org=org).order_by("pk"))
    operators = list(Operator.objects.filter(org=org).exclude(person=None).order_by("pk"))
    if not machines or not operators:
        return []
    return [
        _tell(story, job, machines[at % len(machines)], operators[at % len(operators)], now, at)
        for at, (story, job) in enumerate(zip(STORIES, rows, strict=False))
    ]


def _tell(story: Story, job: FieldJob, machine: Machine, operator: Operator, now: datetime, at: int) -> OrderRow:
    """One order from its quote to its end."""
    day = timezone.localdate(now) - timedelta(days=story.days_ago)
    start = datetime.combine(day, time(HOURS[at % len(HOURS)]), tzinfo=timezone.get_default_timezone())
    end = start + timedelta(hours=max(1.0, job.area_ha / RATE_HA_H))
    job.open = start - timedelta(days=3)
    job.save()
    grower = scope_of(job.grower)
    span = Span(machine.pk, operator.pk, int(start.timestamp()), int(end.timestamp()))
    order = services.open_order(EVERYTHING, job.pk)
    asked = start - timedelta(days=2)
    services.quote(grower, order.pk, [Spot((span,))], now=asked)
    services.book(grower, order.pk, now=asked + timedelta(minutes=4))
    services.act(EVERYTHING, order.pk, Act.DISPATCH, side=Who.COOP, now=asked + timedelta(hours=9))
    services.act(EVERYTHING, order.pk, Act.START, side=Who.OPERATOR, now=start + timedelta(minutes=5 * at))
    track = make_track(job, start, seed=SEED + at, skipped=story.skipped)
    measuring.measure_by_track(EVERYTHING, order.pk, track, width_m=WIDTH_M, generated=True, now=end)
    Notice.objects.filter(about=order.about).update(read_at=now)
    if story.end == "settled":
        _settle(order, story, end)
    elif story.end == "disputed":
        services.act(
            grower, order.pk, Act.DISPUTE, note="田埂和沟不应计入面积（生成数据）", now=end + timedelta(hours=2)
        )
    return OrderRow.objects.get(pk=order.pk)


def _settle(order: OrderRow, story: Story, end: datetime) -> None:
    deposit = Payment.objects.filter(about=order.about, state=PaymentState.ASKED).first()
    if deposit is not None:
        payments.paid(EVERYTHING, order.org_id, deposit.provider, deposit.ref, deposit.amount_fen)
    order.refresh_from_db()
    if order.by_itself:
        services.act(EVERYTHING, order.pk, Act.CONFIRM, side=Who.CLOCK, now=end + timedelta(hours=48))
        services.act(EVERYTHING, order.pk, Act.SETTLE, side=Who.CLOCK, now=end + timedelta(hours=49))
    if story.stars:
        FieldJob.objects.filter(pk=order.job_id).update(stars=story.stars)


def make_track(job: FieldJob, start: datetime, *, seed: int, skipped: int = 0) -> "Track":
    """A generated track of a machine that works a job's field: strips along its long side, a round first."""
    import numpy as np
    from shapely import affinity, transform

    from nongshi.geo.plane import Plane
    from nongshi.synthetic.field_work import make_field_work
    from nongshi.synthetic.gnss import ERRORS, observe

    outline = job.field.geometry
    outline = max(getattr(outline, "geoms", [outline]), key=lambda part: part.area)
    middle = outline.centroid
    plane = Plane(middle.x, middle.y)
    drawn = transform(outline, lambda at: np.column_stack(plane.to_m(at[:, 0], at[:, 1])))
    corners = np.asarray(drawn.minimum_rotated_rectangle.exterior.coords)
    sides = np.diff(corners, axis=0)
    dx, dy = sides[int(np.argmax(np.hypot(sides[:, 0], sides[:, 1])))]
    angle = float(np.degrees(np.arctan2(dy, dx)))
    rng = np.random.default_rng(seed)
    work = make_field_work(
        affinity.rotate(drawn, -angle, origin=(0, 0)),
        "back-and-forth",
        WIDTH_M,
        rng,
        speed_m_s=SPEED_M_S,
        overlap_share=0.05,
        headland_rounds=1,
        skipped_passes=skipped,
        turned_deg=angle,
    )
    return observe(
        work.t_s, work.x_m, work.y_m, STEP_S, ERRORS["rtk"], rng, working=work.working, plane=plane,
        device_id=f"simulated-{job.pk}", start_s=start.timestamp(),
    )  # fmt: skip


def _keep_money(org: Org, now: datetime) -> None:
    """Prices in two versions, a cap of the district, and terms, all generated."""
    today = timezone.localdate(now)
    price = {"org": org, "operation": OPERATION, "minimum_fen": 10_000, "small_ha": 0.2, "small_share": 0.5}
    price |= {"near_km": 10.0, "km_fen": 300, "surcharges": {"lodged": 0.3, "wet": 0.2, "awkward": 0.1, "night": 0.15}}
    for since, per_ha_fen in ((today - timedelta(days=60), 150_000), (today + timedelta(days=20), 157_500)):
        PriceRow.objects.create(**price, since=since, per_ha_fen=per_ha_fen)
    district = Org.objects.filter(pk__in=org.lineage, kind="district").first()
    if district is not None:
        cap = {"operation": OPERATION, "since": today - timedelta(days=60), "minimum_fen": 30_000}
        CapRow.objects.create(org=district, per_ha_fen=240_000, **cap)
    TermsRow.objects.create(
        org=org, since=today - timedelta(days=60), coop_share=0.1, wage="hectare", wage_fen=18_000, deposit_share=0.1,
        notice=[[48.0, 0.0], [12.0, 0.1], [0.0, 0.3]], no_show_share=0.5, bank_holder=org.name,
        bank_account="GENERATED0001", bank_code="",
    )  # fmt: skip


def farmer_of(org: Org) -> Person | None:
    """The demo's farmer of a cooperative: the one with a login."""
    role = (
        Role.objects.filter(org=org, kind=RoleKind.FARMER).exclude(person__user=None).select_related("person").first()
    )
    return role.person if role else None


def make_all() -> int:
    """Orders of the demo's cooperative at whose desk the logins are; how many."""
    org = Org.objects.filter(code="langxia-coop").first()
    farmer = farmer_of(org) if org else None
    return len(make_demo_orders(org, farmer)) if org and farmer else 0
