"""The farmer's page: ask for work in three taps, see who comes when and what was done, say whether it is well done."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from nongshi.core.errors import BadInput, BadUsage, NongshiError, NotFound, NotPlannable
from nongshi.market.orders import Act
from nongshi.site.base.access import need_role
from nongshi.site.base.fault_words import fault_context
from nongshi.site.base.names import operation_names
from nongshi.site.base.rights import RoleKind
from nongshi.site.base.templatetags.site import in_english
from nongshi.site.clerk.asked import ask_field
from nongshi.site.farmer import orders as ordering
from nongshi.site.farmer import services
from nongshi.site.farmer.forms import OTHER_DAY, BookForm, FieldForm
from nongshi.site.jobs import services as jobs
from nongshi.site.jobs.models import FieldJob, JobStatus
from nongshi.site.jobs.once import post_once
from nongshi.site.orders import services as orders
from nongshi.site.orders.following import find_order
from nongshi.site.orders.forms import QuoteForm
from nongshi.site.orders.models import OrderRow
from nongshi.site.plans.quotes import check_doable, quote_job
from nongshi.site.register.models import Field

REASONS = ("area", "loss", "late", "damage", "price", "other")


@require_http_methods(["GET", "POST"])
def home(request: HttpRequest) -> HttpResponse:
    """News, the form, own jobs; a form that cannot be right comes back as it was, with 422."""
    need_role(request.scope, RoleKind.FARMER)
    fields = services.own_fields(request.scope)
    if request.method == "GET":
        return render(request, "farmer/home.html", _page(request, fields, _first_said(request, fields)))
    form = BookForm(request.POST, fields=fields)
    said = request.POST.dict()
    if not form.is_valid():
        return render(request, "farmer/home.html", _page(request, fields, said, form), status=422)
    if "show" in request.POST:  # without scripts: the price first
        return render(request, "farmer/home.html", _page(request, fields, said, form))
    wanted = form.wanted()
    try:
        check_doable(jobs.draft_job(wanted))
        words = "|".join(str(said.get(name, "")) for name in ("field", "work", "day", "other", "area", "note"))
        scope = request.scope
        ids = post_once(scope.person_id, form.cleaned_data["key"], words, lambda: jobs.post_jobs(scope, [wanted]))
    except NongshiError as fault:
        form.add_error(None, _words(fault))
        return render(request, "farmer/home.html", _page(request, fields, said, form), status=422)
    held = ordering.try_price(request, ids)
    if held is not None:
        messages.success(request, _("Sent. Look at price and hours, then book: the place is held for you."))
        return redirect("farmer:job", job_id=held)
    messages.success(request, _("Sent. We tell you here when somebody comes."))
    return redirect("farmer:home")


@require_GET
def quote(request: HttpRequest) -> HttpResponse:
    """Price range and likely hours of what is chosen so far; a fragment."""
    need_role(request.scope, RoleKind.FARMER)
    form = BookForm(request.GET, fields=services.own_fields(request.scope))
    return render(request, "farmer/quote.html", {"quote": _quote(form)})


@require_http_methods(["GET", "POST"])
def new_field(request: HttpRequest) -> HttpResponse:
    """A field that is missing: a clerk enters it."""
    need_role(request.scope, RoleKind.FARMER)
    form = FieldForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            ask_field(request.scope, form.ask())
        except BadUsage:
            form.add_error(None, _("Several fields wait for your clerk already; wait for the answer."))
        else:
            messages.success(request, _("Your village clerk looks at it; you are told here."))
            return redirect("farmer:home")
    page = {"form": form, "unit": "ha" if in_english() else "亩"}
    return render(request, "farmer/new_field.html", page, status=422 if form.errors else 200)


@require_GET
def shapes(request: HttpRequest) -> HttpResponse:
    """Own fields as GeoJSON, to tap on a map."""
    need_role(request.scope, RoleKind.FARMER)
    return JsonResponse(
        {"type": "FeatureCollection", "features": [_feature(field) for field in services.own_fields(request.scope)]}
    )


@require_GET
def job(request: HttpRequest, job_id: int, *, said: dict[str, Any] | None = None, status: int = 200) -> HttpResponse:
    """One job: how far, who comes, what was done, and what one may say to it."""
    need_role(request.scope, RoleKind.FARMER)
    shown = next(iter(services.own_jobs(request.scope, pk=job_id)), None)
    if shown is None:
        raise NotFound(f"no job {job_id} of yours")
    page = {
        "shown": shown,
        "job": shown.job,
        "operation": operation_names(shown.job.operation),
        "told": services.news_of(request.scope, shown.job),
        "may_cancel": shown.job.status in (JobStatus.POSTED, JobStatus.PLANNED),
        "may_confirm": shown.job.status in (JobStatus.DONE, JobStatus.DISPUTED) and ordering.may_confirm(shown.job),
        **ordering.order_context(request.scope, shown.job),
        "may_dispute": shown.job.status in (JobStatus.DONE, JobStatus.CONFIRMED) and ordering.may_dispute(shown.job),
        "reasons": _reasons(),
        "stars": range(1, 6),
        "again": services.again_on(timezone.localtime(shown.job.open).date(), timezone.localdate()),
        "english": in_english(),
        **(said or {}),
    }
    return render(request, "farmer/job.html", page, status=status)


@require_POST
def ask_price(request: HttpRequest, job_id: int) -> HttpResponse:
    """Price and place of a job; what the farmer says of the field goes into the price."""
    _own(request, job_id)
    form = QuoteForm(request.POST)
    if not form.is_valid():
        raise BadInput("conditions are: lodged, wet, awkward, night; open the page again")
    ordering.ask_price(request, job_id, form.cleaned_data["conditions"])
    return redirect("farmer:job", job_id=job_id)


@require_POST
def book(request: HttpRequest, job_id: int) -> HttpResponse:
    """Take the place that is held."""
    order = _order(request, job_id)
    ordering.book(request, order.pk, _version(request))
    return redirect("farmer:job", job_id=job_id)


@require_POST
def wait(request: HttpRequest, job_id: int) -> HttpResponse:
    """Onto the waiting list for a place that is freed."""
    orders.wait(request.scope, _order(request, job_id).pk)
    messages.success(request, _("You are on the waiting list; you are told here when a place comes free."))
    return redirect("farmer:job", job_id=job_id)


@require_POST
def missed(request: HttpRequest, job_id: int) -> HttpResponse:
    """The machine did not come."""
    orders.act(request.scope, _order(request, job_id).pk, Act.MISS, _version(request))
    messages.success(request, _("Written down. What is owed to you stands in your account."))
    return redirect("farmer:job", job_id=job_id)


@require_POST
def cancel(request: HttpRequest, job_id: int) -> HttpResponse:
    """Call a job off."""
    _own(request, job_id)
    jobs.cancel_job(request.scope, job_id, _version(request))
    messages.success(request, _("Called off."))
    return redirect("farmer:job", job_id=job_id)


@require_POST
def confirm(request: HttpRequest, job_id: int) -> HttpResponse:
    """Well done, with stars if the farmer gave any."""
    _own(request, job_id)
    stars = request.POST.get("stars", "")
    jobs.confirm_job(request.scope, job_id, _version(request), stars=int(stars) if stars.isdecimal() else None)
    messages.success(request, _("Thank you; the work is confirmed."))
    return redirect("farmer:job", job_id=job_id)


@require_POST
def dispute(request: HttpRequest, job_id: int) -> HttpResponse:
    """Something is wrong: a reason to tap, and words."""
    _own(request, job_id)
    why, words = request.POST.get("why", ""), request.POST.get("words", "").strip()
    if why not in REASONS or (why == "other" and not words):
        fault = _("Tap what is wrong.") if why not in REASONS else _("Say in a few words what is wrong.")
        request.method = "GET"  # the page again, with what was typed
        return job(request, job_id, said={"why": why, "typed": words, "dispute_fault": fault}, status=422)
    said = str(dict(_reasons())[why]) + (f": {words}" if words else "")
    jobs.dispute_job(request.scope, job_id, _version(request), why=said)
    messages.success(request, _("Noted. Your cooperative will call you."))
    return redirect("farmer:job", job_id=job_id)


@require_POST
def read(request: HttpRequest) -> HttpResponse:
    """News are read."""
    need_role(request.scope, RoleKind.FARMER)
    services.mark_read(request.scope, [int(pk) for pk in request.POST.getlist("notice") if pk.isdecimal()])
    return redirect("farmer:home")


@require_GET
def picture(request: HttpRequest, job_id: int) -> HttpResponseBase:
    """The picture of what was done, if the work was measured."""
    found = _own(request, job_id)
    if not found.picture:
        raise NotFound(f"job {found.ref} has not been measured yet")
    return FileResponse(found.picture.open("rb"), content_type="image/svg+xml")


def _order(request: HttpRequest, job_id: int) -> OrderRow:
    """The order of one's own job.

    Raises:
        NotFound: it has none.
    """
    found = find_order(_own(request, job_id))
    if found is None:
        raise NotFound(f"job {job_id} has no order; ask for its price first")
    return found


def _words(fault: NongshiError) -> str:
    """A fault as a farmer is told it."""
    if isinstance(fault, NotPlannable):
        return _("No machine of this season does that work. Choose other work, or ask your cooperative.")
    return str(fault_context(fault)["words"])


def _own(request: HttpRequest, job_id: int) -> FieldJob:
    need_role(request.scope, RoleKind.FARMER)
    return FieldJob.objects.get_seen(request.scope, pk=job_id, grower_id=request.scope.person_id)


def _version(request: HttpRequest) -> int | None:
    said = request.POST.get("version", "")
    return int(said) if said.isdecimal() else None


def _reasons() -> list[tuple[str, str]]:
    words = (_("the area is wrong"), _("too much was lost"), _("they came too late"), _("something is damaged"),
             _("the price is wrong"), _("something else"))  # fmt: skip
    return list(zip(REASONS, words, strict=True))


def _first_said(request: HttpRequest, fields: list[Field]) -> dict[str, Any]:
    """What is chosen when the page opens: what the address says, else the field used last and the likeliest work."""
    said = {name: request.GET.get(name, "") for name in ("field", "work", "day", "note")}
    known = {str(field.pk) for field in fields}
    if said["field"] not in known:
        said["field"] = str(fields[0].pk) if fields else ""
    return said


def _page(
    request: HttpRequest, fields: list[Field], said: dict[str, Any], form: BookForm | None = None
) -> dict[str, Any]:
    today = timezone.localdate()
    field = next((one for one in fields if str(one.pk) == said.get("field")), None)
    works = services.works_for(request.scope, field, today)
    days = services.days_for(field, today)
    if not said.get("work"):
        said["work"] = works[0]
    if said.get("day") and said["day"] != OTHER_DAY and said["day"] not in {one["day"].isoformat() for one in days}:
        said |= {"other": said["day"], "day": OTHER_DAY}
    shown = services.own_jobs(request.scope)
    rows: list[dict[str, Any]] = [
        {"job": one.job, "operation": operation_names(one.job.operation), "at": one.at, "shown": one} for one in shown
    ]
    over = [row for row in rows if row["job"].status in (JobStatus.CONFIRMED, JobStatus.CANCELLED)]
    ready, earlier = BookForm(said, fields=fields), services.repeatable(request.scope, today)
    return {
        "fields": fields,
        "works": [{"code": code, "name": operation_names(code)} for code in works],
        "works_shown": services.WORKS_SHOWN if said["work"] in works[: services.WORKS_SHOWN] else len(works),
        "days": days,
        "said": said,
        "form": form or BookForm(fields=fields),
        "key": said.get("key") or uuid4().hex,
        "quote": _quote(ready) if said.get("day") else None,
        "news": services.news(request.scope),
        "rows": rows,
        "coming": [row for row in rows if row["job"].status not in (JobStatus.CONFIRMED, JobStatus.CANCELLED)],
        "over": over[-services.OVER_SHOWN :][::-1],
        "repeats": [{**one, "operation": operation_names(one["job"].operation)} for one in earlier],
        "english": in_english(),
        "unit": "ha" if in_english() else "亩",
    }


def _quote(form: BookForm) -> dict[str, Any] | None:
    """Price and hours for the page; None while something is not chosen yet."""
    if not form.is_valid():
        faults = [fault for found in form.errors.values() for fault in found]
        return {"faults": faults} if form.data.get("day") else None
    wanted = form.wanted()
    try:
        draft = jobs.draft_job(wanted)
        check_doable(draft)
        found = quote_job(draft)
    except NongshiError as fault:
        return {"faults": [_words(fault)]}
    why = (found.why.en if in_english() else found.why.zh) if found.why else ""
    return {
        "found": found,
        "why": why,
        "wanted": wanted,
        "area_ha": draft.area_ha,
        "name": operation_names(draft.operation),
    }


def _feature(field: Field) -> dict[str, Any]:
    geometry = field.geometry
    shape = (
        geometry.__geo_interface__ if geometry else {"type": "Point", "coordinates": [field.gate_lon, field.gate_lat]}
    )
    return {"type": "Feature", "id": field.pk, "geometry": shape, "properties": {"name": str(field)}}
