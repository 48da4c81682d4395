"""Somebody's ways in: links, logins and one-time codes, made and taken back; the first password."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login as sign_in
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from nongshi.core.errors import BadInput, NotFound
from nongshi.site.base.limits import address_of, check_rate
from nongshi.site.base.models import Person
from nongshi.site.base.rights import RoleKind
from nongshi.site.base.words import ROLE_WORDS
from nongshi.site.people import forms, services
from nongshi.site.people.views import person_page

BEGINS_A_MIN = 10  # assumption: nobody mistypes a code more often


@never_cache
@require_POST
def link(request: HttpRequest, pk: int) -> HttpResponse:
    """A signed link, shown this once with its card."""
    person = Person.objects.prefetch_related("roles").get_changed(request.scope, pk=pk)
    form = forms.LinkForm(request.POST, held={RoleKind(role.kind) for role in person.roles.all()})
    if not form.is_valid():
        return person_page(request, pk, 422, link_form=form)
    kind = RoleKind(form.cleaned_data["kind"])
    secret = services.invite(request.scope, pk, kind, form.cleaned_data["days"])
    url = settings.SITE_URL + reverse("base:follow", args=[secret])
    context = {"url": url, "one": person, "role": ROLE_WORDS[kind], "days": form.cleaned_data["days"]}
    return render(request, "people/card.html", context)


@never_cache
@require_POST
def make_login(request: HttpRequest, pk: int) -> HttpResponse:
    """A login with a one-time code, shown this once."""
    name, code = services.make_login(request.scope, pk)
    person = Person.objects.get_seen(request.scope, pk=pk)
    return code_card(request, person, name, code)


def code_card(request: HttpRequest, person: Person, name: str, code: str) -> HttpResponse:
    """A one-time code, shown this once."""
    url = settings.SITE_URL + reverse("people:begin")
    context = {"one": person, "login": name, "code": code, "begin": url, "days": services.CODE_DAYS}
    return render(request, "people/code.html", context)


@require_POST
def revoke(request: HttpRequest, pk: int, link: int) -> HttpResponse:
    """One link ends."""
    services.revoke_link(request.scope, pk, link)
    messages.success(request, _("The link opens nothing any more."))
    return redirect("people:one", pk=pk)


@require_POST
def shut_out(request: HttpRequest, pk: int) -> HttpResponse:
    """A lost phone."""
    services.shut_out(request.scope, pk)
    messages.success(request, _("Signed out everywhere; every link, code and key has ended."))
    return redirect("people:one", pk=pk)


@never_cache
def begin(request: HttpRequest) -> HttpResponse:
    """The first password, by a one-time code; open to everybody who has one."""
    form = forms.BeginForm(request.POST or None, initial={"login": request.GET.get("login", "")})
    if request.method == "POST":
        check_rate("begin", address_of(request), times=BEGINS_A_MIN)
        if form.is_valid():
            said = form.cleaned_data
            try:
                user = services.begin(said["login"], said["code"], said["password"])
            except NotFound:
                form.add_error("code", _("Login and code do not go together, or the code was used. Ask for a new one."))
            except BadInput as weak:
                form.add_error("password", str(weak))
            else:
                sign_in(request, user, backend="django.contrib.auth.backends.ModelBackend")
                return redirect("base:home")
    context = {"form": form, "submit": _("Set the password and sign in")}
    return render(request, "people/begin.html", context, status=422 if form.errors else 200)
