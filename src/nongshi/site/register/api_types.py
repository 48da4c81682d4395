"""Shapes of the register's rows in the API."""

import math
from datetime import date, datetime
from typing import Annotated, Any, ClassVar, Literal

import shapely
from ninja import Schema
from pydantic import Field, model_validator

from nongshi.core.errors import BadInput
from nongshi.site.base.api_types import (
    BodyId,
    Day,
    Flag,
    Given,
    Hectares,
    Lat,
    Lon,
    Moment,
    Number,
    Ref,
    Row,
    Shown,
    Text20,
    Text40,
    Text80,
)

CORNERS_MAX = 20_000
Point = Annotated[list[Number], Field(min_length=2, max_length=3)]
Ring = Annotated[list[Point], Field(min_length=4, max_length=CORNERS_MAX)]
Name = Annotated[str, Field(min_length=1, max_length=80)]
Tonnes = Annotated[Number, Field(ge=0, le=100_000)]
Hours = Annotated[Number, Field(ge=0, le=24)]
NOT_EMPTY = frozenset({"org_id", "ref", "area_ha", "lon", "lat", "gate_lon", "gate_lat", "yard_lon", "yard_lat"})


class Polygon(Given):
    """An outline (GeoJSON, WGS 84: longitude, latitude)."""

    type: Literal["Polygon"]
    coordinates: Annotated[list[Ring], Field(min_length=1, max_length=100)]


class MultiPolygon(Given):
    """An outline of several pieces (GeoJSON)."""

    type: Literal["MultiPolygon"]
    coordinates: Annotated[list[Annotated[list[Ring], Field(min_length=1)]], Field(min_length=1, max_length=100)]


Outline = Annotated[Polygon | MultiPolygon, Field(discriminator="type")]


def to_shape(outline: dict[str, Any]) -> Any:
    """A sound outline.

    Raises:
        BadInput: it crosses itself, leaves the earth or has no area.
    """
    try:
        found = shapely.geometry.shape(outline)
    except (ValueError, TypeError, shapely.errors.ShapelyError) as error:
        raise BadInput(f"the outline cannot be read: {error}") from None
    west, south, east, north = found.bounds if not found.is_empty else (math.nan,) * 4
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90) or found.area <= 0:
        raise BadInput("the outline lies outside longitude -180..180, latitude -90..90, or has no area")
    if not found.is_valid:
        raise BadInput(f"the outline cannot be right: {shapely.is_valid_reason(found)}; draw it without crossings")
    return found


def to_geojson(wkb: Any) -> dict[str, Any] | None:
    """The outline as GeoJSON."""
    return None if wkb is None else shapely.geometry.mapping(shapely.from_wkb(bytes(wkb)))


class Change(Given):
    """Columns left out stay as they are."""

    @model_validator(mode="after")
    def _not_null(self) -> Any:
        wrong = sorted(
            name for name in self.model_fields_set if getattr(self, name) is None and name not in self.may_be_null()
        )
        if wrong:
            raise ValueError(f"{', '.join(wrong)}: cannot be null; leave it out, or send a value")
        return self

    @classmethod
    def may_be_null(cls) -> frozenset[str]:
        """Columns that may be emptied by null."""
        return frozenset()


class FieldOut(Row):
    """A parcel."""

    made: ClassVar = frozenset({"outline"})
    raw: ClassVar = ("outline",)

    ref: str
    name: str
    place: str
    grower_id: int | None
    area_ha: float
    gate_lon: float
    gate_lat: float
    crop: str
    variety: str
    hazards: str
    outline: Outline | None
    generated: bool

    @classmethod
    def shape(cls, row: dict[str, Any]) -> dict[str, Any]:
        """The outline as GeoJSON."""
        row["outline"] = to_geojson(row["outline"])
        return row


class FieldChange(Change):
    """What may be changed of a parcel."""

    ref: Ref | None = None
    name: Name | None = None
    place: Text80 | None = None
    grower_id: BodyId | None = None
    area_ha: Hectares | None = None
    gate_lon: Lon | None = None
    gate_lat: Lat | None = None
    crop: Text40 | None = None
    variety: Annotated[str, Field(max_length=60)] | None = None
    hazards: Annotated[str, Field(max_length=200)] | None = None
    outline: Outline | None = None

    @classmethod
    def may_be_null(cls) -> frozenset[str]:
        """A parcel may have no grower and no outline."""
        return frozenset({"grower_id", "outline"})


class FieldIn(FieldChange):
    """A new parcel."""

    org_id: BodyId
    ref: Ref
    name: Name
    area_ha: Hectares
    gate_lon: Lon
    gate_lat: Lat


class MachineOut(Row):
    """A machine and its papers."""

    ref: str
    name: str
    machine_class: str
    owner_id: int | None
    yard_lon: float
    yard_lat: float
    plate: str
    terminal: str
    width_m: float | None
    available_from: datetime | None
    available_to: datetime | None
    inspected_until: date | None
    insured_until: date | None
    permit_until: date | None
    oversize_until: date | None
    upkeep_due: date | None
    generated: bool


