"""API of the register: fields, machines, operators, dryers and yards alike; lendings; tables of codes."""

from dataclasses import dataclass
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Path, Query, Router, Schema
from pydantic import Field

from nongshi.core.errors import BadInput
from nongshi.site.base.api_rows import add_row, change_row, check_may_add, check_named, remove_row
from nongshi.site.base.api_types import Id, Shown, Text40
from nongshi.site.base.models import Org, Person
from nongshi.site.base.paging import Page, Pages, answer_one, answer_page, check_version, once_each
from nongshi.site.base.rows import OrgRow
from nongshi.site.register import api_types as shapes
from nongshi.site.register import models as register
from nongshi.site.register.services import set_licences

router = Router(tags=["register"])
MATCH = {"x-match": True}
Pk = Annotated[Id, Path()]


class RowFilter(Schema):
    """Which rows."""

    org_id: Id | None = None
    ref: Text40 | None = None
    q: Annotated[str, Field(max_length=40, description="part of number or name")] | None = None


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of rows of the register and its shapes."""

    model: type[OrgRow]
    many: str
    out: type[Shown]
    new: Any
    change: Any

    @property
    def one(self) -> str:
        """field, machine, ..."""
        return str(self.model._meta.model_name)


KINDS = (
    Kind(register.Field, "fields", shapes.FieldOut, shapes.FieldIn, shapes.FieldChange),
    Kind(register.Machine, "machines", shapes.MachineOut, shapes.MachineIn, shapes.MachineChange),
    Kind(register.Operator, "operators", shapes.OperatorOut, shapes.OperatorIn, shapes.OperatorChange),
    Kind(register.Dryer, "dryers", shapes.DryerOut, shapes.DryerIn, shapes.DryerChange),
    Kind(register.Yard, "yards", shapes.YardOut, shapes.YardIn, shapes.YardChange),
    Kind(register.Lending, "lendings", shapes.LendingOut, shapes.LendingIn, shapes.LendingChange),
)


def _add_reading(kind: Kind) -> None:
    """List and one row of a kind."""

    def list_rows(request: HttpRequest, which: Annotated[RowFilter, Query()], paging: Pages) -> HttpResponse:
        rows = once_each(kind.model.objects.seen_by(request.scope))
        return answer_page(request, kind.out, _among(rows, kind, which), paging)

    def get_row(request: HttpRequest, pk: Pk) -> HttpResponse:
        return answer_one(kind.out, kind.model.objects.seen_by(request.scope), pk=pk)

    page: Any = Page
    said = f"{kind.many.capitalize()} in sight."
    _add("GET", f"/{kind.many}", list_rows, f"list_{kind.many}", said, page[kind.out])
    _add("GET", f"/{kind.many}/{{pk}}", get_row, f"get_{kind.one}", f"One {kind.one}.", kind.out)


def _add_changing(kind: Kind) -> None:
    """New, changed and removed rows of a kind."""

    def add(request: HttpRequest, body: Any) -> HttpResponse:
        values = body.dict(exclude_unset=True)
        org_id = values.pop("org_id")
        check_may_add(request, kind.model, org_id)
        row = add_row(request, kind.model, org_id, _columns(request, kind, values, org_id))
        _after(kind, row, values)
        response = answer_one(kind.out, kind.model.objects.changed_by(request.scope), status=201, pk=row.pk)
        response.headers["Location"] = f"{request.path}/{row.pk}"
        return response

    def change(request: HttpRequest, pk: Pk, body: Any) -> HttpResponse:
        rows = kind.model.objects.changed_by(request.scope)
        check_version(request, kind.out, rows, pk=pk)
        row = rows.get_changed(request.scope, pk=pk)
        values = body.dict(exclude_unset=True)
        change_row(request, row, _columns(request, kind, values, row.org_id, row))
        _after(kind, row, values)
        return answer_one(kind.out, rows, pk=pk)

    def remove(request: HttpRequest, pk: Pk) -> HttpResponse:
        rows = kind.model.objects.changed_by(request.scope)
        check_version(request, kind.out, rows, pk=pk)
        remove_row(request, rows.get_changed(request.scope, pk=pk))
        return HttpResponse(status=204)

    add.__annotations__["body"], change.__annotations__["body"] = kind.new, kind.change
    one, many = kind.one, f"/{kind.many}/{{pk}}"
    _add("POST", f"/{kind.many}", add, f"add_{one}", f"A new {one} of an organisation.", {201: kind.out})
    _add("PATCH", many, change, f"change_{one}", f"Change a {one}; columns left out stay.", kind.out, MATCH)
    said = f"Take a {one} away; one that jobs, orders or lendings name stays."
    _add("DELETE", many, remove, f"remove_{one}", said, {204: None}, MATCH)


def _add(method: str, path: str, view: Any, name: str, doc: str, response: Any, extra: Any = None) -> None:
    view.__name__, view.__doc__ = name, doc
    router.api_operation([method], path, response=response, openapi_extra=extra)(view)


for _kind in KINDS:
    _add_reading(_kind)
    _add_changing(_kind)


@router.get("/code-tables", response=Page[shapes.CodeTableOut], tags=["codes"])
def list_code_tables(request: HttpRequest, paging: Pages) -> HttpResponse:
    """Tables of codes, each edition with its source."""
    return answer_page(request, shapes.CodeTableOut, register.CodeTable.objects.order_by("name", "pk"), paging)


@router.get("/code-tables/{pk}", response=shapes.CodeTableOut, tags=["codes"])
def get_code_table(request: HttpRequest, pk: Pk) -> HttpResponse:
    """One table."""
    return answer_one(shapes.CodeTableOut, register.CodeTable.objects.all(), pk=pk)


@router.get("/code-tables/{pk}/codes", response=Page[shapes.CodeOut], tags=["codes"])
def list_codes(request: HttpRequest, pk: Pk, paging: Pages) -> HttpResponse:
    """The codes of a table."""
    answer_one(shapes.CodeTableOut, register.CodeTable.objects.all(), pk=pk)
    return answer_page(request, shapes.CodeOut, register.Code.objects.filter(table_id=pk).order_by("code"), paging)


def _among(rows: Any, kind: Kind, which: RowFilter) -> Any:
    columns = {column.name for column in kind.model._meta.get_fields()}
    if which.org_id is not None:
        rows = rows.filter(org_id=which.org_id)
    if which.ref is not None:
        rows = rows.filter(ref=which.ref) if "ref" in columns else rows.none()
    if which.q is not None:
        known = [column for column in ("ref", "name") if column in columns]
        matching = [
            set(rows.filter(**{f"{column}__icontains": which.q}).values_list("pk", flat=True)) for column in known
        ]
        rows = rows.filter(pk__in=set().union(*matching))
    return rows


def _columns(
    request: HttpRequest, kind: Kind, values: dict[str, Any], org_id: int, row: OrgRow | None = None
) -> dict[str, Any]:
    """Given values as columns of the row; who or what they name must be there.

    Raises:
        BadInput: it is not.
    """
    values = dict(values)
    for name in ("grower_id", "owner_id", "person_id"):
        if name in values:
            check_named(request, Person, values[name], org_id=org_id)
    values.pop("licences", None)
    if "off_days" in values:
        values["off_days"] = sorted({day.isoformat() for day in values["off_days"]})
    if "outline" in values:
        outline = values.pop("outline")
        made = register.Field().set_geometry(None if outline is None else shapes.to_shape(outline))
        values |= {name: getattr(made, name) for name in ("outline", "min_lon", "min_lat", "max_lon", "max_lat")}
    if kind.model is register.Lending:
        _check_lending(request, values, org_id, row)
    return values


def _check_lending(request: HttpRequest, values: dict[str, Any], org_id: int, row: Any) -> None:
    since, until = (values.get(name) or getattr(row, name) for name in ("since", "until"))
    if until < since:
        raise BadInput(f"the last day, {until}, lies before the first, {since}; exchange or correct them")
    if row is not None:
        return
    if values["to_id"] == org_id or not Org.objects.filter(pk=values["to_id"]).exists():
        raise BadInput(f"there is no other organisation {values['to_id']} to lend to")
    for name, model in (("machine", register.Machine), ("operator", register.Operator)):
        check_named(request, model, values.get(f"{name}_id"), org_id=org_id)
        if values.get(f"{name}_id") is not None and values["what"] != name:
            raise BadInput(f"{name}_id goes with what = {name}")


def _after(kind: Kind, row: Any, values: dict[str, Any]) -> None:
    if kind.model is register.Operator and values.get("licences") is not None:
        set_licences(row, {one["licence_class"]: one["valid_until"] for one in values["licences"]})
