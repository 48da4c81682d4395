"""Seasons and who plans together; region folders in and out."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from nongshi.core.errors import NotPlannable
from nongshi.site.base.access import need_role
from nongshi.site.base.limits import check_rate
from nongshi.site.base.models import Org, OrgKind
from nongshi.site.base.rights import Resource, RoleKind
from nongshi.site.plans.models import Season
from nongshi.site.register.showing import tabs_for
from nongshi.site.register.views import VIEWERS
from nongshi.site.register.views_files import UPLOADS_A_MIN, download
from nongshi.site.seasons import services
from nongshi.site.seasons.making import may_lead
from nongshi.site.seasons.packing import BYTES_MAX


class FolderForm(forms.Form):
    """A region folder as a zip."""

    org = forms.ModelChoiceField(
        label=gettext_lazy("Organisation"),
        queryset=Org.objects.none(),
        empty_label=None,
        widget=forms.Select(attrs={"data-text": ""}),
    )
    file = forms.FileField(
        label=gettext_lazy("Region folder as a ZIP file"), widget=forms.FileInput(attrs={"accept": ".zip"})
    )

    def clean_file(self) -> bytes:
        """Its bytes, not too many."""
        file = self.cleaned_data["file"]
        if file.size > BYTES_MAX:
            raise forms.ValidationError(_("The file is larger than %(n)d MB.") % {"n": BYTES_MAX >> 20})
        self.file_name = str(file.name)
        return bytes(file.read())


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Seasons in sight with their members."""
    need_role(request.scope, *VIEWERS)
    mine = request.scope.orgs(Resource.SEASON, change=True)
    seasons = Season.objects.seen_by(request.scope).select_related("org").prefetch_related("members__org").distinct()
    kinds = (OrgKind.COOP, OrgKind.FARM)
    orgs = list(Org.objects.filter(kind__in=kinds).order_by("path"))
    rows = [
        {
            "season": season,
            "leads": season.org_id in mine,
            "members": [(member, member.org_id in mine) for member in season.members.all()],
            "others": [org for org in orgs if org.pk not in {m.org_id for m in season.members.all()}],
        }
        for season in seasons
    ]
    context = {
        "rows": rows,
        "tabs": tabs_for(request.scope),
        "here": "seasons",
        "may": bool(mine),
        "may_make": bool(may_lead(request.scope)),
    }
    return render(request, "seasons/home.html", context)


@require_POST
def agree(request: HttpRequest, pk: int, org: int) -> HttpResponse:
    """Plan with the others, or not any more."""
    need_role(request.scope, RoleKind.DISPATCHER)
    agreed = request.POST.get("agreed") == "yes"
    services.set_agreed(request.scope, pk, org, agreed=agreed)
    messages.success(
        request, _("Agreed: the next plan takes your jobs and machines in.") if agreed else _("Withdrawn.")
    )
    return redirect("seasons:home")


@require_POST
def invite(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask an organisation."""
    need_role(request.scope, RoleKind.DISPATCHER)
    said = request.POST.get("org", "")
    services.invite(request.scope, pk, int(said) if said.isdigit() else 0)
    messages.success(request, _("Asked. It joins by its own word."))
    return redirect("seasons:home")


@require_POST
def drop(request: HttpRequest, pk: int, org: int) -> HttpResponse:
    """Ask an organisation no longer."""
    need_role(request.scope, RoleKind.DISPATCHER)
    services.drop_member(request.scope, pk, org)
    return redirect("seasons:home")


@require_GET
def folder(request: HttpRequest, pk: int) -> HttpResponse:
    """The season as a region folder."""
    need_role(request.scope, RoleKind.DISPATCHER)
    try:
        season, data = services.folder_of(request.scope, pk)
    except NotPlannable:
        messages.error(request, _("There is nothing to plan in this season yet, so there is no folder."))
        return redirect("seasons:home")
    return download(data, f"region-{season.start_date}-{season.pk}.zip", "application/zip")


def upload(request: HttpRequest) -> HttpResponse:
    """Send a region folder to be looked at."""
    need_role(request.scope, RoleKind.DISPATCHER)
    orgs = Org.objects.filter(pk__in=request.scope.orgs(Resource.SEASON, change=True)).order_by("path")
    form = FolderForm(request.POST or None, request.FILES or None)
    form.fields["org"].queryset = orgs
    if request.method == "POST":
        check_rate("upload", str(request.person.pk), times=UPLOADS_A_MIN)
        if form.is_valid():
            said = form.cleaned_data
            draft = services.keep_folder(request.scope, said["org"].pk, form.file_name, said["file"])
            return redirect("seasons:look", pk=draft.pk)
    context = {"form": form, "submit": _("Look at it"), "tabs": tabs_for(request.scope)}
    return render(request, "seasons/upload.html", context, status=422 if form.errors else 200)


@require_GET
def look(request: HttpRequest, pk: int) -> HttpResponse:
    """What a region folder holds."""
    need_role(request.scope, RoleKind.DISPATCHER)
    draft = services.get_folder(request.scope, pk)
    found = services.look(draft)
    words = {
        "fields": _("Fields"), "machines": _("Machines"), "operators": _("Operators"), "dryers": _("Dryers"),
        "jobs": _("Jobs"),
    }  # fmt: skip
    counts = [(words[name], found.new[name], found.known[name]) for name in found.new]
    context = {"draft": draft, "found": found, "counts": counts, "tabs": tabs_for(request.scope)}
    return render(request, "seasons/look.html", context)


@require_POST
def take(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a region folder over."""
    need_role(request.scope, RoleKind.DISPATCHER)
    services.take_over(request.scope, pk)
    messages.success(request, _("Taken over. The season can be planned now."))
    return redirect("seasons:home")
