"""Moving a day holds nobody up, leaves off when asked to, and loses nothing; old last positions of people go."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from nongshi.gateway import day_files
from nongshi.gateway import store as store_module
from nongshi.gateway.day_files import day_start_ms
from nongshi.gateway.store import PositionStore
from nongshi.geo.track import make_track
from nongshi.tracks.privacy import Retention

pytest.importorskip("duckdb")
DAY, TODAY = date(2026, 11, 1), date(2026, 11, 6)
FIXES = 40


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> PositionStore:
    monkeypatch.setattr(day_files, "CHUNK", 7)
    monkeypatch.setattr(store_module, "DROP_CHUNK", 5)
    found = PositionStore(tmp_path / "store")
    for name in ("T2", "T1"):
        found.insert_track(track(name))
    return found


def track(name: str) -> "store_module.Track":
    time_s = day_start_ms(DAY) / 1000 + 60.0 * np.arange(FIXES)
    return make_track(name, time_s, np.full(FIXES, 121.2), np.full(FIXES, 30.8))


@pytest.mark.parametrize("looks", [1, 30, 79, 82, 90])
def test_a_roll_that_is_stopped_anywhere_has_every_fix_once_and_is_finished_by_the_next(
    store: PositionStore, looks: int
) -> None:
    before = [store.rows(name, 0, 2**53) for name in ("T1", "T2")]
    left = looks

    def stopped() -> bool:
        nonlocal left
        left -= 1
        return left < 0

    assert store.roll(TODAY, stopped=stopped) == []
    assert [store.rows(name, 0, 2**53) for name in ("T1", "T2")] == before
    assert store.roll(TODAY) == [DAY]
    assert [store.rows(name, 0, 2**53) for name in ("T1", "T2")] == before
    assert (store.hot.count(), store.count()) == (0, 2 * FIXES)
    assert store.last()["T1"][1] == before[0][-1][0]


def test_a_fix_that_comes_while_its_day_is_moved_stays_until_the_next_roll(
    store: PositionStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = store.days.write
    number, late_ms = store.number_of("T1"), day_start_ms(DAY) + 1

    def write_and_hear(day: date, rows: object) -> int:
        found = write(day, rows)  # type: ignore[arg-type]
        store.insert([(number, late_ms, 1, 1, 0, 0, 0, 0, 0, None)])
        return found

    monkeypatch.setattr(store.days, "write", write_and_hear)
    store.roll(TODAY)
    monkeypatch.undo()
    assert store.hot.count() == 1
    store.roll(TODAY)
    assert (store.hot.count(), len(store.replay("T1", 0, 2e9))) == (0, FIXES + 1)


def test_the_last_position_of_a_person_goes_with_the_exact_days_and_a_machines_stays(store: PositionStore) -> None:
    store.roll(TODAY)
    store.tidy_people(["T1"], date(2026, 11, 8), Retention(people_exact_d=7))
    assert set(store.last()) == {"T1", "T2"}
    store.tidy_people(["T1"], date(2026, 11, 9), Retention(people_exact_d=7))
    assert set(store.last()) == {"T2"}
    store.close()
    again = PositionStore(store.folder)
    assert set(again.last()) == {"T2"}


def test_parts_that_waited_too_long_are_deleted(store: PositionStore) -> None:
    for at_s in (10.0, 20.0):
        store.hot.commit([], [(("1", 0x0704, int(at_s), 3), 1, b"a", at_s)])
    store.hot.drop_parts(15.0)
    assert [row[2] for row in store.hot.parts(0.0)] == [20]


def test_a_span_without_an_end_is_read_from_day_files_too(store: PositionStore) -> None:
    store.roll(TODAY)
    assert len(store.replay("T1", 0.0, 2.0**40)) == FIXES
