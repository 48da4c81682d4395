"""An organisation's people: list, one person, roles, ways in, cards to print; the organisation itself."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from nongshi.core.errors import BadInput, BadUsage
from nongshi.site.base.access import need_role
from nongshi.site.base.faults import Forbidden, Outdated
from nongshi.site.base.models import Org, Person, Role
from nongshi.site.base.rights import RoleKind
from nongshi.site.base.words import ROLE_WORDS
from nongshi.site.people import forms, services
from nongshi.site.people.erasing import may_erase
from nongshi.site.people.giving import may_give, may_manage
from nongshi.site.people.listing import found_people
from nongshi.site.people.numbers import masked_phone

KEEPERS = (RoleKind.CLERK, RoleKind.DISPATCHER)
PAGE = 40


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The organisation's people; officers come to appointing."""
    need_role(request.scope, *KEEPERS, RoleKind.OFFICER)
    if not request.scope.has(*KEEPERS):
        return redirect("people:appoint")
    q, kind = request.GET.get("q", "").strip(), request.GET.get("role", "")
    people = found_people(request.scope, request.GET.dict()).select_related("org").prefetch_related("roles")
    people = people.annotate(by_link=Max("links__used")).select_related("user").order_by("name", "pk")
    page = Paginator(people, PAGE).get_page(request.GET.get("page"))
    rows = [
        {
            "person": one,
            "phone": masked_phone(one.phone),
            "roles": sorted({ROLE_WORDS[RoleKind(role.kind)] for role in one.roles.all()}, key=str),
            "seen": max(filter(None, (one.by_link, one.user.last_login if one.user else None)), default=None),
        }
        for one in page.object_list
    ]
    context = {
        "page": page, "rows": rows, "asked": bool(q or kind), "roles": forms.role_choices(set(RoleKind)), "role": kind,
        "may_org": request.scope.has(RoleKind.DISPATCHER, RoleKind.OFFICER),
        "officer": request.scope.has(RoleKind.OFFICER), "query": request.GET.urlencode(),
    }  # fmt: skip
    return render(request, "people/home.html", context)


def _own_orgs(request: HttpRequest) -> Any:
    return Org.objects.filter(pk__in=request.scope.orgs(Person.resource, change=True)).order_by("path")


def new(request: HttpRequest) -> HttpResponse:
    """Somebody new."""
    need_role(request.scope, *KEEPERS)
    orgs = _own_orgs(request)
    if not orgs:
        raise Forbidden("you may add people to no organisation")
    form = forms.NewPersonForm(request.POST or None, initial={"org": orgs[0]})
    form.fields["org"].queryset = orgs
    kinds: set[RoleKind] = set().union(*(may_give(request.scope, org) for org in orgs))
    form.fields["roles"].choices = forms.role_choices(kinds)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        person = services.add_person(
            request.scope, said["org"], said["name"], said["phone"], map(RoleKind, said["roles"]), said["until"]
        )
        messages.success(request, _("Added. Now make a link or a login for them."))
        return redirect("people:one", pk=person.pk)
    context = {"form": form, "submit": _("Add"), "cancel": reverse("people:home")}
    return render(request, "people/new.html", context, status=422 if form.errors else 200)


@never_cache
@require_GET
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """One person: roles, ways in."""
    return person_page(request, pk)


