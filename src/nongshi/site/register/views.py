"""Lists of the register and their rows: look, search, add, change, take out of use."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from nongshi.core.errors import NotFound
from nongshi.site.base.access import need_role
from nongshi.site.base.faults import Forbidden
from nongshi.site.base.models import Org
from nongshi.site.base.rights import Resource, RoleKind
from nongshi.site.register import showing
from nongshi.site.register.columns import LISTS, ListKind
from nongshi.site.register.forms import code_choices
from nongshi.site.register.importers import Importer, get_importer
from nongshi.site.register.importing import rows_of

VIEWERS = (RoleKind.CLERK, RoleKind.DISPATCHER, RoleKind.OFFICER, RoleKind.AUDITOR)
PAGE = 30


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
