"""Lists of the register and their rows: look, search, add, change, take out of use."""

import json
from typing import Any

import shapely
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from nongshi.core.errors import BadInput, NotFound
from nongshi.core.units import MU_PER_HA
from nongshi.site.base.access import need_role
from nongshi.site.base.faults import Forbidden, Outdated
from nongshi.site.base.models import Org
from nongshi.site.base.rights import Resource, RoleKind
from nongshi.site.base.templatetags.site import area
from nongshi.site.register import changing, showing
from nongshi.site.register.columns import LISTS, ListKind
from nongshi.site.register.forms import FORMS, ImplementForm, LicenceForm, RowForm, code_choices
from nongshi.site.register.importers import Importer, get_importer
from nongshi.site.register.importing import rows_of
from nongshi.site.register.models import Field
from nongshi.site.register.outlines import CrossesItself, area_ha_of, differs, overlaps_of, parse_outline

VIEWERS = (RoleKind.CLERK, RoleKind.DISPATCHER, RoleKind.OFFICER, RoleKind.AUDITOR)
PAGE = 30
NEAR_MAX = 3_000  # outlines on one map


def kind_of(request: HttpRequest, list_name: str) -> ListKind:
    """The list of an address, for somebody who may look at it.

    Raises:
        Forbidden: the list is not for their roles.
    """
    need_role(request.scope, *VIEWERS)
    kind = LISTS.get(list_name)
    if kind is None:
        raise NotFound(f"no list {list_name}")
    if kind not in showing.tabs_for(request.scope):
        raise Forbidden(f"the list of {list_name} is not for your roles")
    return kind


def own_orgs(request: HttpRequest, kind: ListKind) -> list[Org]:
    """Organisations whose rows of this kind the reader may change."""
    ids = request.scope.orgs(kind.model.resource, change=True)
    return list(Org.objects.filter(pk__in=ids).order_by("path"))


def list_of(request: HttpRequest, list_name: str) -> Importer:
    """Any list that comes and leaves as a file, for somebody who may look at it.

    Raises:
        Forbidden: it is not for their roles.
        NotFound: there is none.
    """
    need_role(request.scope, *VIEWERS)
    importer = get_importer(list_name)
    if not importer.may_see(request.scope):
        raise Forbidden(f"the list of {list_name} is not for your roles")
    return importer


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The first list in sight."""
    need_role(request.scope, *VIEWERS)
    return redirect("register:list", list_name=showing.tabs_for(request.scope)[0].name)


def found_rows(request: HttpRequest, kind: ListKind) -> Any:
    """Rows in sight that the page's search and filters leave, sorted as asked."""
    rows = kind.model.objects.seen_by(request.scope)
    q, use, sort = (request.GET.get(name, "").strip() for name in ("q", "use", "sort"))
    if use != "all":
        rows = rows.filter(out_since__isnull=use != "out")
    if request.GET.get("org", "").isdigit():
        rows = rows.filter(org_id=int(request.GET["org"]))
    if request.GET.get("class") and kind.name == "machines":
        rows = rows.filter(machine_class=request.GET["class"])
    if q:
        wanted = Q()
        for path in kind.search:
            wanted |= Q(**{f"{path}__icontains": q})
        rows = rows.filter(wanted)
    rows = rows_of(kind, rows.distinct())
    column = next((c for c in kind.columns if c.name == sort.removeprefix("-")), None)
    if column is not None and column.kind != "licences":
        by = f"{column.attribute}__name" if column.kind == "person" else column.attribute
        rows = rows.order_by(f"-{by}" if sort.startswith("-") else by, "pk")
    return rows


@require_GET
def list_page(request: HttpRequest, list_name: str) -> HttpResponse:
    """One list, a page of it."""
    kind = kind_of(request, list_name)
    page = Paginator(found_rows(request, kind), PAGE).get_page(request.GET.get("page"))
    sort = request.GET.get("sort", "ref")
    orgs = Org.objects.filter(pk__in=request.scope.orgs(kind.model.resource)).order_by("path")
    context = {
        "kind": kind,
        "tabs": showing.tabs_for(request.scope),
        "page": page,
        "rows": showing.shown_rows(kind, page.object_list, request.scope),
        "columns": [
            {"column": c, "sort": f"-{c.name}" if sort == c.name else c.name, "on": sort.removeprefix("-") == c.name}
            for c in map(kind.column, kind.shown)
        ],
        "down": sort.startswith("-"),
        "orgs": orgs if len(orgs) > 1 else (),
        "may_change": bool(own_orgs(request, kind)),
        "classes": code_choices("machine_class") if kind.name == "machines" else (),
        "asked": any(request.GET.get(name) for name in ("q", "org", "use", "class")),
        "query": request.GET.urlencode(),
        "lends": Resource.LENDING in _seen(request),
    }
    return render(request, "register/list.html", context)


def _seen(request: HttpRequest) -> set[Resource]:
    return {resource for resource in Resource if request.scope.orgs(resource)}


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
        "facts": [(c.label, showing.shown_cell(c, row, names), c) for c in kind.columns],
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


@require_GET
def near(request: HttpRequest) -> JsonResponse:
    """Outlines of an organisation's fields, for maps."""
    kind_of(request, "fields")
    rows = Field.objects.seen_by(request.scope).filter(out_since=None).exclude(outline=None)
    if request.GET.get("org", "").isdigit():
        rows = rows.filter(org_id=int(request.GET["org"]))
    if request.GET.get("but", "").isdigit():
        rows = rows.exclude(pk=int(request.GET["but"]))
    features = [
        {
            "type": "Feature", "id": row.pk, "geometry": json.loads(shapely.to_geojson(row.geometry)),
            "properties": {"name": str(row)},
        }
        for row in rows[:NEAR_MAX]
    ]  # fmt: skip
    return JsonResponse({"type": "FeatureCollection", "features": features})


@require_POST
def judge(request: HttpRequest) -> JsonResponse:
    """An outline on its way: its true area, where it crosses itself, on whom it lies."""
    kind = kind_of(request, "fields")
    try:
        said = json.loads(request.body or b"{}")
        text, org_id, but = str(said.get("shape", "")), int(said.get("org") or 0), said.get("but")
    except (ValueError, TypeError, AttributeError) as error:
        raise BadInput("send shape and org as JSON") from error
    org = next((one for one in own_orgs(request, kind) if one.pk == org_id), None)
    if org is None:
        raise Forbidden("you may not draw fields of this organisation")
    try:
        outline = parse_outline(text)
    except CrossesItself as fault:
        words = _("The outline crosses itself at the red point. Move the corners there apart.")
        return JsonResponse({"at": [fault.lon, fault.lat], "words": words, "kind": "bad"})
    except BadInput:
        return JsonResponse({"words": _("This is no outline of a field. Draw it on the map."), "kind": "bad"})
    if outline is None:
        return JsonResponse({})
    area_ha = area_ha_of(outline)
    upon = overlaps_of(outline, org, but=but if isinstance(but, int) else None)
    words = _("Lies upon its neighbours: %(names)s") % {"names": ", ".join(str(one.field) for one in upon[:5])}
    inside = outline.representative_point()
    answer = {"shown": area(area_ha, 2), "area_mu": round(area_ha * MU_PER_HA, 2), "inside": [inside.x, inside.y]}
    return JsonResponse(answer | ({"words": words, "kind": "late"} if upon else {}))


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
