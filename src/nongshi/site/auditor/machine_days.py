"""A machine by day: who drove, with which licence, on how much land, and which papers held."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from nongshi.site.auditor.history import OrderSeen, orders_of, see_orders, worked_on
from nongshi.site.auditor.papers import LicenceSeen, Paper, machine_papers
from nongshi.site.base.scope import Scope
from nongshi.site.plans.models import OrderState
from nongshi.site.register.models import Machine, Operator


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineDay:
    """One day of a machine with one driver."""

    day: date
    operator: Operator | None
    licence: LicenceSeen | None
    papers: tuple[Paper, ...]
    orders: tuple[OrderSeen, ...]

    @property
    def area_ha(self) -> float:
        """Area of the day's orders, whole where work runs into the next day."""
        return sum(seen.order.area_ha for seen in self.orders)

    @property
    def papers_missing(self) -> tuple[Paper, ...]:
        """Papers that must hold on any day and do not."""
        return tuple(paper for paper in self.papers if paper.always and not paper.holds)


def machine_days(scope: Scope, machine_id: int) -> tuple[Machine, list[MachineDay]]:
    """A machine in sight and its days with work, newest first.

    Raises:
        NotFound: no such machine in reach.
    """
    machine = Machine.objects.select_related("org", "owner").get_seen(scope, pk=machine_id)
    orders = orders_of(scope).filter(machine=machine).exclude(state=OrderState.WITHDRAWN)
    found: defaultdict[tuple[date, int], list[OrderSeen]] = defaultdict(list)
    for seen in see_orders(scope, orders):
        found[worked_on(seen.order).date(), seen.order.operator_id or 0].append(seen)
    days = [
        MachineDay(
            day=day,
            operator=rows[0].operator,
            licence=rows[0].licence,
            papers=machine_papers(machine, day),
            orders=tuple(rows),
        )
        for (day, _), rows in found.items()
    ]
    return machine, sorted(days, key=lambda one: one.day, reverse=True)
