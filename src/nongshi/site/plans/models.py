"""Seasons that organisations plan together, their plans, and what follows from a published one."""

import zlib
from collections.abc import Iterable, Mapping
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from nongshi.site.base.models import Org, Person
from nongshi.site.base.rights import Resource
from nongshi.site.base.rows import OrgRow
from nongshi.site.jobs.models import FieldJob
from nongshi.site.register.models import Machine, Operator


class Season(OrgRow):
    """A horizon of days that some organisations plan together; `org` leads it.

    Each organisation joins by its own word (`SeasonMember.agreed`); the plan of all is made from the rows of those that
    agreed, and each sees of it its own jobs and the routes of its own and borrowed machines.
    """

    resource: ClassVar = Resource.SEASON
    org_paths: ClassVar = ("org_id", "members__org_id")

    name = models.CharField(_("name"), max_length=80)
    zone = models.CharField(_("time zone"), max_length=40, default="Asia/Shanghai")
    start_date = models.DateField(_("first day"))
    horizon_days = models.PositiveSmallIntegerField(_("days"), default=14)
    detour = models.FloatField(_("road to straight line"), default=1.3)
    head = models.JSONField(default=dict)  # machine classes, rates, work days, loss curves of the region folder
    generated = models.BooleanField(_("generated"), default=False)

    class Meta:
        ordering = ("-start_date",)
        verbose_name = _("season")
        verbose_name_plural = _("seasons")

    def __str__(self) -> str:
        return self.name


class SeasonMember(models.Model):
    """An organisation in a season."""

    season = models.ForeignKey(Season, on_delete=models.CASCADE, related_name="members")
    org = models.ForeignKey(Org, on_delete=models.PROTECT, related_name="+")
    agreed = models.BooleanField(_("plans with the others"), default=False)
    agreed_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=("season", "org"), name="member_once")]

    def __str__(self) -> str:
        return f"{self.org} {self.season}"

    @classmethod
    def led_by(cls, org_ids: Iterable[int]) -> Mapping[int, frozenset[int]]:
        """By leading organisation: those that agreed to one of its seasons."""
        rows = cls.objects.filter(season__org_id__in=list(org_ids), agreed=True).values_list("season__org_id", "org_id")
        found: dict[int, set[int]] = {}
        for lead, org_id in rows:
            found.setdefault(lead, set()).add(org_id)
        return {lead: frozenset(ids) for lead, ids in found.items()}


class PlanState(models.TextChoices):
    """Drafts are worked on; one plan of a season is in force."""

    DRAFT = "draft", _("draft")
    PUBLISHED = "published", _("published")
    OLD = "old", _("replaced")


class PlanRow(OrgRow):
    """One plan of a season: plan.json as it is, packed, with the figures to list it by."""

    resource: ClassVar = Resource.PLAN
    org_paths: ClassVar = ("org_id", "season__members__org_id")

    season = models.ForeignKey(Season, on_delete=models.CASCADE, related_name="plans")
    number = models.PositiveIntegerField(_("number"))
    state = models.CharField(_("state"), max_length=10, choices=PlanState.choices, default=PlanState.DRAFT)
    title = models.CharField(_("title"), max_length=120, blank=True)
    packed = models.BinaryField()
    objective_fen = models.BigIntegerField(default=0)
    jobs_served = models.PositiveIntegerField(default=0)
    jobs_unserved = models.PositiveIntegerField(default=0)
    figures = models.JSONField(default=dict)
    pins = models.JSONField(default=dict)  # as plans.pins says
    made_from = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="+")
    made_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    published_at = models.DateTimeField(null=True)
    undo = models.JSONField(default=list)  # steps back, newest last: {"step": PlanStep, "what", "by", "at", ...}
    redo = models.JSONField(default=list)

    class Meta:
        ordering = ("-number",)
        constraints: ClassVar = [models.UniqueConstraint(fields=("season", "number"), name="plan_number_once")]
        verbose_name = _("plan")
        verbose_name_plural = _("plans")

    def __str__(self) -> str:
        return f"{self.season} {self.number}"

    @property
    def text(self) -> str:
        """plan.json."""
        return zlib.decompress(bytes(self.packed)).decode()

    @text.setter
    def text(self, value: str) -> None:
        self.packed = zlib.compress(value.encode(), 6)


