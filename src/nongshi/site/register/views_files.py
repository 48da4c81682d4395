"""Lists in and out: export, templates, a file looked at row by row, then taken over."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from nongshi.core.errors import NotFound
from nongshi.site.base.faults import Forbidden
from nongshi.site.base.limits import check_rate
from nongshi.site.base.templatetags.site import in_english
from nongshi.site.register import drafts, showing
from nongshi.site.register.columns import LISTS, ListKind
from nongshi.site.register.forms import UploadForm
from nongshi.site.register.importing import names_twice
from nongshi.site.register.reading import BYTES_MAX
from nongshi.site.register.views import found_rows, kind_of, own_orgs
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
    kind = _shape(request, list_name, shape)
    rows = list(found_rows(request, kind).order_by("ref", "pk"))
    twice = names_twice(sorted({row.org_id for row in rows}))
    data = write_list(kind, rows, shape, twice, english=in_english())
    return download(data, f"{kind.name}-{timezone.localdate()}.{shape}", FORMATS[shape])


@require_GET
def template(request: HttpRequest, list_name: str, shape: str) -> HttpResponse:
    """An empty list with its header and one row as an example."""
    kind = _shape(request, list_name, shape)
    if shape == "geojson":
        raise NotFound("templates are XLSX or CSV")
    return download(template_of(kind, shape, english=in_english()), f"{kind.name}-template.{shape}", FORMATS[shape])


def _shape(request: HttpRequest, list_name: str, shape: str) -> ListKind:
    kind = kind_of(request, list_name)
    if shape not in FORMATS:
        raise NotFound(f"no format {shape}; there is: {', '.join(FORMATS)}")
    return kind


def upload(request: HttpRequest, list_name: str) -> HttpResponse:
    """Send a file to be looked at."""
    kind = kind_of(request, list_name)
    orgs = own_orgs(request, kind)
    if not orgs:
        raise Forbidden(f"you may not change the list of {list_name}")
    form = UploadForm(request.POST or None, request.FILES or None, initial={"org": orgs[0].pk})
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
        "form": form,
        "tabs": showing.tabs_for(request.scope),
        "one_org": orgs[0] if len(orgs) == 1 else None,
    }
    return render(request, "register/upload.html", context, status=422 if form.errors else 200)


@require_GET
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    """What a file would change, row by row; or how far the worker is."""
    kind_of(request, "fields")
    found = drafts.get_draft(request.scope, pk)
    run = drafts.run_of(found)
    context: dict[str, Any] = {
        "draft": found,
        "kind": LISTS[found.list_name],
        "run": run,
        "tabs": showing.tabs_for(request.scope),
        "busy": drafts.is_busy(run),
    }
    if not context["busy"] and not found.taken:
        summary = found.summary if found.run_id else drafts.summary_of(drafts.preview_of(found))
        context |= _summary(found, summary, run)
    return render(request, "register/draft.html", context)


def _summary(found: Any, summary: dict[str, Any], run: Run | None) -> dict[str, Any]:
    if not summary:
        return {"failed": run}
    kind = LISTS[found.list_name]
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
    return redirect("register:list", list_name=found.list_name)
