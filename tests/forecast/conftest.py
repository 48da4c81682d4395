"""One made-up season for the tests of the room."""

import pytest

from nongshi.synthetic.season_world import MadeSeason, make_season


@pytest.fixture(scope="package")
def made() -> MadeSeason:
    """Two towns, ten weeks from the first of May on, in the middle of which the forecast is made."""
    from datetime import date

    return make_season(towns=2, weeks=10, seed=3, scenarios=30, today=date(2027, 5, 24), load=1.5)
