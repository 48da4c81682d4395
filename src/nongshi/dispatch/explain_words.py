"""The sentences of `nongshi explain`, English and Chinese side by side: short, and as a farmer would say it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from nongshi.core.times import wall


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One sentence in both languages, and what it is about."""

    kind: str
    en: str
    zh: str


SENTENCES: Mapping[str, tuple[str, str]] = {
    # why this machine and hour
    "served": (
        "{machine} ({name}) with {operator} works it from {start} to {end}{parts}.",
        "由 {machine}（{name}）作业，机手 {operator}，{start} 至 {end}{parts_zh}。",
    ),
    "near": (
        "It is near: coming here makes the way {km:.1f} km longer; {other} would have to go {other_km:.1f} km more.",
        "离得近：来这里只多跑 {km:.1f} 公里；换 {other} 要多跑 {other_km:.1f} 公里。",
    ),
    "way": ("Coming here makes the machine's way {km:.1f} km longer.", "来这里多跑 {km:.1f} 公里。"),
    "free": ("The machine is free at that hour: {before}; {after}.", "这时农机有空：{before}；{after}。"),
    "licence": (
        "{operator} holds licence {licence}, valid to {until}; {count} others could drive it that day.",
        "{operator} 持 {licence} 证，有效期至 {until}；当天另有 {count} 人能开。",
    ),
    "no_licence_needed": (
        "No licence is needed for this machine; {count} others could drive it that day.",
        "这台农机不需要驾驶证；当天另有 {count} 人能开。",
    ),
    "in_time": (
        "It is done {hours:.0f} h before it is due: nothing is lost.",
        "比最佳期限早 {hours:.0f} 小时完成，没有损失。",
    ),
    "late": (
        "It is done {hours:.0f} h after it is due: {yuan:,.2f} yuan are lost.",
        "比最佳期限晚 {hours:.0f} 小时完成，损失 {yuan:,.2f} 元。",
    ),
    "dryer": (
        "Its {wet_t:.1f} t of wet grain count on {day}: {taken_t:.1f} t come in then, the dryers take {dry_t:.1f} t.",
        "{wet_t:.1f} 吨湿粮在 {day} 进烘干：当天共收 {taken_t:.1f} 吨，能烘 {dry_t:.1f} 吨。",
    ),
    "waits_dryer": (
        "It waits for that day, because the dryers are full before.",
        "之前烘干已满，所以等到这一天。",
    ),
    "after": (
        "It comes after {before}, which must be done first{pause}.",
        "须先做完 {before}{pause_zh}，才能做这项。",
    ),
    "followed": ("{jobs} must wait for it.", "{jobs} 要等它做完。"),
    "gain": ("It brings the plan {yuan:,.2f} yuan.", "这项作业给计划增收 {yuan:,.2f} 元。"),
    # before and after
    "yard": ("it comes from its yard", "从机库出发"),
    "done_before": ("{job} is done at {end}", "{job} 在 {end} 干完"),
    "last": ("it is its last stop", "之后没有活了"),
    "goes_on": ("the work at {job} begins at {start}", "{job} 在 {start} 开始"),
    # instead
    "instead": (
        "{machine}: {start} with {operator}, {more_km:+.1f} km, {worse:,.2f} yuan less.",
        "{machine}：{start}，机手 {operator}，{more_km:+.1f} 公里，少收 {worse:,.2f} 元。",
    ),
    "instead_better": (
        "{machine}: {start} with {operator}, {more_km:+.1f} km, {better:,.2f} yuan more; a longer search would see it.",
        "{machine}：{start}，机手 {operator}，{more_km:+.1f} 公里，多收 {better:,.2f} 元；搜索时间再长些会找到。",
    ),
    "cannot_class": ("{machine}: a {name} cannot do {operation}.", "{machine}：{name}干不了“{operation}”。"),
    "cannot_hours": (
        "{machine}: rain, nights or the end of the plan leave it no work hours then.",
        "{machine}：这段时间因雨、夜间或计划期结束，没有作业时间。",
    ),
    "cannot_away": ("{machine}: it is not there then.", "{machine}：这段时间不在本地。"),
    "cannot_down": ("{machine}: it is broken then.", "{machine}：这段时间在维修。"),
    "cannot_licence": (
        "{machine}: nobody holds a valid licence {licence} on those days.",
        "{machine}：这几天没有人持有效的 {licence} 证。",
    ),
    "cannot_crew": (
        "{machine}: everyone who may drive it is off or on another machine on those days.",
        "{machine}：这几天能开的人都休息，或在开别的农机。",
    ),
    "cannot_short": (
        "{machine}: it needs {need_h:.1f} h of work, and has {have_h:.1f} h in the window.",
        "{machine}：需干 {need_h:.1f} 小时，期限内只有 {have_h:.1f} 小时。",
    ),
    "cannot_dryer": (
        "{machine}: it has time, but the dryers are full on those days.",
        "{machine}：有时间，但这几天烘干已满。",
    ),
    "cannot_full": ("{machine}: full until {until}.", "{machine}：排满到 {until}。"),
    # what would free an unserved job
    "left_out": ("It is left out: {why}.", "没有安排：{why}。"),
    "free_now": (
        "{machine} with {operator} could still do it, {start} to {end}: {yuan:,.2f} yuan more.",
        "{machine}（机手 {operator}）还能做：{start} 至 {end}，增收 {yuan:,.2f} 元。",
    ),
    "free_price": (
        "It would pay with {yuan:,.2f} yuan more of value: {machine}, {start}.",
        "价值再高 {yuan:,.2f} 元就合算：{machine}，{start}。",
    ),
    "free_displace": (
        "Without {jobs}, {machine} could do it, {start} to {end}: {net}.",
        "不做 {jobs}，{machine} 就能做：{start} 至 {end}，{net_zh}。",
    ),
    "free_operator": (
        "One more operator with licence {licence} on {day}: {machine} could do it, {yuan:,.2f} yuan more.",
        "{day} 再有一名持 {licence} 证的机手，{machine} 就能做，增收 {yuan:,.2f} 元。",
    ),
    "free_anybody": (
        "One more operator on {day}: {machine} could do it, {yuan:,.2f} yuan more.",
        "{day} 再有一名机手，{machine} 就能做，增收 {yuan:,.2f} 元。",
    ),
    "free_later": (
        "If it may be done until {close} ({days} d longer): {machine}, {start}, {yuan:,.2f} yuan more.",
        "期限放宽 {days} 天到 {close}：{machine}，{start}，增收 {yuan:,.2f} 元。",
    ),
    "free_earlier": (
        "If it may be begun at {open} (1 d earlier): {machine}, {start}, {yuan:,.2f} yuan more.",
        "提前 1 天到 {open} 就能开始：{machine}，{start}，增收 {yuan:,.2f} 元。",
    ),
    "free_dryer": (
        "One more dryer for {wet_t:.1f} t on {day}: {machine}, {start}, {yuan:,.2f} yuan more.",
        "{day} 烘干再多收 {wet_t:.1f} 吨：{machine}，{start}，增收 {yuan:,.2f} 元。",
    ),
    "free_before": ("{before} would have to be done first.", "须先安排 {before}。"),
    "free_nothing": (
        "Neither one more operator, nor a longer window, nor leaving out one or two jobs would help.",
        "增加一名机手、放宽期限，或少做一两项作业，都帮不上忙。",
    ),
}


def line(kind: str, **facts: Any) -> Line:
    """A sentence, filled in; moments and days as a farmer reads them."""
    shown = {name: _shown(value) for name, value in facts.items()}
    english, chinese = SENTENCES[kind]
    return Line(kind=kind, en=english.format(**shown), zh=chinese.format(**shown))


def _shown(value: Any) -> Any:
    if isinstance(value, datetime):
        return wall(value, seconds=False)[5:].replace("T", " ")
    return value.isoformat()[5:] if isinstance(value, date) else value