class PlanStep(models.Model):
    """The plan on the other side of one change: before it while the change stands, behind it once it is undone."""

    plan = models.ForeignKey(PlanRow, on_delete=models.CASCADE, related_name="steps")
    packed = models.BinaryField()
    pins = models.JSONField(default=dict)
    figures = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.plan_id} {self.pk}"


class OrderState(models.TextChoices):
    """How far a work order is."""

    ISSUED = "issued", _("issued")
    STARTED = "started", _("started")
    DONE = "done", _("done")
    PROBLEM = "problem", _("problem")
    WITHDRAWN = "withdrawn", _("withdrawn")


class WorkOrder(OrgRow):
    """A job's part assigned to machine, operator and hours; `org` is the job's."""

    resource: ClassVar = Resource.WORK_ORDER
    org_paths: ClassVar = ("org_id", "machine__org_id", "operator__org_id")
    self_paths: ClassVar = ("operator__person", "machine__owner", "job__grower")

    plan = models.ForeignKey(PlanRow, on_delete=models.PROTECT, related_name="orders")
    job = models.ForeignKey(FieldJob, on_delete=models.PROTECT, related_name="orders")
    part = models.PositiveSmallIntegerField(default=1)
    machine = models.ForeignKey(Machine, on_delete=models.PROTECT, related_name="orders")
    operator = models.ForeignKey(Operator, null=True, on_delete=models.PROTECT, related_name="orders")
    area_ha = models.FloatField()
    km = models.FloatField(default=0.0)
    start = models.DateTimeField(db_index=True)
    end = models.DateTimeField()
    state = models.CharField(max_length=10, choices=OrderState.choices, default=OrderState.ISSUED)
    began_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=300, blank=True)
    photo = models.FileField(upload_to="orders/", blank=True)

    class Meta:
        ordering = ("start", "pk")
        indexes: ClassVar = [models.Index(fields=("machine", "start")), models.Index(fields=("operator", "start"))]
        verbose_name = _("work order")
        verbose_name_plural = _("work orders")

    def __str__(self) -> str:
        return f"{self.job} {self.machine} {self.start:%m-%d %H:%M}"


class Report(models.Model):
    """What an operator's phone reported; its key makes it count once, however often it is sent."""

    key = models.CharField(max_length=60, unique=True)
    digest = models.CharField(max_length=64, editable=False, default="")  # of what was said under this key
    org = models.ForeignKey(Org, null=True, on_delete=models.PROTECT, related_name="+")  # whose dispatchers see to it
    order = models.ForeignKey(
        WorkOrder, null=True, on_delete=models.CASCADE, related_name="reports"
    )  # None: a bare SOS
    by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    kind = models.CharField(max_length=12)  # start, done, problem, sos
    at = models.DateTimeField()  # when it happened: the phone's time, mended where its clock was wrong
    said_at = models.DateTimeField(null=True)  # as the phone said
    received = models.DateTimeField(auto_now_add=True)
    data = models.JSONField(default=dict)
    photo = models.FileField(upload_to="reports/", blank=True)
    flag = models.CharField(max_length=12, blank=True)  # withdrawn, reassigned, cancelled: it moved nothing
    cleared_at = models.DateTimeField(null=True)  # a dispatcher has seen to it

    class Meta:
        ordering = ("at", "said_at", "pk")

    def __str__(self) -> str:
        return f"{self.kind} {self.order_id}"


class Notice(OrgRow):
    """Something that a person is told."""

    resource: ClassVar = Resource.NOTICE
    self_paths: ClassVar = ("person",)

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="notices")
    about = models.CharField(max_length=60)  # job:12
    text = models.TextField()
    text_en = models.TextField(blank=True)
    sent_at = models.DateTimeField(null=True)
    sender = models.CharField(max_length=20, blank=True)
    read_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return self.text[:40]
