"""The trainer's desk: what is lacking, what is suggested, open and over; plan, renewals, certificates, jobs created."""

from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from nongshi.core.errors import BadFiles, BadUsage, Fault, NotFound
from nongshi.site.base.access import need_role
from nongshi.site.base.faults import Forbidden
from nongshi.site.base.limits import address_of, check_rate
from nongshi.site.base.models import Org
from nongshi.site.base.rights import Resource, RoleKind
from nongshi.site.base.templatetags.site import in_english
from nongshi.site.forecasts import services as forecasts
from nongshi.site.forecasts import words
from nongshi.site.forecasts.figures import lacks
from nongshi.site.training import certificates, funnel, planning, plans, results
from nongshi.site.training import renewals as due
from nongshi.site.training.assumptions import JOB_DAYS, RENEW_DAYS
from nongshi.site.training.forms import PlanForm
from nongshi.site.training.models import SEATED, Certificate, Course, CourseState, EnrolmentState
from nongshi.site.work.models import Run, RunState

LACKS_SHOWN = 4
OVER_SHOWN = 12
CHECKS_A_MIN = 30  # assumption: nobody scans so many; codes are not tried out


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """What is lacking, and every course by where it stands."""
    need_role(request.scope, RoleKind.TRAINER)
    rows = list(counted(Course.objects.changed_by(request.scope)))
    today = timezone.localdate()
    forecast = forecasts.newest(request.scope)
    found = lacks(forecast.doc, today)[:LACKS_SHOWN] if forecast is not None else []
    open_ones = [row for row in rows if row.state == CourseState.OPEN]
    context = {
        "forecast": forecast,
        "lacks": [{"one": one, "said": words.lack_words(one)} for one in found],
        "suggested": [shown(row) for row in rows if row.state == CourseState.SUGGESTED],
        "open": [shown(row) for row in open_ones],
        "over": [shown(row) for row in reversed(rows) if row.state in (CourseState.DONE, CourseState.CANCELLED)],
        "over_shown": OVER_SHOWN,
        "due": len(due.due(request.scope, today)),
        "funnel": funnel.count(request.scope, today),
        "job_days": JOB_DAYS,
    }
    return render(request, "training/home.html", context)


def counted(rows: Any) -> Any:
    """Courses with how many wish, sit and passed."""
    return rows.annotate(
        wished=Count("enrolments", filter=Q(enrolments__state=EnrolmentState.WISHED), distinct=True),
        seated=Count("enrolments", filter=Q(enrolments__state__in=SEATED), distinct=True),
        passed=Count("enrolments", filter=Q(enrolments__state=EnrolmentState.PASSED), distinct=True),
    ).order_by("start", "pk")


def shown(row: Course) -> dict[str, Any]:
    """A course with its words."""
    today = timezone.localdate()
    return {
        "row": row,
        "licence": words.licence_name(row.licence_class),
        "why": row.why_en if in_english() else row.why_zh,
        "running": row.state == CourseState.OPEN and row.start <= today <= row.end,
        "results_due": row.state == CourseState.OPEN and row.end <= today,
    }


@require_http_methods(["GET", "POST"])
def plan(request: HttpRequest) -> HttpResponse:
    """Take a training plan in."""
    need_role(request.scope, RoleKind.TRAINER)
    orgs = own_orgs(request)
    faults: tuple[Fault, ...] = ()
    form = PlanForm(request.POST or None, request.FILES or None, orgs=orgs, initial={"org": orgs[0]})
    if request.method == "POST" and form.is_valid():
        try:
            doc = plans.read_plan(form.cleaned_data["file"], form.file_name)
        except BadFiles as bad:
            faults = bad.faults
            form.add_error("file", _("Nothing was taken over. Mend the places below and send the file again."))
        else:
            taken = plans.take_plan(request.scope, form.cleaned_data["org"].pk, doc)
            messages.success(
                request,
                _("Taken over: %(new)d courses suggested, %(seats)d seats given, %(no)d wishes answered with no.")
                % {"new": taken.suggested, "seats": taken.seated + taken.advised, "no": taken.refused},
            )
            if taken.left:
                messages.warning(
                    request, _("Seats that could not be given: %(left)s") % {"left": ", ".join(taken.left[:10])}
                )
            return redirect("training:home")
    context = {
        "orgs": orgs,
        "form": form,
        "faults": faults,
        "submit": _("Take it over"),
        "cancel": reverse("training:home"),
    }
    return render(request, "training/plan.html", context, status=422 if form.errors else 200)


