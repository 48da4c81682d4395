"""The trainee's pages, on a phone and without a password: wishes, the answer and why, certificates, work that waits."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from nongshi.core.errors import BadUsage
from nongshi.site.base.access import need_role
from nongshi.site.base.names import operation_names
from nongshi.site.base.templatetags.site import in_english
from nongshi.site.forecasts import words
from nongshi.site.training import services, vacancies
from nongshi.site.training.assumptions import WISHES_MAX
from nongshi.site.training.models import (
    OPEN_STATES,
    SEATED,
    Certificate,
    Course,
    Enrolment,
    EnrolmentState,
)

KINDS = services.LEARNERS
SHOWN_MAX = 40


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """All that is one's own, and what may be wished for."""
    need_role(request.scope, *KINDS)
    person, today = request.person, timezone.localdate()
    own = list(
        Enrolment.objects.seen_by(request.scope)
        .filter(person=person)
        .select_related("course__org")
        .order_by("rank", "pk")
    )
    rows = {one.course_id: one for one in own if one.state != EnrolmentState.WITHDRAWN}
    open_ones = Course.objects.seen_by(request.scope).filter(state__in=services.AHEAD, start__gt=today)
    wished = [one for one in own if one.state == EnrolmentState.WISHED]
    shown = [row for row in open_ones.select_related("org").distinct()[:SHOWN_MAX] if row.pk not in rows]
    context = {
        "wished": [_row(one) for one in wished],
        "answered": [_row(one) for one in own if one.state in (*SEATED, EnrolmentState.REFUSED)],
        "courses": [_course(row) for row in shown],
        "next": len(wished) + 1,
        "full": len(wished) >= WISHES_MAX,
        "certificates": [
            {"row": row, "licence": words.licence_name(row.licence_class), "good": row.holds(today)}
            for row in Certificate.objects.seen_by(request.scope).filter(person=person)
        ],
        "work": [
            {
                "one": one, "licence": words.licence_name(one.row.licence_class),
                "work": operation_names(one.row.operation),
            }
            for one in vacancies.open_to(request.scope, person, today)
        ],
    }  # fmt: skip
    return render(request, "trainee/home.html", context)


def _row(one: Enrolment) -> dict[str, Any]:
    kinds = {EnrolmentState.SEAT: "ok", EnrolmentState.PASSED: "ok", EnrolmentState.REFUSED: "late"}
    return {
        "one": one, "course": _course(one.course), "why": one.why_en if in_english() else one.why_zh,
        "kind": kinds.get(EnrolmentState(one.state), ""), "may_back": one.state in OPEN_STATES,
    }  # fmt: skip


def _course(row: Course) -> dict[str, Any]:
    return {"row": row, "licence": words.licence_name(row.licence_class), "left": services.seats_left(row)}


@require_POST
def wish(request: HttpRequest, pk: int) -> HttpResponse:
    """One tap: the next wish; or the first, where one is there already."""
    need_role(request.scope, *KINDS)
    try:
        row = services.wish(request.scope, pk, first=request.POST.get("first") == "yes")
    except BadUsage:
        messages.error(request, _("This course is not open any more, or there are too many wishes."))
    else:
        messages.success(request, _("Kept as wish number %(n)d.") % {"n": row.rank})
    return redirect("trainee:home")


@require_POST
def back(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a wish or a seat back."""
    need_role(request.scope, *KINDS)
    own = Enrolment.objects.changed_by(request.scope).filter(person=request.person)
    row = own.get_changed(request.scope, pk=pk)
    try:
        services.withdraw(request.scope, row.pk)
    except BadUsage:
        messages.error(request, _("There is a result already."))
    else:
        messages.success(request, _("Taken back."))
    return redirect("trainee:home")


@require_POST
def say_yes(request: HttpRequest, pk: int) -> HttpResponse:
    """Say yes to work."""
    need_role(request.scope, *KINDS)
    try:
        vacancies.say_yes(request.scope, pk)
    except BadUsage:
        messages.error(request, _("This work is given away, or your licence does not fit it."))
    else:
        messages.success(request, _("Your yes is told; the dispatcher answers you here."))
    return redirect("trainee:home")


@require_POST
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one's yes back."""
    need_role(request.scope, *KINDS)
    try:
        vacancies.take_back(request.scope, pk)
    except BadUsage:
        messages.error(request, _("You are taken on already; ring up your dispatcher."))
    else:
        messages.success(request, _("Taken back."))
    return redirect("trainee:home")
