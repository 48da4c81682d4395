"""Accounts, postings and their entries, price lists, closed statements, payments."""

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from nongshi.site.base import crypt
from nongshi.site.base.models import Person
from nongshi.site.base.rights import Resource
from nongshi.site.base.rows import OrgRow

BANK_COLUMN = "money.account.bank"


def new_id() -> str:
    """The id of a posting, known before it is written: its entries are written first."""
    return uuid4().hex


class AccountKind(models.TextChoices):
    """Whose account, and as what."""

    FARMER = "farmer", _("farmer")
    OPERATOR = "operator", _("operator")
    OWNER = "owner", _("machine owner")
    COOP = "coop", _("cooperative")
    BANK = "bank", _("bank")


OF_ORG = (AccountKind.COOP, AccountKind.BANK)


class Account(OrgRow):
    """What somebody is owed (+) or owes (-) in an organisation's books; its balance is the sum of its entries."""

    resource: ClassVar = Resource.ACCOUNT
    self_paths: ClassVar = ("person",)

    kind = models.CharField(_("kind"), max_length=10, choices=AccountKind.choices)
    person = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="accounts")
    holder = models.CharField(_("account holder"), max_length=70, blank=True)  # at the party's own bank
    bank_code = models.CharField(_("bank code"), max_length=20, blank=True)
    bank_sealed = models.TextField(blank=True, editable=False)

    class Meta:
        ordering = ("pk",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("org", "kind", "person"), name="account_once"),
            models.UniqueConstraint(fields=("org", "kind"), condition=Q(kind__in=OF_ORG), name="org_account_once"),
        ]
        verbose_name = _("account")
        verbose_name_plural = _("accounts")

    def __str__(self) -> str:
        return f"{self.kind}:{self.pk}"

    def set_bank_account(self, number: str) -> None:
        """Keep a bank account's number, encrypted and bound to this (saved) account."""
        self.bank_sealed = crypt.encrypt(number, bound_to=f"{BANK_COLUMN}.{self.pk}") if number else ""

    @property
    def bank_account(self) -> str:
        """The number in clear, for payment files; screens show `bank_masked`."""
        return crypt.decrypt(self.bank_sealed, bound_to=f"{BANK_COLUMN}.{self.pk}") if self.bank_sealed else ""

    @property
    def bank_masked(self) -> str:
        """The last four digits, as a screen may show them."""
        number = self.bank_account
        return f"…{number[-4:]}" if number else ""


class Posting(models.Model):
    """One transaction of the books; the database refuses it unless its entries sum to zero, and every change of it."""

    id = models.CharField(max_length=32, primary_key=True, default=new_id, editable=False)
    about = models.CharField(max_length=60)  # booking:17
    kind = models.CharField(max_length=60)
    at = models.DateTimeField(default=timezone.now, db_index=True)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("at", "pk")
        constraints: ClassVar = [models.UniqueConstraint(fields=("about", "kind"), name="posted_once")]
        verbose_name = _("posting")
        verbose_name_plural = _("postings")

    def __str__(self) -> str:
        return f"{self.kind} {self.about}"


class Entry(models.Model):
    """So many fen into an account or out of it; written before its posting, never after it."""

    posting = models.ForeignKey(Posting, on_delete=models.PROTECT, related_name="entries")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="entries")
    amount_fen = models.BigIntegerField(_("fen"))

    class Meta:
        ordering = ("pk",)
        verbose_name = _("entry")
        verbose_name_plural = _("entries")

    def __str__(self) -> str:
        return f"{self.account_id} {self.amount_fen}"


class PriceRow(OrgRow):
    """A version of a cooperative's price for an operation, from a day on; a newer version leaves it as it is.

    Everybody of the cooperative sees its prices; who keeps its books sets them.
    """

    resource: ClassVar = Resource.ORG

    operation = models.CharField(_("operation"), max_length=40)
    since = models.DateField(_("from"))
    per_ha_fen = models.BigIntegerField(_("fen per hectare"))
    minimum_fen = models.BigIntegerField(_("minimum, fen"))
    surcharges = models.JSONField(_("surcharges"), default=dict)  # condition -> share of the price
    small_ha = models.FloatField(_("small below, ha"))
    small_share = models.FloatField(_("small: share of the missing area"))
    near_km = models.FloatField(_("way included, km"))
    km_fen = models.BigIntegerField(_("fen per km beyond"))

    class Meta:
        ordering = ("operation", "-since")
        constraints: ClassVar = [models.UniqueConstraint(fields=("org", "operation", "since"), name="price_once")]
        verbose_name = _("price")
        verbose_name_plural = _("prices")

    def __str__(self) -> str:
        return f"{self.operation} {self.since}"


class CapRow(OrgRow):
    """The most that a district allows for an operation, from a day on."""

    resource: ClassVar = Resource.ORG

    operation = models.CharField(_("operation"), max_length=40)
    since = models.DateField(_("from"))
    per_ha_fen = models.BigIntegerField(_("fen per hectare"))
    minimum_fen = models.BigIntegerField(_("minimum, fen"))

    class Meta:
        ordering = ("operation", "-since")
        constraints: ClassVar = [models.UniqueConstraint(fields=("org", "operation", "since"), name="cap_once")]
        verbose_name = _("price cap")
        verbose_name_plural = _("price caps")

    def __str__(self) -> str:
        return f"{self.operation} {self.since}"


