"""The officer's pages: the season by town and work, the wall, report and open data."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from nongshi.core.errors import NotFound
from nongshi.files.season_report import make_season_report
from nongshi.files.sheets import csv_bytes, xlsx_bytes
from nongshi.site.base.access import need_role
from nongshi.site.base.models import Org
from nongshi.site.base.names import operation_names
from nongshi.site.base.rights import RoleKind
from nongshi.site.base.scope import Scope
from nongshi.site.officer import words
from nongshi.site.officer.figures import JobFacts
from nongshi.site.officer.services import Standing, only_officer, seasons_of, stand
from nongshi.site.officer.wall_map import make_wall_map
from nongshi.site.plans.models import Season

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WEEK = 7


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The season: figures, map, what is short, progress by town and work."""
    scope = _scope(request)
    seasons = seasons_of(scope)
    if not seasons:
        return render(request, "officer/none.html")
    standing = _standing(request, scope, seasons)
    return render(request, "officer/home.html", _shown(standing, request) | {"seasons": seasons})


@require_GET
def wall(request: HttpRequest) -> HttpResponse:
    """The same for a wall: dark, large, by itself anew."""
    scope = _scope(request)
    seasons = seasons_of(scope)
    if not seasons:
        return render(request, "officer/none.html")
    standing = _standing(request, scope, seasons)
    template = "officer/wall_inner.html" if request.headers.get("HX-Request") else "officer/wall.html"
    sheet = make_wall_map(standing.facts, standing.towns, standing.now)
    return render(request, template, _shown(standing, request) | {"map": sheet})


@require_GET
def places(request: HttpRequest, season_id: int) -> HttpResponse:
    """Jobs as dots for the map."""
    scope = _scope(request)
    standing = stand(scope, Season.objects.get_seen(scope, pk=season_id))
    body = json.dumps(words.features(standing), ensure_ascii=False)
    return HttpResponse(body, content_type="application/geo+json")


@require_GET
def report(request: HttpRequest, season_id: int, days: int) -> HttpResponse:
    """The daily or weekly report as PDF."""
    scope = _scope(request)
    weekly = days >= WEEK
    season = Season.objects.get_seen(scope, pk=season_id)
    standing = stand(scope, season, period_days=WEEK if weekly else 1)
    pdf = make_season_report(words.report(standing, _org_name(request), weekly=weekly))
    return _download(pdf, "application/pdf", f"report-{standing.since:%Y%m%d}.pdf")


@require_GET
def export(request: HttpRequest, season_id: int, kind: str) -> HttpResponse:
    """Open data by town and work, without personal data."""
    scope = _scope(request)
    standing = stand(scope, Season.objects.get_seen(scope, pk=season_id))
    return open_file(standing, kind)


def open_file(standing: Standing, kind: str) -> HttpResponse:
    """Progress by town and work as a file of one of the kinds that there are.

    Raises:
        NotFound: no such kind.
    """
    rows, name = words.open_rows(standing), f"progress-{standing.since:%Y%m%d}.{kind}"
    if kind == "csv":
        return _download(csv_bytes(words.OPEN_COLUMNS, rows), "text/csv; charset=utf-8", name)
    if kind == "xlsx":
        readme = (_("Read me"), [_("column"), _("meaning")], words.open_readme(standing))
        return _download(xlsx_bytes([(_("Progress"), words.OPEN_COLUMNS, rows), readme]), XLSX, name)
    if kind == "geojson":
        body = json.dumps(words.open_features(standing), ensure_ascii=False).encode()
        return _download(body, "application/geo+json", name)
    raise NotFound(f"there is no export as {kind}; there is csv, geojson and xlsx")


def _scope(request: HttpRequest) -> Scope:
    """An officer's reach; what the person is elsewhere is not added into any sum."""
    need_role(request.scope, RoleKind.OFFICER)
    return only_officer(request.scope)


def _standing(request: HttpRequest, scope: Scope, seasons: list[Season]) -> Standing:
    asked = request.GET.get("season", "")
    season = next((one for one in seasons if str(one.pk) == asked), seasons[0])
    return stand(scope, season)


def _shown(standing: Standing, request: HttpRequest) -> dict[str, Any]:
    """What page and wall show."""
    return {
        "standing": standing,
        "org_name": _org_name(request),
        "figures": words.figures(standing),
        "chart": words.chart_option(standing),
        "towns": [{"name": name, "one": one, "cells": words.progress_row(one)} for name, one in standing.towns],
        "operations": [
            {"name": operation_names(name), "one": one, "cells": words.progress_row(one)}
            for name, one in standing.operations
        ],
        "town_heads": words.progress_heads(_("Town")),
        "work_heads": words.progress_heads(_("Work")),
        "rest": words.progress_heads("")[1:],
        "short": [
            {"town": town, "why": words.reason_words(one.reason), "one": one, "area": words.area(one.area_ha),
             "value": words.money(one.value_fen)}
            for town, short in standing.short_by_town
            for one in short
        ],
        "worst": [_worst(one, standing) for one in standing.worst],
        "notes": words.notes(standing),
        "last_day": standing.season.horizon_days - 1,
    }  # fmt: skip


def _worst(one: JobFacts, standing: Standing) -> dict[str, Any]:
    lost_fen = one.lost_fen(standing.now)
    return {
        "one": one,
        "work": operation_names(one.operation),
        "area": words.area(one.area_ha),
        "what": words.exception_words(one, standing.now),
        "lost": words.money(lost_fen) if lost_fen else "",
        "kind": "bad" if one.ends is None else "late",
    }


def _org_name(request: HttpRequest) -> str:
    names = [str(org) for org in Org.objects.filter(pk__in=request.scope.orgs_as(RoleKind.OFFICER))]
    return " · ".join(names)


def _download(data: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(data, content_type=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
