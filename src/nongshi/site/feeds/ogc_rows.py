"""The collections: which rows, which filters, and each row as a GeoJSON feature. Nothing that names a person."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import shapely
from django.db.models import Max, Min, Q
from django.utils.translation import gettext_lazy as _

from nongshi.site.base.geometry import DECIMALS
from nongshi.site.base.models import Org, OrgKind
from nongshi.site.feeds.ogc_filters import (
    any_of,
    by_choice,
    by_number,
    by_town,
    by_word,
    by_yes,
    field_in,
    job_span,
    machine_span,
    machines_in,
)
from nongshi.site.feeds.ogc_query import Box, Query, Span
from nongshi.site.feeds.positions import find_places
from nongshi.site.jobs.models import FieldJob, JobStatus
from nongshi.site.register.models import Field, Machine

Feature = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection:
    """One collection of features."""

    id: str
    title: Any
    description: Any
    model: Any
    related: tuple[str, ...]
    filters: Mapping[str, Callable[[str], Q]]
    in_boxes: Callable[[Sequence[Box]], Q]
    in_span: Callable[[Span], Q] | None  # None: rows without a time
    features: Callable[[Sequence[Any]], list[Feature]]
    extent: Callable[[Any], Mapping[str, Any]]  # of a query: west, south, east, north, since, until
    schemas: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)  # of filters that are no plain words

    def rows(self, scope: Any, query: Query) -> Any:
        """The rows in sight that are asked for, in a lasting order."""
        found = self.model.objects.seen_by(scope)
        if query.boxes:
            found = found.filter(self.in_boxes(query.boxes))
        if query.span is not None and self.in_span is not None:
            found = found.filter(self.in_span(query.span))
        for name, value in query.filters.items():
            found = found.filter(self.filters[name](value))
        return found.order_by("pk")

    def page(self, found: Any, query: Query) -> list[Feature]:
        """One page of features."""
        return self.features(list(found.select_related(*self.related)[query.offset : query.offset + query.limit]))


def _field_extent(found: Any) -> Mapping[str, Any]:
    return found.aggregate(west=Min("gate_lon"), south=Min("gate_lat"), east=Max("gate_lon"), north=Max("gate_lat"))


def _job_extent(found: Any) -> Mapping[str, Any]:
    at = {"west": Min("field__gate_lon"), "south": Min("field__gate_lat"), "east": Max("field__gate_lon")}
    return found.aggregate(**at, north=Max("field__gate_lat"), since=Min("open"), until=Max("close"))


def _machine_extent(found: Any) -> Mapping[str, Any]:
    return found.aggregate(west=Min("yard_lon"), south=Min("yard_lat"), east=Max("yard_lon"), north=Max("yard_lat"))


def point(lon: float, lat: float) -> dict[str, Any]:
    """A GeoJSON point."""
    return {"type": "Point", "coordinates": [round(lon, DECIMALS), round(lat, DECIMALS)]}


def outline(row: Field) -> dict[str, Any]:
    """The field's outline, its gate where no outline is known."""
    shape = row.geometry
    if shape is None:
        return point(row.gate_lon, row.gate_lat)
    said = shapely.geometry.mapping(shape)
    return {"type": said["type"], "coordinates": _rounded(said["coordinates"])}


def _rounded(coordinates: Any) -> Any:
    if isinstance(coordinates[0], float | int):
        return [round(float(number), DECIMALS) for number in coordinates[:2]]
    return [_rounded(part) for part in coordinates]


def towns_of(rows: Iterable[Any]) -> Mapping[int, str]:
    """The town that each organisation lies in, by its id; asked once a page."""
    orgs = {row.org.pk: row.org for row in rows}
    above = {pk for org in orgs.values() for pk in org.lineage}
    towns = dict(Org.objects.filter(pk__in=above, kind=OrgKind.TOWN).values_list("pk", "name"))
    return {pk: next((towns[one] for one in reversed(org.lineage) if one in towns), "") for pk, org in orgs.items()}


def _feature(row: Any, geometry: Mapping[str, Any], town: str, **said: Any) -> Feature:
    common = {"ref": row.ref, "org": row.org.code, "org_name": row.org.name, "town": town}
    properties = common | said | {"generated": row.generated, "version": row.version}
    return {"type": "Feature", "id": row.pk, "geometry": geometry, "properties": properties}


def _fields(rows: Sequence[Field]) -> list[Feature]:
    towns = towns_of(rows)
    return [
        _feature(
            row, outline(row), towns[row.org_id], name=row.name, place=row.place, area_ha=row.area_ha, crop=row.crop,
            variety=row.variety, gate=[round(row.gate_lon, DECIMALS), round(row.gate_lat, DECIMALS)],
        )
        for row in rows
    ]  # fmt: skip


def _jobs(rows: Sequence[FieldJob]) -> list[Feature]:
    towns = towns_of(rows)
    return [
        _feature(
            row, outline(row.field), towns[row.org_id], field=row.field_id, field_name=row.field.name,
            operation=row.operation, status=row.status, area_ha=row.area_ha, measured_ha=row.measured_ha,
            open=_at(row.open), due=_at(row.due), close=_at(row.close), urgent=row.urgent,
        )
        for row in rows
    ]  # fmt: skip


def _machines(rows: Sequence[Machine]) -> list[Feature]:
    towns, placed = towns_of(rows), find_places(rows)
    features = []
    for row in rows:
        place = placed.get(row.pk)
        geometry = point(row.yard_lon, row.yard_lat) if place is None else point(place.lon, place.lat)
        features.append(
            _feature(
                row, geometry, towns[row.org_id], name=row.name, machine_class=row.machine_class, width_m=row.width_m,
                available_from=_at(row.available_from), available_to=_at(row.available_to),
                position_source="yard" if place is None else "terminal", position_at=place and _at(place.at),
            )
        )  # fmt: skip
    return features


def _at(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


OF_ORG = {"org": by_word("org__code"), "town": by_town}
COLLECTIONS: Mapping[str, Collection] = {
    one.id: one
    for one in (
        Collection(
            id="fields",
            title=_("Fields"),
            description=_("Parcels with their outline; where none is known, their gate."),
            model=Field,
            related=("org",),
            filters={**OF_ORG, "crop": by_word("crop"), "variety": by_word("variety"), "place": by_word("place")},
            in_boxes=lambda boxes: any_of(map(field_in, boxes)),
            in_span=None,
            features=_fields,
            extent=_field_extent,
        ),
        Collection(
            id="jobs",
            title=_("Field jobs"),
            description=_("Operations wanted on fields, each with its time window and how far it is."),
            model=FieldJob,
            related=("org", "field"),
            filters={
                **OF_ORG,
                "status": by_choice("status", JobStatus.values),
                "operation": by_word("operation"),
                "field": by_number("field_id"),
                "urgent": by_yes("urgent"),
            },
            in_boxes=lambda boxes: Q(field__in=Field.objects.filter(any_of(map(field_in, boxes)))),
            in_span=job_span,
            features=_jobs,
            extent=_job_extent,
            schemas={
                "status": {"type": "string", "enum": JobStatus.values},
                "field": {"type": "integer", "minimum": 0},
                "urgent": {"type": "boolean"},
            },
        ),
        Collection(
            id="machines",
            title=_("Machines"),
            description=_("Machines at their last position; where no terminal reported one, at their yard."),
            model=Machine,
            related=("org",),
            filters={**OF_ORG, "machine_class": by_word("machine_class")},
            in_boxes=machines_in,
            in_span=machine_span,
            features=_machines,
            extent=_machine_extent,
        ),
    )
}
