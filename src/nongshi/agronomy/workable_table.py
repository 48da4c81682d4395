"""What each operation can stand, and how each soil dries: one table, every number with its source."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields

from nongshi.agronomy.assumption import Assumption
from nongshi.core.errors import BadInput

DATE = "2026-11-27"
VIEIRA = (
    "rule of Vieira, Sentelhas, Pereira 2019, Agricultural Sciences 10:597 (rain 3 mm, soil 0.9 full); assumed here"
)
FIELD_NOTES = "assumption: field practice; after rain of 2-10 mm half a day, 10-25 mm 1.5 d, 25-50 mm 2.5 d, more 4 d"
UAV_NOTES = "assumption: drone makers' manuals: no rain, wind below 5 m/s, not in the heat of noon above 32 C"


@dataclass(frozen=True, slots=True, kw_only=True)
class Soil:
    """A top soil as a bucket: how much it holds, and how fast what is too much runs off."""

    id: str
    name_zh: str
    name_en: str
    holds_mm: float  # between dry and full
    drains_d: float  # share of what stands above `DRAINS_ABOVE` that leaves in a day
    source: str


DRAINS_ABOVE = 0.85  # share of full above which water drains away (VIEIRA's form)
DRIES_BELOW = 0.5  # share of full below which drying slows down
SOILS: Mapping[str, Soil] = {
    soil.id: soil
    for soil in (
        Soil(
            id="clay", name_zh="黏土", name_en="clay", holds_mm=50.0, drains_d=0.3, source="assumption: drains slowly"
        ),
        Soil(id="loam", name_zh="壤土", name_en="loam", holds_mm=40.0, drains_d=0.5, source=VIEIRA),
        Soil(
            id="sand",
            name_zh="沙土",
            name_en="sandy soil",
            holds_mm=30.0,
            drains_d=0.8,
            source="assumption: drains fast",
        ),
    )
}
DEFAULT_SOIL = "loam"


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """Between `_free` and `_stop` the hours fall in a straight line from all to none: no knife's edge decides."""

    operation: str
    from_h: float  # earliest start, hour of the day
    to_h: float  # latest end; dusk ends it earlier
    soil_free: float  # share of full soil up to which nothing is lost
    soil_stop: float  # from which no machine goes on the field; above 1: soil does not matter
    rain_free_mm: float  # rain of the day
    rain_stop_mm: float
    dew_h: float  # hours that the morning after a dewy night costs
    wind_stop_m_s: float  # wind that stops the work; 0: wind does not matter
    heat_stop_c: float  # above it the hot hours are lost; 0: heat does not matter
    source: str

    def __post_init__(self) -> None:
        """Refuse a row in which stop lies below free."""
        if not (self.from_h < self.to_h and self.soil_free < self.soil_stop and self.rain_free_mm < self.rain_stop_mm):
            raise BadInput(f"needs of {self.operation}: from_h, soil_free and rain_free_mm must lie below their ends")


def _needs(operation: str, *numbers: float, source: str) -> Needs:
    names = [one.name for one in fields(Needs)][1:-1]
    return Needs(operation=operation, source=source, **dict(zip(names, numbers, strict=True)))


# operation, from, to, soil free, soil stop, rain free, rain stop, dew hours, wind, heat
WORKABLE: Mapping[str, Needs] = {
    needs.operation: needs
    for needs in (
        _needs("rice_harvest", 8.0, 18.0, 0.80, 0.95, 0.5, 5.0, 2.0, 0.0, 0.0, source=FIELD_NOTES),
        _needs("wheat_harvest", 8.0, 19.0, 0.75, 0.92, 0.5, 5.0, 2.0, 0.0, 0.0, source=FIELD_NOTES),
        _needs("rape_harvest", 7.0, 19.0, 0.75, 0.92, 0.5, 5.0, 0.0, 0.0, 0.0, source=FIELD_NOTES),
        _needs("bale", 9.0, 18.0, 0.70, 0.90, 0.2, 3.0, 2.0, 0.0, 0.0, source=FIELD_NOTES),
        _needs("rotary_till", 7.0, 18.0, 0.80, 0.95, 3.0, 15.0, 0.0, 0.0, 0.0, source=VIEIRA),
        _needs("wheat_sow", 7.0, 18.0, 0.75, 0.92, 1.0, 8.0, 0.0, 0.0, 0.0, source=VIEIRA),
        _needs("rape_sow", 7.0, 18.0, 0.75, 0.92, 1.0, 8.0, 0.0, 0.0, 0.0, source=VIEIRA),
        _needs("transplant", 6.0, 18.0, 1.10, 1.20, 10.0, 40.0, 0.0, 0.0, 0.0,
               source="assumption: puddled fields want water; light rain does no harm"),
        _needs("direct_seed", 6.0, 18.0, 1.10, 1.20, 3.0, 20.0, 0.0, 0.0, 0.0,
               source="assumption: wet fields are right; heavy rain washes the seed away"),
        _needs("spray", 5.0, 19.0, 1.10, 1.20, 0.2, 3.0, 1.0, 5.0, 32.0, source=UAV_NOTES),
    )
}  # fmt: skip

UNITS = {
    "from_h": "hour of the day", "to_h": "hour of the day", "soil_free": "share of full", "soil_stop": "share of full",
    "rain_free_mm": "mm/d", "rain_stop_mm": "mm/d", "dew_h": "h", "wind_stop_m_s": "m/s", "heat_stop_c": "C",
}  # fmt: skip


def workable_assumptions() -> Iterator[Assumption]:
    """Every number of the table, for docs/assumptions.md."""
    for needs in WORKABLE.values():
        for name, unit in UNITS.items():
            yield Assumption(
                name=f"workable.{needs.operation}.{name}", value=getattr(needs, name), unit=unit,
                source=needs.source, date=DATE,
            )  # fmt: skip
    for soil in SOILS.values():
        for name, unit in (("holds_mm", "mm"), ("drains_d", "share a day")):
            yield Assumption(
                name=f"soil.{soil.id}.{name}", value=getattr(soil, name), unit=unit, source=soil.source, date=DATE
            )
