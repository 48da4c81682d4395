"""When a crop comes up, heads and ripens."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.agronomy.plain_phenology import plain_stages

from nongshi.agronomy.crop_parameters import CropParameters
from nongshi.agronomy.phenology import FROST, LATE, NEVER, RIPENS, UNKNOWN, stages
from nongshi.bench.phenology_cases import CROPS, SOWN_FROM, draw_crop, draw_weather
from nongshi.core.errors import BadInput

SPRING = date(2027, 5, 1)
STEADY = np.full(300, 20.0)  # 12 degree-days a day above the base of 8
CROP = CropParameters(
    emergence_c_d=60.0,
    emergence_base_c=8.0,
    emergence_top_c=30.0,
    heading_c_d=600.0,
    ripening_c_d=360.0,
    warm=((8.0, 0.0), (30.0, 22.0)),
)


def test_days_of_the_stages_follow_from_degree_days_alone() -> None:
    """60 / 12 = 5 days to emerge, 50 to head, 30 to ripen, the day of sowing counted."""
    run = stages(CROP, [10], STEADY, 30.8, first_day=SPRING)
    assert (run.emergence[0, 0], run.heading[0, 0], run.maturity[0, 0]) == (14, 64, 94)
    assert run.risk[0, 0] == RIPENS


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10_000), crop=st.sampled_from(CROPS))
def test_plain_loops_say_the_same_day_for_every_run(seed: int, crop: str) -> None:
    """Four sowings in two years of weather, two of them transplanted, on latitudes from 20 to 40."""
    rng = np.random.default_rng(seed)
    first_day = date(int(rng.integers(1990, 2030)), 1, 1) + timedelta(days=SOWN_FROM[crop])
    varieties = [replace(draw_crop(crop, rng), shock_d=int(rng.integers(0, 6))) for _ in range(2)] * 2
    weather = np.stack([draw_weather(first_day, 420, rng) for _ in range(2)])
    sown, planted, lat = rng.integers(0, 40, 4), np.array([-1, 60, 70, -1]), rng.uniform(20, 40, 4)
    run = stages(varieties, sown, weather, lat, first_day=first_day, transplanted_day=planted)
    for i in range(4):
        for row in range(2):
            plain = plain_stages(
                varieties[i], sown[i], weather[row].tolist(), lat[i], first_day=first_day, planted=planted[i]
            )
            assert (run.emergence[i, row], run.heading[i, row], run.maturity[i, row]) == plain


@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 10_000), crop=st.sampled_from(CROPS), warmer=st.floats(0.1, 3.0))
def test_stages_come_in_order_and_later_sowing_never_ripens_earlier_without_cold(
    seed: int, crop: str, warmer: float
) -> None:
    """And warmth below the best temperature never delays: what makes a sum of degrees a clock."""
    rng = np.random.default_rng(seed)
    variety = replace(draw_crop(crop, rng), day_full_h=None, day_critical_h=None, cold_full_d=None, cold=())
    variety = replace(variety, warm=((variety.warm[0][0], 0.0), (60.0, 50.0)))
    first_day = date(2027, 1, 1) + timedelta(days=SOWN_FROM[crop])
    weather = draw_weather(first_day, 420, rng)
    both = stages(variety, np.arange(0, 40, 5), np.stack([weather, weather + warmer]), 31.0, first_day=first_day)
    last = np.where(both.maturity == NEVER, 10_000, both.maturity)
    assert (np.diff(last, axis=0) >= 0).all()
    assert (last[:, 1] <= last[:, 0]).all()
    ripe = both.maturity != NEVER
    assert ((both.emergence < both.heading) & (both.heading < both.maturity))[ripe].all()


def test_a_short_day_crop_heads_later_under_long_days() -> None:
    short = replace(CROP, day_full_h=12.5, day_critical_h=16.6)
    run = stages([short, CROP], [0, 0], STEADY, 31.0, first_day=SPRING)
    north = stages(short, [0], STEADY, 40.0, first_day=SPRING)
    assert run.heading[0, 0] > run.heading[1, 0] + 10
    assert north.heading[0, 0] > run.heading[0, 0]


def test_a_winter_crop_waits_for_cold() -> None:
    """Under constant warmth cold never comes, until the share of the way that needs none; here it gets none at all."""
    winter = replace(CROP, cold_full_d=40.0, cold=((3.0, 1.0), (8.0, 1.0), (17.0, 0.0)), cold_until=0.3)
    warm = stages(winter, [0], STEADY, 31.0, first_day=SPRING)
    chilled = STEADY.copy()
    chilled[20:80] = 9.0
    cold = stages(winter, [0], chilled, 31.0, first_day=SPRING)
    assert warm.heading[0, 0] == NEVER
    assert cold.heading[0, 0] > 80


def test_what_does_not_ripen_says_why_and_has_no_day_of_ripeness() -> None:
    """Sown too late for its last day; ended by frost; and weather that ends too early to tell."""
    capped = replace(CROP, ripe_by=(8, 15))
    tender = replace(CROP, frost_kills_c=0.0)
    nights = np.full(300, 10.0)
    nights[70] = -1.0
    run = stages([capped, capped, tender, CROP], [5, 40, 40, 250], STEADY, 31.0, first_day=SPRING, tmin=nights)
    assert run.risk[:, 0].tolist() == [RIPENS, LATE, FROST, UNKNOWN]
    assert (run.maturity[1:, 0] == NEVER).all()
    assert run.heading[1, 0] > 0


def test_frost_after_ripeness_or_before_emergence_does_no_harm() -> None:
    tender, nights = replace(CROP, frost_kills_c=0.0), np.full(300, 10.0)
    nights[[2, 95, 200]] = -2.0
    run = stages(tender, [10], STEADY, 31.0, first_day=SPRING, tmin=nights)
    assert run.maturity[0, 0] == 94
    nights[94] = -2.0
    assert stages(tender, [10], STEADY, 31.0, first_day=SPRING, tmin=nights).risk[0, 0] == FROST


def test_a_seen_heading_restarts_the_run_from_that_day() -> None:
    """Heading seen on day 70 instead of 64: thirty days later it is ripe; what was before stays before."""
    run = stages(CROP, [10, 10], STEADY, 31.0, first_day=SPRING, seen_stage=[1, -1], seen_day=[70, -1])
    assert run.heading[:, 0].tolist() == [70, 64]
    assert run.maturity[:, 0].tolist() == [100, 94]
    early = stages(CROP, [10], STEADY, 31.0, first_day=SPRING, seen_stage=[1], seen_day=[12])
    assert (early.emergence[0, 0], early.heading[0, 0], early.maturity[0, 0]) == (12, 12, 42)
    ripe = stages(CROP, [10], STEADY, 31.0, first_day=SPRING, seen_stage=[2], seen_day=[90])
    assert (ripe.heading[0, 0], ripe.maturity[0, 0], ripe.risk[0, 0]) == (64, 90, RIPENS)


def test_a_seedling_stands_still_after_transplanting() -> None:
    crop = replace(CROP, shock_d=4)
    run = stages(crop, [10, 10], STEADY, 31.0, first_day=SPRING, transplanted_day=[30, -1])
    assert run.heading[:, 0].tolist() == [68, 64]


def test_runs_that_are_the_same_and_runs_that_are_not_come_back_in_their_places() -> None:
    rng = np.random.default_rng(3)
    weather, sown = np.stack([draw_weather(SPRING, 300, rng) for _ in range(3)]), rng.integers(0, 60, 200)
    together = stages(CROP, sown, weather, 31.0, first_day=SPRING)
    for i in (0, 77, 199):
        alone = stages(CROP, sown[i : i + 1], weather[1], 31.0, first_day=SPRING)
        assert together.maturity[i, 1] == alone.maturity[0, 0]


def test_nothing_sown_gives_nothing() -> None:
    assert stages(CROP, np.empty(0, dtype=int), STEADY, 31.0, first_day=SPRING).maturity.shape == (0, 1)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"sown_day": [300]}, "sown_day must lie from 0 to 299"),
        ({"tmean": [20.0, np.nan]}, "finite numbers; fill gaps first"),
        ({"tmin": np.zeros(7)}, "give both for the same days"),
        ({"crop": [CROP, CROP]}, "2 varieties for 1 sowings"),
        ({"seen_stage": [1]}, "seen_day is missing"),
        ({"transplanted_day": [400]}, "transplanted_day must lie"),
    ],
)
def test_what_cannot_be_is_refused(given: dict[str, object], told: str) -> None:
    whole: dict[str, object] = {"crop": CROP, "sown_day": [0], "tmean": STEADY, "lat": 31.0, "first_day": SPRING}
    with pytest.raises(BadInput, match=told):
        stages(**{**whole, **given})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"heading_c_d": 0.0}, "heading_c_d must be above 0"),
        ({"warm": ((8.0, 0.0), (8.0, 1.0))}, "temperatures of warm must rise"),
        ({"day_full_h": 12.0}, "together"),
        ({"cold_full_d": 20.0}, "needs the table"),
        ({"ripe_by": (2, 31)}, "no month and day"),
    ],
)
def test_a_clock_that_cannot_run_is_refused(changed: dict[str, object], told: str) -> None:
    with pytest.raises(BadInput, match=told):
        replace(CROP, **changed)  # type: ignore[arg-type]
