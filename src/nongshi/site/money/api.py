"""API of money: prices, caps, terms, accounts, statements, payments, a bank's list, netting with its payment file."""

from typing import Annotated, Any

from django.db.models import QuerySet, Sum
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from ninja import Path, Query, Router, Schema

from nongshi.market.cancellation import NoticeTerms
from nongshi.market.prices import Cap, PriceList
from nongshi.market.settle import Terms
from nongshi.site.base.api_types import Id
from nongshi.site.base.faults import Forbidden
from nongshi.site.base.models import Org
from nongshi.site.base.paging import Page, Pages, answer_json, answer_one, answer_page, once_each
from nongshi.site.base.rights import Resource
from nongshi.site.money import nettings, payments, services, statements
from nongshi.site.money.api_shapes import (
    AccountFilter,
    AccountOut,
    AgreeIn,
    BankIn,
    BankOut,
    CapIn,
    CapOut,
    NettingOut,
    NettingWhole,
    OrgIn,
    PaidIn,
    PaymentOut,
    Period,
    PeriodIn,
    PeriodOut,
    Priced,
    PriceIn,
    PriceOut,
    StatementOut,
    TermsIn,
    TermsOut,
)
from nongshi.site.money.models import (
    Account,
    CapRow,
    Netting,
    NettingTransfer,
    Payment,
    PriceRow,
    Statement,
    TermsRow,
)
from nongshi.site.money.terms import CoopTerms, set_terms
from nongshi.site.money.views_books import make_payment_file

router = Router(tags=["money"])
AnId = Annotated[Id, Path()]


@router.get("/prices", response=Page[PriceOut])
def list_prices(request: HttpRequest, which: Annotated[Priced, Query()], paging: Pages) -> HttpResponse:
    """Versions of prices in sight; of an operation the newest first."""
    return answer_page(request, PriceOut, _among(PriceRow.objects.seen_by(request.scope), which), paging)


@router.post("/prices", response={201: PriceOut})
def add_price(request: HttpRequest, body: PriceIn) -> HttpResponse:
    """A new version of a price, from today or later on; earlier ones stay as they were."""
    _check_keeps(request, body.org_id)
    given = body.dict()
    org_id = given.pop("org_id")
    (row,) = services.set_prices(request.scope, org_id, [PriceList(coop=str(org_id), **given)])
    return answer_one(PriceOut, PriceRow.objects.filter(org_id=org_id), status=201, pk=row.pk)


@router.get("/caps", response=Page[CapOut])
def list_caps(request: HttpRequest, which: Annotated[Priced, Query()], paging: Pages) -> HttpResponse:
    """Caps of the districts that one's organisations lie in."""
    above = {pk for org in Org.objects.filter(pk__in=request.scope.orgs(Resource.ORG)) for pk in org.lineage}
    return answer_page(request, CapOut, _among(CapRow.objects.filter(org_id__in=above), which), paging)


@router.post("/caps", response={201: CapOut})
def add_cap(request: HttpRequest, body: CapIn) -> HttpResponse:
    """A new version of a district's cap."""
    given = body.dict()
    org_id = given.pop("org_id")
    row = services.set_cap(request.scope, org_id, Cap(**given))
    return answer_one(CapOut, CapRow.objects.filter(org_id=org_id), status=201, pk=row.pk)


@router.get("/terms", response=Page[TermsOut])
def list_terms(request: HttpRequest, paging: Pages) -> HttpResponse:
    """Versions of terms in sight, newest first."""
    return answer_page(request, TermsOut, TermsRow.objects.seen_by(request.scope), paging)


@router.post("/terms", response={201: TermsOut})
def add_terms(request: HttpRequest, body: TermsIn) -> HttpResponse:
    """A new version of terms; orders keep those of the day on which they were begun. The bank account stays."""
    _check_keeps(request, body.org_id)
    from nongshi.site.money.terms import terms_of

    before = terms_of(body.org_id, body.since)
    steps = tuple((one.hours, one.share) for one in body.notice)
    terms = CoopTerms(
        since=body.since,
        shares=Terms(coop_share=body.coop_share, wage=body.wage, wage_fen=body.wage_fen),
        notice=NoticeTerms(shares=steps or before.notice.shares, no_show_share=body.no_show_share),
        deposit_share=body.deposit_share,
        auto_settle=body.auto_settle,
        bank_holder=before.bank_holder,
        bank_account=before.bank_account,
        bank_code=before.bank_code,
    )
    row = set_terms(request.scope, body.org_id, terms)
    return answer_one(TermsOut, TermsRow.objects.filter(org_id=body.org_id), status=201, pk=row.pk)


