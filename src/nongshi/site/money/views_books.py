"""Pages of the books: accounts, statements, netting and its payment file."""

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from nongshi.core.errors import BadUsage, NongshiError, NotFound
from nongshi.site.base.access import need_role
from nongshi.site.base.faults import Forbidden
from nongshi.site.base.models import Org
from nongshi.site.base.rights import Resource, RoleKind
from nongshi.site.base.scope import Scope
from nongshi.site.base.services import log
from nongshi.site.money import bank_files, forms, statements
from nongshi.site.money import nettings as netting_services
from nongshi.site.money.models import Account, AccountKind, Netting, NettingTransfer, Statement
from nongshi.site.money.payments import code_of
from nongshi.site.money.services import balance, balances
from nongshi.site.money.terms import terms_of

BOOKS = (RoleKind.DISPATCHER, RoleKind.AUDITOR)
PARTIES = (*BOOKS, RoleKind.FARMER, RoleKind.OWNER, RoleKind.OPERATOR)
DAYS_SHOWN = 31
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def books_of(scope: Scope, *, change: bool = False) -> list[Org]:
    """Cooperatives whose whole books are in reach."""
    return list(Org.objects.filter(pk__in=scope.orgs(Resource.ACCOUNT, change=change), kind="coop").order_by("path"))


def own_org(request: HttpRequest, *, change: bool = False) -> Org:
    """The cooperative that the page is about: the one asked for, else the first in reach.

    Raises:
        NotFound: none is.
    """
    said = request.GET.get("org") or request.POST.get("org") or ""
    found = books_of(request.scope, change=change)
    org = next((one for one in found if not said or str(one.pk) == said), None)
    if org is None:
        raise NotFound("no books of a cooperative within your reach")
    return org


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Accounts with their balances: all of one's cooperative, or one's own."""
    need_role(request.scope, *PARTIES)
    rows = Account.objects.seen_by(request.scope).select_related("org", "person").distinct().order_by("org_id", "pk")
    even = {org_id: balances(org_id) for org_id in set(rows.values_list("org_id", flat=True))}
    shown = [{"account": row, "fen": even[row.org_id].get(row.pk, 0)} for row in rows]
    context = {"rows": shown, "books": books_of(request.scope), "keeps": bool(books_of(request.scope, change=True))}
    return render(request, "money/home.html", context)


@require_GET
def account(request: HttpRequest, account_id: int) -> HttpResponse:
    """One account: what came and went in a period, what was closed, how to pay."""
    return _account(request, account_id)


@require_POST
def close(request: HttpRequest, account_id: int) -> HttpResponse:
    """Keep the statement of a period."""
    need_role(request.scope, RoleKind.DISPATCHER)
    row = Account.objects.get_changed(request.scope, pk=account_id)
    form = forms.PeriodForm(request.POST)
    if not form.is_valid():
        return _account(request, account_id, form=form, status=422)
    try:
        kept = statements.close(request.scope, row, form.cleaned_data["first"], form.cleaned_data["last"])
    except NongshiError as fault:
        if isinstance(fault, Forbidden):
            raise
        form.add_error("last", _("A statement is closed for days that are over, first day first, a year at most."))
        return _account(request, account_id, form=form, status=422)
    return redirect("money:statement", statement_id=kept.pk)


@require_POST
def bank_account(request: HttpRequest, account_id: int) -> HttpResponse:
    """A party's account at its bank, entered by the party or by who keeps the books."""
    need_role(request.scope, *PARTIES)
    row = Account.objects.get_seen(request.scope, pk=account_id)
    own = row.person_id is not None and row.person_id == request.scope.person_id
    if not own and not request.scope.may(Resource.ACCOUNT, row.org_id, change=True):
        raise Forbidden("a bank account is entered by its holder, or by who keeps the books")
    form = forms.BankAccountForm(request.POST)
    if not form.is_valid():
        return _account(request, account_id, bank_form=form, status=422)
    said = form.cleaned_data
    row.holder, row.bank_code, row.version = said["holder"], said["bank_code"], row.version + 1
    row.set_bank_account(said["number"])
    row.save()
    log("BankAccountEntered", f"account:{row.pk}", scope=request.scope, org_id=row.org_id)
    messages.success(request, _("Saved."))
    return redirect("money:account", account_id=account_id)


