"""Fleets: towns by nearest centre, owners and licences counted, what is away or run out left out."""

from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
import pytest

from nongshi.core.region import Machine, Operator
from nongshi.core.season import Season
from nongshi.forecast.capacity import make_fleet, names_of, towns_of_machines, towns_of_operators
from nongshi.synthetic.season_world import MadeSeason

WEEKS = tuple(range(0, 71, 7))


def with_people(season: Season, machines: list[Machine], operators: list[Operator]) -> Season:
    return replace(season, region=replace(season.region, machines=tuple(machines), operators=tuple(operators)))


def combine(season: Season, number: int, owner: str, town: int = 0) -> Machine:
    place = season.towns[town]
    return Machine(
        id=f"M{number}",
        machine_class="combine-full",
        owner_id=owner,
        yard_lon=place.lon + 0.001,
        yard_lat=place.lat,
        available_from=None,
        available_to=None,
    )


def driver(season: Season, number: int, owner: str, *, shared: bool, licence: str = "S") -> Operator:
    until = season.last_day + timedelta(days=300)
    return Operator(
        id=f"P{number}", owner_id=owner, licences={licence: until}, hours_max=10.0, off_days=frozenset(), shared=shared
    )


def test_machines_belong_to_the_nearest_town_unless_the_folder_says_so(made: MadeSeason) -> None:
    season = with_people(made.season, [combine(made.season, 1, "A"), combine(made.season, 2, "A", town=1)], [])
    first, second = (town.name for town in season.towns)
    assert towns_of_machines(season) == {"M1": first, "M2": second}
    assert towns_of_machines(replace(season, machine_town={"M1": second}))["M1"] == second


def test_operators_belong_where_their_owner_has_most_machines(made: MadeSeason) -> None:
    season = made.season
    machines = [combine(season, 1, "A", town=1), combine(season, 2, "A", town=1), combine(season, 3, "A")]
    season = with_people(season, machines, [driver(season, 1, "A", shared=True), driver(season, 2, "B", shared=True)])
    towns = towns_of_operators(season, towns_of_machines(season))
    assert towns == {"P1": season.towns[1].name, "P2": season.towns[0].name}


def test_operators_of_one_owner_count_no_more_than_its_machines(made: MadeSeason) -> None:
    """Owner A has one combine and three drivers of its own: two of them cannot help B, who has two and none."""
    season = made.season
    machines = [combine(season, 1, "A"), combine(season, 2, "B"), combine(season, 3, "B")]
    people = [driver(season, n, "A", shared=False) for n in range(3)]
    fleet = make_fleet(with_people(season, machines, people), WEEKS)
    assert sum(float(crew.count[0]) for crew in fleet.crews) == pytest.approx(1.0)
    people[0] = driver(season, 0, "A", shared=True)
    fleet = make_fleet(with_people(season, machines, people), WEEKS)
    assert sum(float(crew.count[0]) for crew in fleet.crews) == pytest.approx(2.0)


def test_without_sharing_every_owner_is_a_pool_of_its_own(made: MadeSeason) -> None:
    season = made.season
    machines = [combine(season, 1, "A"), combine(season, 2, "B"), combine(season, 3, "A", town=1)]
    fleet = make_fleet(with_people(season, machines, []), WEEKS, sharing=False)
    assert fleet.pools == 3
    assert (fleet.work_share == np.eye(2)).all()


def test_a_licence_that_runs_out_and_a_machine_that_leaves_count_for_part_of_the_season(made: MadeSeason) -> None:
    season = made.season
    end = season.first_day + timedelta(days=13)  # last day of the second week
    person = replace(driver(season, 1, "A", shared=True), licences={"S": end})
    leaves = datetime.combine(season.first_day, datetime.min.time(), tzinfo=season.region.tz) + timedelta(days=10.5)
    machine = replace(combine(season, 1, "A"), available_to=leaves)
    fleet = make_fleet(with_people(season, [machine], [person]), WEEKS)
    licence = names_of(season).licences.index("S")
    held = sum(crew.count for crew in fleet.crews if licence in crew.licences)
    assert held[:3].tolist() == [1.0, 1.0, 0.0]
    kind = names_of(season).classes.index("combine-full")
    assert fleet.machines[0, :3, kind].tolist() == pytest.approx([1.0, 0.5, 0.0])


def test_neighbours_lose_the_way_there_and_back(made: MadeSeason) -> None:
    fleet = make_fleet(made.season, WEEKS)
    assert (fleet.work_share[:, [0, 1], [0, 1]] == 1).all()
    assert ((fleet.work_share[:, 0, 1] > 0) & (fleet.work_share[:, 0, 1] < 1)).all()
    assert (fleet.move_fen_h[:, 0, 1] > 0).all()