def person_page(request: HttpRequest, pk: int, status: int = 200, **more: Any) -> HttpResponse:
    """One person with all that is known of them, whatever form is open."""
    need_role(request.scope, *KEEPERS)
    person = Person.objects.select_related("org", "user").get_seen(request.scope, pk=pk)
    given = may_give(request.scope, person.org)
    roles = list(person.roles.select_related("org").order_by("kind"))
    managed = may_manage(request.scope, person)
    role_form = forms.RoleForm()
    role_form.fields["kind"].choices = forms.role_choices(given)
    held = {RoleKind(role.kind) for role in roles}
    merge_form = forms.MergeForm()
    merge_form.fields["other"].queryset = _others(request, person)
    context: dict[str, Any] = {
        "one": person, "managed": managed, "me": person.pk == request.scope.person_id,
        "roles": [(r, ROLE_WORDS[RoleKind(r.kind)], r.kind in may_give(request.scope, r.org)) for r in roles],
        "form": forms.PersonForm(initial={"name": person.name, "phone": person.phone, "version": person.version}),
        "role_form": role_form, "link_form": forms.LinkForm(held=held), "id_form": forms.IdForm(),
        "merge_form": merge_form, "phone": person.phone if managed else masked_phone(person.phone),
        "can_link": any(kind in services.PURPOSES for kind in held),
        "may_erase": may_erase(request.scope, person),
        "same": merge_form.fields["other"].queryset.exists(),
    }  # fmt: skip
    context |= services.ways_in(person) if managed else {}
    return render(request, "people/one.html", context | more, status=status)


def _others(request: HttpRequest, person: Person) -> Any:
    return Person.objects.changed_by(request.scope).filter(org=person.org).exclude(pk=person.pk).order_by("name")


@require_POST
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Name and phone."""
    form = forms.PersonForm(request.POST)
    if not form.is_valid():
        return person_page(request, pk, 422, form=form, open="change")
    said = form.cleaned_data
    try:
        services.change_person(request.scope, pk, said["version"] or 0, said["name"], said["phone"])
    except Outdated:
        now = Person.objects.get_seen(request.scope, pk=pk)
        form.data = form.data.copy()
        form.data["version"] = str(now.version)
        return person_page(request, pk, 409, form=form, open="change", theirs=now)
    messages.success(request, _("Saved."))
    return redirect("people:one", pk=pk)


@require_POST
def set_id(request: HttpRequest, pk: int) -> HttpResponse:
    """An ID number."""
    form = forms.IdForm(request.POST)
    if not form.is_valid():
        return person_page(request, pk, 422, id_form=form, open="id")
    services.set_id_number(request.scope, pk, form.cleaned_data["number"])
    messages.success(request, _("Kept, encrypted."))
    return redirect("people:one", pk=pk)


@require_POST
def give(request: HttpRequest, pk: int) -> HttpResponse:
    """One more role."""
    person = Person.objects.select_related("org", "user").get_changed(request.scope, pk=pk)
    form = forms.RoleForm(request.POST)
    form.fields["kind"].choices = forms.role_choices(may_give(request.scope, person.org))
    if form.is_valid():
        said = form.cleaned_data
        try:
            services.give_role(request.scope, person, person.org, RoleKind(said["kind"]), said["since"], said["until"])
        except BadInput:
            form.add_error("until", _("The last day lies before the first."))
        else:
            messages.success(request, _("The role is given."))
            return redirect("people:one", pk=pk)
    return person_page(request, pk, 422, role_form=form, open="role")


@require_POST
def take(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a role away."""
    try:
        role = services.take_role(request.scope, pk)
    except BadUsage:
        messages.error(request, _("This is the last dispatcher of the organisation. Appoint another one first."))
        role = Role.objects.get(pk=pk)
    else:
        messages.success(request, _("The role is taken."))
    at_home = role.person.org_id in request.scope.orgs_as(*KEEPERS)
    return redirect("people:one", pk=role.person_id) if at_home else redirect("people:appoint")


@require_POST
def merge(request: HttpRequest, pk: int) -> HttpResponse:
    """Two that are one."""
    person = Person.objects.select_related("org").get_changed(request.scope, pk=pk)
    form = forms.MergeForm(request.POST)
    form.fields["other"].queryset = _others(request, person)
    if not form.is_valid():
        return person_page(request, pk, 422, merge_form=form, open="merge")
    services.merge(request.scope, pk, form.cleaned_data["other"].pk)
    messages.success(request, _("They are one now."))
    return redirect("people:one", pk=pk)
