"""What happens is drawn by seed, kind by kind."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from nongshi.core.errors import BadInput
from nongshi.simulate.hazards import CALM, HAZARDS
from nongshi.simulate.truth import draw_truth, usual_hours, work_hours
from nongshi.synthetic import make_region

REGION = make_region(fields=60, machines=None, load=1.0, season="rice-harvest", seed=2)
YEARS = {date(2010, 1, 1) + timedelta(days=i): float(i % 5 == 0) * 12.0 for i in range(3 * 365)}


def test_one_hazard_does_not_move_another() -> None:
    plain = draw_truth(REGION, 4, HAZARDS, YEARS)
    rough = draw_truth(REGION, 4, replace(HAZARDS, breakdown_share=0.5), YEARS)
    assert np.isfinite(rough.breaks_s).sum() > np.isfinite(plain.breaks_s).sum()
    for name in ("rain_mm", "absent", "called_d", "slowness"):
        np.testing.assert_array_equal(getattr(plain, name), getattr(rough, name))
    assert plain.dry == rough.dry


def test_rates_and_shares_come_out_as_the_table_says() -> None:
    hazards = replace(HAZARDS, breakdown_share=0.1, no_show_share=0.1)
    truths = [draw_truth(REGION, seed, hazards) for seed in range(40)]
    slowness = np.concatenate([truth.slowness for truth in truths])
    assert slowness.mean() == pytest.approx(1.0, abs=0.02)
    assert np.log(slowness).std() == pytest.approx(hazards.rate_spread, rel=0.05)
    assert np.mean([np.isfinite(truth.breaks_s).mean() for truth in truths]) == pytest.approx(0.1, abs=0.02)
    assert np.mean([truth.absent.mean() for truth in truths]) == pytest.approx(0.1, abs=0.02)


def test_calm_means_that_nothing_happens() -> None:
    truth = draw_truth(REGION, 1, CALM)
    assert not np.isfinite(truth.breaks_s).any()
    assert not truth.absent.any()
    assert (truth.slowness == 1.0).all()
    assert (truth.called_d == 0).all()
    hours = {(row.machine_class, row.start, row.end) for row in work_hours(REGION, truth, CALM, 0)}
    assert hours == {(name, *(span or (None, None))) for name, span in usual_hours(REGION).items()}


def test_a_morning_sees_today_as_it_is_and_later_days_as_forecast() -> None:
    truth = draw_truth(REGION, 5, HAZARDS, YEARS)
    wet = truth.rain_mm >= HAZARDS.rain_stops_mm
    assert wet.any()
    for morning in range(REGION.horizon_days):
        rows = work_hours(REGION, truth, HAZARDS, morning)
        today = [row for row in rows if (row.date - REGION.start_date).days == morning]
        assert all(
            (row.start is None) == bool(wet[morning]) for row in today if row.machine_class.startswith("combine")
        )
        assert min(row.date for row in rows) == REGION.start_date + timedelta(days=morning)
    assert truth.dry[0][4:] == (True,) * (REGION.horizon_days - 4)  # beyond the forecast a dry day is expected


def test_nobody_knows_of_a_job_before_the_one_that_it_follows() -> None:
    region = make_region(fields=60, machines=None, load=1.0, season="may-turnround", seed=3, chains=True)
    truth = draw_truth(region, 2, replace(HAZARDS, late_call_share=0.6))
    called = {job.id: int(day) for job, day in zip(region.jobs, truth.called_d, strict=True)}
    pairs = [(called[job.id], called[job.after_job_id]) for job in region.jobs if job.after_job_id is not None]
    assert pairs
    assert all(mine >= before for mine, before in pairs)
    assert any(mine > 0 for mine, _ in pairs)


def test_weather_that_does_not_cover_the_season_is_refused() -> None:
    with pytest.raises(BadInput, match=r"no year from 2010-01-01 to 2010-03-31 covers 14 days around 01 November"):
        draw_truth(REGION, 1, HAZARDS, {date(2010, 1, 1) + timedelta(days=i): 0.0 for i in range(90)})
