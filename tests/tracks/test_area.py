"""Worked area: each place once, honest about what it does not know."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Polygon, transform

from nongshi.core.errors import BadInput
from nongshi.geo.plane import Plane
from nongshi.geo.track import UNKNOWN, Track, make_track
from nongshi.synthetic.field_work import FieldWork, make_field_work
from nongshi.synthetic.gnss import ERRORS, PLACE, GnssError, observe
from nongshi.tracks.area import measure, survey

RTK = ERRORS["rtk"]


def seen(work: FieldWork, step_s: float, error: GnssError = RTK, seed: int = 3, **options: object) -> Track:
    rng = np.random.default_rng(seed)
    return observe(work.t_s, work.x_m, work.y_m, step_s, error, rng, working=work.working, **options)  # type: ignore[arg-type]


def degrees(outline: Polygon) -> Polygon:
    return transform(outline, lambda points: np.column_stack(PLACE.to_degrees(points[:, 0], points[:, 1])))


def work_on(shape: str = "rectangle", pattern: str = "back-and-forth", seed: int = 5, **options: object) -> FieldWork:
    chosen: dict[str, object] = {"length_m": 100.0, "breadth_m": 40.0, "speed_m_s": 1.5, **options}
    rng = np.random.default_rng(seed)
    return make_field_work(shape, pattern, 2.5, rng, **chosen)  # type: ignore[arg-type]


def straight(length_m: float, step_m: float = 2.0, y_m: float = 0.0, begin_s: float = 0.0) -> Track:
    """A drive to the east at 1 fix a second, tool down."""
    x_m = np.arange(0.0, length_m + 1e-9, step_m)
    lon, lat = PLACE.to_degrees(x_m, np.full(len(x_m), y_m))
    return make_track("M1", begin_s + np.arange(len(x_m)), lon, lat, working=np.ones(len(x_m), np.int8))


def joined(*parts: Track) -> Track:
    """Tracks one after the other, the tool lifted in between."""
    columns: dict[str, list[float]] = {"time_s": [], "lon": [], "lat": [], "working": []}
    for part in parts:
        for name, values in columns.items():
            values += getattr(part, name).tolist()
        for name, value in (("time_s", part.time_s[-1] + 1), ("lon", part.lon[-1]), ("lat", part.lat[-1])):
            columns[name].append(value)
        columns["working"].append(0)
    working = np.array(columns["working"], dtype=np.int8)
    return make_track(
        "M1", np.array(columns["time_s"]), np.array(columns["lon"]), np.array(columns["lat"]), working=working
    )


@pytest.mark.parametrize(
    ("shape", "pattern"),
    [("rectangle", "back-and-forth"), ("wedge", "blocks"), ("l", "spiral"), ("island", "back-and-forth")],
)
def test_a_well_seen_field_is_measured_to_one_per_cent_whatever_its_shape(shape: str, pattern: str) -> None:
    work = work_on(shape, pattern)
    found = measure(seen(work, 1.0), width_m=2.5, field=degrees(work.field))

    assert found.worked_ha == pytest.approx(work.worked_ha, rel=0.01)
    assert found.low_ha <= work.worked_ha <= found.high_ha


def test_a_fix_every_ten_seconds_loses_no_ends_of_passes() -> None:
    """Without moving the ends out, ten seconds cost some 14 %."""
    work = work_on(length_m=150.0)
    found = measure(seen(work, 10.0), width_m=2.5, field=degrees(work.field))
    assert found.worked_ha == pytest.approx(work.worked_ha, rel=0.02)


def test_ground_worked_twice_counts_once_and_is_named_as_overlap() -> None:
    """
    pass 1  ====================   200 m x 2.5 m
    pass 2  ====================   the same again
    """
    found = measure(joined(straight(200.0), straight(200.0, begin_s=500.0)), width_m=2.5)
    assert found.worked_ha == pytest.approx(0.0505, rel=0.02)  # half a step more at each end: 202 m
    assert found.overlap_ha == pytest.approx(0.0505, rel=0.02)
    assert found.travelled_ha == pytest.approx(0.1010, rel=0.02)


@pytest.mark.parametrize(("gap_m", "closed"), [(0.8, True), (1.1, True), (1.6, False), (2.4, False)])
def test_only_gaps_narrower_than_half_the_width_count_as_worked(gap_m: float, closed: bool) -> None:
    """
    pass 1  ====================
            (gap)
    pass 2  ====================   width 2.5 m: half of it is 1.25 m
    """
    apart = 2.5 + gap_m
    passes = [straight(200.0, y_m=i * apart, begin_s=500.0 * i) for i in range(4)]
    found = survey(joined(*passes), width_m=2.5)
    swaths_ha, gaps_ha = 4 * 0.0505, 3 * 202 * gap_m * 1e-4

    assert found.measured.worked_ha == pytest.approx(swaths_ha + (gaps_ha if closed else 0.0), rel=0.02)
    assert found.measured.skip_ha == pytest.approx(0.0 if closed else gaps_ha, rel=0.1, abs=0.001)


def test_a_forgotten_pass_stays_a_skip_under_a_good_receiver() -> None:
    work = work_on(skipped_passes=1)
    found = measure(seen(work, 1.0), width_m=2.5, field=degrees(work.field))
    assert found.skip_ha == pytest.approx(work.skip_ha, abs=0.01)
    assert work.skip_ha > 0.015


def test_drift_is_found_from_the_passes_alone_and_widens_the_interval() -> None:
    work = work_on(breadth_m=80.0)
    outline = degrees(work.field)
    shares = []
    for name in ("rtk", "drift-0.5", "drift-2"):
        found = survey(seen(work, 1.0, ERRORS[name]), width_m=2.5, field=outline)
        assert found.measured.low_ha <= work.worked_ha <= found.measured.high_ha
        shares.append((found.evidence.drift_m, found.measured.high_ha - found.measured.low_ha))
    assert shares == sorted(shares)
    assert shares[2][0] == pytest.approx(2.0, rel=0.5)


def test_great_drift_is_not_settled_and_says_why_in_both_languages() -> None:
    work = work_on(breadth_m=80.0)
    found = measure(seen(work, 1.0, ERRORS["drift-3"]), width_m=2.5, field=degrees(work.field))
    assert not found.auto_settle
    assert "drift" in found.why
    assert "漂移" in found.why_zh


@pytest.mark.parametrize("minutes", [2, 5])
def test_missing_minutes_are_never_settled_and_lie_inside_the_interval(minutes: int) -> None:
    work = work_on()
    track = seen(work, 2.0, missing=[(600.0, 600.0 + 60 * minutes)])
    found = measure(track, width_m=2.5, field=degrees(work.field))
    assert not found.auto_settle
    assert "missing" in found.why
    assert found.low_ha <= work.worked_ha <= found.high_ha


def test_a_few_lost_fixes_on_a_straight_pass_cost_nothing() -> None:
    track = straight(400.0)
    holed = track.part((np.arange(len(track)) < 50) | (np.arange(len(track)) > 60))
    assert measure(holed, width_m=2.5).worked_ha == pytest.approx(measure(track, width_m=2.5).worked_ha, rel=0.005)


def test_a_machine_that_stood_switched_off_worked_nothing_meanwhile() -> None:
    first, second = straight(200.0), straight(200.0, y_m=2.4, begin_s=4000.0)
    x_m, y_m = np.full(30, 203.0), np.full(30, 1.2)
    lon, lat = PLACE.to_degrees(x_m, y_m)
    off = np.zeros(30, np.int8)
    before = make_track("M1", 101.0 + np.arange(30.0), lon, lat, working=off)
    after = make_track("M1", 3970.0 + np.arange(30.0), lon, lat, working=off)
    parts = [first, before, after, second]
    track = make_track(
        "M1",
        *(np.concatenate([getattr(part, name) for part in parts]) for name in ("time_s", "lon", "lat")),
        working=np.concatenate([part.working for part in parts]),
    )
    assert "missing" not in measure(track, width_m=2.5).why


def test_without_a_switch_the_guess_is_confessed() -> None:
    work = work_on()
    track = observe(work.t_s, work.x_m, work.y_m, 1.0, RTK, np.random.default_rng(1))
    assert (track.working == UNKNOWN).all()
    found = measure(track, width_m=2.5, field=degrees(work.field))
    assert not found.auto_settle
    assert "guessed" in found.why


def test_speed_that_contradicts_the_positions_is_not_settled() -> None:
    work = work_on()
    track = seen(work, 1.0)
    double = make_track(
        "M1", track.time_s, track.lon, track.lat, speed_km_h=track.speed_km_h * 2, working=track.working
    )
    assert "reported speed" in measure(double, width_m=2.5, field=degrees(work.field)).why


def test_work_outside_the_field_does_not_count() -> None:
    work = work_on()
    far = degrees(transform(work.field, lambda points: points + 500.0))
    found = measure(seen(work, 1.0), width_m=2.5, field=far)
    assert found.worked_ha == 0
    assert not found.auto_settle


def test_two_fields_a_kilometre_apart_need_no_raster_between_them() -> None:
    near, far = work_on(), work_on(seed=6)
    late = seen(far, 1.0, seed=4, start_s=RTK_START + 9000)
    lon, lat = PLACE.to_degrees(*(part + 1500.0 for part in PLACE.to_m(late.lon, late.lat)))
    first = seen(near, 1.0)
    both = make_track(
        "M1",
        np.concatenate([first.time_s, late.time_s]),
        np.concatenate([first.lon, lon]),
        np.concatenate([first.lat, lat]),
        working=np.concatenate([first.working, late.working]),
    )
    found = survey(both, width_m=2.5)
    assert len(found.ground) == 2
    assert found.measured.worked_ha == pytest.approx(near.swath_ha + far.swath_ha, rel=0.015)


RTK_START = 1_793_000_000.0


def test_depth_share_is_of_the_way_at_work() -> None:
    track = straight(200.0)
    depth = np.where(np.arange(len(track)) < 25, 25.0, 15.0)
    found = survey(track, width_m=2.5, depth_cm=depth, depth_asked_cm=20.0)
    assert found.depth_share == pytest.approx(0.25)
    assert survey(track, width_m=2.5, depth_asked_cm=20.0).depth_share is None


def test_nothing_worked_is_nothing_measured() -> None:
    track = straight(200.0)
    idle = make_track("M1", track.time_s, track.lon, track.lat, working=np.zeros(len(track), np.int8))
    for one in (idle, track.part(slice(0, 1)), track.part(slice(0, 0))):
        found = measure(one, width_m=2.5)
        assert (found.worked_ha, found.auto_settle) == (0.0, False)
        assert found.why


@pytest.mark.parametrize(
    "wrong", [{"width_m": 0.0}, {"width_m": float("nan")}, {"closing_share": 1.5}, {"accuracy_m": -1.0}]
)
def test_what_cannot_be_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(BadInput):
        measure(straight(100.0), **{"width_m": 2.5, **wrong})


@settings(max_examples=20, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    error=st.sampled_from(sorted(ERRORS)),
    step_s=st.sampled_from([1.0, 5.0, 20.0]),
    shape=st.sampled_from(["rectangle", "wedge", "l", "island"]),
)
def test_worked_area_never_exceeds_the_field(seed: int, error: str, step_s: float, shape: str) -> None:
    work = work_on(shape, seed=seed, length_m=60.0, breadth_m=30.0)
    found = measure(seen(work, step_s, ERRORS[error], seed), width_m=2.5, field=degrees(work.field))
    assert 0 <= found.low_ha <= found.worked_ha <= found.high_ha <= work.field_ha * (1 + 1e-6)


@settings(max_examples=15, deadline=None)
@given(turn_deg=st.floats(0, 360), east_m=st.floats(-2000, 2000), north_m=st.floats(-2000, 2000))
def test_turning_and_moving_a_track_changes_its_area_by_less_than_a_cell_along_the_edge(
    turn_deg: float, east_m: float, north_m: float
) -> None:
    work = work_on(length_m=60.0, breadth_m=30.0)
    track = seen(work, 1.0)
    x_m, y_m = PLACE.to_m(track.lon, track.lat)
    c, s = np.cos(np.radians(turn_deg)), np.sin(np.radians(turn_deg))
    lon, lat = PLACE.to_degrees(x_m * c - y_m * s + east_m, x_m * s + y_m * c + north_m)
    moved = make_track("M1", track.time_s, lon, lat, working=track.working)
    plain = make_track("M1", track.time_s, track.lon, track.lat, working=track.working)
    assert measure(moved, width_m=2.5).worked_ha == pytest.approx(measure(plain, width_m=2.5).worked_ha, rel=0.004)


@settings(max_examples=15, deadline=None)
@given(doubled=st.lists(st.integers(0, 400), min_size=1, max_size=50), seed=st.integers(0, 100))
def test_fixes_sent_twice_and_in_any_order_change_nothing(doubled: list[int], seed: int) -> None:
    track = seen(work_on(length_m=60.0, breadth_m=20.0), 1.0)
    rows = np.concatenate([np.arange(len(track)), np.array(doubled) % len(track)])
    np.random.default_rng(seed).shuffle(rows)
    columns = {name: getattr(track, name)[rows] for name in ("speed_km_h", "course_deg", "working")}
    again = make_track("M1", track.time_s[rows], track.lon[rows], track.lat[rows], **columns)
    assert measure(again, width_m=2.5) == measure(track, width_m=2.5)


@settings(max_examples=15, deadline=None)
@given(cut=st.integers(60, 300), more=st.integers(1, 40))
def test_area_of_swaths_never_falls_when_work_goes_on(cut: int, more: int) -> None:
    """Of the swaths as they were seen; what is closed or told from the pattern of passes may be judged anew."""
    track = seen(work_on(length_m=60.0, breadth_m=30.0), 1.0)
    end = min(cut + more, len(track))
    if end <= cut or not track.working[cut:end].all():
        return
    parts = [survey(track.part(slice(0, stop)), width_m=2.5, accuracy_m=0.02) for stop in (cut, end)]
    before, after = (sum(int(np.bitwise_count(one.covered).sum()) for one in part.ground) for part in parts)
    assert after * 0.0625 >= before * 0.0625 - 3.0  # square metres: the last run's end moves by a step's noise


def test_measuring_in_another_plane_measures_the_same() -> None:
    """The fitted projection is the projection."""
    from nongshi.tracks.area_plane import to_metres

    rng = np.random.default_rng(1)
    lon, lat = 121.2 + rng.uniform(-0.04, 0.04, 1000), 30.8 + rng.uniform(-0.04, 0.04, 1000)
    plane = Plane(121.2, 30.8)
    for fitted, exact in zip(to_metres(plane, lon, lat), plane.to_m(lon, lat), strict=True):
        assert np.abs(fitted - exact).max() < 0.01
