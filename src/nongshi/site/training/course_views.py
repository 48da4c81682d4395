"""One course: who wishes for it and sits in it, attendance, results."""

from datetime import date
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from nongshi.core.errors import BadInput, BadUsage
from nongshi.site.base.access import need_role
from nongshi.site.base.faults import Outdated
from nongshi.site.base.rights import RoleKind
from nongshi.site.base.templatetags.site import in_english
from nongshi.site.forecasts import words
from nongshi.site.training import results as records
from nongshi.site.training import services
from nongshi.site.training.assumptions import LINK_DAYS
from nongshi.site.training.forms import CourseForm, TraineeForm
from nongshi.site.training.models import SEATED, Attendance, Course, CourseState, Enrolment, EnrolmentState
from nongshi.site.training.views import counted, own_orgs, shown

RESULTS = {"passed": True, "failed": False}


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A new course, open for wishes at once."""
    need_role(request.scope, RoleKind.TRAINER)
    form = CourseForm(
        request.POST or None,
        orgs=own_orgs(request),
        initial={"licence_class": request.GET.get("licence"), "town": request.GET.get("town")},
    )
    if request.method == "POST" and form.is_valid():
        org, values = form.cleaned_data["org"], form.values()
        ref = services.next_ref(org.pk, values["licence_class"], values["start"])
        row = services.add_course(request.scope, org.pk, values | {"ref": ref})
        messages.success(request, _("The course is open; trainees see it now."))
        return redirect("training:one", pk=row.pk)
    context = {"form": form, "submit": _("Open the course"), "cancel": reverse("training:home")}
    return render(request, "training/edit.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Days, place, seats."""
    need_role(request.scope, RoleKind.TRAINER)
    row = Course.objects.get_changed(request.scope, pk=pk)
    said = {name: getattr(row, name) for name in ("licence_class", "start", "end", "town", "venue", "seats", "minimum")}
    said |= {"cost_yuan": row.cost_fen / 100, "version": row.version}
    form = CourseForm(request.POST or None, orgs=own_orgs(request), fixed=True, initial=said)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_course(request.scope, pk, form.cleaned_data["version"] or 0, form.values())
        except Outdated:
            form.add_error(None, _("Somebody else changed the course meanwhile. Load the page again, then repeat."))
        except BadInput as fault:
            form.add_error("seats", str(fault))
        else:
            messages.success(request, _("Saved."))
            return redirect("training:one", pk=pk)
    context = {"form": form, "course": row, "submit": _("Save"), "cancel": reverse("training:one", args=[pk])}
    return render(request, "training/edit.html", context, status=422 if form.errors else 200)


@require_GET
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """A course with its people."""
    return _page(request, pk)


def _page(request: HttpRequest, pk: int, status: int = 200, **more: Any) -> HttpResponse:
    need_role(request.scope, RoleKind.TRAINER)
    row = counted(Course.objects.changed_by(request.scope)).get_changed(request.scope, pk=pk)
    people = list(row.enrolments.select_related("person__org", "certificate").prefetch_related("person__roles"))
    marks = {(one.enrolment_id, one.day): one.present for one in Attendance.objects.filter(enrolment__course=row)}
    seated = [one for one in people if one.state in SEATED]
    today = timezone.localdate()
    context = {
        "one": shown(row),
        "row": row,
        "left": max(0, row.seats - row.seated),
        "wishes": [_wish(one) for one in people if one.state in (EnrolmentState.WISHED, EnrolmentState.REFUSED)],
        "seated": [_seat(one, row, marks) for one in seated],
        "days": row.days,
        "may_mark": row.state in (CourseState.OPEN, CourseState.DONE) and row.start <= today,
        "may_decide": row.state in (CourseState.OPEN, CourseState.DONE) and row.end <= today,
        "undecided": any(one.state == EnrolmentState.SEAT for one in seated),
        "reasons": [(key, en if in_english() else zh) for key, (zh, en) in services.REFUSALS.items()],
        "add_form": TraineeForm(),
    }
    return render(request, "training/one.html", context | more, status=status)


def _wish(one: Enrolment) -> dict[str, Any]:
    return {"one": one, "why": one.why_en if in_english() else one.why_zh, "link": _may_link(one)}


def _seat(one: Enrolment, course: Course, marks: dict[tuple[int, date], bool]) -> dict[str, Any]:
    days = [(day, marks.get((one.pk, day))) for day in course.days]
    there = sum(present is True for _day, present in days)
    return {
        "one": one, "days": days, "there": there, "said": sum(present is not None for _day, present in days),
        "link": _may_link(one), "certificate": getattr(one, "certificate", None),
    }  # fmt: skip


def _may_link(one: Enrolment) -> bool:
    """Whether the trainer may make this person's link: trainees and nothing else."""
    return {role.kind for role in one.person.roles.all()} == {RoleKind.TRAINEE}


