"""What the API of money takes and shows."""

from datetime import date, datetime
from typing import Annotated, Any

from ninja import Schema
from pydantic import Field

from nongshi.agronomy import OPERATIONS
from nongshi.market.settle import Wage
from nongshi.site.base.api_types import BodyId, Day, Flag, Given, Id, Number, Row, Text20, Text40, Whole
from nongshi.site.money.models import AccountKind, NettingState, PaymentState, TransferState

Operation = Annotated[str, Field(max_length=40, json_schema_extra={"enum": sorted(OPERATIONS)})]
Fen = Annotated[Whole, Field(ge=0, le=10**11)]
Share = Annotated[Number, Field(ge=0, le=1)]
BANK_TEXT_MAX = 500_000


class PriceOut(Row):
    """A version of a cooperative's price."""

    operation: str
    since: date
    per_ha_fen: int
    minimum_fen: int
    surcharges: dict[str, float] = Field(description="condition: share of the price by area")
    small_ha: float
    small_share: float
    near_km: float
    km_fen: int


class CapOut(Row):
    """A version of a district's cap."""

    operation: str
    since: date
    per_ha_fen: int
    minimum_fen: int


class NoticeStep(Given):
    """Calling off with so many hours of notice or more costs such a share of the price."""

    hours: Annotated[Number, Field(ge=0, le=10_000)]
    share: Share


class TermsOut(Row):
    """A version of a cooperative's terms."""

    since: date
    coop_share: float
    wage: str
    wage_fen: int
    deposit_share: float
    notice: list[NoticeStep] = Field(description="what calling off costs; longest notice first")
    no_show_share: float
    auto_settle: bool

    @classmethod
    def shape(cls, row: dict[str, Any]) -> dict[str, Any]:
        """Steps by name."""
        return row | {"notice": [{"hours": hours, "share": share} for hours, share in row["notice"]]}


class AccountOut(Row):
    """What somebody is owed (+) or owes (-) in a cooperative's books."""

    kind: AccountKind
    person_id: int | None
    balance_fen: int


class AccountLineOut(Schema):
    """One posting as an account sees it."""

    at: datetime
    about: str
    kind: str
    amount_fen: int
    balance_fen: int


class PeriodOut(Schema):
    """What an account saw of a period."""

    opening_fen: int
    closing_fen: int
    lines: list[AccountLineOut]


class StatementOut(Row):
    """A closed statement."""

    account_id: int
    first: date
    last: date
    opening_fen: int
    closing_fen: int
    lines: list[AccountLineOut]
    digest: str

    @classmethod
    def shape(cls, row: dict[str, Any]) -> dict[str, Any]:
        """Lines by name."""
        names = ("at", "about", "kind", "amount_fen", "balance_fen")
        return row | {"lines": [dict(zip(names, line, strict=True)) for line in row["lines"]]}


class PaymentOut(Row):
    """A payment between a party and the cooperative's bank account."""

    account_id: int
    provider: str
    ref: str
    amount_fen: int
    state: PaymentState
    paid_at: datetime | None
    about: str = Field(description="the order of a deposit; empty: what is owed")
    url: str = Field(description="what its QR code carries")


class TransferOut(Schema):
    """One payment of a netting."""

    id: int
    payer_id: int
    payee_id: int
    amount_fen: int
    state: TransferState
    agreed: list[int] = Field(description="accounts that said yes")


class NettingOut(Row):
    """The fewest transfers after which all accounts are even."""

    state: NettingState
    accounts: int = Field(description="that were not even")


class NettingWhole(NettingOut):
    """A netting with those of its transfers that are in sight."""

    transfers: list[TransferOut]


class LookedOut(Schema):
    """What becomes of a line of a bank's list."""

    at: datetime
    amount_fen: int
    name: str
    remark: str
    ref: str
    account_id: int | None = Field(description="null: nobody's by its remark; a person has to look")
    known: bool = Field(description="taken before")


class BankOut(Schema):
    """A bank's list, line by line."""

    taken: int
    lines: list[LookedOut]


class PriceIn(Given):
    """A new version of a price."""

    org_id: BodyId
    operation: Operation
    since: Day
    per_ha_fen: Fen
    minimum_fen: Fen = 10_000
    surcharges: dict[Text20, Share] = Field(default={}, max_length=8)
    small_ha: Annotated[Number, Field(ge=0, le=1000)] = 0.2
    small_share: Share = 0.5
    near_km: Annotated[Number, Field(ge=0, le=1000)] = 10.0
    km_fen: Fen = 300


class CapIn(Given):
    """A new version of a cap."""

    org_id: BodyId = Field(description="the district")
    operation: Operation
    since: Day
    per_ha_fen: Fen
    minimum_fen: Fen


class TermsIn(Given):
    """A new version of terms."""

    org_id: BodyId
    since: Day
    coop_share: Share = 0.1
    wage: Wage = Wage.HECTARE
    wage_fen: Fen = 18_000
    deposit_share: Share = 0.0
    notice: list[NoticeStep] = Field(default=[], max_length=8, description="longest notice first, ends at 0 hours")
    no_show_share: Share = 0.5
    auto_settle: Flag = True


class PeriodIn(Given):
    """Days that are over, both included."""

    first: Day
    last: Day


class BankIn(Given):
    """A bank's list."""

    org_id: BodyId
    text: Annotated[str, Field(max_length=BANK_TEXT_MAX)] = Field(
        description="CSV: date, amount_yuan, name, remark, ref"
    )
    take: Flag = Field(default=False, description="post what has an account; else it is only looked at")


class OrgIn(Given):
    """Whose books."""

    org_id: BodyId


class AgreeIn(Given):
    """Yes to a transfer."""

    said_by: Text40 = Field(default="", description="who said so by telephone to the keeper of the books")


class PaidIn(Given):
    """What a provider reports."""

    amount_fen: Fen


class Priced(Schema):
    """Which prices."""

    operation: Text40 | None = None
    org_id: Id | None = None


class AccountFilter(Schema):
    """Whose rows."""

    account_id: Id | None = None
    org_id: Id | None = None


class Period(Schema):
    """From a day to a day."""

    first: Day
    last: Day
