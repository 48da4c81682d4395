"""Scenarios drawn from measured weather: as wet, as warm and as various as it was."""

from datetime import date

import numpy as np
import pytest

from nongshi.agronomy.climate import HIGH_C, LOW_C, RAIN_MM, default_generator
from nongshi.agronomy.weather import Daily, month_of_each
from nongshi.agronomy.weather_fit import fit_generator
from nongshi.agronomy.weather_generator import WET_MM
from nongshi.core.errors import BadInput


@pytest.fixture(scope="module")
def twelve_years() -> Daily:
    """Generated weather stands in for measured weather; its chances are known."""
    rows = default_generator().years(1, seed=5, first_day=date(2001, 1, 1), days=12 * 365)
    assert rows.wind_m_s is not None
    assert rows.dew_point_c is not None
    return Daily(
        dates=rows.dates, tmin_c=rows.tmin_c[0], tmax_c=rows.tmax_c[0], rain_mm=rows.rain_mm[0],
        wind_m_s=rows.wind_m_s[0], dew_point_c=rows.dew_point_c[0],
    )  # fmt: skip


def test_drawn_years_are_like_the_measured_ones(twelve_years: Daily) -> None:
    """Mean, wet days, rain, spread from day to day and of months, of a hundred drawn years beside twelve measured."""
    drawn = fit_generator(twelve_years).years(100, seed=1, first_day=date(2027, 1, 1), days=365)
    month, measured = month_of_each(drawn.dates), month_of_each(twelve_years.dates)
    for each in range(0, 12, 2):
        warm, was = drawn.tmean_c[:, month == each], twelve_years.tmean_c[measured == each]
        assert warm.mean() == pytest.approx(was.mean(), abs=0.9)
        assert warm.std() == pytest.approx(was.std(), rel=0.25)
        wet, were = drawn.rain_mm[:, month == each] >= WET_MM, twelve_years.rain_mm[measured == each] >= WET_MM
        assert wet.mean() == pytest.approx(were.mean(), abs=0.07)
    assert drawn.rain_mm.sum(axis=1).mean() == pytest.approx(twelve_years.rain_mm.sum() / 12, rel=0.1)
    assert drawn.wind_m_s is not None
    assert twelve_years.wind_m_s is not None
    assert drawn.wind_m_s.mean() == pytest.approx(twelve_years.wind_m_s.mean(), rel=0.05)


def test_the_same_seed_draws_the_same_and_another_another(twelve_years: Daily) -> None:
    generator = fit_generator(twelve_years)
    one, same, other = (generator.years(3, seed=s, first_day=date(2027, 1, 1), days=50) for s in (1, 1, 2))
    assert (one.rain_mm == same.rain_mm).all()
    assert (one.tmin_c != other.tmin_c).any()


def test_what_comes_after_known_days_goes_on_from_them(twelve_years: Daily) -> None:
    """After a warm wet day tomorrow is likelier warm and wet; two months on nothing of it is left."""
    generator = fit_generator(twelve_years)
    known = twelve_years.between(date(2005, 1, 1), date(2005, 3, 31))
    warm = known.tmin_c.copy()
    warm[-3:] += 8
    rain_dry, rain_wet = known.rain_mm.copy(), known.rain_mm.copy()
    rain_dry[-1], rain_wet[-1] = 0.0, 20.0
    columns = {"dates": known.dates, "tmin_c": warm, "tmax_c": np.maximum(known.tmax_c, warm) + 8}
    after_wet = generator.ahead(Daily(rain_mm=rain_wet, **columns), 2000, seed=1, days=70)
    after_dry = generator.ahead(Daily(rain_mm=rain_dry, **columns), 2000, seed=1, days=70)
    plain = generator.ahead(known, 2000, seed=1, days=70)
    assert after_wet.first_day == date(2005, 4, 1)
    assert (after_wet.rain_mm[:, 0] > 0).mean() > (after_dry.rain_mm[:, 0] > 0).mean() + 0.15
    assert after_dry.tmean_c[:, 0].mean() > plain.tmean_c[:, 0].mean() + 2
    assert after_dry.tmean_c[:, 60:].mean() == pytest.approx(plain.tmean_c[:, 60:].mean(), abs=0.4)


def test_fewer_years_make_wider_seasons_and_a_sentence(twelve_years: Daily) -> None:
    few = twelve_years.between(date(2001, 1, 1), date(2003, 12, 31))
    assert "3.0 years" in fit_generator(few).said[-1].en
    assert fit_generator(twelve_years).said == twelve_years.said == ()
    with pytest.raises(BadInput, match="give two years or more"):
        fit_generator(few.between(date(2001, 1, 1), date(2002, 6, 30)))


def test_days_left_out_are_not_looked_at(twelve_years: Daily) -> None:
    """Whatever stands in a year left out, the chances stay the same: what a test on that year needs."""
    learn = (twelve_years.dates < np.datetime64("2004-01-01")) | (twelve_years.dates > np.datetime64("2004-12-31"))
    changed = Daily(
        dates=twelve_years.dates, tmin_c=np.where(learn, twelve_years.tmin_c, -20.0),
        tmax_c=np.where(learn, twelve_years.tmax_c, 45.0), rain_mm=np.where(learn, twelve_years.rain_mm, 99.0),
    )  # fmt: skip
    plain = Daily(
        dates=twelve_years.dates, tmin_c=twelve_years.tmin_c, tmax_c=twelve_years.tmax_c, rain_mm=twelve_years.rain_mm
    )
    fitted = [fit_generator(one, learn=learn) for one in (changed, plain)]
    drawn = [generator.years(2, seed=1, first_day=date(2027, 1, 1), days=60) for generator in fitted]
    assert (drawn[0].tmin_c == drawn[1].tmin_c).all()
    assert (drawn[0].rain_mm == drawn[1].rain_mm).all()


def test_drawn_weather_is_possible(twelve_years: Daily) -> None:
    drawn = fit_generator(twelve_years).years(50, seed=3, first_day=date(2028, 1, 1), days=366)
    assert (drawn.tmax_c >= drawn.tmin_c).all()
    assert (drawn.rain_mm >= 0).all()
    assert drawn.dew_point_c is not None
    assert (drawn.dew_point_c <= drawn.tmax_c).all()


def test_a_place_without_records_has_the_normals_wider_and_says_so() -> None:
    generator = default_generator()
    drawn = generator.years(300, seed=1, first_day=date(2027, 1, 1), days=365)
    month = month_of_each(drawn.dates)
    for each in range(12):
        assert drawn.tmean_c[:, month == each].mean() == pytest.approx((LOW_C[each] + HIGH_C[each]) / 2, abs=1.0)
    assert drawn.rain_mm.sum(axis=1).mean() == pytest.approx(sum(RAIN_MM), rel=0.1)
    assert "no weather records of this place" in generator.said[0].en
    assert "没有气象记录" in generator.said[0].zh


def test_nothing_to_draw_is_refused(twelve_years: Daily) -> None:
    with pytest.raises(BadInput, match="at least one row"):
        default_generator().years(0, seed=1, first_day=date(2027, 1, 1), days=10)
