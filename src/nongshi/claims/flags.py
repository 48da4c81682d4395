"""What may be wrong with a claim, in words, and how much it weighs."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class FlagKind(StrEnum):
    """One way in which a claim may not hold."""

    NO_PROOF = "no_proof"
    OUTSIDE_TIME = "outside_time"
    TOO_MUCH = "too_much"
    OUTSIDE_FIELD = "outside_field"
    TOO_FAST = "too_fast"
    LEAPS = "leaps"
    NOT_FIELD_WORK = "not_field_work"
    LICENCE = "licence"
    COPIED = "copied"
    SAME_GROUND = "same_ground"
    DEVICE_ELSEWHERE = "device_elsewhere"
    DEVICE_SWAPPED = "device_swapped"
    MACHINE_ELSEWHERE = "machine_elsewhere"
    PHOTO_AGAIN = "photo_again"


HIGH, MEDIUM, LOW = 0.9, 0.6, 0.3  # assumption: money waits for a person from MEDIUM on

RISKS: Mapping[FlagKind, float] = {
    FlagKind.NO_PROOF: HIGH,
    FlagKind.OUTSIDE_TIME: MEDIUM,
    FlagKind.TOO_MUCH: MEDIUM,
    FlagKind.OUTSIDE_FIELD: HIGH,
    FlagKind.TOO_FAST: HIGH,
    FlagKind.LEAPS: MEDIUM,
    FlagKind.NOT_FIELD_WORK: HIGH,
    FlagKind.LICENCE: HIGH,
    FlagKind.COPIED: HIGH,
    FlagKind.SAME_GROUND: HIGH,
    FlagKind.DEVICE_ELSEWHERE: HIGH,
    FlagKind.DEVICE_SWAPPED: MEDIUM,
    FlagKind.MACHINE_ELSEWHERE: HIGH,
    FlagKind.PHOTO_AGAIN: MEDIUM,
}

WORDS: Mapping[FlagKind, tuple[str, str]] = {
    FlagKind.NO_PROOF: (
        "the track has {fixes} fixes; nothing can be measured from them",
        "轨迹只有{fixes}个点，无法量测",
    ),
    FlagKind.OUTSIDE_TIME: (
        "{share:.0%} of the fixes lie outside the time that is claimed",
        "{share:.0%}的轨迹点不在申报的时间内",
    ),
    FlagKind.TOO_MUCH: (
        "{claimed:.2f} ha are claimed, the track proves {worked:.2f} ha (at most {high:.2f})",
        "申报{claimed:.2f}公顷，轨迹只证明{worked:.2f}公顷（最多{high:.2f}）",
    ),
    FlagKind.OUTSIDE_FIELD: ("{share:.0%} of the work lies outside the field", "{share:.0%}的作业在地块之外"),
    FlagKind.TOO_FAST: (
        "driven at {speed:.1f} km/h while at work; this work is done at {most:.0f} km/h at most",
        "作业时车速{speed:.1f}公里/小时，这种作业最快{most:.0f}公里/小时",
    ),
    FlagKind.LEAPS: ("{count} leaps that no machine makes", "有{count}处任何机器都做不到的跳跃"),
    FlagKind.NOT_FIELD_WORK: (
        "the way does not cover ground like work with a tool of {width:.1f} m",
        "轨迹不像幅宽{width:.1f}米的作业",
    ),
    FlagKind.LICENCE: (
        "the operator holds no licence {licence} valid on {day}",
        "机手在{day}没有有效的{licence}证",
    ),
    FlagKind.COPIED: (
        "the same drive as in claim {other}, moved or delayed",
        "与申报{other}是同一段行驶，被平移或改时间",
    ),
    FlagKind.SAME_GROUND: (
        "{share:.0%} of this ground was claimed in {other} for the same work",
        "{share:.0%}的地面在申报{other}中已就同一作业申报",
    ),
    FlagKind.DEVICE_ELSEWHERE: (
        "the device was too far away in claim {other} at that time",
        "同一时间，终端在申报{other}中位于别处",
    ),
    FlagKind.DEVICE_SWAPPED: (
        "the device belongs to machine {machine} in its other claims",
        "该终端在其他申报中装在{machine}上",
    ),
    FlagKind.MACHINE_ELSEWHERE: (
        "the machine was too far away in claim {other} at that time",
        "同一时间，机器在申报{other}中位于别处",
    ),
    FlagKind.PHOTO_AGAIN: ("a photo stands in claim {other}, too", "照片与申报{other}的相同"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """One thing that is wrong, how much it weighs, and why; `other` is a claim that it was seen against."""

    kind: FlagKind
    risk: float  # 0..1
    en: str
    zh: str
    other: str = ""


def flag(kind: FlagKind, *, other: str = "", risk: float | None = None, **values: object) -> Flag:
    """A flag with its words."""
    en, zh = WORDS[kind]
    said = {**values, "other": other}
    return Flag(
        kind=kind, risk=RISKS[kind] if risk is None else risk, en=en.format(**said), zh=zh.format(**said), other=other
    )
