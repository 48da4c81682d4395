"""Clocks and limits fitted to what was seen."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from nongshi.agronomy.climate import default_generator
from nongshi.agronomy.phenology import stages
from nongshi.agronomy.phenology_fit import Seen, errors_d, fit
from nongshi.agronomy.simplex import least
from nongshi.agronomy.soil_water import wetness
from nongshi.agronomy.varieties import VARIETIES
from nongshi.agronomy.weather import Daily
from nongshi.agronomy.workable import falls
from nongshi.agronomy.workable_fit import fit_needs
from nongshi.agronomy.workable_table import WORKABLE
from nongshi.core.errors import BadInput

FIRST = date(2001, 1, 1)
ROWS = default_generator().years(1, seed=8, first_day=FIRST, days=4 * 365)
WEATHER = Daily(dates=ROWS.dates, tmin_c=ROWS.tmin_c[0], tmax_c=ROWS.tmax_c[0], rain_mm=ROWS.rain_mm[0])
TMEAN = WEATHER.tmean_c
CLOCK = replace(VARIETIES["late-japonica"].clock, ripe_by=None)


def watched(heading_c_d: float, ripening_c_d: float, *, per_year: int = 3) -> list[Seen]:
    """Fields of a variety with other sums than the table's, as its own clock has them ripen."""
    true, found = replace(CLOCK, heading_c_d=heading_c_d, ripening_c_d=ripening_c_d), []
    for year in range(2001, 2004):
        for place in range(per_year):
            sown = date(year, 5, 15) + timedelta(days=7 * place)
            run = stages(true, [(sown - FIRST).days], TMEAN, 30.9, first_day=FIRST)
            heading, maturity = (FIRST + timedelta(days=int(x[0, 0])) for x in (run.heading, run.maturity))
            found.append(Seen(sown=sown, heading=heading, maturity=maturity, lat=30.9, first_day=FIRST, tmean=TMEAN))
    return found


def test_the_clock_behind_the_dates_is_found_again() -> None:
    seen = watched(1160.0, 660.0)
    found = fit(CLOCK, seen, prior_sd={"heading_c_d": 0.2, "ripening_c_d": 0.2}, seen_sd_d=1.0, steps=100)
    assert np.abs(errors_d(found, seen)).mean() < 0.8 < np.abs(errors_d(CLOCK, seen)).mean()
    assert found.heading_c_d == pytest.approx(1160.0, rel=0.02)
    assert found.ripening_c_d == pytest.approx(660.0, rel=0.03)


def test_one_odd_report_moves_a_variety_little_and_many_move_it_far() -> None:
    """Shrinkage: what a single field says is mostly the field's own."""
    odd = watched(1250.0, 704.0, per_year=1)[:1]
    many = watched(1250.0, 704.0)
    after_one, after_many = (fit(CLOCK, seen, steps=60).heading_c_d for seen in (odd, many))
    assert CLOCK.heading_c_d < after_one < after_many
    assert after_many == pytest.approx(1250.0, rel=0.03)


def test_nothing_seen_is_refused() -> None:
    bare = Seen(sown=date(2001, 5, 20), lat=30.9, first_day=FIRST, tmean=TMEAN)
    with pytest.raises(BadInput, match="give a day of heading or of maturity"):
        fit(CLOCK, [bare])


def test_limits_behind_a_log_of_idle_days_are_found_again() -> None:
    """A contractor on heavy land stops long before the table says; a season's log tells."""
    table = WORKABLE["rice_harvest"]
    full = wetness(WEATHER, lat=30.9)[0]
    worked = (falls(full, 0.55, 0.7) * falls(WEATHER.rain_mm, 0.3, 2.0) > 0.5).astype(float)
    worked[::3] = np.nan  # days on which nobody wanted to work
    found = fit_needs("rice_harvest", WEATHER, worked)
    told = falls(full, found.soil_free, found.soil_stop) > 0.5
    before = falls(full, table.soil_free, table.soil_stop) > 0.5
    true = full < 0.625
    assert (told == true).mean() > 0.97 > (before == true).mean()
    assert found.source.startswith("fitted to")
    assert found.dew_h == table.dew_h


def test_a_log_too_short_or_of_other_days_is_refused() -> None:
    with pytest.raises(BadInput, match="give 20 or more"):
        fit_needs("bale", WEATHER, np.where(np.arange(len(WEATHER)) < 5, 1.0, np.nan))
    with pytest.raises(BadInput, match="one entry a day"):
        fit_needs("bale", WEATHER, np.ones(7))


def test_the_simplex_finds_the_bottom_of_a_bent_valley() -> None:
    """Rosenbrock's function, least at (1, 1)."""
    bottom = least(lambda x: float(100 * (x[1] - x[0] ** 2) ** 2 + (1 - x[0]) ** 2), np.array([-1.0, 1.0]), 1200)
    assert np.allclose(bottom, 1.0, atol=0.02)
