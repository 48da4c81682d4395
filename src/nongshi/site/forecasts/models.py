"""Forecasts as they were made, the season folders they come from, and what-ifs asked of them."""

import zlib
from functools import cached_property
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from nongshi.site.base.models import Person
from nongshi.site.base.rights import Resource
from nongshi.site.base.rows import OrgRow, ScopedQuerySet
from nongshi.site.base.scope import Scope
from nongshi.site.forecasts.season_json import SeasonDoc, WhatIfDoc


class SeasonFolder(OrgRow):
    """A season folder (docs/formats.md) as a zip: what forecasts of a district or town are made from."""

    resource: ClassVar = Resource.FORECAST

    name = models.CharField(_("name"), max_length=120)
    data = models.BinaryField()
    generated = models.BooleanField(_("generated"), default=False)
    by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ("-pk",)
        verbose_name = _("season folder")
        verbose_name_plural = _("season folders")

    def __str__(self) -> str:
        return self.name


class Source(models.TextChoices):
    """Where a forecast comes from."""

    WORKER = "worker", _("made here")
    FILE = "file", _("from a file")
    API = "api", _("by the API")


class Forecast(OrgRow):
    """One season.json as it is, packed, with the figures to list it by; later rows never change it."""

    resource: ClassVar = Resource.FORECAST

    region = models.CharField(_("region"), max_length=80)
    as_of = models.DateField(_("made with what was known on"))
    first_day = models.DateField(_("first day"))
    weeks = models.PositiveSmallIntegerField(_("weeks"))
    scenarios = models.PositiveIntegerField(_("scenarios"))
    generated = models.BooleanField(_("generated"), default=False)
    source = models.CharField(_("source"), max_length=8, choices=Source.choices)
    packed = models.BinaryField()
    folder = models.ForeignKey(SeasonFolder, null=True, on_delete=models.SET_NULL, related_name="forecasts")
    by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ("-as_of", "-pk")
        verbose_name = _("forecast")
        verbose_name_plural = _("forecasts")

    def __str__(self) -> str:
        return f"{self.region} {self.as_of}"

    @property
    def text(self) -> str:
        """season.json."""
        return zlib.decompress(self.packed).decode()

    @text.setter
    def text(self, text: str) -> None:
        self.packed = zlib.compress(text.encode(), 6)

    @cached_property
    def doc(self) -> SeasonDoc:
        """The document; it was checked when it was kept."""
        return SeasonDoc.model_validate_json(self.text)


class WhatIfQuery(ScopedQuerySet):
    """What-ifs: one's own, those of one's own organisation, and what was shared with those who see the forecast."""

    def seen_by(self, scope: Scope) -> Self:
        """Rows that this scope may see."""
        found = super().seen_by(scope)
        if scope.everything:
            return found
        own = scope.orgs(Resource.FORECAST, change=True)
        return found.filter(Q(shared=True) | Q(org_id__in=own))


class WhatIf(OrgRow):
    """Cases asked of a forecast and, once the worker is through, what came of them side by side."""

    resource: ClassVar = Resource.FORECAST

    forecast = models.ForeignKey(Forecast, on_delete=models.CASCADE, related_name="whatifs")
    name = models.CharField(_("name"), max_length=80)
    cases = models.JSONField(default=list)  # as asked: {"name", "changes": [...]}
    result = models.JSONField(default=dict)  # whatif.json; empty while it is being made
    run_id = models.BigIntegerField(null=True)
    shared = models.BooleanField(_("shown to all who see the forecast"), default=False)
    by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")

    objects = WhatIfQuery.as_manager()

    class Meta:
        ordering = ("-pk",)
        verbose_name = _("what-if")
        verbose_name_plural = _("what-ifs")

    def __str__(self) -> str:
        return self.name

    @cached_property
    def doc(self) -> WhatIfDoc | None:
        """The cases with their intervals; None while they are being made."""
        return WhatIfDoc.model_validate(self.result) if self.result else None
