"""The owner's pages: all machines, one machine, work nearby, the sheet of a month."""

from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from nongshi.core.errors import NotFound
from nongshi.core.units import MU_PER_HA
from nongshi.site.base.access import need_role
from nongshi.site.base.names import operation_names
from nongshi.site.base.rights import RoleKind
from nongshi.site.base.templatetags.site import in_english
from nongshi.site.forecasts import services as forecasts
from nongshi.site.forecasts import words as ahead_words
from nongshi.site.orders.marks import find_mark
from nongshi.site.owner import nearby as near
from nongshi.site.owner import services
from nongshi.site.owner.assumptions import NEAR_KM
from nongshi.site.owner.figures import Figures, by_week, figures_of, sum_of, worked_h
from nongshi.site.plans.models import Season, WorkOrder
from nongshi.site.register.models import Machine

YEARS = range(2000, 2200)
PAST_SHOWN = 12


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """All own machines in a season: use, area, income, kilometres, what is due."""
    need_role(request.scope, RoleKind.OWNER)
    machines = services.own_machines(request.scope)
    every = services.orders_of(request.scope, machines)
    seasons = services.seasons_of(every, machines)
    season = services.pick_season(seasons, request.GET.get("season", ""))
    orders = services.in_season(every, season)
    now = timezone.now()
    rows = [services.machine_row(one, [o for o in orders if o.machine_id == one.pk], season, now) for one in machines]
    page = {
        "rows": rows,
        "mark": find_mark(request.scope.person_id),
        "seasons": seasons,
        "season": season,
        "sum": sum_of(orders),
        "use": services.use_of_all(row.use for row in rows),
        "plan": services.use_of_all(row.plan for row in rows),
        "month": timezone.localdate(now),
        "ahead": _ahead(request),
    }
    return render(request, "owner/home.html", page | _weeks(orders, season))


def _ahead(request: HttpRequest) -> dict[str, Any] | None:
    """What the newest forecast lacks most, in one sentence; None where nothing is lacking or nothing was forecast."""
    found = forecasts.lack_ahead(request.scope, timezone.localdate())
    if found is None:
        return None
    row, lack, whole = found
    words = ahead_words.region_words(lack) if whole else ahead_words.lack_words(lack)
    return {"row": row, "said": words, "more": ahead_words.lack_more(lack)}


@require_GET
def machine(request: HttpRequest, machine_id: int) -> HttpResponse:
    """One machine: its next days, what it did, who drove it, its papers."""
    need_role(request.scope, RoleKind.OWNER)
    one = _machine(request, machine_id)
    orders = services.orders_of(request.scope, [one])
    seasons, now = services.seasons_of(orders, [one]), timezone.now()
    season = services.pick_season(seasons, "")
    ahead, over = services.split_orders(orders, now)
    row = services.machine_row(one, services.in_season(orders, season), season, now)
    page = {
        "row": row,
        "mark": find_mark(request.scope.person_id, machine_id=one.pk),
        "machine": one,
        "season": season,
        "ahead": _by_day(ahead),
        "over": [_shown(order) for order in over[:PAST_SHOWN]],
        "over_count": len(over),
        "drivers": services.drivers_of(orders),
        "papers": services.papers(one, timezone.localdate(now)),
        "calendars": _calendars(),
        "month": timezone.localdate(now),
    }
    return render(request, "owner/machine.html", page | _weeks(orders, season))


@require_GET
def nearby(request: HttpRequest, machine_id: int) -> HttpResponse:
    """Work without a machine that this one could do."""
    need_role(request.scope, RoleKind.OWNER)
    one = _machine(request, machine_id)
    work = [
        {"work": found, "operation": operation_names(found.operation)}
        for found in near.open_work(request.scope, one, timezone.now())
    ]
    page = {"machine": one, "work": work, "near_km": NEAR_KM, "machines": services.own_machines(request.scope)}
    return render(request, "owner/nearby.html", page)


@require_POST
def offer(request: HttpRequest, machine_id: int, job_id: int) -> HttpResponse:
    """Say that one's machine could take a job."""
    need_role(request.scope, RoleKind.OWNER)
    told = near.offer(request.scope, machine_id, job_id)
    messages.success(request, _("The dispatcher is told.") if told else _("You said so before; the dispatcher knows."))
    return redirect("owner:nearby", machine_id=machine_id)


@require_GET
def month(request: HttpRequest, year: int, month: int) -> HttpResponse:
    """What all own machines did in a month, to print."""
    need_role(request.scope, RoleKind.OWNER)
    if month not in range(1, 13) or year not in YEARS:
        raise NotFound(f"no month {year}-{month}")
    machines = services.own_machines(request.scope)
    orders = services.month_of(services.orders_of(request.scope, machines), year, month)
    sheets = [
        {"machine": one, "orders": [_shown(order) for order in found], "sum": sum_of(found)}
        for one in machines
        if (found := [order for order in orders if order.machine_id == one.pk])
    ]
    first = date(year, month, 1)
    page = {
        "first": first,
        "sheets": sheets,
        "sum": sum_of(orders),
        "before": first - timedelta(days=1),
        "after": first + timedelta(days=32),
        "made": timezone.now(),
    }
    return render(request, "owner/month.html", page)


def _machine(request: HttpRequest, machine_id: int) -> Machine:
    return Machine.objects.select_related("org").get_seen(services.as_owner(request.scope), pk=machine_id)


def _shown(order: WorkOrder) -> dict[str, Any]:
    """An order with its figures, as pages show it."""
    figures = figures_of(order)
    return {
        "order": order,
        "operation": operation_names(order.job.operation),
        "hours": worked_h(order),
        "fen": figures.done_fen or figures.planned_fen,
        "day": timezone.localdate(order.ended_at or order.start),
    }


def _by_day(orders: list[WorkOrder]) -> list[tuple[date, list[dict[str, Any]]]]:
    days: dict[date, list[dict[str, Any]]] = {}
    for order in orders:
        days.setdefault(timezone.localdate(order.start), []).append(_shown(order))
    return list(days.items())


def _weeks(orders: list[WorkOrder], season: Season | None) -> dict[str, Any]:
    """The table of weeks and its chart: hectares or mu, done and planned, one on the other."""
    weeks = by_week(orders, ZoneInfo(season.zone if season else settings.TIME_ZONE))
    names = [f"{monday.month:02d}-{monday.day:02d}" for monday, _ in weeks]
    unit = "ha" if in_english() else "亩"

    def bars(name: str, what: str, colour: str) -> dict[str, Any]:
        values = [round(getattr(found, what) * (1 if in_english() else MU_PER_HA), 2) for _, found in weeks]
        return {
            "name": name, "type": "bar", "stack": "area", "data": values, "itemStyle": {"color": colour},
            "barMaxWidth": 48,
        }  # fmt: skip

    chart = {
        "legend": {},
        "xAxis": {"type": "category", "data": names},
        "yAxis": {"type": "value", "name": unit},
        "tooltip": {"trigger": "axis", "confine": True},
        "series": [bars(_("done"), "done_ha", "#2b8a57"), bars(_("planned"), "planned_ha", "#9ec5ae")],
    }
    return {"weeks": [_week(monday, found) for monday, found in weeks], "chart": chart}


def _week(monday: date, found: Figures) -> dict[str, Any]:
    return {"monday": monday, "sunday": monday + timedelta(days=6), "sum": found}


def _calendars() -> str:
    """Where calendars of machines are taken, if that app is there."""
    try:
        return str(reverse("feeds:home"))
    except NoReverseMatch:
        return ""
