"""Marks of machine owners from their orders: facts first, stars second. No opinion is counted as a fact."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from nongshi.market.assumptions import LATE_MIN
from nongshi.market.orders import Act, State, Who
from nongshi.market.ratings import Facts, Mark, mark
from nongshi.site.base.models import Person
from nongshi.site.base.scope import Scope
from nongshi.site.orders.assumptions import LOST_SHARE, MARK_DAYS
from nongshi.site.orders.models import OrderMove, OrderRow

ENDED = (State.CONFIRMED, State.SETTLED)


@dataclass(frozen=True, slots=True)
class Marked:
    """An owner with the facts and the mark."""

    owner_id: int
    facts: Facts
    mark: Mark

    @property
    def mean(self) -> float:
        """The mean of the stars given; 0 without any."""
        return sum(self.facts.stars) / len(self.facts.stars) if self.facts.stars else 0.0


def marks_in_sight(scope: Scope, now: datetime | None = None) -> list[Marked]:
    """Marks of the owners whose orders are in sight, best first; every owner by all orders of theirs."""
    seen = OrderRow.objects.seen_by(scope).exclude(machine=None).values("machine__owner_id")
    owners = Person.objects.filter(pk__in=seen).values_list("pk", flat=True)
    found = [Marked(pk, facts, mark(facts)) for pk, facts in facts_of(list(owners), now).items()]
    return sorted(found, key=lambda one: (-one.mark.points, -one.mark.stars, one.owner_id))


def find_mark(owner_id: int | None, *, machine_id: int | None = None, now: datetime | None = None) -> Marked | None:
    """The mark of an owner, or of one machine; None before the first order has come to an end."""
    if owner_id is None:
        return None
    facts = facts_of([owner_id], now, machine_id=machine_id).get(owner_id)
    return None if facts is None or facts.orders == 0 else Marked(owner_id, facts, mark(facts))


def facts_of(
    owner_ids: Iterable[int], now: datetime | None = None, *, machine_id: int | None = None
) -> dict[int, Facts]:
    """What the records say, by owner.

    On time: work began no later than an hour after the hour agreed. Measured loss is not recorded on the site, so it
    counts for nobody. A machine's calling off is known while its order still names it.
    """
    since = (now or timezone.now()) - timedelta(days=MARK_DAYS)
    ids = list(owner_ids)
    rows = OrderRow.objects.filter(machine__owner_id__in=ids, created__gte=since)
    if machine_id is not None:
        rows = rows.filter(machine_id=machine_id)
    found: dict[int, dict[str, Any]] = {pk: _none() for pk in ids}
    moves = _moves([row.pk for row in rows])
    for row in rows.select_related("machine", "job"):
        sum_ = found[row.machine.owner_id]
        acts = moves.get(row.pk, {})
        off = row.state in (State.CANCELLED, State.NO_SHOW) and _by_provider(acts)
        if not off and row.state not in ENDED:
            continue
        sum_["orders"] += 1
        sum_["called_off"] += off
        begun = acts.get(Act.START)
        in_time = begun is not None and row.start is not None and begun[0] <= row.start + timedelta(minutes=LATE_MIN)
        sum_["on_time"] += in_time and not off
        sum_["disputes_lost"] += _lost(row, acts)
        if row.job.stars is not None and not off:
            sum_["stars"].append(row.job.stars)
    return {pk: Facts(**values | {"stars": tuple(values["stars"])}) for pk, values in found.items()}


def _none() -> dict[str, Any]:
    return {"orders": 0, "on_time": 0, "called_off": 0, "disputes_lost": 0, "stars": []}


def _moves(ids: list[int]) -> dict[int, dict[str, tuple[datetime, str]]]:
    """When, and by which side, each act was last made."""
    found: dict[int, dict[str, tuple[datetime, str]]] = {}
    rows = OrderMove.objects.filter(order_id__in=ids).order_by("pk").values_list("order_id", "act", "at", "side")
    for order_id, act, at, side in rows:
        found.setdefault(order_id, {})[act] = (at, side)
    return found


def _by_provider(acts: dict[str, tuple[datetime, str]]) -> bool:
    """Called off by the cooperative, or the farmer says that nobody came."""
    called, missed = acts.get(Act.CANCEL), acts.get(Act.MISS)
    return (called is not None and called[1] == Who.COOP) or (missed is not None and missed[1] == Who.FARMER)


def _lost(row: OrderRow, acts: dict[str, tuple[datetime, str]]) -> bool:
    if Act.DISPUTE not in acts or row.measured_ha is None or row.agreed_ha is None:
        return False
    return row.agreed_ha < row.measured_ha * (1 - LOST_SHARE)