class MachineChange(Change):
    """What may be changed of a machine."""

    ref: Ref | None = None
    name: Text80 | None = None
    machine_class: Annotated[str, Field(min_length=1, max_length=40)] | None = None
    owner_id: BodyId | None = None
    yard_lon: Lon | None = None
    yard_lat: Lat | None = None
    plate: Text20 | None = None
    terminal: Text40 | None = None
    width_m: Annotated[Number, Field(ge=0, le=100)] | None = None
    available_from: Moment | None = None
    available_to: Moment | None = None
    inspected_until: Day | None = None
    insured_until: Day | None = None
    permit_until: Day | None = None
    oversize_until: Day | None = None
    upkeep_due: Day | None = None

    @classmethod
    def may_be_null(cls) -> frozenset[str]:
        """Papers and dates may be unknown."""
        sure = {"ref", "name", "machine_class", "yard_lon", "yard_lat", "plate", "terminal"}
        return frozenset(cls.model_fields) - sure


class MachineIn(MachineChange):
    """A new machine."""

    org_id: BodyId
    ref: Ref
    machine_class: Annotated[str, Field(min_length=1, max_length=40)]
    yard_lon: Lon
    yard_lat: Lat


class LicenceOut(Schema):
    """A licence class that an operator holds."""

    licence_class: str
    valid_until: date


class LicenceIn(Given):
    """A licence class that an operator holds."""

    licence_class: Annotated[str, Field(min_length=1, max_length=10)]
    valid_until: Day


class OperatorOut(Row):
    """Somebody who may drive."""

    ref: str
    person_id: int | None
    person_name: str | None
    hours_max: float
    shared: bool
    off_days: list[date]
    licences: list[LicenceOut]
    generated: bool

    paths: ClassVar = {"person_name": "person__name"}
    made: ClassVar = frozenset({"licences"})

    @classmethod
    def shape(cls, row: dict[str, Any]) -> dict[str, Any]:
        """With the licences."""
        from nongshi.site.register.models import Licence

        held = Licence.objects.filter(operator_id=row["id"]).order_by("licence_class")
        row["licences"] = list(held.values("licence_class", "valid_until"))
        return row


class OperatorChange(Change):
    """What may be changed of an operator; `licences` replaces all of them."""

    ref: Ref | None = None
    person_id: BodyId | None = None
    hours_max: Hours | None = None
    shared: Flag | None = None
    off_days: Annotated[list[Day], Field(max_length=400)] | None = None
    licences: Annotated[list[LicenceIn], Field(max_length=20)] | None = None

    @classmethod
    def may_be_null(cls) -> frozenset[str]:
        """An operator need not be a person of the site."""
        return frozenset({"person_id"})


class OperatorIn(OperatorChange):
    """A new operator."""

    org_id: BodyId
    ref: Ref


class YardOut(Row):
    """Where machines sleep."""

    ref: str
    name: str
    lon: float
    lat: float
    generated: bool


class YardChange(Change):
    """What may be changed of a yard."""

    ref: Ref | None = None
    name: Name | None = None
    lon: Lon | None = None
    lat: Lat | None = None


class YardIn(YardChange):
    """A new yard."""

    org_id: BodyId
    ref: Ref
    name: Name
    lon: Lon
    lat: Lat


class DryerOut(Row):
    """Takes wet grain."""

    ref: str
    name: str
    lon: float
    lat: float
    t_day: float
    hold_t: float
    generated: bool


class DryerChange(Change):
    """What may be changed of a dryer."""

    ref: Ref | None = None
    name: Text80 | None = None
    lon: Lon | None = None
    lat: Lat | None = None
    t_day: Tonnes | None = None
    hold_t: Tonnes | None = None


class DryerIn(DryerChange):
    """A new dryer."""

    org_id: BodyId
    ref: Ref
    lon: Lon
    lat: Lat
    t_day: Tonnes
    hold_t: Tonnes


class LendingOut(Row):
    """What an organisation lends to another."""

    to_id: int
    what: Literal["machine", "operator"]
    machine_id: int | None
    operator_id: int | None
    since: date
    until: date


class LendingIn(Given):
    """Machines or operators lent, all or one, from day to day."""

    org_id: BodyId
    to_id: BodyId
    what: Literal["machine", "operator"]
    machine_id: BodyId | None = None
    operator_id: BodyId | None = None
    since: Day
    until: Day


class LendingChange(Change):
    """A lending may end earlier or later."""

    since: Day | None = None
    until: Day | None = None


class CodeTableOut(Shown):
    """A table of codes with its edition and source."""

    id: int
    name: str
    edition: str
    source: str
    since: date | None


class CodeOut(Shown):
    """One code."""

    id: int
    code: str
    name: str
    name_en: str
    data: dict[str, Any]
