"""Constructed work is what it says: its truth follows from its path by geometry."""

import numpy as np
import pytest
from shapely import Polygon

from nongshi.core.errors import BadInput
from nongshi.synthetic.field_shapes import SHAPES, make_outline
from nongshi.synthetic.field_work import make_field_work


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("pattern", ["back-and-forth", "spiral", "blocks"])
@pytest.mark.parametrize("width_m", [1.2, 6.0])
def test_a_field_worked_without_skips_is_worked_nearly_whole(shape: str, pattern: str, width_m: float) -> None:
    work = make_field_work(shape, pattern, width_m, np.random.default_rng(2), length_m=120.0, breadth_m=50.0)  # type: ignore[arg-type]
    assert 0.96 * work.field_ha < work.worked_ha <= work.field_ha
    assert work.worked_ha <= work.swath_ha
    assert work.skip_ha == pytest.approx(work.field_ha - work.worked_ha)


def test_truth_of_passes_that_just_touch_is_exact() -> None:
    """
    100 m x 10 m, tool 2 m, no lap, no steering: 5 passes, nothing twice, nothing left
    """
    field = Polygon([(0, 0), (100, 0), (100, 10), (0, 10)])
    rng = np.random.default_rng(1)
    work = make_field_work(field, "back-and-forth", 2.0, rng, overlap_share=0.0, steer_m=0.0)
    assert work.worked_ha == pytest.approx(0.1, rel=1e-9)
    assert work.overlap_ha == pytest.approx(0.0, abs=1e-6)


def test_a_forgotten_pass_is_missing_in_the_truth() -> None:
    options = {"length_m": 100.0, "breadth_m": 40.0, "steer_m": 0.0, "overlap_share": 0.0}
    whole = make_field_work("rectangle", "back-and-forth", 2.0, np.random.default_rng(1), **options)
    less = make_field_work("rectangle", "back-and-forth", 2.0, np.random.default_rng(1), skipped_passes=2, **options)
    assert whole.worked_ha - less.worked_ha == pytest.approx(2 * 100 * 2.0 * 1e-4, rel=0.01)


def test_the_tool_is_up_in_turns_and_at_stops_unless_told_otherwise() -> None:
    work = make_field_work("rectangle", "back-and-forth", 2.5, np.random.default_rng(3), stops=2, stop_s=60.0)
    stands = np.hypot(np.diff(work.x_m), np.diff(work.y_m)) < 1e-9
    assert stands.sum() > 300
    assert not work.working[:-1][stands].any()
    down = make_field_work("rectangle", "back-and-forth", 2.5, np.random.default_rng(3), working_in_turns=True)
    assert down.working.all()


def test_same_seed_same_field() -> None:
    first, again = (make_field_work("wedge", "blocks", 2.0, np.random.default_rng(9)) for _ in range(2))
    assert np.array_equal(first.x_m, again.x_m)
    assert first.worked_ha == again.worked_ha


def test_an_island_is_no_field() -> None:
    outline = make_outline("island", 100.0, 50.0, np.random.default_rng(1))
    assert outline.area < 100 * 50
    assert len(outline.interiors) == 1


@pytest.mark.parametrize("wrong", [{"width_m": 0.0}, {"width_m": 2.0, "overlap_share": 0.7}])
def test_what_no_driver_could_do_is_refused(wrong: dict[str, float]) -> None:
    width_m = wrong.pop("width_m")
    with pytest.raises(BadInput):
        make_field_work("rectangle", "spiral", width_m, np.random.default_rng(1), **wrong)  # type: ignore[arg-type]
