"""The wall's map: rings where the towns lie, apart from each other, filled as far as the work is."""

import math
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from nongshi.core.region import LossCurve
from nongshi.site.officer.figures import JobFacts, progress_by
from nongshi.site.officer.wall_map import HEIGHT, WIDTH, WallMap, make_wall_map

NOW = datetime(2026, 11, 27, 8, tzinfo=UTC)
CURVE = LossCurve(id="none", days_late=(0.0,), loss_share=(0.0,))


def fact(town: str, lon: float, lat: float, *, done: bool = False, late: bool = False) -> JobFacts:
    due = NOW - timedelta(days=1) if late else NOW + timedelta(days=3)
    return JobFacts(
        job_id=1, ref="J", town=town, operation="rice_harvest", area_ha=1.0, value_fen=1, open=NOW, due=due,
        curve=CURVE, done=done, ends=NOW if late else None, lonlat=(lon, lat),
    )  # fmt: skip


def drawn(facts: list[JobFacts]) -> WallMap:
    return make_wall_map(facts, progress_by(facts, lambda one: one.town, NOW), NOW)


def test_a_ring_is_filled_as_far_as_the_work_is_done_and_red_as_far_as_it_is_late() -> None:
    facts = [fact("东镇", 121.1, 30.8, done=True), fact("东镇", 121.11, 30.8), fact("西镇", 121.0, 30.8, late=True)]
    east, west = drawn(facts).rings
    assert (east.name, east.percent, east.done, east.late_jobs, east.kind) == ("东镇", 50, 50.0, 0, "ok")
    assert (west.late, west.late_jobs, west.kind) == (100.0, 1, "bad")
    assert east.x > west.x
    assert [dot.kind for dot in drawn(facts).dots] == ["done", "open", "late"]


def test_north_is_up() -> None:
    north, south = drawn([fact("北", 121.0, 31.0), fact("南", 121.0, 30.7)]).rings
    assert north.y < south.y


def test_without_places_there_is_no_map() -> None:
    assert not make_wall_map([], [], NOW).rings


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.floats(120.9, 121.4), st.floats(30.6, 31.0)), min_size=1, max_size=9))
def test_rings_stay_on_the_sheet_and_few_of_them_never_touch(places: list[tuple[float, float]]) -> None:
    rings = drawn([fact(f"镇{n}", lon, lat) for n, (lon, lat) in enumerate(places)]).rings
    assert len(rings) == len(places)
    for ring in rings:
        assert ring.r <= ring.x <= WIDTH - ring.r
        assert ring.r <= ring.y <= HEIGHT - ring.r
    if len(rings) <= 3:
        for a, b in pairwise(sorted(rings, key=lambda one: (one.x, one.y))):
            assert math.hypot(a.x - b.x, a.y - b.y) > a.r + b.r - 1
