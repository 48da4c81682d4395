"""The pages that belong to no desk: start, link sign-in, ways in, language, health, faults."""

import json
import sys

from django.conf import settings
from django.contrib.auth import logout
from django.db import DatabaseError, connection, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST
from django.views.i18n import set_language

import nongshi
from nongshi.core.errors import NotFound
from nongshi.site.base import access
from nongshi.site.base.away import answer_away
from nongshi.site.base.context import links
from nongshi.site.base.forms import LinkForm, TokenForm
from nongshi.site.base.limits import address_of, check_rate

PURPOSES = {"farmer": "farmer:home", "cab": "cab:today", "trainee": "trainee:home"}  # where a link leads to
LINKS_A_MIN = 30  # assumption: a village shares one address; nobody types so many


@never_cache
def home(request: HttpRequest) -> HttpResponse:
    """To the first desk of whoever is signed in; a welcome for everybody else."""
    if not request.person and not request.user.is_authenticated:
        return render(request, "base/welcome.html")
    desks = links(request.scope)
    return redirect(desks[0]["url"]) if desks else render(request, "base/no_desk.html")


@never_cache
@require_GET
def follow(request: HttpRequest, secret: str) -> HttpResponse:
    """Sign in by a link, without a password, and go where it leads."""
    check_rate("link", address_of(request), times=LINKS_A_MIN)
    try:
        link = access.enter_by_link(request, secret)
    except NotFound:
        return render(request, "base/link_old.html", status=404)
    response = HttpResponseRedirect(_way(link.purpose))
    if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, link.person.language, samesite="Lax")
    return response


def link_help(request: HttpRequest) -> HttpResponse:
    """For whoever has a link but does not know what to do with it."""
    form = LinkForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return redirect("base:follow", secret=form.cleaned_data["link"])
    status = 422 if request.method == "POST" else 200
    return render(request, "base/link_help.html", {"form": form, "submit": _("Open")}, status=status)


@never_cache
def ways_in(request: HttpRequest) -> HttpResponse:
    """One's sessions, links and keys; a new key."""
    if not request.person:
        return redirect("account_login")
    form, secret = TokenForm(request.POST or None), ""
    if request.method == "POST" and request.user.is_authenticated and form.is_valid():
        said = form.cleaned_data
        secret, form = access.new_token(request, said["name"], said["rights"], said["days"]), TokenForm()
    found = access.list_ways_in(request) | {"form": form, "secret": secret, "submit": _("Make the key")}
    return render(request, "base/access.html", found, status=422 if form.errors else 200)


@require_POST
def revoke(request: HttpRequest, what: str, pk: int) -> HttpResponse:
    """Take a session, link or key back."""
    if not request.person:
        raise NotFound(f"no {what} {pk}")
    {"session": access.end_session, "link": access.revoke_link, "token": access.revoke_token}[what](request, pk)
    return redirect("base:access")


@require_POST
def language(request: HttpRequest) -> HttpResponseBase:
    """Chinese or English, remembered by cookie and person."""
    chosen = request.POST.get("language", "")
    if chosen in dict(settings.LANGUAGES):
        access.speak(request, chosen)
    return set_language(request)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session, however it began."""
    logout(request)
    return redirect("base:home")


@require_GET
@transaction.non_atomic_requests
def health(request: HttpRequest) -> HttpResponse:
    """200 while the site answers and its database does."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return HttpResponse(json.dumps({"ok": False}), status=503, content_type="application/json")
    return HttpResponse(json.dumps({"ok": True, "version": nongshi.__version__}), content_type="application/json")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """No page at this address."""
    return render(request, "base/not_found.html", status=404)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A page that is not for this reader."""
    return render(request, "base/forbidden_page.html", status=403)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A request that no page sends."""
    context = {"title": _("That cannot be right"), "words": _("Check what was entered; nothing was changed.")}
    return render(request, "base/fault.html", context, status=400)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without its token: an old page, or not ours."""
    return render(request, "base/forbidden_page.html", {"csrf_failed": True}, status=403)


def broken(request: HttpRequest) -> HttpResponse:
    """A fault of the code, or of database and disk; the page asks nothing of the database."""
    away = answer_away(request, sys.exc_info()[1])  # Django asks for this page while it handles the fault
    return away or HttpResponse(render_to_string("base/broken.html"), status=500)


def _way(purpose: str) -> str:
    try:
        return str(reverse(PURPOSES.get(purpose, "base:home")))
    except NoReverseMatch:
        return str(reverse("base:home"))
