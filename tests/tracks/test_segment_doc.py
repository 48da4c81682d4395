"""The page about segmentation says the numbers that the code has."""

from pathlib import Path

import pytest

from nongshi.files.segment_model import packaged_model
from nongshi.tracks import features_cells, features_motion, segment, segment_train, thinned_dbscan

PAGE = Path(__file__).resolve().parents[2] / "docs" / "segmentation.md"


@pytest.mark.parametrize(
    ("names", "values"),
    [
        (("CELL_M",), f"{features_cells.CELL_M:g} m"),
        (("STAND_M_S",), f"{features_motion.STAND_M_S:g} m/s"),
        (("GAP_S", "PASS_GAP_S"), f"{features_motion.GAP_S:g} s"),
        (("IDLE_S", "IDLE_WITHIN_M"), f"{segment.IDLE_S:g} s, {segment.IDLE_WITHIN_M:g} m"),
        (
            ("OUTLINE_LOG_ODDS", "OUTLINE_KM_H_MAX"),
            f"{segment.OUTLINE_LOG_ODDS:g}, {segment.OUTLINE_KM_H_MAX:g} km/h",
        ),
        (("RADIUS_M", "SHARE"), f"{thinned_dbscan.RADIUS_M:g} m, {thinned_dbscan.SHARE:g}"),
        (
            ("EVIDENCE_S", "LOG_ODDS_MAX", "switch"),
            f"{segment.EVIDENCE_S:g} s, {segment.LOG_ODDS_MAX:g}, {packaged_model().switch:g}",
        ),
    ],
)
def test_the_page_names_each_number_as_it_is(names: tuple[str, ...], values: str) -> None:
    row = "| " + ", ".join(f"`{name}`" for name in names) + f" | {values} |"
    assert row in PAGE.read_text(encoding="utf-8")


def test_silences_count_alike_in_speeds_and_in_passes() -> None:
    assert features_motion.GAP_S == features_cells.PASS_GAP_S


def test_the_page_tells_the_size_of_the_packaged_forest_and_of_the_trainer() -> None:
    options = segment_train.TrainOptions()
    assert len(packaged_model().roots) == options.trees
    assert f"{options.trees} trees of {options.leaves} leaves" in PAGE.read_text(encoding="utf-8")
