"""Forecasts: nothing of the future is read, areas add up, what was posted and seen corrects them."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from nongshi.core.season import Posted, StageSeen
from nongshi.forecast.ahead import look_ahead
from nongshi.forecast.answer import forecast_answer
from nongshi.forecast.known import known_on
from nongshi.synthetic.season_world import MadeSeason


def test_a_row_of_the_future_makes_no_difference(made: MadeSeason) -> None:
    """Planted in every table that has a day: a sowing, a stage, a job, and a summer of frost."""
    season, today = made.season, made.season.today
    later = today + timedelta(days=1)
    sowing = replace(season.sowings[0], area_ha=9_999.0, reported=later)
    seen = StageSeen(
        town=season.towns[0].name, crop="rice", variety="late-japonica", stage="heading", date=later, reported=later
    )
    posted = Posted(town=season.towns[0].name, operation="spray", date=later, area_ha=9_999.0, reported=later)
    weather = made.weather
    cold = weather.tmin_c.copy()
    cold[weather.index(today) :] -= 30.0
    planted = replace(
        season,
        sowings=(*season.sowings, sowing),
        stages=(*season.stages, seen),
        posted=(*season.posted, posted),
    )
    before = forecast_answer(look_ahead(season, weather))
    after = forecast_answer(look_ahead(planted, replace(weather, tmin_c=cold)))
    assert before == after


def test_a_row_of_the_day_itself_makes_a_difference(made: MadeSeason) -> None:
    season = made.season
    sowing = replace(season.sowings[0], area_ha=9_999.0, reported=season.today)
    planted = replace(season, sowings=(*season.sowings, sowing))
    assert forecast_answer(look_ahead(season, made.weather)) != forecast_answer(look_ahead(planted, made.weather))


def test_the_same_season_makes_the_same_forecast(made: MadeSeason) -> None:
    first, second = (look_ahead(made.season, made.weather) for _ in range(2))
    assert np.array_equal(first.demand.released_ha, second.demand.released_ha)


def test_work_released_is_the_area_times_its_share(made: MadeSeason) -> None:
    """Rice transplanted inside the season: area x share, but for what the draws are uncertain by."""
    season = replace(made.season, posted=(), stages=())
    ahead = look_ahead(season, made.weather, scenarios=200)
    rows = [s for s in ahead.season.sowings if (s.crop, s.method, s.variety) == ("rice", "transplant", "late-japonica")]
    share = next(row.share for row in season.operations if row.operation == "transplant")
    released = ahead.demand.released_ha[..., ahead.names.operations.index("transplant")].sum(axis=(1, 2))
    early = sum(s.area_ha for s in ahead.season.sowings if s.variety == "early-japonica")
    expected = share * sum(s.area_ha for s in rows)
    assert expected * 0.9 <= released.mean() <= (expected + early * share) * 1.1


def test_no_sowing_no_work(made: MadeSeason) -> None:
    ahead = look_ahead(replace(made.season, sowings=(), posted=()), made.weather)
    assert not ahead.demand.released_ha.any()
    assert any("no sown area" in one.en for one in ahead.said)


@pytest.mark.parametrize(("times", "sign"), [(1.5, -1), (0.3, 1)])
def test_posted_days_are_as_posted_and_the_rest_follows(made: MadeSeason, times: float, sign: int) -> None:
    """Much wheat posted until today tells of an early year, of which less is to come; little of a late one."""
    season, today = made.season, date(2027, 6, 1)
    bare = replace(season, posted=(), today=today)
    ahead = look_ahead(bare, made.weather, scenarios=100)
    wheat = ahead.names.operations.index("wheat_harvest")
    gone = (today - season.first_day).days
    usual = ahead.demand.released_ha.mean(axis=0)[:, :gone, wheat]
    posted = tuple(
        Posted(
            town=town,
            operation="wheat_harvest",
            date=season.first_day + timedelta(days=int(day)),
            area_ha=times * float(usual[i, day]),
            reported=season.first_day + timedelta(days=int(day)),
        )
        for i, town in enumerate(ahead.names.towns)
        for day in np.flatnonzero(usual[i] > 0.01)
    )
    told = look_ahead(replace(bare, posted=posted), made.weather, scenarios=100)
    released = told.demand.released_ha[..., wheat]
    assert released[:, :, :gone].std(axis=0).max() < 1e-9
    assert released[0, :, :gone].sum() == pytest.approx(times * usual.sum(), rel=0.02)
    before = ahead.demand.released_ha[:, :, gone:, wheat].sum(axis=(1, 2)).mean()
    after = released[:, :, gone:].sum(axis=(1, 2)).mean()
    assert sign * (after - before) > 0
    rice = ahead.names.operations.index("transplant")
    assert told.demand.released_ha[..., rice].mean() == pytest.approx(
        ahead.demand.released_ha[..., rice].mean(), rel=0.2
    )


def test_without_history_intervals_are_wider_and_it_is_said(made: MadeSeason) -> None:
    """The same sowings, known by the calendar alone."""
    bare = replace(made.season, posted=(), stages=())
    known = replace(bare, stages=made.season.stages[:1])
    spreads = []
    for season in (bare, known):
        ahead = look_ahead(season, made.weather, scenarios=200)
        middle = ahead.demand.released_ha.cumsum(axis=2) @ np.ones(len(ahead.names.operations))
        spreads.append(middle.std(axis=0).mean())
        told = [(one.zh, one.en) for one in ahead.said if "calendar alone" in one.en]
        assert bool(told) == (season is bare)
        assert all("误差范围" in zh for zh, _ in told)
    assert spreads[0] > 1.15 * spreads[1]


def test_a_heading_that_was_seen_late_makes_the_harvest_late(made: MadeSeason) -> None:
    season = replace(made.season, posted=(), stages=(), today=date(2027, 5, 10))
    town = season.towns[0].name
    harvests = []
    for day in (date(2027, 4, 5), date(2027, 4, 30)):
        seen = StageSeen(
            town=town, crop="wheat", variety="winter-wheat", stage="heading", date=day, reported=date(2027, 5, 1)
        )
        ahead = look_ahead(replace(season, stages=(seen,)), made.weather)
        wheat = ahead.demand.released_ha[:, 0, :, ahead.names.operations.index("wheat_harvest")].mean(axis=0)
        harvests.append(float(wheat @ np.arange(len(wheat)) / wheat.sum()))
    assert harvests[1] - harvests[0] > 8


def test_without_weather_the_default_climate_stands_in_and_it_is_said(made: MadeSeason) -> None:
    young = made.weather.between(date(2027, 1, 1), date(2027, 12, 31))
    for weather in (None, young):
        ahead = look_ahead(made.season, weather)
        assert ahead.demand.released_ha.any()
        assert any("weather.csv" in one.en for one in ahead.said)


def test_known_on_keeps_what_was_reported_that_day(made: MadeSeason) -> None:
    season = made.season
    known = known_on(season, season.today)
    assert 0 < len(known.posted) < len(season.posted)
    assert all(row.reported <= season.today for row in (*known.posted, *known.sowings, *known.stages))
