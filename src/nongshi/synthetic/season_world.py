"""make_season: a made-up season of the belt: towns, sowings, stages seen, jobs posted, fleet and weather from one seed.

What happens in it is drawn field by field and not by the forecast's own rules: growers sow when they like, fields of
one variety differ, villages ask for machines together. So a forecast can be measured on it; it stays made up.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from nongshi.agronomy.season_operations import default_operations
from nongshi.agronomy.weather import Daily
from nongshi.core.errors import BadInput
from nongshi.core.season import Season, Sowing, StageSeen
from nongshi.synthetic.season_fleet import make_season_region
from nongshi.synthetic.season_jobs import YearDraw, grow, seen_stages
from nongshi.synthetic.season_towns import make_towns
from nongshi.synthetic.season_weather import make_weather

WEEKS = 30
YEAR = 2027
HISTORY_YEARS = 6
FIRST_DAY = (5, 3)  # assumption: before barley is cut
PADDY_HA = (900.0, 1500.0)  # assumption: of a town, ten to twenty thousand mu
# crop, variety, method, share of the paddy, sowing (month, day) from-to
CROPPING: tuple[tuple[str, str, str, float, tuple[int, int], tuple[int, int]], ...] = (
    ("rice", "late-japonica", "transplant", 0.45, (5, 12), (5, 27)),
    ("rice", "late-japonica", "direct", 0.43, (5, 26), (6, 12)),
    ("rice", "early-japonica", "transplant", 0.06, (4, 16), (4, 28)),
    ("wheat", "winter-wheat", "direct", 0.42, (11, 1), (11, 20)),
    ("barley", "barley", "direct", 0.08, (10, 28), (11, 10)),
    ("rapeseed", "rapeseed", "direct", 0.07, (10, 4), (10, 22)),
)
WINTER = ("wheat", "barley", "rapeseed")
UNKNOWN_DATES_SHARE = 0.2  # assumption: of the sowings, nobody tells the town when


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeSeason:
    """A made-up season and its weather, days after `today` included: whoever forecasts cuts them off."""

    season: Season
    weather: Daily


def make_season(
    *,
    towns: int = 5,
    weeks: int = WEEKS,
    year: int = YEAR,
    seed: int = 1,
    scenarios: int = 200,
    today: date | None = None,
    load: float = 1.0,
    operators_per_machine: float = 0.85,
    dryers: bool = False,
    weather: Daily | None = None,
    history: bool = True,
) -> MadeSeason:
    """A season of made-up towns; the same arguments give the same season.

    Args:
        towns: the five real ones of the belt first, then made-up ones round them.
        weeks: from the first Monday of May on.
        year: of the season.
        seed: of everything.
        scenarios: written into the season for whoever forecasts it.
        today: default: the first day.
        load: above 1 there are fewer machines for the same fields.
        operators_per_machine: below 1 operators are short.
        dryers: whether the towns have dryers, for a third of the grain of the peak.
        weather: measured weather that covers the year before and the season; None: made up.
        history: whether stages were seen, and jobs posted the year before.

    Raises:
        BadInput: a number that cannot be right.
    """
    if not 1 <= towns <= 400 or not 4 <= weeks <= 52:
        raise BadInput(f"a made-up season has 1 to 400 towns and 4 to 52 weeks, got {towns} and {weeks}")
    if not 0.05 <= load <= 20 or not 0 < operators_per_machine <= 3:
        raise BadInput(f"load must be 0.05 to 20 and operators_per_machine 0 to 3, got {load}, {operators_per_machine}")
    town_rng, sow_rng = (np.random.default_rng([seed, 40 + part]) for part in range(2))
    places = make_towns(town_rng, towns)
    first_day = date(year, *FIRST_DAY) - timedelta(days=date(year, *FIRST_DAY).weekday())
    sowings = _sowings(sow_rng, [town.name for town in places], year)
    if weather is None:
        begin = date(year - HISTORY_YEARS, 1, 1)
        weather = make_weather(seed, begin, (date(year, 12, 31) - begin).days + 1)
    region = make_season_region(
        seed, places, sowings, first_day, weeks, load=load, operators_per_machine=operators_per_machine, dryers=dryers
    )
    season = Season(
        region=region,
        first_day=first_day,
        weeks=weeks,
        today=today or first_day,
        scenarios=scenarios,
        seed=seed,
        lat=round(sum(town.lat for town in places) / len(places), 6),
        towns=places,
        sowings=tuple(sowings),
        operations=default_operations(),
        extra={"generator": {"seed": seed, "load": load, "synthetic": True}},
    )
    return MadeSeason(season=with_years(season, weather, sowings, year, seed, history=history), weather=weather)


def with_years(
    season: Season, weather: Daily, sowings: Sequence[Sowing], year: int, seed: int, *, history: bool
) -> Season:
    """The season with what was seen and posted this year and, with `history`, the year before."""
    drawn = YearDraw(seed=seed, year=year)
    posted = grow(drawn, sowings, season.operations, weather, season.lat)
    stages: tuple[StageSeen, ...] = ()
    if history:
        before = [_moved(sowing, -1) for sowing in sowings]
        drawn_before = YearDraw(seed=seed, year=year - 1)
        posted = grow(drawn_before, before, season.operations, weather, season.lat) + posted
        stages = seen_stages(drawn, sowings, weather, season.lat)
    told = [_told(sowing, seed) for sowing in sowings]
    return replace(season, sowings=tuple(told), posted=posted, stages=stages)


def _sowings(rng: np.random.Generator, towns: Sequence[str], year: int) -> list[Sowing]:
    """Every town's cropping; winter crops twice, as they stand in May and as they are sown in autumn."""
    found = []
    for town in towns:
        paddy = rng.uniform(*PADDY_HA)
        early = rng.normal(0.0, 2.0)
        for crop, variety, method, share, first, last in CROPPING:
            area = round(paddy * share * float(rng.lognormal(0.0, 0.25)), 1)
            years = (year - 1, year) if crop in WINTER else (year,)
            for sown_year in years:
                move = timedelta(days=round(early + rng.normal(0.0, 1.5)))
                begin, end = date(sown_year, *first) + move, date(sown_year, *last) + move
                reported = end + timedelta(days=10) if sown_year < year else date(year, 3, 20)
                found.append(
                    Sowing(
                        town=town,
                        crop=crop,
                        variety=variety,
                        method=method,
                        area_ha=area if sown_year < year else round(area * float(rng.lognormal(0.0, 0.1)), 1),
                        sown_from=begin,
                        sown_to=end,
                        reported=reported,
                        soil="clay" if rng.random() < 0.3 else None,
                    )
                )
    return found


def _moved(sowing: Sowing, years: int) -> Sowing:
    assert sowing.sown_from is not None
    assert sowing.sown_to is not None
    move = timedelta(days=365 * years)
    return replace(sowing, sown_from=sowing.sown_from + move, sown_to=sowing.sown_to + move)


def _told(sowing: Sowing, seed: int) -> Sowing:
    """The sowing as the town knows it: sometimes without its dates. Winter crops as they stand are always known."""
    key = [seed, *f"{sowing.town} {sowing.variety} {sowing.method}".encode()]
    if sowing.crop == "rice" and np.random.default_rng(key).random() < UNKNOWN_DATES_SHARE:
        return replace(sowing, sown_from=None, sown_to=None)
    return sowing
