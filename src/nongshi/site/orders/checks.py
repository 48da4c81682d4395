"""What must hold of orders and their places, whatever happened; asked of the database."""

from itertools import pairwise

from django.db import connection
from django.db.models import Count, Q

from nongshi.market.orders import HOLDING, State
from nongshi.site.base.models import Event
from nongshi.site.orders.guards import missing_guards
from nongshi.site.orders.models import OrderRow, Place, Settlement

TAKEN = (State.BOOKED, State.DISPATCHED)  # begun work is on the field, whatever is written of its hours


def check_places() -> list[str]:
    """What is wrong with orders; empty is well."""
    wrong = [f"guard {name} is missing" for name in missing_guards(connection)]
    for who in ("machine_id", "operator_id"):
        rows = Place.objects.exclude(**{who: None}).order_by(who, "begin_s").values_list(who, "begin_s", "end_s", "pk")
        wrong += [
            f"places {one[3]} and {other[3]} overlap ({who} {one[0]})"
            for one, other in pairwise(rows.iterator())
            if one[0] == other[0] and one[2] > other[1]
        ]
    counted = OrderRow.objects.annotate(taken=Count("places", filter=Q(places__held_until=None)))
    told = set(Event.objects.filter(name="PlaceLost").values_list("about", flat=True))  # a plan gave it to others
    lacking = [pk for pk in counted.filter(state__in=TAKEN, taken=0).values_list("pk", flat=True)
               if OrderRow(pk=pk).about not in told]  # fmt: skip
    wrong += [f"order {pk} is booked and has no place" for pk in lacking]
    free = set(State) - HOLDING
    wrong += [f"order {pk} holds a place it gave up" for pk in
              counted.filter(state__in=free - {State.SETTLED}, taken__gt=0).values_list("pk", flat=True)]  # fmt: skip
    settled = set(Settlement.objects.values_list("order_id", flat=True))
    said = set(OrderRow.objects.filter(state=State.SETTLED).values_list("pk", flat=True))
    wrong += [f"order {pk} is settled and has no sheet" for pk in sorted(said - settled)]
    return wrong + [f"order {pk} has a sheet and is not settled" for pk in sorted(settled - said)]