class TermsRow(OrgRow):
    """A version of a cooperative's terms, from a day on: shares, wages, deposit, what calling off costs; its bank."""

    resource: ClassVar = Resource.ORG

    since = models.DateField(_("from"))
    coop_share = models.FloatField(_("the cooperative's share"))
    wage = models.CharField(_("wages by"), max_length=8)  # market.settle.Wage
    wage_fen = models.BigIntegerField(_("wage, fen"))
    deposit_share = models.FloatField(_("deposit, share of the price"), default=0.0)
    notice = models.JSONField(_("hours of notice and share of the price"), default=list)  # longest first, ends at 0
    no_show_share = models.FloatField(_("no-show, share of the price"))
    auto_settle = models.BooleanField(_("undisputed work is accepted by itself"), default=True)
    bank_holder = models.CharField(_("account holder"), max_length=70, blank=True)
    bank_account = models.CharField(_("bank account"), max_length=34, blank=True)
    bank_code = models.CharField(_("bank code"), max_length=20, blank=True)

    class Meta:
        ordering = ("-since",)
        constraints: ClassVar = [models.UniqueConstraint(fields=("org", "since"), name="terms_once")]
        verbose_name = _("terms")
        verbose_name_plural = _("terms")

    def __str__(self) -> str:
        return f"{self.org_id} {self.since}"


class Statement(OrgRow):
    """A closed statement of an account: kept as it was made, so that both sides speak of the same sheet."""

    resource: ClassVar = Resource.ACCOUNT
    self_paths: ClassVar = ("account__person",)

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="statements")
    first = models.DateField(_("first day"))
    last = models.DateField(_("last day"))
    opening_fen = models.BigIntegerField()
    closing_fen = models.BigIntegerField()
    lines = models.JSONField(default=list)  # [moment, about, kind, fen, balance after it]
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ("-last", "-pk")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("account", "first", "last"), name="statement_once"),
        ]
        verbose_name = _("statement")
        verbose_name_plural = _("statements")

    def __str__(self) -> str:
        return f"{self.account_id} {self.first} {self.last}"


class NettingState(models.TextChoices):
    """How far a netting is."""

    PROPOSED = "proposed", _("proposed")
    ACCEPTED = "accepted", _("accepted")
    DROPPED = "dropped", _("dropped")


class Netting(OrgRow):
    """A proposal of the fewest transfers after which all accounts of a cooperative are even."""

    resource: ClassVar = Resource.ACCOUNT
    self_paths: ClassVar = ("transfers__payer__person", "transfers__payee__person")

    state = models.CharField(max_length=10, choices=NettingState.choices, default=NettingState.PROPOSED)
    accounts = models.PositiveIntegerField(default=0)  # that were not even
    digest = models.CharField(max_length=64)  # of the balances: accepted only while they are what they were

    class Meta:
        ordering = ("-pk",)
        verbose_name = _("netting")
        verbose_name_plural = _("nettings")

    def __str__(self) -> str:
        return f"{self.pk} {self.state}"


class TransferState(models.TextChoices):
    """How far one transfer is."""

    OPEN = "open", pgettext_lazy("bill", "open")
    PAID = "paid", _("paid")


class NettingTransfer(models.Model):
    """One payment of a netting; posted once when it is paid."""

    netting = models.ForeignKey(Netting, on_delete=models.CASCADE, related_name="transfers")
    payer = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    payee = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    amount_fen = models.BigIntegerField(_("fen"))
    state = models.CharField(max_length=6, choices=TransferState.choices, default=TransferState.OPEN)
    agreed = models.JSONField(default=dict)  # account id -> who said yes and when
    paid_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("pk",)
        verbose_name = _("transfer")
        verbose_name_plural = _("transfers")

    def __str__(self) -> str:
        return f"{self.payer_id} {self.payee_id} {self.amount_fen}"


class PaymentState(models.TextChoices):
    """How far a payment is."""

    ASKED = "asked", pgettext_lazy("payment", "asked for")
    PAID = "paid", _("paid")
    FAILED = "failed", _("failed")


class Payment(OrgRow):
    """Money that goes between a party and the cooperative's own bank account, by a provider or a bank's list."""

    resource: ClassVar = Resource.ACCOUNT
    self_paths: ClassVar = ("account__person",)

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="payments")
    provider = models.CharField(_("provider"), max_length=20)
    ref = models.CharField(_("reference"), max_length=80)  # the provider's; it counts once
    amount_fen = models.BigIntegerField(_("fen"))
    state = models.CharField(max_length=8, choices=PaymentState.choices, default=PaymentState.ASKED)
    paid_at = models.DateTimeField(null=True)
    about = models.CharField(_("for"), max_length=60, blank=True)  # the order of a deposit; none: what is owed
    url = models.CharField(max_length=200, blank=True)  # what its QR code carries

    class Meta:
        ordering = ("-pk",)
        constraints: ClassVar = [models.UniqueConstraint(fields=("org", "provider", "ref"), name="payment_once")]
        verbose_name = _("payment")
        verbose_name_plural = _("payments")

    def __str__(self) -> str:
        return f"{self.provider} {self.ref}"
