"""The numbers that measuring worked area puts in; every one is listed in docs/assumptions.md."""

from nongshi.agronomy import Assumption
from nongshi.tracks import area, area_cross, area_ends, area_error, area_evidence, area_ground, area_runs, area_settle

_DATE = "2026-11-26"
_GUESS = "assumption"
_MEASURED = "constructed fields, seeds from 100,000 on"
_ROWS: tuple[tuple[str, float, str, str], ...] = (
    ("turn", area_runs.TURN_DEG, "degrees", _MEASURED),
    ("gap_steps", area_runs.GAP_STEPS, "usual steps", _GUESS),
    ("near_share", area_runs.NEAR_SHARE, "share of the way driven", _GUESS),
    ("straight_bend", area_runs.STRAIGHT_DEG, "degrees", _GUESS),
    ("straight_way", area_runs.STRAIGHT_SHARE, "share of the way driven", _GUESS),
    ("edge_reach", area_ends.REACH_STEPS, "usual steps", _GUESS),
    ("drift_time", area_cross.TAU_S, "s", "assumption: position errors fade over some ten minutes"),
    ("closing_share", area.CLOSING_SHARE, "share of width", "assumption: to be agreed in the contract"),
    ("skip_prior", area.SKIP_PRIOR, "share of passes", _GUESS),
    ("overlap_prior", area.OVERLAP_PRIOR, "share of width", _GUESS),
    ("closed_max", area.CLOSED_WIDTHS_MAX, "widths", _GUESS),
    ("guess_speed_min", area.GUESS_MIN_KM_H, "km/h", _GUESS),
    ("guess_speed_max", area.GUESS_MAX_KM_H, "km/h", _GUESS),
    ("stood_share", area.STOOD_SHARE, "share of working speed", _GUESS),
    ("leap", area.LEAP_M_S, "m/s", _GUESS),
    ("skip_reach", area_ground.SKIP_WIDTHS, "widths", _GUESS),
    ("white_unknown", area_evidence.WHITE_UNKNOWN_M, "m", _GUESS),
    ("drift_unknown", area_evidence.DRIFT_UNKNOWN_M, "m", _GUESS),
    ("bend_lag", area_evidence.LAG_S, "s", _GUESS),
    ("bend_steering", area_evidence.STEER_M2, "m2", _GUESS),
    ("swapped", area_evidence.SWAPPED_WIDTHS, "widths", _MEASURED),
    ("lone_widens", area_error.LONE_SHARE_MAX, "share of passes", _GUESS),
    ("settle.half_width", area_settle.HALF_SHARE_MAX, "share of the area", _GUESS),
    ("settle.missing", area_settle.HOLE_SHARE_MAX, "share of the area", _GUESS),
    ("settle.fixes", float(area_settle.WORK_FIXES_MIN), "fixes", _GUESS),
    ("settle.lone", area_settle.LONE_SHARE_MAX, "share of passes", _GUESS),
    ("settle.outside", area_settle.OUTSIDE_SHARE_MAX, "share of swaths", _GUESS),
    ("settle.speed_min", area_settle.SPEED_RATIO_MIN, "ratio", _GUESS),
    ("settle.speed_max", area_settle.SPEED_RATIO_MAX, "ratio", _GUESS),
    ("settle.drift", area_settle.DRIFT_WIDTHS_MAX, "widths", _GUESS),
)


def area_assumptions() -> tuple[Assumption, ...]:
    """What was put in, with unit, source and date."""
    return tuple(
        Assumption(name=f"area.{name}", value=value, unit=unit, source=source, date=_DATE)
        for name, value, unit, source in _ROWS
    )
