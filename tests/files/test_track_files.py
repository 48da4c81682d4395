"""Track files: any order in, the same track out; rubbish is named by row and column."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nongshi.core.errors import BadFiles, NotFound
from nongshi.files.track_files import read_tracks, read_tracks_with, write_tracks
from nongshi.geo.track import make_track

ROWS = """device_id,time,lon,lat,speed_km_h,course_deg,working
T2,2026-11-05T07:30:02+08:00,121.2,30.8,4.5,90,1
T1,2026-11-05T07:30:05+08:00,121.3,30.8,,,
T1,2026-11-04T23:30:00Z,121.1,30.8,3,0,0
T1,2026-11-05T07:30:05+08:00,121.9,30.8,9,,1
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "fixes.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_fixes_are_sorted_by_device_and_time_and_of_doubles_the_first_is_kept(tmp_path: Path) -> None:
    second, first = read_tracks(written(tmp_path, ROWS))
    assert (second.device_id, first.device_id) == ("T2", "T1")
    assert first.lon.tolist() == [121.1, 121.3]
    assert np.diff(first.time_s).tolist() == [5.0]
    assert first.working.tolist() == [0, -1]
    assert np.isnan(first.speed_km_h[1])


@pytest.mark.parametrize(
    ("bad", "column"),
    [
        ("T1,2026-11-05 07:30:00,121,30,,,", "time"),
        ("T1,yesterday,121,30,,,", "time"),
        ("T1,2026-11-05T07:30:00Z,east,30,,,", "lon"),
        ("T1,2026-11-05T07:30:00Z,121,95,,,", "lat"),
        ("T1,2026-11-05T07:30:00Z,nan,30,,,", "lon"),
        ("T1,2026-11-05T07:30:00Z,121,30,-3,,", "speed_km_h"),
        ("T1,2026-11-05T07:30:00Z,121,30,,,maybe", "working"),
        (" ,2026-11-05T07:30:00Z,121,30,,,", "device_id"),
    ],
)
def test_a_cell_that_cannot_be_right_is_named_by_row_and_column(tmp_path: Path, bad: str, column: str) -> None:
    with pytest.raises(BadFiles) as told:
        read_tracks(written(tmp_path, ROWS + "\n" + bad + "\n"))
    assert [(fault.row, fault.column) for fault in told.value.faults] == [(7, column)]


@pytest.mark.parametrize(
    ("text", "word"), [("", "empty"), ("device_id,time,lon\n", "lat"), (ROWS.splitlines()[0] + "\n", "no fix")]
)
def test_a_file_without_fixes_says_what_it_lacks(tmp_path: Path, text: str, word: str) -> None:
    with pytest.raises(BadFiles, match=word):
        read_tracks(written(tmp_path, text))


def test_a_missing_file_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        read_tracks(tmp_path / "none.csv")


def test_a_packed_file_cut_off_is_named(tmp_path: Path) -> None:
    path = tmp_path / "fixes.csv.gz"
    write_tracks(path, read_tracks(written(tmp_path, ROWS)))
    assert len(read_tracks(path)) == 2
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(BadFiles, match="unpacked"):
        read_tracks(path)


@given(st.lists(st.tuples(st.integers(0, 10**6), st.floats(121, 122), st.floats(30, 31)), min_size=1, max_size=30))
def test_what_is_written_is_read_again(tmp_path_factory: pytest.TempPathFactory, fixes: list[tuple]) -> None:
    time_s, lon, lat = (np.array(column, float) for column in zip(*fixes, strict=True))
    track = make_track("T", time_s + 1.7e9, lon.round(8), lat.round(8))
    path = tmp_path_factory.mktemp("tracks") / "t.csv"
    write_tracks(path, [track])
    (again,) = read_tracks(path)
    assert again.time_s.tolist() == track.time_s.tolist()
    assert again.lon.tolist() == track.lon.tolist()
    assert again.lat.tolist() == track.lat.tolist()


def test_states_and_depths_come_along_in_the_order_of_the_fixes(tmp_path: Path) -> None:
    text = (
        "device_id,time,lon,lat,state,depth_cm\n"
        "T,2026-11-05T07:30:01Z,121,30,road,\nT,2026-11-05T07:30:00Z,121,30,work,25.5\n"
    )
    ((_, more),) = read_tracks_with(written(tmp_path, text), ("state", "depth_cm", "absent"))
    assert more["state"].tolist() == ["work", "road"]
    assert more["depth_cm"][0] == 25.5
    assert np.isnan(more["depth_cm"][1])
    assert "absent" not in more