@router.get("/accounts", response=Page[AccountOut])
def list_accounts(request: HttpRequest, paging: Pages) -> HttpResponse:
    """Accounts in sight with their balances."""
    return answer_page(request, AccountOut, _accounts(request), paging)


@router.get("/accounts/{account_id}", response=AccountOut)
def get_account(request: HttpRequest, account_id: AnId) -> HttpResponse:
    """One account."""
    return answer_one(AccountOut, _accounts(request), pk=account_id)


@router.get("/accounts/{account_id}/lines", response=PeriodOut)
def list_lines(request: HttpRequest, account_id: AnId, which: Annotated[Period, Query()]) -> HttpResponse:
    """What came and went from a day to another, both included."""
    account = Account.objects.get_seen(request.scope, pk=account_id)
    found = statements.read(account, which.first, which.last)
    lines = [
        {
            "at": one.at,
            "about": one.about,
            "kind": one.kind,
            "amount_fen": one.amount_fen,
            "balance_fen": one.balance_fen,
        }
        for one in found.lines
    ]
    return answer_json({"opening_fen": found.opening_fen, "closing_fen": found.closing_fen, "lines": lines})


@router.post("/accounts/{account_id}/statements", response={201: StatementOut})
def close_statement(request: HttpRequest, account_id: AnId, body: PeriodIn) -> HttpResponse:
    """Keep the statement of days that are over; the same days again are the same statement."""
    account = Account.objects.get_changed(request.scope, pk=account_id)
    row = statements.close(request.scope, account, body.first, body.last)
    return answer_one(StatementOut, Statement.objects.seen_by(request.scope), status=201, pk=row.pk)


@router.get("/statements", response=Page[StatementOut])
def list_statements(request: HttpRequest, which: Annotated[AccountFilter, Query()], paging: Pages) -> HttpResponse:
    """Closed statements in sight, newest first."""
    return answer_page(request, StatementOut, _among(Statement.objects.seen_by(request.scope), which), paging)


@router.get("/statements/{statement_id}", response=StatementOut)
def get_statement(request: HttpRequest, statement_id: AnId) -> HttpResponse:
    """One closed statement."""
    return answer_one(StatementOut, Statement.objects.seen_by(request.scope), pk=statement_id)


@router.get("/payments", response=Page[PaymentOut])
def list_payments(request: HttpRequest, which: Annotated[AccountFilter, Query()], paging: Pages) -> HttpResponse:
    """Payments in sight, newest first."""
    return answer_page(request, PaymentOut, _among(Payment.objects.seen_by(request.scope), which), paging)


@router.get("/payments/{payment_id}", response=PaymentOut)
def get_payment(request: HttpRequest, payment_id: AnId) -> HttpResponse:
    """One payment."""
    return answer_one(PaymentOut, Payment.objects.seen_by(request.scope), pk=payment_id)


@router.post("/accounts/{account_id}/ask", response={201: PaymentOut})
def ask_payment(request: HttpRequest, account_id: AnId) -> HttpResponse:
    """Ask for what an account owes; asked again for the same sum it is the same payment."""
    account = Account.objects.get_changed(request.scope, pk=account_id)
    row, _url = payments.ask(request.scope, account, payments.provider_of(account.org_id))
    return answer_one(PaymentOut, Payment.objects.seen_by(request.scope), status=201, pk=row.pk)


@router.post("/payments/{payment_id}/paid", response=PaymentOut)
def report_payment(request: HttpRequest, payment_id: AnId, body: PaidIn) -> HttpResponse:
    """What a provider reports to the keeper of the books; told twice it counts once."""
    row = Payment.objects.get_changed(request.scope, pk=payment_id)
    payments.paid(request.scope, row.org_id, row.provider, row.ref, body.amount_fen)
    return get_payment(request, payment_id)


@router.post("/bank-lists", response=BankOut)
def read_bank_list(request: HttpRequest, body: BankIn) -> HttpResponse:
    """Look at a bank's list, or post what it brought; a line goes to the account whose code its remark names."""
    _check_keeps(request, body.org_id)
    lines = payments.read_bank(body.text)
    looked = payments.look_at_bank(body.org_id, lines)
    taken = len(payments.take_bank(request.scope, body.org_id, lines).taken) if body.take else 0
    return answer_json({"taken": taken, "lines": [_looked(one) for one in looked]})


