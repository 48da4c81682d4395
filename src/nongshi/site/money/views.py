"""Pages of payments: asked for, paid, a bank's list looked at and taken."""

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from nongshi.core.errors import BadFiles, BadInput, BadUsage, NotFound
from nongshi.site.base.access import need_role
from nongshi.site.base.rights import Resource, RoleKind
from nongshi.site.money import forms
from nongshi.site.money import payments as services
from nongshi.site.money.models import Account, Payment, PaymentState
from nongshi.site.money.views_books import BOOKS, PARTIES, books_of, own_org

ROWS_PAGE = 40
TEXT_MAX = 2_000_000  # characters of a bank's list: some twenty thousand lines


@require_GET
def payments(request: HttpRequest) -> HttpResponse:
    """Payments in sight, and the bank's list to be taken in."""
    return _payments(request)


@require_POST
def bank(request: HttpRequest) -> HttpResponse:
    """A bank's list: looked at first, taken when the text that was looked at comes back."""
    need_role(request.scope, RoleKind.DISPATCHER)
    org = own_org(request, change=True)
    form = forms.BankForm(request.POST, request.FILES)
    text = _text(form)
    if text is None:
        form.add_error("file", _("Choose the bank's list as CSV in UTF-8 or GB 18030, of 2 MB at most."))
        return _payments(request, form=form, status=422)
    try:
        lines = services.read_bank(text)
        if "take" in request.POST:
            found = services.take_bank(request.scope, org.pk, lines)
            messages.success(request, _("%(n)s payments were posted.") % {"n": len(found.taken)})
            return redirect("money:payments")
        looked = services.look_at_bank(org.pk, lines)
    except (BadFiles, BadInput) as fault:
        faults = fault.faults if isinstance(fault, BadFiles) else ()
        form.add_error("file", _("Nothing was taken: mend the rows below.") if faults else str(fault))
        return _payments(request, form=form, faults=faults, status=422)
    context = {"org": org, "looked": looked, "text": text}
    return render(request, "money/bank.html", context)


@require_POST
def ask(request: HttpRequest, account_id: int) -> HttpResponse:
    """Ask for what an account owes: its holder, or who keeps the books."""
    need_role(request.scope, *PARTIES)
    row = Account.objects.get_seen(request.scope, pk=account_id)
    own = row.person_id is not None and row.person_id == request.scope.person_id
    if not own and not request.scope.may(Resource.ACCOUNT, row.org_id, change=True):
        raise NotFound(f"no account {account_id}")
    made, _url = services.ask(request.scope, row, services.provider_of(row.org_id))
    return redirect("money:payment", payment_id=made.pk)


@require_GET
def payment(request: HttpRequest, payment_id: int) -> HttpResponse:
    """One payment with its QR code."""
    need_role(request.scope, *PARTIES)
    row = Payment.objects.select_related("org", "account__person").get_seen(request.scope, pk=payment_id)
    context = {"row": row, "sandbox": _may_pretend(row), "code": services.code_of(row.account)}
    return render(request, "money/payment.html", context)


@require_POST
def sandbox(request: HttpRequest, payment_id: int) -> HttpResponse:
    """As if the sandbox had reported the payment; nothing is paid."""
    need_role(request.scope, *PARTIES)
    row = Payment.objects.select_related("org").get_seen(request.scope, pk=payment_id)
    if not _may_pretend(row):
        raise BadUsage("a button pays in the sandbox and in generated data only; other payments their provider reports")
    services.paid(request.scope, row.org_id, row.provider, row.ref, row.amount_fen)
    messages.success(request, _("The sandbox reported it as paid; no money moved."))
    return redirect("money:payment", payment_id=payment_id)


def _may_pretend(row: Payment) -> bool:
    """Whether a button may stand for a payment: nobody's real debt is ever wiped out by it."""
    return row.provider == services.Sandbox.name and settings.PAYMENTS == services.SANDBOX and row.org.generated


def _payments(
    request: HttpRequest, *, form: forms.BankForm | None = None, faults: object = (), status: int = 200
) -> HttpResponse:
    need_role(request.scope, *PARTIES)
    rows = Payment.objects.filter(pk__in=Payment.objects.seen_by(request.scope).values("pk"))
    state = request.GET.get("state", "")
    if state in PaymentState.values:
        rows = rows.filter(state=state)
    rows = rows.select_related("account__person", "org").order_by("-pk")
    context = {
        "page": Paginator(rows, ROWS_PAGE).get_page(request.GET.get("page")),
        "states": PaymentState.choices,
        "state": state,
        "keeps": books_of(request.scope, change=True),
        "books": request.scope.has(*BOOKS),
        "form": form or forms.BankForm(),
        "faults": faults,
        "columns": services.COLUMNS,
    }
    return render(request, "money/payments.html", context, status=status)


def _text(form: forms.BankForm) -> str | None:
    """What was sent, as text; None where it is none, or too long."""
    if not form.is_valid():
        return None
    sent = form.cleaned_data["file"]
    if sent is None:
        text = form.cleaned_data["text"]
        return text if text and len(text) <= TEXT_MAX else None
    raw = sent.read()
    if len(raw) > TEXT_MAX:
        return None
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None
