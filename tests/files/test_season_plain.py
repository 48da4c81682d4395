"""A plain region folder is a season of the crop calendar, and says so."""

from dataclasses import replace
from pathlib import Path

import pytest

from nongshi.core.errors import BadInput
from nongshi.core.region import Region
from nongshi.files.region_writer import write_region
from nongshi.files.season_plain import TOWNS_MAX, season_of_region
from nongshi.files.season_reader import read_season
from nongshi.forecast.ahead import look_ahead
from nongshi.synthetic.generator import make_region


@pytest.fixture(scope="module")
def region() -> Region:
    return make_region(fields=40, machines=4, load=1.0, season="rice-harvest", seed=3)


def test_a_region_without_a_season_is_read_as_one_and_says_what_it_rests_on(region: Region, tmp_path: Path) -> None:
    write_region(region, tmp_path / "plain")
    found = read_season(tmp_path / "plain")
    assert found.weather is None
    ahead = look_ahead(found.season, found.weather, scenarios=10)
    said = " ".join(one.en for one in ahead.said)
    assert "areas are those of the jobs" in said
    assert "crop calendar stands in" in said
    assert "no weather records" in said
    harvest = sum(job.area_ha for job in region.jobs if job.operation == "rice_harvest")
    assert sum(row.area_ha for row in found.season.sowings if row.crop == "rice") == pytest.approx(harvest)


def test_small_places_count_with_the_nearest_of_the_larger_ones(region: Region) -> None:
    many = tuple(replace(one, place=f"place {i % 30}") for i, one in enumerate(region.fields))
    season = season_of_region(replace(region, fields=many))
    assert len(season.towns) == TOWNS_MAX
    harvest = sum(job.area_ha for job in region.jobs if job.operation == "rice_harvest")
    assert sum(row.area_ha for row in season.sowings if row.crop == "rice") == pytest.approx(harvest)
    assert {row.town for row in season.sowings} <= {town.name for town in season.towns}


def test_a_region_whose_jobs_tell_no_crop_is_refused_with_the_mend(region: Region) -> None:
    spraying = tuple(replace(job, operation="spray") for job in region.jobs)
    with pytest.raises(BadInput, match=r"sowings\.csv"):
        season_of_region(replace(region, jobs=spraying))
