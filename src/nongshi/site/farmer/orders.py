"""A farmer's side of orders: price and place of a job asked for, booked, and what the job's page shows of it."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from nongshi.core.errors import NongshiError
from nongshi.market.orders import State
from nongshi.site.base.scope import Scope
from nongshi.site.jobs.models import FieldJob
from nongshi.site.money.models import Account, AccountKind
from nongshi.site.orders import following, forms, services, showing
from nongshi.site.orders.models import OrderTrack
from nongshi.site.orders.views import gone_words


def ask_price(request: HttpRequest, job_id: int, conditions: Iterable[str] = ()) -> None:
    """Price and place of a job, the place held; where there is none, that is said and the job stays posted.

    What the farmer says of the field may make it dearer: it is the farmer's own word.
    """
    scope = request.scope
    order = services.open_order(scope, job_id)
    try:
        services.quote(scope, order.pk, conditions=frozenset(conditions), yes_to_more=True)
    except services.Gone as fault:
        messages.warning(request, gone_words(fault))


def book(request: HttpRequest, order_id: int, version: int | None) -> None:
    """Take the place that is held, or say which come next."""
    try:
        services.book(request.scope, order_id, version)
    except services.Gone as fault:
        messages.warning(request, gone_words(fault))
    else:
        messages.success(request, _("Booked. The price stands."))


def try_price(request: HttpRequest, job_ids: Iterable[int]) -> int | None:
    """Ask for a price right after posting one job; the job's number where a place is held now."""
    ids = list(job_ids)
    if len(ids) != 1:
        return None
    order = services.open_order(request.scope, ids[0])
    try:
        services.quote(request.scope, order.pk, yes_to_more=True)
    except NongshiError:  # no place, or nothing to plan with: the job is posted all the same
        return None
    return ids[0]


def order_context(scope: Scope, job: FieldJob) -> dict[str, Any]:
    """What the job's page shows of its order; nothing where there is none."""
    found = following.find_order(job)
    if found is None:
        return {"shown_order": None, "quote_form": forms.QuoteForm()}
    order = showing.get_order(scope, found.pk)
    account = Account.objects.filter(org_id=order.org_id, kind=AccountKind.FARMER, person_id=scope.person_id).first()
    return {
        "shown_order": showing.show(scope, order),
        "order": order,
        "tolerance": showing.tolerance(),
        "quote_form": forms.QuoteForm(initial={"conditions": order.conditions}),
        "has_track": OrderTrack.objects.filter(order=order).exists(),
        "account": account,
    }


def may_confirm(job: FieldJob) -> bool:
    """Whether there is an area to say yes to: with an order, once it is measured."""
    order = following.find_order(job)
    return order is None or order.state not in following.LEADING or order.state in (State.MEASURED, State.DISPUTED)


def may_dispute(job: FieldJob) -> bool:
    """Whether there is something to dispute still: with an order, an area that is not settled."""
    order = following.find_order(job)
    return order is None or order.state not in following.LEADING or order.state in (State.MEASURED, State.CONFIRMED)
