"""The table of varieties keeps the calendar that it was fitted to."""

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from nongshi.agronomy.phenology import stages
from nongshi.agronomy.phenology_fit import errors_d
from nongshi.agronomy.varieties import VARIETIES
from nongshi.agronomy.weather import Daily
from nongshi.bench.calendar_fit import target_seasons
from nongshi.files.weather_files import read_hourly

HOURLY = Path(__file__).resolve().parents[3] / "shared" / "data" / "weather" / "shanghai_hourly_2010_2014.csv"


@pytest.fixture(scope="module")
def shanghai() -> Daily:
    return read_hourly(HOURLY).daily()


@pytest.mark.shared_data("weather/shanghai_hourly_2010_2014.csv")
def test_late_japonica_heads_after_98_days_and_ripens_52_later(shanghai: Daily) -> None:
    """Mean over sowings from 25 May to 8 June in five years of measured weather; within three days of the note."""
    rice, found = VARIETIES["late-japonica"].clock, []
    for year in range(2010, 2015):
        sown = [shanghai.index(date(year, *day)) for day in ((5, 25), (6, 1), (6, 8))]
        run = stages(rice, sown, shanghai.tmean_c, 30.9, first_day=shanghai.first_day, tmin=shanghai.tmin_c)
        found.append(np.column_stack([run.heading[:, 0] - sown, run.maturity[:, 0] - run.heading[:, 0]]))
    heading, ripening = np.mean(found, axis=(0, 1))
    assert abs(heading - 98) < 3
    assert abs(ripening - 52) < 3


@pytest.mark.shared_data("weather/shanghai_hourly_2010_2014.csv")
@pytest.mark.parametrize("variety", VARIETIES)
def test_each_variety_keeps_its_calendar_within_a_few_days(variety: str, shanghai: Daily) -> None:
    """Weather of single years moves stages by a week; the mean must not be off by two days."""
    errors = errors_d(VARIETIES[variety].clock, target_seasons(VARIETIES[variety], shanghai))
    assert abs(errors.mean()) < 2
    assert np.abs(errors).mean() < 6


@pytest.mark.parametrize("variety", VARIETIES)
def test_usual_sowings_ripen_in_a_mild_climate(variety: str) -> None:
    """A smooth year of the lower Yangtze's mean warmth: all usual sowings ripen before their last day."""
    one = VARIETIES[variety]
    first_day = date(2026, 1, 1)
    number = np.arange(730)
    warmth = 17.0 - 12.0 * np.cos(2 * np.pi * (number - 22) / 365)
    begin = (date(2026, *one.sown_from) - first_day).days
    end = (date(2026, *one.sown_to) - first_day).days
    run = stages(one.clock, [begin, end], warmth, 30.9, first_day=first_day)
    assert (run.maturity > 0).all(), [first_day + timedelta(days=int(day)) for day in run.heading[:, 0]]
