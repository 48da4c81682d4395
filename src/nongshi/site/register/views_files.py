"""Lists in and out: export, templates, a file looked at row by row, then taken over."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from nongshi.core.errors import NotFound
from nongshi.site.base.access import need_role
from nongshi.site.base.faults import Forbidden
from nongshi.site.base.limits import check_rate
from nongshi.site.base.models import Org
from nongshi.site.base.templatetags.site import in_english
from nongshi.site.register import drafts
from nongshi.site.register.columns import LISTS
from nongshi.site.register.forms import UploadForm
from nongshi.site.register.importers import Importer, get_importer
from nongshi.site.register.importing import names_twice
from nongshi.site.register.reading import BYTES_MAX
from nongshi.site.register.views import VIEWERS, found_rows, list_of
from nongshi.site.register.writing import FORMATS, template_of, write_list
from nongshi.site.work.models import Run

UPLOADS_A_MIN = 20  # assumption: nobody mends a file faster


def download(data: bytes, file_name: str, mime: str) -> HttpResponse:
    """A file to keep, never shown by the browser itself."""
    response = HttpResponse(data, content_type=mime)
    response.headers["Content-Disposition"] = f'attachment; filename="{file_name}"'
    return response


@require_GET
def export(request: HttpRequest, list_name: str, shape: str) -> HttpResponse:
    """What the list's search leaves, as a file that can come back."""
    importer = _shape(request, list_name, shape)
    kind = importer.kind
    if kind.name in LISTS:
        rows = list(found_rows(request, kind).order_by("ref", "pk"))
        twice = names_twice(sorted({row.org_id for row in rows}))
    else:
        rows, twice = list(importer.rows(request.scope, request.GET.dict())), frozenset()
    data = write_list(kind, rows, shape, twice, english=in_english())
    return download(data, f"{kind.name}-{timezone.localdate()}.{shape}", FORMATS[shape])


@require_GET
def template(request: HttpRequest, list_name: str, shape: str) -> HttpResponse:
    """An empty list with its header and one row as an example."""
    kind = _shape(request, list_name, shape).kind
    if shape == "geojson":
        raise NotFound("templates are XLSX or CSV")
    return download(template_of(kind, shape, english=in_english()), f"{kind.name}-template.{shape}", FORMATS[shape])


def _shape(request: HttpRequest, list_name: str, shape: str) -> Importer:
    importer = list_of(request, list_name)
    if shape not in importer.kind.shapes:
        raise NotFound(f"no format {shape}; there is: {', '.join(importer.kind.shapes)}")
    return importer


def upload(request: HttpRequest, list_name: str) -> HttpResponse:
    """Send a file to be looked at."""
    importer = list_of(request, list_name)
    kind = importer.kind
    orgs = list(Org.objects.filter(pk__in=importer.orgs_changed(request.scope)).order_by("path"))
    if not orgs:
        raise Forbidden(f"you may not change the list of {list_name}")
    form = UploadForm(request.POST or None, request.FILES or None, initial={"org": orgs[0].pk})
    if "geojson" not in kind.shapes:
        form.fields["file"].label = _("File: XLSX or CSV")
        form.fields["file"].widget.attrs["accept"] = ".xlsx,.csv,.txt"
    form.fields["org"].choices = [(org.pk, str(org)) for org in orgs]
    if request.method == "POST":
        check_rate("upload", str(request.person.pk), times=UPLOADS_A_MIN)
        if form.is_valid():
            file = form.cleaned_data["file"]
            if file.size <= BYTES_MAX:
                draft = drafts.keep_draft(request.scope, kind.name, form.cleaned_data["org"], file.name, file.read())
                return redirect("register:draft", pk=draft.pk)
            form.add_error("file", _("The file is larger than %(n)d MB; send it in parts.") % {"n": BYTES_MAX >> 20})
    context = {
        "kind": kind,
        "home": reverse(importer.home[0], args=importer.home[1:]),
        "form": form,
        "one_org": orgs[0] if len(orgs) == 1 else None,
    }
    return render(request, "register/upload.html", context, status=422 if form.errors else 200)


@require_GET
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    """What a file would change, row by row; or how far the worker is."""
    need_role(request.scope, *VIEWERS)
    found = drafts.get_draft(request.scope, pk)
    run = drafts.run_of(found)
    importer = get_importer(found.list_name)
    context: dict[str, Any] = {
        "draft": found,
        "kind": importer.kind,
        "home": reverse(importer.home[0], args=importer.home[1:]),
        "run": run,
        "busy": drafts.is_busy(run),
    }
    if not context["busy"] and not found.taken:
        summary = found.summary if found.run_id else drafts.summary_of(drafts.preview_of(found))
        context |= _summary(found, summary, run)
    return render(request, "register/draft.html", context)


def _summary(found: Any, summary: dict[str, Any], run: Run | None) -> dict[str, Any]:
    if not summary:
        return {"failed": run}
    kind = get_importer(found.list_name).kind
    labels = {column.name: column.label for column in kind.columns} | {"outline": _("outline, corners")}
    for line in summary["lines"]:
        line["said"] = [(labels[name], old, new) for name, old, new in line["cells"] if new or old]
    for fault in summary["faults"]:
        fault["label"] = labels.get(fault["column"], fault["column"])
    return {"summary": summary, "agreed": drafts.seen_counts(summary)}


@require_POST
def take(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a file over: all of it or nothing."""
    found = drafts.get_draft(request.scope, pk)
    came = drafts.take_over(request.scope, pk, request.POST.get("agreed", ""))
    if isinstance(came, Run):
        return redirect("register:draft", pk=pk)
    messages.success(request, _("Taken over: %(new)d new, %(changed)d changed.") % came)
    home = get_importer(found.list_name).home
    return redirect(reverse(home[0], args=home[1:]))
