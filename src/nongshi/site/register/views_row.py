"""One row of a list: looked at, added, changed, taken out of use and back."""

import json
from typing import Any

import shapely
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from nongshi.site.base.faults import Forbidden, Outdated
from nongshi.site.register import changing, showing
from nongshi.site.register.columns import ListKind
from nongshi.site.register.forms import FORMS, ImplementForm, LicenceForm, RowForm, code_choices
from nongshi.site.register.importing import rows_of
from nongshi.site.register.models import Field
from nongshi.site.register.outlines import CrossesItself, area_ha_of, differs, overlaps_of
from nongshi.site.register.views import kind_of, own_orgs


@require_GET
def row_page(request: HttpRequest, list_name: str, pk: int) -> HttpResponse:
    """One row with all that is known of it."""
    kind = kind_of(request, list_name)
    row = rows_of(kind, kind.model.objects.all()).get_seen(request.scope, pk=pk)
    return render(request, "register/row.html", row_context(request, kind, row))


def row_context(request: HttpRequest, kind: ListKind, row: Any, **more: Any) -> dict[str, Any]:
    """What a row's page shows."""
    names, today = showing.code_names(kind), timezone.localdate()
    mine = request.scope.may(row.resource, row.org_id, change=True)
    context: dict[str, Any] = {
        "kind": kind, "row": row, "mine": mine, "tabs": showing.tabs_for(request.scope),
        "facts": [(c.shown_label, showing.shown_cell(c, row, names), c) for c in kind.columns],
        "hangs": changing.hangs_on(row) if mine else (),
    }  # fmt: skip
    if kind.name == "fields":
        context |= _field_facts(row)
    elif kind.name == "machines":
        context |= {
            "papers": showing.papers_of(row, today), "missing": row.papers_missing(today),
            "implements": row.implements.all(), "implement_form": ImplementForm(prefix="implement"),
            "upkeep": showing.state_of(row.upkeep_due, today) if row.upkeep_due else "",
            "lendings": row.lendings.select_related("to").filter(until__gte=today) if mine else (),
        }  # fmt: skip
    elif kind.name == "operators":
        context |= {
            "licences": [(one, showing.licence_state(one, today)) for one in row.licences.all()],
            "licence_names": dict(code_choices("licence_class")), "licence_form": LicenceForm(prefix="licence"),
            "lendings": row.lendings.select_related("to").filter(until__gte=today) if mine else (),
        }  # fmt: skip
    return context | more


def _field_facts(row: Field) -> dict[str, Any]:
    outline = row.geometry
    if outline is None:
        return {"map": _map_data(row, None)}
    computed_ha = area_ha_of(outline)
    return {
        "map": _map_data(row, outline),
        "computed_ha": computed_ha,
        "differs": differs(row.area_ha, computed_ha),
        "overlaps": overlaps_of(outline, row.org, but=row.pk),
    }


def _map_data(row: Field, outline: Any | None) -> dict[str, Any]:
    return {
        "outline": None if outline is None else json.loads(shapely.to_geojson(outline)),
        "gate": None if row.gate_lon is None else [row.gate_lon, row.gate_lat],
        "pk": row.pk,
        "org": row.org_id,
    }


def change_page(request: HttpRequest, list_name: str, pk: int | None = None) -> HttpResponse:
    """The form of a row, new or changed; what was typed is kept whatever happens."""
    kind = kind_of(request, list_name)
    orgs = own_orgs(request, kind)
    if pk is not None:
        row = kind.model.objects.select_related("org").get_changed(request.scope, pk=pk)
    elif not orgs:
        raise Forbidden(f"you may not add to the list of {list_name}")
    else:
        asked = request.POST.get("org") or request.GET.get("org") or ""
        org = next((one for one in orgs if str(one.pk) == asked), orgs[0])
        row = kind.model(org=org)
    form = FORMS[kind.name](request.POST or None, instance=row, org=row.org)
    others: list[tuple[Any, str, str]] = []
    status = 200
    if request.method == "POST":
        if form.is_valid():
            try:
                kept = changing.save_row(request.scope, form.save(commit=False), version=form.cleaned_data["version"])
            except Outdated:
                others, status = _others(form, kind, request), 409
            else:
                messages.success(request, _("Saved."))
                return redirect("register:row", list_name=kind.name, pk=kept.pk)
        else:
            status = 422
    fault = getattr(form, "outline_fault", None)
    context = {
        "kind": kind, "form": form, "row": row, "new": pk is None, "orgs": orgs, "others": others,
        "outline_fault": fault, "fault_at": [fault.lon, fault.lat] if isinstance(fault, CrossesItself) else None,
        "map": _form_map(form, row) if kind.name == "fields" else _form_point(form, row, kind),
        "tabs": showing.tabs_for(request.scope),
    }  # fmt: skip
    return render(request, "register/change.html", context, status=status)


def _others(form: RowForm, kind: ListKind, request: HttpRequest) -> list[tuple[Any, str, str]]:
    """Where the row now says something else than the form; the form may be sent again after that."""
    now = kind.model.objects.get_seen(request.scope, pk=form.instance.pk)
    names = showing.code_names(kind)
    found = []
    for column in kind.columns:
        if column.kind == "licences" or (column.name not in form.fields and column.attribute not in form.fields):
            continue
        mine, theirs = showing.shown_cell(column, form.instance, names), showing.shown_cell(column, now, names)
        if mine != theirs:
            found.append((column.label, mine, theirs))
    form.data = form.data.copy()
    form.data["version"] = str(now.version)
    return found


def _form_map(form: Any, row: Field) -> dict[str, Any]:
    data = _map_data(row, row.geometry)
    if form.is_bound:
        try:
            data["outline"] = json.loads(form.data.get("shape") or "null")
        except ValueError:
            data["outline"] = None
    return data | {"kind": "fields"}


def _form_point(form: Any, row: Any, kind: ListKind) -> dict[str, Any] | None:
    if not kind.point[0]:
        return None
    return {"pk": row.pk, "org": row.org_id, "kind": kind.name, "point": list(kind.point)}


@require_POST
def take_out(request: HttpRequest, list_name: str, pk: int) -> HttpResponse:
    """Out of use; gone where nothing hangs on it."""
    kind = kind_of(request, list_name)
    came = changing.take_out(request.scope, kind, pk, int(request.POST.get("version") or 0))
    if came == "gone":
        messages.success(request, _("Deleted: nothing else spoke of it."))
        return redirect("register:list", list_name=kind.name)
    messages.success(request, _("Out of use: new plans do without it, what was is kept."))
    return redirect("register:row", list_name=kind.name, pk=pk)


@require_POST
def take_back_in(request: HttpRequest, list_name: str, pk: int) -> HttpResponse:
    """In use again."""
    kind = kind_of(request, list_name)
    changing.take_back_in(request.scope, kind, pk, int(request.POST.get("version") or 0))
    messages.success(request, _("In use again."))
    return redirect("register:row", list_name=kind.name, pk=pk)
