"""What the generator puts in besides agronomy's tables; every number here is listed in docs/assumptions.md."""

from nongshi.agronomy import Assumption

AREA_MEDIAN_HA = 1.8
AREA_SIGMA = 0.37
AREA_MIN_HA, AREA_MAX_HA = 0.3, 6.7
PART_MAX_HA = 2.7
ROAD_MIN = 6.0
HEAVY_SHARE = 0.3
OPERATORS_PER_MACHINE = 0.85
SHARED_SHARE = 0.5
EXPIRING_SHARE = 0.05
DOUBLE_SHARE = 0.3
VISITING_SHARE = 0.08
VALUE_SIGMA = 0.07
WET_SIGMA = 0.08
DRYER_SEASON_SHARE = 0.75
DRYER_HOLD_SHARE = 0.6
DETOUR = 1.3

_DATE = "2026-11-23"
_GUESS = "assumption"
_ROWS: tuple[tuple[str, float | str, str, str], ...] = (
    ("area_median", AREA_MEDIAN_HA, "ha", "assumption: 27 mu, plots leased by large growers after levelling"),
    ("area_sigma", AREA_SIGMA, "1", "assumption: lognormal, so that about one field in eight is above part_max"),
    ("area_min", AREA_MIN_HA, "ha", _GUESS),
    ("area_max", AREA_MAX_HA, "ha", "assumption: 100 mu"),
    ("part_max", PART_MAX_HA, "ha", "assumption: about one combine's day"),
    ("road", ROAD_MIN, "min a job", "assumption: 2 km at 20 km/h, counted into the load only"),
    ("detour", DETOUR, "1", "assumption: road over straight line; measured road networks give 1.2 to 1.4"),
    ("heavy_rain", HEAVY_SHARE, "share of rain days", "Shanghai October-December 2011-2014: 0.30 above 10 mm"),
    ("hours_tractor", "07:00-17:30", "local time", _GUESS),
    ("hours_combine", "08:00 to 09:00 (dew) until 17:30", "local time", "assumption: straw wet with dew until then"),
    ("hours_combine_after_heavy_rain", "11:00 or 12:00 until 17:30", "local time", _GUESS),
    ("hours_uav", "06:30-16:30", "local time", "assumption: calm morning air"),
    ("operators_per_machine", OPERATORS_PER_MACHINE, "1", "assumption: operators are short at the peak"),
    ("operator_hours", "8 to 11, mostly 10", "h a day", _GUESS),
    ("operators_shared", SHARED_SHARE, "share", "assumption: half would drive for a neighbour cooperative"),
    ("licence_expiring", EXPIRING_SHARE, "share", "assumption: last valid day falls inside the horizon"),
    ("licence_double", DOUBLE_SHARE, "share of combine operators", "assumption: also hold G1"),
    ("machines_visiting", VISITING_SHARE, "share", "assumption: come later or leave earlier than the horizon"),
    ("value_noise", VALUE_SIGMA, "lognormal sigma", "assumption: prices kept within -13 % and +20 % of the table's"),
    ("wet_rice", 9.3, "t/ha", "assumption: 560 kg/mu of dry rice, cut at about 24 % moisture"),
    ("wet_wheat", 5.4, "t/ha", "assumption: 325 kg/mu of dry wheat (Jinshan 2012) cut a little moist"),
    ("wet_rape", 2.5, "t/ha", "assumption: 150 kg/mu of dry rapeseed (Jinshan 2012) cut moist"),
    ("wet_noise", WET_SIGMA, "lognormal sigma", _GUESS),
    ("dryer_season", DRYER_SEASON_SHARE, "share of the horizon", "assumption: dryers take all grain in this time"),
    ("dryer_hold", DRYER_HOLD_SHARE, "share of a day", "assumption: wet grain that may wait over night"),
    ("village_centres", "see nongshi.synthetic.towns", "WGS 84", "names: Vonng/adcode @b755d6e, CC BY 4.0"),
)


def generator_assumptions(*, rain: tuple[tuple[str, float, str], ...] = ()) -> tuple[Assumption, ...]:
    """The generator's own defaults; `rain` adds (name, chance, source) of a season's rain chain."""
    rows = [Assumption(name=f"synthetic.{n}", value=v, unit=u, source=s, date=_DATE) for n, v, u, s in _ROWS]
    rows += [Assumption(name=f"synthetic.{n}", value=v, unit="chance", source=s, date=_DATE) for n, v, s in rain]
    return tuple(rows)