@require_GET
def statement(request: HttpRequest, statement_id: int) -> HttpResponse:
    """A closed statement."""
    need_role(request.scope, *PARTIES)
    row = Statement.objects.select_related("account__person", "org").get_seen(request.scope, pk=statement_id)
    return render(request, "money/statement.html", {"row": row, "lines": statements.lines_of(row)})


@require_GET
def statement_file(request: HttpRequest, statement_id: int, kind: str) -> HttpResponse:
    """A closed statement as PDF or workbook."""
    need_role(request.scope, *PARTIES)
    row = Statement.objects.select_related("account__person", "org").get_seen(request.scope, pk=statement_id)
    makers = {"pdf": (statements.as_pdf, "application/pdf"), "xlsx": (statements.as_xlsx, XLSX)}
    if kind not in makers:
        raise NotFound(f"a statement comes as pdf or xlsx, not as {kind[:10]}")
    make, form = makers[kind]
    return _file(make(row), form, f"statement-{row.account_id}-{row.last}.{kind}")


def _nettings_page(request: HttpRequest) -> HttpResponse:
    rows = Netting.objects.filter(pk__in=Netting.objects.seen_by(request.scope).values("pk")).select_related("org")
    context = {"rows": rows.prefetch_related("transfers")[:50], "keeps": books_of(request.scope, change=True)}
    return render(request, "money/nettings.html", context)


def nettings(request: HttpRequest) -> HttpResponse:
    """Nettings so far; a new proposal by POST."""
    need_role(request.scope, *PARTIES)
    if request.method != "POST":
        return _nettings_page(request)
    need_role(request.scope, RoleKind.DISPATCHER)
    row = netting_services.propose(request.scope, own_org(request, change=True).pk)
    return redirect("money:netting", netting_id=row.pk)


@require_GET
def netting(request: HttpRequest, netting_id: int) -> HttpResponse:
    """One netting: its transfers, who said yes, what is paid."""
    need_role(request.scope, *PARTIES)
    row = Netting.objects.select_related("org").get_seen(request.scope, pk=netting_id)
    keeps = request.scope.may(Resource.ACCOUNT, row.org_id, change=True)
    transfers = row.transfers.select_related("payer__person", "payee__person")
    shown = [
        {"transfer": one, "ends": _ends(request.scope, one)}
        for one in transfers
        if request.scope.may(Resource.ACCOUNT, row.org_id)
        or request.scope.person_id in (one.payer.person_id, one.payee.person_id)
    ]
    pays_out = any(one["transfer"].payer.kind == AccountKind.COOP for one in shown)
    return render(request, "money/netting.html", {"row": row, "shown": shown, "keeps": keeps, "pays_out": pays_out})


@require_POST
def agree(request: HttpRequest, transfer_id: int) -> HttpResponse:
    """Say yes to a transfer."""
    need_role(request.scope, *PARTIES)
    row = netting_services.agree(request.scope, transfer_id, said_by=request.POST.get("said_by", "").strip()[:40])
    messages.success(request, _("Written down."))
    return redirect("money:netting", netting_id=row.pk)


@require_POST
def transfer_paid(request: HttpRequest, transfer_id: int) -> HttpResponse:
    """A transfer was paid from bank to bank."""
    need_role(request.scope, RoleKind.DISPATCHER)
    row = netting_services.pay(request.scope, transfer_id)
    messages.success(request, _("Posted."))
    return redirect("money:netting", netting_id=row.netting_id)


@require_POST
def drop(request: HttpRequest, netting_id: int) -> HttpResponse:
    """Take a netting back."""
    need_role(request.scope, RoleKind.DISPATCHER)
    netting_services.drop(request.scope, netting_id)
    messages.success(request, _("Taken back; what was paid stays posted."))
    return redirect("money:nettings")


