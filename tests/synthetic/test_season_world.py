"""Made-up seasons: the same from the same seed, marked as made up, and with nothing posted that was not sown."""

from datetime import date

import pytest

from nongshi.core.errors import BadInput
from nongshi.synthetic.season_world import MadeSeason, make_season


@pytest.fixture(scope="module")
def made() -> MadeSeason:
    return make_season(towns=7, weeks=6, seed=5, history=False)


def test_the_same_arguments_make_the_same_season(made: MadeSeason) -> None:
    again = make_season(towns=7, weeks=6, seed=5, history=False)
    assert again.season == made.season
    assert again.weather.rain_mm.tolist() == made.weather.rain_mm.tolist()


def test_it_is_marked_and_made_up_towns_say_so(made: MadeSeason) -> None:
    assert made.season.region.synthetic
    assert [town.name for town in made.season.towns][5:] == ["模拟1镇", "模拟2镇"]


def test_jobs_are_posted_for_about_the_area_that_is_sown(made: MadeSeason) -> None:
    rice = sum(s.area_ha for s in made.season.sowings if s.crop == "rice")
    cut = sum(p.area_ha for p in made.season.posted if p.operation == "rice_harvest")
    assert 0.8 * rice < cut < 1.2 * rice
    assert {p.date.year for p in made.season.posted} == {2027}


def test_without_history_nothing_was_seen_or_posted_before(made: MadeSeason) -> None:
    assert made.season.stages == ()
    assert min(p.date for p in made.season.posted) >= date(2027, 1, 1)


@pytest.mark.parametrize("wrong", [{"towns": 0}, {"weeks": 99}, {"load": 0.0}, {"operators_per_machine": -1.0}])
def test_numbers_that_cannot_be_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(BadInput):
        make_season(**wrong)  # type: ignore[arg-type]
