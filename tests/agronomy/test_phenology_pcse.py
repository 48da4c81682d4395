"""The clock beside PCSE's, by day. PCSE (EUPL) is no part of the project: docs/phenology.md says how to run this."""

import pytest

from nongshi.bench.phenology_pcse import compare_pcse


@pytest.mark.oracle("pcse")
def test_random_runs_reach_every_stage_on_the_day_that_pcse_says() -> None:
    """250 runs over crop, variety, sowing, place and year, most of which ripen (or little would be compared)."""
    found = compare_pcse(250, seed=20261127)
    assert found["different"] == []
    assert found["ripe"] > 200
