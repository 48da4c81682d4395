"""The operator's own work orders, in order."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from nongshi.site.base.access import need_role
from nongshi.site.base.names import operation_names
from nongshi.site.base.rights import RoleKind
from nongshi.site.plans.models import OrderState, WorkOrder

SHOWN_MAX = 60  # cards: more than an operator's season of days


@require_GET
def today(request: HttpRequest) -> HttpResponse:
    """Work that is not over, soonest first."""
    need_role(request.scope, RoleKind.OPERATOR)
    orders = (
        WorkOrder.objects.seen_by(request.scope)
        .exclude(state__in=(OrderState.WITHDRAWN, OrderState.DONE))
        .filter(end__gte=timezone.now())
        .select_related("job__field", "machine")
        .distinct()
    )
    rows = [{"order": one, "operation": operation_names(one.job.operation)} for one in orders[:SHOWN_MAX]]
    return render(request, "cab/today.html", {"rows": rows})
