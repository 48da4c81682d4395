"""The organisation itself, and dispatchers of those below."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from nongshi.site.base.access import need_role
from nongshi.site.base.models import Org, Role
from nongshi.site.base.rights import RoleKind
from nongshi.site.people import forms, services
from nongshi.site.people.giving import APPOINTED_IN, APPOINTS
from nongshi.site.people.views_ways import code_card


def org_page(request: HttpRequest) -> HttpResponse:
    """What the organisation is called and whom operators ring up."""
    need_role(request.scope, RoleKind.DISPATCHER, RoleKind.OFFICER)
    orgs = Org.objects.filter(pk__in=request.scope.orgs_as(RoleKind.DISPATCHER, RoleKind.OFFICER)).order_by("path")
    asked = request.POST.get("org") or request.GET.get("org") or ""
    org = next((one for one in orgs if str(one.pk) == asked), orgs[0])
    form = forms.OrgForm(request.POST or None, instance=org)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        services.change_org(request.scope, Org.objects.get(pk=org.pk), said["name"], said["name_en"], said["phone"])
        messages.success(request, _("Saved."))
        return redirect(f"{reverse('people:org')}?org={org.pk}")
    context = {"form": form, "org": org, "orgs": orgs, "submit": _("Save"), "cancel": reverse("people:home")}
    return render(request, "people/org.html", context, status=422 if form.errors else 200)


@never_cache
def appoint(request: HttpRequest) -> HttpResponse:
    """Dispatchers of the organisations below, and one more."""
    need_role(request.scope, RoleKind.OFFICER)
    below = frozenset().union(*(held.below for held in request.scope.held if held.kind in APPOINTS))
    orgs = Org.objects.filter(pk__in=below, kind__in=APPOINTED_IN).order_by("path")
    form = forms.AppointForm(request.POST or None)
    form.fields["org"].queryset = orgs
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        person, name, code = services.appoint(request.scope, said["org"], said["name"], said["phone"])
        return code_card(request, person, name, code)
    dispatchers = Role.objects.filter(org__in=orgs, kind=RoleKind.DISPATCHER).select_related("person")
    rows = [(org, [role for role in dispatchers if role.org_id == org.pk]) for org in orgs]
    context = {"form": form, "rows": rows, "submit": _("Appoint")}
    return render(request, "people/appoint.html", context, status=422 if form.errors else 200)
