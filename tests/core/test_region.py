from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.dispatch import drawn

from nongshi.core.region import Job, LossCurve

DAY = datetime(2026, 11, 1, tzinfo=UTC)


def job(area_ha: float, part_max_ha: float | None) -> Job:
    return Job(
        id="J",
        field_id="F",
        operation="harvest",
        area_ha=area_ha,
        open=DAY,
        due=DAY,
        close=DAY,
        value_fen=1,
        loss_curve="late",
        part_max_ha=part_max_ha,
    )


@st.composite
def curves(draw: st.DrawFn) -> LossCurve:
    """Convex and non-decreasing from (0, 0), as the reader lets them in."""
    steps = draw(st.lists(st.tuples(st.floats(0.01, 5), st.floats(0, 0.3)), min_size=0, max_size=4))
    slopes = sorted(slope for _, slope in steps)
    late_d, share = [0.0], [0.0]
    for (width, _), slope in zip(steps, slopes, strict=True):
        late_d.append(late_d[-1] + width)
        share.append(share[-1] + width * slope)
    return LossCurve(id="drawn", days_late=tuple(late_d), loss_share=tuple(share))


@pytest.mark.parametrize(
    ("area_ha", "part_max_ha", "parts"),
    [
        (4.0, None, 1),
        (2.0, 2.0, 1),
        (1.9, 2.0, 1),
        (2.1, 2.0, 2),
        (4.0, 2.0, 2),  # exact multiples are not rounded up
        (0.3, 0.1, 3),  # 0.3 / 0.1 is 2.9999999999999996
        (0.7, 0.1, 7),  # 0.7 / 0.1 is 6.999999999999999
        (1.1, 0.1, 11),  # 1.1 / 0.1 is 11.000000000000002
        (2.0 * 3 + 1e-10, 2.0, 3),  # within 1e-9 of a whole number of parts
        (2.0 * 3 + 1e-6, 2.0, 4),  # and this is not
    ],
)
def test_a_job_has_as_few_equal_parts_as_its_limit_allows(area_ha, part_max_ha, parts) -> None:
    assert job(area_ha, part_max_ha).parts == parts


@given(area_ha=st.floats(0.01, 500), part_max_ha=st.floats(0.01, 500))
def test_no_part_is_larger_than_its_limit_and_one_fewer_would_be(area_ha: float, part_max_ha: float) -> None:
    parts = job(area_ha, part_max_ha).parts
    assert area_ha / parts <= part_max_ha * (1 + 1e-9)
    assert parts == 1 or area_ha / (parts - 1) > part_max_ha * (1 - 1e-9)


@given(curve=curves(), late_d=st.floats(-10, 50), more_d=st.floats(0, 20))
def test_ending_later_never_loses_less_and_never_more_than_everything(curve, late_d, more_d) -> None:
    """Earliest times are best: what the whole planner builds on."""
    before, after = curve.share(late_d), curve.share(late_d + more_d)
    assert 0 <= before <= after + 1e-12
    assert after <= 1
    assert late_d > 0 or before == 0


@pytest.mark.parametrize(
    ("late_d", "share"), [(0.0, 0.0), (0.5, 0.05), (1.0, 0.1), (1.5, 0.2), (2.0, 0.3), (3.0, 0.5), (9.0, 1.0)]
)
def test_the_last_slope_goes_on_beyond_the_last_knot_up_to_everything(late_d: float, share: float) -> None:
    curve = LossCurve(id="late", days_late=(0.0, 1.0, 2.0), loss_share=(0.0, 0.1, 0.3))
    assert curve.share(late_d) == pytest.approx(share)


def test_a_curve_of_one_knot_loses_nothing() -> None:
    assert LossCurve(id="none", days_late=(0.0,), loss_share=(0.0,)).share(30.0) == 0


def test_a_region_says_what_it_holds_and_that_it_is_generated() -> None:
    text = "<Region drawn: 3 fields, 3 jobs, 1 machines, 1 operators, 2 days from 2026-11-01, generated>"
    assert repr(drawn.region()) == text


def test_nouns_are_found_by_their_ids() -> None:
    region = drawn.region()
    assert region.job_of["B"].parts == 2
    assert region.class_of["tractor"].licence is None
    assert region.rate_ha_h["combine", "harvest"] == 1.0
    assert ("tractor", "harvest") not in region.rate_ha_h
