"""Field jobs as the site keeps them."""

from typing import ClassVar

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from nongshi.site.base.models import Person
from nongshi.site.base.rights import Resource
from nongshi.site.base.rows import OrgRow
from nongshi.site.register.models import Field


class JobStatus(models.TextChoices):
    """How far a job is."""

    POSTED = "posted", _("posted")
    PLANNED = "planned", _("planned")
    WORKING = "working", _("in work")
    DONE = "done", _("done")
    CONFIRMED = "confirmed", _("confirmed")
    DISPUTED = "disputed", _("disputed")
    CANCELLED = "cancelled", _("cancelled")


OPEN_STATUSES = (JobStatus.POSTED, JobStatus.PLANNED, JobStatus.WORKING)  # what a plan is made for
KNOWN_STATUSES = (*OPEN_STATUSES, JobStatus.DONE, JobStatus.CONFIRMED, JobStatus.DISPUTED)  # what an old plan may name


class FieldJob(OrgRow):
    """One operation wanted on one field, and who said so. `org` serves it."""

    resource: ClassVar = Resource.JOB
    self_paths: ClassVar = ("grower",)

    ref = models.CharField(_("number"), max_length=40)
    field = models.ForeignKey(Field, on_delete=models.PROTECT, related_name="jobs", verbose_name=_("field"))
    grower = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="jobs")
    operation = models.CharField(_("operation"), max_length=40)
    area_ha = models.FloatField(_("area, ha"), validators=[MinValueValidator(0.0001)])
    open = models.DateTimeField(_("earliest start"))
    due = models.DateTimeField(_("best before"))
    close = models.DateTimeField(_("latest end"))
    value_fen = models.BigIntegerField(_("value, fen"))
    loss_curve = models.CharField(_("loss curve"), max_length=40)
    part_max_ha = models.FloatField(_("largest part, ha"), null=True, blank=True)
    after = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="followers")
    after_h = models.FloatField(_("pause after it, h"), default=0.0)
    wet_t = models.FloatField(_("wet grain, t"), null=True, blank=True)
    status = models.CharField(_("status"), max_length=12, choices=JobStatus.choices, default=JobStatus.POSTED)
    said_by = models.CharField(_("said by"), max_length=80, blank=True)  # where a clerk stood in for somebody
    posted_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    note = models.CharField(_("note"), max_length=300, blank=True)
    urgent = models.BooleanField(_("urgent"), default=False)
    stars = models.PositiveSmallIntegerField(_("stars"), null=True, blank=True)
    dispute = models.CharField(_("what is wrong"), max_length=300, blank=True)
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, editable=False)
    measured_ha = models.FloatField(
        _("measured area, ha"), null=True, editable=False
    )  # from tracks; None: not measured
    measure = models.JSONField(default=dict, editable=False)  # of tracks: low_ha, high_ha, overlap_ha, skip_ha, why
    picture = models.FileField(_("picture of the work"), upload_to="measures/", blank=True, editable=False)  # SVG
    pool = models.CharField(_("round"), max_length=40, blank=True, db_index=True)  # jobs of one round carry the same
    generated = models.BooleanField(_("generated"), default=False)

    class Meta:
        ordering = ("due", "ref")
        constraints: ClassVar = [models.UniqueConstraint(fields=("org", "ref"), name="job_ref_once")]
        indexes: ClassVar = [models.Index(fields=("org", "status", "due"))]
        verbose_name = _("field job")
        verbose_name_plural = _("field jobs")

    def __str__(self) -> str:
        return self.ref