@router.get("/nettings", response=Page[NettingOut])
def list_nettings(request: HttpRequest, paging: Pages) -> HttpResponse:
    """Nettings in sight, newest first."""
    return answer_page(request, NettingOut, once_each(Netting.objects.seen_by(request.scope)), paging)


@router.get("/nettings/{netting_id}", response=NettingWhole)
def get_netting(request: HttpRequest, netting_id: AnId) -> HttpResponse:
    """One netting with its transfers in sight."""
    return _netting(request, netting_id)


@router.post("/nettings", response={201: NettingWhole})
def propose_netting(request: HttpRequest, body: OrgIn) -> HttpResponse:
    """A new proposal from the books as they are."""
    _check_keeps(request, body.org_id)
    row = nettings.propose(request.scope, body.org_id)
    return _netting(request, row.pk, status=201)


@router.post("/nettings/{netting_id}/drop", response=NettingWhole)
def drop_netting(request: HttpRequest, netting_id: AnId) -> HttpResponse:
    """Take a netting back; what was paid of it stays posted."""
    nettings.drop(request.scope, netting_id)
    return _netting(request, netting_id)


@router.post("/transfers/{transfer_id}/agree", response=NettingWhole)
def agree_transfer(request: HttpRequest, transfer_id: AnId, body: AgreeIn) -> HttpResponse:
    """Say yes to a transfer; once both ends of all have, the netting is accepted."""
    row = nettings.agree(request.scope, transfer_id, said_by=body.said_by)
    return _netting(request, row.pk)


@router.post("/transfers/{transfer_id}/paid", response=NettingWhole)
def pay_transfer(request: HttpRequest, transfer_id: AnId) -> HttpResponse:
    """Post a transfer that was paid from bank to bank, once."""
    row = nettings.pay(request.scope, transfer_id)
    return _netting(request, row.netting_id)


@router.get("/nettings/{netting_id}/payment-file", response=dict[str, str])
def get_payment_file(request: HttpRequest, netting_id: AnId) -> HttpResponse:
    """What the cooperative pays out of an accepted netting, as ISO 20022 pain.001 in `xml`."""
    row = Netting.objects.select_related("org").get_changed(request.scope, pk=netting_id)
    return answer_json({"xml": make_payment_file(row, "xml").decode()})


def _netting(request: HttpRequest, netting_id: int, *, status: int = 200) -> HttpResponse:
    row = Netting.objects.get_seen(request.scope, pk=netting_id)
    whole = request.scope.may(Resource.ACCOUNT, row.org_id)
    me = request.scope.person_id
    rows = row.transfers.select_related("payer", "payee")
    seen = [one for one in rows if whole or me in (one.payer.person_id, one.payee.person_id)]
    columns = ("id", "org_id", "version", "created", "changed", "state", "accounts")
    said = {name: getattr(row, name) for name in columns}
    return answer_json(
        said | {"etag": f'"{row.version}"', "transfers": [_transfer(one) for one in seen]}, status=status
    )


def _transfer(one: NettingTransfer) -> dict[str, Any]:
    names = ("id", "payer_id", "payee_id", "amount_fen", "state")
    return {name: getattr(one, name) for name in names} | {"agreed": sorted(map(int, one.agreed))}


def _looked(one: payments.Looked) -> dict[str, Any]:
    line = one.line
    said = {"at": line.at, "amount_fen": line.amount_fen, "name": line.name, "remark": line.remark, "ref": line.ref}
    return said | {"account_id": one.account.pk if one.account else None, "known": one.known}


def _accounts(request: HttpRequest) -> QuerySet:
    return Account.objects.seen_by(request.scope).annotate(balance_fen=Coalesce(Sum("entries__amount_fen"), 0))


def _check_keeps(request: HttpRequest, org_id: int) -> None:
    if not request.scope.may(Resource.ACCOUNT, org_id, change=True):
        raise Forbidden(f"you do not keep the books of organisation {org_id}")


def _among(rows: QuerySet, which: Schema) -> QuerySet:
    return rows.filter(**{name: value for name, value in which.dict().items() if value is not None})