@require_GET
def payment_file(request: HttpRequest, netting_id: int, kind: str) -> HttpResponse:
    """What the cooperative pays out, for its bank: pain.001 or CSV."""
    need_role(request.scope, *BOOKS)
    row = Netting.objects.select_related("org").get_changed(request.scope, pk=netting_id)
    made = make_payment_file(row, kind)
    log("PaymentFileMade", f"netting:{row.pk}", scope=request.scope, org_id=row.org_id, kind=kind)
    form = "application/xml" if kind == "xml" else "text/csv; charset=utf-8"
    return _file(made, form, f"payments-{row.pk}.{kind}")


def make_payment_file(row: Netting, kind: str) -> bytes:
    """The payment file of an accepted netting.

    Raises:
        NotFound: another kind than xml or csv.
        BadUsage: it is not accepted.
        BadFiles: bank accounts are missing.
    """
    if kind not in ("xml", "csv"):
        raise NotFound(f"a payment file comes as xml (pain.001) or csv, not as {kind[:10]}")
    if row.state != "accepted":
        raise BadUsage(f"netting {row.pk} is {row.state}; a payment file is made once both ends of all agreed")
    now = timezone.now()
    terms = terms_of(row.org_id, timezone.localdate(now))
    payer = bank_files.End(name=terms.bank_holder, account=terms.bank_account, bank=terms.bank_code)
    lines = [
        bank_files.Line(
            ref=f"NST{one.pk}",
            to=bank_files.End(
                name=one.payee.holder or str(one.payee.person or ""),
                account=one.payee.bank_account,
                bank=one.payee.bank_code,
            ),
            amount_fen=one.amount_fen,
            remark=f"{row.org.name} NST{one.pk}",
        )
        for one in netting_services.payable(row)
    ]
    if kind == "csv":
        return bank_files.pay_csv(payer, lines)
    return bank_files.pain_001(f"NS{row.pk}-{now:%Y%m%d%H%M%S}", now, timezone.localdate(now), payer, lines)


def _account(
    request: HttpRequest, account_id: int, *, form: Any = None, bank_form: Any = None, status: int = 200
) -> HttpResponse:
    need_role(request.scope, *PARTIES)
    row = Account.objects.select_related("org", "person").get_seen(request.scope, pk=account_id)
    today = timezone.localdate()
    asked = forms.PeriodForm(request.GET if "first" in request.GET else None)
    first, last = today - timedelta(days=DAYS_SHOWN - 1), today
    if asked.is_bound and asked.is_valid():
        first, last = asked.cleaned_data["first"], asked.cleaned_data["last"]
        if last < first or (last - first).days > statements.DAYS_MAX:
            asked.add_error("last", _("First day first, a year at most."))
            first, last, status = today - timedelta(days=DAYS_SHOWN - 1), today, 422
    context = {
        "row": row,
        "fen": balance(row.pk),
        "code": code_of(row),
        "first": first,
        "last": last,
        "form": form or asked,
        "found": statements.read(row, first, last),
        "kept": row.statements.all()[:24],
        "payments": row.payments.all()[:12],
        "keeps": request.scope.may(Resource.ACCOUNT, row.org_id, change=True),
        "own": row.person_id is not None and row.person_id == request.scope.person_id,
        "bank_form": bank_form or forms.BankAccountForm(initial={"holder": row.holder, "bank_code": row.bank_code}),
        "terms": terms_of(row.org_id, today),
        "yesterday": min(last, _before(today)),
    }
    return render(request, "money/account.html", context, status=status)


def _before(day: date) -> date:
    return day - timedelta(days=1)


def _ends(scope: Scope, transfer: NettingTransfer) -> dict[str, Any]:
    """What the page says of a transfer's two ends."""
    return {
        "payer_agreed": str(transfer.payer_id) in transfer.agreed,
        "payee_agreed": str(transfer.payee_id) in transfer.agreed,
        "mine": any(
            netting_services.may_agree(scope, one) and str(one.pk) not in transfer.agreed
            for one in (transfer.payer, transfer.payee)
        ),
    }


def _file(body: bytes, form: str, name: str) -> HttpResponse:
    answer = HttpResponse(body, content_type=form)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
