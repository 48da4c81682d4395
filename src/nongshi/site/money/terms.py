"""A cooperative's terms, by version: its share, wages, deposit, what calling off costs, and its bank account."""

from dataclasses import dataclass, field
from datetime import date

from django.db import transaction
from django.utils import timezone

from nongshi.core.errors import BadInput, BadUsage
from nongshi.market.cancellation import NoticeTerms
from nongshi.market.settle import Terms, Wage
from nongshi.site.base.scope import Scope
from nongshi.site.base.services import log
from nongshi.site.money.models import Account, TermsRow

DEPOSIT_MAX = 0.5  # assumption: who asks for more than half before the work does not ask for a deposit


@dataclass(frozen=True, slots=True, kw_only=True)
class CoopTerms:
    """Terms that hold from a day on."""

    since: date
    shares: Terms = field(default_factory=Terms)
    notice: NoticeTerms = field(default_factory=NoticeTerms)
    deposit_share: float = 0.0
    auto_settle: bool = True
    bank_holder: str = ""
    bank_account: str = ""
    bank_code: str = ""

    def __post_init__(self) -> None:
        """Refuse a deposit that is none."""
        if not 0 <= self.deposit_share <= DEPOSIT_MAX:
            raise BadInput(f"a deposit is 0 to {DEPOSIT_MAX:.0%} of the price; choose a smaller one")


DEFAULT = CoopTerms(since=date.min)


def terms_of(org_id: int, day: date) -> CoopTerms:
    """The terms in force on a day; the table of assumptions where the cooperative set none."""
    row = TermsRow.objects.filter(org_id=org_id, since__lte=day).order_by("-since").first()
    return DEFAULT if row is None else of_row(row)


def of_row(row: TermsRow) -> CoopTerms:
    """A kept version."""
    return CoopTerms(
        since=row.since,
        shares=Terms(coop_share=row.coop_share, wage=Wage(row.wage), wage_fen=row.wage_fen),
        notice=NoticeTerms(shares=tuple((h, s) for h, s in row.notice), no_show_share=row.no_show_share),
        deposit_share=row.deposit_share,
        auto_settle=row.auto_settle,
        bank_holder=row.bank_holder,
        bank_account=row.bank_account,
        bank_code=row.bank_code,
    )


def set_terms(scope: Scope, org_id: int, terms: CoopTerms) -> TermsRow:
    """Keep a new version; orders keep the terms of the day on which they were begun.

    Raises:
        BadInput: it begins in the past.
        BadUsage: not this person's to set, or there is one of that day already.
    """
    if not scope.may(Account.resource, org_id, change=True):
        raise BadUsage("terms are set by the cooperative's dispatchers")
    if terms.since < timezone.localdate():
        raise BadInput(f"terms cannot begin on {terms.since}, which is over; begin today or later")
    with transaction.atomic():
        if TermsRow.objects.filter(org_id=org_id, since=terms.since).exists():
            raise BadUsage(f"there are terms from {terms.since} on already; let the new ones begin on another day")
        row = TermsRow.objects.create(
            org_id=org_id,
            since=terms.since,
            coop_share=terms.shares.coop_share,
            wage=terms.shares.wage.value,
            wage_fen=terms.shares.wage_fen,
            deposit_share=terms.deposit_share,
            notice=[list(one) for one in terms.notice.shares],
            no_show_share=terms.notice.no_show_share,
            auto_settle=terms.auto_settle,
            bank_holder=terms.bank_holder,
            bank_account=terms.bank_account,
            bank_code=terms.bank_code,
        )
        log("TermsSet", f"terms:{row.pk}", scope=scope, org_id=org_id)
    return row
