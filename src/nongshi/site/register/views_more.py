"""What belongs to a row: licences with their photos, implements, lendings; and the code tables."""

from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from nongshi.core.errors import BadInput, NotFound
from nongshi.site.base.access import need_role
from nongshi.site.base.faults import Forbidden
from nongshi.site.base.models import Org
from nongshi.site.base.rights import Resource, RoleKind
from nongshi.site.base.templatetags.site import in_english
from nongshi.site.register import changing, codes, showing
from nongshi.site.register.code_list import PREFIX, TABLE_WORDS, map_org
from nongshi.site.register.forms import ImplementForm, LendingForm, LicenceForm
from nongshi.site.register.importing import rows_of
from nongshi.site.register.models import Lending, Machine, Operator
from nongshi.site.register.views import VIEWERS, kind_of, list_of
from nongshi.site.register.views_files import download
from nongshi.site.register.views_row import row_context
from nongshi.site.register.writing import FORMATS, write_list


@require_POST
def add_licence(request: HttpRequest, pk: int) -> HttpResponse:
    """A class held, with a photo of the card."""
    kind = kind_of(request, "operators")
    row = rows_of(kind, Operator.objects.all()).get_changed(request.scope, pk=pk)
    form = LicenceForm(request.POST, request.FILES, prefix="licence")
    if form.is_valid():
        said = form.cleaned_data
        photo = said["photo"].read(changing.PHOTO_BYTES_MAX + 1) if said["photo"] else None
        try:
            changing.keep_licence(request.scope, pk, said["licence_class"], said["valid_until"], photo)
        except BadInput:
            form.add_error("photo", _("This is no photo, or larger than 6 MB. Take a JPEG or PNG."))
        else:
            messages.success(request, _("Saved."))
            return redirect("register:row", list_name="operators", pk=pk)
    context = row_context(request, kind, row, licence_form=form, open="licence")
    return render(request, "register/row.html", context, status=422)


@require_POST
def drop_licence(request: HttpRequest, pk: int, licence: int) -> HttpResponse:
    """A class not held any more."""
    kind_of(request, "operators")
    changing.drop_licence(request.scope, pk, licence)
    return redirect("register:row", list_name="operators", pk=pk)


@require_GET
def photo(request: HttpRequest, pk: int, licence: int) -> FileResponse:
    """The photo of a licence, for who may see the operator."""
    kind_of(request, "operators")
    row = Operator.objects.get_seen(request.scope, pk=pk)
    found = row.licences.filter(pk=licence).first()
    if found is None or not found.photo:
        raise NotFound(f"no photo of licence {licence}")
    _ending, mime = changing.kind_of_photo(found.photo.read(changing.PHOTO_BYTES_MAX))
    found.photo.seek(0)
    response = FileResponse(found.photo, content_type=mime)
    response.headers["Cache-Control"] = "private, no-store"
    return response


@require_POST
def add_implement(request: HttpRequest, pk: int) -> HttpResponse:
    """A tool of a machine."""
    kind = kind_of(request, "machines")
    row = rows_of(kind, Machine.objects.all()).get_changed(request.scope, pk=pk)
    form = ImplementForm(request.POST, prefix="implement")
    if form.is_valid():
        try:
            changing.keep_implement(request.scope, pk, form.save(commit=False))
        except BadInput:
            form.add_error("until", _("The last day lies before the first."))
        else:
            messages.success(request, _("Saved."))
            return redirect("register:row", list_name="machines", pk=pk)
    context = row_context(request, kind, row, implement_form=form, open="implement")
    return render(request, "register/row.html", context, status=422)


@require_POST
def drop_implement(request: HttpRequest, pk: int, implement: int) -> HttpResponse:
    """A tool the machine has no more."""
    kind_of(request, "machines")
    changing.drop_implement(request.scope, pk, implement)
    return redirect("register:row", list_name="machines", pk=pk)


@require_GET
def lendings(request: HttpRequest) -> HttpResponse:
    """What is lent and what is borrowed, seen by both sides."""
    return _lendings(request, None)


def _lendings(request: HttpRequest, form: Any, status: int = 200) -> HttpResponse:
    need_role(request.scope, RoleKind.DISPATCHER, RoleKind.AUDITOR)
    today = timezone.localdate()
    related = ("org", "to", "machine", "operator__person")
    own = Lending.objects.seen_by(request.scope).select_related(*related).order_by("-until", "pk")
    mine = request.scope.orgs(Resource.LENDING, change=True)
    borrowed = Lending.objects.filter(to_id__in=request.scope.orgs_as(RoleKind.DISPATCHER)).select_related(*related)
    orgs = Org.objects.filter(pk__in=mine).order_by("path")
    if form is None and orgs:
        form = LendingForm(org=orgs[0])
    context = {
        "form": form,
        "own": own,
        "borrowed": borrowed.order_by("-until", "pk"),
        "mine": mine,
        "today": today,
        "tabs": showing.tabs_for(request.scope),
        "may_change": bool(orgs),
        "here": "lendings",
    }
    return render(request, "register/lendings.html", context, status=status)


