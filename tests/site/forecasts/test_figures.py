"""What pages count of a forecast."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st
from tests.site.forecasts import drawn

from nongshi.site.forecasts.figures import lacks, layer, quantile, region_lacks
from nongshi.site.forecasts.season_json import read_season

HOURS = st.lists(st.floats(0, 1e6), min_size=1, max_size=40)


def test_a_lack_in_single_years_only_stands_behind_and_is_not_sure() -> None:
    doc = read_season(drawn.text(short_h=(0.0, 20.0, 216.0)))
    (one,) = lacks(doc)
    assert (one.sure, one.count, one.high) == (False, 0, 4)


def test_weeks_that_are_over_are_not_told() -> None:
    doc = read_season(drawn.text())
    assert lacks(doc, drawn.FIRST + timedelta(weeks=2)) == []
    assert len(lacks(doc, drawn.FIRST + timedelta(days=13))) == 1


def test_a_regions_lack_is_that_of_the_sums_of_each_scenario() -> None:
    given_ = drawn.document()
    for row in given_["operator_shortage"]:
        if row["week"] == 1:  # one town short where the other is not: the sum never falls to nothing
            row["short_h_scenarios"] = [0.0, 108.0] * 2 if row["town"] == drawn.TOWNS[0] else [108.0, 0.0] * 2
        else:
            row["short_h_scenarios"] = [0.0] * 4
    import json

    (one,) = region_lacks(read_season(json.dumps(given_)))
    assert one.people == (2.0, 2.0, 2.0)


def test_a_layer_begins_at_its_worst_week() -> None:
    assert layer(read_season(drawn.text()), "operators", "S").first_week == 1


@given(HOURS, st.floats(0, 1), st.floats(0, 1))
def test_quantiles_rise_and_stay_among_the_values(values: list[float], one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert quantile(values, low) <= quantile(values, high) + 1e-6
    assert min(values) - 1e-6 <= quantile(values, high) <= max(values) + 1e-6
