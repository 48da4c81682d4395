"""Long work and how far it is."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from nongshi.site.base.models import Person
from nongshi.site.base.rights import Resource
from nongshi.site.base.rows import OrgRow


class RunState(models.TextChoices):
    """Where a run stands."""

    QUEUED = "queued", _("waiting")
    RUNNING = "running", _("running")
    DONE = "done", _("done")
    FAILED = "failed", _("failed")
    CANCELLED = "cancelled", _("cancelled")


class Run(OrgRow):
    """One piece of long work: what is to be done, how far it is, what came of it."""

    resource: ClassVar = Resource.RUN

    kind = models.CharField(max_length=30)
    given = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=RunState.choices, default=RunState.QUEUED, db_index=True)
    share = models.FloatField(default=0.0)  # 0..1
    words = models.CharField(max_length=200, blank=True)
    result = models.JSONField(default=dict)
    fault = models.TextField(blank=True)
    cancel = models.BooleanField(default=False)
    tries = models.PositiveSmallIntegerField(default=0)
    by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    beat = models.DateTimeField(null=True)  # the worker's last sign of life
    ended = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-pk",)
        verbose_name = _("run")
        verbose_name_plural = _("runs")

    def __str__(self) -> str:
        return f"{self.kind} {self.pk} {self.state}"