@require_POST
def lend(request: HttpRequest) -> HttpResponse:
    """Lend something."""
    need_role(request.scope, RoleKind.DISPATCHER)
    org = Org.objects.filter(pk__in=request.scope.orgs(Resource.LENDING, change=True)).order_by("path").first()
    if org is None:
        raise Forbidden("you may not lend for any organisation")
    form = LendingForm(request.POST, org=org)
    if form.is_valid():
        try:
            changing.lend(request.scope, form.save(commit=False))
        except BadInput:
            form.add_error(None, _("The days lie the wrong way round, or it is lent there on these days already."))
        else:
            messages.success(request, _("Lent. The other organisation sees it on these days."))
            return redirect("register:lendings")
    return _lendings(request, form, status=422)


@require_POST
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """End a lending."""
    need_role(request.scope, RoleKind.DISPATCHER)
    changing.take_back(request.scope, pk)
    messages.success(request, _("Taken back."))
    return redirect("register:lendings")


@require_GET
def code_tables(request: HttpRequest) -> HttpResponse:
    """All code tables with edition, source and date."""
    need_role(request.scope, *VIEWERS)
    context = {
        "tables": codes.tables(),
        "tabs": showing.tabs_for(request.scope),
        "here": "codes",
        "words": TABLE_WORDS,
    }
    return render(request, "register/code_tables.html", context)


def code_table(request: HttpRequest, pk: int) -> HttpResponse:
    """One edition: its codes, searched, with the reader's own codes to be typed beside them."""
    need_role(request.scope, *VIEWERS)
    table, org = codes.get_table(pk), map_org(request.scope)
    fault = ""
    if request.method == "POST":
        if org is None:
            raise Forbidden("local codes are set by dispatchers and district officers")
        said = {
            int(name.removeprefix("local-")): value
            for name, value in request.POST.items()
            if name.startswith("local-") and name.removeprefix("local-").isdigit()
        }
        try:
            codes.set_local(request.scope, org, table, said)
        except BadInput:
            fault = _("One name stands for two codes, or is a shared code of something else. Nothing was saved.")
        else:
            messages.success(request, _("Saved."))
            return redirect(request.get_full_path())
    q = request.GET.get("q", "").strip()
    rows = [
        {
            "code": code,
            "local": request.POST.get(f"local-{code.pk}", local),
            "name": code.name_en if in_english() and code.name_en else code.name,
            "numbers": _numbers(code.data),
            "source": code.data.get("source", ""),
        }
        for code, local in codes.find_codes(table, q, org)
    ]
    context = {
        "table": table,
        "upload": f"{PREFIX}{pk}",
        "rows": rows,
        "org": org,
        "q": q,
        "fault": fault,
        "tabs": showing.tabs_for(request.scope),
        "title": TABLE_WORDS.get(table.name, table.name),
        "here": "codes",
        "editions": codes.tables().filter(name=table.name),
    }
    return render(request, "register/code_table.html", context, status=422 if fault else 200)


def _numbers(data: dict[str, Any]) -> list[tuple[str, Any]]:
    """The numbers of a code with what they are, in the reader's language."""
    words = {
        "licence": _("licence"),
        "road_km_h": _("on the road, km/h"),
        "load_min": _("loading a move, min"),
        "cost_yuan_km": _("yuan a km"),
        "cost_yuan_h": _("yuan an hour"),
        "loss_curve": _("loss curve"),
        "yuan_ha": _("yuan a hectare"),
        "rate_ha_h": _("hectares an hour"),
        "within": _("within"),
    }
    return [(words.get(key, key), value) for key, value in data.items() if key != "source" and value not in (None, "")]


@require_GET
def export_codes(request: HttpRequest, pk: int, shape: str) -> HttpResponse:
    """A table as a file, with the reader's own codes."""
    importer = list_of(request, f"{PREFIX}{pk}")
    if shape not in importer.kind.shapes:
        raise NotFound(f"no format {shape}; there is: {', '.join(importer.kind.shapes)}")
    table = codes.get_table(pk)
    data = write_list(importer.kind, importer.rows(request.scope, {}), shape, frozenset(), english=in_english())
    return download(data, f"{table.name}-{table.edition}.{shape}", FORMATS[shape])
