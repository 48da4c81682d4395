"""Hours on which a machine can work."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nongshi.agronomy.soil_water import evaporation_mm, wetness
from nongshi.agronomy.weather import Daily, WeatherRows
from nongshi.agronomy.workable import hours
from nongshi.agronomy.workable_table import SOILS, WORKABLE
from nongshi.core.errors import NotFound

NOVEMBER = np.datetime64("2027-11-01") + np.arange(30)


def november(**changed: np.ndarray) -> Daily:
    """A dry mild month, dew each night, dew point far below the day."""
    steady = {"tmin_c": np.full(30, 11.0), "tmax_c": np.full(30, 18.0), "rain_mm": np.zeros(30)}
    return Daily(dates=NOVEMBER, **{**steady, **changed})


def rain_on_day_10(mm: float) -> np.ndarray:
    rain = np.zeros(30)
    rain[10] = mm
    return rain


@pytest.mark.parametrize(
    ("mm", "least_d", "most_d"), [(1.0, 0.0, 0.5), (6.0, 0.5, 1.5), (18.0, 1.0, 2.0), (40.0, 1.5, 3.5)]
)
def test_rain_costs_the_harvest_about_the_days_that_practice_names(mm: float, least_d: float, most_d: float) -> None:
    """Field practice: under 2 mm nothing, 2-10 mm half a day and more, 10-25 mm 1.5 d, 25-50 mm 2.5 d; on loam."""
    dry, wet = hours("rice_harvest", november())[0], hours("rice_harvest", november(rain_mm=rain_on_day_10(mm)))[0]
    assert least_d <= (1 - wet[10:] / dry[10:]).sum() <= most_d


def test_clay_stays_wet_longer_than_sand() -> None:
    weather = november(rain_mm=rain_on_day_10(60.0))
    lost = {soil: hours("rice_harvest", weather, soil)[0, 10:].sum() for soil in SOILS}
    assert lost["clay"] < lost["loam"] < lost["sand"]


def test_dew_costs_the_combine_its_morning_and_a_dry_night_does_not() -> None:
    dewy = hours("rice_harvest", november(dew_point_c=np.full(30, 11.0)))[0]
    dry = hours("rice_harvest", november(dew_point_c=np.full(30, -5.0)))[0]
    unknown = hours("rice_harvest", november())[0]
    assert (dry - dewy)[5] == pytest.approx(WORKABLE["rice_harvest"].dew_h)
    assert (unknown == dewy).all()


def test_wind_and_heat_stop_the_drone_alone() -> None:
    """No tillage is lost to wind; spraying loses most of a day at 8 m/s, and the noon of a hot day."""
    calm, storm = november(wind_m_s=np.full(30, 1.5)), november(wind_m_s=np.full(30, 8.0))
    assert (hours("rotary_till", calm) == hours("rotary_till", storm)).all()
    assert hours("spray", storm)[0, 5] < 0.5 * hours("spray", calm)[0, 5]
    hot = november(wind_m_s=np.full(30, 1.5), tmax_c=np.full(30, 35.0))
    assert hours("spray", calm)[0, 5] - hours("spray", hot)[0, 5] > 3


def test_transplanting_wants_water() -> None:
    weather = november(rain_mm=np.full(30, 9.0))
    assert (hours("transplant", weather) > 8).all()
    assert (hours("rice_harvest", weather) == 0).all()


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 1000), operation=st.sampled_from(sorted(WORKABLE)), soil=st.sampled_from(sorted(SOILS)),
    day=st.integers(0, 29), more=st.floats(0.1, 60),
)  # fmt: skip
def test_more_rain_never_brings_more_hours(seed: int, operation: str, soil: str, day: int, more: float) -> None:
    """On any day, of any operation, on any soil; and hours stay between none and the day's light."""
    rng = np.random.default_rng(seed)
    rain = np.where(rng.random((2, 30)) < 0.4, rng.exponential(8.0, (2, 30)), 0.0)
    low = rng.uniform(0, 20, (2, 30))
    rows = WeatherRows(dates=NOVEMBER, tmin_c=low, tmax_c=low + rng.uniform(0, 12, (2, 30)), rain_mm=rain)
    wetter = rain.copy()
    wetter[:, day] += more
    before, after = hours(operation, rows, soil), hours(operation, replace(rows, rain_mm=wetter), soil)
    assert (after <= before + 1e-9).all()
    assert ((before >= 0) & (before <= 14)).all()


def test_the_soil_forgets_how_it_began_within_weeks_of_drying() -> None:
    dry, wet = (wetness(november(), lat=31.0, begin=begin)[0] for begin in (0.3, 1.0))
    assert dry[0] < wet[0]
    assert 0 <= wet[-1] - dry[-1] < 0.5 * (wet[0] - dry[0])


def test_evaporation_is_that_of_the_published_example() -> None:
    """FAO-56, example 20: Lyon, July, 14.8 and 26.6 C, latitude 45.72 (45 43 N): 5.0 mm a day by Hargreaves."""
    dates = np.array(["2027-07-15"], dtype="datetime64[D]")
    assert evaporation_mm(dates, np.array([14.8]), np.array([26.6]), lat=45.72)[0] == pytest.approx(5.0, abs=0.1)


def test_unknown_names_are_told_what_there_is() -> None:
    with pytest.raises(NotFound, match="there are rice_harvest"):
        hours("ploughing", november())
    with pytest.raises(NotFound, match="there are clay, loam, sand"):
        hours("bale", november(), "peat")
