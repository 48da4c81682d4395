"""What an owner's pages are made of: own machines, their orders in a season, what is due."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import F, Q
from django.utils import timezone

from nongshi.core.errors import NotFound
from nongshi.site.base.rights import RoleKind
from nongshi.site.base.scope import Scope
from nongshi.site.owner.assumptions import DUE_DAYS
from nongshi.site.owner.figures import Figures, Use, available_h, sum_of, worked_h
from nongshi.site.plans.models import OrderState, Season, WorkOrder
from nongshi.site.register.models import Machine, Operator

AHEAD_DAYS = 10  # a machine's next days on its page


@dataclass(frozen=True, slots=True)
class Due:
    """A paper or a service of a machine."""

    what: str  # inspection, insurance, permit, oversize, upkeep
    until: date | None  # None: nothing is entered
    state: str  # ok, late (soon), bad (over), none


@dataclass(frozen=True, slots=True)
class MachineRow:
    """One machine with its figures of a season."""

    machine: Machine
    figures: Figures
    use: Use  # until now
    plan: Use  # with what is planned, of the whole season
    due: tuple[Due, ...]  # what is over or soon

    @property
    def missing(self) -> list[str]:
        """Papers without which it may not travel between regions."""
        return self.machine.papers_missing(timezone.localdate())


def as_owner(scope: Scope) -> Scope:
    """The scope with the owner's role alone: a dispatcher who owns a machine sees here what an owner sees."""
    held = tuple(role for role in scope.held if role.kind == RoleKind.OWNER)
    return Scope(person_id=scope.person_id, held=held, token_rights=scope.token_rights)


def own_machines(scope: Scope) -> list[Machine]:
    """The machines that are one's own."""
    return list(Machine.objects.seen_by(as_owner(scope)).select_related("org").distinct().order_by("org_id", "ref"))


def orders_of(scope: Scope, machines: Iterable[Machine]) -> list[WorkOrder]:
    """All that these machines did and have before them, soonest first."""
    rows = (
        WorkOrder.objects.seen_by(as_owner(scope))
        .filter(machine__in=list(machines))
        .exclude(state=OrderState.WITHDRAWN)
        .select_related("job__field", "machine", "operator__person")
        .defer("job__field__outline")
        .annotate(season_id=F("plan__season_id"))  # a plan is large, and one of many orders
        .order_by("start", "pk")
    )
    return list(rows)


def seasons_of(orders: Iterable[WorkOrder], machines: Iterable[Machine]) -> list[Season]:
    """The seasons in which these orders were planned, newest first; without any, those of the machines."""
    found = {order.season_id for order in orders}
    orgs = {machine.org_id for machine in machines}
    which = Q(pk__in=found) if found else Q(members__org_id__in=orgs, members__agreed=True)
    return list(Season.objects.filter(which).distinct().order_by("-start_date", "-pk"))


def in_season(orders: Iterable[WorkOrder], season: Season | None) -> list[WorkOrder]:
    """Those of one season; all where there is none."""
    return [order for order in orders if season is None or order.season_id == season.pk]


def pick_season(seasons: Sequence[Season], number: str) -> Season | None:
    """The one that was asked for, else the newest.

    Raises:
        NotFound: it is none of these.
    """
    if not number:
        return seasons[0] if seasons else None
    for season in seasons:
        if str(season.pk) == number:
            return season
    raise NotFound(f"no season {number}")


def machine_row(machine: Machine, orders: Sequence[WorkOrder], season: Season | None, now: datetime) -> MachineRow:
    """A machine's figures; without a season nothing was possible yet."""
    figures = sum_of(orders)
    use = plan = Use(0.0, 0.0)
    if season is not None:
        tz = ZoneInfo(season.zone)
        begin = datetime.combine(season.start_date, time(), tz)
        end = begin + timedelta(days=season.horizon_days)
        days = season.head.get("workdays", [])
        use = Use(figures.done_h, available_h(machine, days, tz, begin, min(now, end)))
        plan = Use(figures.done_h + figures.planned_h, available_h(machine, days, tz, begin, end))
    due = tuple(one for one in papers(machine, timezone.localdate(now)) if one.state in ("late", "bad"))
    return MachineRow(machine, figures, use, plan, due)


def use_of_all(uses: Iterable[Use]) -> Use:
    """Several machines as one."""
    every = list(uses)
    return Use(sum(use.worked_h for use in every), sum(use.available_h for use in every))


def papers(machine: Machine, today: date) -> list[Due]:
    """All papers and the next service, each with how it stands."""
    ends = {
        "inspection": machine.inspected_until,
        "insurance": machine.insured_until,
        "permit": machine.permit_until,
        "oversize": machine.oversize_until,
        "upkeep": machine.upkeep_due,
    }
    soon = today + timedelta(days=DUE_DAYS)
    return [
        Due(what, until, "none" if until is None else "bad" if until < today else "late" if until <= soon else "ok")
        for what, until in ends.items()
    ]


def drivers_of(orders: Iterable[WorkOrder]) -> list[tuple[Operator, int, float, float]]:
    """Who drives a machine: fields, hours and hectares done, most hours first."""
    found: dict[int, tuple[Operator, int, float, float]] = {}
    for order in orders:
        if order.operator is None:
            continue
        who, fields, hours, area_ha = found.get(order.operator_id, (order.operator, 0, 0.0, 0.0))
        done = order.state == OrderState.DONE
        found[order.operator_id] = (
            who, fields + 1, hours + (worked_h(order) if done else 0.0), area_ha + (order.area_ha if done else 0.0)
        )  # fmt: skip
    return sorted(found.values(), key=lambda row: (-row[2], -row[1], row[0].ref))


def split_orders(orders: Iterable[WorkOrder], now: datetime) -> tuple[list[WorkOrder], list[WorkOrder]]:
    """What is before a machine in the next days, soonest first; what is over, newest first."""
    every = list(orders)
    last = now + timedelta(days=AHEAD_DAYS)
    ahead = [order for order in every if order.state != OrderState.DONE and order.start <= last]
    over = [order for order in every if order.state == OrderState.DONE]
    return ahead, sorted(over, key=lambda order: order.ended_at or order.end, reverse=True)


def month_of(orders: Iterable[WorkOrder], year: int, month: int) -> list[WorkOrder]:
    """What was finished in a local month, in order."""
    found = [
        order
        for order in orders
        if order.state == OrderState.DONE
        and (
            timezone.localdate(order.ended_at or order.end).year,
            timezone.localdate(order.ended_at or order.end).month,
        )
        == (year, month)
    ]
    return sorted(found, key=lambda order: order.ended_at or order.end)
