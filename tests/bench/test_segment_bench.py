"""Labelled sheets: dirt in them is mended or dropped and counted; files stay whole in folds."""

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st
from tests.tracks.segment_world import road_and_strips

from nongshi.bench.segment import bench_segment, fold_of
from nongshi.bench.segment_data import make_labelled, mend_times, read_labelled
from nongshi.bench.segment_rules import best_dbscan, disputed
from nongshi.core.errors import BadInput, NotFound
from nongshi.synthetic.machine_days import make_machine_days
from nongshi.tracks.segment_train import TrainOptions, f1_scores, make_sample

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
HEAD = ["time", "longitude", "latitude", "tags"]


def test_a_wrong_year_gets_the_day_of_its_neighbours_and_keeps_its_hour() -> None:
    rows = [HEAD, *([f"2018/4/11 5:22:{s:02d}", 123.02, 41.49 + s * 1e-5, 0] for s in range(50, 60))]
    rows[5] = ["2028/4/11 5:22:54", *rows[5][1:]]
    found = make_labelled("dirty", rows)
    assert found.rows_dropped == 0
    assert np.diff(found.track.time_s).tolist() == [1.0] * 9


def test_two_date_formats_rows_out_of_order_doubles_and_rubbish() -> None:
    rows = [
        HEAD,
        ["2018/4/24 5:49:04", 118.9, 37.8, 1.0],
        ["2018-04-24 05:49:02", "118.8", "37.8", "0"],
        ["2018-04-24 05:49:02", "118.7", "37.8", "0"],
        ["0000-00-00 00:00:00", 118.8, 37.8, 1],
        ["2018-04-24 05:49:06", 0.0, 0.0, 1],
        ["2018-04-24 05:49:07", 118.8, 37.8, "?"],
    ]
    found = make_labelled("dirty", rows)
    assert found.track.lon.tolist() == [118.8, 118.9]
    assert found.field.tolist() == [0, 1]
    assert found.rows_dropped == 4


def test_a_moment_just_before_midnight_keeps_its_own_day() -> None:
    sound = datetime(2018, 4, 12, 0, 0, 5, tzinfo=UTC).timestamp()
    stray = datetime(2028, 4, 11, 23, 59, 58, tzinfo=UTC).timestamp()
    assert mend_times(np.array([sound, stray, sound + 1])).tolist() == [sound, sound - 7, sound + 1]


def test_a_sheet_without_labels_says_which_column_is_missing() -> None:
    with pytest.raises(BadInput, match="label"):
        make_labelled("bare", [["time", "longitude", "latitude"]])


def test_a_folder_without_sheets_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        read_labelled(tmp_path)


@given(sizes=st.lists(st.integers(1, 30_000), min_size=5, max_size=80))
def test_folds_hold_every_file_once_and_about_the_same_number_of_fixes(sizes: list[int]) -> None:
    folds = fold_of(sizes)
    held = [sum(size for size, at in zip(sizes, folds, strict=True) if at == fold) for fold in range(5)]
    assert sum(held) == sum(sizes)
    assert max(held) - min(held) <= max(sizes)
    assert set(folds) == set(range(5))


def test_scores_are_those_of_the_textbook() -> None:
    road, work, macro = f1_scores(np.array([1, 1, 1, 0], np.int8), np.array([True, True, False, False]))
    assert (work, road) == (pytest.approx(0.8), pytest.approx(2 / 3))
    assert macro == pytest.approx((0.8 + 2 / 3) / 2)


def test_a_file_whose_strips_are_called_road_is_in_dispute_and_an_honest_one_is_not() -> None:
    track, field = road_and_strips()
    honest, swapped = (make_sample(track, label.astype(np.int8)) for label in (field, ~field))
    assert disputed([honest, swapped]) == [1]


def test_the_bench_measures_every_method_on_sheets_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("lightgbm")
    monkeypatch.setattr("nongshi.bench.segment.OPTIONS", TrainOptions(trees=5, leaves=4, rate=0.3))
    monkeypatch.setattr("nongshi.bench.segment_rules.GRID", ((25.0, 30), (25.0, 100)))
    days = [day for day in make_machine_days(12, seed=21) if 0.1 < day.field.mean() < 0.9]
    days = sorted(days, key=lambda day: len(day.track))[:5]
    for number, day in enumerate(days):
        write_sheet(tmp_path / f"day_{number}.xlsx", day)
    found = bench_segment(tmp_path)["sets"][tmp_path.name]
    rows = {row["method"]: row["macro_f1"] for row in found["rows"] if "macro_f1" in row}
    assert {"dbscan", "speed", "thinned", "cross_validated", "shipped"} <= set(rows)
    assert rows["shipped"] > 0.8
    assert found["fixes_per_cpu_s"] > 0


@pytest.mark.shared_data("tracks/tractor/tractor_13.xlsx")
def test_the_year_2028_of_a_measured_file_is_mended(tmp_path: Path) -> None:
    (tmp_path / "one.xlsx").symlink_to(SHARED / "tracks/tractor/tractor_13.xlsx")
    found = read_labelled(tmp_path)
    assert found[0].rows_dropped == 0
    assert found[0].track.time_s[-1] - found[0].track.time_s[0] < 86_400
    assert best_dbscan(found)["macro_f1"] > 0.9


def write_sheet(path: Path, day) -> None:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEAD)
        for i in range(len(day.track)):
            moment = datetime.fromtimestamp(day.track.time_s[i], UTC).strftime("%Y-%m-%d %H:%M:%S")
            sheet.write_row(i + 1, 0, [moment, day.track.lon[i], day.track.lat[i], int(day.field[i])])
