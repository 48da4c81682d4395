"""The page of the season ahead: what is short in words, map and chart by week, demand, prices."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from nongshi.site.base.access import need_role
from nongshi.site.base.rights import RoleKind
from nongshi.site.forecasts import figures, report, services, words
from nongshi.site.forecasts.models import Forecast, WhatIf
from nongshi.site.forecasts.season_json import SeasonDoc

READERS = (RoleKind.OFFICER, RoleKind.TRAINER, RoleKind.DISPATCHER, RoleKind.OWNER, RoleKind.CLERK, RoleKind.AUDITOR)
LACKS_SHOWN = 6
PRICES_SHOWN = 12


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The newest forecast in sight."""
    need_role(request.scope, *READERS)
    row = services.newest(request.scope)
    if row is None:
        context = {"may": bool(services.may_keep(request.scope)), "runs": services.runs_of(request.scope)}
        return render(request, "forecasts/none.html", context)
    return _page(request, row)


@require_GET
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """One forecast, newest or not."""
    need_role(request.scope, *READERS)
    return _page(request, Forecast.objects.select_related("org", "folder").get_seen(request.scope, pk=pk))


def _page(request: HttpRequest, row: Forecast) -> HttpResponse:
    doc, today = row.doc, timezone.localdate()
    found = figures.lacks(doc, today)
    whole = figures.region_lacks(doc, today)
    newest = services.in_sight(request.scope).first()
    context = {
        "row": row,
        "doc": doc,
        "old": newest if newest is not None and newest.pk != row.pk else None,
        "over": row.doc.start_of(doc.weeks) <= today,
        "whole": [_lack(one, words.region_words(one)) for one in whole[:2]],
        "lacks": [_lack(one, words.lack_words(one)) for one in found],
        "shown": LACKS_SHOWN,
        "said": words.said(doc),
        "meaning": report.meaning(),
        "prices": _prices(doc),
        "whatifs": WhatIf.objects.seen_by(request.scope).filter(forecast=row).select_related("by")[:LACKS_SHOWN],
        "dispatcher": request.scope.has(RoleKind.DISPATCHER),
        "officer": request.scope.has(RoleKind.OFFICER),
        "may": row.org_id in services.may_keep(request.scope),
        "runs": services.runs_of(request.scope),
    }
    return render(request, "forecasts/one.html", context | _layer(request, doc) | _fan(request, doc) | _loss(doc))


def _lack(one: figures.Lack, said: str) -> dict[str, Any]:
    return {"one": one, "said": said, "more": words.lack_more(one)}


def _layer(request: HttpRequest, doc: SeasonDoc) -> dict[str, Any]:
    """The layer that the reader chose, else the first that there is; as data for the map and as a table."""
    groups = figures.choices(doc)
    titles = {
        "operators": _("Operators lacking"), "machines": _("Machine hours lacking"), "demand": _("Area to be worked"),
    }  # fmt: skip
    names = {"operators": words.licence_name, "machines": words.class_name}
    options = [
        (
            titles[what],
            [(f"{what}:{of}", names.get(what, lambda of: words.operation_name(doc, of))(of)) for of in found],
        )
        for what, found in groups.items()
        if found
    ]
    keys = [key for _title, found in options for key, _name in found]
    if not keys:
        return {"layer": None, "options": []}
    asked = request.GET.get("show", "")
    chosen = asked if asked in keys else keys[0]
    what, _sep, of = chosen.partition(":")
    layer = figures.layer(doc, what, of)
    table = [
        (town, [(words.number(words.scaled(layer, cell.p50)), _shade(cell.p50, layer.top), cell) for cell in row])
        for town, row in zip(layer.towns, layer.cells, strict=True)
    ]
    return {
        "layer": layer, "options": options, "chosen": chosen, "layer_title": words.layer_title(doc, what, of),
        "layer_unit": words.unit_of(layer), "layer_table": table, "layer_data": words.drawn(layer, doc),
    }  # fmt: skip


def _shade(value: float, top: float) -> str:
    """How strongly a cell of the table is marked: 0 to 4."""
    return str(0 if top <= 0 else min(4, -(-int(400 * value / top) // 100)))


def _fan(request: HttpRequest, doc: SeasonDoc) -> dict[str, Any]:
    """Demand of one operation in one town, week by week with its interval."""
    operations = figures.choices(doc)["demand"]
    if not operations:
        return {"fan": None}
    asked = request.GET.get("work", "")
    operation = asked if asked in operations else operations[0]
    towns = [one.town for one in doc.towns]
    town = request.GET.get("town", "")
    town = town if town in towns else figures.busiest_town(doc, operation)
    rows = figures.fan(doc, operation, town)
    layer = figures.layer(doc, "demand", operation)
    data = {part: [round(words.scaled(layer, getattr(value, part)), 1) for _day, value in rows] for part in PARTS}
    return {
        "fan": data | {"weeks": [f"{day:%m-%d}" for day, _value in rows], "unit": words.unit_of(layer)},
        "fan_rows": [(day, *(words.number(data[part][at]) for part in PARTS)) for at, (day, _value) in enumerate(rows)],
        "fan_work": operation,
        "fan_town": town,
        "fan_towns": towns,
        "fan_works": [(one, words.operation_name(doc, one)) for one in operations],
        "fan_title": words.operation_name(doc, operation),
    }


PARTS = ("p10", "p50", "p90")


def _prices(doc: SeasonDoc) -> list[dict[str, Any]]:
    return [
        {
            "one": one,
            "what": words.price_words(one),
            "week": words.week_words(one.start),
            "yuan": words.number(one.yuan_h),
        }
        for one in figures.best_prices(doc, PRICES_SHOWN)
    ]


def _loss(doc: SeasonDoc) -> dict[str, Any]:
    """Loss of the season; how much worse it is without foresight, in the seasons that were lived through that way."""
    totals = doc.totals
    if totals is None or totals.loss_yuan is None:
        return {"loss": ""}
    lived = totals.foresight_ratio is not None and totals.rolling_loss_yuan is not None
    return {
        "loss": words.spread_words(totals.loss_yuan),
        "foresight": f"{totals.foresight_ratio:.2f}" if lived else "",
    }
