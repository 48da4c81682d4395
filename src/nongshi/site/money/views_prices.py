"""Pages of prices, caps and terms: what is in force, what was, a new version."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from nongshi.core.errors import BadInput, BadUsage
from nongshi.site.base.access import need_role
from nongshi.site.base.models import Org
from nongshi.site.base.rights import Resource, RoleKind
from nongshi.site.money import forms
from nongshi.site.money.models import CapRow, PriceRow, TermsRow
from nongshi.site.money.services import set_cap, set_prices
from nongshi.site.money.terms import of_row, set_terms, terms_of
from nongshi.site.money.views_books import books_of, own_org

READERS = (
    RoleKind.DISPATCHER, RoleKind.CLERK, RoleKind.AUDITOR, RoleKind.OFFICER, RoleKind.FARMER, RoleKind.OWNER,
    RoleKind.OPERATOR,
)  # fmt: skip


def prices(request: HttpRequest) -> HttpResponse:
    """All versions of prices in sight, what is in force marked; a new one by POST."""
    need_role(request.scope, *READERS)
    keeps = books_of(request.scope, change=True)
    form = forms.PriceForm(request.POST or None)
    if request.method == "POST":
        need_role(request.scope, RoleKind.DISPATCHER)
        if form.is_valid():
            org = own_org(request, change=True)
            fault = _tried(lambda: set_prices(request.scope, org.pk, [form.price(org.pk)]))
            if not fault:
                messages.success(request, _("The new price holds from its day on; what was told before stands."))
                return redirect("money:prices")
            form.add_error("since", fault)
    rows = PriceRow.objects.filter(pk__in=PriceRow.objects.seen_by(request.scope).values("pk"))
    context = {
        "rows": _in_force(rows.select_related("org").order_by("org_id", "operation", "-since")),
        "keeps": keeps,
        "form": form,
    }
    return render(request, "money/prices.html", context, status=422 if form.errors else 200)


def caps(request: HttpRequest) -> HttpResponse:
    """Caps that hold for one's organisations; officers set them."""
    need_role(request.scope, *READERS)
    orgs = list(Org.objects.filter(pk__in=request.scope.orgs(Resource.ORG, change=True), kind="district"))
    form = forms.CapForm(request.POST or None)
    if request.method == "POST":
        need_role(request.scope, RoleKind.OFFICER)
        if form.is_valid():
            org = next((one for one in orgs if str(one.pk) == request.POST.get("org", str(one.pk))), None)
            fault = _tried(lambda: set_cap(request.scope, org.pk if org else 0, form.cap()))
            if not fault:
                messages.success(request, _("The cap holds from its day on."))
                return redirect("money:caps")
            form.add_error("since", fault)
    above = {pk for org in Org.objects.filter(pk__in=request.scope.orgs(Resource.ORG)) for pk in org.lineage}
    rows = CapRow.objects.filter(org_id__in=above).select_related("org").order_by("org_id", "operation", "-since")
    context = {"rows": _in_force(rows), "orgs": orgs, "form": form}
    return render(request, "money/caps.html", context, status=422 if form.errors else 200)


def terms(request: HttpRequest) -> HttpResponse:
    """Terms in force and their versions; a new one by POST."""
    need_role(request.scope, RoleKind.DISPATCHER, RoleKind.AUDITOR, RoleKind.CLERK)
    today = timezone.localdate()
    reads = Org.objects.filter(pk__in=request.scope.orgs(Resource.ORDER), kind="coop").order_by("path")
    said = request.GET.get("org", "")
    org = next((one for one in reads if not said or str(one.pk) == said), None)
    keeps = org is not None and request.scope.may(Resource.ACCOUNT, org.pk, change=True)
    now = terms_of(org.pk if org else 0, today)
    form = forms.TermsForm(request.POST or None, initial=forms.TermsForm.said_of(now, today))
    if request.method == "POST":
        need_role(request.scope, RoleKind.DISPATCHER)
        if form.is_valid():
            org = own_org(request, change=True)
            fault = _tried(lambda: set_terms(request.scope, org.pk, form.terms()))
            if not fault:
                messages.success(request, _("The terms hold for orders that begin from that day on."))
                return redirect("money:terms")
            form.add_error("since", fault)
    rows = TermsRow.objects.filter(org=org)
    versions = [{"row": row, "terms": of_row(row)} for row in rows]
    context = {"org": org, "orgs": reads, "now": now, "versions": versions, "keeps": keeps, "form": form}
    return render(request, "money/terms.html", context, status=422 if form.errors else 200)


def _tried(do: Any) -> str:
    """What stands against it, in the reader's language; nothing where it was done."""
    try:
        do()
    except BadInput:
        return _("It begins today or later, and no number may be out of its range.")
    except BadUsage:
        return _("There is a version of that day already; let the new one begin on another day.")
    return ""


def _in_force(rows: Any) -> list[dict[str, Any]]:
    """Versions, each with whether it is in force, ahead or over."""
    today, seen, found = timezone.localdate(), set(), []
    for row in rows:
        name = (row.org_id, row.operation)
        state = "ahead" if row.since > today else "over" if name in seen else "now"
        if state == "now":
            seen.add(name)
        found.append({"row": row, "state": state})
    return found