@require_POST
def make(request: HttpRequest) -> HttpResponse:
    """Have courses and seats planned by the worker."""
    need_role(request.scope, RoleKind.TRAINER)
    said = {name: request.POST.get(name, "") for name in ("org", "budget")}
    if not all(value.isascii() and value.isdecimal() and len(value) < 12 for value in said.values()):
        messages.error(request, _("Write the budget in whole yuan."))
        return redirect("training:plan")
    try:
        run = planning.start_plan(request.scope, int(said["org"]), int(said["budget"]))
    except BadUsage:
        messages.error(
            request, _("There must be a forecast, a course ahead and a wish for it; or a plan is being made.")
        )
        return redirect("training:plan")
    return redirect("training:run", pk=run.pk)


@require_GET
def run(request: HttpRequest, pk: int) -> HttpResponse:
    """How far a plan is; back to the desk once it is there."""
    need_role(request.scope, RoleKind.TRAINER)
    row = Run.objects.filter(
        kind=planning.KIND, org_id__in=request.scope.orgs(Resource.COURSE, change=True), pk=pk
    ).first()
    if row is None:
        raise NotFound(f"no run {pk}")
    inside = bool(request.headers.get("HX-Request"))
    if row.state == RunState.DONE:
        if not inside:
            return redirect("training:home")
        response = HttpResponse(status=204)
        response.headers["HX-Redirect"] = reverse("training:home")
        return response
    ended = row.state in (RunState.FAILED, RunState.CANCELLED)
    template = "training/run_part.html" if inside else "training/run.html"
    return render(request, template, {"run": row, "ended": ended})


def own_orgs(request: HttpRequest) -> Any:
    """Organisations whose courses are in one's hands.

    Raises:
        Forbidden: none.
    """
    orgs = Org.objects.filter(pk__in=request.scope.orgs(Resource.COURSE, change=True)).order_by("path")
    if not orgs:
        raise Forbidden("you run courses of no organisation")
    return orgs


@require_GET
def renewals(request: HttpRequest) -> HttpResponse:
    """Licences that end soon."""
    need_role(request.scope, RoleKind.TRAINER)
    rows = [
        {"one": one, "licence": words.licence_name(one.licence.licence_class)}
        for one in due.due(request.scope, timezone.localdate())
    ]
    return render(request, "training/renewals.html", {"rows": rows, "days": RENEW_DAYS})


@require_GET
def jobs(request: HttpRequest) -> HttpResponse:
    """From course to licence to the first paid job; a part of the officer's page."""
    need_role(request.scope, RoleKind.OFFICER, RoleKind.TRAINER)
    context = {"funnel": funnel.count(request.scope, timezone.localdate()), "job_days": JOB_DAYS}
    whole = "training/jobs_part.html" if request.headers.get("HX-Request") else "training/jobs.html"
    return render(request, whole, context)


@require_GET
def certificate(request: HttpRequest, pk: int) -> HttpResponse:
    """The certificate as a PDF: for its holder and for who runs the course."""
    row = Certificate.objects.select_related("person", "org", "enrolment__course").get_seen(request.scope, pk=pk)
    response = HttpResponse(certificates.make_pdf(row), content_type="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="certificate-{row.licence_class}-{row.issued}.pdf"'
    return response


@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a certificate back."""
    need_role(request.scope, RoleKind.TRAINER)
    row = results.revoke(request.scope, pk)
    messages.success(request, _("Taken back; the licence in the register ended with it."))
    return redirect("training:one", pk=row.enrolment.course_id)


@require_GET
def check(request: HttpRequest, code: str) -> HttpResponse:
    """Whether a certificate is good; open to anybody who has its code, the name masked."""
    check_rate("certificate", address_of(request), times=CHECKS_A_MIN)
    row = Certificate.objects.select_related("person", "org", "enrolment__course").filter(code=code).first()
    if row is None:
        return render(request, "training/check.html", {"row": None}, status=404)
    context = {
        "row": row, "name": certificates.masked(row.person.name), "licence": words.licence_name(row.licence_class),
        "good": row.holds(timezone.localdate()),
    }  # fmt: skip
    return render(request, "training/check.html", context)
