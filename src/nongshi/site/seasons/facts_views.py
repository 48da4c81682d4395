"""What a season remembers (rain, breakdowns, days off, areas, jobs taken out), and taking back what was a mistake."""

from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from nongshi.core.errors import BadInput, NotFound
from nongshi.site.base.access import need_role
from nongshi.site.base.faults import Outdated
from nongshi.site.base.models import Person
from nongshi.site.base.rights import RoleKind
from nongshi.site.base.templatetags.site import area, clock, day
from nongshi.site.jobs.models import KNOWN_STATUSES
from nongshi.site.plans.facts_back import list_facts, take_back_fact
from nongshi.site.plans.models import Season
from nongshi.site.plans.regions import Rows, season_rows
from nongshi.site.register.showing import tabs_for


def _kinds() -> dict[str, str]:
    return {
        "down": _("cannot work"), "off": _("day off"), "dryers": _("dryer out of order"),
        "area": _("another area"), "out": _("taken out"),
    }  # fmt: skip


@require_GET
def facts(request: HttpRequest, pk: int) -> HttpResponse:
    """All that the season remembers, for whoever leads it."""
    return _page(request, pk)


def _page(request: HttpRequest, pk: int, status: int = 200, **more: Any) -> HttpResponse:
    need_role(request.scope, RoleKind.DISPATCHER)
    season = Season.objects.get_changed(request.scope, pk=pk)
    rows = season_rows(season, jobs=KNOWN_STATUSES)
    names = _names(rows)
    found, gone = list_facts(season), season.head.get("facts_back", [])
    ids = {one.by for one in found} | {one["by"] for one in gone} | {one.get("said_by") for one in gone}
    who = dict(Person.objects.filter(pk__in=ids - {None}).values_list("pk", "name"))
    kinds = _kinds()
    context = {
        "season": season,
        "tabs": tabs_for(request.scope),
        "here": "seasons",
        "facts": [
            {
                "key": one.key, "kind": kinds[one.kind], "when": _when(one.kind, one.what),
                "by": who.get(one.by or 0, ""), "at": _moment(one.at),
                "things": [(id_, names.get(id_, id_)) for id_ in one.ids],
            }
            for one in found
        ],
        "gone": [
            {
                "kind": kinds[one["kind"]], "when": _when(one["kind"], one["what"]), "why": one["why"],
                "by": who.get(one["by"] or 0, ""), "at": _moment(one["at"]),
                "said_by": who.get(one["said_by"] or 0, ""), "things": [names.get(id_, id_) for id_ in one["ids"]],
            }
            for one in reversed(gone)
        ],
    }  # fmt: skip
    return render(request, "seasons/facts.html", context | more, status=status)


def _names(rows: Rows) -> dict[str, str]:
    """Ids of the region -> what people call it."""
    found = {key: str(job.field) for key, job in rows.job_of.items()}
    found |= {rows.key(dryer): str(dryer) for dryer in rows.dryers}
    return found | {key: str(row) for of in (rows.machine_of, rows.operator_of) for key, row in of.items()}


def _when(kind: str, what: str) -> str:
    """The hours, days or area of a fact in the reader's words."""
    match kind:
        case "down":
            since, until = (timezone.make_aware(datetime.fromisoformat(part)) for part in what.split("/"))
            last = clock(until) if until.date() == since.date() else f"{day(until)} {clock(until)}"
            return f"{day(since)} {clock(since)} – {last}"
        case "dryers":
            first, last = (date.fromisoformat(part) for part in what.split("/"))
            return str(day(first)) if first == last else f"{day(first)} – {day(last)}"
        case "off":
            return str(day(date.fromisoformat(what)))
        case "area":
            return str(area(float(what)))
        case _:
            return ""


def _moment(said: str) -> datetime | None:
    return datetime.fromisoformat(said) if said else None


@require_POST
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one back: it was a mistake."""
    need_role(request.scope, RoleKind.DISPATCHER)
    said = request.POST
    version = said.get("version", "")
    try:
        take_back_fact(
            request.scope, pk, said.get("key", ""), only=said.get("only", ""), why=said.get("why", ""),
            version=int(version) if version.isdecimal() else 0,
        )  # fmt: skip
    except BadInput:
        return _page(request, pk, 422, fault=_("Say why; it stands in the record."), asked=said.get("key", ""))
    except Outdated:
        return _page(request, pk, 409, fault=_("Somebody changed the season in between. Look again, then repeat."))
    except NotFound:
        Season.objects.get_changed(request.scope, pk=pk)
        return _page(request, pk, 404, fault=_("The season remembers no such thing any more."))
    messages.success(request, _("Taken back. The next plan is made without it; plans that are there stay as they are."))
    return redirect("seasons:facts", pk=pk)