@require_POST
def open_one(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a suggested course."""
    need_role(request.scope, RoleKind.TRAINER)
    row = Course.objects.get_changed(request.scope, pk=pk)
    services.open_course(request.scope, pk, _version(request, row))
    messages.success(request, _("The course is open; trainees see it now."))
    return redirect("training:one", pk=pk)


@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Call a course off."""
    need_role(request.scope, RoleKind.TRAINER)
    row = Course.objects.get_changed(request.scope, pk=pk)
    services.cancel_course(request.scope, pk, _version(request, row))
    messages.success(request, _("Called off; whoever wished for it is told."))
    return redirect("training:home")


@require_POST
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody new, with a seat."""
    need_role(request.scope, RoleKind.TRAINER)
    row = Course.objects.get_changed(request.scope, pk=pk)
    form = TraineeForm(request.POST)
    if not form.is_valid():
        return _page(request, pk, 422, add_form=form)
    if services.seats_left(row) == 0:
        form.add_error(None, _("All seats are given; take one back or add seats first."))
        return _page(request, pk, 422, add_form=form)
    person = services.add_trainee(request.scope, row.org_id, form.cleaned_data["name"], form.cleaned_data["phone"])
    services.enrol(request.scope, pk, person)
    messages.success(request, _("Added with a seat. Now make a link for them."))
    return redirect("training:one", pk=pk)


@require_POST
def attendance(request: HttpRequest, pk: int) -> HttpResponse:
    """Who was there."""
    need_role(request.scope, RoleKind.TRAINER)
    row = Course.objects.get_changed(request.scope, pk=pk)
    today = timezone.localdate()
    seated = row.enrolments.filter(state__in=SEATED).values_list("pk", flat=True)
    marked = {
        (one, day): f"there-{one}-{day}" in request.POST for one in seated for day in row.days
        if day <= today and f"day-{day}" in request.POST
    }  # fmt: skip
    if not marked:
        messages.warning(request, _("No day was chosen, or nobody has a seat; nothing was kept."))
    else:
        records.keep_attendance(request.scope, pk, marked)
        messages.success(request, _("Kept."))
    return redirect(reverse("training:one", args=[pk]) + "#attendance")


@require_POST
def results(request: HttpRequest, pk: int) -> HttpResponse:
    """Who passed."""
    need_role(request.scope, RoleKind.TRAINER)
    row = Course.objects.get_changed(request.scope, pk=pk)
    said = {
        one: RESULTS[value]
        for one in row.enrolments.filter(state=EnrolmentState.SEAT).values_list("pk", flat=True)
        if (value := request.POST.get(f"result-{one}", "")) in RESULTS
    }
    if not said:
        messages.warning(request, _("No result was chosen; nothing was kept."))
        return redirect("training:one", pk=pk)
    made = records.keep_results(request.scope, pk, said)
    messages.success(request, _("Kept. %(n)d certificates and licences were given.") % {"n": len(made)})
    return redirect("training:one", pk=pk)


@require_POST
def give(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a seat."""
    need_role(request.scope, RoleKind.TRAINER)
    row = Enrolment.objects.get_changed(request.scope, pk=pk)
    try:
        services.give_seat(request.scope, pk)
    except BadUsage:
        messages.error(request, _("No seat is free, or the wish was taken back meanwhile."))
    else:
        messages.success(request, _("The seat is given; they are told."))
    return redirect("training:one", pk=row.course_id)


@require_POST
def refuse(request: HttpRequest, pk: int) -> HttpResponse:
    """Say no, with a reason."""
    need_role(request.scope, RoleKind.TRAINER)
    row = Enrolment.objects.get_changed(request.scope, pk=pk)
    why = services.REFUSALS.get(request.POST.get("why", ""))
    if why is None:
        messages.error(request, _("Choose a reason; they are told it."))
    else:
        services.refuse_seat(request.scope, pk, why)
        messages.success(request, _("Answered; they are told why."))
    return redirect("training:one", pk=row.course_id)


@never_cache
@require_POST
def link(request: HttpRequest, pk: int) -> HttpResponse:
    """A signed link for a trainee, shown this once with its card."""
    need_role(request.scope, RoleKind.TRAINER)
    row, secret = services.invite(request.scope, pk)
    url = settings.SITE_URL + reverse("base:follow", args=[secret])
    context = {
        "url": url,
        "row": row,
        "days": LINK_DAYS,
        "licence": words.licence_name(row.course.licence_class),
    }
    return render(request, "training/card.html", context)


def _version(request: HttpRequest, row: Course) -> int:
    """The version that the reader saw; without one (no page of ours) the row counts as changed."""
    said = request.POST.get("version", "")
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 10 else row.version + 1
