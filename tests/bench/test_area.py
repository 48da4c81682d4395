"""The bench of worked area says what it measured, and fits intervals that hold what they shall."""

from pathlib import Path

import numpy as np
import pytest

from nongshi.bench import area, area_methods
from nongshi.bench.area_calibrate import calibrate
from nongshi.bench.area_cases import CLASSES, make_cases
from nongshi.geo.track import make_track
from nongshi.synthetic.gnss import PLACE


def test_every_class_is_reported_with_and_without_outline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(area, "speed", lambda seed: [])
    figures = area.bench_area([4], out=tmp_path)
    assert len(figures["classes"]) == 2 * len(CLASSES)
    assert all({"error", "coverage", "width", "buffer_error"} <= set(line) for line in figures["classes"])
    assert figures["generated"] is True
    assert (tmp_path / "area.json").exists()


def test_a_seed_draws_the_same_cases_again() -> None:
    first, again = (next(iter(make_cases(11))) for _ in range(2))
    assert np.array_equal(first.track.lon, again.track.lon)


def test_summary_counts_what_the_interval_holds() -> None:
    base = {"name": "x", "field_known": True, "truth_ha": 1.0, "auto_settle": True}
    rows = [
        {**base, "worked_ha": 1.01, "low_ha": 0.95, "high_ha": 1.05},
        {**base, "worked_ha": 0.90, "low_ha": 0.88, "high_ha": 0.92, "auto_settle": False},
    ]
    line = area.summarise(rows)[0]
    assert (line["coverage"], line["settled"]) == (50.0, 50.0)
    assert line["error"] == pytest.approx(5.5)
    assert line["bias"] == pytest.approx(-4.5)
    assert line["settled_error"] == pytest.approx(1.0)


def test_fitted_intervals_hold_ninety_five_per_cent_of_unseen_cases() -> None:
    """Errors drawn from a known law: variance 0.0004 f0^2 + f1^2."""
    rng = np.random.default_rng(3)

    def draw(count: int) -> list[dict[str, object]]:
        rows: list[dict[str, object]] = []
        for _ in range(count):
            features = np.zeros(9)
            features[0], features[1] = 1.0, rng.uniform(0.0, 0.05)
            error = rng.normal(0, np.sqrt(4e-4 + features[1] ** 2))
            rows.append(
                {
                    "name": "a",
                    "truth_ha": 1.0,
                    "worked_ha": 1 + error,
                    "features": features + 1e-9,
                    "missing_ha": 0.0,
                    "lone_share": 0.0,
                    "regime": 0,
                }
            )
        return rows

    fitted = calibrate(draw(3000))
    held = 0
    unseen = draw(3000)
    for row in unseen:
        deviation = np.sqrt((np.array(fitted["variance"]) * np.array(row["features"]) ** 2).sum())
        error = float(row["worked_ha"]) - 1  # type: ignore[arg-type]
        held += -fitted["reach"][0][1] * deviation <= error <= fitted["reach"][0][0] * deviation
    assert 0.94 < held / len(unseen) < 0.98  # a little more than 95 %: the fit keeps a margin for what it has not seen


def test_the_others_do_what_their_names_say() -> None:
    x_m = np.arange(0.0, 101.0, 2.0)
    lon, lat = PLACE.to_degrees(np.concatenate([x_m, x_m[::-1]]), np.zeros(2 * len(x_m)))
    track = make_track("M1", np.arange(float(len(lon))), lon, lat, working=np.ones(len(lon), np.int8))
    assert area_methods.distance_width_ha(track, 2.0) == pytest.approx(0.04, rel=1e-3)
    assert area_methods.buffer_union_ha(track, 2.0, None) == pytest.approx(
        0.02, rel=0.03
    )  # a flat end less at the way back
