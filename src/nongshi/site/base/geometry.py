"""Outlines as WKB with a bounding box beside them: the same on SQLite and PostgreSQL, no system library."""

from typing import Any, Self

import shapely
from django.db import models
from django.db.models import Q

DECIMALS = 7  # about a centimetre


class Outlined(models.Model):
    """A row with an outline (WGS 84) that can be found by box."""

    outline = models.BinaryField(null=True, blank=True)  # WKB
    min_lon = models.FloatField(null=True, editable=False, db_index=True)
    min_lat = models.FloatField(null=True, editable=False)
    max_lon = models.FloatField(null=True, editable=False)
    max_lat = models.FloatField(null=True, editable=False)

    class Meta:
        abstract = True

    @property
    def geometry(self) -> Any | None:
        """The outline as a shapely geometry; None: not known."""
        return None if self.outline is None else shapely.from_wkb(bytes(self.outline))

    def set_geometry(self, geometry: Any | None) -> Self:
        """Keep an outline and its box."""
        if geometry is None or geometry.is_empty:
            self.outline = self.min_lon = self.min_lat = self.max_lon = self.max_lat = None
        else:
            self.outline = shapely.to_wkb(shapely.set_precision(geometry, 10**-DECIMALS, mode="pointwise"))
            self.min_lon, self.min_lat, self.max_lon, self.max_lat = geometry.bounds
        return self


def in_box(west: float, south: float, east: float, north: float) -> Q:
    """Rows whose box meets the given one."""
    return Q(max_lon__gte=west, min_lon__lte=east, max_lat__gte=south, min_lat__lte=north)
