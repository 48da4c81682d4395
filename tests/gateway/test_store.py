"""Positions are kept once, the last never goes backwards, and a day reads the same wherever it lies."""

import random
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nongshi.gateway.day_files import DAY_MS, day_start_ms
from nongshi.gateway.fix_row import TIME, Row, rows_of, track_of
from nongshi.gateway.store import PositionStore
from nongshi.geo.track import make_track
from nongshi.tracks.privacy import Retention

pytest.importorskip("duckdb")
DAY = date(2026, 11, 3)


def row(device: int, time_ms: int, lon: float = 121.1) -> Row:
    return (device, time_ms, round(lon * 1e7), 308_000_000, 45, 90, 4, 0, 0, None)


@pytest.fixture
def store(tmp_path: Path) -> PositionStore:
    return PositionStore(tmp_path / "store")


def test_a_fix_that_comes_twice_is_kept_once_as_it_came_first(store: PositionStore) -> None:
    device = store.number_of("T1")
    assert store.insert([row(device, 1000, 121.1), row(device, 1000, 121.9)]) == 1
    assert store.insert([row(device, 1000, 121.5), row(device, 2000)]) == 1
    assert store.replay("T1", 0, 9).lon.tolist() == [121.1, 121.1]


def test_a_late_fix_does_not_move_the_last_position_backwards(store: PositionStore) -> None:
    device = store.number_of("T1")
    store.insert([row(device, 5000, 121.5)])
    store.insert([row(device, 3000, 121.3), row(device, 4000, 121.4)])
    assert store.last()["T1"][TIME] == 5000
    assert len(store.replay("T1", 0, 9)) == 3
    assert store.last(["other"]) == {}


def test_a_day_reads_the_same_before_and_after_it_is_rolled(store: PositionStore) -> None:
    first = day_start_ms(DAY)
    for name in ("T1", "T2"):
        device = store.number_of(name)
        store.insert([row(device, first + k * 60_000, 121.0 + k / 1000) for k in range(1440 * 2)])
    before = [store.rows(name, first - DAY_MS, first + 3 * DAY_MS) for name in ("T1", "T2")]
    box = (121.0, 30.0, 121.5, 31.0, first / 1000, first / 1000 + 2 * 86_400)
    counted = store.in_box(*box)
    assert store.roll(date(2026, 11, 6), hot_days=2) == [DAY, date(2026, 11, 4)]
    assert store.hot.count() == 0
    assert [store.rows(name, first - DAY_MS, first + 3 * DAY_MS) for name in ("T1", "T2")] == before
    assert store.in_box(*box) == counted
    assert store.count() == 2 * 2880
    assert store.last()["T1"][TIME] == first + (2880 - 1) * 60_000


def test_a_fix_that_comes_after_its_day_was_rolled_joins_it(store: PositionStore) -> None:
    first, device = day_start_ms(DAY), store.number_of("T1")
    store.insert([row(device, first + 1000)])
    store.roll(date(2026, 11, 9))
    store.insert([row(device, first + 500), row(device, first + 1000, 121.9)])
    assert [found[0] for found in store.rows("T1", first, first + 9000)] == [first + 500, first + 1000]
    store.roll(date(2026, 11, 9))
    assert store.hot.count() == 0
    kept = store.replay("T1", first / 1000, first / 1000 + 9)
    assert kept.lon.tolist() == [121.1, 121.1]


def test_what_is_too_old_goes_and_one_person_can_be_forgotten(store: PositionStore) -> None:
    first = day_start_ms(DAY)
    for name in ("T1", "T2"):
        store.insert([row(store.number_of(name), first + day * DAY_MS + 1) for day in range(4)])
    store.roll(date(2026, 11, 6), hot_days=1)
    assert store.retain(date(2026, 11, 4)) == [DAY]
    assert store.count() == 6
    store.forget("T2")
    assert store.count() == 3
    assert "T2" not in store.last()
    assert len(store.replay("T1", first / 1000, first / 1000 + 9 * 86_400)) == 3


def test_a_broken_day_file_keeps_the_rows(store: PositionStore, monkeypatch: pytest.MonkeyPatch) -> None:
    store.insert([row(store.number_of("T1"), day_start_ms(DAY) + 1)])

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("nongshi.gateway.day_files._settle", full)
    with pytest.raises(OSError, match="No space"):
        store.roll(date(2026, 11, 9))
    assert store.count() == 1


def test_peoples_days_become_coarse_and_go_while_machines_stay_exact(store: PositionStore) -> None:
    first = day_start_ms(DAY)
    for name in ("person", "machine"):
        device = store.number_of(name)
        store.insert([row(device, first + k * 10_000, 121.1 + k / 1e5) for k in range(720)])
    store.roll(date(2026, 11, 9))
    rules = Retention(people_exact_d=7, people_d=90)
    for today, count in ((date(2026, 11, 10), 720), (date(2026, 11, 11), 8), (date(2026, 11, 12), 8)):
        store.tidy_people(["person"], today, rules)
        assert len(store.rows("person", first, first + DAY_MS)) == count
    assert np.isnan(store.replay("person", first / 1000, first / 1000 + 86_400).speed_km_h).all()
    store.tidy_people(["person"], date(2027, 2, 2), rules)
    assert store.rows("person", first, first + DAY_MS) == []
    assert len(store.rows("machine", first, first + DAY_MS)) == 720


@given(seed=st.integers(0, 10**6))
def test_any_order_and_any_batches_end_in_the_same_store(tmp_path_factory: pytest.TempPathFactory, seed: int) -> None:
    draw = random.Random(seed)
    rows = [row(1 + k % 3, 1000 * (k // 3), 121 + k / 1000) for k in range(60)]
    shuffled = rows * 2
    draw.shuffle(shuffled)
    store = PositionStore(tmp_path_factory.mktemp("any") / "s")
    for name in ("A", "B", "C"):
        store.number_of(name)
    while shuffled:
        size = draw.randint(1, 25)
        store.insert(shuffled[:size])
        del shuffled[:size]
    assert {found[TIME] for found in store.last().values()} == {19_000}
    assert [store.replay(name, 0, 100).lon.tolist() for name in "ABC"] == [
        [round(121 + k / 1000, 7) for k in range(first, 60, 3)] for first in range(3)
    ]
    store.close()


def test_a_track_comes_back_from_its_rows() -> None:
    track = make_track(
        "T",
        np.array([1.5, 2.5]),
        np.array([121.1, 121.2]),
        np.array([30.1, 30.2]),
        speed_km_h=np.array([np.nan, 4.5]),
        course_deg=np.array([359.0, np.nan]),
        working=np.array([1, -1], np.int8),
    )
    again = track_of("T", [found[1:] for found in rows_of(track, 7)])
    for name in ("time_s", "lon", "lat", "speed_km_h", "course_deg", "working"):
        np.testing.assert_array_equal(getattr(again, name), getattr(track, name))


def test_what_another_process_wrote_is_the_last_position_too(store: PositionStore) -> None:
    store.insert([row(store.number_of("T1"), 1000)])
    assert store.last()["T1"][TIME] == 1000
    other = PositionStore(store.folder)
    other.insert([row(other.number_of("T1"), 2000), row(other.number_of("T2"), 500)])
    assert {name: found[TIME] for name, found in store.last().items()} == {"T1": 2000, "T2": 500}
    assert store.number_of("T2") == other.number_of("T2")
    other.close()
