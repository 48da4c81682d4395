"""Who there is: organisations in a tree, people, their roles, their keys to the API, and what everybody did."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from nongshi.site.base import crypt
from nongshi.site.base.rights import Resource, RoleKind
from nongshi.site.base.rows import OrgRow

ID_COLUMN = "base.person.id_number"


class User(AbstractUser):
    """A login. What somebody may do hangs on the person, not on the login."""

    class Meta:
        verbose_name = _("login")
        verbose_name_plural = _("logins")


class OrgKind(models.TextChoices):
    """Levels of the tree."""

    PROVINCE = "province", _("province")
    DISTRICT = "district", _("district")
    TOWN = "town", _("town")
    COOP = "coop", _("cooperative")
    FARM = "farm", _("farm")


class Org(models.Model):
    """A province, district, town, cooperative or farm."""

    kind = models.CharField(_("kind"), max_length=12, choices=OrgKind.choices)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    code = models.CharField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=80)
    name_en = models.CharField(_("English name"), max_length=80, blank=True)
    path = models.CharField(max_length=200, editable=False, db_index=True, default="/")  # /1/4/9/: itself last
    generated = models.BooleanField(_("generated"), default=False)
    phone = models.CharField(_("phone"), max_length=20, blank=True)  # whom operators and farmers ring up

    class Meta:
        ordering = ("path",)
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")

    def __str__(self) -> str:
        return self.name_en if self.name_en and (get_language() or "").startswith("en") else self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the path from the root."""
        super().save(*args, **kwargs)
        path = f"{self.parent.path if self.parent else '/'}{self.pk}/"
        if path != self.path:
            self.path = path
            super().save(update_fields=["path"])

    @property
    def lineage(self) -> list[int]:
        """Ids from the root to itself."""
        return [int(part) for part in self.path.split("/") if part]


class Person(OrgRow):
    """Somebody, at home in one organisation; with or without a login."""

    resource: ClassVar = Resource.PERSON
    self_paths: ClassVar = ("pk",)

    user = models.OneToOneField(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="person")
    name = models.CharField(_("name"), max_length=60)
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    id_sealed = models.TextField(blank=True, editable=False)
    id_digest = models.CharField(max_length=40, blank=True, editable=False, db_index=True)
    language = models.CharField(_("language"), max_length=8, default="zh-hans")
    tracks_consent_at = models.DateTimeField(_("consent to positions"), null=True, blank=True)
    generated = models.BooleanField(_("generated"), default=False)

    class Meta:
        ordering = ("name",)
        verbose_name = _("person")
        verbose_name_plural = _("people")

    def __str__(self) -> str:
        return self.name

    def set_id_number(self, number: str) -> None:
        """Keep an ID number, encrypted and bound to this (saved) person."""
        self.id_sealed = crypt.encrypt(number, bound_to=f"{ID_COLUMN}.{self.pk}") if number else ""
        self.id_digest = crypt.digest(number) if number else ""

    @property
    def id_number(self) -> str:
        """The ID number in clear; screens show `id_masked`."""
        return crypt.decrypt(self.id_sealed, bound_to=f"{ID_COLUMN}.{self.pk}") if self.id_sealed else ""

    @property
    def id_masked(self) -> str:
        """The ID number as a screen may show it."""
        return crypt.masked(self.id_number)


class Role(models.Model):
    """What somebody is in an organisation, from when to when."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="roles")
    org = models.ForeignKey(Org, on_delete=models.CASCADE, related_name="roles")
    kind = models.CharField(_("role"), max_length=12, choices=[(kind.value, kind.value) for kind in RoleKind])
    since = models.DateField(_("from"), null=True, blank=True)
    until = models.DateField(_("to"), null=True, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=("person", "org", "kind"), name="role_once")]
        verbose_name = _("role")
        verbose_name_plural = _("roles")

    def __str__(self) -> str:
        return f"{self.person} {self.kind} {self.org}"


class Event(models.Model):
    """One act that somebody did; only ever added."""

    at = models.DateTimeField(default=timezone.now, db_index=True)
    org = models.ForeignKey(Org, null=True, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    name = models.CharField(max_length=40, db_index=True)  # JobPosted, PlanPublished, ...
    about = models.CharField(max_length=60, db_index=True)  # job:12
    data = models.JSONField(default=dict)

    class Meta:
        ordering = ("-id",)
        verbose_name = _("act")
        verbose_name_plural = _("acts")

    def __str__(self) -> str:
        return f"{self.name} {self.about}"


class Seal(models.Model):
    """The place of an act in the chain of hashes (`base/audit.py`); stands alone, so that an act that is gone shows."""

    seq = models.BigIntegerField(primary_key=True)  # 1, 2, 3 ...: the order in which acts were found committed
    number = models.BigIntegerField(unique=True)  # the act's id
    by = models.BigIntegerField(null=True)  # who did it, also when the person's row is gone
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ("seq",)

    def __str__(self) -> str:
        return f"{self.seq} {self.hash[:12]}"


class ApiToken(models.Model):
    """A key to the API; only its digest is kept."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=60)
    digest = models.CharField(max_length=64, unique=True)
    rights = models.CharField(max_length=200, default="read")  # words with commas: read, write, plan, ...
    created = models.DateTimeField(default=timezone.now)
    used = models.DateTimeField(null=True)
    expires = models.DateTimeField(null=True)
    revoked = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class SignedLink(models.Model):
    """A way in without a password: a link or its QR code, for one person, one purpose, until it expires."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="links")
    digest = models.CharField(max_length=64, unique=True)
    purpose = models.CharField(max_length=20)  # farmer, cab, trainee
    created = models.DateTimeField(default=timezone.now)
    expires = models.DateTimeField()
    revoked = models.DateTimeField(null=True)
    used = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.purpose} {self.person}"


class Answered(models.Model):
    """The answer to a request that carried an idempotency key: the same request again gets it again."""

    person = models.ForeignKey(Person, null=True, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=80)
    request_digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)  # None: in flight
    body = models.BinaryField(null=True)
    content_type = models.CharField(max_length=80, blank=True)
    created = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=("person", "key"), name="answered_once")]

    def __str__(self) -> str:
        return self.key
