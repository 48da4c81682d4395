"""Pages of orders: the list, one order with its history, sheet and replay, and every move by a button."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from nongshi.core.errors import BadInput, BadUsage, NongshiError, NotFound
from nongshi.core.units import MU_PER_HA
from nongshi.market.orders import Act, Says
from nongshi.site.base.access import need_role
from nongshi.site.base.faults import Forbidden
from nongshi.site.base.names import operation_names
from nongshi.site.base.rights import RoleKind
from nongshi.site.base.services import log
from nongshi.site.base.templatetags.site import in_english
from nongshi.site.jobs.models import FieldJob
from nongshi.site.orders import following, forms, measuring, services, showing
from nongshi.site.orders.models import OrderRow, OrderTrack
from nongshi.site.orders.moves import locked
from nongshi.site.orders.words import STATES

DESK = (RoleKind.CLERK, RoleKind.DISPATCHER, RoleKind.OFFICER, RoleKind.AUDITOR)
READERS = (*DESK, RoleKind.FARMER, RoleKind.OWNER, RoleKind.OPERATOR)
ACTS = frozenset(Act) - {Act.QUOTE, Act.BOOK, Act.LAPSE, Act.MEASURE}


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Orders in sight, by how far they are; what is narrowed shows in the address."""
    need_role(request.scope, *READERS)
    said = request.GET.dict()
    page = Paginator(showing.list_orders(request.scope, said), showing.ROWS_PAGE).get_page(said.get("page"))
    rows = [{"order": order, "operation": operation_names(order.job.operation)} for order in page]
    context = {
        "page": page,
        "rows": rows,
        "said": said,
        "counts": showing.counts(request.scope, said),
        "orgs": showing.orgs_of(request.scope),
        "states": STATES.items(),
    }
    return render(request, "orders/home.html", context)


@require_GET
def one(request: HttpRequest, order_id: int) -> HttpResponse:
    """One order: price, place, area, history, and what its reader may do."""
    return _page(request, order_id)


@require_GET
def sheet(request: HttpRequest, order_id: int) -> HttpResponse:
    """The settlement on paper: how the area was measured, what is paid, who gets what."""
    need_role(request.scope, *READERS)
    order = showing.get_order(request.scope, order_id)
    shown = showing.show(request.scope, order)
    return render(request, "orders/sheet.html", _context(request, shown))


@require_GET
def track(request: HttpRequest, order_id: int) -> HttpResponse:
    """The field and the fixes near it, for the replay."""
    need_role(request.scope, *READERS)
    order = showing.get_order(request.scope, order_id)
    row = OrderTrack.objects.filter(order=order).first()
    if row is None:
        raise NotFound(f"order {order_id} has no track")
    outline = order.job.field.geometry
    said = {
        "field": None if outline is None else outline.__geo_interface__,
        "began": row.began.isoformat(),
        "generated": row.generated,
        "fixes": row.fixes,
    }
    return JsonResponse(said)


@require_GET
def picture(request: HttpRequest, order_id: int) -> HttpResponseBase:
    """The picture of what was done, if the work was measured by a track."""
    need_role(request.scope, *READERS)
    drawn = showing.get_order(request.scope, order_id).job.picture
    if not drawn:
        raise NotFound(f"order {order_id} has no picture")
    return FileResponse(drawn.open("rb"), content_type="image/svg+xml")


@require_POST
def begin(request: HttpRequest, job_id: int) -> HttpResponse:
    """The order of a job, begun where there is none, with its price and a place if one is free."""
    need_role(request.scope, RoleKind.CLERK, RoleKind.DISPATCHER)
    order = services.open_order(request.scope, FieldJob.objects.get_changed(request.scope, pk=job_id).pk)
    return _quoted(request, order, frozenset())


@require_POST
def quote(request: HttpRequest, order_id: int) -> HttpResponse:
    """Price and place, told anew."""
    need_role(request.scope, RoleKind.CLERK, RoleKind.DISPATCHER)
    form = forms.QuoteForm(request.POST)
    if not form.is_valid():
        raise BadInput("conditions are: lodged, wet, awkward, night; open the page again")
    order = OrderRow.objects.get_changed(request.scope, pk=order_id)
    said = form.cleaned_data
    return _quoted(request, order, frozenset(said["conditions"]), yes=bool(said["said_by"]))


@require_POST
def book(request: HttpRequest, order_id: int) -> HttpResponse:
    """Take the place that is held; where it is gone, say so and offer the next ones."""
    need_role(request.scope, RoleKind.CLERK, RoleKind.DISPATCHER)
    try:
        services.book(request.scope, order_id, version_of(request))
    except services.Gone as fault:
        messages.warning(request, gone_words(fault))
    else:
        messages.success(request, _("Booked."))
    return redirect("orders:one", order_id=order_id)


@require_POST
def wait(request: HttpRequest, order_id: int) -> HttpResponse:
    """Onto the waiting list."""
    need_role(request.scope, RoleKind.CLERK, RoleKind.DISPATCHER)
    services.wait(request.scope, order_id)
    messages.success(request, _("On the waiting list; who waits longest is offered the next place that fits."))
    return redirect("orders:one", order_id=order_id)


