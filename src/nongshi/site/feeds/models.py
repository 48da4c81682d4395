"""What is sent out: calendars by a secret address, webhooks and their deliveries, and how far a notice's sending is."""

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from nongshi.site.base import crypt
from nongshi.site.base.models import Event, Person
from nongshi.site.base.rights import Resource
from nongshi.site.base.rows import OrgRow
from nongshi.site.plans.models import Notice
from nongshi.site.register.models import Machine

SECRET_COLUMN = "feeds.webhook.secret"


class CalendarKind(models.TextChoices):
    """Whose work a calendar shows."""

    FARMER = "farmer", _("work on my fields")
    OPERATOR = "operator", _("an operator's work")
    MACHINE = "machine", _("a machine's work")


class CalendarFeed(OrgRow):
    """A calendar that programs take by its secret address; only the address's digest is kept.

    It shows what `person` may see, as long as they may: with the role the calendar ends.
    """

    resource: ClassVar = Resource.CALENDAR
    self_paths: ClassVar = ("person", "made_by")

    kind = models.CharField(_("what it shows"), max_length=10, choices=CalendarKind.choices)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="calendars")
    machine = models.ForeignKey(Machine, null=True, on_delete=models.CASCADE, related_name="calendars")
    made_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    expires = models.DateTimeField()
    revoked = models.DateTimeField(null=True)
    used = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-pk",)
        verbose_name = _("calendar")
        verbose_name_plural = _("calendars")

    def __str__(self) -> str:
        return str(self.machine if self.kind == CalendarKind.MACHINE else self.person)


class Webhook(OrgRow):
    """An address of another program that is told what happens in an organisation."""

    resource: ClassVar = Resource.WEBHOOK

    name = models.CharField(_("name"), max_length=60)
    url = models.URLField(_("address"), max_length=300)
    kinds = models.JSONField(_("events about"), default=list)  # words of KINDS
    below = models.BooleanField(_("organisations below, too"), default=False)
    active = models.BooleanField(_("active"), default=True)
    secret_sealed = models.TextField(editable=False, blank=True)
    made_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    gone = models.DateTimeField(null=True)  # taken back

    class Meta:
        ordering = ("name", "pk")
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")

    def __str__(self) -> str:
        return self.name

    def set_secret(self, secret: str) -> None:
        """Keep the signing secret, encrypted and bound to this (saved) row."""
        self.secret_sealed = crypt.encrypt(secret, bound_to=f"{SECRET_COLUMN}.{self.pk}")

    @property
    def secret(self) -> str:
        """The signing secret in clear."""
        return crypt.decrypt(self.secret_sealed, bound_to=f"{SECRET_COLUMN}.{self.pk}")


class DeliveryState(models.TextChoices):
    """Where a delivery stands."""

    WAITING = "waiting", _("waiting")
    SENT = "sent", _("delivered")
    DEAD = "dead", _("given up")


class Delivery(models.Model):
    """One event for one webhook; its id goes along with every try, so that a receiver knows it again."""

    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries")
    event = models.ForeignKey(Event, null=True, on_delete=models.PROTECT, related_name="+")  # None: a test
    message_id = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=40)
    body = models.TextField()
    state = models.CharField(max_length=8, choices=DeliveryState.choices, default=DeliveryState.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    next_try = models.DateTimeField(default=timezone.now)
    status = models.PositiveSmallIntegerField(null=True)  # the receiver's last answer
    error = models.CharField(max_length=200, blank=True)
    created = models.DateTimeField(default=timezone.now, db_index=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-pk",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("webhook", "event"), name="delivery_once"),
        ]
        indexes: ClassVar = [models.Index(fields=("state", "next_try"))]

    def __str__(self) -> str:
        return f"{self.kind} {self.message_id}"


class Sending(models.Model):
    """How far the sending of a notice is; no row: not tried yet."""

    notice = models.OneToOneField(Notice, on_delete=models.CASCADE, related_name="sending")
    tries = models.PositiveSmallIntegerField(default=0)
    next_try = models.DateTimeField(default=timezone.now, db_index=True)
    dead = models.BooleanField(default=False)
    error = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return f"notice {self.notice_id}: {self.tries}"
