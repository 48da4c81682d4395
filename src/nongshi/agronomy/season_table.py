"""The defaults of the season ahead as one flat table: varieties' clocks, what work can stand, filling of weather."""

from dataclasses import fields

from nongshi.agronomy.assumption import Assumption
from nongshi.agronomy.climate import climate_assumptions
from nongshi.agronomy.crop_parameters import CropParameters
from nongshi.agronomy.phenology_fit import PRIOR_SD, SEEN_SD_D
from nongshi.agronomy.soil_water import BARE, BEGIN_FULL
from nongshi.agronomy.varieties import DATE, VARIETIES, Variety
from nongshi.agronomy.weather_fill import BRIDGE_D, KNOWN_SHARE_MIN
from nongshi.agronomy.weather_fit import NEAR_D, PRIOR_DAYS
from nongshi.agronomy.weather_generator import RAIN_MOST_MM, SLOW_D, WET_MM
from nongshi.agronomy.weather_hourly import HOURS_MIN
from nongshi.agronomy.workable import DEW_HALF_C, DEW_NEAR_C, HEAT_H_MAX, HEAT_H_PER_C, WIND_UNKNOWN_M_S
from nongshi.agronomy.workable_fit import DAYS_MIN
from nongshi.agronomy.workable_table import DRAINS_ABOVE, DRIES_BELOW, VIEIRA, workable_assumptions

FITTED = {"heading_c_d", "ripening_c_d"}
SHAPE = "assumption: general crop physiology, as used in crop models of the WOFOST kind"
UNITS = {
    "emergence_c_d": "C d", "emergence_base_c": "C", "emergence_top_c": "C", "heading_c_d": "C d",
    "ripening_c_d": "C d", "warm": "(C, C d a day)", "day_full_h": "h", "day_critical_h": "h", "cold_full_d": "d",
    "cold_base_d": "d", "cold": "(C, d a day)", "cold_until": "share", "shock_d": "d", "frost_kills_c": "C",
    "ripe_by": "month-day",
}  # fmt: skip
_A = "assumption"


def season_assumptions() -> tuple[Assumption, ...]:
    """Every default of phenology, weather and workable hours."""
    rows: list[tuple[str, float, str, str]] = [
        ("phenology.seen_sd", SEEN_SD_D, "d", "assumption: reports and fields of one variety differ by so much"),
        ("phenology.prior_sd", PRIOR_SD, "share", "assumption: degree-days of varieties of one kind"),
        ("weather.hours_min", HOURS_MIN, "h", "assumption: a day with fewer measured hours is not known"),
        ("weather.bridge", BRIDGE_D, "d", "assumption: longer gaps take other years' days"),
        ("weather.known_min", KNOWN_SHARE_MIN, "share", "assumption: a column known less is not used"),
        ("weather.wet", WET_MM, "mm/d", "assumption: less leaves nothing on a field"),
        ("weather.near", NEAR_D, "d", "assumption: days of the year so near tell of each other (one sd)"),
        ("weather.prior_days", PRIOR_DAYS, "d", "assumption: weight of the whole year's chance beside days near"),
        ("weather.slow", SLOW_D, "d", "assumption: how long the slow swing of temperature lasts"),
        ("weather.rain_most", RAIN_MOST_MM, "mm/d", "assumption: the gamma law's tail has no end"),
        ("workable.log_min", DAYS_MIN, "d", "assumption: fewer logged days say less than the table"),
        ("soil.begin", BEGIN_FULL, "share of full", _A),
        ("soil.bare", BARE, "share of reference evaporation", _A),
        ("soil.drains_above", DRAINS_ABOVE, "share of full", VIEIRA),
        ("soil.dries_below", DRIES_BELOW, "share of full", VIEIRA),
        ("workable.dew_near", DEW_NEAR_C, "C above dew point", _A),
        ("workable.dew_half", DEW_HALF_C, "C above that", _A),
        ("workable.wind_unknown", WIND_UNKNOWN_M_S, "m/s", "assumption: mean wind of the Shanghai plain"),
        ("workable.heat", HEAT_H_PER_C, "h lost for each C", _A),
        ("workable.heat_most", HEAT_H_MAX, "h", _A),
    ]
    plain = (
        Assumption(name=name, value=value, unit=unit, source=source, date=DATE) for name, value, unit, source in rows
    )
    clocks = (row for variety in VARIETIES.values() for row in _variety(variety))
    return (*clocks, *plain, *workable_assumptions(), *climate_assumptions())


def _variety(variety: Variety) -> list[Assumption]:
    found = []
    for one in fields(CropParameters):
        value = getattr(variety.clock, one.name)
        if value is None or value == ():
            continue
        if one.name == "ripe_by":
            value = f"{value[0]:02d}-{value[1]:02d}"
        elif isinstance(value, tuple):
            value = " ".join(f"({at:g}, {worth:g})" for at, worth in value)
        source = f"fitted to: {variety.source}" if one.name in FITTED else SHAPE
        found.append(
            Assumption(
                name=f"variety.{variety.id}.{one.name}", value=value, unit=UNITS[one.name], source=source,
                date=variety.date,
            )
        )  # fmt: skip
    for name, (month, day) in (("sown_from", variety.sown_from), ("sown_to", variety.sown_to)):
        found.append(
            Assumption(
                name=f"variety.{variety.id}.{name}", value=f"{month:02d}-{day:02d}", unit="month-day",
                source=variety.source, date=variety.date,
            )
        )  # fmt: skip
    age = Assumption(
        name=f"variety.{variety.id}.seedling_age", value=variety.seedling_age_d, unit="d",
        source="assumption: 18 to 31 d seen in machine transplanting (Chongming trial 2018: 31 d)", date=variety.date,
    )  # fmt: skip
    return [*found, age] if variety.seedling_age_d else found
