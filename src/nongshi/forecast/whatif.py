"""What if: the same scenarios under other machines, operators, sowings or weather, side by side.

All cases share the draws of weather, areas and dates (common random numbers), so a difference is the change's and not
the dice's.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np

from nongshi.agronomy.varieties import VARIETIES
from nongshi.agronomy.weather import Daily
from nongshi.core.season import Season, Sowing
from nongshi.core.units import FEN_PER_YUAN
from nongshi.forecast.ahead import Ahead, Kept, look_ahead
from nongshi.forecast.answer import summary, totals
from nongshi.forecast.arrays import Crew, Fleet
from nongshi.forecast.capacity import Names, make_fleet
from nongshi.forecast.demand import sowing_window
from nongshi.forecast.shortage import Shortage, make_shortage
from nongshi.forecast.whatif_cases import Case, Change, check_change

FORMAT = "nongshi-whatif/1"
SCENARIOS = 30  # of each case; differences of common scenarios need fewer than levels do
RAIN_LEAVES = 0.1  # assumption: share of its hours that a week of rain leaves


def compare_cases(
    season: Season, weather: Daily | None, cases: Sequence[Case], *, scenarios: int = SCENARIOS
) -> dict[str, Any]:
    """The base and every case, "nongshi-whatif/1"; a difference below zero is money saved.

    Raises:
        BadInput: a change that names something unknown.
    """
    for case in cases:
        for change in case.changes:
            check_change(change, season)
    kept = Kept()
    base_ahead = look_ahead(season, weather, scenarios=scenarios, kept=kept)
    base = _solve(base_ahead, make_fleet(base_ahead.season, base_ahead.weeks))
    rows = []
    for case in cases:
        found = _solve_case(season, weather, base_ahead, case, scenarios, kept)
        apart = (found.cost_fen - base.cost_fen) / FEN_PER_YUAN
        rows.append(
            {
                "name": case.name,
                "changes": [change.as_dict() for change in case.changes],
                "totals": totals(found),
                "difference_yuan": summary(apart),
            }
        )
    return {
        "format": FORMAT,
        "region": season.region.name,
        "synthetic": season.region.synthetic,
        "as_of": season.today.isoformat(),
        "scenarios": scenarios,
        "seed": season.seed,
        "said": [{"zh": one.zh, "en": one.en} for one in base_ahead.said],
        "base": totals(base),
        "cases": rows,
    }


def _solve(ahead: Ahead, fleet: Fleet) -> Shortage:
    return make_shortage(ahead, fleet=fleet, rolled=0, priced=0, checked=0)


def _solve_case(season: Season, weather: Daily | None, base: Ahead, case: Case, scenarios: int, kept: Kept) -> Shortage:
    """Only what a case touches is computed again."""
    changed = season
    for change in case.changes:
        changed = SOWINGS[change.kind](changed, change) if change.kind in SOWINGS else changed
    ahead = base if changed is season else look_ahead(changed, weather, scenarios=scenarios, kept=kept)
    sharing = all(change.kind != "alone" for change in case.changes)
    fleet = make_fleet(ahead.season, ahead.weeks, sharing=sharing)
    for change in case.changes:
        if change.kind == "rain":
            ahead = _with_rain(ahead, int(change.values["week"]))
        elif change.kind in FLEETS:
            fleet = FLEETS[change.kind](fleet, ahead.names, change)
    return _solve(ahead, fleet)


def _with_rain(ahead: Ahead, week: int) -> Ahead:
    hours = {}
    for name in ("operation_h", "operator_h"):
        values = getattr(ahead.hours, name).copy()
        values[:, 7 * week : 7 * week + 7] *= RAIN_LEAVES
        hours[name] = values
    return replace(ahead, hours=replace(ahead.hours, **hours))


def _with_machines(fleet: Fleet, names: Names, change: Change) -> Fleet:
    machines = fleet.machines.copy()
    kind = names.classes.index(change.values["machine_class"])
    for pool, part in _parts(fleet, names, change):
        machines[pool, :, kind] = np.maximum(machines[pool, :, kind] + part, 0.0)
    return replace(fleet, machines=machines)


def _with_operators(fleet: Fleet, names: Names, change: Change) -> Fleet:
    """Operators more; below zero, fewer of those who hold the licence, as far as there are any."""
    licence = names.licences.index(change.values["licence"])
    crews = list(fleet.crews)
    for pool, part in _parts(fleet, names, change):
        if part >= 0:
            count = np.full(fleet.machines.shape[1], part)
            crews.append(Crew(pool=pool, licences=frozenset({licence}), count=count))
            continue
        left = np.full(fleet.machines.shape[1], -part)
        for n, crew in enumerate(crews):
            if crew.pool == pool and licence in crew.licences:
                gone = np.minimum(left, crew.count)
                crews[n], left = replace(crew, count=crew.count - gone), left - gone
    return replace(fleet, crews=tuple(crews))


def _with_dryers(fleet: Fleet, names: Names, change: Change) -> Fleet:
    if not len(fleet.dryer_t_d):
        return fleet  # without dryers there is no limit to lift
    return replace(fleet, dryer_t_d=np.maximum(fleet.dryer_t_d + float(change.values["t_day"]), 0.0))


def _parts(fleet: Fleet, names: Names, change: Change) -> list[tuple[int, float]]:
    """Pools and how many of the count each gets: the town's first pool, or every town's alike."""
    town = change.values.get("town")
    towns = range(len(names.towns)) if not town else [names.towns.index(town)]
    pools = [int(np.flatnonzero(fleet.pool_town == i)[0]) for i in towns]
    return [(pool, float(change.values["count"]) / len(pools)) for pool in pools]


def _earlier(season: Season, change: Change) -> Season:
    days = timedelta(days=float(change.values["days"]))

    def move(sowing: Sowing) -> tuple[Sowing, ...]:
        first, last = sowing_window(sowing, season)
        return (replace(sowing, sown_from=first - days, sown_to=last - days),)

    return _with_sowings(season, change, move)


def _staggered(season: Season, change: Change) -> Season:
    half = timedelta(days=float(change.values["days"]) / 2)

    def widen(sowing: Sowing) -> tuple[Sowing, ...]:
        first, last = sowing_window(sowing, season)
        return (replace(sowing, sown_from=first - half, sown_to=last + half),)

    return _with_sowings(season, change, widen)


def _with_sowings(season: Season, change: Change, move: Callable[[Sowing], tuple[Sowing, ...]]) -> Season:
    """Sowings of the crop that are not in the ground on `today`; what is sown cannot be sown otherwise."""
    crop = change.values["crop"]
    found: list[Sowing] = []
    for sowing in season.sowings:
        movable = sowing.crop == crop and sowing_window(sowing, season)[1] > season.today
        found += move(sowing) if movable else (sowing,)
    return replace(season, sowings=tuple(found))


def _other_variety(season: Season, change: Change) -> Season:
    """A share of a variety's area is sown to another, on that one's usual days, or from tomorrow on."""
    share, other = float(change.values["share"]), VARIETIES[change.values["to"]]
    found: list[Sowing] = []
    for sowing in season.sowings:
        movable = sowing.variety == change.values["from"] and sowing_window(sowing, season)[1] > season.today
        if not movable:
            found.append(sowing)
            continue
        if share < 1:
            found.append(replace(sowing, area_ha=sowing.area_ha * (1 - share)))
        year = sowing_window(sowing, season)[0].year
        first, last = date(year, *other.sown_from), date(year, *other.sown_to)
        late = max(timedelta(0), season.today + timedelta(days=1) - first)
        area = sowing.area_ha * share
        window = first + late, last + late
        found.append(replace(sowing, variety=other.id, area_ha=area, sown_from=window[0], sown_to=window[1]))
    return replace(season, sowings=tuple(found))


SOWINGS: dict[str, Callable[[Season, Change], Season]] = {
    "earlier": _earlier,
    "staggered": _staggered,
    "variety": _other_variety,
}
FLEETS: dict[str, Callable[[Fleet, Names, Change], Fleet]] = {
    "machines": _with_machines,
    "operators": _with_operators,
    "dryers": _with_dryers,
}
