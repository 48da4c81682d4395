"""Asks the worker to measure an order; how it is measured (`measuring`) leans on tracks, which are slow to load."""

from django.conf import settings

from nongshi.site.base.scope import EVERYTHING
from nongshi.site.orders.models import OrderRow
from nongshi.site.work.models import Run, RunState
from nongshi.site.work.services import start

KIND = "measure_order"


def start_measuring(order: OrderRow) -> Run | None:
    """Have an order measured by the worker; None where its machine reports no positions, so that a person has to."""
    terminal = order.machine.terminal if order.machine else ""
    if not (terminal and settings.POSITIONS):
        return None
    going = Run.objects.filter(kind=KIND, given__order=order.pk, state__in=(RunState.QUEUED, RunState.RUNNING)).first()
    return going or start(KIND, {"order": order.pk}, scope=EVERYTHING, org_id=order.org_id)
