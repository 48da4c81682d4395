"""The farmer's own jobs with the hours at which somebody is expected."""

from django.db.models import Min
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from nongshi.site.base.access import need_role
from nongshi.site.base.names import operation_names
from nongshi.site.base.rights import RoleKind
from nongshi.site.jobs.models import FieldJob
from nongshi.site.plans.models import OrderState, WorkOrder


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Own jobs, by the day until which they should be done."""
    need_role(request.scope, RoleKind.FARMER)
    jobs = FieldJob.objects.seen_by(request.scope).select_related("field").distinct().order_by("due", "ref")
    orders = WorkOrder.objects.seen_by(request.scope).exclude(state=OrderState.WITHDRAWN)
    expected = dict(orders.values_list("job_id").annotate(first=Min("start")).order_by())
    rows = [{"job": job, "operation": operation_names(job.operation), "at": expected.get(job.pk)} for job in jobs]
    return render(request, "farmer/home.html", {"rows": rows})
