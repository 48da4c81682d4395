"""What a district wants made by itself or shown to everybody, and the reports that were made."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from nongshi.site.base.models import Org
from nongshi.site.base.rights import Resource
from nongshi.site.base.rows import OrgRow
from nongshi.site.plans.models import Season


class OfficerSettings(models.Model):
    """What one organisation switched on or off: the morning report is on until somebody says no, open data off."""

    org = models.OneToOneField(Org, on_delete=models.CASCADE, related_name="officer_settings")
    morning_report = models.BooleanField(_("make the daily report each morning"), default=True)
    open_data = models.BooleanField(_("open data for everybody"), default=False)

    class Meta:
        verbose_name = _("settings of a district")
        verbose_name_plural = _("settings of districts")

    def __str__(self) -> str:
        return str(self.org)


class KeptReport(OrgRow):
    """A report as it was made; later rows do not change it."""

    resource: ClassVar = Resource.SEASON

    season = models.ForeignKey(Season, on_delete=models.CASCADE, related_name="+")
    day = models.DateField(_("day"))
    days = models.PositiveSmallIntegerField(_("days"))  # 1: daily, 7: weekly
    language = models.CharField(_("language"), max_length=8)
    file = models.FileField(_("file"), upload_to="season-reports/")
    morning = models.BooleanField(_("made by itself"), default=False)

    class Meta:
        ordering = ("-day", "-pk")
        verbose_name = _("report")
        verbose_name_plural = _("reports")

    def __str__(self) -> str:
        return f"{self.season} {self.day}"
