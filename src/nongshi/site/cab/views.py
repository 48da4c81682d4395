"""The operator's pages: own work by day, hours and pay, papers and consent; and what the phone sends in."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.dateparse import parse_datetime
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from nongshi.core.errors import BadInput, NotFound
from nongshi.site.base.access import need_role
from nongshi.site.base.faults import Forbidden
from nongshi.site.base.limits import check_rate
from nongshi.site.base.names import operation_names
from nongshi.site.base.rights import RoleKind
from nongshi.site.cab import offline, services, words
from nongshi.site.cab.assumptions import PAY_FEN_H, PAY_FEN_HA, PAY_FEN_HA_OTHER
from nongshi.site.plans.models import Report, WorkOrder
from nongshi.site.plans.report_input import PHOTO_MAX_BYTES
from nongshi.site.plans.reports import report_work

REPORTS_A_MIN = 240  # assumption: a week's queue at once, twice
SEES_PHOTOS = (
    RoleKind.OPERATOR, RoleKind.DISPATCHER, RoleKind.CLERK, RoleKind.OWNER, RoleKind.FARMER, RoleKind.OFFICER,
    RoleKind.AUDITOR,
)  # fmt: skip
TYPES = {".jpg": "image/jpeg", ".png": "image/png", ".webp": "image/webp"}

View = Callable[..., HttpResponseBase]


def in_own_language(view: View) -> View:
    """The page in the person's language, where the browser does not ask for another one."""

    @wraps(view)
    def spoken(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.person and settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
            translation.activate(request.person.language)
        return view(request, *args, **kwargs)

    return spoken


@never_cache
@require_GET
@in_own_language
def today(request: HttpRequest) -> HttpResponse:
    """Work of today and the days after, all that a day without a connection needs."""
    need_role(request.scope, RoleKind.OPERATOR)
    page = _cards(request)
    page["reminders"] = services.reminders(request.scope, [row["order"] for row in page["rows"]], page["today"])
    return render(request, "cab/today.html", page | _frame(request, "today"))


@never_cache
@require_GET
@in_own_language
def cards(request: HttpRequest) -> HttpResponse:
    """The cards alone, as they are now."""
    need_role(request.scope, RoleKind.OPERATOR)
    return render(request, "cab/cards.html", _cards(request))


@never_cache
@require_GET
@in_own_language
def hours(request: HttpRequest) -> HttpResponse:
    """Own hours, area and pay: this week, the season, by day."""
    need_role(request.scope, RoleKind.OPERATOR)
    now = timezone.now()
    worked = services.worked_orders(request.scope, now)
    page = {
        "week": services.sum_up(services.this_week(worked, timezone.localdate(now))),
        "season": services.sum_up(worked),
        "days": services.by_day(worked),
        "worked": [{"one": one, "operation": operation_names(one.order.job.operation)} for one in worked],
        "rates": [(operation_names(name), fen) for name, fen in PAY_FEN_HA.items()],
        "rate_other": PAY_FEN_HA_OTHER,
        "rate_h": PAY_FEN_H,
    }
    return render(request, "cab/hours.html", page | _frame(request, "hours"))


@never_cache
@require_GET
@in_own_language
def me(request: HttpRequest) -> HttpResponse:
    """Licences, what runs out, consent to positions."""
    need_role(request.scope, RoleKind.OPERATOR)
    now = timezone.now()
    orders = services.orders_ahead(request.scope, now)
    page = {
        "licences": services.own_licences(request.scope),
        "reminders": services.reminders(request.scope, orders, timezone.localdate(now)),
        "today": timezone.localdate(now),
        "employers": services.employers(request.scope),
    }
    return render(request, "cab/me.html", page | _frame(request, "me"))


@require_POST
def consent(request: HttpRequest) -> HttpResponse:
    """Give or withdraw the consent to one's positions."""
    need_role(request.scope, RoleKind.OPERATOR)
    services.set_consent(request.scope, request.POST.get("given") == "1")
    return redirect("cab:me")


@require_POST
def send(request: HttpRequest) -> HttpResponse:
    """Take one report in; the same one again gets the same answer."""
    need_role(request.scope, RoleKind.OPERATOR)
    check_rate("report", str(request.scope.person_id), times=REPORTS_A_MIN)
    said = request.POST
    if said.get("person", str(request.scope.person_id)) != str(request.scope.person_id):
        raise Forbidden("this report is another person's; sign in as whoever made it")
    report = report_work(
        request.scope,
        _order_id(said.get("order", "")),
        key=said.get("key", ""),
        kind=said.get("kind", ""),
        at=_moment("at", said.get("at", "")),
        data=_data(said.get("data", "")),
        photo=_photo(request),
        sent_at=_moment("sent_at", said["sent_at"]) if said.get("sent_at") else None,
    )
    return JsonResponse(_answer(report), status=201)


@never_cache
@require_GET
def token(request: HttpRequest) -> HttpResponse:
    """Who is signed in, and a fresh token for forms: a page that was open for days has an old one."""
    need_role(request.scope, RoleKind.OPERATOR)
    return JsonResponse({"person": request.scope.person_id, "csrf": get_token(request)})


@require_GET
def photo(request: HttpRequest, report_id: int) -> HttpResponseBase:
    """A report's photo, for whoever sees its order."""
    need_role(request.scope, *SEES_PHOTOS)
    report = Report.objects.filter(pk=report_id).exclude(photo="").exclude(order=None).first()
    if report is None or not WorkOrder.objects.seen_by(request.scope).filter(pk=report.order_id).exists():
        raise NotFound(f"no photo of report {report_id}")
    kind = next((kind for end, kind in TYPES.items() if report.photo.name.endswith(end)), "application/octet-stream")
    response = FileResponse(report.photo.open("rb"), content_type=kind)
    response.headers["Cache-Control"] = "private, max-age=3600"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker; it may answer for the whole site, so that a signed link opens without a connection too."""
    response = HttpResponse(offline.worker_script(), content_type="text/javascript; charset=utf-8")
    response.headers["Service-Worker-Allowed"] = "/"
    response.headers["Cache-Control"] = "no-cache"
    return response


def _cards(request: HttpRequest) -> dict[str, Any]:
    now = timezone.now()
    local = timezone.localdate(now)
    orders = services.orders_ahead(request.scope, now)
    rows: list[dict[str, Any]] = [
        {"order": one, "operation": operation_names(one.job.operation), "over_night": _over_night(one)}
        for one in orders
    ]
    days: dict[Any, list[dict[str, Any]]] = {}
    for row in rows:
        days.setdefault(timezone.localdate(row["order"].start), []).append(row)
    return {
        "rows": rows,
        "days": list(days.items()),
        "today": local,
        "tomorrow": local + timedelta(days=1),
        "made": now,
        "facts": [services.order_facts(order) for order in orders],
    }


def _over_night(order: WorkOrder) -> bool:
    return timezone.localdate(order.start) != timezone.localdate(order.end)


def _frame(request: HttpRequest, here: str) -> dict[str, Any]:
    name, phone = services.help_phone(request.scope)
    return {
        "here": here,
        "zone": settings.TIME_ZONE,
        "help_name": name,
        "help_phone": phone,
        "problems": words.problem_choices(),
    }


def _answer(report: Report) -> dict[str, Any]:
    return {
        "id": report.pk,
        "key": report.key,
        "order": report.order_id,
        "kind": report.kind,
        "at": report.at.isoformat(),
        "received": report.received.isoformat(),
        "flag": report.flag,
        "photo": bool(report.photo),
    }


def _order_id(text: str) -> int | None:
    if text and not (text.isascii() and text.isdigit() and len(text) < 19):
        raise BadInput(f"a work order is named by its number, not {text[:40]!r}")
    return int(text) if text else None


def _moment(name: str, text: str) -> datetime:
    try:
        found = parse_datetime(text)
    except ValueError:
        found = None
    if found is None:
        raise BadInput(f"{name} is a time such as 2026-11-27T07:30:00+08:00, not {text[:40]!r}")
    return found


def _data(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text or "{}")
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise BadInput("data is a JSON object")
    return found


def _photo(request: HttpRequest) -> bytes | None:
    found = request.FILES.get("photo")
    if found is None:
        return None
    return bytes(found.read(PHOTO_MAX_BYTES + 1))  # one more than is taken, so that too large is noticed
