"""Worked area of a track: runs laid as swaths, gaps closed, clipped to the field, with a 95 % interval.

The way: fixes to metres; runs split at turns and holes; both ends of each run moved out by what no fix shows;
ribbons on a raster of 0.25 m; gaps narrower than a share of the width closed, wider ones too where the scatter of
passes shows that position error explains them better than a forgotten pass does. docs/area.md.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from shapely import MultiPolygon, Polygon

from nongshi.core.errors import BadInput
from nongshi.core.measured import WorkMeasured
from nongshi.geo.plane import Plane, plane_about
from nongshi.geo.track import UNKNOWN, YES, Track
from nongshi.tracks import area_error, area_settle
from nongshi.tracks.area_cross import spacing
from nongshi.tracks.area_ends import lengthen
from nongshi.tracks.area_evidence import MEASURES, Evidence, drift_within, errors_of, features_of, white_noise
from nongshi.tracks.area_ground import Ground, Lines, Rings, area_ha, lay
from nongshi.tracks.area_plane import to_metres
from nongshi.tracks.area_runs import GAP_STEPS, HOLE, Runs, cuts_between, make_runs, thinned

Floats = NDArray[np.float64]
Flags = NDArray[np.int8]
Outline: TypeAlias = Polygon | MultiPolygon

CLOSING_SHARE = 0.5  # settlement: gaps narrower than so much of the width count as worked
SKIP_PRIOR = 0.03  # assumption: share of passes that a driver forgets
OVERLAP_PRIOR = 0.05  # assumption: of the width, what drivers lap on purpose
CLOSED_WIDTHS_MAX = 1.8  # a wider gap is never put down to position error
GUESS_MIN_KM_H, GUESS_MAX_KM_H = 0.7, 12.0  # assumption: without a switch, fixes of this speed are taken as work
STOOD_SHARE = 0.3  # assumption: a machine slower than that share of its working speed was about to stand
LEAP_M_S = 30.0  # no machine goes faster; a fix that needs more both ways is dropped


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaMeasure:
    """All of a measurement: the noun for money, what it rests on, and the ground for pictures."""

    device_id: str
    measured: WorkMeasured
    evidence: Evidence
    reasons: tuple[tuple[str, str], ...]  # why it is not settled by itself: English, Chinese
    closing_share: float
    closed_m: float  # gaps narrower than this were closed, position error counted in
    depth_share: float | None  # of the way at work, at or below the asked depth; None: no depth
    field_ha: float | None
    plane: Plane
    ground: tuple[Ground, ...]
    lines: Lines


def measure(
    track: Track,
    *,
    width_m: float,
    field: Outline | None = None,
    closing_share: float = CLOSING_SHARE,
    accuracy_m: float | None = None,
) -> WorkMeasured:
    """Worked area of a track with a 95 % interval; see `survey` for the arguments."""
    return survey(track, width_m=width_m, field=field, closing_share=closing_share, accuracy_m=accuracy_m).measured


def survey(
    track: Track,
    *,
    width_m: float,
    field: Outline | None = None,
    closing_share: float = CLOSING_SHARE,
    accuracy_m: float | None = None,
    depth_cm: Floats | None = None,
    depth_asked_cm: float | None = None,
) -> AreaMeasure:
    """Worked area of a track, with evidence and rasters.

    Args:
        track: fixes of one machine; `working` says when the tool was down, UNKNOWN everywhere: guessed by speed.
        width_m: working width.
        field: outline of the field, degrees; worked area never exceeds it.
        closing_share: gaps narrower than this share of the width count as worked; 0 to 0.9.
        accuracy_m: slow position error of each axis, where the receiver's class is known; else estimated.
        depth_cm: (n,) working depth of each fix, nan where not said.
        depth_asked_cm: depth that was asked for.

    Raises:
        BadInput: a width, share or accuracy that cannot be.
    """
    _check(width_m, closing_share, accuracy_m)
    if len(track) < 2:
        return _nothing(track, width_m, closing_share, field)
    plane = _plane(track, field)
    x_m, y_m = to_metres(plane, track.lon, track.lat)
    sound = _without_leaps(track.time_s, x_m, y_m)
    if not sound.all():
        track, x_m, y_m = track.part(sound), x_m[sound], y_m[sound]
        depth_cm = None if depth_cm is None else depth_cm[sound]
    on, known = _at_work(track, x_m, y_m)
    step_s = float(np.median(np.diff(track.time_s)))
    gap_s = GAP_STEPS * step_s
    white_m = white_noise(x_m, y_m, on)
    cut = cuts_between(
        track.time_s,
        x_m,
        y_m,
        on,
        track.speed_km_h / 3.6,
        track.course_deg,
        coarse_m=max(4.0, 6 * white_m),
        gap_s=gap_s,
    )
    runs = make_runs(x_m, y_m, on, cut, base_m=max(1.0, 6 * white_m), move_m=max(0.3, 2 * white_m))
    if len(runs) == 0:
        return _nothing(track, width_m, closing_share, field)
    runs = thinned(runs, max(0.05, 1.5 * white_m))
    rings = None if field is None else _rings(field, plane)
    new_x, new_y, open_m = lengthen(
        runs,
        track.time_s,
        x_m,
        y_m,
        step_s=step_s,
        gap_s=gap_s,
        width_m=width_m,
        course_deg=track.course_deg,
        rings=rings,
    )
    lines = Lines(new_x, new_y, runs.start)
    main = _main_direction(lines)
    along, across = _turned(new_x, new_y, -main)
    of_run = np.repeat(np.arange(len(runs)), np.diff(runs.start))
    told = spacing(along, across, track.time_s[runs.fix], of_run, width_m)
    within_m = drift_within(track.time_s, x_m, y_m, on, cut, step_s, white_m)
    drift_m, scatter_m = errors_of(told, within_m, width_m, accuracy_m)
    closed_m = _closed_m(scatter_m, width_m, closing_share)
    ground = lay(lines, width_m, rings, main=main, gap_m=closed_m, strict_m=closing_share * width_m)
    travelled_m = _length(lines)
    field_ha = None if rings is None else _rings_ha(rings)
    worked_ha = _bounded(sum(area_ha(part.worked) for part in ground), field_ha)
    covered_ha = sum(area_ha(part.covered) for part in ground)
    skip_ha = sum(area_ha(part.skipped) for part in ground)
    moved = np.hypot(np.diff(x_m), np.diff(y_m))
    step_m = float(np.median(moved[on[:-1] == 1]))
    unseen_share = min(1.0, step_m * len(runs) / travelled_m) if travelled_m > 0 else 1.0
    features = features_of(
        width_m=width_m,
        worked_ha=worked_ha,
        strict_ha=min(worked_ha, sum(area_ha(part.strict) for part in ground)),
        covered_ha=min(worked_ha, covered_ha),
        skip_ha=skip_ha,
        open_m=open_m,
        drift_m=drift_m,
        scatter_m=scatter_m,
        reach_m=float(np.ptp(along)),
        span_s=float(np.ptp(track.time_s[on == 1])),
        runs=len(runs),
        unseen_share=unseen_share,
    )
    evidence = Evidence(
        width_m=width_m,
        fixes=len(track),
        work_fixes=int((on == 1).sum()),
        step_s=step_s,
        step_m=step_m,
        white_m=white_m,
        scatter_m=scatter_m,
        drift_m=drift_m,
        drift_given=accuracy_m is not None,
        pairs=told.count,
        runs=len(runs),
        lone_share=_lone_share(runs),
        unseen_share=unseen_share,
        hole_ha=_hole_ha(track.time_s, moved, on, cut, step_s, width_m, field_ha, worked_ha),
        outside_share=_outside_share(ground, travelled_m * width_m * 1e-4),
        speed_ratio=_speed_ratio(track, moved, on, cut),
        working_known=known,
        features=features,
    )
    low_ha, high_ha = area_error.interval_ha(worked_ha, evidence, field_ha=field_ha)
    why = area_settle.reasons(
        evidence, worked_ha=worked_ha, low_ha=low_ha, high_ha=high_ha, field_known=field is not None
    )
    measured = WorkMeasured(
        worked_ha=worked_ha,
        low_ha=low_ha,
        high_ha=high_ha,
        overlap_ha=max(0.0, sum(part.swaths_ha for part in ground) - covered_ha),
        skip_ha=skip_ha,
        travelled_ha=travelled_m * width_m * 1e-4,
        fixes=len(track),
        auto_settle=not why,
        why="; ".join(english for english, _ in why),
        why_zh="；".join(chinese for _, chinese in why),
    )
    return AreaMeasure(
        device_id=track.device_id,
        measured=measured,
        evidence=evidence,
        reasons=tuple(why),
        closing_share=closing_share,
        closed_m=closed_m,
        depth_share=_depth_share(moved, on, cut, depth_cm, depth_asked_cm),
        field_ha=field_ha,
        plane=plane,
        ground=tuple(ground),
        lines=lines,
    )


def _check(width_m: float, closing_share: float, accuracy_m: float | None) -> None:
    if not 0.1 <= width_m <= 60:
        raise BadInput(f"a working width of {width_m} m cannot be; give metres between 0.1 and 60")
    if not 0 <= closing_share <= 0.9:
        raise BadInput(f"a closing share of {closing_share} would count forgotten passes as worked; give 0 to 0.9")
    if accuracy_m is not None and not 0 <= accuracy_m <= 50:
        raise BadInput(f"an accuracy of {accuracy_m} m cannot be; give metres between 0 and 50")


def _plane(track: Track, field: Outline | None) -> Plane:
    if field is None:
        return plane_about(track.lon, track.lat)
    west, south, east, north = field.bounds
    return plane_about([west, east], [south, north])


def _without_leaps(t_s: Floats, x_m: Floats, y_m: Floats) -> NDArray[np.bool_]:
    """False at fixes to which and from which no machine could have come."""
    speed = np.hypot(np.diff(x_m), np.diff(y_m)) / np.diff(t_s)
    sound = np.ones(len(t_s), dtype=bool)
    sound[1:-1] = ~((speed[:-1] > LEAP_M_S) & (speed[1:] > LEAP_M_S))
    return sound


def _at_work(track: Track, x_m: Floats, y_m: Floats) -> tuple[Flags, bool]:
    """1 where the tool is at work, and whether the fixes say so themselves; else by speed alone."""
    if (track.working != UNKNOWN).mean() > 0.5:
        return (track.working == YES).astype(np.int8), True
    moved = np.hypot(np.diff(x_m), np.diff(y_m)) / np.diff(track.time_s) * 3.6
    speed = np.concatenate([moved[:1], (moved[1:] + moved[:-1]) / 2, moved[-1:]])
    return ((speed > GUESS_MIN_KM_H) & (speed < GUESS_MAX_KM_H)).astype(np.int8), False


def _rings(field: Outline, plane: Plane) -> Rings:
    """Closed rings of the outline one after the other, metres, and where each starts."""
    parts = list(field.geoms) if isinstance(field, MultiPolygon) else [field]
    rings = [np.asarray(ring.coords)[:, :2] for part in parts for ring in (part.exterior, *part.interiors)]
    points = np.concatenate(rings)
    x_m, y_m = plane.to_m(points[:, 0], points[:, 1])
    return x_m, y_m, np.concatenate([[0], np.cumsum([len(ring) for ring in rings])])


def _rings_ha(rings: Rings) -> float:
    """Area inside the rings by the even-odd rule: outer rings less holes."""
    x, y, start = rings
    polygons = [Polygon(np.column_stack([x[a:b], y[a:b]])) for a, b in pairwise(start)]
    area = polygons[0]
    for ring in polygons[1:]:
        area = area.symmetric_difference(ring)
    return float(area.area) * 1e-4


def _main_direction(lines: Lines) -> float:
    """Direction of most of the way, radians; back and forth are the same direction."""
    step_x, step_y = _steps(lines)
    twice, length = 2 * np.arctan2(step_y, step_x), np.hypot(step_x, step_y)
    return float(np.arctan2((length * np.sin(twice)).sum(), (length * np.cos(twice)).sum()) / 2)


def _steps(lines: Lines) -> tuple[Floats, Floats]:
    inner = np.ones(len(lines.x_m) - 1, dtype=bool)
    inner[lines.start[1:-1] - 1] = False
    return np.diff(lines.x_m)[inner], np.diff(lines.y_m)[inner]


def _length(lines: Lines) -> float:
    step_x, step_y = _steps(lines)
    return float(np.hypot(step_x, step_y).sum())


def _turned(x: Floats, y: Floats, angle: float) -> tuple[Floats, Floats]:
    c, s = np.cos(angle), np.sin(angle)
    return x * c - y * s, x * s + y * c


def _closed_m(scatter_m: float, width_m: float, closing_share: float) -> float:
    """Gap up to which position error explains it better than a forgotten pass: equal weight of two normal densities.

    With scatter s, lap o and prior p of a forgotten pass, gaps are N(-o w, s) or N(w - 2 o w, s).
    """
    contract = closing_share * width_m
    lap = OVERLAP_PRIOR
    middle = width_m * (1 - 3 * lap) / 2
    odds = float(np.log((1 - SKIP_PRIOR) / SKIP_PRIOR))
    even = middle + scatter_m**2 * odds / (width_m * (1 - lap))
    return max(contract, min(CLOSED_WIDTHS_MAX * width_m, even if even > 0.5 * width_m else 0.0))


def _bounded(area: float, field_ha: float | None) -> float:
    return max(0.0, area if field_ha is None else min(area, field_ha))


def _lone_share(runs: Runs) -> float:
    first, last = runs.start[:-1], runs.start[1:] - 1
    return float((runs.fix[first] == runs.fix[last]).mean())


def _hole_ha(
    t_s: Floats,
    moved: Floats,
    on: Flags,
    cut: Flags,
    step_s: float,
    width_m: float,
    field_ha: float | None,
    worked_ha: float,
) -> float:
    """Ground that could have been worked while fixes were missing; a machine that stood switched off worked none."""
    wait = np.diff(t_s)
    at_work = (on[:-1] == 1) & (cut[:-1] != HOLE) & (wait < GAP_STEPS * step_s)
    if not at_work.any():
        return 0.0
    speed = float(np.median(moved[at_work] / wait[at_work]))
    stood = np.concatenate([[True], moved / wait < STOOD_SHARE * speed, [True]])
    parked = (on[:-1] != 1) & (on[1:] != 1) & stood[:-2] & stood[2:] & (moved < 2 * width_m + 10.0)
    hole = (cut[:-1] == HOLE) & ~parked
    lost_ha = float(((wait[hole] - step_s) * speed).sum()) * width_m * 1e-4
    return lost_ha if field_ha is None else min(lost_ha, max(0.0, field_ha - worked_ha))


def _outside_share(ground: list[Ground], travelled_ha: float) -> float:
    """Of the swaths, what lies outside the field."""
    return max(0.0, 1 - sum(part.swaths_ha for part in ground) / travelled_ha) if travelled_ha > 0 else 0.0


def _speed_ratio(track: Track, moved: Floats, on: Flags, cut: Flags) -> float:
    """Way by positions over way by reported speed, of fixes at work; nan where speed is not reported."""
    use = (on[:-1] == 1) & (on[1:] == 1) & (cut[:-1] == 0)
    told = (track.speed_km_h[:-1] + track.speed_km_h[1:]) / 7.2 * np.diff(track.time_s)
    use &= np.isfinite(told)
    if use.sum() < 10 or told[use].sum() <= 0:
        return float("nan")
    return float(moved[use].sum() / told[use].sum())


def _depth_share(moved: Floats, on: Flags, cut: Flags, depth_cm: Floats | None, asked_cm: float | None) -> float | None:
    if depth_cm is None or asked_cm is None:
        return None
    use = (on[:-1] == 1) & (cut[:-1] != HOLE) & np.isfinite(depth_cm[:-1])
    way = float(moved[use].sum())
    return float(moved[use & (depth_cm[:-1] >= asked_cm)].sum()) / way if way > 0 else None


def _nothing(track: Track, width_m: float, closing_share: float, field: Outline | None) -> AreaMeasure:
    """Nothing was worked, or nothing can be told."""
    plane = Plane(0.0, 0.0) if len(track) == 0 else _plane(track, field)
    evidence = Evidence(
        width_m=width_m,
        fixes=len(track),
        work_fixes=0,
        step_s=0.0,
        step_m=0.0,
        white_m=0.0,
        scatter_m=0.0,
        drift_m=0.0,
        drift_given=False,
        pairs=0,
        runs=0,
        lone_share=0.0,
        unseen_share=0.0,
        hole_ha=0.0,
        outside_share=0.0,
        speed_ratio=float("nan"),
        working_known=bool((track.working != UNKNOWN).any()),
        features=np.zeros(len(MEASURES)),
    )
    why = area_settle.reasons(evidence, worked_ha=0.0, low_ha=0.0, high_ha=0.0, field_known=field is not None)
    measured = WorkMeasured(
        worked_ha=0.0,
        low_ha=0.0,
        high_ha=0.0,
        overlap_ha=0.0,
        skip_ha=0.0,
        travelled_ha=0.0,
        fixes=len(track),
        auto_settle=False,
        why=why[0][0],
        why_zh=why[0][1],
    )
    return AreaMeasure(
        device_id=track.device_id,
        measured=measured,
        evidence=evidence,
        reasons=tuple(why),
        closing_share=closing_share,
        closed_m=closing_share * width_m,
        depth_share=None,
        field_ha=None if field is None else _rings_ha(_rings(field, plane)),
        plane=plane,
        ground=(),
        lines=Lines(np.zeros(0), np.zeros(0), np.zeros(1, np.int64)),
    )