@require_POST
def act(request: HttpRequest, order_id: int) -> HttpResponse:
    """Any other move of the table."""
    need_role(request.scope, *READERS)
    what, form = request.POST.get("what", ""), forms.ActForm(request.POST)
    if what not in ACTS:
        raise BadUsage(f"there is no move {what[:20]!r} here; open the page again")
    if not form.is_valid():
        return _page(request, order_id, form=form, status=422)
    said = form.cleaned_data
    if what == Act.DISPUTE and not said["note"]:
        form.add_error("note", _("Say in a few words what is wrong."))
        return _page(request, order_id, form=form, status=422)
    says = Says(area_ha=form.area_ha())
    services.act(
        request.scope, order_id, Act(what), version_of(request), says=says, note=said["note"], said_by=said["said_by"]
    )
    messages.success(request, _("Written down."))
    return redirect("orders:one", order_id=order_id)


@require_POST
def measure(request: HttpRequest, order_id: int) -> HttpResponse:
    """By a track file, or by hand where there is none."""
    need_role(request.scope, RoleKind.CLERK, RoleKind.DISPATCHER)
    OrderRow.objects.get_changed(request.scope, pk=order_id)
    by_file = "track" in request.FILES
    form = forms.TrackForm(request.POST, request.FILES) if by_file else forms.HandForm(request.POST)
    if not form.is_valid():
        return _page(request, order_id, measure_form=form, status=422)
    if by_file:
        sent = form.cleaned_data["track"]
        try:
            measuring.measure_by_file(request.scope, order_id, sent.name, sent.read())
        except NongshiError as fault:
            if isinstance(fault, NotFound | Forbidden):
                raise
            form.add_error("track", str(fault)[:500])
            return _page(request, order_id, measure_form=form, status=422)
    else:
        measuring.measure_by_hand(request.scope, order_id, forms.hectares(form.cleaned_data["area"]) or 0.0)
    messages.success(request, _("Measured; both sides are told."))
    return redirect("orders:one", order_id=order_id)


@require_POST
def fuel(request: HttpRequest, order_id: int) -> HttpResponse:
    """Fuel that the cooperative handed out; counted in the settlement."""
    need_role(request.scope, RoleKind.DISPATCHER)
    form = forms.FuelForm(request.POST)
    order = locked(request.scope, order_id, version_of(request))
    if not form.is_valid() or order.settled:
        raise BadUsage("fuel is 0 to 100000 yuan and is entered before the order is settled; correct it")
    order.fuel_fen, order.version = round(form.cleaned_data["fuel"] * 100), order.version + 1
    order.save()
    log("FuelEntered", order.about, scope=request.scope, org_id=order.org_id, fen=order.fuel_fen)
    messages.success(request, _("Saved."))
    return redirect("orders:one", order_id=order_id)


def gone_words(fault: services.Gone) -> str:
    """That a place is gone, and which come next, in the reader's language."""
    from nongshi.site.base.templatetags.site import when

    if not fault.offers:
        return _("There is no free place now. Put the job on the waiting list, or choose other days.")
    shown = ", ".join(when(spot.start) for spot in fault.offers[:3])
    return _("That place is gone. The next ones: %(shown)s. Ask for price and place again.") % {"shown": shown}


def version_of(request: HttpRequest) -> int | None:
    """The version that the form was made from."""
    said = request.POST.get("version", "")
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 10 else None


def _quoted(request: HttpRequest, order: OrderRow, conditions: frozenset[str], *, yes: bool = False) -> HttpResponse:
    before = order.price_fen
    try:
        order = services.quote(request.scope, order.pk, conditions=conditions, yes_to_more=yes)
    except services.Gone as fault:
        messages.warning(request, gone_words(fault))
    else:
        if before and order.price_fen == before and set(order.conditions) != conditions:
            messages.warning(request, _("The price that was told stands: it rises only with the farmer's word."))
        else:
            messages.success(request, _("Price and place are told; the place is held."))
    return redirect("orders:one", order_id=order.pk)


def _page(
    request: HttpRequest, order_id: int, *, form: Any = None, measure_form: Any = None, status: int = 200
) -> HttpResponse:
    need_role(request.scope, *READERS)
    order = showing.get_order(request.scope, order_id)
    shown = showing.show(request.scope, order)
    context = _context(request, shown)
    context |= {
        "form": form or forms.ActForm(),
        "hand": measure_form if isinstance(measure_form, forms.HandForm) else forms.HandForm(),
        "file": measure_form if isinstance(measure_form, forms.TrackForm) else forms.TrackForm(),
        "fuel": forms.FuelForm(initial={"fuel": order.fuel_fen / 100}),
        "quote_form": forms.QuoteForm(initial={"conditions": order.conditions}),
        "coop": showing.is_of_coop(request.scope, order),
        "work": following.work_of(order),
        "has_track": OrderTrack.objects.filter(order=order).exists(),
    }
    return render(request, "orders/one.html", context, status=status)


def _context(request: HttpRequest, shown: showing.Shown) -> dict[str, Any]:
    order = shown.order
    return {
        "shown": shown,
        "order": order,
        "job": order.job,
        "acts": shown.acts,
        "moves": list(order.moves.select_related("by")),
        "tolerance": showing.tolerance(),
        "propose": _number(order.agreed_ha if order.agreed_by else order.measured_ha),
        "english": in_english(),
        "area_unit": "ha" if in_english() else "亩",
    }


def _number(area_ha: float | None) -> str:
    """An area in the reader's unit, to be typed over."""
    if area_ha is None:
        return ""
    return f"{area_ha if in_english() else area_ha * MU_PER_HA:.4f}".rstrip("0").rstrip(".")
