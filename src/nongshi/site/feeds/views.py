"""Pages: calendars and webhooks, one webhook with its deliveries, one's notices; and the calendars themselves."""

import hashlib

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST, require_safe

from nongshi.core.errors import NotFound
from nongshi.site.base.access import need_role
from nongshi.site.base.limits import address_of, check_rate
from nongshi.site.base.rights import RoleKind
from nongshi.site.feeds import calendars, ics
from nongshi.site.feeds import notices as letters
from nongshi.site.feeds import webhooks as hooks
from nongshi.site.feeds.assumptions import CALENDAR_FRESH_MIN
from nongshi.site.feeds.forms import CalendarForm, WebhookForm
from nongshi.site.feeds.models import DeliveryState, Webhook

PAGE = 25
TAKEN_A_MIN = 120  # assumption: a village's phones behind one address


@never_cache
def home(request: HttpRequest) -> HttpResponse:
    """One's calendars and the organisation's webhooks; a new calendar."""
    need_role(request.scope, *RoleKind)
    form, made = CalendarForm(request.scope, request.POST or None), None
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        feed, secret = calendars.make_calendar(request.scope, said["what"], days=said["days"])
        url = calendars.address_of_calendar(secret)
        made = {"feed": feed, "url": url, "webcal": "webcal:" + url.partition(":")[2]}
        form = CalendarForm(request.scope)
    looks_after = request.scope.has(*hooks.MAKERS)
    found, own = calendars.list_calendars(request.scope), calendars.own_of(request.scope)
    page = {
        "form": form,
        "made": made,
        "mine": found.filter(own),
        "others": Paginator(found.exclude(own), PAGE).get_page(request.GET.get("page")),
        "webhooks": Webhook.objects.seen_by(request.scope).filter(gone=None).select_related("org"),
        "looks_after": looks_after,
        "unread": letters.count_unread(request.scope),
        "submit": _("Make the calendar"),
    }
    return render(request, "feeds/home.html", page, status=422 if form.errors else 200)


@require_POST
def revoke_calendar(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a calendar back."""
    need_role(request.scope, *RoleKind)
    calendars.revoke_calendar(request.scope, pk)
    messages.success(request, _("Taken back: the calendar shows nothing any more."))
    return redirect("feeds:home")


@transaction.non_atomic_requests  # it reads; when it was last taken is one statement of its own
@require_safe
def calendar(request: HttpRequest, secret: str) -> HttpResponse:
    """A calendar, for whoever knows its address."""
    check_rate("calendar", address_of(request), times=TAKEN_A_MIN)
    try:
        feed = calendars.find_calendar(secret)
    except NotFound as fault:
        return HttpResponse(str(fault), status=404, content_type="text/plain; charset=utf-8")
    body = ics.calendar_bytes(feed, calendars.list_orders(feed))
    tag = f'W/"{hashlib.sha256(body).hexdigest()[:32]}"'
    same = tag in [one.strip() for one in str(request.headers.get("If-None-Match", "")).split(",")]
    response = HttpResponse(status=304) if same else HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response.headers["ETag"] = tag
    response.headers["Cache-Control"] = f"private, max-age={CALENDAR_FRESH_MIN * 60}"
    response.headers["Content-Disposition"] = 'inline; filename="nongshi.ics"'
    return response


@never_cache
def new_webhook(request: HttpRequest) -> HttpResponse:
    """The form of a new webhook; after it the signing secret, shown once."""
    need_role(request.scope, *hooks.MAKERS)
    form = WebhookForm(request.scope, request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        hook, secret = hooks.make_webhook(
            request.scope, said["org"].pk, name=said["name"], url=said["url"], kinds=said["kinds"]
        )
        return render(request, "feeds/webhook_made.html", {"hook": hook, "secret": secret})
    page = {"form": form, "submit": _("Make the webhook")}
    return render(request, "feeds/webhook_new.html", page, status=422 if form.errors else 200)


@require_GET
def webhook(request: HttpRequest, pk: int) -> HttpResponse:
    """A webhook and what was sent."""
    need_role(request.scope, *hooks.MAKERS)
    hook = Webhook.objects.select_related("org").get_seen(request.scope, pk=pk, gone=None)
    sent = hook.deliveries.select_related("event")
    state = request.GET.get("state", "")
    shown = sent.filter(state=state) if state in DeliveryState.values else sent
    page = {
        "hook": hook,
        "kinds": [hooks.KINDS[kind] for kind in hook.kinds if kind in hooks.KINDS],
        "page": Paginator(shown, PAGE).get_page(request.GET.get("page")),
        "states": DeliveryState.choices,
        "state": state,
        "waiting": sent.filter(state=DeliveryState.WAITING).count(),
        "dead": sent.filter(state=DeliveryState.DEAD).count(),
    }
    return render(request, "feeds/webhook.html", page)


@require_POST
def test_webhook(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a test."""
    need_role(request.scope, *hooks.MAKERS)
    hooks.send_test(request.scope, pk)
    messages.success(request, _("A test is on its way; load the page again in a moment to see the answer."))
    return redirect("feeds:webhook", pk=pk)


@require_POST
def activate_webhook(request: HttpRequest, pk: int) -> HttpResponse:
    """Pause, or let it go on."""
    need_role(request.scope, *hooks.MAKERS)
    hooks.set_active(request.scope, pk, active=request.POST.get("active") == "1")
    return redirect("feeds:webhook", pk=pk)


@require_POST
def revoke_webhook(request: HttpRequest, pk: int) -> HttpResponse:
    """Take it back."""
    need_role(request.scope, *hooks.MAKERS)
    hooks.take_back(request.scope, pk)
    messages.success(request, _("Taken back: nothing is sent there any more."))
    return redirect("feeds:home")


@require_POST
def send_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Send one delivery once more."""
    need_role(request.scope, *hooks.MAKERS)
    delivery = hooks.send_again(request.scope, pk)
    messages.success(request, _("It is on its way again."))
    return redirect("feeds:webhook", pk=delivery.webhook_id)


@require_GET
def notices(request: HttpRequest) -> HttpResponse:
    """What the reader was told."""
    need_role(request.scope, *RoleKind)
    own = letters.list_notices(request.scope)
    page = Paginator(own, PAGE).get_page(request.GET.get("page"))
    for one in page:
        one.shown = letters.words_of(one, get_language() or "")
    return render(request, "feeds/notices.html", {"page": page, "unread": letters.count_unread(request.scope)})


@require_GET
@never_cache
def count_notices(request: HttpRequest) -> HttpResponse:
    """How many were not read, for a bell."""
    need_role(request.scope, *RoleKind)
    return JsonResponse({"unread": letters.count_unread(request.scope)})


@require_POST
def read_notices(request: HttpRequest) -> HttpResponse:
    """Mark one or all as read."""
    need_role(request.scope, *RoleKind)
    named = [int(pk) for pk in request.POST.getlist("pk") if pk.isdecimal()]
    letters.mark_read(request.scope, named or None)
    return redirect("feeds:notices")
