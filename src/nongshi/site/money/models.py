"""Accounts, postings and their entries, price lists, closed statements, payments."""

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from nongshi.site.base.models import Person
from nongshi.site.base.rights import Resource
from nongshi.site.base.rows import OrgRow


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


class Posting(models.Model):
    """One transaction of the books; the database refuses it unless its entries sum to zero, and every change of it."""

    id = models.CharField(max_length=32, primary_key=True, default=new_id, editable=False)
    about = models.CharField(max_length=60)  # order:17
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
    """A version of a cooperative's price for an operation, from a day on; a newer version leaves it as it is."""

    resource: ClassVar = Resource.ACCOUNT

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


class PaymentState(models.TextChoices):
    """How far a payment is."""

    ASKED = "asked", _("asked for")
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

    class Meta:
        ordering = ("-pk",)
        constraints: ClassVar = [models.UniqueConstraint(fields=("org", "provider", "ref"), name="payment_once")]
        verbose_name = _("payment")
        verbose_name_plural = _("payments")

    def __str__(self) -> str:
        return f"{self.provider} {self.ref}"
