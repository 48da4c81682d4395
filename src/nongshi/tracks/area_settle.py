"""Whether money may rest on a measured area without a person looking, and why not."""

import numpy as np

from nongshi.tracks.area_error import parts_ha
from nongshi.tracks.area_evidence import Evidence

HALF_SHARE_MAX = 0.05  # assumption: an interval of more than 5 % to either side is for a person to settle
HOLE_SHARE_MAX = 0.01  # assumption: missing fixes that could hide more than 1 % of the area
WORK_FIXES_MIN = 30  # assumption: fewer say too little about their own errors
LONE_SHARE_MAX = 0.15  # assumption: more passes seen by a single fix: the step is too long for the field
OUTSIDE_SHARE_MAX = 0.3  # assumption: more of the fixes at work outside the field: perhaps another field
SPEED_RATIO_MIN, SPEED_RATIO_MAX = 0.8, 1.25  # assumption: positions and reported speed tell of the same way
DRIFT_WIDTHS_MAX = 0.6  # assumption: fixes that drift further than that of the width cannot tell passes apart
_ENDS, _SIDES, _PASSES, _BY_ERROR, _SKIPS = 1, 2, 3, 4, 6


def reasons(
    evidence: Evidence, *, worked_ha: float, low_ha: float, high_ha: float, field_known: bool
) -> list[tuple[str, str]]:
    """Why not, English and Chinese, weightiest first; none: it may be settled."""
    e = evidence
    found = []
    if worked_ha <= 0:
        return [("no worked ground was found", "没有测到作业面积")]
    if not e.working_known:
        found.append(
            ("the fixes do not say when the tool was at work; it was guessed", "轨迹没有作业开关信号，作业段为推断")
        )
    if e.hole_ha > HOLE_SHARE_MAX * worked_ha:
        ha, mu = e.hole_ha, e.hole_ha * 15
        found.append(
            (
                f"fixes are missing while up to {ha:.3f} ha could have been worked",
                f"轨迹有缺失，期间最多可能作业 {mu:.2f} 亩",
            )
        )
    if e.work_fixes < WORK_FIXES_MIN:
        found.append((f"only {e.work_fixes} fixes at work", f"作业定位点只有 {e.work_fixes} 个"))
    if e.lone_share > LONE_SHARE_MAX:
        found.append(
            (
                f"a fix every {e.step_s:.0f} s is too seldom: {e.lone_share:.0%} of the passes show one fix only",
                f"每 {e.step_s:.0f} 秒一个定位点太疏：{e.lone_share:.0%} 的作业行只有一个点",
            )
        )
    if e.outside_share > OUTSIDE_SHARE_MAX:
        found.append(
            (
                f"{e.outside_share:.0%} of the fixes at work lie outside the field",
                f"{e.outside_share:.0%} 的作业定位点在田块之外",
            )
        )
    if np.isfinite(e.speed_ratio) and not SPEED_RATIO_MIN <= e.speed_ratio <= SPEED_RATIO_MAX:
        found.append(
            (
                f"positions tell of {e.speed_ratio:.2f} times the way that the reported speed tells of",
                f"按位置算的行程是按上报速度算的 {e.speed_ratio:.2f} 倍",
            )
        )
    if e.drift_m > DRIFT_WIDTHS_MAX * e.width_m:
        found.append(_drift(e))
    half = max(worked_ha - low_ha, high_ha - worked_ha - e.hole_ha) / worked_ha
    if half > HALF_SHARE_MAX:
        found.append(_wide(e, half, field_known))
    return list(dict.fromkeys(found))


def _drift(e: Evidence) -> tuple[str, str]:
    return (
        f"positions drift by about {e.drift_m:.1f} m, too much for a tool of {e.width_m:g} m",
        f"定位漂移约 {e.drift_m:.1f} 米，对 {e.width_m:g} 米幅宽过大",
    )


def _wide(e: Evidence, half: float, field_known: bool) -> tuple[str, str]:
    """The interval is too wide: said by its greatest part."""
    parts = parts_ha(e, field_known=field_known)
    drift = max(parts[_SIDES], parts[_PASSES], parts[_BY_ERROR], parts[_SKIPS])
    if parts[_ENDS] >= drift:
        cause = f"a fix every {e.step_s:.0f} s leaves the ends of passes open"
        cause_zh = f"每 {e.step_s:.0f} 秒一个定位点，作业行两端不确定"
    else:
        cause = f"positions drift by about {e.drift_m:.1f} m"
        cause_zh = f"定位漂移约 {e.drift_m:.1f} 米"
    return f"{cause}: the area is known to {half:.0%} only", f"{cause_zh}，面积误差可达 {half:.0%}"
