"""Positions made up for machines of the demo: as if each kept to its plan. Told as generated wherever they are shown.

Where the plan in force does not cover today, its first day is taken. One machine in nine has been silent for a while,
so that the demo shows how that looks. No machine of a real organisation ever gets one.
"""

import math
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from nongshi.site.feeds.positions import Place
from nongshi.site.plans.models import OrderState, PlanState, WorkOrder

STEP_S = 15.0  # a made-up terminal reports so often
SILENT_OF, SILENT_MIN = 9, 40
SWAY_DEG, SWAY_S = 0.0004, 90.0  # up and down the field
Spot = tuple[float, float]
Stop = tuple[datetime, datetime, Spot]


def generated_places(machines: Iterable[Any], now: datetime) -> dict[int, Place]:
    """By machine: where it would be now."""
    wanted = {machine.pk: machine for machine in machines}
    if not wanted:
        return {}
    at = datetime.fromtimestamp(now.timestamp() // STEP_S * STEP_S, now.tzinfo)
    routes = _routes(list(wanted))
    first = min((stops[0][0] for stops in routes.values()), default=None)
    today = timezone.localtime(at).date()
    shift = timedelta(days=max(0, (timezone.localtime(first).date() - today).days)) if first else timedelta(0)
    found = {}
    for pk, machine in wanted.items():
        heard = at - timedelta(minutes=SILENT_MIN) if pk % SILENT_OF == 0 else at
        if pk % SILENT_OF == 0:
            heard = heard.replace(minute=heard.minute // 30 * 30, second=0, microsecond=0)
        lon, lat = spot_at(routes.get(pk, []), (machine.yard_lon, machine.yard_lat), heard + shift)
        found[pk] = Place(lon, lat, heard)
    return found


def spot_at(stops: list[Stop], yard: Spot, moment: datetime) -> Spot:
    """Where a machine that keeps to its stops is: on a field, on the way between two, or in its yard."""
    day = [stop for stop in stops if stop[0].date() <= moment.astimezone(stop[0].tzinfo).date() <= stop[1].date()]
    before: tuple[datetime | None, Spot] = (None, yard)
    for begins, ends, spot in day:
        if begins <= moment <= ends:
            turn = moment.timestamp() / SWAY_S
            return spot[0] + SWAY_DEG * math.sin(turn), spot[1] + SWAY_DEG * math.sin(turn / 7)
        if moment < begins:
            left = before[0]
            if left is None:
                return yard
            share = (moment - left) / (begins - left)
            return tuple(a + share * (b - a) for a, b in zip(before[1], spot, strict=True))  # type: ignore[return-value]
        before = (ends, spot)
    return yard


def _routes(machine_ids: list[int]) -> dict[int, list[Stop]]:
    orders = WorkOrder.objects.filter(plan__state=PlanState.PUBLISHED, machine_id__in=machine_ids)
    columns = ("machine_id", "start", "end", "job__field__gate_lon", "job__field__gate_lat")
    found: dict[int, list[Stop]] = {}
    rows = orders.exclude(state=OrderState.WITHDRAWN).order_by("start").values_list(*columns)
    for machine_id, start, end, lon, lat in rows:
        found.setdefault(machine_id, []).append((timezone.localtime(start), timezone.localtime(end), (lon, lat)))
    return found
